"""A process that is stopped between its last look and the first byte sends nothing any more: somebody else may have, meanwhile.

The stop is the clock's: it jumps ahead by more than a lease, just before the vendor's adapter is called.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.errors import BusyError, LectureError
from lecture_assets.ports import Call, Provider, SystemClock, Uptime
from lecture_assets.providers.departure import depart, departing
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE, HookedProvider, Watch
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors

pytestmark = pytest.mark.sqlite  # the clock of a server cannot be put forward
ROLES = {"text": 5, "speech": 2, "image": 2, "music": 1}
MORE = [("vendors", "image"), ("vendors", "text"), ("simulated", "music")]


class Ahead(SystemClock):
    """A clock that can be put forward."""

    seconds = 0.0

    def now(self) -> float:
        return super().now() + self.seconds

    def uptime(self) -> Uptime:
        return replace(super().uptime(), seconds=super().uptime().seconds + self.seconds)


@dataclass
class Town:
    """Two homes on one database and one vendor's bill; the first one's process can be stopped before a call is sent."""

    first: Lectures
    second: Lectures
    watch: Watch
    clock: Ahead
    bill: Callable[[], Counter[str]]

    def take_over(self) -> None:
        """The second one makes the lecture as soon as the first one's lease is over; what that had on its way to the store
        when it was stopped may renew it once.
        """
        while True:
            self.clock.seconds += 3600.0
            with suppress(BusyError):
                self.second.regenerate(LECTURE)
                return


async def _no_pause(_seconds: float) -> None:
    """Waits for nothing."""


def opened(home: Path, environ: dict[str, str], watch: Watch, clock: Ahead) -> Lectures:
    plain = Lectures.open(environ | {"LECTURES_HOME": str(home)})

    def open_providers() -> dict[str, Provider]:
        hooked: dict[str, Provider] = {
            name: HookedProvider(vendor, watch) for name, vendor in plain.context.open_providers().items()
        }
        for provider in hooked.values():
            provider.settle_s = 0.0
        return hooked

    return Lectures(replace(plain.context, open_providers=open_providers, clock=clock, pause=_no_pause))


@contextmanager
def town(folder: Path, whose: str) -> Iterator[Town]:
    clock, watch = Ahead(), Watch()
    with OpenAIStandIn() as openai, ReplicateStandIn(polls=0) as replicate:
        vendors, journal = Vendors(openai, replicate), folder / "journal.jsonl"

        def simulated() -> Counter[str]:
            return Counter(json.loads(line)["role"] for line in journal.read_text().splitlines())

        environ = {} if whose == "simulated" else vendors.environ(folder)
        environ |= {
            "LECTURES_DATABASE_URL": f"sqlite:///{folder / 'one.db'}",
            "LECTURES_ARTIFACTS": str(folder / "artifacts"),
            "LECTURES_SIM_JOURNAL": str(journal),
        }
        first, second = opened(folder / "a", environ, watch, clock), opened(folder / "b", environ, Watch(), clock)
        with first, second:
            first.create(BRIEF, LECTURE)
            yield Town(first, second, watch, clock, simulated if whose == "simulated" else vendors.sold)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("whose", "role"),
    [
        ("simulated", "speech"),
        ("vendors", "speech"),
        *([("vendors", "image"), ("vendors", "text"), ("simulated", "music")] if THOROUGH else []),
    ],
)
def test_whoever_was_stopped_before_the_first_byte_sends_nothing_any_more(tmp_path: Path, whose: str, role: str) -> None:
    with town(tmp_path, whose) as both:

        def stop(call: Call) -> None:
            if call.role.value == role and not both.clock.seconds:
                in_a_thread(both.take_over)

        both.watch.before = stop
        with pytest.raises(LectureError, match="taken over by another process"):
            both.first.regenerate(LECTURE)
        again: Any = both.second.regenerate(LECTURE)
        spent: Any = both.second.costs(LECTURE)
    assert (again["made"], again["failed"]) == ([], [])
    assert dict(both.bill()) == ROLES
    assert all(call["state"] == "done" for call in spent["calls"])


def in_a_thread(work: Callable[[], object]) -> None:
    """Work to its end, beside the loop that is running here."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_gate_is_passed_by_what_is_sent_within_and_by_nothing_else() -> None:
    passed: list[int] = []
    with departing(lambda: passed.append(1)):
        depart()
    depart()
    assert passed == [1]
