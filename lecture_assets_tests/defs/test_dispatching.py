"""Lectures that wait get a run at once, unless the sensor is switched off; the sensor leaves new ones to whoever dispatches."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterRunStatus
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import InstigatorState, InstigatorStatus, InstigatorType, SensorInstigatorData

from lecture_assets.defs import reconciling
from lecture_assets.defs.dispatching import Dispatcher
from lecture_assets.defs.sync.publisher import instance_id
from lecture_assets.store import launched_runs, worker_services
from lecture_assets.store.waiting import queue_mark
from lecture_assets.store.worker_services import WorkerServiceEntry
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome
from lecture_assets_tests.defs.workers import open_home_for_workers

EDIT = "text content:narration-text:segment[0]=Rain is water."


@pytest.fixture
def dagster_home(tmp_path: Path) -> Iterator[DagsterHome]:
    """A lecture that was edited, in an instance whose runs are for worker services; none of them runs."""
    with open_home_for_workers(tmp_path) as dagster_home:
        dagster_home.edit(EDIT)
        yield dagster_home


def sensor(
    status: InstigatorStatus,
    name: str = "start_regenerations",
    location: str = "lecture_assets",
    evaluated_at: float | None = None,
) -> InstigatorState:
    code = GrpcServerCodeLocationOrigin(host="code", port=4000, location_name=location)
    origin = RemoteInstigatorOrigin(RemoteRepositoryOrigin(code, "__repository__"), name)
    return InstigatorState(origin, InstigatorType.SENSOR, status, SensorInstigatorData(last_tick_timestamp=evaluated_at))


def dispatcher(dagster_home: DagsterHome) -> Dispatcher:
    return Dispatcher(dagster_home.instance, dagster_home.lectures.context, os.environ)


def look(started: Dispatcher) -> list[str]:
    with started.context.database.read() as connection:
        mark = queue_mark(connection)
    return started.look(mark)


def test_a_lecture_that_waits_gets_one_run_like_the_sensors(dagster_home: DagsterHome) -> None:
    dagster_home.instance.add_instigator_state(sensor(InstigatorStatus.DECLARED_IN_CODE))
    started = dispatcher(dagster_home)
    (run_id,) = look(started)
    assert look(started) == []
    assert look(dispatcher(dagster_home)) == []
    run = dagster_home.instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is DagsterRunStatus.STARTING
    assert run.tags["dagster/partition"] == LECTURE
    assert run.tags["dagster/sensor_name"] == "start_regenerations"
    assert run.remote_job_origin is not None
    assert run.remote_job_origin.repository_origin.code_location_origin.location_name == "lecture_assets"
    with dagster_home.lectures.context.database.read() as connection:
        found = launched_runs.find(connection, run_id)
    assert found is not None
    assert found.service == ""


def test_nothing_is_dispatched_while_the_sensor_is_switched_off_or_no_daemon_has_seen_it(dagster_home: DagsterHome) -> None:
    assert look(dispatcher(dagster_home)) == []
    dagster_home.instance.add_instigator_state(sensor(InstigatorStatus.STOPPED))
    assert look(dispatcher(dagster_home)) == []
    dagster_home.instance.update_instigator_state(sensor(InstigatorStatus.RUNNING))
    assert len(look(dispatcher(dagster_home))) == 1


def test_of_a_code_location_that_was_renamed_the_sensor_that_is_evaluated_now_is_the_switch(dagster_home: DagsterHome) -> None:
    instance = dagster_home.instance
    instance.add_instigator_state(sensor(InstigatorStatus.DECLARED_IN_CODE, location="code", evaluated_at=1000.0))
    instance.add_instigator_state(sensor(InstigatorStatus.STOPPED, evaluated_at=2000.0))
    assert look(dispatcher(dagster_home)) == []
    instance.update_instigator_state(sensor(InstigatorStatus.RUNNING, evaluated_at=2000.0))
    (run_id,) = look(dispatcher(dagster_home))
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.remote_job_origin is not None
    assert run.remote_job_origin.repository_origin.code_location_origin.location_name == "lecture_assets"


def test_the_sensor_leaves_a_new_edit_to_a_living_service_and_no_other(dagster_home: DagsterHome) -> None:
    context = dagster_home.lectures.context
    assert reconciling.left_to_dispatcher_s(dagster_home.instance) == 0.0
    entry = WorkerServiceEntry("service", instance_id(dagster_home.instance), "code", 1)
    with context.database.write() as connection:
        worker_services.register(connection, entry, context.store_time(connection))
    after_s = reconciling.left_to_dispatcher_s(dagster_home.instance)
    limits = dispatcher(dagster_home).limits
    assert list(reconciling.runs_to_start(dagster_home.instance, context, limits, after_s)) == []
    assert len(list(reconciling.runs_to_start(dagster_home.instance, context, limits))) == 1
