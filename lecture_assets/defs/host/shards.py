"""The event log's SQLite databases, kept open: one shard per run, and the index. What is stored in them is `event_log.py`'s."""

import os
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, Column, Engine, MetaData, String, Table, create_engine, event, select, text
from sqlalchemy.pool import StaticPool

from lecture_assets.defs.dagster_internals import INDEX_SHARD_NAME, SQLITE_BUSY_TIMEOUT_SECONDS, SqlEventLogStorageMetadata

_MOST_OPEN = 16
"""Databases kept open: the index, and the most recently used runs."""


_PAGE_BYTES, INDEX_PAGE_BYTES = 1024, 2048
"""Of a run's database, and of the index. SQLite's default is 4096: the 30 tables and indexes of a run, nearly all empty, take a
page each, and in the index an event fills half a page and leaves the other empty."""


def sqlite_url(file: Path) -> str:
    """The URL of a SQLite file, with its path quoted."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def open_engine(url: str) -> Engine:
    """An engine with one connection that stays open.

    synchronous=NORMAL: a power cut may lose the last events, but never the file; events are a projection and can be republished.
    """
    engine = create_engine(
        url,
        poolclass=StaticPool,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL"))
    return engine


class ShardEngines:
    """The open engines by shard.

    A forked child neither uses nor closes its parent's engines: SQLite allows neither in another process.
    """

    def __init__(self, open_shard: Callable[[str], Engine]) -> None:
        """open_shard: opens the database of a shard, creating it if necessary."""
        self._open_shard = open_shard
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._abandoned: list[Engine] = []
        self._process = os.getpid()

    def __len__(self) -> int:
        """How many are open."""
        return len(self._engines)

    def engine(self, shard: str) -> Engine:
        """The shard's engine, opened if necessary; the least recently used run is closed in its place."""
        if self._process != os.getpid():
            self._abandoned += self._engines.values()
            self._engines, self._process = OrderedDict(), os.getpid()
        if shard not in self._engines:
            self._engines[shard] = self._open_shard(shard)
        self._engines.move_to_end(shard)
        while len(self._engines) > _MOST_OPEN:
            oldest = next(name for name in self._engines if name != INDEX_SHARD_NAME)
            self._engines.pop(oldest).dispose()
        return self._engines[shard]

    @property
    def index(self) -> Engine | None:
        """The index's engine, if it is open."""
        return self._engines.get(INDEX_SHARD_NAME)

    def drop(self, shard: str) -> None:
        """Close a shard's engine, if this process has it open."""
        if self._process == os.getpid() and shard in self._engines:
            self._engines.pop(shard).dispose()

    def close(self) -> None:
        """Close the engines that this process opened, and forget the others."""
        if self._process == os.getpid():
            for engine in self._engines.values():
                engine.dispose()
        self._engines = OrderedDict()


_REVISION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Where Alembic keeps the revision of a database."""


def revision_of(engine: Engine) -> str | None:
    """A database's Alembic revision; None if it has not been created yet."""
    with engine.connect() as connection:
        if not connection.dialect.has_table(connection, _REVISION.name):
            return None
        return connection.execute(select(_REVISION.c.version_num)).scalar()


def prepare_file(engine: Engine, page_bytes: int) -> None:
    """Create a file with a write-ahead log and pages of this size; one that has tables keeps its size."""
    with engine.connect() as connection:
        connection.execute(text(f"PRAGMA page_size={page_bytes}"))
        connection.execute(text("PRAGMA journal_mode=WAL"))


def create_like(index: Engine, engine: Engine) -> None:
    """Create a run's database at the index's revision."""
    revision = revision_of(index)
    prepare_file(engine, _PAGE_BYTES)
    with engine.begin() as connection:
        SqlEventLogStorageMetadata.create_all(connection)
        _REVISION.create(connection)
        connection.execute(_REVISION.insert().values(version_num=revision))
