"""Engines for the two kinds of database: SQLite in WAL mode with every commit synced, PostgreSQL with bounded waits.

Both obey the same statements. What SQLite's single writer guarantees by itself, PostgreSQL guarantees by row locks, unique keys
and one advisory lock for each workspace's money (`locking.py`), under READ COMMITTED, whatever the server's own default is. A
reading transaction sees one state of the database on both: REPEATABLE READ on PostgreSQL.

PostgreSQL ends a session whose worker was stopped or cut off, so that its locks go: after `STALLED_S` in which nothing happens
within a transaction that writes, or in which the network acknowledges nothing.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.store.reading import open_to_read

STALLED_S = 10.0
"""Shorter than a lease: by the time another worker may claim a lecture, the last one holds no lock on it."""
POSTGRES = "postgresql+psycopg2"
DATABASES = "a URL like sqlite:///lectures.db or postgresql://USER:PASSWORD@HOST/NAME"
"""What may be used, as people write it."""
_PLAIN = {"postgres", "postgresql"}
"""Names of PostgreSQL in a URL without a driver; SQLAlchemy 2.1 takes them for psycopg 3, dagster-postgres needs psycopg2."""
_ALLOWED = {"sqlite", "sqlite+pysqlite", POSTGRES}
_OLDEST = 130_000
"""The oldest server, as libpq counts versions."""
ReadJson: TypeAlias = Callable[[str], Any]
Begin: TypeAlias = Callable[[Connection], None]
_KEPT, _MOST = 2, 10
"""Connections of one process: kept open, and at most. A worker has one regeneration, which writes in one thread."""


def plain_url(url: URL) -> URL:
    """Return the URL with its driver. Raise WrongInputError unless it is of SQLite or PostgreSQL."""
    found = url.set(drivername=POSTGRES) if url.drivername in _PLAIN else url
    if found.drivername not in _ALLOWED:
        raise WrongInputError([Fault("database", f"a URL for {url.drivername}", DATABASES)])
    if "@" in (url.host or ""):  # what stands before it is a part of the password
        raise WrongInputError([Fault("database", "a URL whose user or password has a plain @", f"{DATABASES} with %40 for it")])
    return found


def open_engine(url: URL, busy_s: float, *, read_json: ReadJson, begin_sqlite: Begin) -> Engine:
    """Return an engine for a URL with its driver. busy_s: how long a statement waits for another transaction's lock."""
    if url.get_backend_name() == "postgresql":
        options = {"pool_size": _KEPT, "max_overflow": _MOST - _KEPT, "pool_timeout": busy_s, "pool_pre_ping": True}
        engine = create_engine(
            url, json_deserializer=read_json, connect_args=_POSTGRES, isolation_level="READ COMMITTED", **options
        )
        event.listen(engine, "connect", _require_server)
        return engine
    engine = create_engine(url, json_deserializer=read_json)
    event.listen(engine, "connect", partial(_prepare_sqlite, busy_s))
    event.listen(engine, "begin", begin_sqlite)
    return engine


def open_read_only(file: Path, *, read_json: ReadJson, begin_sqlite: Begin) -> Engine:
    """Return an engine that only reads a SQLite file."""
    engine = create_engine("sqlite://", json_deserializer=read_json, creator=partial(open_to_read, file), poolclass=QueuePool)
    event.listen(engine, "connect", partial(_prepare_sqlite, 0.0))
    event.listen(engine, "begin", begin_sqlite)
    return engine


def _require_server(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Raise WrongInputError for a server older than PostgreSQL 13 (`pg_current_xact_id`) or a database that is not of Unicode."""
    if connection.server_version < _OLDEST:
        found = f"PostgreSQL {connection.server_version // 10_000}"
        raise WrongInputError([Fault("database", found, f"PostgreSQL {_OLDEST // 10_000} or newer")])
    encoding = connection.info.parameter_status("server_encoding")
    if encoding not in {"UTF8", None}:  # a pooler may not tell
        raise WrongInputError(
            [Fault("database", f"one with the encoding {encoding}", "one that was created with ENCODING 'UTF8'")]
        )


_POSTGRES = {
    "application_name": "lectures",
    "client_encoding": "UTF8",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": int(STALLED_S * 1000),
}
"""Libpq's parameters ("Database Connection Control Functions" 34.1.2): waits in seconds, `tcp_user_timeout` in ms. None that a
pooler refuses: what is set for a session is set in each transaction (`database.py`)."""


def _prepare_sqlite(busy_s: float, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={int(busy_s * 1000)}", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
