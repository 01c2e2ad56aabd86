"""Where the socket of the code server lies: in a folder that this user alone may open, and under a path that gRPC takes.

The kernel takes 107 bytes on Linux and 103 on macOS; gRPC reads the path as a part of a URI, in which `%41` is a letter.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lecture_assets.store.private import is_open_to_others

_LONGEST = 90
"""Bytes of the folder's path, with room for the socket's name."""
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")


@contextmanager
def socket_folder(folder: Path) -> Iterator[Path]:
    """The folder itself where it will do, else one in the temporary folder, gone at the end."""
    path = str(folder)
    if _PLAIN.fullmatch(path) and len(os.fsencode(path)) <= _LONGEST and not is_open_to_others(folder):
        yield folder
        return
    base = next((each for each in (tempfile.gettempdir(), "/tmp") if _PLAIN.fullmatch(each) and len(each) <= _LONGEST // 2), None)  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="lectures-", dir=base) as short:
        yield Path(short)
