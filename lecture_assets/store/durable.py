"""Durable files and their certifying times, and locks on folders. `certified_files.py` explains the times."""

import errno
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lecture_assets.graph.errors import RefusedError

PATIENCE_S, POLL_S = 5.0, 0.05
"""How long, and how often, exclusive access is tried while other processes add media."""
_CHUNK = 1 << 20
_SECOND_NS = 10**9


@contextmanager
def locked(folder: Path, how: int) -> Iterator[None]:
    """Hold a lock on a folder. `how`: `fcntl.LOCK_SH` or `fcntl.LOCK_EX`."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def locked_alone(folder: Path, refusal: str) -> Iterator[None]:
    """Hold a folder's lock exclusively. RefusedError with this message if others keep holding it for `PATIENCE_S`."""
    until, descriptor = time.monotonic() + PATIENCE_S, os.open(folder, os.O_RDONLY)
    try:
        while not _try_lock_alone(descriptor):
            if time.monotonic() > until:
                raise RefusedError(refusal)
            time.sleep(POLL_S)
        yield
    finally:
        os.close(descriptor)


def _try_lock_alone(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def time_of(sha256: str, found: os.stat_result) -> int:
    """Return the modification time, in ns since 1970, that certifies a file of this size and second."""
    second = found.st_mtime_ns // _SECOND_NS
    return second * _SECOND_NS + (int(sha256[:15], 16) ^ second * 0x9E3779B1 ^ found.st_size) % _SECOND_NS


def stamp(path: Path, sha256: str) -> None:
    """Set the modification time to now, in the form that certifies the bytes."""
    os.utime(path)
    found = path.stat()
    os.utime(path, ns=(found.st_atime_ns, time_of(sha256, found)))


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_and_sync(path: Path) -> str:
    """Return the SHA-256 of a file and flush it to the disk."""
    digest_ = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest_.update(chunk)
        os.fsync(file.fileno())
    return digest_.hexdigest()


def sync_folder(folder: Path) -> None:
    """Flush the entries of a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_to(target: Path, source: Path, workspace: Callable[[], Path]) -> None:
    """Move a stamped file in one step, also from another file system; `workspace` makes a folder on the target's."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        folder = workspace()  # copy to the same file system first, so that the rename is atomic
        try:
            shutil.copyfile(source, folder / target.name)
            hash_and_sync(folder / target.name)
            stamp(folder / target.name, target.name)
            (folder / target.name).replace(target)
        finally:
            shutil.rmtree(folder)
        source.unlink()
