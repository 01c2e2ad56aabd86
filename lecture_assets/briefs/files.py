"""The bytes of a file that a person names. A pipe, a terminal or a device is refused at once: none of them may be waited for."""

import os
import stat


class UnreadableFileError(Exception):
    """A file that cannot be read; the message says what was found in its place."""


def bytes_of(path: str, limit: int) -> bytes:
    """All of a regular file of at most `limit` bytes. UnreadableError for anything else, before more than that is read."""
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
    """Opening a pipe that nobody writes to would wait for a writer."""
    return os.open(path, flags | os.O_NONBLOCK)
