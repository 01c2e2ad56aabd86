"""Read a file that a person names. Pipes, terminals and devices are refused at once, since reading them might never end."""

import os
import stat


class UnreadableFileError(Exception):
    """A file that cannot be read; the message names what was found instead."""


def bytes_of(path: str, limit: int) -> bytes:
    """Return the content of a regular file of at most `limit` bytes. Otherwise raise UnreadableFileError, reading no more."""
    try:
        with open(path, "rb", opener=_without_waiting) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                found = "a pipe or a device"
                raise UnreadableFileError(found)
            content = stream.read(limit + 1)
    except IsADirectoryError:
        found = "a folder"
        raise UnreadableFileError(found) from None
    except FileNotFoundError:
        found = "no such file"
        raise UnreadableFileError(found) from None
    except (OSError, ValueError) as error:
        found = (getattr(error, "strerror", None) or str(error)).lower()
        raise UnreadableFileError(found) from None
    if len(content) > limit:
        found = f"more than {limit:,} bytes"
        raise UnreadableFileError(found)
    return content


def _without_waiting(path: str, flags: int) -> int:
    """Open without blocking: a pipe without a writer would block."""
    return os.open(path, flags | os.O_NONBLOCK)
