"""Edits at any moment of a run, on a virtual clock: nothing is sent that the head does not want, and the run ends on the head."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.ports import Call, Provider
from lecture_assets.providers.simulated.options import SimulatedOptions
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.snapshot import plan_of, read_snapshot
from lecture_assets.runner.regenerate.regeneration import regenerate
from lecture_assets.runner.regenerate.scope import EVERYTHING
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.runner.virtual_time import VirtualClock, VirtualLoop, writes_are_counted
from lecture_assets_tests.scenarios.quick_vendor import Mood, QuickProvider
from lecture_assets_tests.servers.homes import home_environ

EDITS = [
    "text content:narration-text:segment[0]=Other words.",
    "text content:narration-text:segment[1]=Yet other words.",
    "text content:visual:segment[0]=A red umbrella in the rain.",
    "set voice=teacher",
    "set voice=narrator",
    "set image_style=ink drawing",
    "set image_style=neon sign",
    "set audience=children",
    "set aspect_ratio=1:1",
    "set use_video=true",
    "set use_video=false",
    "segments add",
    "segments add:0",
    "segments move:0:1",
    "reroll asset:music",
    "reroll llm:script-generation",
    "model asset:image:segment[0]:image[0]=simulated:replicate/own",
]


@dataclass
class UnwantedCalls:
    """Checks each call at the moment it is sent: is it in the current plan? Records those that are not."""

    lectures: Lectures
    unwanted: list[str]
    sent: int = 0

    def record(self, call: Call) -> None:
        """Record a call, as unwanted if it is not in the plan of the current head."""
        self.sent += 1
        context = self.lectures.context
        with context.database.read() as connection:
            plan = plan_of(read_snapshot(context, connection, LECTURE), connection)
        if call.key not in {planned.quote.key for planned in plan.nodes if planned.quote}:
            self.unwanted.append(f"{call.role} {call.key}")


class Watched(QuickProvider):
    """The quick vendor, with latencies; every call sent is recorded."""

    def __init__(self, home: Path, calls: UnwantedCalls, clock: VirtualClock) -> None:
        super().__init__(home, Mood())
        self._options, self._clock, self._calls = SimulatedOptions(latency=100.0), clock, calls

    async def submit(self, call: Call) -> str:
        self._calls.record(call)
        return await super().submit(call)


def play(home: Path, seed: int) -> Iterator[tuple[UnwantedCalls, Any]]:
    """Run while edits arrive at moments drawn from the seed; yields the calls and the run's report."""
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    loop = VirtualLoop()
    clock = VirtualClock(loop)
    plain = Lectures.open(home_environ(home))
    calls = UnwantedCalls(plain, [])

    def open_providers() -> dict[str, Provider]:
        return {"simulated": Watched(home / "simulated", calls, clock)}

    with Lectures(replace(plain.context, open_providers=open_providers, clock=clock)) as lectures:
        calls.lectures = lectures
        lectures.create(BRIEF, LECTURE)

        async def edit() -> None:
            for _ in range(dice.randint(1, 6)):
                await asyncio.sleep(dice.uniform(0, 60))
                wanted = lectures.undo if dice.random() < 0.2 and lectures.status(LECTURE)["version"] != 1 else None
                try:
                    wanted(LECTURE) if wanted else lectures.edit(LECTURE, [dice.choice(EDITS)])
                except Exception as error:  # noqa: BLE001 - no way back, or a node that is pinned or gone: another time
                    assert type(error).__name__ in {"RefusedError", "WrongInputError", "UnknownNodeError"}  # noqa: PT017 - the loop goes on

        async def main() -> Any:
            editor = asyncio.create_task(edit())
            try:
                return await regenerate(lectures.context, LECTURE, EVERYTHING, lambda _: None)
            finally:
                editor.cancel()

        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            yield calls, runner.run(main())


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(4 if THOROUGH else 2))
def test_nothing_unwanted_is_sent_and_the_run_ends_on_the_head(
    batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed = 0
    with writes_are_counted(monkeypatch):
        for seed in range(batch * 10, batch * 10 + (10 if THOROUGH else 2)):
            for calls, report in play(tmp_path / str(seed), seed):
                assert calls.unwanted == [], seed
                status: Any = calls.lectures.status(LECTURE)
                assert report["version"] == status["version"] == status["published"], seed
                assert not report["failed"], seed
                plan: Any = calls.lectures.plan(LECTURE)
                assert plan["nodes"] == [], seed
                assert calls.sent == sum(report["calls"].values()), seed
                landed += status["version"] - 1
    assert landed > (10 if THOROUGH else 2)  # the edits were made while the runs went on
