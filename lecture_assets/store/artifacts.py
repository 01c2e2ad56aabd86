"""Bytes, named by their SHA-256, in a folder: temporary file, fsync, rename. What is there is whole and never changes."""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CHUNK = 1 << 20


class Artifacts:
    """Content-addressed files under `root`: `ab/abcdef…`."""

    def __init__(self, root: Path) -> None:
        """Create the folder."""
        self.root = root
        self._temporary = root / "tmp"
        self._temporary.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the bytes are, or would be."""
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the bytes are there."""
        return self.path(sha256).is_file()

    def is_damaged(self, sha256: str) -> bool:
        """Read the bytes: whether they are there and not those of their name any more."""
        return self.has(sha256) and _hash_and_sync(self.path(sha256)) != sha256

    def drop_if_damaged(self, sha256: str) -> None:
        """Read the bytes; where they are not those of their name any more, they are gone."""
        if self.is_damaged(sha256):
            self.path(sha256).unlink(missing_ok=True)

    def workspace(self) -> Path:
        """A new folder on the same file system, for a file that `adopt` will take."""
        return Path(tempfile.mkdtemp(dir=self._temporary))

    def adopt(self, source: Path) -> str:
        """Take a file in and return its SHA-256; the source is gone afterwards. Durable when this returns."""
        sha256 = _hash_and_sync(source)
        target = self.path(sha256)
        with self._locked(fcntl.LOCK_SH):
            if target.exists():
                os.utime(target)  # it is wanted again: `discard` leaves it from now on
                source.unlink()
            else:
                target.parent.mkdir(exist_ok=True)
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
        with self._locked(fcntl.LOCK_EX):
            if not path.exists() or path.stat().st_mtime >= before:
                return False
            path.unlink()
            return True

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        folder = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(folder, how)
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
                (folder / target.name).replace(target)
            finally:
                shutil.rmtree(folder)
            source.unlink()


def _hash_and_sync(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
