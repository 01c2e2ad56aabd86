"""Notices between the processes of one database: something changed, look now.

On PostgreSQL they are LISTEN/NOTIFY, delivered with the commit. They only save time: whoever waits for one looks again after a
quarter of a second anyway, as on SQLite, behind a pooler that drops them (pgbouncer), and while the connection is gone.
"""

import selectors
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from lecture_assets.store.database import Database

WORK, PROGRESS = "lectures", "lectures_progress"
"""The channels: there is work to do; something happened to a lecture."""
_AGAIN_S = 1.0
"""How long after a failed attempt to listen the next one is made."""
_NOTIFY = {channel: text(f"NOTIFY {channel}") for channel in (WORK, PROGRESS)}


def notify(connection: Connection, channel: str = WORK) -> None:
    """Wake everybody who listens, once this transaction is committed."""
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY[channel])


class HasFileNumber(Protocol):
    """Something that `select` can wait for."""

    def fileno(self) -> int:
        """The number of its file."""


class Listener:
    """Waits for notices, on a connection of its own."""

    def __init__(self, database: Database, channel: str = WORK) -> None:
        """Nothing is connected yet."""
        self._engine, self._channel = database.engine, channel
        self._connection: Any = None  # psycopg2's
        self._try_at = 0.0

    def wait(self, seconds: float, others: Sequence[HasFileNumber] = ()) -> None:
        """Return after a notice, once one of the others can be read, or after so many seconds."""
        listening = self._listening()
        with selectors.PollSelector() as selector:  # `select` takes no file above 1,023, and a server has many sockets
            for one in (*listening, *others):
                selector.register(one, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select(seconds)]
        if listening and listening[0] in ready:
            self._take()

    def _listening(self) -> list[Any]:
        if self._connection is None and self._engine.dialect.name == "postgresql" and time.monotonic() >= self._try_at:
            self._try_at = time.monotonic() + _AGAIN_S
            with suppress(SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
                self._connection = _listen(self._engine, self._channel)
        return [self._connection] if self._connection is not None else []

    def _take(self) -> None:
        try:
            self._connection.poll()
        except self._connection.Error:
            self.close()
        else:
            self._connection.notifies.clear()

    def close(self) -> None:
        """Stop listening."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _listen(engine: Engine, channel: str) -> Any:
    """A connection of psycopg2, outside the pool, that listens."""
    pooled = engine.raw_connection()
    connection: Any = pooled.dbapi_connection
    pooled.detach()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {channel}")
    return connection
