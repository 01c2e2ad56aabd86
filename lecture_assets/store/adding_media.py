"""Who is adding media that nothing refers to yet: a lock that machines share, for collectors with a short grace.

PostgreSQL    an advisory lock, held by a transaction
SQLite        a lock of the operating system on the database's folder: all who use the file are on one machine
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from lecture_assets.graph.errors import RefusedError
from lecture_assets.store.database import Database
from lecture_assets.store.durable import PATIENCE_S, POLL_S, locked, locked_alone
from lecture_assets.store.locking import advisory_key


@contextmanager
def adding(database: Database, place: str) -> Iterator[None]:
    """Hold while adding media at a place; any number may."""
    if database.file is not None:
        with locked(_folder(database.file), fcntl.LOCK_SH):
            yield
        return
    with database.read() as connection:
        connection.execute(select(func.pg_advisory_xact_lock_shared(advisory_key(f"media {place}"))))
        yield


@contextmanager
def adding_none(database: Database, place: str) -> Iterator[None]:
    """Hold while nobody adds media at a place. RefusedError if somebody keeps adding some."""
    if database.file is not None:
        with locked_alone(_folder(database.file), _busy(place)):
            yield
        return
    until = time.monotonic() + PATIENCE_S
    with database.read() as connection:
        while not connection.execute(select(func.pg_try_advisory_xact_lock(advisory_key(f"media {place}")))).scalar_one():
            if time.monotonic() > until:
                raise RefusedError(_busy(place))
            time.sleep(POLL_S)
        yield


def _busy(place: str) -> str:
    return f"another process is adding media to {place}; nothing was removed (try again when it is done)"


def _folder(file: Path) -> Path:
    return file.absolute().parent
