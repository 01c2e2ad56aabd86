"""Starts runs for lectures that wait, as soon as they do: what the sensor `start_regenerations` does every 5 s.

The sensor stays the safety net and the switch: while a person has switched it off, or no daemon has ever evaluated it, nothing is
dispatched. One worker service dispatches at a time, and the sensor leaves lectures to it that were queued a moment ago.
"""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dagster import DagsterInstance, DagsterRun, RunRequest

from lecture_assets.defs import reconciling
from lecture_assets.defs.dagster_internals import (
    PARTITION_NAME_TAG,
    DefaultRunCoordinator,
    InstigatorState,
    InstigatorType,
    ReconstructableRepository,
    RemoteJobOrigin,
    SensorInstigatorData,
)
from lecture_assets.defs.host.launcher import PRELOAD
from lecture_assets.defs.jobs import REGENERATE
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.run_limits import RunLimits, run_limits

_SENSOR = "start_regenerations"
_AGAIN_S = 5.0
"""How often lectures that stay queued are looked at again: they rest after a failure, or wait for a place."""


@dataclass
class Dispatcher:
    """Creates and launches the runs."""

    instance: DagsterInstance
    context: Context
    environ: Mapping[str, str]
    limits: RunLimits = field(init=False)
    repository: ReconstructableRepository = field(init=False)
    _mark: Sequence[object] = ()
    _looked_at: float = 0.0

    def __post_init__(self) -> None:
        """Load the job."""
        self.limits = run_limits(self.environ)
        self.repository = ReconstructableRepository.for_module(PRELOAD[0], "defs")
        self.repository.get_definition().get_job(REGENERATE)

    def look(self, mark: Sequence[object]) -> list[str]:
        """Start the runs of lectures that wait; returns their ids. Costs nothing while the mark (`queue_mark`) stays the same."""
        is_empty = not mark[0]
        if is_empty or (mark == self._mark and time.monotonic() - self._looked_at < _AGAIN_S):
            self._mark = mark
            return []
        self._mark, self._looked_at = mark, time.monotonic()
        sensor = switched_on(self.instance, _SENSOR)
        if sensor is None or not isinstance(self.instance.run_coordinator, DefaultRunCoordinator):
            return []
        requests = reconciling.runs_to_start(self.instance, self.context, self.limits)
        return [self._start(request, sensor) for request in requests]

    def _start(self, request: RunRequest, sensor: InstigatorState) -> str:
        tags = {**request.tags, PARTITION_NAME_TAG: str(request.partition_key), **DagsterRun.tags_for_sensor(sensor)}
        run = self.instance.create_run_for_job(
            self.repository.get_definition().get_job(REGENERATE),
            tags=tags,
            remote_job_origin=RemoteJobOrigin(sensor.origin.repository_origin, REGENERATE),
            job_code_origin=self.repository.get_reconstructable_job(REGENERATE).get_python_origin(),
        )
        self.instance.launch_run(run.run_id, None)  # type: ignore[arg-type]  # the launcher needs no workspace
        return run.run_id


def switched_on(instance: DagsterInstance, sensor: str) -> InstigatorState | None:
    """The state of a sensor that is switched on, and None if it is off or no daemon has ever evaluated it.

    It says where the sensor's code is served, and so where a run's code is. Under each name that the code location ever had,
    there is a state: the one evaluated last holds.
    """
    states = instance.all_instigator_state(instigator_type=InstigatorType.SENSOR)
    latest = max((state for state in states if state.name == sensor), key=_evaluated_at, default=None)
    return latest if latest is not None and latest.is_running else None


def _evaluated_at(state: InstigatorState) -> float:
    """When a sensor was evaluated last, as a Unix time; a state that never was is the newest."""
    data = state.instigator_data
    return data.last_tick_timestamp or math.inf if isinstance(data, SensorInstigatorData) else math.inf
