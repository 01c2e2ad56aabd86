"""Access to the database: read and write transactions, each with a certain outcome.

read, write      a transaction as a `with` block; an error means that nothing was written
reading, writing a function of a connection, run again from the start if the server went away or two transactions collided
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, RootTransaction, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.schema import Table

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.document import UnreadableDocumentError
from lecture_assets.store.engine import STALLED_S, open_engine, open_read_only, plain_url
from lecture_assets.store.patience import Patience
from lecture_assets.store.reading import is_read_only
from lecture_assets.store.stopping import unstopped
from lecture_assets.store.troubles import (
    TROUBLES,
    DamagedDatabaseError,
    DiskFullError,
    LockedError,
    LostConnectionError,
    StandbyError,
    trouble_of,
)

T = TypeVar("T")
BUSY_S = 30.0
"""How long to wait for another process's transaction (one takes a few milliseconds), and for a server that went away."""
_BUSY_AGAIN_S = 1.0
"""How long writes wait once one has timed out: a process that ends for that reason has more to write, and should end."""


class Database:
    """A database of this project, SQLite or PostgreSQL."""

    def __init__(self, url: str | URL, busy_s: float = BUSY_S, stalled_s: float = STALLED_S) -> None:
        """Open the database at an SQLAlchemy URL; `migrate` creates it. WrongInputError for another kind of database.

        busy_s:    how long to wait for other processes, and for a server that went away
        stalled_s: how long nothing may happen in a transaction that writes before the server gives it up
        """
        self.url = plain_url(make_url(url))
        self._begun = _BEGUN.bindparams(stalled=f"{stalled_s * 1000:.0f}ms", busy=f"{max(1, int(busy_s * 1000))}ms")
        self._busy_s, self._waited_in_vain = busy_s, False
        self._patience = Patience(busy_s, self.name)
        self.is_read_only = self.file is not None and is_read_only(self.file)
        if self.file is not None and self.is_read_only:
            self.engine = open_read_only(self.file, read_json=self._read_json, begin_sqlite=self._begin_sqlite)
        else:
            self.engine = open_engine(self.url, busy_s, read_json=self._read_json, begin_sqlite=self._begin_sqlite)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for other databases."""
        return None if self.is_server else Path(self.url.database or "")

    @property
    def is_server(self) -> bool:
        """Whether it is a server's, with many writers at a time."""
        return self.url.get_backend_name() != "sqlite"

    @property
    def name(self) -> str:
        """The database as people know it: its file, or its URL without the password."""
        return str(self.file or self.url.render_as_string())

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read from one consistent view. Raise DatabaseTroubleError if the database cannot be read."""
        with self._troubles(), self.connected() as connection:
            if self.is_server:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write in one transaction, durable when the block ends.

        Raise LockedError if another process keeps a lock, WrongInputError if the database is read-only, and otherwise
        DatabaseTroubleError if it cannot be written. In each case nothing was written. On SQLite the transaction waits for other
        writers first, so it never fails half-way.
        """
        if self.is_read_only:
            raise WrongInputError([Fault("database", f"{str(self.file)!r}, which is read-only", "a writable database")])
        with self._troubles(), unstopped(), self.connected() as connection:
            connection.execution_options(writes=True)
            with connection.begin() as transaction:
                self._waited_in_vain = False
                number = connection.execute(self._begun).scalar_one() if self.is_server else None
                yield connection
                require_transaction(connection)
                if number is not None:
                    self._commit(transaction, number)

    def reading(self, query: Callable[[Connection], T]) -> T:
        """Return what the query reads from one consistent view."""

        def read() -> T:
            with self.read() as connection:
                return query(connection)

        return self._patience.outermost(read)

    def writing(self, work: Callable[[Connection], T]) -> T:
        """Return what the work returns, once it is durable. It may run several times, and counts once."""

        def write() -> T:
            with self.write() as connection:
                return work(connection)

        return self._patience.outermost(write)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Connect; wait for a server that is starting or unreachable."""
        with self._patience.outermost(self._connect) if self.is_server else self.engine.connect() as connection:
            yield connection

    def _connect(self) -> Connection:
        with self._troubles():
            return self.engine.connect()

    def _commit(self, transaction: RootTransaction, number: str) -> None:
        """Commit. If the connection is lost meanwhile, ask the server whether the transaction of that number was committed.

        Asking takes all the time there is, if need be, so that nobody tries a write again whose outcome is not known.
        """
        try:
            transaction.commit()
        except DBAPIError as error:
            if not error.connection_invalidated or not self._patience.until_done(lambda: self._is_committed(number)):
                raise

    def _is_committed(self, number: str) -> bool:
        with self._troubles(), self.engine.connect() as connection:
            status = connection.execute(_STATUS, {"number": number}).scalar()
        if status == "in progress":  # the server has not noticed yet that the connection is gone
            raise LostConnectionError(self.name, "it has not ended the last transaction yet")
        return bool(status == "committed")

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except TROUBLES as error:
            trouble = self.trouble(error)
            if trouble is error:
                raise
            raise trouble from error
        except UnreadableDocumentError as error:
            raise DamagedDatabaseError(self.name, f"a document in it cannot be read: {error}") from error

    def trouble(self, error: BaseException) -> BaseException:
        """Translate a database error into a DatabaseTroubleError; return any other error unchanged."""
        found = trouble_of(error, self.name, self.file) if isinstance(error, TROUBLES) else None
        self._waited_in_vain = self._waited_in_vain or isinstance(found, LockedError)
        if isinstance(found, StandbyError):
            self.engine.dispose()  # whoever tries again finds the server that may be written by now
        return found or error

    def _read_json(self, written: str) -> Json:
        try:
            found: Json = json.loads(written)
        except (ValueError, RecursionError) as error:
            raise DamagedDatabaseError(self.name, f"a document in it cannot be read: {error}") from error
        return found

    def _begin_sqlite(self, connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            wait_s = min(self._busy_s, _BUSY_AGAIN_S) if self._waited_in_vain else self._busy_s
            connection.exec_driver_sql(f"PRAGMA busy_timeout={int(wait_s * 1000)}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


_BEGUN = text("""SELECT pg_current_xact_id()::text, set_config('idle_in_transaction_session_timeout', :stalled, true),
    set_config('lock_timeout', :busy, true),
    CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', true) END""")
"""The first statement of a transaction that writes: its number, when the server gives it up, how long it waits for a lock. All
hold for the transaction alone: behind a pooler the next one may have another session. A commit waits for the disk even where the
server's default is not to; else a call could be forgotten that a vendor was asked for."""
_STATUS = text("SELECT pg_xact_status(CAST(:number AS xid8))")


def require_transaction(connection: Connection) -> None:
    """Raise DiskFullError if SQLite rolled back the transaction, as it may on a full disk without COMMIT reporting it."""
    if connection.dialect.name == "sqlite" and not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
        raise DiskFullError(connection.engine.url.database or "")


def insert(dialect: str, table: Table) -> Any:
    """Return an INSERT that supports ON CONFLICT in this dialect (`connection.dialect.name`)."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
