"""A SQLite file that may only be read: on a medium or in a folder where nothing can be written. Writes nothing, mends nothing.

WAL mode wants its two files beside the database even for reading. Where a writer lives they are there; where none does and no
log was left, the file is whole and stands still; a log that a dead writer left is read in a copy.
"""

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import quote


def is_read_only(file: Path) -> bool:
    """Whether a database is there and neither it nor what SQLite keeps beside it can be written."""
    return file.is_file() and not (os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK))


def open_to_read(file: Path) -> sqlite3.Connection:
    """A connection for reading alone."""
    log, index = (file.with_name(f"{file.name}-{part}") for part in ("wal", "shm"))
    if not log.exists() or not log.stat().st_size:
        return _connect(file, "immutable=1")
    if index.exists():
        return _connect(file, "mode=ro")
    with tempfile.TemporaryDirectory(prefix="lectures-") as folder:
        copy = Path(shutil.copyfile(file, Path(folder) / "copy.db"))
        shutil.copyfile(log, Path(folder) / "copy.db-wal")
        connection = sqlite3.connect(copy, check_same_thread=False)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()  # its files are open: they may lose their names
        return connection


def _connect(file: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(os.fsencode(file.absolute()))}?{how}", uri=True, check_same_thread=False)
