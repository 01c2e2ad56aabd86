"""Runs are forked from one server, and their locks show whether they are alive. Real servers, run workers and signals.

Nothing here takes an assertion from the clock; what another process does is polled for, a minute at most.
"""

import importlib
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from dagster._core.errors import DagsterLaunchFailedError
from dagster._core.launcher import LaunchRunContext, WorkerStatus
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster._daemon.monitoring.run_monitoring import execute_run_monitoring_iteration

from lecture_assets.defs.host.fork_protocol import ask, connect, send
from lecture_assets.defs.host.fork_server_client import _spawn
from lecture_assets.defs.host.launcher import ForkingRunLauncher, clean, is_live, live_runs
from lecture_assets.defs.host.run_worker import lock_path, log_path, place, worker_of
from lecture_assets_tests.defs import launcher_jobs
from lecture_assets_tests.defs.job_runs import JobRuns
from lecture_assets_tests.defs.launcher_jobs import failing_job, parent_job, short_job, waiting_job
from lecture_assets_tests.defs.made_instance import put_files
from lecture_assets_tests.processes import at_once, start
from lecture_assets_tests.project import ROOT

PROJECT = ROOT
JOBS = launcher_jobs.__name__
LAUNCH_AND_DIE = """
import os, signal, sys
from dagster import DagsterInstance
DagsterInstance.from_config(sys.argv[1]).launch_run(sys.argv[2], None)
os.kill(os.getpid(), signal.SIGKILL)
"""

_SLEEP = "time.sleep(60)"

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class LauncherDriver(JobRuns):
    """An instance whose runs and launcher processes a test controls and inspects."""

    instance: DagsterInstance

    @property
    def root(self) -> Path:
        return Path(self.instance.root_directory)

    @property
    def folder(self) -> Path:
        return self.launcher.folder

    @property
    def launcher(self) -> ForkingRunLauncher:
        assert isinstance(self.instance.run_launcher, ForkingRunLauncher)
        return self.instance.run_launcher

    def ends_as(self, run: DagsterRun) -> DagsterRunStatus:
        until(lambda: not is_live(self.folder, run.run_id))
        until(lambda: self.instance.get_run_by_id(run.run_id).is_finished)  # type: ignore[union-attr]
        return self.status(run)

    def worker(self, run: DagsterRun) -> int:
        return int(lock_path(self.folder, run.run_id).read_text().split()[0])

    def server(self) -> int:
        return int(ask(self.folder, {"ask": "ping"}, 30)["pid"])

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        until(lambda: not is_running(pid))

    def processes(self) -> list[int]:
        """The folder's servers, and the run workers they forked: all that write to the folder's logs."""
        pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
        return [pid for pid in pids if output_of(pid).parent == self.folder]


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Whether a process is running and not a zombie: orphans may be reaped late."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def output_of(pid: int) -> Path:
    try:
        return Path(f"/proc/{pid}/fd/1").readlink()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return Path()


def seen_by(run: DagsterRun) -> Path:
    return Path(run.tags["seen"])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder whose path is too long for a socket."""
    root = tmp_path / ("long" * 25)
    root.mkdir()
    return root


@contextmanager
def open_driver(root: Path, **config: object) -> Iterator[LauncherDriver]:
    """Open a driver with these launcher settings; all of its processes are killed afterwards."""
    launcher = {
        "module": "lecture_assets.defs.host.launcher",
        "class": "ForkingRunLauncher",
        "config": {"preload": [JOBS]} | config,
    }
    monitoring = {"enabled": True, "poll_interval_seconds": 2}
    settings = {"run_launcher": launcher, "run_monitoring": monitoring, "telemetry": {"enabled": False}}
    (root / "dagster.yaml").write_text(yaml.safe_dump(settings))
    put_files(root)
    with DagsterInstance.from_config(str(root)) as instance:
        driver = LauncherDriver(instance)
        try:
            yield driver
        finally:
            driver.until.touch()
            for pid in driver.processes():
                with suppress(ProcessLookupError):  # released just now, it may have ended by itself
                    os.kill(pid, signal.SIGKILL)
            until(lambda: not any(map(is_running, driver.processes())))


@pytest.fixture
def own_driver(root: Path) -> Iterator[LauncherDriver]:
    """A driver of its own, for tests that affect the server itself: the first is forked, as that of `lectures dev` is."""
    with open_driver(root) as driver:
        starting = start(launcher_jobs.serve, driver.folder)
        starting.join(120)
        assert starting.exitcode == 0
        yield driver


@pytest.fixture(scope="module")
def shared_driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LauncherDriver]:
    with open_driver(tmp_path_factory.mktemp("launcher")) as driver:
        yield driver


@pytest.fixture
def driver(shared_driver: LauncherDriver) -> Iterator[LauncherDriver]:
    """The shared driver, without runs; its server keeps running, since one takes seconds to start."""
    yield shared_driver
    shared_driver.until.touch()
    until(lambda: not live_runs(shared_driver.folder))
    shared_driver.until.unlink()


def test_a_run_succeeds_in_a_child_of_the_server(driver: LauncherDriver) -> None:
    run = driver.launch(short_job)
    assert driver.ends_as(run) is DagsterRunStatus.SUCCESS
    worker, parent, _ = seen_by(run).read_text().split()
    assert int(parent) == driver.server()
    assert int(worker) not in (driver.server(), os.getpid())
    assert f"Started process for run (pid: {worker})." in driver.messages(run)
    assert f"Process for run exited (pid: {worker})." in driver.messages(run)


def test_a_second_launch_is_served_by_the_same_server(driver: LauncherDriver) -> None:
    runs = [driver.launch(short_job), driver.launch(short_job)]
    assert {driver.ends_as(run) for run in runs} == {DagsterRunStatus.SUCCESS}
    workers, parents, _ = zip(*(seen_by(run).read_text().split() for run in runs), strict=True)
    assert set(map(int, parents)) == {driver.server()}
    assert len(set(workers)) == 2


def test_the_server_has_one_thread_and_its_socket_is_for_its_user_only(driver: LauncherDriver) -> None:
    driver.ends_as(driver.launch(short_job))
    assert "Threads:\t1\n" in Path(f"/proc/{driver.server()}/status").read_text()
    assert (driver.folder / "server.sock").stat().st_mode & 0o077 == 0
    assert driver.folder.stat().st_mode & 0o077 == 0


def launch_four(root: str) -> list[str]:
    with DagsterInstance.from_config(root) as instance, ThreadPoolExecutor(4) as threads:
        driver = LauncherDriver(instance)
        runs = [driver.create(short_job, seen=f"seen-{os.getpid()}-{number}") for number in range(4)]
        list(threads.map(lambda run: instance.launch_run(run.run_id, None), runs))  # type: ignore[arg-type]
        return [run.run_id for run in runs]


@pytest.mark.thorough("eight runs at once")
@pytest.mark.slow
def test_eight_launches_at_once_from_two_processes_start_one_server(root: Path) -> None:
    with open_driver(root) as driver:
        ids = {run_id for answer in at_once(launch_four, [(str(driver.root),)] * 2) for run_id in answer}
        runs = [run for run in driver.instance.get_runs() if run.run_id in ids]
        assert [driver.ends_as(run) for run in runs] == [DagsterRunStatus.SUCCESS] * 8
        assert {int(seen_by(run).read_text().split()[1]) for run in runs} == {driver.server()}
        until(lambda: driver.processes() == [driver.server()])


def test_a_run_has_the_environment_of_the_process_that_launched_it(
    driver: LauncherDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    for value in ("one", "two", None):
        monkeypatch.setenv("LECTURES_TESTED", value) if value else monkeypatch.delenv("LECTURES_TESTED")
        run = driver.launch(short_job)
        driver.ends_as(run)
        given.append(seen_by(run).read_text().split()[2])
    assert given == ["one", "two", "None"]
    written = [path for path in driver.folder.iterdir() if path.is_file() and "LECTURES_TESTED" in path.read_text()]
    assert written == []


CHANGING_JOBS = """
from pathlib import Path
from dagster import Definitions, in_process_executor, job, op

@op
def write(context):
    Path(context.run.tags["seen"]).write_text("TEXT")

@job(executor_def=in_process_executor)
def changing_job():
    write()

defs = Definitions(jobs=[changing_job])
"""


@pytest.mark.thorough("a server of its own")
def test_a_run_executes_the_code_that_is_on_disk_now(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(root)
    monkeypatch.setenv("PYTHONPATH", str(root), prepend=os.pathsep)
    texts = []
    with open_driver(root, preload=["changing_jobs"]) as driver:
        for text in ("the first", "the second text"):
            (root / "changing_jobs.py").write_text(CHANGING_JOBS.replace("TEXT", text))
            changing_job = importlib.import_module("changing_jobs").changing_job
            run = driver.launch(changing_job, "changing_jobs")
            assert driver.ends_as(run) is DagsterRunStatus.SUCCESS
            texts.append(seen_by(run).read_text())
    assert texts == ["the first", "the second text"]


@pytest.mark.thorough("two servers with modules of their own")
def test_a_module_that_cannot_be_imported_stops_only_the_runs_that_need_it(root: Path) -> None:
    with open_driver(root, preload=["there_is_no_such_module"]) as driver:
        run = driver.launch(short_job)
        assert driver.ends_as(run) is DagsterRunStatus.SUCCESS, driver.messages(run)
        run = driver.launch(short_job, "there_is_no_such_module")
        assert driver.ends_as(run) is DagsterRunStatus.FAILURE
        assert "Could not load job definition." in driver.messages(run)


@pytest.mark.thorough("a server of its own")
def test_a_server_that_does_not_come_up_fails_the_launch_and_the_run_with_its_reason(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "server.sock").mkdir(parents=True)
    with open_driver(root, folder=str(folder)) as driver:
        run = driver.create(short_job)
        with pytest.raises(DagsterLaunchFailedError, match=r"fork server did not come up \(status 1\)(.|\n)*server\.sock"):
            driver.instance.launch_run(run.run_id, None)  # type: ignore[arg-type]
        assert driver.status(run) is DagsterRunStatus.FAILURE


def test_a_terminated_run_is_canceled_and_is_terminated_once(driver: LauncherDriver) -> None:
    run = driver.launch_until_seen(waiting_job)
    assert driver.launcher.terminate(run.run_id)
    assert driver.ends_as(run) is DagsterRunStatus.CANCELED
    assert not driver.launcher.terminate(run.run_id)


def test_a_run_that_is_terminated_as_soon_as_it_is_launched_is_canceled(driver: LauncherDriver) -> None:
    run = driver.launch(waiting_job)
    assert driver.launcher.terminate(run.run_id)
    assert driver.ends_as(run) is DagsterRunStatus.CANCELED


def test_terminating_a_run_whose_worker_is_dead_returns_false_and_requests_its_cancellation(own_driver: LauncherDriver) -> None:
    run = own_driver.launch_until_seen(waiting_job)
    own_driver.kill(own_driver.server())
    own_driver.kill(own_driver.worker(run))
    assert not own_driver.launcher.terminate(run.run_id)
    assert own_driver.status(run) is DagsterRunStatus.CANCELING
    assert "the run worker is dead" in own_driver.messages(run)


def test_a_killed_run_worker_is_reported_by_the_server(driver: LauncherDriver) -> None:
    run = driver.launch_until_seen(waiting_job)
    driver.kill(driver.worker(run))
    assert driver.ends_as(run) is DagsterRunStatus.FAILURE
    assert "was terminated by signal 9 (SIGKILL)" in driver.messages(run)


@pytest.mark.thorough("a server of its own")
def test_run_monitoring_marks_the_run_of_a_killed_worker_as_failed_and_leaves_a_living_one(own_driver: LauncherDriver) -> None:
    dead, living = own_driver.launch_until_seen(waiting_job), own_driver.launch_until_seen(waiting_job)
    own_driver.kill(own_driver.server())
    own_driver.kill(own_driver.worker(dead))
    assert own_driver.launcher.check_run_worker_health(dead).status is WorkerStatus.FAILED
    assert own_driver.launcher.check_run_worker_health(living).status is WorkerStatus.RUNNING
    with create_test_daemon_workspace_context(EmptyWorkspaceTarget(), own_driver.instance) as workspace:
        assert list(execute_run_monitoring_iteration(workspace, logging.getLogger("monitoring"))) == [None, None]
    assert own_driver.status(dead) is DagsterRunStatus.FAILURE
    assert own_driver.status(living) is DagsterRunStatus.STARTED


def test_a_run_outlives_its_killed_server_and_the_next_launch_starts_another(driver: LauncherDriver) -> None:
    run = driver.launch_until_seen(waiting_job)
    killed = driver.server()
    driver.kill(killed)
    assert driver.ends_as(driver.launch(short_job)) is DagsterRunStatus.SUCCESS
    assert driver.server() != killed
    assert live_runs(driver.folder) == {run.run_id}
    driver.until.touch()
    assert driver.ends_as(run) is DagsterRunStatus.SUCCESS


@pytest.mark.thorough("a server of its own")
def test_a_server_that_is_asked_to_end_removes_its_socket_and_leaves_its_runs_alone(own_driver: LauncherDriver) -> None:
    run = own_driver.launch_until_seen(waiting_job)
    server = own_driver.server()
    os.kill(server, signal.SIGTERM)
    until(lambda: not is_running(server))
    assert not (own_driver.folder / "server.sock").exists()
    own_driver.until.touch()
    assert own_driver.ends_as(run) is DagsterRunStatus.SUCCESS


@pytest.mark.thorough("two servers, one after the other")
def test_a_replaced_server_finishes_its_runs_and_leaves_the_socket_to_its_successor(
    own_driver: LauncherDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `lectures dev` may follow one that was killed, with variables that its code reads when it is loaded."""
    first = own_driver.launch_until_seen(waiting_job)
    before = own_driver.server()
    monkeypatch.setenv("READ_BY_CODE", "new")
    own_driver.launcher.server_in(own_driver.instance.get_ref()).replace(_spawn)
    after = own_driver.server()
    assert b"READ_BY_CODE=new" in Path(f"/proc/{after}/environ").read_bytes()
    second = own_driver.launch(short_job)
    assert own_driver.ends_as(second) is DagsterRunStatus.SUCCESS
    assert int(seen_by(second).read_text().split()[1]) == after != before
    own_driver.until.touch()
    assert own_driver.ends_as(first) is DagsterRunStatus.SUCCESS
    until(lambda: not is_running(before))
    assert own_driver.server() == after


@pytest.mark.thorough("a server has to hang")
def test_a_server_that_hung_while_another_took_its_place_leaves_that_ones_socket(own_driver: LauncherDriver) -> None:
    own_driver.ends_as(own_driver.launch(short_job))
    hanging = own_driver.server()
    (own_driver.folder / "server.sock").unlink()
    own_driver.ends_as(own_driver.launch(short_job))
    after = own_driver.server()
    os.kill(hanging, signal.SIGTERM)
    until(lambda: not is_running(hanging))
    assert own_driver.server() == after != hanging


@pytest.mark.thorough("a server of its own")
def test_a_run_outlives_the_process_that_launched_it(driver: LauncherDriver) -> None:
    run = driver.create(waiting_job)
    launcher = subprocess.run(
        [sys.executable, "-c", LAUNCH_AND_DIE, str(driver.root), run.run_id], check=False, capture_output=True
    )
    assert launcher.returncode == -signal.SIGKILL
    assert live_runs(driver.folder) == {run.run_id}
    driver.until.touch()
    assert driver.ends_as(run) is DagsterRunStatus.SUCCESS


def start_server(folder: Path, idle_s: float) -> int:
    folder.mkdir()
    command = [sys.executable, "-m", "lecture_assets.defs.host.fork_server", str(folder), "--idle-s", str(idle_s)]
    subprocess.run(command, check=True, capture_output=False, stderr=subprocess.DEVNULL)
    return int(ask(folder, {"ask": "ping"}, 30)["pid"])


@pytest.mark.thorough("a server of its own that waits")
def test_a_server_ends_once_its_last_holder_is_gone(tmp_path: Path) -> None:
    server = start_server(tmp_path / "folder", idle_s=3.0)
    with connect(tmp_path / "folder", 30) as holding:
        send(holding, {"ask": "hold"})
        # Twice the idle time, for the requirement is that it does not end in it.
        assert not select.select([holding], [], [], 6.0)[0]
        assert is_running(server)
    until(lambda: not is_running(server))
    assert not (tmp_path / "folder" / "server.sock").exists()


@pytest.mark.thorough("clients that say nothing wait out their time")
def test_a_silent_or_malformed_client_does_not_end_the_server(driver: LauncherDriver) -> None:
    server_of = [driver.ends_as(driver.launch(short_job)) and driver.server()]
    for nonsense in (b"", b"{", b"nonsense\n", b"[1]\n", b'{"ask": "launch"}\n'):
        with connect(driver.folder, 30) as client:
            client.sendall(nonsense)
    server_of.append(driver.server())
    assert len(set(server_of)) == 1


def test_a_lock_file_that_is_not_held_counts_as_dead_whichever_process_has_its_id(tmp_path: Path) -> None:
    lock_path(tmp_path, "stale-run").write_text(f"{os.getpid()} somewhere")
    assert not is_live(tmp_path, "stale-run")
    assert not is_live(tmp_path, "no-such-run")
    assert live_runs(tmp_path) == set()


def test_a_worker_in_another_container_of_the_same_host_name_gets_no_signal_meant_for_its_process_id(tmp_path: Path) -> None:
    """Its lock is held, and here its process id belongs to another process: this test's own child."""
    held = f"import fcntl, sys, time; f = open(sys.argv[1], 'r+'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); {_SLEEP}"
    file = lock_path(tmp_path, "run-elsewhere")
    file.touch()
    with subprocess.Popen([sys.executable, "-c", held, str(file)], stdout=subprocess.PIPE, start_new_session=True) as child:
        assert child.stdout is not None
        child.stdout.readline()
        file.write_text(f"{child.pid} {socket.gethostname()} another-boot/4026531836")
        launcher = ForkingRunLauncher(folder=str(tmp_path))
        assert launcher.live_runs() == {"run-elsewhere"}
        assert launcher.interrupt_all() == 0
        launcher.kill_all()
        assert worker_of(tmp_path, "run-elsewhere") == (0, socket.gethostname())
        assert child.poll() is None
        file.write_text(f"{child.pid} {socket.gethostname()} {place()}")
        launcher.kill_all()
        assert child.wait() == -signal.SIGKILL


def test_children_of_a_killed_run_worker_do_not_keep_it_alive(driver: LauncherDriver) -> None:
    run = driver.launch_until_seen(parent_job)
    driver.kill(driver.worker(run))
    assert not is_live(driver.folder, run.run_id)
    assert driver.ends_as(run) is DagsterRunStatus.FAILURE


def test_a_run_has_one_worker_at_a_time(driver: LauncherDriver) -> None:
    run = driver.launch_until_seen(waiting_job)
    worker = driver.worker(run)
    driver.launcher.launch_run(LaunchRunContext(run, None))
    assert driver.worker(run) == worker
    driver.until.touch()
    assert driver.ends_as(run) is DagsterRunStatus.SUCCESS


def test_a_failed_run_leaves_the_end_of_its_log_and_a_finished_run_is_healthy(driver: LauncherDriver) -> None:
    run = driver.launch(failing_job)
    assert driver.ends_as(run) is DagsterRunStatus.FAILURE
    words = driver.launcher.get_run_worker_debug_info(run)
    assert words is not None
    assert "the op failed" in words
    assert len(words.splitlines()) <= 41
    finished = driver.instance.get_run_by_id(run.run_id)
    assert finished is not None
    assert driver.launcher.check_run_worker_health(finished).status is WorkerStatus.SUCCESS


def test_a_host_without_the_folder_does_not_know_a_runs_health(root: Path) -> None:
    with open_driver(root) as driver:
        run = driver.create(short_job)
        assert driver.launcher.check_run_worker_health(run).status is WorkerStatus.UNKNOWN
        assert driver.launcher.get_run_worker_debug_info(run) is None


def test_join_waits_for_the_runs_of_this_launcher(driver: LauncherDriver) -> None:
    run = driver.launch_until_seen(waiting_job)
    with pytest.raises(TimeoutError, match=run.run_id):
        driver.launcher.join(timeout=0)
    driver.until.touch()
    driver.launcher.join(timeout=60)
    assert not is_live(driver.folder, run.run_id)


@pytest.mark.thorough("a server of its own")
def test_cleaning_removes_locks_after_a_day_and_logs_after_a_week_but_nothing_of_a_living_run(own_driver: LauncherDriver) -> None:
    run = own_driver.launch_until_seen(waiting_job)
    ages = {"run-hour": 1 / 24, "run-2days": 2, "run-8days": 8}
    for run_id, days in ages.items():
        for path in (lock_path(own_driver.folder, run_id), log_path(own_driver.folder, run_id)):
            path.touch()
            os.utime(path, (time.time() - days * 86400,) * 2)
    for path in (lock_path(own_driver.folder, run.run_id), log_path(own_driver.folder, run.run_id)):
        os.utime(path, (0, 0))
    clean(own_driver.folder)
    assert {path.stem for path in own_driver.folder.glob("*-*.lock")} == {"run-hour", run.run_id}
    assert {path.stem for path in own_driver.folder.glob("*-*.log")} == {"run-hour", "run-2days", run.run_id}
