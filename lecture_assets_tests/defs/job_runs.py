"""Runs of the jobs in `launcher_jobs.py`: launched through an instance, seen once their op runs, released by a file."""

import time
from pathlib import Path

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, JobDefinition
from dagster._core.definitions.reconstruct import ReconstructableRepository

from lecture_assets_tests.defs import launcher_jobs
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.project import ROOT


class JobRuns:
    """What tests of any launcher do with runs. patience_s: how long a start is polled for; nothing is asserted from it."""

    __slots__ = ()
    instance: DagsterInstance
    patience_s = 60.0

    @property
    def noted(self) -> Path:
        """The folder in which runs note that their op runs."""
        return Path(self.instance.root_directory)

    @property
    def until(self) -> Path:
        """The file that releases all waiting runs."""
        return self.noted / "until"

    def create(self, job: JobDefinition, module: str = launcher_jobs.__name__, seen: str = "") -> DagsterRun:
        """Create a run."""
        repository = ReconstructableRepository.for_module(module, "defs", working_directory=str(ROOT))
        origin = repository.get_reconstructable_job(job.name).get_python_origin()
        tags = {"seen": str(self.noted / (seen or f"seen-{time.monotonic_ns()}")), "until": str(self.until)}
        return self.instance.create_run_for_job(job, tags=tags, job_code_origin=origin)

    def launch(self, job: JobDefinition, module: str = launcher_jobs.__name__) -> DagsterRun:
        """Launch a run."""
        run = self.create(job, module)
        self.instance.launch_run(run.run_id, None)  # type: ignore[arg-type]  # these launchers need no workspace
        return run

    def launch_until_seen(self, job: JobDefinition) -> DagsterRun:
        """Launch a run and wait until its op runs."""
        run = self.launch(job)
        until(lambda: Path(run.tags["seen"]).exists(), self.patience_s)
        return run

    def status(self, run: DagsterRun) -> DagsterRunStatus:
        """The run's status, as it is stored now."""
        stored = self.instance.get_run_by_id(run.run_id)
        assert stored is not None
        return stored.status

    def messages(self, run: DagsterRun) -> str:
        """The run's log."""
        return "\n".join(entry.message for entry in self.instance.all_logs(run.run_id))
