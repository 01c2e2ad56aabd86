"""Dagster's PostgreSQL event log, with batches in one transaction and pools that never exceed their limit.

Dagster's own class (dagster-postgres 0.29.27) works on connections that commit each statement by itself:

claims a slot in two statements     two claimants of the last free slot both get it
frees slots in two statements       a slot can be freed that somebody else has claimed meanwhile
stores a batch of one type          of the batch's assets only the last one is noted
stores a batch of several types     one by one, on two new connections each

Here each is one transaction. The tables are Dagster's: an instance can switch from one class to the other and back.
`test_postgres_event_log.py` says when Dagster's class does the same, so that this one can be deleted.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, partial
from typing import Any, TypeVar

from dagster import EventLogEntry
from dagster_postgres import PostgresEventLogStorage
from sqlalchemy import Connection, func, make_url, select, update
from sqlalchemy.exc import ArgumentError, DBAPIError

from lecture_assets.defs.dagster_internals import (
    ASSET_CHECK_EVENTS,
    ConcurrencyClaimStatus,
    ConcurrencyLimitsTable,
    ConcurrencySlotStatus,
    ConfigurableClassData,
    PendingStepsTable,
    SqlEventLogStorageTable,
    get_token_provider_from_config,
    pg_url_from_config,
)
from lecture_assets.defs.host.event_rows import EventRow, event_columns, index_events
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.store.database import insert

T = TypeVar("T")
_DRIVER = "postgresql+psycopg2"
_TRIES = 3
"""How often a transaction is tried whose connection the server ended, as it does when it restarts."""
_DEADLOCK = "40P01"
"""PostgreSQL's code for a transaction that it ended so that another could go on (Appendix A of its manual)."""
_OF_CHECKS = {kind.value for kind in ASSET_CHECK_EVENTS}
_PENDING = PendingStepsTable.c
_tables: set[tuple[str, str]] = set()
"""The tables that this process has found, by the URL of their database."""


def postgres_url(settings: Mapping[str, Any]) -> str:
    """The database's URL in a storage's settings.

    WrongInputError for another driver than psycopg2: SQLAlchemy 2.1 takes `postgresql://` for psycopg 3, on which
    dagster-postgres fails at its first event.
    """
    text = pg_url_from_config(settings)
    try:
        found = repr(make_url(text).drivername)
    except ArgumentError:
        found = "text that is not a database URL"
    if found != repr(_DRIVER):
        allowed = f"a URL that begins with {_DRIVER}:// (in `postgres_db`, `scheme: {_DRIVER}`)"
        raise WrongInputError([Fault("storage in dagster.yaml", found, allowed)])
    return text


class BatchedPostgresEventLogStorage(PostgresEventLogStorage):
    """The events of all runs in one database."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Take the arguments of Dagster's class, and create its tables in an empty database."""
        self._thread = threading.local()
        self._is_indexed = cache(lambda tag: bool(self.get_asset_tags_to_index({tag})))
        super().__init__(*arguments, **named)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "BatchedPostgresEventLogStorage":
        """Create the storage from its settings, which are those of Dagster's class."""
        creates = config_value.get("should_autocreate_tables", True)
        return cls(postgres_url(config_value), creates, inst_data, get_token_provider_from_config(config_value))

    @property
    def _joined(self) -> Connection | None:
        """The connection of this thread's transaction."""
        found: Connection | None = getattr(self._thread, "connection", None)
        return found

    def _connect(self) -> AbstractContextManager[Connection]:
        """The connection of this thread's transaction; outside of one a new connection, which commits each statement."""
        return super()._connect() if self._joined is None else nullcontext(self._joined)

    def _in_transaction(self, work: Callable[[Connection], T]) -> T:
        """Do work in one transaction, which methods of Dagster's class join. Tried again if the server ended it."""
        if self._joined is not None:
            return work(self._joined)
        for tries_left in reversed(range(_TRIES)):
            try:
                with self._transaction() as connection:
                    return work(connection)
            except DBAPIError as error:
                was_ended = error.connection_invalidated or getattr(error.orig, "pgcode", None) == _DEADLOCK
                if not (was_ended and tries_left):
                    raise
        raise AssertionError

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.index_transaction() as connection:
            self._thread.connection = connection
            try:
                yield connection
            finally:
                self._thread.connection = None

    def has_table(self, table_name: str) -> bool:
        """Whether a table exists. An existing table is never dropped, so a positive answer is remembered by the process."""
        if (self.postgres_url, table_name) not in _tables and super().has_table(table_name):
            _tables.add((self.postgres_url, table_name))
        return (self.postgres_url, table_name) in _tables

    def dispose(self) -> None:
        """Close the connections that are kept."""
        super().dispose()
        self._engine.dispose()

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event."""
        self.store_event_batch([event])

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events of any types, runs and assets in one transaction: all of them or none."""
        rows = [EventRow(event, event_columns(event, self._event_insert_timestamp(event))) for event in events]  # type: ignore[no-untyped-call]  # Dagster's has no types
        if rows:
            self._in_transaction(lambda connection: self._write(connection, rows))

    def _write(self, connection: Connection, rows: Sequence[EventRow]) -> None:
        statement = SqlEventLogStorageTable.insert().returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
        numbers = connection.execute(statement, [dict(row.values) for row in rows]).scalars().all()
        numbered = list(zip(numbers, rows, strict=True))
        values_of = partial(self._get_asset_entry_values, has_asset_key_index_cols=True)
        index_events(connection, [pair for pair in numbered if pair[1].is_of_an_asset], self._is_indexed, values_of)
        for number, row in numbered:
            if row.values["dagster_event_type"] in _OF_CHECKS:
                self.store_asset_check_event(row.entry, number)

    def delete_events(self, run_id: str) -> None:
        """Delete a run's events with their tags."""
        delete = super().delete_events
        self._in_transaction(lambda _: delete(run_id))

    def claim_concurrency_slot(
        self, concurrency_key: str, run_id: str, step_key: str, priority: int | None = None
    ) -> ConcurrencyClaimStatus:
        """Claim a slot for a step, or queue the step."""
        claim = super().claim_concurrency_slot
        return self._in_transaction(lambda _: claim(concurrency_key, run_id, step_key, priority))

    def _claim_concurrency_slot(self, concurrency_key: str, run_id: str, step_key: str) -> ConcurrencySlotStatus:
        """Claim a free slot. The one that is selected stays locked until it is this step's; others skip it."""
        claim = super()._claim_concurrency_slot
        return self._in_transaction(lambda _: claim(concurrency_key, run_id, step_key))

    def free_concurrency_slots_for_run(self, run_id: str) -> None:
        """Free what a run holds, and let the steps go on that wait for it."""
        free = super().free_concurrency_slots_for_run
        self._in_transaction(lambda _: free(run_id))

    def free_concurrency_slot_for_step(self, run_id: str, step_key: str) -> None:
        """Free what a step holds, and let the step go on that waits for it."""
        free = super().free_concurrency_slot_for_step
        self._in_transaction(lambda _: free(run_id, step_key))

    def add_pending_step(
        self,
        concurrency_key: str,
        run_id: str,
        step_key: str,
        priority: int | None = None,
        should_assign: bool = False,  # noqa: FBT001, FBT002 - Dagster's signature
    ) -> None:
        """Queue a step, once. Dagster's class catches the error of a second time, which would end a transaction."""
        values = {"concurrency_key": concurrency_key, "run_id": run_id, "step_key": step_key, "priority": priority or 0}
        new = insert("postgresql", PendingStepsTable).values(**values, assigned_timestamp=func.now() if should_assign else None)
        self._in_transaction(lambda connection: connection.execute(new.on_conflict_do_nothing()))

    def assign_pending_steps(self, concurrency_keys: Sequence[str]) -> None:
        """Let the next waiting step of each pool go on. With Dagster's two statements, two processes can choose the same step."""
        waiting = select(_PENDING.id).where(_PENDING.assigned_timestamp.is_(None))
        first = (
            waiting.order_by(_PENDING.priority.desc(), _PENDING.create_timestamp.asc()).limit(1).with_for_update(skip_locked=True)
        )

        def assign(connection: Connection) -> None:
            for key in concurrency_keys:
                chosen = first.where(_PENDING.concurrency_key == key).scalar_subquery()
                connection.execute(update(PendingStepsTable).where(_PENDING.id == chosen).values(assigned_timestamp=func.now()))

        self._in_transaction(assign)

    def _upsert_and_lock_limit_row(
        self,
        conn: Connection,
        concurrency_key: str,
        num: int,
        has_default_pool_limit_col: bool,  # noqa: ARG002, FBT001 - Dagster's signature; each database since 1.10 has the column
    ) -> None:
        """Set a pool's limit and lock it. With Dagster's two statements, of two processes that set a new one's, one fails."""
        values = {"concurrency_key": concurrency_key, "limit": num, "using_default_limit": False}
        upsert = insert(conn.dialect.name, ConcurrencyLimitsTable).values(values)
        conn.execute(upsert.on_conflict_do_update(index_elements=["concurrency_key"], set_=values))
