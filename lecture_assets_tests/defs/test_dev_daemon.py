"""The daemon of `lectures dev` does the sensors' work after a change, and nothing without one or while they are switched off."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from dagster import AssetMaterialization
from dagster._core.scheduler.instigation import InstigatorStatus
from sqlalchemy import event

from lecture_assets.defs import reconciling
from lecture_assets.defs.dev_daemon import _PUBLISH_S, SensorWork
from lecture_assets.defs.host.instance import open_instance
from lecture_assets.defs.keys import asset_key
from lecture_assets.graph.lecture import KINDS
from lecture_assets.runner.setup.run_limits import RunLimits
from lecture_assets.store.change_watch import ChangeWatch
from lecture_assets.store.notices import WORK
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome
from lecture_assets_tests.defs.test_dispatching import EDIT, sensor
from lecture_assets_tests.defs.workers import open_home_for_workers


@dataclass
class Looking:
    """What the daemon's threads have, on a clock of the test's own."""

    home: DagsterHome
    seconds: float = 0.0
    work: SensorWork = field(init=False)
    watch: ChangeWatch = field(init=False)

    def __post_init__(self) -> None:
        context = self.home.lectures.context
        self.work = SensorWork(self.home.instance, context, os.environ, lambda: self.seconds)
        self.watch = ChangeWatch(context.database, WORK)

    def look(self, after_s: float = 0.0) -> None:
        self.seconds += after_s
        self.work.look(self.watch.mark())
        if after_s >= _PUBLISH_S:
            self.work.publish(self.watch.mark())

    def runs(self) -> list[str]:
        return [run.tags["dagster/partition"] for run in self.home.instance.get_runs()]


@pytest.fixture
def looking(tmp_path: Path) -> Iterator[Looking]:
    """A lecture that is published, in an instance whose runs wait for a worker service."""
    with open_home_for_workers(tmp_path) as dagster_home:
        found = Looking(dagster_home)
        yield found
        found.watch.close()


def switch(home: DagsterHome, status: InstigatorStatus) -> None:
    for name in ("start_regenerations", "tell_lectures", "free_slots"):
        home.instance.add_instigator_state(sensor(status, name))


def settle(looking: Looking) -> None:
    for _ in range(6):
        looking.look(10.0)


def test_an_edit_is_started_with_the_next_look_and_published_within_ten_seconds(looking: Looking) -> None:
    switch(looking.home, InstigatorStatus.DECLARED_IN_CODE)
    settle(looking)
    looking.home.edit(EDIT)
    looking.look(0.5)
    assert looking.runs() == [LECTURE]
    looking.look(10.0)
    assert looking.home.publish() == 0
    looking.look()
    assert looking.runs() == [LECTURE]


def test_nothing_is_done_while_the_sensors_are_switched_off(looking: Looking) -> None:
    switch(looking.home, InstigatorStatus.STOPPED)
    looking.home.edit(EDIT)
    settle(looking)
    assert looking.runs() == []
    assert looking.home.publish() > 0


@pytest.mark.sqlite
def test_the_store_is_not_asked_while_nothing_changes(looking: Looking) -> None:
    switch(looking.home, InstigatorStatus.DECLARED_IN_CODE)
    settle(looking)
    asked = list[str]()
    event.listen(
        looking.home.lectures.context.database.engine, "before_cursor_execute", lambda *found: asked.append(str(found[2]))
    )
    settle(looking)
    assert asked == []


def test_what_is_reported_by_hand_in_another_process_is_published_over(looking: Looking) -> None:
    switch(looking.home, InstigatorStatus.DECLARED_IN_CODE)
    looking.home.lectures.regenerate(LECTURE)
    settle(looking)
    assert looking.home.disagreements() == []
    with open_instance(os.environ) as other:
        made = AssetMaterialization(asset_key(KINDS["assembler:timeline"]), partition=LECTURE)
        other.report_runless_asset_event(made)
    assert looking.home.disagreements()
    looking.look(10.0)
    looking.look(10.0)
    assert looking.home.disagreements() == []


def test_the_sensor_leaves_a_new_edit_to_the_daemon(looking: Looking) -> None:
    looking.home.edit(EDIT)
    instance, context = looking.home.instance, looking.home.lectures.context
    after_s = reconciling.left_to_dispatcher_s(instance, is_alone=False)
    assert list(reconciling.runs_to_start(instance, context, RunLimits(), after_s)) == []
    assert len(list(reconciling.runs_to_start(instance, context, RunLimits()))) == 1
