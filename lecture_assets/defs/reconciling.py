"""The sensors' work: compare the store with Dagster, publish what is missing, start missing runs, free slots of dead runs.

The store determines what needs to be done and locks show which processes are alive; Dagster's runs only deliver. So every
function is safe to repeat at any time, from any process, after any crash.
"""

import time
from collections.abc import Callable, Iterator, Sequence

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunRequest, RunsFilter

from lecture_assets.defs.dagster_internals import FINISHED_STATUSES, PARTITION_NAME_TAG
from lecture_assets.defs.host.launcher import ForkingRunLauncher
from lecture_assets.defs.host.run_worker import is_live, lock_path
from lecture_assets.defs.jobs import REGENERATE
from lecture_assets.defs.keys import LECTURE
from lecture_assets.defs.pools import free_slots_of_dead_runs, seed_pools
from lecture_assets.defs.sync import foreign_events
from lecture_assets.defs.sync.publisher import EventLogPublisher, instance_id
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.liveness import is_abandoned
from lecture_assets.store import published
from lecture_assets.store.waiting import WaitingLecture, let_go, waiting

PROGRESS = "lectures/progress"
"""Tag of a run: its lecture's progress when the run was started."""
_AT_ONCE = 8
"""Runs that the sensor keeps active at once: they share the providers' slots, so more runs would only use memory."""
_REMEMBERED = 10
_LONGEST_REST_S = 300.0
_LAUNCH_S = 10.0
"""How long a run may lack a worker: a launch takes about 10 ms, or 2 s if a fork server has to start first."""
_PUBLISHING_S = 20.0
"""How long one evaluation may publish; Dagster ends a sensor's evaluation after 60 s."""


def runs_to_start(instance: DagsterInstance, context: Context) -> Iterator[RunRequest]:
    """Request a run for each lecture that waits for a worker and has no active run; delayed after runs that failed in vain."""
    active = instance.get_runs_count(RunsFilter(job_name=REGENERATE, statuses=[*set(DagsterRunStatus) - set(FINISHED_STATUSES)]))
    room = _AT_ONCE - active
    with context.database.read() as connection:
        rows = waiting(connection)
    for row in rows:
        if room <= 0:
            return
        if is_abandoned(context, row) and not _has_run(instance, row):
            room -= 1
            _add_partition(instance, row.lecture)
            tags = {PROGRESS: row.progress, "lectures/version": str(row.version)}
            yield RunRequest(job_name=REGENERATE, partition_key=row.lecture, tags=tags)


def fail_unlaunched(instance: DagsterInstance) -> list[str]:
    """Fail the runs without a worker, whose launcher must have died; returns their ids.

    If a launcher was merely slow, its worker finds the run failed and ends, and another run does the work.
    """
    launcher = instance.run_launcher
    if not isinstance(launcher, ForkingRunLauncher):
        return []  # Dagster's run monitoring has a timeout for launchers that request a machine from a cluster
    unlaunched = RunsFilter(statuses=[DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING])
    failed = []
    for record in instance.get_run_records(unlaunched):
        run = record.dagster_run
        waited_s = abs(time.time() - record.update_timestamp.timestamp())  # a time in the future was written by another clock
        if waited_s > _LAUNCH_S and not is_live(launcher.folder, run.run_id):
            instance.report_run_failed(
                run, f"No worker took this run within {_LAUNCH_S:.0f} s: the process that was launching it died."
            )
            failed.append(run.run_id)
    return failed


def _has_run(instance: DagsterInstance, row: WaitingLecture) -> bool:
    """Whether a run of the lecture is active, or failed recently and is not due for another try."""
    of_lecture = RunsFilter(job_name=REGENERATE, tags={PARTITION_NAME_TAG: row.lecture})
    records = instance.get_run_records(of_lecture, limit=_REMEMBERED)
    if any(not record.dagster_run.is_finished for record in records):
        return True
    failures = _failures_in_vain([record.dagster_run for record in records], row.progress)
    if not failures:
        return False
    rested_s = abs(time.time() - (records[0].end_time or 0.0))  # a time in the future was written by another clock
    return rested_s < min(2.0**failures, _LONGEST_REST_S)


def _failures_in_vain(runs: Sequence[DagsterRun], progress: str) -> int:
    """The number of latest runs that failed in succession since the lecture last made progress."""
    for number, run in enumerate(runs):
        if run.status is not DagsterRunStatus.FAILURE or run.tags.get(PROGRESS) != progress:
            return number
    return len(runs)


def _add_partition(instance: DagsterInstance, lecture: str) -> None:
    if not instance.has_dynamic_partition(LECTURE, lecture):
        instance.add_dynamic_partitions(LECTURE, [lecture])


def publish_unpublished(instance: DagsterInstance, context: Context) -> dict[str, int]:
    """Publish lectures that were edited, worked on, or changed in Dagster by hand; returns the number of events of each."""
    foreign_events.notice(context, instance)
    with context.database.read() as connection:
        missing = published.unpublished(connection, instance_id(instance))
        busy = {row.lecture for row in waiting(connection) if row.owner and not is_abandoned(context, row)}
    until, events = time.monotonic() + _PUBLISHING_S, dict[str, int]()
    for row in missing:
        if row.lecture not in busy and time.monotonic() < until:
            events[row.lecture] = EventLogPublisher(context, instance, row.lecture).publish_all()
    return events


def free_slots(instance: DagsterInstance, context: Context) -> list[str]:
    """Set the limits of pools that have none, and free the slots of runs whose process is gone; returns these runs' ids."""
    seed_pools(instance, context.limits)
    return free_slots_of_dead_runs(instance, liveness(instance))


def liveness(instance: DagsterInstance) -> Callable[[str], bool]:
    """A predicate: may a run's process be alive? Decided by its lock or, with another launcher, by Dagster's status."""

    def may_live(run_id: str) -> bool:
        launcher = instance.run_launcher
        if isinstance(launcher, ForkingRunLauncher) and lock_path(launcher.folder, run_id).exists():
            return is_live(launcher.folder, run_id)
        run = instance.get_run_by_id(run_id)
        return run is not None and not run.is_finished

    return may_live


def requeue_failed(instance: DagsterInstance, context: Context, run_id: str) -> bool:
    """Requeue the lectures that a failed run was working on; False while its process is alive, which then does so itself.

    A copy of a home has the same runs: only abandoned lectures are requeued.
    """
    if liveness(instance)(run_id):
        return False
    with context.database.write() as connection:
        for row in waiting(connection):
            if row.owner.endswith(f"/{run_id}") and is_abandoned(context, row):
                let_go(connection, row.owner)
    return True
