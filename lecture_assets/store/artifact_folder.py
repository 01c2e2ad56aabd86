"""Media in a folder: temporary file, fsync, rename. What certifies them is in `certified_files.py`."""

import fcntl
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from lecture_assets.store.artifacts import LocalFiles, StoredMedium
from lecture_assets.store.certified_files import CertifiedFiles
from lecture_assets.store.durable import hash_and_sync, locked, locked_alone, move_to, stamp, sync_folder
from lecture_assets.store.folder_identity import FolderIdentity
from lecture_assets.store.private import private_folder

NEWS_S = 1.0
"""How often `before_new` is called at most."""


def nothing() -> None:
    """Do nothing before media are added; the default for media without a database."""


class ArtifactFolder(CertifiedFiles):
    """Content-addressed files under `root`: `ab/abcdef…`."""

    def __init__(self, root: Path) -> None:
        """Create the folder with access for this user only. A folder that cannot be written is used read-only."""
        super().__init__(root)
        self._temporary = root / "tmp"
        self.identity = FolderIdentity(root, self.workspace)
        if os.access(next(folder for folder in (root, *root.absolute().parents) if folder.exists()), os.W_OK):
            private_folder(root)
            private_folder(self._temporary)
        self.before_new: Callable[[], object] = nothing
        """Called before media are added, at most once per second."""
        self._last_new = -math.inf

    @property
    def place(self) -> str:
        """The folder's path."""
        return str(self.root)

    def address(self, sha256: str) -> str:
        """Return the path of the bytes as text, whether they exist or not."""
        return str(self.path(sha256))

    def url(self, _sha256: str) -> None:
        """A folder has no URLs."""

    @contextmanager
    def local(self) -> Iterator[LocalFiles]:
        """Give the stored files themselves."""
        yield self.path

    def drop_if_damaged(self, sha256: str) -> None:
        """Read the file and remove it if it no longer matches its name."""
        if self.is_damaged(sha256):
            with locked(self.root, fcntl.LOCK_EX):  # so that no intact file is added between check and removal
                if self.is_damaged(sha256):
                    _remove(self.path(sha256))

    def restore(self, sha256: str) -> bool:
        """Remove the file if it no longer matches its name: there are no copies."""
        self.drop_if_damaged(sha256)
        return False

    def workspace(self) -> Path:
        """Make a new folder on the same file system, for a file that `adopt` will take."""
        return Path(tempfile.mkdtemp(dir=self._temporary if os.access(self._temporary, os.W_OK) else None))

    def now(self) -> float:
        """Return the file system's own time in seconds since 1970, for comparing file ages: process clocks may be days ahead."""
        folder = self.workspace()
        try:
            return folder.stat().st_mtime
        finally:
            folder.rmdir()

    def adopt(self, source: Path) -> str:
        """Move a file into the store and return its SHA-256. The file is durable when this returns.

        An existing file of that name is read, and replaced if it is damaged.
        """
        if time.monotonic() - self._last_new > NEWS_S:
            self._last_new = time.monotonic()
            self.before_new()
        sha256 = hash_and_sync(source)
        target = self.path(sha256)
        with locked(self.root, fcntl.LOCK_SH):
            if target.exists() and not self.is_damaged(sha256):
                stamp(target, sha256)  # it is wanted again, so `discard` must spare it
                source.unlink()
            else:
                private_folder(target.parent)
                stamp(source, sha256)
                move_to(target, source, self.workspace)
        sync_folder(target.parent)  # also for an existing target: the process that added it may not have got this far
        sync_folder(self.root)
        return sha256

    def files(self) -> Iterator[Path]:
        """Iterate over every stored file, in no particular order."""
        return (path for folder in self.root.glob("[0-9a-f][0-9a-f]") for path in folder.iterdir() if path.is_file())

    def is_empty(self) -> bool:
        """Whether no file is stored."""
        return not any(self.files())

    def listing(self) -> Iterator[StoredMedium]:
        """Iterate over every stored file, in no particular order. One that is removed meanwhile is left out."""
        for path in self.files():
            with suppress(FileNotFoundError):
                found = path.stat()
                yield StoredMedium(path.name, found.st_size, found.st_mtime)

    def leftovers(self) -> Iterator[Path]:
        """Iterate over the folder for temporary files, including those still in use."""
        return self._temporary.iterdir()

    def discard(self, sha256: str, before: float) -> bool:
        """Remove a file unless it was added after `before` (seconds since 1970). Return whether it was removed.

        The lock keeps other processes from adopting the same bytes between check and removal. Removal is atomic under a kill.
        """
        path = self.path(sha256)
        with locked(self.root, fcntl.LOCK_EX):
            if not path.exists() or path.stat().st_mtime >= before:
                return False
            path.unlink()
            return True

    def discard_all(self, media: Sequence[StoredMedium], before: float) -> set[StoredMedium]:
        """Remove files unless they were added after `before`. Return those removed."""
        return {medium for medium in media if self.discard(medium.sha256, before)}

    def tidy(self, _before: float) -> None:
        """Remove the marks of earlier generations."""
        self.identity.forget_generations()

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold while adding media that nothing refers to yet; `alone` waits until it is released."""
        with locked(self._temporary, fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold exclusively, with no media being added. Raise RefusedError if another process keeps adding media."""
        busy = f"another process is adding media to {self.root}; nothing was removed (try again when it is done)"
        with locked_alone(self._temporary, busy):
            yield


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
