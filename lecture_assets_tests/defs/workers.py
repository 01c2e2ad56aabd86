"""Real worker services for tests and benchmarks: started, killed and drained, on an instance of the tests' own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from sqlalchemy import URL

from lecture_assets.defs.host.worker_launcher import WorkerRunLauncher
from lecture_assets.store import launched_runs
from lecture_assets_tests.defs.dagster_home import DagsterHome, brief, open_dagster_home
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.defs.job_runs import JobRuns
from lecture_assets_tests.defs.made_instance import put_files

_EMBEDDED = {"module": "lecture_assets.defs.host.sqlite_storage", "class": "EmbeddedStorage", "config": {}}
_START_S = 240.0  # polled for: nothing is asserted from it


def production_settings(database: URL | None) -> dict[str, Any]:
    """A `dagster.yaml` with the launcher of worker services. database: of Dagster's own tables; None for files."""
    ours = {"module": "lecture_assets.defs.host.postgres_storage", "class": "PostgresStorage"}
    storage = {**ours, "config": {"postgres_url": _text(database)}} if database else _EMBEDDED
    return {
        "storage": {"custom": storage},
        "run_launcher": {"module": "lecture_assets.defs.host.worker_launcher", "class": "WorkerRunLauncher", "config": {}},
        "run_coordinator": {"module": "dagster._core.run_coordinator", "class": "DefaultRunCoordinator"},
        "run_monitoring": {
            "enabled": True,
            "start_timeout_seconds": 600,
            "cancel_timeout_seconds": 660,
            "max_resume_run_attempts": 0,
            "poll_interval_seconds": 5,
        },
        "sensors": {"use_threads": True, "num_workers": 4},
        "concurrency": {"pools": {"granularity": "op"}},
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
    }


@contextmanager
def open_home_for_workers(folder: Path) -> Iterator[DagsterHome]:
    """A lecture of one segment in an instance whose runs are for worker services; none of them runs."""
    dagster = folder / "home" / "dagster"
    dagster.mkdir(parents=True)
    (dagster / "dagster.yaml").write_text(yaml.safe_dump(production_settings(None)))
    with open_dagster_home(folder / "home", brief(1)) as dagster_home:
        yield dagster_home


def stock_settings(database: URL) -> dict[str, Any]:
    """The same with the storage, the launcher and the queue that Dagster brings."""
    return {
        **production_settings(database),
        "storage": {"postgres": {"postgres_url": _text(database)}},
        "run_launcher": {"module": "dagster", "class": "DefaultRunLauncher"},
        "run_coordinator": {
            "module": "dagster.core.run_coordinator",
            "class": "QueuedRunCoordinator",
            "config": {"dequeue_interval_seconds": 1},
        },
    }


def _text(database: URL) -> str:
    return database.render_as_string(hide_password=False)


@dataclass
class Worker:
    """A running `lectures worker`."""

    process: "subprocess.Popen[bytes]"
    printed: Path

    def said(self, words: str) -> bool:
        """Whether it has printed these words."""
        return words in self.printed.read_text()

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(90)


@dataclass
class Workers(JobRuns):
    """An instance, its worker services and its runs."""

    instance: DagsterInstance
    folder: Path
    environ: Mapping[str, str]
    started: list[Worker] = field(default_factory=list)
    patience_s = _START_S

    def start(self, *options: str, **variables: str) -> Worker:
        """Start a worker service; returns once it takes runs."""
        worker = self.begin(*options, **variables)
        until(lambda: worker.said("taking runs") or worker.process.poll() is not None, _START_S)
        assert worker.process.poll() is None, worker.printed.read_text()
        return worker

    def begin(self, *options: str, **variables: str) -> Worker:
        """Start a worker service without waiting for it."""
        printed = self.folder / f"worker-{len(self.started)}.printed"
        command = [sys.executable, "-m", "lecture_assets.cli", "worker", *options]
        environ = {**self.environ, **variables, "PYTHONUNBUFFERED": "1"}
        with printed.open("wb") as output:
            process = subprocess.Popen(command, env=environ, stdout=output, stderr=output, start_new_session=True)
        self.started.append(Worker(process, printed))
        return self.started[-1]

    @property
    def launcher(self) -> WorkerRunLauncher:
        assert isinstance(self.instance.run_launcher, WorkerRunLauncher)
        return self.instance.run_launcher

    def ends_as(self, run: DagsterRun) -> DagsterRunStatus:
        """The status with which a run ends, once its service has forgotten it."""
        until(lambda: self.instance.get_run_by_id(run.run_id).is_finished, _START_S)  # type: ignore[union-attr]
        until(lambda: self.service_of(run) is None, _START_S)
        return self.status(run)

    def service_of(self, run: DagsterRun) -> str | None:
        """The worker service that has a run; "" if none has claimed it, None if it has ended."""
        with self.launcher._database.read() as connection:
            found = launched_runs.find(connection, run.run_id)
        return None if found is None else found.service


@contextmanager
def open_workers(folder: Path, environ: Mapping[str, str], dagster: URL | None) -> Iterator[Workers]:
    """Open an instance for worker services; those started are killed at the end. environ: names the store."""
    home = folder / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_text(yaml.safe_dump(production_settings(dagster)))
    if dagster is None:
        put_files(home)
    before = dict(os.environ)
    os.environ.update(environ)  # the launcher finds the store by it
    try:
        with DagsterInstance.from_config(str(home)) as instance:
            workers = Workers(instance, folder, {**os.environ, **environ, "DAGSTER_HOME": str(home)})
            try:
                yield workers
            finally:
                workers.until.touch()
                for worker in workers.started:
                    worker.process.kill()
                    worker.process.wait()
    finally:
        os.environ.clear()
        os.environ.update(before)
