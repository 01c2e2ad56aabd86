"""Worker services share runs, are killed, drained and replaced. Real processes, on both engines with `LECTURES_THOROUGH=1`."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from dagster import DagsterRunStatus
from dagster._core.launcher import WorkerStatus

from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.defs.launcher_jobs import short_job, waiting_job
from lecture_assets_tests.defs.workers import Worker, Workers, open_workers
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.postgres import execute
from lecture_assets_tests.store.engines import ENGINES, server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=ENGINES if THOROUGH else ENGINES[1:])
def workers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """An instance and a store, both on one engine."""
    folder = tmp_path_factory.mktemp("workers")
    environ, dagster = {"LECTURES_HOME": str(folder / "home")}, None
    if request.param == "postgresql":
        names = [f"{part}_{uuid4().hex}" for part in ("store", "dagster")]
        execute(server(), *(f"CREATE DATABASE {name} STRATEGY FILE_COPY" for name in names))
        store, dagster = (server().set(database=name) for name in names)
        environ["LECTURES_DATABASE_URL"] = store.render_as_string(hide_password=False)
    with Lectures.open(environ):
        pass  # creates the store
    with open_workers(folder, environ, dagster) as opened:
        yield opened


@pytest.fixture(scope="module")
def first(workers: Workers) -> Worker:
    return workers.start("--max-runs", "1", "--heartbeat-file", str(workers.folder / "heartbeat"))


@pytest.fixture(scope="module")
def second(workers: Workers, first: Worker) -> Worker:
    """Another one, started after the first."""
    assert first.process.poll() is None
    return workers.start("--max-runs", "1")


@pytest.fixture(autouse=True)
def blocked(workers: Workers) -> None:
    """Waiting runs wait."""
    workers.until.unlink(missing_ok=True)


def processes_of(worker: Worker) -> set[int]:
    """The service, and the runs that it has started."""
    return {worker.process.pid, *map(int, re.findall(r"started, process (\d+)", worker.printed.read_text()))}


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.thorough("starts two services")
def test_two_services_share_runs_and_a_third_run_waits_for_a_place(workers: Workers, first: Worker, second: Worker) -> None:
    runs = [workers.launch_until_seen(waiting_job) for _ in range(2)]
    assert len({workers.service_of(run) for run in runs}) == 2
    third = workers.launch(short_job)
    assert "full" in str(workers.launcher.get_run_worker_debug_info(third))
    assert workers.launcher.check_run_worker_health(third).status is WorkerStatus.RUNNING
    workers.until.touch()
    assert [workers.ends_as(run) for run in (*runs, third)] == [DagsterRunStatus.SUCCESS] * 3
    assert (workers.folder / "heartbeat").exists()
    assert first.said("started")
    assert second.said("started")


def test_a_run_is_terminated_by_the_service_that_has_it(workers: Workers, first: Worker, second: Worker) -> None:
    run = workers.launch_until_seen(waiting_job)
    assert workers.launcher.terminate(run.run_id)
    assert workers.ends_as(run) is DagsterRunStatus.CANCELED
    assert not workers.launcher.terminate(run.run_id)
    assert workers.launcher.check_run_worker_health(run).status is WorkerStatus.FAILED
    assert first.process.poll() is second.process.poll() is None


def test_a_killed_process_of_a_run_is_reported_at_once(workers: Workers, first: Worker, second: Worker) -> None:
    run = workers.launch_until_seen(waiting_job)
    line = next(line for worker in (first, second) for line in worker.printed.read_text().splitlines() if run.run_id in line)
    os.kill(int(line.split()[-1]), signal.SIGKILL)
    assert workers.ends_as(run) is DagsterRunStatus.FAILURE
    assert "killed by SIGKILL" in workers.messages(run)


@pytest.mark.thorough("starts another service")
def test_a_service_that_is_asked_to_end_lets_its_run_end_and_leaves_new_ones_to_others(
    workers: Workers, first: Worker, second: Worker
) -> None:
    third = workers.start("--max-runs", "1")
    runs = [workers.launch_until_seen(waiting_job) for _ in range(3)]
    third.process.send_signal(signal.SIGTERM)
    until(lambda: third.said("ending once 1 runs"))
    later = workers.launch(short_job)
    workers.until.touch()
    assert [workers.ends_as(run) for run in (*runs, later)] == [DagsterRunStatus.SUCCESS] * 4
    assert third.process.wait(60) == 0
    assert not third.said(later.run_id)
    assert first.process.poll() is second.process.poll() is None


@pytest.mark.thorough("starts another service")
def test_a_second_signal_interrupts_the_run(workers: Workers, first: Worker, second: Worker) -> None:
    third = workers.start("--max-runs", "1")
    runs = [workers.launch_until_seen(waiting_job) for _ in range(3)]
    (run,) = [run for run in runs if third.said(run.run_id)]
    third.process.send_signal(signal.SIGTERM)
    until(lambda: third.said("ending once"))
    assert third.end(signal.SIGTERM) == 0
    assert workers.ends_as(run) in {DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED}
    workers.until.touch()
    assert [workers.ends_as(other) for other in runs if other is not run] == [DagsterRunStatus.SUCCESS] * 2
    assert first.process.poll() is second.process.poll() is None


def test_the_runs_of_a_killed_service_die_with_it_and_are_reported_by_another(
    workers: Workers, first: Worker, second: Worker
) -> None:
    """The last test: the second service is gone then."""
    runs = [workers.launch_until_seen(waiting_job) for _ in range(2)]
    (run,) = [run for run in runs if second.said(run.run_id)]
    second.end(signal.SIGKILL)
    until(lambda: not any(map(is_running, processes_of(second))))
    assert workers.ends_as(run) is DagsterRunStatus.FAILURE
    assert "worker service that had the run died" in workers.messages(run)
    workers.until.touch()
    assert [workers.ends_as(other) for other in runs if other is not run] == [DagsterRunStatus.SUCCESS]
    assert first.process.poll() is None
