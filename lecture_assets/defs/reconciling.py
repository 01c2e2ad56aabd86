"""The sensors' work: compare the store with Dagster, publish what is missing, start missing runs, free slots of dead runs.

The store determines what needs to be done and which workers are alive, by their leases; Dagster's runs only deliver. So every
function is safe to repeat at any time, from any process on any machine, after any crash.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dagster import DagsterInstance, DagsterRunStatus, RunRecord, RunRequest, RunsFilter
from sqlalchemy import Connection

from lecture_assets.defs.dagster_internals import FINISHED_STATUSES, PARTITION_NAME_TAG, DefaultRunCoordinator
from lecture_assets.defs.host.launcher import ForkingRunLauncher
from lecture_assets.defs.host.run_worker import is_live, worker_of
from lecture_assets.defs.host.worker_launcher import WorkerRunLauncher
from lecture_assets.defs.jobs import REGENERATE
from lecture_assets.defs.keys import LECTURE, add_lectures
from lecture_assets.defs.pools import free_slots_of_dead_runs, seed_pools
from lecture_assets.defs.sync import foreign_events
from lecture_assets.defs.sync.batch_publisher import publish_batch
from lecture_assets.defs.sync.publisher import instance_id
from lecture_assets.graph.plan import is_edit
from lecture_assets.runner.reading.plan_sizes import sized
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.liveness import is_abandoned, is_at_work
from lecture_assets.runner.setup.run_limits import RunLimits
from lecture_assets.store import published
from lecture_assets.store.published import UnpublishedLecture
from lecture_assets.store.waiting import WaitingLecture, is_any_waiting, let_go, progress_of, record_calls, waiting

PROGRESS = "lectures/progress"
"""Tag of a run: its lecture's progress when the run was started."""
TRIES = "lectures/tries"
"""Tag of a run: how many runs in succession had failed without progress when the run was started."""
_ACTIVE = [*set(DagsterRunStatus) - set(FINISHED_STATUSES)]
_LONGEST_REST_S, _MOST_TRIES = 300.0, 9
_RUN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLANNING_S = 2.0
"""How long one evaluation may plan lectures to find out how large their plans are."""
_CLAIM_S = 60.0
"""How long after its start a run may claim its lecture. From then on, it has the lecture's lease or keeps nobody from it."""
_LAUNCH_S = 10.0
"""How long a run may lack a worker: a launch takes about 10 ms, or 2 s if a fork server has to start first."""
_DISPATCH_S = 30.0
"""How long whoever starts runs beside the sensor may take to start one: about a tenth of a second."""
_PUBLISHING_S, _LOOK_S = 40.0, 2.0
"""How long one evaluation may publish, and how often it looks for newer changes; Dagster ends an evaluation after 60 s."""


def is_anything_waiting(context: Context) -> bool:
    """Whether any lecture has work to do; if not, Dagster need not be asked anything."""
    with context.database.read() as connection:
        return is_any_waiting(connection)


def left_to_dispatcher_s(instance: DagsterInstance, *, is_alone: bool = True) -> float:
    """How long the sensor leaves a lecture that was queued to whoever starts it at once (`dispatching.py`).

    is_alone: nobody but worker services starts runs beside the sensor
    """
    launcher = instance.run_launcher
    if not is_alone:
        return _DISPATCH_S
    if isinstance(launcher, WorkerRunLauncher) and isinstance(instance.run_coordinator, DefaultRunCoordinator):
        return _DISPATCH_S if launcher.places() else 0.0
    return 0.0


def runs_to_start(instance: DagsterInstance, context: Context, limits: RunLimits, after_s: float = 0.0) -> Iterator[RunRequest]:
    """Request runs for lectures that wait for a worker and have no active run: edits first, then the longest waiting.

    Lectures that were queued less than `after_s` ago are left out. Those whose runs failed in vain rest first. Only
    runs of the job count towards the limits: whoever materializes assets by hand takes no place from an edit. Dagster is asked
    twice, however many lectures wait.
    """
    with context.database.read() as connection:
        now = context.store_time(connection)
        rows = [row for row in waiting(connection) if not 0.0 <= now - row.queued_at < after_s]
    runs, owners = _regeneration_runs(instance), {row.lecture: row.owner for row in rows if not is_abandoned(context, row)}
    with context.database.read() as connection:
        tries = {row.lecture: _tries(runs.ended[row.lecture], connection, row) for row in rows if row.lecture in runs.ended}
    busy = [_lecture_of(record) for record in runs.active if _is_busy(record, owners.get(_lecture_of(record), ""))]
    taken = {*busy, *owners}
    ready = [
        row
        for row in rows
        if row.lecture not in taken and not (tries.get(row.lecture) and _rests(runs.ended[row.lecture], tries[row.lecture]))
    ]
    sizes = {row.lecture: row.calls for row in rows}
    edits = sum(is_edit(sizes.get(lecture)) for lecture in busy)
    bulk = len(busy) - edits
    if bulk + len(ready) > limits.at_once - limits.for_edits:
        sizes |= _found_out(context, ready)
    for row in sorted(ready, key=lambda row: not is_edit(sizes[row.lecture])):
        small = is_edit(sizes[row.lecture])
        if limits.may_start(sizes[row.lecture], edits, bulk):
            edits, bulk = edits + small, bulk + (not small)
            yield _request(instance, context, row, tries.get(row.lecture, 0))


def _found_out(context: Context, rows: Sequence[WaitingLecture]) -> Mapping[str, int | None]:
    """Plan the lectures whose number of calls is not known, keep the numbers with their requests, and return them."""
    if found := sized(context, rows, _PLANNING_S):
        with context.database.write() as connection:
            record_calls(connection, found)
    return {row.lecture: row.calls for row in found}


def _request(instance: DagsterInstance, context: Context, row: WaitingLecture, tries: int) -> RunRequest:
    with context.database.read() as connection:
        progress = progress_of(connection, row)
    if not instance.has_dynamic_partition(LECTURE, row.lecture):
        add_lectures(instance, [row.lecture])
    tags = {PROGRESS: progress, TRIES: str(tries), "lectures/version": str(row.version)}
    return RunRequest(job_name=REGENERATE, partition_key=row.lecture, tags=tags)


@dataclass(frozen=True, slots=True)
class _RegenerationRuns:
    """The runs of the job. ended: the newest run of each lecture, if it ended within the longest rest."""

    active: Sequence[RunRecord]
    ended: Mapping[str, RunRecord]


def _regeneration_runs(instance: DagsterInstance) -> _RegenerationRuns:
    active = instance.get_run_records(RunsFilter(job_name=REGENERATE, statuses=_ACTIVE))
    lately = datetime.now(UTC) - timedelta(seconds=2 * _LONGEST_REST_S)
    ended = instance.get_run_records(RunsFilter(job_name=REGENERATE, statuses=list(FINISHED_STATUSES), updated_after=lately))
    return _RegenerationRuns(active, {_lecture_of(record): record for record in reversed(ended)})


def _lecture_of(record: RunRecord) -> str:
    return record.dagster_run.tags.get(PARTITION_NAME_TAG, "")


def _is_busy(record: RunRecord, owner: str) -> bool:
    """Whether an active run works on its lecture or is about to claim it. owner: the live worker that has the lecture.

    A run whose machine is cut off stays active in Dagster until run monitoring notices, if it does: it keeps nobody from working.
    """
    run = record.dagster_run
    if run.status is not DagsterRunStatus.STARTED or record.start_time is None or owner.endswith(f"/{run.run_id}"):
        return True
    return abs(time.time() - record.start_time) < _CLAIM_S


def _tries(ended: RunRecord, connection: Connection, row: WaitingLecture) -> int:
    """How many of the lecture's runs failed in succession since it last made progress."""
    run = ended.dagster_run
    if run.status is not DagsterRunStatus.FAILURE or run.tags.get(PROGRESS) != progress_of(connection, row):
        return 0
    before = run.tags.get(TRIES, "")
    return 1 + (min(int(before[:3]), _MOST_TRIES) if before.isdecimal() else 0)


def _rests(ended: RunRecord, tries: int) -> bool:
    """Whether a lecture is not due for another try."""
    rested_s = abs(time.time() - (ended.end_time or 0.0))  # a time in the future was written by another clock
    return rested_s < min(2.0**tries, _LONGEST_REST_S)


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


def publish_unpublished(instance: DagsterInstance, context: Context) -> dict[str, int]:
    """Publish lectures that were edited, worked on, or changed in Dagster by hand; returns the number of events of each.

    What changed last goes first: an edit does not wait until thousands of new lectures are published.
    """
    foreign_events.notice(context, instance)
    until, events, tried = time.monotonic() + _PUBLISHING_S, dict[str, int](), set[UnpublishedLecture]()
    while time.monotonic() < until and (rows := [row for row in _unpublished(instance, context) if row not in tried]):
        look_again = time.monotonic() + _LOOK_S
        while rows and time.monotonic() < min(look_again, until):
            batch = publish_batch(context, instance, (row.lecture for row in rows), _live_run(instance))
            tried.update(rows[: len(batch)])
            del rows[: len(batch)]
            events |= {lecture: events.get(lecture, 0) + count for lecture, count in batch.items()}
    return events


def _unpublished(instance: DagsterInstance, context: Context) -> list[UnpublishedLecture]:
    with context.database.read() as connection:
        busy = {row.lecture for row in waiting(connection) if row.owner and not is_abandoned(context, row)}
        return [row for row in published.unpublished(connection, instance_id(instance)) if row.lecture not in busy]


def _live_run(instance: DagsterInstance) -> Callable[[str], bool]:
    """A predicate: whether a worker is a run of Dagster that may publish itself what it made."""

    def may_publish(worker: str) -> bool:
        run_id = worker.rpartition("/")[2]
        if not _RUN_ID.fullmatch(run_id):
            return False
        lives_here = _lives_here(instance, run_id)
        if lives_here is not None:
            return lives_here
        run = instance.get_run_by_id(run_id)
        return run is not None and not run.is_finished

    return may_publish


def _lives_here(instance: DagsterInstance, run_id: str) -> bool | None:
    """Whether a run's process is alive, by its lock; None if it is not on this machine."""
    launcher = instance.run_launcher
    if isinstance(launcher, ForkingRunLauncher) and (worker := worker_of(launcher.folder, run_id)) is not None and worker[0]:
        return is_live(launcher.folder, run_id)
    return None


def free_slots(instance: DagsterInstance, context: Context) -> list[str]:
    """Set the limits of pools that have none, and free the slots of runs whose process is gone; returns these runs' ids."""
    seed_pools(instance, context.limits)
    return free_slots_of_dead_runs(instance, liveness(instance, context))


def liveness(instance: DagsterInstance, context: Context) -> Callable[[str], bool]:
    """A predicate: may a run's process be alive, and have calls in flight? It may while it has a lecture's lease.

    Its status in Dagster says nothing: a canceled run waits for its calls. Where it is on this machine, its lock says so sooner.
    """

    def may_live(run_id: str) -> bool:
        lives_here = _lives_here(instance, run_id)
        return is_at_work(context, run_id) if lives_here is None else lives_here

    return may_live


def requeue_failed(instance: DagsterInstance, context: Context, run_id: str) -> bool:
    """Requeue the lectures that a failed run was working on; False while its process is alive, which then does so itself.

    A copy of a home has the same runs: only abandoned lectures are requeued.
    """
    if liveness(instance, context)(run_id):
        return False
    with context.database.write() as connection:
        for row in waiting(connection):
            if row.owner.endswith(f"/{run_id}") and is_abandoned(context, row):
                let_go(connection, row.owner, context.store_time(connection))
    return True
