"""Files by their SHA-256 in a folder: which are there, whole, or damaged.

A file's modification time certifies that its bytes were compared with its name: its fraction of a second is computed from name,
size and second, and any write to the file sets another. Checking the time therefore detects overwritten files without reading
them. Corruption by the disk itself is detected by `is_damaged`, which reads the file.
"""

import hashlib
import os
import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from lecture_assets.store.artifacts import Condition
from lecture_assets.store.durable import hash_of, time_of


class CertifiedFiles:
    """Content-addressed files under `root`: `ab/abcdef…`."""

    def __init__(self, root: Path) -> None:
        """Remember the folder."""
        self.root = root
        self._seen: dict[str, tuple[tuple[int, int], bool]] = {}

    def path(self, sha256: str) -> Path:
        """Return the path of the bytes, whether they exist or not."""
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the bytes exist and were not overwritten. The file is read only if its time does not certify it."""
        return self._size(sha256) is not None

    def _size(self, sha256: str) -> int | None:
        """Return how many bytes there are; None if they do not exist, or were overwritten."""
        try:
            found = os.stat(f"{self.root}/{sha256[:2]}/{sha256}")  # noqa: PTH116 - a page asks for hundreds
        except (FileNotFoundError, NotADirectoryError):
            return None
        is_whole = stat.S_ISREG(found.st_mode) and (found.st_mtime_ns == time_of(sha256, found) or self._compare(sha256))
        return found.st_size if is_whole else None

    def _compare(self, sha256: str) -> bool:
        """Compare the bytes with their name, once while the file stays unchanged; then certify an intact file by its time."""
        try:
            with self.path(sha256).open("rb") as file:
                found = os.fstat(file.fileno())
                seen = (found.st_size, found.st_mtime_ns)
                if (known := self._seen.get(sha256)) and known[0] == seen:
                    return known[1]
                is_whole = hashlib.file_digest(file, "sha256").hexdigest() == sha256
                self._seen[sha256] = (seen, is_whole)
                if is_whole:
                    with suppress(OSError):  # a read-only folder
                        os.utime(file.fileno(), ns=(found.st_atime_ns, time_of(sha256, found)))
                return is_whole
        except OSError:
            return False  # removed meanwhile, or unreadable: as good as missing

    def sizes(self, digests: Collection[str]) -> dict[str, int]:
        """Return the sizes, in bytes, of those that exist."""
        return {sha256: size for sha256 in digests if (size := self._size(sha256)) is not None}

    look = sizes

    def conditions(self, digests: Collection[str]) -> dict[str, Condition]:
        """Read the files, and return the condition of each."""
        return {sha256: self._condition(sha256) for sha256 in digests}

    def _condition(self, sha256: str) -> Condition:
        if self.is_damaged(sha256):
            return Condition.DAMAGED
        return Condition.WHOLE if self.path(sha256).exists() else Condition.MISSING

    def is_damaged(self, sha256: str) -> bool:
        """Read the file and report whether it exists but no longer matches its name."""
        try:
            return hash_of(self.path(sha256)) != sha256
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
