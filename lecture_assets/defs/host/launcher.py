"""The run launcher: has run workers forked from a preloaded process. Runs are executed by `run_worker.py`.

The launchers, the fork server and the run workers share a folder, and therefore must be on one host.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, Field, StringSource

from lecture_assets.defs.dagster_internals import (
    CheckRunHealthResult,
    ConfigurableClassData,
    DagsterLaunchFailedError,
    InstanceRef,
    LaunchRunContext,
    RunLauncher,
    UserConfigSchema,
    WorkerStatus,
    serialize_value,
)
from lecture_assets.defs.host.configured_class import ConfiguredClass
from lecture_assets.defs.host.fork_server_client import SERVER_LOG, ForkServerClient, tail
from lecture_assets.defs.host.run_worker import clean, goes_with_a_run, is_live, live_runs, lock_path, log_path, worker_of

__all__ = ["ForkingRunLauncher", "clean", "is_live", "live_runs"]

PRELOAD = ("lecture_assets.definitions",)
_BEGIN_S = 5.0
"""How long a run that is about to be canceled may take to start."""


class ForkingRunLauncher(RunLauncher[DagsterInstance], ConfiguredClass):
    """Launches runs through its folder's fork server, starting the server if none answers."""

    def __init__(
        self,
        inst_data: ConfigurableClassData | None = None,
        preload: Sequence[str] = PRELOAD,
        folder: str | None = None,
    ) -> None:
        """Set up the launcher; nothing is started yet.

        preload: modules that the server imports before a run needs them
        folder:  by default `workers` under the instance's root
        """
        self._inst_data = inst_data
        self._preload = tuple(preload)
        self._given_folder = folder
        self._launched: set[str] = set()
        super().__init__()  # type: ignore[no-untyped-call]

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """The settings in dagster.yaml."""
        return {"preload": Field([str], is_required=False), "folder": Field(StringSource, is_required=False)}

    @property
    def folder(self) -> Path:
        """The folder of the server's socket and the run workers' locks and logs."""
        return Path(self._given_folder) if self._given_folder else self._folder_in(Path(self._instance.root_directory))

    @cached_property
    def _server(self) -> ForkServerClient:
        return self.server_in(self._instance.get_ref())

    def server_in(self, ref: InstanceRef, more: Sequence[str] = ()) -> ForkServerClient:
        """The fork server of an instance that need not be open. more: modules to import beside what runs need."""
        root = Path(ref.local_artifact_storage.base_dir)
        return ForkServerClient(self._folder_in(root), lambda: [__name__, *instance_modules(ref), *self._preload, *more])

    def _folder_in(self, root: Path) -> Path:
        return Path(self._given_folder or root / "workers")

    def launch_run(self, context: LaunchRunContext) -> None:
        """Launch a run; returns once its worker exists and holds its lock. DagsterLaunchFailedError if none was forked."""
        run_id = context.dagster_run.run_id
        request = {
            "ask": "launch",
            "run_id": run_id,
            "instance": serialize_value(self._instance.get_ref()),
            "environment": {name: value for name, value in os.environ.items() if goes_with_a_run(name)},
        }
        try:
            self._server.launch(request)
        except OSError as error:
            message = f"no worker was forked for run {run_id}: {error}; {self.folder / SERVER_LOG} may say why"
            raise DagsterLaunchFailedError(message) from error  # type: ignore[no-untyped-call]
        self._launched.add(run_id)
        self._server.hold()

    def terminate(self, run_id: str) -> bool:
        """Ask the run's worker to end the run as canceled; False if the run is over or its worker is dead."""
        run = self._instance.get_run_by_id(run_id) if self.has_instance else None
        if run is None or run.is_finished:
            return False
        await_start(self._instance, run_id, lambda: is_live(self.folder, run_id))
        self._instance.report_run_canceling(run)
        refusal = _interrupt(self.folder, run_id)
        if refusal:
            self._instance.report_engine_event(refusal, run, cls=self.__class__)
        return not refusal

    @property
    def supports_check_run_worker_health(self) -> bool:
        """True: run monitoring may ask whether a run worker is alive."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether the run's worker is alive. Another host answers UNKNOWN, which Dagster's run monitoring treats as dead."""
        if run.is_finished:
            return CheckRunHealthResult(WorkerStatus.SUCCESS, "The run is over.")
        if not self.folder.is_dir():
            return CheckRunHealthResult(WorkerStatus.UNKNOWN, f"There is no {self.folder} on this host.")
        if is_live(self.folder, run.run_id):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, f"The run worker is dead: {lock_path(self.folder, run.run_id)} is free.")

    def get_run_worker_debug_info(self, run: DagsterRun, include_container_logs: bool | None = True) -> str | None:  # noqa: ARG002, FBT001, FBT002 - Dagster's signature
        """The last 40 lines that the run's worker wrote, if any."""
        lines = tail(log_path(self.folder, run.run_id))
        return f"The last lines of the run worker's log:\n{lines}" if lines else None

    def join(self, timeout: int = 30) -> None:
        """Wait for the run workers that this launcher started; TimeoutError after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while living := {run_id for run_id in self._launched if is_live(self.folder, run_id)}:
            if time.monotonic() > deadline:
                message = f"run workers still alive after {timeout} s: {sorted(living)}"
                raise TimeoutError(message)
            time.sleep(0.02)

    def live_runs(self) -> set[str]:
        """The ids of the runs whose workers are alive."""
        return live_runs(self.folder)

    def interrupt_all(self) -> int:
        """Ask every live worker to end its run; returns how many were asked."""
        return len([run_id for run_id in self.live_runs() if not _interrupt(self.folder, run_id)])

    def kill_all(self) -> None:
        """Kill every live worker with everything it started."""
        for run_id in self.live_runs():
            worker = worker_of(self.folder, run_id)
            if worker and worker[0]:
                with suppress(OSError):
                    os.killpg(worker[0], signal.SIGKILL)

    def dispose(self) -> None:
        """Stop holding the server; its runs continue."""
        self._server.release()


def await_start(instance: DagsterInstance, run_id: str, is_alive: Callable[[], bool]) -> None:
    """Wait until a live worker has reported its start; reported after the run is canceling, it would undo that status."""
    deadline = time.monotonic() + _BEGIN_S
    while time.monotonic() < deadline and is_alive():
        run = instance.get_run_by_id(run_id)
        if run is None or run.status is not DagsterRunStatus.STARTING:
            return
        time.sleep(0.05)


def instance_modules(ref: InstanceRef) -> Iterator[str]:
    """The modules of the classes that an instance is composed of."""
    return (value.module_name for value in ref if isinstance(value, ConfigurableClassData))


def _interrupt(folder: Path, run_id: str) -> str:
    """Interrupt the run's worker by SIGTERM, which Dagster turns into a canceled run; returns why it could not, or nothing."""
    if not is_live(folder, run_id):
        return "No termination request was sent: the run worker is dead."
    worker = worker_of(folder, run_id)
    if worker is None:
        return "No termination request was sent: the run worker has not recorded its process id yet."
    pid, elsewhere = worker
    if not pid:
        return f"No termination request was sent: the run worker is on {elsewhere}, or in another container."
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    return ""
