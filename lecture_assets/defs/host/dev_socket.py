"""The folder of the code server's socket: accessible to this user only, with a path that gRPC accepts.

The kernel accepts 107 bytes on Linux and 103 on macOS; gRPC parses the path as part of a URI, in which `%41` is a letter.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lecture_assets.store.private import is_open_to_others

_LONGEST = 90
"""The most bytes in the folder's path, leaving room for the socket's name."""
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")


@contextmanager
def socket_folder(folder: Path) -> Iterator[Path]:
    """The folder itself if suitable, else a new temporary folder, removed at the end."""
    path = str(folder)
    if _PLAIN.fullmatch(path) and len(os.fsencode(path)) <= _LONGEST and not is_open_to_others(folder):
        yield folder
        return
    base = next((each for each in (tempfile.gettempdir(), "/tmp") if _PLAIN.fullmatch(each) and len(each) <= _LONGEST // 2), None)  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="lectures-", dir=base) as short:
        yield Path(short)
