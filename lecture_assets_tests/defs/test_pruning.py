"""Old runs and superseded events are deleted, and Dagster's pages show what they did."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetCheckKey,
    AssetKey,
    AssetMaterialization,
    AssetRecordsFilter,
    DagsterInstance,
    EventLogEntry,
)
from dagster._core.events import DagsterEvent, StepMaterializationData
from dagster._core.storage.event_log.schema import AssetEventTagsTable, SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._core.storage.runs.schema import RunTagsTable
from sqlalchemy import delete, func, select

from lecture_assets.definitions import defs
from lecture_assets.defs.check_evaluations import CHECK_KEYS
from lecture_assets.defs.jobs import COLLECT, OUR_JOBS
from lecture_assets.defs.pruning import Pruned, prune
from lecture_assets.defs.reconciling import publish_unpublished
from lecture_assets.defs.sync.events import Origin, asset_partition_of
from lecture_assets.defs.sync.lost_events import forget_lost
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, brief, environment, open_dagster_home
from lecture_assets_tests.defs.made_instance import put_files
from lecture_assets_tests.project import THOROUGH

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
WORDS = "text content:narration-text:segment[0]=Rain number {}."
STOCK = "telemetry: {enabled: false}"


@contextmanager
def opened(home: Path, settings: str = "") -> Iterator[DagsterHome]:
    """Open a home with a lecture, on our storages or with these settings of Dagster."""
    if settings:
        put_files(home / "dagster")
        (home / "dagster" / "dagster.yaml").write_text(settings)
    with open_dagster_home(home, brief(1)) as dagster_home:
        yield dagster_home


def prune_all(dagster_home: DagsterHome) -> Pruned:
    """Prune as if all runs and events were old."""
    return prune(dagster_home.instance, OUR_JOBS, CHECK_KEYS, time.time() + 1)


def shown(dagster_home: DagsterHome) -> Mapping[str, Any]:
    """What the pages of all partitions show: the newest events, by their ids and metadata."""
    with dagster_home.lectures.context.database.read() as connection:
        nodes = read_snapshot(dagster_home.lectures.context, connection, LECTURE).graph.nodes
    found: dict[str, Any] = {}
    for node in nodes:
        target = asset_partition_of(LECTURE, node)
        wanted = AssetRecordsFilter(target.asset, asset_partitions=[target.partition])
        made = dagster_home.instance.fetch_materializations(wanted, limit=1).records
        seen = dagster_home.instance.fetch_observations(wanted, limit=1).records
        events = [
            (one.event_log_entry.asset_materialization or one.event_log_entry.asset_observation, one) for one in (*made, *seen)
        ]
        found[node] = [(event and event.metadata, event and event.tags, one.storage_id, one.timestamp) for event, one in events]
    return found


def runs(instance: DagsterInstance) -> list[str]:
    """The runs, the last first."""
    return [run.run_id for run in instance.get_runs()]


def rows(dagster_home: DagsterHome) -> dict[str, int]:
    """The number of rows of Dagster's tables that grow."""
    storage: Any = dagster_home.instance.event_log_storage
    with storage.index_connection() as connection:
        counts = {table.name: count(connection, table) for table in (SqlEventLogStorageTable, AssetEventTagsTable)}
    with dagster_home.instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        return counts | {"run_tags": count(connection, RunTagsTable)}


def count(connection: Any, table: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar())


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["", *([STOCK] if THOROUGH else [])])
def test_old_runs_go_with_their_files_and_the_pages_stay(tmp_path: Path, settings: str) -> None:
    with opened(tmp_path / "home", settings) as dagster_home:
        assert (type(dagster_home.instance.event_log_storage) is SqliteEventLogStorage) == bool(settings)
        assert dagster_home.run().success
        for number in range(2):
            dagster_home.edit(WORDS.format(number))
            assert dagster_home.run().success
        last, middle, first = runs(dagster_home.instance)
        before, sizes = shown(dagster_home), rows(dagster_home)
        assert prune(dagster_home.instance, OUR_JOBS, CHECK_KEYS, time.time() - 3600) == Pruned(0, 0)
        assert [*(tmp_path / "home" / "dagster").rglob(f"*{middle}*")]
        assert prune_all(dagster_home).runs == 1
        assert runs(dagster_home.instance) == [last, first]  # assets show them as their last
        assert [*(tmp_path / "home" / "dagster").rglob(f"*{middle}*")] == []
        assert all(now < then for now, then in zip(rows(dagster_home).values(), sizes.values(), strict=True))
        assert prune_all(dagster_home) == Pruned(0, 0)
        assert shown(dagster_home) == before
        assert_checks_are_shown(dagster_home, {first, last})
        assert dagster_home.disagreements() == []
        if not settings:  # Dagster's storage takes longer, and has the same rows
            assert_agreement_after_undo(dagster_home)
        assert publish_unpublished(dagster_home.instance, dagster_home.lectures.context) == {}


def assert_checks_are_shown(dagster_home: DagsterHome, runs_left: set[str]) -> None:
    """Each check has a result, and older ones only of runs that are left."""
    for key in CHECK_KEYS:
        records = dagster_home.instance.event_log_storage.get_asset_check_execution_history(key, 10)
        assert len(records) == len(runs_left)
        assert {record.run_id for record in records} == runs_left
        if key.name != "length_is_as_asked":  # a few words are shorter than what was asked for
            assert {record.status.value for record in records} == {"SUCCEEDED"}


def assert_agreement_after_undo(dagster_home: DagsterHome) -> None:
    """Edit, prune, and undo: what readers were made from is compared with what is current again."""
    for number in range(2):
        dagster_home.edit(WORDS.format(f"again {number}"), "set voice=teacher")
        dagster_home.publish()
    before = shown(dagster_home)
    prune_all(dagster_home)
    assert shown(dagster_home) == before
    for act in (dagster_home.lectures.undo, dagster_home.lectures.undo, dagster_home.lectures.undo, dagster_home.lectures.redo):
        act(LECTURE)
        dagster_home.publish()
        assert dagster_home.disagreements() == []


@pytest.mark.slow
def test_events_of_no_run_go_once_they_are_superseded(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as dagster_home:
        for number in range(4):
            dagster_home.edit(f"set voice={'teacher' if number % 2 else 'narrator'}", WORDS.format(number))
            dagster_home.publish()
        before, (count, *_) = shown(dagster_home), rows(dagster_home).values()
        deleted = prune_all(dagster_home).events
        assert deleted >= 6
        assert next(iter(rows(dagster_home).values())) == count - deleted
        assert shown(dagster_home) == before
        assert dagster_home.disagreements() == []


@pytest.mark.thorough("another lecture made by runs")
@pytest.mark.slow
def test_what_somebody_deletes_from_the_log_is_published_again(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as dagster_home:
        assert dagster_home.run().success
        context, instance = dagster_home.lectures.context, dagster_home.instance
        assert forget_lost(context, instance) == []
        half = (instance.event_log_storage.get_maximum_record_id() or 0) // 2
        storage: Any = instance.event_log_storage
        with storage.index_connection() as connection:
            connection.execute(delete(SqlEventLogStorageTable).where(SqlEventLogStorageTable.c.id <= half))
        assert dagster_home.disagreements() != []
        assert publish_unpublished(instance, context) == {}
        assert defs.get_job_def(COLLECT).execute_in_process(instance=instance).success
        assert publish_unpublished(instance, context)[LECTURE] > 0
        assert dagster_home.disagreements() == []
        assert forget_lost(context, instance) == []


@pytest.mark.thorough("another lecture made by runs")
@pytest.mark.slow
def test_a_failed_run_stays_until_its_node_is_made(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as dagster_home:
        with environment(LECTURES_SIM_FAULTS="image:moderation*99@1"):
            assert not dagster_home.run().success
        (failed,) = runs(dagster_home.instance)
        dagster_home.lectures.create(brief(1), "other")
        publish_unpublished(dagster_home.instance, dagster_home.lectures.context)
        job = defs.get_job_def("regenerate_lecture")
        assert job.execute_in_process(partition_key="other", instance=dagster_home.instance).success
        assert prune_all(dagster_home).runs == 0
        assert dagster_home.run().success
        assert prune_all(dagster_home).runs > 0
        assert failed not in runs(dagster_home.instance)
        assert dagster_home.disagreements() == []


@pytest.mark.slow
def test_the_daily_job_deletes_what_is_older_than_the_setting_says(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as dagster_home:
        collect = defs.get_job_def(COLLECT).execute_in_process
        assert collect(instance=dagster_home.instance).success
        with dagster_home.instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
            connection.exec_driver_sql("UPDATE runs SET update_timestamp = '2020-01-01 00:00:00.000000'")
        for days, left in (("never", 2), ("30", 2)):
            with environment(LECTURES_KEEP_RUNS_DAYS=days):
                assert collect(instance=dagster_home.instance).success
            assert dagster_home.instance.get_runs_count() == left


def test_all_jobs_are_named() -> None:
    assert {job.name for job in defs.resolve_all_job_defs()} == set(OUR_JOBS)


def test_runs_of_other_jobs_and_with_events_of_other_assets_stay() -> None:
    with DagsterInstance.ephemeral() as instance:
        mine, plain = (instance.create_run_for_job(defs.get_job_def(COLLECT)) for _ in range(2))
        for run in (mine, plain):
            instance.report_run_failed(run)
        for run_id in (mine.run_id, Origin().run_id):  # the last event of an asset keeps its run, too
            data = StepMaterializationData(AssetMaterialization("mine"), [])
            event = DagsterEvent("ASSET_MATERIALIZATION", COLLECT, event_specific_data=data)
            entry = EventLogEntry(None, 20, "", run_id, time.time(), dagster_event=event)  # type: ignore[no-untyped-call]
            instance.event_log_storage.store_event(entry)
        assert prune(instance, ("another",), CHECK_KEYS, time.time() + 1) == Pruned(0, 0)
        assert prune(instance, OUR_JOBS, CHECK_KEYS, time.time() + 1) == Pruned(1, 0)
        assert runs(instance) == [mine.run_id]


def test_the_newest_result_of_a_check_outlives_its_run() -> None:
    with DagsterInstance.ephemeral() as instance:
        old, new, last = (instance.create_run_for_job(defs.get_job_def(COLLECT)) for _ in range(3))
        mine = AssetCheckKey(AssetKey("mine"), "own")
        for run in (old, new):
            for key in (CHECK_KEYS[0], mine) if run is new else CHECK_KEYS[:1]:
                result = AssetCheckEvaluation(
                    asset_key=key.asset_key, check_name=key.name, passed=True, metadata={}, partition=LECTURE
                )
                event = DagsterEvent("ASSET_CHECK_EVALUATION", COLLECT, event_specific_data=result)
                entry = EventLogEntry(None, 20, "", run.run_id, time.time(), dagster_event=event)  # type: ignore[no-untyped-call]
                instance.event_log_storage.store_event(entry)
            instance.report_run_failed(run)
        instance.report_run_failed(last)
        history = instance.event_log_storage.get_asset_check_execution_history
        assert prune(instance, OUR_JOBS, CHECK_KEYS, time.time() + 1).runs == 1
        assert runs(instance) == [last.run_id, new.run_id]  # it has the result of another check
        assert [record.run_id for record in history(CHECK_KEYS[0], 10)] == [new.run_id]
        assert prune(instance, OUR_JOBS, [*CHECK_KEYS, mine], time.time() + 1).runs == 1
        (record,) = history(CHECK_KEYS[0], 10)
        assert record.run_id == Origin().run_id
        assert record.status.value == "SUCCEEDED"
