"""Folders and files that no other user of the machine may open, whatever the umask. Asks who owns them; moves nothing."""

import os
import stat
from contextlib import suppress
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_folder(folder: Path, *marks: str) -> None:
    """Make a folder with mode 0700, its parents as the umask says. One that is there is closed where it is ours.

    It is ours where this user owns it and it is empty or holds one of the marks; a shared one (sticky) is left as it is.
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
    """Make an empty file with mode 0600 where there is none; take one of ours from other users.

    One that is there is not opened: to close it again would let go of the locks that this process holds on it.
    """
    with suppress(OSError):  # it is there, or cannot be made, which whoever opens it says best
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, stat.S_IRUSR | stat.S_IWUSR))
    with suppress(OSError):
        found = file.stat()
        if found.st_uid == os.geteuid() and found.st_mode & stat.S_IRWXO:
            file.chmod(stat.S_IMODE(found.st_mode) & ~stat.S_IRWXO)


def is_open_to_others(path: Path) -> bool:
    """Whether group or others may do anything with a file or a folder."""
    return bool(path.stat().st_mode & _OTHERS)
