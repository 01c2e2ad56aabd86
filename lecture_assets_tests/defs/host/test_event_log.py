"""Our event log storage and Dagster's contain the same events, whichever wrote them."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetCheckKey,
    AssetCheckSeverity,
    AssetKey,
    DagsterInstance,
    EventLogEntry,
    MetadataValue,
    MultiPartitionKey,
)
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationTargetMaterializationData
from dagster._core.events import DagsterEventType
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    AssetEventTagsTable,
    AssetKeyTable,
    SqlEventLogStorageTable,
)
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._serdes import deserialize_value
from sqlalchemy import delete, func, select

from lecture_assets.defs.host.event_log import BatchedSqliteEventLogStorage
from lecture_assets.defs.sync.events import Origin, event_entry, log_entry, planned_entry
from lecture_assets.defs.sync.projection import LogEntrySpec, ProjectedNode
from lecture_assets.graph.build import build
from lecture_assets_tests.defs.made_instance import put_files
from lecture_assets_tests.graph.lectures import lecture
from lecture_assets_tests.processes import start

RUN = Origin("6a4cba77-21d6-4f84-b5ea-c4d1a3f3fd4a", "regenerate_lecture", "regenerate")
"""A Dagster run."""


def entries(origin: Origin = RUN) -> list[EventLogEntry]:
    """Observations of inputs, planned and made nodes of all levels, of one lecture."""
    graph = build(lecture(segments=2, images=2))
    told = [
        log_entry(origin, "bees", LogEntrySpec(node.id, f"v{number}"), 1, {})
        for number, node in enumerate(graph.nodes.values())
        if node.kind.is_input
    ]
    told += [planned_entry(origin, "bees", node.id) for node in graph.made]
    for number, node in enumerate(graph.made):
        statement = LogEntrySpec(node.id, f"v{number}", ProjectedNode(node, f"v{number}", "1@0", "1"))
        told.append(log_entry(origin, "bees", statement, number, {"cost_usd": 0.1}))  # type: ignore[dict-item]
    return told


@contextmanager
def opened(kind: type[SqliteEventLogStorage], folder: Path) -> Iterator[Any]:
    """Open the storage in an instance, as Dagster does."""
    settings = {"event_log_storage": {"module": kind.__module__, "class": kind.__name__, "config": {"base_dir": str(folder)}}}
    put_files(folder.parent)
    with DagsterInstance.local_temp(str(folder.parent), settings) as instance:
        assert type(instance.event_log_storage) is kind
        yield instance.event_log_storage


def rows(storage: SqliteEventLogStorage) -> dict[str, Sequence[Any]]:
    """Everything in the index and the runs, except what depends on the time of writing, and what nothing reads."""
    events, tags, assets = SqlEventLogStorageTable, AssetEventTagsTable, AssetKeyTable
    with storage.index_connection() as connection:
        found = {
            "events": connection.execute(
                select(events.c.id, events.c.run_id, events.c.event, events.c.asset_key, events.c.partition)
            ),
            "tags": connection.execute(
                select(tags.c.event_id, tags.c.asset_key, tags.c.key, tags.c.value).order_by(tags.c.event_id, tags.c.key)
            ),
            "assets": connection.execute(
                select(assets.c.asset_key, assets.c.last_materialization, assets.c.last_run_id).order_by(assets.c.asset_key)
            ),
        }
        held: dict[str, Sequence[Any]] = {name: [read(row) for row in result] for name, result in found.items()}
    for run in sorted(run for run in storage.get_all_run_ids() if run != Origin().run_id):
        with storage.run_connection(run) as connection:
            steps = [(row.id, row.step_key) for row in connection.execute(select(events.c.id, events.c.step_key))]
        records = storage.get_records_for_run(run).records
        held[run] = [steps, [(record.storage_id, record.event_log_entry) for record in records]]
    return held


def read(row: Any) -> list[Any]:
    """A row, with the events in it as Dagster reads them."""
    return [deserialize_value(cell) if str(cell).startswith('{"__class__"') else cell for cell in row]


@pytest.mark.slow
@pytest.mark.parametrize("origin", [RUN, Origin()])
def test_a_batch_leaves_the_rows_that_dagsters_class_leaves(tmp_path: Path, origin: Origin) -> None:
    told = entries(origin)
    with (
        opened(SqliteEventLogStorage, tmp_path / "dagsters") as dagsters,
        opened(BatchedSqliteEventLogStorage, tmp_path / "ours") as ours,
    ):
        for entry in told:
            dagsters.store_event(entry)
        ours.store_event_batch(told)
        assert rows(ours) == rows(dagsters)
        assert ours.get_maximum_record_id() == dagsters.get_maximum_record_id()


@pytest.mark.slow
def test_events_one_by_one_leave_the_rows_of_a_batch(tmp_path: Path) -> None:
    told = entries()
    with (
        opened(BatchedSqliteEventLogStorage, tmp_path / "one") as one,
        opened(BatchedSqliteEventLogStorage, tmp_path / "all") as batch,
    ):
        for entry in told:
            one.store_event(entry)
        batch.store_event_batch(told)
        assert rows(one) == rows(batch)


@pytest.mark.slow
def test_an_instance_goes_from_one_class_to_the_other_and_back(tmp_path: Path) -> None:
    told = entries()
    for kind in (SqliteEventLogStorage, BatchedSqliteEventLogStorage, SqliteEventLogStorage):
        with opened(kind, tmp_path / "events") as storage:
            storage.store_event_batch(told[:40])
    with opened(BatchedSqliteEventLogStorage, tmp_path / "events") as storage:
        assert len(rows(storage)["events"]) == 120


def test_a_runs_copy_of_an_event_is_a_reference_that_is_read_whole(tmp_path: Path) -> None:
    told = [entry for entry in entries() if entry.asset_materialization or entry.asset_observation]
    with opened(BatchedSqliteEventLogStorage, tmp_path / "ours") as storage:
        storage.store_event_batch(told)
        assert [record.event_log_entry for record in storage.get_records_for_run(RUN.run_id).records] == told
        made = storage.get_records_for_run(RUN.run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION, limit=2, ascending=False)
        assert [record.event_log_entry for record in made.records] == told[:-3:-1]
        sizes = select(func.sum(func.length(SqlEventLogStorageTable.c.event)))
        with storage.index_connection() as connection:
            whole = connection.execute(sizes).scalar_one()
        with storage.run_connection(RUN.run_id) as connection:
            assert connection.execute(sizes).scalar_one() < 0.65 * whole


def test_without_the_index_a_run_still_says_what_its_events_were_about(tmp_path: Path) -> None:
    told = [entry for entry in entries() if entry.asset_materialization][:3]
    with opened(BatchedSqliteEventLogStorage, tmp_path / "events") as storage:
        storage.store_event_batch(told)
        with storage.index_connection() as connection:
            connection.execute(delete(SqlEventLogStorageTable).where(SqlEventLogStorageTable.c.id == 2))
        found = [record.event_log_entry for record in storage.get_records_for_run(RUN.run_id).records]
    assert [found[0], found[2]] == [told[0], told[2]]
    assert about(found[1]) == about(told[1])
    assert not found[1].tags
    assert not found[1].get_dagster_event().logging_tags
    with opened(SqliteEventLogStorage, tmp_path / "events") as dagsters:
        records = dagsters.get_records_for_run(RUN.run_id).records
        assert [about(record.event_log_entry) for record in records] == [about(entry) for entry in told]


def about(entry: EventLogEntry) -> tuple[object, ...]:
    event = entry.get_dagster_event()
    return (event.event_type, event.asset_key, event.partition, entry.run_id, entry.step_key, entry.timestamp)


PLAYS = AssetCheckKey(AssetKey("timeline"), "plays")


def result_of_a_check() -> EventLogEntry:
    target = AssetCheckEvaluationTargetMaterializationData(storage_id=1, run_id=RUN.run_id, timestamp=1.5)
    figures = {"seconds": MetadataValue.float(32.27), "segments": MetadataValue.int(3)}
    evaluation = AssetCheckEvaluation(
        PLAYS.asset_key,
        PLAYS.name,
        passed=False,
        metadata=figures,
        target_materialization_data=target,
        severity=AssetCheckSeverity.WARN,
        description="a gap",
        blocking=False,
        partition="bees",
    )
    return event_entry(RUN, DagsterEventType.ASSET_CHECK_EVALUATION, evaluation, "plays: bees failed: a gap")


def test_the_result_of_a_check_is_in_its_run_and_in_the_table_of_results(tmp_path: Path) -> None:
    entry, held = result_of_a_check(), []
    for number, kind in enumerate((SqliteEventLogStorage, BatchedSqliteEventLogStorage)):
        with opened(kind, tmp_path / str(number)) as storage:
            storage.store_event_batch([*entries()[:2], entry, *entries()[:1]])
            (result,) = storage.get_asset_check_execution_history(PLAYS, limit=2)
            of_run = storage.get_records_for_run(RUN.run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION).records
            held.append((result.event, result.status, [(one.storage_id, one.event_log_entry) for one in of_run]))
    assert held[0] == held[1]
    assert held[1][2] == [(3, entry)]


def test_of_a_result_that_is_gone_its_run_still_says_which_check_failed(tmp_path: Path) -> None:
    with opened(BatchedSqliteEventLogStorage, tmp_path / "events") as storage:
        storage.store_event_batch([result_of_a_check()])
        with storage.index_connection() as connection:
            connection.execute(delete(AssetCheckExecutionsTable))
        (found,) = storage.get_records_for_run(RUN.run_id).records
    event = found.event_log_entry.get_dagster_event()
    said = event.asset_check_evaluation_data
    assert (said.asset_check_key, said.passed, said.partition) == (PLAYS, False, "bees")
    assert (said.metadata, said.description, event.logging_tags) == ({}, None, {})


@pytest.mark.slow
def test_a_watcher_of_a_run_gets_each_event_while_the_database_is_open(tmp_path: Path) -> None:
    told = entries()
    heard: list[EventLogEntry] = []
    all_heard = threading.Event()

    def hear(entry: EventLogEntry, _cursor: str) -> None:
        heard.append(entry)
        if len(heard) == len(told):
            all_heard.set()

    with opened(BatchedSqliteEventLogStorage, tmp_path / "events") as ours:
        ours.store_event_batch(told[:1])
        ours.watch(RUN.run_id, None, hear)
        ours.store_event_batch(told[1:])
        assert all_heard.wait(30)
        ours.end_watch(RUN.run_id, hear)


def in_processes(number: int, work: Callable[..., None], *arguments: object) -> list[int | None]:
    """Run `work` in `number` new processes at once; returns their exit codes."""
    processes = [start(work, *arguments) for _ in range(number)]
    for process in processes:
        process.join(60)
    return [process.exitcode for process in processes]


def write(folder: Path) -> None:
    """Write batches as a run does."""
    with opened(BatchedSqliteEventLogStorage, folder) as storage:
        for _ in range(5):
            storage.store_event_batch(entries())


@pytest.mark.slow
def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    with opened(
        BatchedSqliteEventLogStorage, tmp_path / "events"
    ) as storage:  # Dagster's other databases cannot be made by three
        assert not storage.get_all_run_ids()
    assert in_processes(3, write, tmp_path / "events") == [0, 0, 0]
    with opened(BatchedSqliteEventLogStorage, tmp_path / "events") as storage:
        assert len(rows(storage)["events"]) == 3 * 5 * len(entries())


@pytest.mark.slow
def test_a_forked_child_leaves_its_parents_connections_alone(tmp_path: Path) -> None:
    told = entries()
    with opened(BatchedSqliteEventLogStorage, tmp_path / "events") as storage:
        storage.store_event_batch(told)
        if not (child := os.fork()):
            try:
                storage.store_event_batch(told)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        storage.store_event_batch(told)
        assert len(rows(storage)["events"]) == 3 * len(told)


@pytest.mark.slow
def test_a_slot_is_claimed_by_only_one_of_two_claimants(tmp_path: Path) -> None:
    with opened(BatchedSqliteEventLogStorage, tmp_path / "events") as storage:
        storage.set_concurrency_slots("openai", 1)
        claims = [storage._claim_concurrency_slot("openai", run, "step") for run in ("one", "two")]
        assert [str(claim.value) for claim in claims] == ["CLAIMED", "BLOCKED"]


@pytest.mark.slow
def test_runs_whose_databases_were_closed_are_opened_again(tmp_path: Path) -> None:
    runs = [Origin(f"00000000-0000-4000-8000-{number:012}", "job", "step") for number in range(40)]
    with opened(BatchedSqliteEventLogStorage, tmp_path / "events") as storage:
        told = [entries(run)[:3] for run in runs]
        for batch in told * 2:
            storage.store_event_batch(batch)
        assert len(storage._shards) < len(runs)
        assert {len(storage.get_logs_for_run(run.run_id)) for run in runs} == {6}


@pytest.mark.slow
def test_partitions_of_several_dimensions_are_found_by_their_tags(tmp_path: Path) -> None:
    with opened(BatchedSqliteEventLogStorage, tmp_path / "events") as storage:
        storage.store_event_batch(entries())
        image = AssetKey(["asset", "image"])
        assert storage.get_materialized_partitions(image) == {
            MultiPartitionKey({"lecture": "bees", "segment_image": f"s0{slot}.i{number}"}) for slot in (0, 1) for number in (0, 1)
        }
