"""A file without its first bytes, for libraries that expect a medium to begin at the start."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class _Behind(io.RawIOBase):
    """What follows the first `start` bytes."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file, self._start = file, start
        self._file.seek(start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]
        part = self._file.read(len(room))
        room[: len(part)] = part
        return len(part)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset + self._start if whence == io.SEEK_SET else offset, whence) - self._start

    def tell(self) -> int:
        return self._file.tell() - self._start


@contextmanager
def view(path: Path, start: int) -> Iterator[BinaryIO]:
    """Open a file for reading, without its first bytes."""
    with path.open("rb") as file:
        yield io.BufferedReader(_Behind(file, start)) if start else file
