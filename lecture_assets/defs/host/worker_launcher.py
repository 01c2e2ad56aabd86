"""The run launcher of production: offers runs to the worker services (`lectures worker`) of any machine.

    launch_run ──► row in `launched_runs` ──► claimed by one service, which forks the run
    terminate ───► mark in that row ────────► SIGTERM from the service
    health ◄────── the row, and its service's lease

All through the store's database (LECTURES_DATABASE_URL): launchers need no address of a worker, and workers need no port.
"""

import os
import time
from functools import cached_property

from dagster import DagsterInstance, DagsterRun

from lecture_assets.defs.dagster_internals import (
    CheckRunHealthResult,
    ConfigurableClassData,
    DagsterLaunchFailedError,
    LaunchRunContext,
    RunLauncher,
    WorkerStatus,
)
from lecture_assets.defs.host.configured_class import ConfiguredClass
from lecture_assets.defs.host.launcher import await_start
from lecture_assets.defs.sync.publisher import instance_id
from lecture_assets.graph.errors import LectureError
from lecture_assets.ports import SystemClock
from lecture_assets.runner.setup.environment import database_url, database_wait
from lecture_assets.store import clock as store_clock
from lecture_assets.store import launched_runs, worker_services
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.database import Database
from lecture_assets.store.launched_runs import LaunchedRun

_GRACE_S = LEASE_S
"""How long after its lease a service counts as alive here: after the database was away, services renew their leases first."""
_POLL_S = 0.05


class WorkerRunLauncher(RunLauncher[DagsterInstance], ConfiguredClass):
    """Launches runs by offering them to the worker services of this instance. The environment names the database."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        """Nothing is connected yet."""
        self._inst_data = inst_data
        self._launched: set[str] = set()
        super().__init__()  # type: ignore[no-untyped-call]

    @cached_property
    def _database(self) -> Database:
        return Database(database_url(os.environ), database_wait(os.environ))

    @cached_property
    def _instance_id(self) -> str:
        return instance_id(self._instance)

    def launch_run(self, context: LaunchRunContext) -> None:
        """Offer a run to the services; returns at once, since one will take it. DagsterLaunchFailedError without a database."""
        run_id = context.dagster_run.run_id
        try:
            with self._database.write() as connection:
                launched_runs.launch(connection, run_id, self._instance_id, store_clock.now(connection, SystemClock()))
        except LectureError as error:
            message = f"run {run_id} was not offered to the worker services: {error}"
            raise DagsterLaunchFailedError(message) from error  # type: ignore[no-untyped-call]
        self._launched.add(run_id)

    def terminate(self, run_id: str) -> bool:
        """End a run as canceled, wherever it is; False if it is over or its service is dead, which another one reports."""
        run = self._instance.get_run_by_id(run_id) if self.has_instance else None
        if run is None or run.is_finished:
            return False
        with self._database.write() as connection:
            is_withdrawn = launched_runs.withdraw(connection, run_id)
        if is_withdrawn:
            self._instance.report_run_canceled(run, "The run was canceled before a worker service took it.")
            return True
        await_start(self._instance, run_id, lambda: bool((found := self._find(run_id)) and self.may_live(found)))
        self._instance.report_run_canceling(run)
        found = self._find(run_id)
        if found is None or not self.may_live(found):
            self._instance.report_engine_event("No termination request was sent: the run's worker service is dead.", run)
            return False
        with self._database.write() as connection:
            launched_runs.ask_to_end(connection, run_id)
        return True

    def _find(self, run_id: str) -> LaunchedRun | None:
        with self._database.read() as connection:
            return launched_runs.find(connection, run_id)

    def may_live(self, run: LaunchedRun) -> bool:
        """Whether a claimed run's service is alive, by its lease in the store."""
        with self._database.read() as connection:
            return run.lease_until + _GRACE_S > store_clock.now(connection, SystemClock())

    @property
    def supports_check_run_worker_health(self) -> bool:
        """True: run monitoring may ask whether a run's worker service is alive."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether a living service has the run, or the run waits for one."""
        if run.is_finished:
            return CheckRunHealthResult(WorkerStatus.SUCCESS, "The run is over.")
        found = self._find(run.run_id)
        if found is None:
            return CheckRunHealthResult(WorkerStatus.FAILED, "No worker service has the run any more.")
        if found.service and not self.may_live(found):
            return CheckRunHealthResult(WorkerStatus.FAILED, f"The run's worker service {found.service} is dead.")
        return CheckRunHealthResult(WorkerStatus.RUNNING)

    def get_run_worker_debug_info(self, run: DagsterRun, include_container_logs: bool | None = True) -> str | None:  # noqa: ARG002, FBT001, FBT002 - Dagster's signature
        """Which service has the run, or why none has it."""
        found = self._find(run.run_id)
        if found is None:
            return None
        if found.service:
            return f"The worker service {found.service} has this run."
        places = self.places()
        if not places:
            return "No worker service is alive that takes runs; start one with `lectures worker`."
        full = f"{sum(places)} runs at once" if len(places) == 1 else f"{len(places)}, {sum(places)} runs at once"
        return f"The run waits for a place: the living worker services ({full}) are full; start more, or raise their --max-runs."

    def places(self) -> list[int]:
        """The places of each living worker service that takes runs of this instance."""
        with self._database.read() as connection:
            now = store_clock.now(connection, SystemClock())
            return list(worker_services.places(connection, self._instance_id, now))

    def join(self, timeout: int = 30) -> None:
        """Wait for the runs that this launcher launched; TimeoutError after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while living := {run_id for run_id in self._launched if self._find(run_id)}:
            if time.monotonic() > deadline:
                message = f"runs that have not ended after {timeout} s: {sorted(living)}"
                raise TimeoutError(message)
            time.sleep(_POLL_S)

    def dispose(self) -> None:
        """Close the connections; runs continue."""
        if "_database" in self.__dict__:
            self._database.close()
