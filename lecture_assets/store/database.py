"""Access to the database: read and write transactions, and a writer thread that commits pending writes together.

A commit waits for the disk (about 0.3 ms here, milliseconds elsewhere), so writes that arrive together share one.
"""

import asyncio
import itertools
import json
import math
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.schema import Table

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.document import UnreadableDocumentError
from lecture_assets.store.reading import is_read_only, open_to_read
from lecture_assets.store.stopping import unstopped
from lecture_assets.store.troubles import TROUBLES, DamagedDatabaseError, DiskFullError, LockedError, trouble_of

T = TypeVar("T")
BUSY_S = 30.0
"""How long a write waits for other processes; one transaction takes a few milliseconds."""
_BUSY_AGAIN_S = 1.0
"""How long writes wait once one has timed out: a process that ends for that reason has more to write, and should end."""
_MOST = 24
"""The most writes that share a commit: together (0.25 ms each) they take about as long as a commit, so that none waits long."""


class Database:
    """An SQLAlchemy engine set up for this project: SQLite in WAL mode, every commit synced."""

    def __init__(self, url: str | URL, busy_s: float = BUSY_S) -> None:
        """Open the database at an SQLAlchemy URL; `migrate` creates it. busy_s: how long to wait for other processes."""
        self.url = make_url(url)
        self.is_read_only = self.file is not None and is_read_only(self.file)
        reading = {"creator": partial(open_to_read, self.file)} if self.file and self.is_read_only else {}
        self.engine = create_engine(self.url, json_deserializer=self._read_json, **reading)
        self._busy_s, self._waited_in_vain = busy_s, False
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", self._begin_sqlite)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for other databases."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    @property
    def name(self) -> str:
        """The database as people know it: its file, or its URL without the password."""
        return str(self.file or self.url.render_as_string())

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read from one consistent view. Raise DatabaseTroubleError if the database cannot be read."""
        with self._troubles(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write in one transaction, durable when the block ends. It waits for other writers first, so it never fails half-way.

        Raise LockedError if another process keeps the lock, WrongInputError if the database is read-only, and otherwise
        DatabaseTroubleError if it cannot be written. In each case nothing was written.
        """
        if self.is_read_only:
            raise WrongInputError([Fault("database", f"{str(self.file)!r}, which is read-only", "a writable database")])
        with self._troubles(), unstopped(), self.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                self._waited_in_vain = False
                yield connection
                require_transaction(connection)

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
        return found or error

    def _read_json(self, text: str) -> Json:
        try:
            found: Json = json.loads(text)
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

    def logs_ahead(self) -> bool:
        """Whether a SQLite file is in WAL mode, in which readers and writers do not wait for each other."""
        if self.engine.dialect.name != "sqlite":
            return True
        with self._troubles(), closing(self.engine.raw_connection()) as connection:
            return bool(connection.cursor().execute("PRAGMA journal_mode").fetchone() == ("wal",))

    def log_ahead(self) -> None:
        """Switch a SQLite file to WAL mode permanently. If it is in use just now, a later process does so.

        To be called by one process at a time: of two, SQLite refuses one immediately.
        """
        if not self.logs_ahead():
            with closing(self.engine.raw_connection()) as connection, suppress(sqlite3.OperationalError):
                connection.cursor().execute("PRAGMA journal_mode=WAL")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={int(BUSY_S * 1000)}", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def require_transaction(connection: Connection) -> None:
    """Raise DiskFullError if SQLite rolled back the transaction, as it may on a full disk without COMMIT reporting it."""
    if connection.dialect.name == "sqlite" and not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
        raise DiskFullError(connection.engine.url.database or "")


def insert(dialect: str, table: Table) -> Any:
    """Return an INSERT that supports ON CONFLICT in this dialect (`connection.dialect.name`)."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


class Writer:
    """A thread that runs writes, the most urgent first and equally urgent ones in order, and commits pending writes together.

    Each write is a function of a connection and runs in its own savepoint: one that raises undoes only itself.
    """

    def __init__(self, database: Database) -> None:
        """Start the thread; the writer belongs to the running event loop."""
        self._database = database
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._ticket = itertools.count()
        self._queue: queue.PriorityQueue[tuple[float, int, _Write[Any] | None]] = queue.PriorityQueue()
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()

    def submit(self, write: Callable[[Connection], T], urgency: float = math.inf) -> asyncio.Future[T]:
        """Return a future that is done when the write is durable. Raise RuntimeError after `close`.

        urgency: higher values go first; give writes whose order matters the same urgency
        """
        if self._closed:
            message = "the writer is closed"
            raise RuntimeError(message)
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put((-urgency, next(self._ticket), _Write(write, future)))
        return future

    async def close(self) -> None:
        """Finish all submitted writes."""
        self._closed = True
        self._queue.put((math.inf, next(self._ticket), None))
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        open_ = True
        while open_:
            batch = [self._queue.get()[-1]]
            while len(batch) < _MOST and not self._queue.empty():
                batch.append(self._queue.get()[-1])
            open_ = None not in batch
            if writes := [write for write in batch if write is not None]:
                self._commit(writes)

    def _commit(self, batch: "list[_Write[Any]]") -> None:
        outcomes: list[tuple[_Write[Any], Any, BaseException | None]] = []
        try:
            with self._database.write() as connection:
                outcomes = [(write, *self._run(connection, write)) for write in batch]
        except BaseException as error:  # noqa: BLE001 - the commit failed, which every write of the batch reports
            outcomes = [(write, None, error) for write in batch]
        with suppress(RuntimeError):  # the loop is closed: no future is awaited any more
            self._loop.call_soon_threadsafe(_settle, outcomes)

    def _run(self, connection: Connection, write: "_Write[Any]") -> tuple[Any, BaseException | None]:
        try:
            with connection.begin_nested():
                return write.function(connection), None
        except BaseException as error:  # noqa: BLE001 - the write's future reports it
            require_transaction(connection)
            error = self._database.trouble(error)
            return None, RuntimeError(repr(error)) if isinstance(error, StopIteration) else error  # futures reject StopIteration


def _settle(outcomes: "list[tuple[_Write[Any], Any, BaseException | None]]") -> None:
    for write, result, error in outcomes:
        if write.future.cancelled():
            continue
        if error is None:
            write.future.set_result(result)
        else:
            write.future.set_exception(error)


@dataclass(frozen=True, slots=True)
class _Write(Generic[T]):
    function: Callable[[Connection], T]
    future: "asyncio.Future[T]"
