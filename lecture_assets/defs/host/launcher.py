"""The run launcher: has run workers forked from a preloaded process. Executes nothing: `run_worker.py` does.

The folder, and so the launchers, the fork server and the run workers that share it, are on one host.
"""

import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, Field, StringSource

from lecture_assets.defs.dagster_internals import (
    CheckRunHealthResult,
    ConfigurableClass,
    ConfigurableClassData,
    DagsterLaunchFailedError,
    InstanceRef,
    LaunchRunContext,
    RunLauncher,
    UserConfigSchema,
    WorkerStatus,
    serialize_value,
)
from lecture_assets.defs.host.fork_server import STARTING, Request, ask, connect, send
from lecture_assets.defs.host.run_worker import clean, goes_with_a_run, is_live, live_runs, lock_path, log_path, worker_of

__all__ = ["ForkingRunLauncher", "clean", "is_live", "live_runs"]

PRELOAD = ("lecture_assets.definitions",)
_SERVER_LOG = "server.log"
_START_S = 60.0
"""How long a server may take to load its code: 2 s on two free cores, much more where many processes start."""
_ANSWER_S = 30.0
"""How long a run worker may take from the request to its lock: some 10 ms, but a server answers one launcher after another."""
_BEGIN_S = 5.0
"""How long a run that is about to be canceled may take to start."""
_END_S = 3.0
_TRIES = 3
_LINES = 40


class ForkingRunLauncher(RunLauncher[DagsterInstance], ConfigurableClass):
    """Launches runs through the fork server of its folder, and starts that where none answers."""

    def __init__(
        self,
        inst_data: ConfigurableClassData | None = None,
        preload: Sequence[str] = PRELOAD,
        folder: str | None = None,
    ) -> None:
        """preload: modules that the server imports before a run needs them. folder: `workers` under the instance's root."""
        self._inst_data = inst_data
        self._preload = tuple(preload)
        self._given_folder = folder
        self._launched: set[str] = set()
        self._hold: socket.socket | None = None
        self._holding = threading.Lock()
        super().__init__()  # type: ignore[no-untyped-call]

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """What dagster.yaml says of this launcher."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """The settings in dagster.yaml."""
        return {"preload": Field([str], is_required=False), "folder": Field(StringSource, is_required=False)}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]) -> "ForkingRunLauncher":
        """The launcher of these settings."""
        return cls(inst_data, **config_value)

    @property
    def folder(self) -> Path:
        """Where the server's socket and the locks and logs of the run workers are."""
        return Path(self._given_folder or Path(self._instance.root_directory) / "workers")

    def launch_run(self, context: LaunchRunContext) -> None:
        """Return when the run's worker exists and holds its lock; DagsterLaunchFailedError where there is none."""
        run_id = context.dagster_run.run_id
        request = {
            "ask": "launch",
            "run_id": run_id,
            "instance": serialize_value(self._instance.get_ref()),
            "environment": {name: value for name, value in os.environ.items() if goes_with_a_run(name)},
        }
        try:
            self._launch(request)
        except OSError as error:
            message = f"no run worker of run {run_id} was forked: {error}; {self.folder / _SERVER_LOG} may say why"
            raise DagsterLaunchFailedError(message) from error  # type: ignore[no-untyped-call]
        self._launched.add(run_id)
        self._hold_server()

    def _launch(self, request: Request) -> None:
        """Ask, and start a server where none listens or it ended before it answered: its lock keeps a run from starting twice."""
        for _ in range(_TRIES):
            with suppress(ConnectionError, FileNotFoundError):
                ask(self.folder, request, _ANSWER_S)
                return
            if is_live(self.folder, request["run_id"]):
                return
            _ensure_server(self.folder, self._modules())
        message = f"the fork server ended {_TRIES} times before it answered"
        raise ConnectionError(message)

    def _hold_server(self) -> None:
        """Stay connected to the server, for it lives as long as somebody is."""
        with self._holding, suppress(OSError):
            if self._hold is not None and select.select([self._hold], [], [], 0)[0]:
                self._let_go()  # its other end is gone
            if self._hold is None:
                self._hold = connect(self.folder, _ANSWER_S)
                send(self._hold, {"ask": "hold"})

    def _let_go(self) -> None:
        if self._hold is not None:
            self._hold.close()
            self._hold = None

    def terminate(self, run_id: str) -> bool:
        """Ask the run's worker to end the run as canceled; false where the run is over or its worker dead."""
        run = self._instance.get_run_by_id(run_id) if self.has_instance else None
        if run is None or run.is_finished:
            return False
        self._await_start(run_id)
        self._instance.report_run_canceling(run)
        refusal = _interrupt(self.folder, run_id)
        if refusal:
            self._instance.report_engine_event(refusal, run, cls=self.__class__)
        return not refusal

    def _await_start(self, run_id: str) -> None:
        """Let a worker that lives say that it has started: said after the run is canceling, it would take that back."""
        deadline = time.monotonic() + _BEGIN_S
        while is_live(self.folder, run_id) and time.monotonic() < deadline:
            run = self._instance.get_run_by_id(run_id)
            if run is None or run.status is not DagsterRunStatus.STARTING:
                return
            time.sleep(0.05)

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Run monitoring may ask whether a run worker lives."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether the run's worker lives. Unknown is what another host says, and Dagster's run monitoring takes it for dead."""
        if run.is_finished:
            return CheckRunHealthResult(WorkerStatus.SUCCESS, "The run is over.")
        if not self.folder.is_dir():
            return CheckRunHealthResult(WorkerStatus.UNKNOWN, f"There is no {self.folder} on this host.")
        if is_live(self.folder, run.run_id):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, f"The run worker is dead: {lock_path(self.folder, run.run_id)} is free.")

    def get_run_worker_debug_info(self, run: DagsterRun, include_container_logs: bool | None = True) -> str | None:  # noqa: ARG002, FBT001, FBT002 - Dagster's signature
        """The last 40 lines that the run's worker wrote, if it wrote any."""
        lines = _last_lines(log_path(self.folder, run.run_id))
        return f"The run worker's last words:\n{lines}" if lines else None

    def join(self, timeout: int = 30) -> None:
        """Wait for the run workers that this launcher started; TimeoutError after so many seconds."""
        deadline = time.monotonic() + timeout
        while living := {run_id for run_id in self._launched if is_live(self.folder, run_id)}:
            if time.monotonic() > deadline:
                message = f"run workers still live after {timeout} s: {sorted(living)}"
                raise TimeoutError(message)
            time.sleep(0.02)

    def warm_up(self) -> None:
        """Have a server load its code now, so that the first run starts as fast as the second."""
        try:
            _ensure_server(self.folder, self._modules())
        except OSError as error:
            raise DagsterLaunchFailedError(str(error)) from error  # type: ignore[no-untyped-call]
        self._hold_server()

    def live_runs(self) -> set[str]:
        """The ids of the runs whose workers live."""
        return live_runs(self.folder)

    def interrupt_all(self) -> int:
        """Ask every living worker to end its run; how many there were."""
        return len([run_id for run_id in self.live_runs() if not _interrupt(self.folder, run_id)])

    def kill_all(self) -> None:
        """Kill every living worker with all that it started, and a server that this process is just starting."""
        if starting := _being_started.get(self.folder):
            starting.kill()
        for run_id in self.live_runs():
            worker = worker_of(self.folder, run_id)
            if worker and worker[0]:
                with suppress(OSError):
                    os.killpg(worker[0], signal.SIGKILL)

    def end_server(self) -> None:
        """Ask the server to end, and see it gone; its run workers go on."""
        self.dispose()
        with suppress(OSError):
            os.kill(int(ask(self.folder, {"ask": "ping"}, _ANSWER_S)["pid"]), signal.SIGTERM)
            deadline = time.monotonic() + _END_S
            while time.monotonic() < deadline:
                connect(self.folder, _ANSWER_S).close()
                time.sleep(0.05)

    def _modules(self) -> list[str]:
        return [__name__, *_instance_modules(self._instance.get_ref()), *self._preload]

    def dispose(self) -> None:
        """Hold the server no longer; its runs go on."""
        with self._holding:
            self._let_go()


def _instance_modules(ref: InstanceRef) -> Iterator[str]:
    """The modules of the classes that an instance is made of."""
    return (value.module_name for value in ref if isinstance(value, ConfigurableClassData))


def _interrupt(folder: Path, run_id: str) -> str:
    """Interrupt the run's worker; what stood against it, or nothing. SIGTERM is what Dagster turns into a canceled run."""
    if not is_live(folder, run_id):
        return "No termination request was sent: the run worker is dead."
    worker = worker_of(folder, run_id)
    if worker is None:
        return "No termination request was sent: the run worker has not said yet who it is."
    pid, elsewhere = worker
    if not pid:
        return f"No termination request was sent: the run worker is on {elsewhere}, or in another container."
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    return ""


def _ensure_server(folder: Path, preload: Sequence[str]) -> None:
    """Start a server unless one listens; OSError where it does not come up."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _starting(folder) as lock:
        try:
            ask(folder, {"ask": "ping"}, _ANSWER_S)
        except OSError:
            clean(folder)
            _start_server(folder, preload, lock)


@contextmanager
def _starting(folder: Path) -> Iterator[int]:
    """One starter at a time. The server inherits the lock, so it is still held where its launcher dies while it starts."""
    deadline = time.monotonic() + _START_S
    with (folder / STARTING).open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = f"another process has been starting the fork server for {_START_S:.0f} s"
                    raise TimeoutError(message) from None
                time.sleep(0.02)
        yield file.fileno()


_being_started: dict[Path, "subprocess.Popen[bytes]"] = {}
"""By its folder: what is going to be a server, and is no process of its own yet."""


def _start_server(folder: Path, preload: Sequence[str], lock: int) -> None:
    command = [sys.executable, "-m", "lecture_assets.defs.host.fork_server", str(folder), "--starting-fd", str(lock)]
    command += [f"--preload={name}" for name in preload]
    with (folder / _SERVER_LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, pass_fds=[lock]
        )
    _being_started[folder] = process
    try:
        status = process.wait(_START_S)
    except subprocess.TimeoutExpired:
        process.kill()
        status = process.wait()
    finally:
        del _being_started[folder]
    if status:
        message = f"the fork server did not come up (status {status}): {_last_lines(folder / _SERVER_LOG)}"
        raise OSError(message)


def _last_lines(path: Path) -> str:
    with suppress(FileNotFoundError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-_LINES:])
    return ""
