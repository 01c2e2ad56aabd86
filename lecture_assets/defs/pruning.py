"""Deletes old runs from Dagster, and old events that nothing in it reads any more. What its asset pages show stays the same.

Dagster deletes a run's events with the run. Those that it still reads are taken out of the run first: they keep their ids, so
that no pointer of another event is wrong, and become events of no run.

Kept whatever their age: runs of other jobs, runs with events of other assets or checks, the last run of an asset, and runs that
failed to make a node which was not made since. Of each check the newest result of each partition is kept.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dagster import AssetCheckKey, DagsterInstance, EventLogEntry, EventLogRecord, RunsFilter
from sqlalchemy import Connection, and_, delete, func, select, tuple_, update

from lecture_assets.defs.dagster_internals import (
    FINISHED_STATUSES,
    RUNLESS_JOB_NAME,
    RUNLESS_RUN_ID,
    AssetCheckExecutionsTable,
    AssetEventTagsTable,
    AssetKeyTable,
    RunTagsTable,
    SqlEventLogStorage,
    SqlEventLogStorageTable,
    SqliteEventLogStorage,
    SqlRunStorage,
    deserialize_value,
)
from lecture_assets.defs.host.event_json import event_json
from lecture_assets.defs.keys import lecture_of_partition
from lecture_assets.defs.sync.subjects import MADE, OBSERVED, PLANNED, kinds_by_asset, subject_of
from lecture_assets.defs.sync.superseded import LectureLog

_EVENTS = SqlEventLogStorageTable.c
_RESULTS = AssetCheckExecutionsTable.c
_MOST = 200
"""Runs, or ids, that are handled together."""
_SUFFIXES = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was deleted. events: of no run; those of runs are deleted with them."""

    runs: int
    events: int


def prune(instance: DagsterInstance, jobs: Iterable[str], checks: Collection[AssetCheckKey], before: float) -> Pruned:
    """Delete runs of these jobs that ended before a time (seconds since 1970), and superseded events of no run before it.

    checks: those whose old results are deleted with their runs

    Works with Dagster's own storages and ours, while others publish; can be interrupted anywhere and repeated.
    """
    storage, until = instance.event_log_storage, datetime.fromtimestamp(before, UTC)
    if not isinstance(storage, SqlEventLogStorage):
        return Pruned(0, 0)
    filters = [RunsFilter(job_name=job, statuses=list(FINISHED_STATUSES), updated_before=until) for job in jobs]
    runs = [run_id for each in filters for run_id in instance.run_storage.get_run_ids(each)]
    with storage.index_connection() as connection:
        last = _last_runs(connection)
    runs = [run for run in runs if run not in last]
    known = {(key.asset_key.to_string(), key.name) for key in checks}
    deleted = sum(_prune_runs(instance, storage, runs[start : start + _MOST], known) for start in range(0, len(runs), _MOST))
    return Pruned(deleted, _prune_events(storage, until.replace(tzinfo=None)))


def _last_runs(connection: Connection) -> set[str]:
    """The runs that assets name as their last, and the one of the log's last event, whose id is never given out again."""
    found = set[str]()
    for row in connection.execute(select(AssetKeyTable.c.last_run_id, AssetKeyTable.c.last_materialization)):
        found.add(row.last_run_id)
        if row.last_materialization:
            found.add(deserialize_value(row.last_materialization, EventLogRecord).event_log_entry.run_id)
    last = select(func.max(_EVENTS.id)).scalar_subquery()
    return found | {*connection.execute(select(_EVENTS.run_id).where(_EVENTS.id == last)).scalars()}


def _prune_runs(
    instance: DagsterInstance, storage: SqlEventLogStorage, runs: Sequence[str], checks: Collection[tuple[str, str]]
) -> int:
    """Delete those of the runs that nothing needs; returns their number. checks: asset and name of those that are known."""
    columns = (_EVENTS.id, _EVENTS.run_id, _EVENTS.asset_key, _EVENTS.partition, _EVENTS.dagster_event_type)
    with storage.index_transaction() as connection:
        rows = connection.execute(select(*columns).where(_EVENTS.run_id.in_(runs), _EVENTS.asset_key.is_not(None))).all()
        subjects = {row.id: subject_of(row.asset_key or "", row.partition) for row in rows}
        logs = [LectureLog.read(connection, name) for name in {found.lecture for found in subjects.values() if found}]
        needed = {number for log in logs for number in log.needed}
        movable = {row.id for row in rows if row.dagster_event_type in {MADE, OBSERVED}}
        known = movable | {row.id for row in rows if row.dagster_event_type == PLANNED and row.id not in needed}
        kept = {row.run_id for row in rows if subjects[row.id] is None or row.id not in known}
        results = select(_RESULTS.run_id, _RESULTS.asset_key, _RESULTS.check_name).where(_RESULTS.run_id.in_(runs))
        kept |= {run for run, *check in connection.execute(results) if tuple(check) not in checks}
        _detach(connection, [row.id for row in rows if row.run_id not in kept and row.id in needed])
        doomed = [run for run in runs if run not in kept]
        _prune_results(connection, doomed, checks)
    for run in doomed:
        _delete_run(instance, storage, run)
    return len(doomed)


def _prune_results(connection: Connection, runs: Sequence[str], checks: Collection[tuple[str, str]]) -> None:
    """Delete the results of these checks that the runs have stored, and those of no run: all but the newest of each partition."""
    old = and_(tuple_(_RESULTS.asset_key, _RESULTS.check_name).in_(checks), _RESULTS.run_id.in_([*runs, RUNLESS_RUN_ID]))
    newest = select(func.max(_RESULTS.id)).group_by(_RESULTS.asset_key, _RESULTS.check_name, _RESULTS.partition)
    connection.execute(update(AssetCheckExecutionsTable).where(old, _RESULTS.id.in_(newest)).values(run_id=RUNLESS_RUN_ID))
    connection.execute(delete(AssetCheckExecutionsTable).where(old, _RESULTS.id.not_in(newest)))


def _detach(connection: Connection, numbers: Sequence[int]) -> None:
    """Make events of runs into events of no run."""
    for number in numbers:
        text = connection.execute(select(_EVENTS.event).where(_EVENTS.id == number)).scalar_one()
        entry = deserialize_value(text, EventLogEntry)
        event = entry.get_dagster_event()._replace(job_name=RUNLESS_JOB_NAME, step_key=None)
        entry = entry._replace(run_id=RUNLESS_RUN_ID, job_name=RUNLESS_JOB_NAME, step_key=None, dagster_event=event)
        values = {"run_id": RUNLESS_RUN_ID, "step_key": None, "event": event_json(entry)}
        connection.execute(update(SqlEventLogStorageTable).where(_EVENTS.id == number).values(values))


def _delete_run(instance: DagsterInstance, storage: SqlEventLogStorage, run: str) -> None:
    """Delete a run, its events first: a run whose events are gone is found again after an interruption."""
    storage.delete_events(run)
    instance.compute_log_manager.delete_logs(prefix=[run])
    if isinstance(instance.run_storage, SqlRunStorage):
        with instance.run_storage.connect() as connection:  # SQLite deletes no tags with their run
            connection.execute(delete(RunTagsTable).where(RunTagsTable.c.run_id == run))
    instance.run_storage.delete_run(run)
    if isinstance(storage, SqliteEventLogStorage):
        for suffix in _SUFFIXES:
            Path(storage.path_for_shard(run) + suffix).unlink(missing_ok=True)


def _prune_events(storage: SqlEventLogStorage, before: datetime) -> int:
    """Delete superseded events of no run that were written before a time; returns their number."""
    deleted = 0
    with storage.index_connection() as connection:
        lectures = {*_with_superseded(connection, before)}
    for lecture in lectures:
        with storage.index_transaction() as connection:
            log = LectureLog.read(connection, lecture)
            superseded = [
                event.number
                for event in log.events
                if event.number not in log.needed and event.run_id == RUNLESS_RUN_ID and event.at < before
            ]
            for start in range(0, len(superseded), _MOST):
                some = superseded[start : start + _MOST]
                connection.execute(delete(AssetEventTagsTable).where(AssetEventTagsTable.c.event_id.in_(some)))
                connection.execute(delete(SqlEventLogStorageTable).where(_EVENTS.id.in_(some)))
        deleted += len(superseded)
    _prune_copies(storage, before)
    return deleted


def _with_superseded(connection: Connection, before: datetime) -> Iterator[str]:
    """The lectures with events of no run before a time that are not the newest of their partition and type."""
    newer = SqlEventLogStorageTable.alias()
    same = [_EVENTS[name] == newer.c[name] for name in ("asset_key", "partition", "dagster_event_type")]
    is_old = [_EVENTS.run_id == RUNLESS_RUN_ID, _EVENTS.timestamp < before, _EVENTS.asset_key.in_(list(kinds_by_asset()))]
    is_superseded = select(newer.c.id).where(*same, newer.c.id > _EVENTS.id).exists()
    for partition in connection.execute(select(_EVENTS.partition).where(*is_old, is_superseded).distinct()).scalars():
        yield lecture_of_partition(partition)


def _prune_copies(storage: SqlEventLogStorage, before: datetime) -> None:
    """Delete Dagster's second copies of events of no run, in a database of their own that nothing reads."""
    if isinstance(storage, SqliteEventLogStorage) and Path(storage.path_for_shard(RUNLESS_RUN_ID)).exists():
        with storage.run_connection(RUNLESS_RUN_ID) as connection:
            old = (_EVENTS.dagster_event_type.in_([MADE, OBSERVED]), _EVENTS.timestamp < before)
            connection.execute(delete(SqlEventLogStorageTable).where(*old))
