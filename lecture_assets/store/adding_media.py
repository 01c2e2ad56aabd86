"""Who is adding media that nothing refers to yet: a lock that machines share, for collectors with a short grace.

PostgreSQL    an advisory lock, held by a transaction
SQLite        a lock of the operating system on the database's folder: all who use the file are on one machine
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from lecture_assets.graph.errors import RefusedError
from lecture_assets.store.database import Database
from lecture_assets.store.durable import locked, try_lock_alone

_PATIENCE_S, _POLL_S = 5.0, 0.05


@contextmanager
def adding(database: Database, place: str) -> Iterator[None]:
    """Hold while adding media at a place; any number may."""
    if database.file is not None:
        with locked(_folder(database.file), fcntl.LOCK_SH):
            yield
        return
    with database.read() as connection:
        connection.execute(select(func.pg_advisory_xact_lock_shared(_key(place))))
        yield


@contextmanager
def adding_none(database: Database, place: str) -> Iterator[None]:
    """Hold while nobody adds media at a place. RefusedError if somebody keeps adding some."""
    until = time.monotonic() + _PATIENCE_S
    if database.file is not None:
        folder = os.open(_folder(database.file), os.O_RDONLY)
        try:
            while not try_lock_alone(folder):
                _wait(until, place)
            yield
        finally:
            os.close(folder)
        return
    with database.read() as connection:
        while not connection.execute(select(func.pg_try_advisory_xact_lock(_key(place)))).scalar_one():
            _wait(until, place)
        yield


def _wait(until: float, place: str) -> None:
    if time.monotonic() > until:
        message = f"another process is adding media to {place}; nothing was removed (try again when it is done)"
        raise RefusedError(message)
    time.sleep(_POLL_S)


def _folder(file: Path) -> Path:
    return file.absolute().parent


def _key(place: str) -> int:
    """Return a number for the lock: PostgreSQL's are 64 bits, signed."""
    return int.from_bytes(hashlib.sha256(f"lecture media {place}".encode()).digest()[:8], signed=True)
