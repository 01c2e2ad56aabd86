"""Sensors compare store, locks and runs: missing runs are started once, stuck slots are freed, cancelled runs stay cancelled."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance, DagsterRunStatus, RunRequest, RunsFilter, build_sensor_context

from lecture_assets.defs import reconciling
from lecture_assets.defs.dagster_internals import DagsterEvent
from lecture_assets.defs.jobs import regenerate_lecture
from lecture_assets.defs.sensors import publish_lectures, start_regenerations
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.run_limits import RunLimits
from lecture_assets.store.waiting import waiting
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, brief, environment, open_dagster_home
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.processes import start
from lecture_assets_tests.servers.homes import copy_home, home_environ

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose lecture is made and published, to be copied."""
    home = tmp_path_factory.mktemp("made") / "home"
    with open_dagster_home(home, brief()) as dagster_home:
        dagster_home.lectures.regenerate(LECTURE)
        dagster_home.publish()
    return home


@pytest.fixture
def dagster_home(made: Path, tmp_path: Path) -> Iterator[DagsterHome]:
    copy_home(made, tmp_path / "home")
    with open_dagster_home(tmp_path / "home", None) as dagster_home:
        yield dagster_home


def requested(dagster_home: DagsterHome) -> list[RunRequest]:
    return list(reconciling.runs_to_start(dagster_home.instance, dagster_home.lectures.context, RunLimits()))


def starts(dagster_home: DagsterHome) -> list[str]:
    return [str(request.partition_key) for request in requested(dagster_home)]


def add_run(
    instance: DagsterInstance, status: DagsterRunStatus, tags: Mapping[str, str] | None = None, lecture: str = LECTURE
) -> str:
    run = instance.create_run_for_job(regenerate_lecture, tags={"dagster/partition": lecture, **(tags or {})}, status=status)
    return run.run_id


def states(dagster_home: DagsterHome) -> list[tuple[str, bool]]:
    with dagster_home.lectures.context.database.read() as connection:
        return [(row.lecture, bool(row.owner)) for row in waiting(connection)]


def work(home: Path, worker: str) -> None:
    """Work on the lecture under this worker name until the process is killed; the file `held` says so."""
    with Lectures.open(home_environ(home)) as lectures:
        context = replace(lectures.context, worker=worker)
        with context.lock(LECTURE) as is_locked:
            claimant = context.claimant(LECTURE, is_locked=is_locked)
            context.database.writing(lambda connection: context.claim(connection, LECTURE, claimant))
            (home / "held").touch()
            time.sleep(60)


def hold(dagster_home: DagsterHome, worker: str) -> BaseProcess:
    """Start a process that works on the lecture under this worker name."""
    process = start(work, dagster_home.home, worker)
    until((dagster_home.home / "held").exists)
    return process


def run_slowly(home: Path) -> None:
    with open_dagster_home(home, None, {"LECTURES_SIM_LATENCY": "20"}) as dagster_home:
        dagster_home.run()


@pytest.mark.slow
def test_an_edited_lecture_is_started_once_and_later_edits_are_merged_into_the_next_run(dagster_home: DagsterHome) -> None:
    assert starts(dagster_home) == []
    dagster_home.edit("set voice=teacher")
    dagster_home.edit("set image_style=oil")
    assert starts(dagster_home) == [LECTURE]
    add_run(dagster_home.instance, DagsterRunStatus.STARTED)
    assert starts(dagster_home) == []
    dagster_home.edit("set audience=grown-ups")
    assert starts(dagster_home) == []


@pytest.mark.slow
def test_an_edit_is_started_before_bulk_work_that_was_requested_earlier(dagster_home: DagsterHome) -> None:
    lectures, later = dagster_home.lectures, "later"
    bulk = [f"bulk-{number:02}" for number in range(12)]
    for lecture in bulk:
        lectures.create(brief(3, 3), lecture)
        lectures.edit(lecture, ["set image_style=oil"])
    lectures.copy(LECTURE, later)
    assert starts(dagster_home) == bulk[:6], "bulk work leaves two of eight places to edits; the one that waits longest is first"
    for lecture in bulk[:6]:
        add_run(dagster_home.instance, DagsterRunStatus.STARTED, lecture=lecture)
    assert starts(dagster_home) == []
    lectures.edit(later, ["text content:narration-text:segment[0]=Rain falls from clouds."])
    assert starts(dagster_home) == [later]
    add_run(dagster_home.instance, DagsterRunStatus.STARTED, lecture=later)
    dagster_home.edit("set voice=teacher")
    assert starts(dagster_home) == [LECTURE]
    for _ in range(5):
        add_run(dagster_home.instance, DagsterRunStatus.STARTED, lecture="bulk-11")  # by hand: edits keep their places
    assert starts(dagster_home) == [LECTURE]


@pytest.mark.slow
def test_however_many_lectures_wait_dagster_is_asked_as_often(dagster_home: DagsterHome, monkeypatch: pytest.MonkeyPatch) -> None:
    instance, asked = dagster_home.instance, Counter[str]()

    def count(name: str) -> None:
        real = getattr(instance, name)

        def ask(*arguments: Any, **keywords: Any) -> Any:
            asked[name] += 1
            return real(*arguments, **keywords)

        monkeypatch.setattr(instance, name, ask)

    count("get_run_records")
    for number in range(20):
        lecture = f"failing-{number}"
        dagster_home.lectures.create(brief(), lecture)
        dagster_home.lectures.edit(lecture, ["set voice=teacher"])
    while requests := requested(dagster_home):
        for request in requests:
            tags = {**request.tags, reconciling.TRIES: "8"}
            run_id = add_run(instance, DagsterRunStatus.STARTED, tags, str(request.partition_key))
            run = instance.get_run_by_id(run_id)
            assert run is not None
            instance.report_run_failed(run)
    asked.clear()
    assert starts(dagster_home) == []
    assert asked == {"get_run_records": 2}


@pytest.mark.slow
@pytest.mark.parametrize("status", [DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING])
def test_a_run_whose_launcher_died_before_it_had_a_worker_fails_and_blocks_nothing(
    dagster_home: DagsterHome, monkeypatch: pytest.MonkeyPatch, status: DagsterRunStatus
) -> None:
    dagster_home.edit("set voice=teacher")
    run_id = add_run(dagster_home.instance, status)
    assert reconciling.fail_unlaunched(dagster_home.instance) == []
    assert starts(dagster_home) == []
    later = time.time() + 11
    monkeypatch.setattr("lecture_assets.defs.reconciling.time.time", lambda: later)
    assert reconciling.fail_unlaunched(dagster_home.instance) == [run_id]
    run = dagster_home.instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is DagsterRunStatus.FAILURE
    assert starts(dagster_home) == [LECTURE]


@pytest.mark.slow
def test_a_lecture_whose_runs_fail_without_progress_waits_longer_each_time_and_not_after_progress(
    dagster_home: DagsterHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    dagster_home.edit("set voice=teacher")
    now = time.time()
    for rest_s in (2, 4, 8, 16, 32, 64, 128, 256, 300, 300):
        monkeypatch.setattr("lecture_assets.defs.reconciling.time.time", lambda now=now: now)
        (request,) = requested(dagster_home)
        run = dagster_home.instance.get_run_by_id(add_run(dagster_home.instance, DagsterRunStatus.STARTED, request.tags))
        assert run is not None
        dagster_home.instance.report_run_failed(run)
        ended_at = dagster_home.instance.get_run_records(RunsFilter(run_ids=[run.run_id]))[0].end_time
        assert ended_at is not None
        for now, may_start in ((ended_at + rest_s - 0.01, False), (ended_at + rest_s, True)):
            monkeypatch.setattr("lecture_assets.defs.reconciling.time.time", lambda now=now: now)
            assert bool(starts(dagster_home)) == may_start
    monkeypatch.setattr("lecture_assets.defs.reconciling.time.time", lambda: ended_at)
    dagster_home.edit("set image_style=oil")
    assert starts(dagster_home) == [LECTURE]


@pytest.mark.slow
def test_a_lecture_with_a_live_worker_is_left_alone_and_one_with_a_dead_worker_is_started(dagster_home: DagsterHome) -> None:
    holder = hold("run-1")
    try:
        assert states(dagster_home) == [(LECTURE, True)]
        assert starts(dagster_home) == []
    finally:
        holder.kill()
        holder.join()
    assert starts(dagster_home) == [LECTURE]
    assert reconciling.requeue_failed(dagster_home.instance, dagster_home.lectures.context, "run-1")
    assert states(dagster_home) == [(LECTURE, False)]


@pytest.mark.slow
def test_slots_are_a_runs_as_long_as_it_has_its_lease_whatever_its_status_in_dagster(dagster_home: DagsterHome) -> None:
    instance, context = dagster_home.instance, dagster_home.lectures.context
    instance.event_log_storage.set_concurrency_slots("openai", 2)
    run_id = add_run(instance, DagsterRunStatus.CANCELED)  # it waits for its calls in flight
    gone = add_run(instance, DagsterRunStatus.STARTED)
    holder = hold(dagster_home, run_id)
    try:
        for run in (run_id, gone):
            assert instance.event_log_storage.claim_concurrency_slot("openai", run, "step").is_claimed
        assert reconciling.free_slots(instance, context) == [gone]
    finally:
        holder.kill()
        holder.join()
    assert reconciling.free_slots(instance, context) == [run_id]


@pytest.mark.slow
def test_a_run_that_was_cut_off_keeps_its_lecture_from_no_other(
    dagster_home: DagsterHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    dagster_home.edit("set voice=teacher")
    instance = dagster_home.instance
    run = instance.get_run_by_id(add_run(instance, DagsterRunStatus.STARTING))
    assert run is not None
    instance.report_dagster_event(DagsterEvent("PIPELINE_START", run.job_name), run.run_id)
    assert starts(dagster_home) == []  # it is about to claim its lecture
    later = time.time() + 61
    monkeypatch.setattr("lecture_assets.defs.reconciling.time.time", lambda: later)
    assert starts(dagster_home) == [LECTURE]
    holder = hold(dagster_home, run.run_id)
    assert starts(dagster_home) == []
    holder.kill()
    holder.join()
    assert starts(dagster_home) == [LECTURE]


@pytest.mark.slow
def test_a_cancelled_run_is_not_started_again_before_the_next_edit(dagster_home: DagsterHome) -> None:
    dagster_home.edit("set voice=teacher")
    process = start(run_slowly, dagster_home.home)

    def running() -> Any:
        return next((run for run in dagster_home.instance.get_runs() if run.status is DagsterRunStatus.STARTED), None)

    until(lambda: running() and states(dagster_home) == [(LECTURE, True)])
    run = running()
    dagster_home.instance.report_run_canceling(run)
    process.terminate()
    process.join(60)
    assert states(dagster_home) == []
    assert starts(dagster_home) == []
    dagster_home.edit("set image_style=oil")
    assert starts(dagster_home) == [LECTURE]


@pytest.mark.slow
def test_what_a_live_run_made_is_left_to_it_and_edits_after_it_are_not(dagster_home: DagsterHome) -> None:
    run_id = add_run(dagster_home.instance, DagsterRunStatus.STARTED)
    dagster_home.edit("set image_style=oil")
    dagster_home.publish()
    context = dagster_home.lectures.context
    Lectures(replace(context, worker=run_id)).regenerate(LECTURE)  # it is done, and has not published yet
    assert reconciling.publish_unpublished(dagster_home.instance, context) == {LECTURE: 0}
    assert dagster_home.disagreements()
    dagster_home.publish()  # as the run does at its end, when it goes on with another lecture
    assert not dagster_home.disagreements()
    dagster_home.edit("set image_style=ink")
    assert reconciling.publish_unpublished(dagster_home.instance, context)[LECTURE] > 0
    assert not dagster_home.disagreements()


@pytest.mark.slow
def test_what_a_dead_run_made_is_published(dagster_home: DagsterHome) -> None:
    run_id = add_run(dagster_home.instance, DagsterRunStatus.STARTED)
    dagster_home.edit("set image_style=oil")
    context = dagster_home.lectures.context
    Lectures(replace(context, worker=run_id)).regenerate(LECTURE)
    run = dagster_home.instance.get_run_by_id(run_id)
    assert run is not None
    dagster_home.instance.report_run_failed(run)
    assert reconciling.publish_unpublished(dagster_home.instance, context)[LECTURE] > 0
    assert not dagster_home.disagreements()


@pytest.mark.slow
def test_the_sensors_report_what_they_did(dagster_home: DagsterHome) -> None:
    with environment():
        context = build_sensor_context(dagster_home.instance)
        assert [reason.skip_message for reason in start_regenerations(context)] == ["no lecture waits for a run"]  # type: ignore[union-attr]
        dagster_home.edit("set voice=teacher")
        assert [request.partition_key for request in start_regenerations(context)] == [LECTURE]  # type: ignore[union-attr]
        assert "rain (1)" in str(publish_lectures(context).skip_message)  # type: ignore[union-attr]
        assert dagster_home.disagreements() == []


@pytest.mark.slow
def test_a_failed_node_shows_in_the_run_with_its_chain(dagster_home: DagsterHome) -> None:
    dagster_home.edit("set voice=teacher")
    with environment(LECTURES_SIM_FAULTS="speech:moderation*1"):
        result = dagster_home.run()
    assert not result.success
    failure = result.failure_data_for_node("regenerate")
    assert failure is not None
    assert failure.error is not None
    message = str(failure.user_failure_data and failure.user_failure_data.description)
    assert message.startswith("1 node could not be made; all others were made and are kept\n- ")
    assert "asset:narration:segment[" in message
    assert "- 2 nodes blocked by that: assembler:segment-timeline:segment[" in message
    assert dagster_home.disagreements() == []
