"""Two homes on one database, clocks minutes and days apart: nobody waits for a clock, nobody takes over from the living.

One home is a process of its own whose clock is wrong; the other is this one, with a right clock or a wrong one.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.errors import BusyError
from lecture_assets.ports import SystemClock, Uptime
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.store.database import Database
from lecture_assets.store.ledger_queries import entries
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors

pytestmark = pytest.mark.slow
DAY_S = 24 * 3600.0
_LEASE_S = 15.0
_PATIENCE_S = 120.0
_MADE = "llm:video-summary"


@dataclass
class WrongClock(SystemClock):
    """ahead: of the true time; later: so much more of the machine's time has passed."""

    ahead: float = 0.0
    later: float = 0.0

    def now(self) -> float:
        return super().now() + self.ahead + self.later

    def uptime(self) -> Uptime:
        return replace(up := super().uptime(), seconds=up.seconds + self.later)


@dataclass
class Place:
    """A folder with one database, one media folder and one vendor's books for all homes in it."""

    folder: Path

    def environ(self, home: str, latency: str = "0") -> dict[str, str]:
        return {
            "LECTURES_HOME": str(self.folder / home),
            "LECTURES_DATABASE_URL": f"sqlite:///{self.folder / 'lectures.db'}",
            "LECTURES_ARTIFACTS": str(self.folder / "artifacts"),
            "LECTURES_SIM_JOURNAL": str(self.folder / "journal.jsonl"),
            "LECTURES_SIM_LATENCY": latency,
        }

    @contextmanager
    def open(self, home: str, clock: SystemClock) -> Iterator[Lectures]:
        plain = Lectures.open(self.environ(home))
        with Lectures(replace(plain.context, clock=clock)) as lectures:
            yield lectures

    def bought(self) -> Counter[str]:
        """How often each call was bought."""
        lines = (self.folder / "journal.jsonl").read_text().splitlines()
        return Counter(json.loads(line)["key"] for line in lines)

    def at_work(self, home: str, ahead: float) -> "subprocess.Popen[bytes]":
        """A process at the lecture, with calls out that take long."""
        command = [sys.executable, "-m", "lecture_assets_tests.scenarios.wrong_clock", str(ahead), "regenerate", LECTURE]
        environ = {**os.environ, **self.environ(home, latency="100")}
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        database, until = Database(self.environ(home)["LECTURES_DATABASE_URL"]), time.monotonic() + _PATIENCE_S
        try:
            while not self._is_out(database):
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.02)
        finally:
            database.close()
        return process

    @staticmethod
    def _is_out(database: Database) -> bool:
        with database.read() as connection:
            return any(row["state"] == "submitted" for row in entries(connection))


def make(lectures: Lectures) -> str:
    """Make the first texts of the lecture, one of which the other process had out; how the second stands then."""
    lectures.regenerate(LECTURE, Scope(only=(_MADE,)))
    nodes: Any = lectures.status(LECTURE)["nodes"]
    return next(str(node["status"]) for node in nodes if node["id"] == _MADE)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


APART = [(300.0, 0.0), (0.0, DAY_S), (-300.0, 0.0), (DAY_S, 0.0), (-DAY_S, 0.0), (0.0, -DAY_S), (0.0, 300.0), (0.0, -300.0)]


@pytest.mark.parametrize(("theirs", "ours"), APART if THOROUGH else APART[:1])
def test_the_living_keep_their_lecture_and_the_dead_lose_it_within_a_lease(place: Place, theirs: float, ours: float) -> None:
    with place.open("here", WrongClock(ours if not theirs else 0.0)) as lectures:
        lectures.create(BRIEF, LECTURE)
    process = place.at_work("there", theirs)
    try:
        with place.open("here", WrongClock(ours)) as lectures, pytest.raises(BusyError):
            lectures.regenerate(LECTURE)
        with place.open("here", WrongClock(ours + DAY_S)) as lectures, pytest.raises(BusyError):
            lectures.regenerate(LECTURE)
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
    with place.open("here", WrongClock(ours, later=_LEASE_S)) as lectures:
        assert make(lectures) == "fresh"
    assert set(place.bought().values()) == {1}


def test_a_home_that_looks_like_anothers_takes_nothing_from_its_living_worker(place: Place) -> None:
    """A home that was moved away and made anew, one that was copied, one whose locks are gone, and the home as it was."""
    with place.open("home", SystemClock()) as lectures:
        lectures.create(BRIEF, LECTURE)
    process = place.at_work("home", 0.0)
    home = place.folder / "home"
    try:
        shutil.copytree(home, place.folder / "copied", copy_function=shutil.copy2)
        home.rename(place.folder / "moved")
        for name in ("home", "copied", "moved"):
            if name == "moved":
                (place.folder / "moved" / "locks" / f"{LECTURE}.lock").unlink()
            with place.open(name, SystemClock()) as lectures, pytest.raises(BusyError):
                lectures.regenerate(LECTURE)
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
    with place.open("copied", WrongClock(later=_LEASE_S)) as lectures:
        assert make(lectures) == "fresh"
    assert set(place.bought().values()) == {1}


def test_a_home_takes_over_from_its_own_dead_worker_at_once(place: Place) -> None:
    with place.open("home", SystemClock()) as lectures:
        lectures.create(BRIEF, LECTURE)
    process = place.at_work("home", -DAY_S)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (place.folder / "home").rename(place.folder / "moved")
    with place.open("moved", SystemClock()) as lectures:
        assert make(lectures) == "fresh"
    assert set(place.bought().values()) == {1}


@pytest.mark.thorough("waits for vendors; the tests before have the clocks of leases")
@pytest.mark.parametrize("ahead", [DAY_S, *([300.0, -300.0, -DAY_S] if THOROUGH else [])])
def test_no_call_to_a_vendor_waits_for_a_clock_that_was_wrong(tmp_path: Path, ahead: float) -> None:
    """One home whose clock was wrong for one run, and then was right: its calls go out at the vendors' pace."""
    with OpenAIStandIn() as openai, ReplicateStandIn() as replicate:
        environ = Vendors(openai, replicate).environ(tmp_path / "home")
        with Lectures.open(environ) as lectures:
            lectures.create(BRIEF, LECTURE)
            lectures.create(BRIEF.model_copy(update={"notes": "Rivers run to the sea.\n\nIt is not full."}), "rivers")
        command = [sys.executable, "-m", "lecture_assets_tests.scenarios.wrong_clock", str(ahead)]
        for clock, lecture in ((command, LECTURE), ([*command[:-1], "0"], "rivers")):
            done = subprocess.run(
                [*clock, "regenerate", lecture, "--only", _MADE],
                env={**os.environ, **environ},
                capture_output=True,
                text=True,
                timeout=_PATIENCE_S,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            assert "may be called so often" not in done.stderr
