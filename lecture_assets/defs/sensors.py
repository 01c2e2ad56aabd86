"""Sensors and schedules: when Dagster acts. What the sensors do is in `reconciling.py`.

Sensor names are permanent, whatever their functions are called: Dagster stores by name whether a person switched a sensor off.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from dagster import (
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RunFailureSensorContext,
    RunRequest,
    ScheduleDefinition,
    SensorEvaluationContext,
    SkipReason,
    run_failure_sensor,
    sensor,
)

from lecture_assets.defs import reconciling
from lecture_assets.defs.jobs import collect_garbage, regenerate_lecture
from lecture_assets.defs.sensor_pace import is_rare
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.run_limits import AT_ONCE, run_limits

_IS_RARE = is_rare(os.environ)
_START_S, _PUBLISH_S, _FREE_S, _REQUEUE_S = (29, 59, 59, 29) if _IS_RARE else (1, 9, 14, 29)
"""The least seconds between two evaluations of each sensor. The daemon looks every 5 s, so they are evaluated every 5, 10, 15
and 30 s: what an evaluation costs is nearly all Dagster's own work. A run publishes what it makes, and takes over a dead run's
lecture, without these sensors."""
RUNNING = DefaultSensorStatus.RUNNING


@contextmanager
def _context() -> Iterator[Context]:
    with Lectures.open(os.environ) as lectures:
        yield lectures.context


@sensor(job=regenerate_lecture, default_status=RUNNING, minimum_interval_seconds=_START_S)
def start_regenerations(context: SensorEvaluationContext) -> Iterator[RunRequest | SkipReason]:
    """Starts a run for each lecture that was edited or whose worker died: edits first, one run at a time per lecture."""
    requests, why = list[RunRequest](), "no lecture waits for a run"
    with _context() as opened:
        if reconciling.is_anything_waiting(opened):
            reconciling.fail_unlaunched(context.instance)
            after_s = reconciling.left_to_dispatcher_s(context.instance, is_alone=not _IS_RARE)
            requests += reconciling.runs_to_start(context.instance, opened, run_limits(os.environ), after_s)
            why = f"each lecture with work to do has a run, rests after one that failed, or waits for a place ({AT_ONCE})"
    yield from requests
    if not requests:
        yield SkipReason(why)


@sensor(name="tell_lectures", default_status=RUNNING, minimum_interval_seconds=_PUBLISH_S, target=None)
def publish_lectures(context: SensorEvaluationContext) -> SkipReason:
    """Publishes to Dagster what happened to lectures outside its runs: edits, and what the command line made."""
    with _context() as opened:
        events = reconciling.publish_unpublished(context.instance, opened)
    published = ", ".join(f"{lecture} ({count})" for lecture, count in events.items())
    return SkipReason(f"published: {published}" if published else "Dagster is up to date with all lectures")


@sensor(default_status=RUNNING, minimum_interval_seconds=_FREE_S, target=None)
def free_slots(context: SensorEvaluationContext) -> SkipReason:
    """Frees the pool slots of runs whose process is gone, and sets the limits of new pools."""
    with _context() as opened:
        dead = reconciling.free_slots(context.instance, opened)
    return SkipReason(f"freed the slots of {', '.join(dead)}" if dead else "every slot belongs to a live run")


@run_failure_sensor(name="let_go_of_failed_runs", default_status=RUNNING, minimum_interval_seconds=_REQUEUE_S)
def requeue_failed_runs(context: RunFailureSensorContext) -> None:
    """Requeues the lecture of a run whose worker died, so that no node stays `generating`."""
    with _context() as opened:
        reconciling.requeue_failed(context.instance, opened, context.dagster_run.run_id)


SCHEDULES = [
    ScheduleDefinition(job=collect_garbage, cron_schedule="17 3 * * *", default_status=DefaultScheduleStatus.RUNNING),
]
SENSORS = [start_regenerations, publish_lectures, free_slots, requeue_failed_runs]
