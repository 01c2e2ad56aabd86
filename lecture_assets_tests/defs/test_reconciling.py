"""Sensors compare store, locks and runs: what is missing is started once, what is stuck is freed, what is cancelled stays so."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance, DagsterRunStatus, build_sensor_context

from lecture_assets.defs import reconciling
from lecture_assets.defs.jobs import regenerate_lecture
from lecture_assets.defs.sensors import publish_lectures, start_regenerations
from lecture_assets.store.waiting import waiting
from lecture_assets_tests.defs.stage import LECTURE, Stage, brief, environment, open_stage

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
_HOLDER = """
import sys, time
from dataclasses import replace
from lecture_assets.runner.lectures import Lectures
with Lectures.open({"LECTURES_HOME": sys.argv[1]}) as lectures:
    context = replace(lectures.context, worker=sys.argv[2])
    with context.lock("rain"):
        with context.database.write() as connection:
            context.claim(connection, "rain")
        print("held", flush=True)
        time.sleep(60)
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with open_stage(tmp_path / "home", brief()) as stage:
        stage.lectures.regenerate(LECTURE)
        stage.tell()
        yield stage


def starts(stage: Stage) -> list[str]:
    return [str(request.partition_key) for request in reconciling.runs_to_start(stage.instance, stage.lectures.context)]


def add_run(instance: DagsterInstance, status: DagsterRunStatus, tags: dict[str, str] | None = None) -> str:
    run = instance.create_run_for_job(regenerate_lecture, tags={"dagster/partition": LECTURE, **(tags or {})}, status=status)
    return run.run_id


def states(stage: Stage) -> list[tuple[str, bool]]:
    with stage.lectures.context.database.read() as connection:
        return [(row.lecture, bool(row.owner)) for row in waiting(connection)]


def hold(stage: Stage, worker: str) -> "subprocess.Popen[str]":
    """A process that is at the lecture, under this name."""
    command = [sys.executable, "-c", _HOLDER, str(stage.home), worker]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.slow
def test_an_edited_lecture_is_started_once_and_later_edits_are_merged_into_the_next_run(stage: Stage) -> None:
    assert starts(stage) == []
    stage.edit("set voice=teacher")
    stage.edit("set image_style=oil")
    assert starts(stage) == [LECTURE]
    add_run(stage.instance, DagsterRunStatus.STARTED)
    assert starts(stage) == []
    stage.edit("set audience=grown-ups")
    assert starts(stage) == []


@pytest.mark.slow
@pytest.mark.parametrize("status", [DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING])
def test_a_run_whose_launcher_died_before_it_had_a_worker_fails_and_stands_in_nobodys_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, status: DagsterRunStatus
) -> None:
    stage.edit("set voice=teacher")
    run_id = add_run(stage.instance, status)
    assert reconciling.fail_unlaunched(stage.instance) == []
    assert starts(stage) == []
    later = time.time() + 11
    monkeypatch.setattr("lecture_assets.defs.reconciling.time.time", lambda: later)
    assert reconciling.fail_unlaunched(stage.instance) == [run_id]
    run = stage.instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is DagsterRunStatus.FAILURE
    assert starts(stage) == [LECTURE]


@pytest.mark.slow
def test_a_lecture_whose_runs_fail_with_no_progress_rests_longer_each_time_and_not_after_progress(stage: Stage) -> None:
    stage.edit("set voice=teacher")
    with stage.lectures.context.database.read() as connection:
        progress = {reconciling.PROGRESS: waiting(connection)[0].progress}
    for _ in range(3):
        run = stage.instance.get_run_by_id(add_run(stage.instance, DagsterRunStatus.STARTED, progress))
        assert run is not None
        stage.instance.report_run_failed(run)
    assert starts(stage) == []
    stage.edit("set image_style=oil")
    assert starts(stage) == [LECTURE]


@pytest.mark.slow
def test_a_lecture_that_a_living_worker_is_at_is_left_and_that_of_a_dead_one_is_started(stage: Stage) -> None:
    holder = hold(stage, "run-1")
    try:
        assert states(stage) == [(LECTURE, True)]
        assert starts(stage) == []
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate()
    assert starts(stage) == [LECTURE]
    assert reconciling.requeue_failed(stage.instance, stage.lectures.context, "run-1")
    assert states(stage) == [(LECTURE, False)]


@pytest.mark.slow
def test_a_cancelled_run_is_not_started_again_before_the_next_edit(stage: Stage) -> None:
    script = (
        "import os, sys\n"
        "from dagster._core.errors import DagsterExecutionInterruptedError\n"
        "from lecture_assets_tests.defs.stage import *\n"
        "with open_stage(Path(sys.argv[1]), None, {'LECTURES_SIM_LATENCY': '20'}) as stage:\n"
        "    stage.run()\n"
    )
    stage.edit("set voice=teacher")
    process = subprocess.Popen([sys.executable, "-c", script, str(stage.home)], stderr=subprocess.DEVNULL)

    def running() -> Any:
        return next((run for run in stage.instance.get_runs() if run.status is DagsterRunStatus.STARTED), None)

    deadline = time.monotonic() + 60
    while not (running() and states(stage) == [(LECTURE, True)]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    run = running()
    stage.instance.report_run_canceling(run)
    os.kill(process.pid, signal.SIGTERM)
    process.wait(60)
    assert states(stage) == []
    assert starts(stage) == []
    stage.edit("set image_style=oil")
    assert starts(stage) == [LECTURE]


@pytest.mark.slow
def test_the_sensors_say_what_they_did(stage: Stage) -> None:
    with environment():
        context = build_sensor_context(stage.instance)
        assert [reason.skip_message for reason in start_regenerations(context)] == ["no lecture waits for a run"]  # type: ignore[union-attr]
        stage.edit("set voice=teacher")
        assert [request.partition_key for request in start_regenerations(context)] == [LECTURE]  # type: ignore[union-attr]
        assert "rain (1)" in str(publish_lectures(context).skip_message)  # type: ignore[union-attr]
        assert stage.disagreements() == []


@pytest.mark.slow
def test_a_failed_node_shows_in_the_run_with_its_chain(stage: Stage) -> None:
    stage.edit("set voice=teacher")
    with environment(LECTURES_SIM_FAULTS="speech:moderation*9"):
        result = stage.run()
    assert not result.success
    failure = result.failure_data_for_node("regenerate")
    assert failure is not None
    assert failure.error is not None
    message = str(failure.user_failure_data and failure.user_failure_data.description)
    assert "asset:narration:segment[0]" in message
    assert "wait for them" in message
    assert stage.disagreements() == []
