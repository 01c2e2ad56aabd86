"""A bounded folder of media that were downloaded or uploaded, so that S3 is read once a machine. Losing it loses nothing.

Its files are verified as those of a media folder are, by their certifying times. Whoever uses one has a link to it in a folder of
their own, so that removing it from the cache disturbs nobody, in any process.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets.store.durable import hash_of, stamp

_SHARE = 16
"""The folder is measured again once this process has added a sixteenth of the bound, and then reduced to 15 sixteenths of it."""


class MediaCache:
    """Files by SHA-256, of which the least recently used go first. All processes of a home share it."""

    def __init__(self, root: Path, most_bytes: int) -> None:
        """most_bytes: the bound; each process may exceed it by a sixteenth, and files in use come on top."""
        self._folder, self._most = ArtifactFolder(root), most_bytes
        self._added = most_bytes  # not measured yet

    def workspace(self) -> Path:
        """Make a new folder on the same file system."""
        return self._folder.workspace()

    @property
    def temporary(self) -> Path:
        """The folder that holds the workspaces."""
        return self._folder.root / "tmp"

    def lend(self, sha256: str, folder: Path) -> bool:
        """Link a file into a folder, under its SHA-256. Return False if the cache lacks it."""
        if not self._folder.has(sha256):
            return False
        path = self._folder.path(sha256)
        try:
            stamp(path, sha256)  # used just now
            _link(path, folder / sha256)
        except FileNotFoundError:  # removed meanwhile
            return False
        return True

    @contextmanager
    def copy(self, sha256: str) -> Iterator[Path | None]:
        """Hold a link to a file that was read and found whole; None if the cache has no such file."""
        folder = self.workspace()
        try:
            is_whole = self.lend(sha256, folder) and hash_of(folder / sha256) == sha256
            yield folder / sha256 if is_whole else None
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, source: Path) -> None:
        """Move a file in; it need not be durable. Where the cache has no room for it, it is not kept."""
        size = source.stat().st_size
        try:
            self._folder.adopt(source)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            source.unlink(missing_ok=True)
        self._added += size
        if self._added * _SHARE >= self._most:
            self._reduce()

    def keep_linked(self, path: Path) -> None:
        """Keep a file that also stays where it is."""
        folder = self.workspace()
        try:
            _link(path, folder / path.name)
            self.keep(folder / path.name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def drop(self, sha256: str) -> None:
        """Remove a file if it is there."""
        self._folder.path(sha256).unlink(missing_ok=True)

    def _reduce(self) -> None:
        """Remove the least recently used files until the rest is within the bound."""
        self._added = 0
        media = sorted(self._folder.listing(), key=lambda medium: medium.changed_at, reverse=True)
        left = self._most - self._most // _SHARE
        for medium in media:
            left -= medium.size
            if left < 0:
                self.drop(medium.sha256)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except FileExistsError:
        return
    except FileNotFoundError:
        raise
    except OSError:  # a file system without links
        with suppress(OSError):
            target.unlink()
        shutil.copyfile(path, target)
