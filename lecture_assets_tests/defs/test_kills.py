"""Run workers, the daemon and the webserver are killed mid-run, again and again: all is finished, nothing is bought twice.

Each round edits every lecture and waits until the sensor has runs going; then processes of each sort get a SIGKILL, at moments
and in an order that the seed decides. The vendor's journal lies outside of them all.
"""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterRunStatus, RunsFilter
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from lecture_assets.defs.dagster_check import disagreements
from lecture_assets.defs.host.instance import open_instance
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.waiting import waiting
from lecture_assets_tests.defs.dagster_home import brief
from lecture_assets_tests.defs.dev_server import DAEMON, FORK_SERVER, WEBSERVER, Dev, remaining, running, until
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.homes import home_environ

pytestmark = pytest.mark.slow
LECTURES = [f"lecture-{number}" for number in range(5 if THOROUGH else 2)]
ROUNDS = 5 if THOROUGH else 1
VICTIMS = ["worker"] * (4 if THOROUGH else 1) + [DAEMON, WEBSERVER, FORK_SERVER]
_FINISHED_S = 30.0
"""The requirement: finished within 30 s of the restart. The restart itself, of Python processes on busy cores, takes up to 15."""


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    with running(tmp_path_factory.mktemp("dev") / "home", LECTURES_SIM_LATENCY="1") as dev:
        yield dev


def kill(dev: Dev, victim: str) -> None:
    """The next live process of this kind; None once no run is active any more."""
    pid = until(lambda: dev.run_worker() if victim == "worker" else dev.part(victim), 20)
    os.kill(pid, signal.SIGKILL)


def is_done(lectures: Lectures) -> bool:
    """Whether no work is waiting or in progress."""
    with lectures.context.database.read() as connection:
        if waiting(connection):
            return False
    return all(status == {"fresh"} for status in map(statuses, [lectures] * len(LECTURES), LECTURES))


def statuses(lectures: Lectures, lecture: str) -> set[str]:
    nodes: Any = lectures.status(lecture)["nodes"]
    return {node["status"] for node in nodes}


def bought(home: Path) -> list[str]:
    return [json.loads(line)["key"] for line in (home / "simulated" / "journal.jsonl").read_text().splitlines()]


@pytest.mark.thorough("a whole `lectures dev`; test_launcher.py and scenarios/test_kills.py kill its parts")
def test_whatever_is_killed_all_is_finished_and_nothing_is_bought_twice(dev: Dev) -> None:
    environ = home_environ(dev.home)
    chance = random.Random(7)  # noqa: S311 - a seed, no secret
    with Lectures.open(environ) as lectures, open_instance(environ) as instance:
        for lecture in LECTURES:
            lectures.create(brief(2, 1), lecture)
            lectures.regenerate(lecture)
        for number in range(ROUNDS):
            for lecture in LECTURES:
                lectures.edit(
                    lecture, [f"set image_style=style {number} of {lecture}", f"set audience=group {number} of {lecture}"]
                )
            for victim in chance.sample(VICTIMS, len(VICTIMS)):
                kill(dev, victim)
                time.sleep(chance.uniform(0.05, 0.6))  # the moment of the next kill is what is tried here
            restarted = time.monotonic()
            until(lambda: is_done(lectures), 90)
            print(f"round {number}: finished after {time.monotonic() - restarted:.1f} s")  # noqa: T201 - the figure is asked for
            assert time.monotonic() - restarted < _FINISHED_S + 15
        assert len(bought(dev.home)) == len(set(bought(dev.home)))
        infos = instance.event_log_storage.get_concurrency_infos(["openai", "replicate"])
        until(lambda: not instance.get_runs(RunsFilter(statuses=list(NOT_FINISHED_STATUSES))), 30)
        infos = instance.event_log_storage.get_concurrency_infos(["openai", "replicate"])
        assert not [info for info in infos.values() if info.claimed_slots or info.pending_steps]
        assert instance.get_runs_count(RunsFilter(statuses=[DagsterRunStatus.FAILURE])) >= ROUNDS
        for lecture in LECTURES:
            until(lambda lecture=lecture: not list(disagreements(lectures.context, instance, lecture)), 30)  # type: ignore[misc]


def test_its_parts_do_not_outlive_a_killed_supervisor(dev: Dev) -> None:
    """The last test of this server, which is dead afterwards. A fork server without work ends after a minute."""
    parts = [pid for name, pid in dev.parts().items() if name != FORK_SERVER]
    assert len(parts) == 3
    dev.process.kill()
    dev.process.wait()
    until(lambda: not remaining(parts), 10)  # the requirement: gone within 10 s
