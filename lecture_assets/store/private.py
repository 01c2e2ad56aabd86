"""Folders and files that other users of the machine may not open, whatever the umask."""

import os
import stat
from contextlib import suppress
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_folder(folder: Path, *marks: str) -> None:
    """Make a folder with mode 0700, and parents with the umask's. An existing folder is closed to others if it is ours.

    It is ours if this user owns it and it is empty or contains one of the marks. Shared folders (sticky bit) are left alone.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=stat.S_IRWXU)
    except FileExistsError:
        if not is_open_to_others(folder) or not _is_ours(folder, marks):
            return
    with suppress(OSError):  # a read-only file system, or one without modes
        folder.chmod(stat.S_IRWXU)


def _is_ours(folder: Path, marks: tuple[str, ...]) -> bool:
    found = folder.stat()
    if found.st_uid != os.geteuid() or found.st_mode & stat.S_ISVTX:
        return False
    return any((folder / mark).exists() for mark in marks) or not any(folder.iterdir())


def private_file(file: Path) -> None:
    """Make an empty file with mode 0600, or withdraw others' access to an existing one of this user.

    An existing file is not opened: closing it again would release the locks this process holds on it.
    """
    with suppress(OSError):  # it exists, or cannot be made, which opening it reports best
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, stat.S_IRUSR | stat.S_IWUSR))
    with suppress(OSError):
        found = file.stat()
        if found.st_uid == os.geteuid() and found.st_mode & stat.S_IRWXO:
            file.chmod(stat.S_IMODE(found.st_mode) & ~stat.S_IRWXO)


def is_open_to_others(path: Path) -> bool:
    """Whether group or others have any access to a file or folder."""
    return bool(path.stat().st_mode & _OTHERS)
