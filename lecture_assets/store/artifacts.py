"""Bytes, named by their SHA-256, in a folder that belongs to a database: temporary file, fsync, rename. They never change.

A file's time says that its bytes were compared with its name: the fraction of its second follows from name, size and second,
and whoever writes into the file sets another. So a look at the time finds what was written over, and reads nothing; what a disk
lost by itself is found by `is_damaged`, which reads.
"""

import errno
import fcntl
import hashlib
import json
import math
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from lecture_assets.graph.errors import RefusedError
from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.store.private import private_folder

_CHUNK = 1 << 20
_SECOND_NS = 10**9
_MARK, _GENERATIONS = "database.json", "generations"
_PATIENCE_S, _POLL_S = 5.0, 0.05
"""How long media that are being put in are waited for by whoever wants the folder alone."""
_NEWS_S = 1.0
ROUNDING_S = 1.0
"""The time of a file in the store is right to a second."""


def _nothing() -> None:
    """What is to be done before media are put into a folder that belongs to nobody."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose media a folder holds. database: the id of that database; media: a name for the folder, which that one has, too."""

    database: str
    media: str


class Artifacts:
    """Content-addressed files under `root`: `ab/abcdef…`."""

    def __init__(self, root: Path) -> None:
        """Create the folder, for this user alone. One where nothing can be written is only read."""
        self.root = root
        self._temporary = root / "tmp"
        if os.access(next(folder for folder in (root, *root.absolute().parents) if folder.exists()), os.W_OK):
            private_folder(root)
            private_folder(self._temporary)
        self.before_new: Callable[[], object] = _nothing
        """Called before media are put in, once a second at most."""
        self._last_new = -math.inf
        self._seen: dict[str, tuple[tuple[int, int], bool]] = {}

    def path(self, sha256: str) -> Path:
        """Where the bytes are, or would be."""
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the bytes are there and nobody wrote over them. Read only where their time does not say so."""
        try:
            found = self.path(sha256).stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return stat.S_ISREG(found.st_mode) and (found.st_mtime_ns == _time_of(sha256, found) or self._compare(sha256))

    def _compare(self, sha256: str) -> bool:
        """Read the bytes, once as long as they stay as they are; the time of a whole file says so from now on."""
        try:
            with self.path(sha256).open("rb") as file:
                found = os.fstat(file.fileno())
                seen = (found.st_size, found.st_mtime_ns)
                if (known := self._seen.get(sha256)) and known[0] == seen:
                    return known[1]
                is_whole = hashlib.file_digest(file, "sha256").hexdigest() == sha256
                self._seen[sha256] = (seen, is_whole)
                if is_whole:
                    with suppress(OSError):  # a folder that may only be read
                        os.utime(file.fileno(), ns=(found.st_atime_ns, _time_of(sha256, found)))
                return is_whole
        except OSError:
            return False  # gone meanwhile, or it cannot be read: as good as gone

    def is_damaged(self, sha256: str) -> bool:
        """Read the bytes: whether they are there and not those of their name any more."""
        try:
            return _hash(self.path(sha256)) != sha256
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True

    def drop_if_damaged(self, sha256: str) -> None:
        """Read the bytes; where they are not those of their name any more, they are gone."""
        if self.is_damaged(sha256):
            with _locked(self.root, fcntl.LOCK_EX):  # nobody puts whole ones in between the look and the removal
                if self.is_damaged(sha256):
                    _remove(self.path(sha256))

    def workspace(self) -> Path:
        """A new folder on the same file system, for a file that `adopt` will take."""
        return Path(tempfile.mkdtemp(dir=self._temporary if os.access(self._temporary, os.W_OK) else None))

    def now(self) -> float:
        """The file system's own time, in seconds since 1970, by which its files are old: a process's clock may be days ahead."""
        folder = self.workspace()
        try:
            return folder.stat().st_mtime
        finally:
            folder.rmdir()

    def adopt(self, source: Path) -> str:
        """Take a file in and return its SHA-256; the source is gone afterwards. Durable when this returns.

        What is there under that name is read: damaged bytes make room for the whole ones.
        """
        if time.monotonic() - self._last_new > _NEWS_S:
            self._last_new = time.monotonic()
            self.before_new()
        sha256 = _hash_and_sync(source)
        target = self.path(sha256)
        with _locked(self.root, fcntl.LOCK_SH):
            if target.exists() and not self.is_damaged(sha256):
                _stamp(target, sha256)  # it is wanted again: `discard` leaves it from now on
                source.unlink()
            else:
                private_folder(target.parent)
                _stamp(source, sha256)
                self._move(source, target)
        _sync_folder(target.parent)  # where the target was there, whoever put it there may not have come so far yet
        _sync_folder(self.root)
        return sha256

    def files(self) -> Iterator[Path]:
        """Every file, in no order."""
        return (path for folder in self.root.glob("[0-9a-f][0-9a-f]") for path in folder.iterdir() if path.is_file())

    def leftovers(self) -> Iterator[Path]:
        """What workers left in the folder for temporary files, those at work among them."""
        return self._temporary.iterdir()

    def discard(self, sha256: str, before: float) -> bool:
        """Remove a file that nobody put in since a time (seconds since 1970); False where somebody did.

        Nobody can adopt the same bytes between the look and the removal: that takes the same lock. Killed, it has removed or not.
        """
        path = self.path(sha256)
        with _locked(self.root, fcntl.LOCK_EX):
            if not path.exists() or path.stat().st_mtime >= before:
                return False
            path.unlink()
            return True

    def mark(self) -> Mark | None:
        """Whose media these are; None where nobody's yet, or where the mark cannot be read any more."""
        try:
            found = json.loads((self.root / _MARK).read_bytes())
            mark = Mark(str(found["database"]), str(found["media"]))
            return mark if found == _written(mark) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def is_marked(self) -> bool:
        """Whether there is a mark, readable or not."""
        return (self.root / _MARK).exists()

    def put_mark(self, mark: Mark) -> Mark | None:
        """Say whose media these are, once: of several that do so at once, one does. The mark that is there afterwards."""
        folder = self.workspace()
        try:
            with (folder / _MARK).open("wb") as file:
                file.write(json.dumps(_written(mark), indent=1).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(OSError):  # it is there, or the file system has no links
                os.link(file.name, self.root / _MARK)
            if self.mark() is None:  # damaged
                Path(file.name).replace(self.root / _MARK)
            _sync_folder(self.root)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return self.mark()

    def generation(self) -> int:
        """How often media were put in, the database having been told before: the highest number of a file without content."""
        return max(self._generations(), default=0)

    def advance(self, generation: int) -> None:
        """Put the next generation beside those before: no file of the folder is ever written over."""
        private_folder(self.root / _GENERATIONS)
        (self.root / _GENERATIONS / str(generation)).touch()
        _sync_folder(self.root / _GENERATIONS)

    def forget_generations(self) -> None:
        """Remove all but the highest."""
        for generation in sorted(self._generations())[:-1]:
            (self.root / _GENERATIONS / str(generation)).unlink(missing_ok=True)

    def _generations(self) -> list[int]:
        return [int(path.name) for path in self.root.glob(f"{_GENERATIONS}/*") if path.name.isdecimal()]

    @contextmanager
    def shared(self) -> Iterator[None]:
        """While media are put in that nothing names yet: `alone` waits for the end."""
        with _locked(self._temporary, fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody puts media in. RefusedError where somebody goes on to do so."""
        until = time.monotonic() + _PATIENCE_S
        folder = os.open(self._temporary, os.O_RDONLY)
        try:
            while not _is_alone(folder):
                if time.monotonic() > until:
                    message = f"another process puts media into {self.root}; nothing was removed (try again when it is done)"
                    raise RefusedError(message)
                time.sleep(_POLL_S)
            yield
        finally:
            os.close(folder)

    def _move(self, source: Path, target: Path) -> None:
        try:
            source.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            folder = self.workspace()  # copy beside the target first, so that the rename is one step
            try:
                shutil.copyfile(source, folder / target.name)
                _hash_and_sync(folder / target.name)
                _stamp(folder / target.name, target.name)
                (folder / target.name).replace(target)
            finally:
                shutil.rmtree(folder)
            source.unlink()


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _is_alone(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _written(mark: Mark) -> dict[str, Json]:
    """The mark as it is stored, with a digest: one that was damaged is none, and not another database's."""
    named: dict[str, Json] = {"format": "lecture-media/1", **asdict(mark)}
    return {**named, "sha256": digest(named)}


def _time_of(sha256: str, found: os.stat_result) -> int:
    """The time, in ns since 1970, of a file of this size and second whose bytes were compared with its name."""
    second = found.st_mtime_ns // _SECOND_NS
    return second * _SECOND_NS + (int(sha256[:15], 16) ^ second * 0x9E3779B1 ^ found.st_size) % _SECOND_NS


def _stamp(path: Path, sha256: str) -> None:
    """Set the time to now, and to one that says that the bytes were compared."""
    os.utime(path)
    found = path.stat()
    os.utime(path, ns=(found.st_atime_ns, _time_of(sha256, found)))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_and_sync(path: Path) -> str:
    digest_ = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest_.update(chunk)
        os.fsync(file.fileno())
    return digest_.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
