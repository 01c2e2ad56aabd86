"""SQLite files on a read-only medium or in a read-only folder. Nothing is written or repaired.

WAL mode needs its two files beside the database even for reading. With a running writer they exist; without a writer and without
a log, the file is complete and does not change; a log left by a dead writer is read in a copy.
"""

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import quote


def is_read_only(file: Path) -> bool:
    """Whether a database exists and it, or the folder in which SQLite keeps files beside it, cannot be written."""
    return file.is_file() and not (os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK))


def open_to_read(file: Path) -> sqlite3.Connection:
    """Open a connection for reading only."""
    log, index = (file.with_name(f"{file.name}-{part}") for part in ("wal", "shm"))
    if not log.exists() or not log.stat().st_size:
        return _connect(file, "immutable=1")
    if index.exists():
        return _connect(file, "mode=ro")
    with tempfile.TemporaryDirectory(prefix="lectures-") as folder:
        copy = Path(shutil.copyfile(file, Path(folder) / "copy.db"))
        shutil.copyfile(log, Path(folder) / "copy.db-wal")
        connection = sqlite3.connect(copy, check_same_thread=False)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()  # its files are open now, and may be unlinked
        return connection


def _connect(file: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(os.fsencode(file.absolute()))}?{how}", uri=True, check_same_thread=False)
