"""Our event log on PostgreSQL: slots never above the limit, batches in one transaction; and whether Dagster's does the same."""

import os
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetCheckEvaluation, AssetKey, AssetMaterialization, AssetObservation, DagsterInstance, EventLogEntry
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, AssetKeyTable
from dagster_postgres import PostgresEventLogStorage
from sqlalchemy import URL, Connection, event, make_url, select

from lecture_assets.defs.dagster_internals import (
    AssetMaterializationPlannedData,
    AssetObservationData,
    DagsterEventType,
    StepMaterializationData,
)
from lecture_assets.defs.host.postgres_event_log import BatchedPostgresEventLogStorage
from lecture_assets.defs.sync.events import event_entry
from lecture_assets.graph.errors import WrongInputError
from lecture_assets_tests.defs.host.test_event_log import RUN, entries, read
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.dagster_databases import create_dagster_database
from lecture_assets_tests.servers.homes import POSTGRES, has_servers
from lecture_assets_tests.servers.postgres import execute, postgres_server

POOL = "openai"
CLAIMANTS = 4
ROUNDS = 1000 if THOROUGH else 25
MENDED = "Dagster's own class does this by now: delete {} from defs/host/postgres_event_log.py, and this test"


@pytest.fixture(scope="module")
def server() -> Iterator[URL]:
    with ExitStack() as servers:
        yield make_url(os.environ[POSTGRES]) if has_servers() else servers.enter_context(postgres_server())


@dataclass(frozen=True)
class LogDatabase:
    """A database with Dagster's tables, and an instance that its storages ask for settings."""

    url: URL
    instance: DagsterInstance

    def open(self, kind: type[PostgresEventLogStorage] = BatchedPostgresEventLogStorage) -> Any:
        storage = kind(self.url.render_as_string(hide_password=False), should_autocreate_tables=False)
        storage.register_instance(self.instance)
        return storage

    def open_all(self) -> list[Any]:
        """One for each claimant."""
        return [self.open() for _ in range(CLAIMANTS)]


@contextmanager
def database_on(server: URL, name: str) -> Iterator[LogDatabase]:
    with DagsterInstance.ephemeral() as instance:
        yield LogDatabase(create_dagster_database(server, name), instance)
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(server: URL) -> Iterator[LogDatabase]:
    with database_on(server, f"log_{uuid.uuid4().hex}") as found:
        yield found


@contextmanager
def statements(storage: Any) -> Iterator[tuple[list[str], list[str]]]:
    """The connections that are opened, and the statements."""
    connections, found = list[str](), list[str]()

    def connected(*_: Any) -> None:
        connections.append("connection")

    def executed(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    event.listen(storage._engine, "connect", connected)
    event.listen(storage._engine, "before_cursor_execute", executed)
    yield connections, found
    event.remove(storage._engine, "connect", connected)
    event.remove(storage._engine, "before_cursor_execute", executed)


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do these works at the same time, each in a thread; their results."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def do(number: int) -> None:
        barrier.wait(30)
        results[number] = works[number]()

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.slow
@pytest.mark.parametrize(("limit", "rounds"), [(1, ROUNDS), (3, ROUNDS // 5)])
def test_as_many_claimants_get_a_slot_as_there_are(database: LogDatabase, limit: int, rounds: int) -> None:
    storages = database.open_all()
    storages[0].set_concurrency_slots(POOL, limit)
    claims = [partial(storage.claim_concurrency_slot, POOL, f"run-{number}") for number, storage in enumerate(storages)]
    frees = [partial(storage.free_concurrency_slots_for_run, f"run-{number}") for number, storage in enumerate(storages)]
    for turn in range(rounds):
        claimed = at_once([partial(claim, f"step-{turn}") for claim in claims])
        assert [status.is_claimed for status in claimed].count(True) == limit, f"round {turn}"
        info = storages[0].get_concurrency_info(POOL)
        assert (len(info.claimed_slots), len(info.pending_steps)) == (limit, CLAIMANTS)
        at_once(frees)
    info = storages[0].get_concurrency_info(POOL)
    assert (info.claimed_slots, info.pending_steps, info.slot_count) == ([], [], limit)


def interleaved(storage: Any, after: str, other: Callable[[], Any], act: Callable[[], Any]) -> tuple[Any, Any]:
    """Act, and do the other thing right after the first statement that contains this text; both results."""
    results: list[Any] = []

    def interrupt(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if after in statement and not results:
            results.append(None)
            results[0] = at_once([other])[0]

    event.listen(storage._engine, "after_cursor_execute", interrupt)
    mine = act()
    event.remove(storage._engine, "after_cursor_execute", interrupt)
    return mine, results[0]


def claims_of_two(kind: type[PostgresEventLogStorage], database: LogDatabase) -> list[str]:
    """Two claimants of one slot, the second between the two statements of the first."""
    one, two = database.open(kind), database.open(kind)
    one.set_concurrency_slots(POOL, 1)
    found = interleaved(
        one,
        "FOR UPDATE SKIP LOCKED",
        lambda: two._claim_concurrency_slot(POOL, "two", "step"),
        lambda: one._claim_concurrency_slot(POOL, "one", "step"),
    )
    return sorted(str(status.value) for status in found)


def test_a_slot_is_claimed_by_one_of_two(database: LogDatabase) -> None:
    assert claims_of_two(BatchedPostgresEventLogStorage, database) == ["BLOCKED", "CLAIMED"]


def test_dagsters_class_gives_a_slot_away_twice(database: LogDatabase) -> None:
    assert claims_of_two(PostgresEventLogStorage, database) == ["CLAIMED", "CLAIMED"], MENDED.format("_claim_concurrency_slot")


def mixed(number: int = 100) -> list[EventLogEntry]:
    """Events of four types, of 25 assets."""
    found = []
    for count in range(number):
        key = AssetKey(["mixed", f"asset_{count // 4}"])
        kind, data = [
            (DagsterEventType.ASSET_MATERIALIZATION_PLANNED, AssetMaterializationPlannedData(key, "one")),
            (DagsterEventType.ASSET_MATERIALIZATION, StepMaterializationData(AssetMaterialization(key, partition="one"), [])),
            (DagsterEventType.ASSET_OBSERVATION, AssetObservationData(AssetObservation(key, partition="one"))),
            (DagsterEventType.ASSET_CHECK_EVALUATION, AssetCheckEvaluation(key, "whole", True, {}, partition="one")),  # noqa: FBT003
        ][count % 4]
        found.append(event_entry(RUN, kind, data))
    return found


def test_a_hundred_mixed_events_take_one_connection_and_no_asset_is_lost(database: LogDatabase) -> None:
    storage = database.open()
    storage.store_event_batch(mixed(4))
    with statements(storage) as (connections, _):
        storage.store_event_batch(mixed())
    assert len(connections) == 1
    assert set(storage.all_asset_keys()) == {AssetKey(["mixed", f"asset_{number}"]) for number in range(25)}
    with storage.index_connection() as connection:
        assert len(connection.execute(select(AssetCheckExecutionsTable.c.execution_status)).all()) == 25
    assert len(storage.get_logs_for_run(RUN.run_id)) == 104


def test_dagsters_class_loses_assets_of_a_batch(database: LogDatabase) -> None:
    storage = database.open(PostgresEventLogStorage)
    storage.store_event_batch(mixed(12)[1::4])
    assert len(storage.all_asset_keys()) == 1, MENDED.format("store_event_batch")


def test_dagsters_class_takes_two_connections_for_each_mixed_event(database: LogDatabase) -> None:
    storage = database.open(PostgresEventLogStorage)
    with statements(storage) as (connections, _):
        storage.store_event_batch([entry for number, entry in enumerate(mixed(12)) if number % 4 < 3])
    assert len(connections) >= 9, MENDED.format("store_event_batch")


def rows(storage: Any) -> list[Any]:
    """What a storage wrote, except what depends on the time of writing."""
    columns = AssetKeyTable.c
    with storage.index_connection() as connection:
        assets = connection.execute(select(columns.asset_key, columns.last_materialization, columns.last_run_id))
        checks = connection.execute(select(AssetCheckExecutionsTable.c.asset_key, AssetCheckExecutionsTable.c.run_id))
        tags = connection.exec_driver_sql("SELECT event_id, asset_key, key, value FROM asset_event_tags")
        events = connection.exec_driver_sql("SELECT id, run_id, event, step_key, asset_key, partition, timestamp FROM event_logs")
        return [sorted((read(row) for row in found), key=repr) for found in (assets, checks, tags, events)]


@pytest.mark.slow
def test_a_batch_leaves_the_rows_that_dagsters_class_leaves(server: URL) -> None:
    told, found = [*entries(), *mixed(12)], []
    for kind in (PostgresEventLogStorage, BatchedPostgresEventLogStorage):
        with database_on(server, f"rows_{kind.__name__.lower()}_{os.getpid()}") as database:
            storage = database.open(kind)
            if kind is PostgresEventLogStorage:
                for entry in told:
                    storage.store_event(entry)
            else:
                storage.store_event_batch(told)
            found.append(rows(storage))
    assert found[0] == found[1]


def holders_after_two_frees(kind: type[PostgresEventLogStorage], database: LogDatabase) -> list[str]:
    """Who holds the slot that two processes free at once, where one of them claims it for another run as soon as it can."""
    one, two = database.open(kind), database.open(kind)
    one.set_concurrency_slots(POOL, 1)
    assert one.claim_concurrency_slot(POOL, "gone", "step").is_claimed

    def free_and_claim() -> None:
        two.free_concurrency_slots_for_run("gone")
        two.claim_concurrency_slot(POOL, "new", "step")

    other = threading.Thread(target=free_and_claim)

    def start_other() -> None:
        other.start()
        other.join(0.5)  # not longer where it has to wait for the first

    interleaved(one, "FOR UPDATE", start_other, lambda: one.free_concurrency_slots_for_run("gone"))
    other.join(30)
    return [slot.run_id for slot in one.get_concurrency_info(POOL).claimed_slots]


def test_a_slot_that_is_freed_twice_stays_with_who_claimed_it_meanwhile(database: LogDatabase) -> None:
    assert holders_after_two_frees(BatchedPostgresEventLogStorage, database) == ["new"]


def test_dagsters_class_frees_a_slot_that_another_run_has_claimed(database: LogDatabase) -> None:
    assert holders_after_two_frees(PostgresEventLogStorage, database) == [], MENDED.format("free_concurrency_slots_for_run")


def test_the_limit_of_a_new_pool_is_set_by_many_at_once(database: LogDatabase) -> None:
    storages = database.open_all()
    at_once([partial(storage.set_concurrency_slots, POOL, 3) for storage in storages])
    info = storages[0].get_concurrency_info(POOL)
    assert (info.limit, info.slot_count) == (3, 3)


def test_a_batch_is_stored_once_if_the_server_ends_its_connection(database: LogDatabase) -> None:
    storage = database.open()
    ended: list[int] = []

    def end(connection: Connection, _k: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO event_logs") and not ended:
            ended.append(connection.connection.dbapi_connection.get_backend_pid())  # type: ignore[union-attr]
            execute(database.url, f"SELECT pg_terminate_backend({ended[0]})")

    event.listen(storage._engine, "after_cursor_execute", end)
    storage.store_event_batch(mixed(4))
    assert ended
    assert len(storage.get_logs_for_run(RUN.run_id)) == 4


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"postgres_url": "postgresql://me:secret@db/dagster"}, "'postgresql'"),
        ({"postgres_url": "postgresql+psycopg://me:secret@db/dagster"}, "'postgresql+psycopg'"),
        ({"postgres_url": "me:secret@db"}, "text that is not a database URL"),
        ({"postgres_db": {"username": "me", "password": "secret", "hostname": "db", "db_name": "dagster"}}, "'postgresql'"),
    ],
)
def test_the_url_of_another_driver_is_refused_in_a_sentence(tmp_path: Path, settings: dict[str, Any], found: str) -> None:
    storage = {"module": "lecture_assets.defs.host.postgres_storage", "class": "PostgresStorage", "config": settings}
    overrides = {"storage": {"custom": storage}, "telemetry": {"enabled": False}}
    with pytest.raises(WrongInputError) as refused, DagsterInstance.local_temp(str(tmp_path), overrides) as instance:
        instance.get_runs_count()
    assert str(refused.value) == (
        f"storage in dagster.yaml: found {found}; allowed: a URL that begins with postgresql+psycopg2:// "
        "(in `postgres_db`, `scheme: postgresql+psycopg2`)"
    )
