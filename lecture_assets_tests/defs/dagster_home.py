"""A home with its Dagster instance in one process, where a test edits, runs jobs and queries Dagster."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster import DagsterInstance, ExecuteInProcessResult

from lecture_assets.briefs.brief import Brief
from lecture_assets.definitions import defs
from lecture_assets.defs.dagster_check import Disagreement, disagreements
from lecture_assets.defs.host.instance import open_instance
from lecture_assets.defs.jobs import REGENERATE
from lecture_assets.defs.sync.publisher import EventLogPublisher
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.defs.made_instance import put_files
from lecture_assets_tests.servers.homes import has_servers, home_environ, instance_environ

LECTURE = "rain"


def brief(segments: int = 2, images: int = 1, **keys: Any) -> Brief:
    """Write a brief of this size."""
    size = {"duration": segments * 5, "segment_length": 5, "num_segments": segments, "images_per_segment": images}
    return Brief(prompt="Explain rain.", **{**size, **keys})


@dataclass
class DagsterHome:
    """The lectures and the instance of a home."""

    home: Path
    lectures: Lectures
    instance: DagsterInstance

    def publish(self) -> int:
        """Publish as the sensor does."""
        return EventLogPublisher(self.lectures.context, self.instance, LECTURE).publish_all()

    def edit(self, *edits: str) -> None:
        self.lectures.edit(LECTURE, edits)

    def run(self, **config: Any) -> ExecuteInProcessResult:
        """Run the job in this process."""
        return defs.get_job_def(REGENERATE).execute_in_process(
            run_config={"ops": {"regenerate": {"config": config}}},
            partition_key=LECTURE,
            instance=self.instance,
            raise_on_error=False,
        )

    def disagreements(self) -> list[Disagreement]:
        """The nodes on which Dagster and the core differ."""
        return list(disagreements(self.lectures.context, self.instance, LECTURE))


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Set these variables within the block: jobs and sensors read the process's environment."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def open_dagster_home(home: Path, written: Brief | None, variables: Mapping[str, str] | None = None) -> Iterator[DagsterHome]:
    """Open a home with its Dagster instance, and create a lecture from the brief, if any."""
    if not has_servers():
        put_files(home / "dagster")
    places = home_environ(home, **instance_environ(home))
    with (
        environment(**{**places, **(variables or {})}),
        Lectures.open(os.environ) as lectures,
        open_instance(os.environ) as instance,
    ):
        if written is not None:
            lectures.create(written, LECTURE)
        dagster_home = DagsterHome(home, lectures, instance)
        if written is not None:
            dagster_home.publish()
        yield dagster_home
