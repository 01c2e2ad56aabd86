"""Sensors and schedules: when Dagster looks. What they do is in `reconciling.py`."""

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
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context

_EVERY_S = 1
"""The daemon looks at all sensors every 5 s; this keeps none of them from being among them."""
RUNNING = DefaultSensorStatus.RUNNING


@contextmanager
def _context() -> Iterator[Context]:
    with Lectures.open(os.environ) as lectures:
        yield lectures.context


@sensor(job=regenerate_lecture, default_status=RUNNING, minimum_interval_seconds=_EVERY_S)
def start_regenerations(context: SensorEvaluationContext) -> Iterator[RunRequest | SkipReason]:
    """Starts a run for each lecture that was edited, or whose worker died; one at a time a lecture, later edits in the next."""
    with _context() as opened:
        reconciling.fail_unlaunched(context.instance)
        requests = list(reconciling.runs_to_start(context.instance, opened))
    yield from requests
    if not requests:
        yield SkipReason("no lecture waits for a run")


@sensor(default_status=RUNNING, minimum_interval_seconds=_EVERY_S, target=None)
def tell_lectures(context: SensorEvaluationContext) -> SkipReason:
    """Tells Dagster what became of lectures outside of its runs: edits, and what the command line made."""
    with _context() as opened:
        statements = reconciling.tell_untold(context.instance, opened)
    told = ", ".join(f"{lecture} ({count})" for lecture, count in statements.items())
    return SkipReason(f"told: {told}" if told else "Dagster knows of all lectures")


@sensor(default_status=RUNNING, minimum_interval_seconds=_EVERY_S, target=None)
def free_slots(context: SensorEvaluationContext) -> SkipReason:
    """Frees pool slots of runs whose process is gone, and gives new pools their limit."""
    with _context() as opened:
        dead = reconciling.free_slots(context.instance, opened)
    return SkipReason(f"freed the slots of {', '.join(dead)}" if dead else "every slot belongs to a living run")


@run_failure_sensor(default_status=RUNNING, minimum_interval_seconds=_EVERY_S)
def let_go_of_failed_runs(context: RunFailureSensorContext) -> None:
    """Queues again what a run was at whose worker died, so that no node stays `generating`."""
    with _context() as opened:
        reconciling.let_go_of(context.instance, opened, context.dagster_run.run_id)


SCHEDULES = [
    ScheduleDefinition(job=collect_garbage, cron_schedule="17 3 * * *", default_status=DefaultScheduleStatus.RUNNING),
]
SENSORS = [start_regenerations, tell_lectures, free_slots, let_go_of_failed_runs]
