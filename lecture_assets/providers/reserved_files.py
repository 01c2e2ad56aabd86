"""Files whose disk space is reserved before their contents exist."""

import errno
import os
import shutil
import tempfile
from io import FileIO
from pathlib import Path
from typing import Any

SUFFIX = ".room"
_NO_FALLOCATE = {errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


def empty_file(folder: Path) -> Path:
    """Create a file without reserving anything."""
    handle, name = tempfile.mkstemp(dir=folder, suffix=SUFFIX)
    os.close(handle)
    return Path(name)


def reserved_file(folder: Path, size: int) -> Path:
    """Create a file with reserved disk space; where the file system cannot reserve, write zeros."""
    path = empty_file(folder)
    try:
        with path.open("r+b", buffering=0) as file:
            try:
                os.posix_fallocate(file.fileno(), 0, size)
            except (AttributeError, OSError) as error:
                if isinstance(error, OSError) and error.errno not in _NO_FALLOCATE:
                    raise
                write_all(file, bytes(size))
                os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def opened(path: Path) -> FileIO:
    """Open a reserved file for writing; recreate it if another process took it for a dead process's and deleted it."""
    return FileIO(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")


def fill(path: Path, content: bytes) -> None:
    """Write the contents of a reserved file, flushed to disk."""
    with opened(path) as file:
        write_all(file, content)
        file.truncate()
        os.fsync(file.fileno())


def write_all(file: Any, content: bytes) -> int:
    """Write all bytes to an unbuffered file, which may accept a part at a time."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
    return len(content)


def replace(source: Path, target: Path) -> None:
    """Rename a file, even if a folder is in the way, which only damage can cause."""
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target, ignore_errors=True)
    source.replace(target)
