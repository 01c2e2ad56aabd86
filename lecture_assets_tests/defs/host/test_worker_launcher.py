"""The launcher offers runs through the store, and says of each what the store knows. No worker service runs here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from dagster._core.errors import DagsterLaunchFailedError
from dagster._core.launcher import WorkerStatus

from lecture_assets.defs.host.worker_launcher import WorkerRunLauncher
from lecture_assets.defs.sync.publisher import instance_id
from lecture_assets.ports import SystemClock
from lecture_assets.runner.setup.environment import database_url
from lecture_assets.store import clock, launched_runs, worker_services
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import migrate
from lecture_assets.store.worker_services import WorkerServiceEntry
from lecture_assets_tests.defs.launcher_jobs import short_job
from lecture_assets_tests.servers.homes import home_environ

LAUNCHER = {"module": "lecture_assets.defs.host.worker_launcher", "class": "WorkerRunLauncher"}


@dataclass(frozen=True, slots=True)
class Launching:
    """An instance, and the store that its launcher writes to."""

    instance: DagsterInstance
    database: Database

    @property
    def launcher(self) -> WorkerRunLauncher:
        assert isinstance(self.instance.run_launcher, WorkerRunLauncher)
        return self.instance.run_launcher

    def launch(self) -> DagsterRun:
        run = self.instance.create_run_for_job(short_job)
        return self.instance.launch_run(run.run_id, None)  # type: ignore[arg-type]  # the launcher needs no workspace

    def status(self, run: DagsterRun) -> DagsterRunStatus:
        stored = self.instance.get_run_by_id(run.run_id)
        assert stored is not None
        return stored.status

    def register(self, service: str, ago_s: float = 0.0) -> None:
        """Register a service that renewed its lease so many seconds ago."""
        entry = WorkerServiceEntry(service, instance_id(self.instance), "code", 3)
        with self.database.write() as connection:
            worker_services.register(connection, entry, clock.now(connection, SystemClock()) - ago_s)

    def claim(self, service: str) -> None:
        with self.database.write() as connection:
            assert launched_runs.claim(connection, instance_id(self.instance), service)

    def health(self, run: DagsterRun) -> WorkerStatus:
        stored = self.instance.get_run_by_id(run.run_id)
        assert stored is not None
        return self.launcher.check_run_worker_health(stored).status

    def messages(self, run: DagsterRun) -> str:
        return "\n".join(entry.message for entry in self.instance.all_logs(run.run_id))


@pytest.fixture
def launching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Launching]:
    home = tmp_path / "home"
    home.mkdir()
    for name, value in home_environ(home).items():
        monkeypatch.setenv(name, value)
    database = Database(database_url(home_environ(home)))
    migrate(database)
    settings = {"run_launcher": LAUNCHER, "telemetry": {"enabled": False}}
    with DagsterInstance.local_temp(str(tmp_path), settings) as instance:
        yield Launching(instance, database)
    database.close()


@pytest.mark.slow
def test_a_launched_run_waits_for_a_service_and_is_healthy(launching: Launching) -> None:
    run = launching.launch()
    assert launching.status(run) is DagsterRunStatus.STARTING
    assert launching.health(run) is WorkerStatus.RUNNING
    with pytest.raises(TimeoutError, match=run.run_id):
        launching.launcher.join(timeout=0)


@pytest.mark.slow
def test_it_is_said_why_a_run_waits(launching: Launching) -> None:
    run = launching.launch()
    assert "No worker service is alive" in str(launching.launcher.get_run_worker_debug_info(run))
    launching.register("dead", ago_s=LEASE_S + 1)
    assert "No worker service is alive" in str(launching.launcher.get_run_worker_debug_info(run))
    launching.register("alive")
    assert "3 runs at once" in str(launching.launcher.get_run_worker_debug_info(run))
    launching.register("alive, too")
    assert "2, 6 runs at once" in str(launching.launcher.get_run_worker_debug_info(run))
    launching.claim("alive")
    assert "alive has this run" in str(launching.launcher.get_run_worker_debug_info(run))


@pytest.mark.slow
def test_a_run_is_healthy_until_its_service_has_been_silent_for_two_leases(launching: Launching) -> None:
    """Dagster's run monitoring fails a run at once; after the database was away, services renew their leases first."""
    for service, ago_s, health in (
        ("alive", 0.0, WorkerStatus.RUNNING),
        ("silent", LEASE_S + 5, WorkerStatus.RUNNING),
        ("dead", 2 * LEASE_S + 1, WorkerStatus.FAILED),
    ):
        run = launching.launch()
        launching.register(service, ago_s)
        launching.claim(service)
        assert launching.health(run) is health, service
    with launching.database.write() as connection:
        launched_runs.end(connection, run.run_id, "dead")
    assert launching.health(run) is WorkerStatus.FAILED


@pytest.mark.slow
def test_a_run_that_no_service_has_is_canceled_at_once_and_never_claimed(launching: Launching) -> None:
    run = launching.launch()
    assert launching.launcher.terminate(run.run_id)
    assert launching.status(run) is DagsterRunStatus.CANCELED
    assert not launching.launcher.terminate(run.run_id)
    assert launching.health(run) is WorkerStatus.SUCCESS
    with launching.database.write() as connection:
        assert launched_runs.claim(connection, instance_id(launching.instance), "late") is None


@pytest.mark.slow
def test_terminating_the_run_of_a_dead_service_says_so(launching: Launching) -> None:
    run = launching.launch()
    launching.register("dead", ago_s=3 * LEASE_S)
    launching.claim("dead")
    assert not launching.launcher.terminate(run.run_id)
    assert launching.status(run) is DagsterRunStatus.CANCELING
    assert "worker service is dead" in launching.messages(run)


@pytest.mark.slow
def test_without_a_usable_store_the_launch_fails_in_words(launching: Launching) -> None:
    with launching.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE launched_runs")
    with pytest.raises(DagsterLaunchFailedError, match="was not offered to the worker services: the database"):
        launching.launch()
