"""The founding plan's scenarios 1 to 4, and what else an editor does, by whatever client: over HTTP and a WebSocket alone.

    create, price, regenerate, watch, play ─► edit the words of segment 2 ─► another style ─► one prompt ─► undo, cancel, delete

`EXPECTED` says what each makes, of a lecture of three segments with two images each. `story.ts` is the same in TypeScript.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from lecture_assets_tests.counts import made_nodes

BRIEF = {
    "notes": "The sun warms the sea.\n\nVapour rises and cools.\n\nDrops fall on the mountains.",
    "duration": 15,
    "segmentLength": 5,
    "numSegments": 3,
    "imagesPerSegment": 2,
    "imageStyle": "Ghibli",
}
SAID, SHOWN = "content:narration-text:segment[2]", "content:image-prompt:segment[0]:image[0]"
EDITS: Mapping[str, Mapping[str, Any]] = {
    "narration": {"text": {"node": SAID, "text": "Rain ends where it began."}},
    "style": {"set": {"imageStyle": "Pixar"}},
    "prompt": {"text": {"node": SHOWN, "text": "A futuristic cityscape in the rain."}},
}
_PICTURES = [f"segment[{slot}]:image[{image}]" for slot in range(3) for image in range(2)]
_TIMELINES = [f"assembler:segment-timeline:segment[{slot}]" for slot in range(3)]
_STYLED = [f"{kind}:{picture}" for kind in ("llm:image-prompt", "content:image-prompt", "asset:image") for picture in _PICTURES]
MADE = {
    "narration": ["asset:narration:segment[2]", _TIMELINES[2], "assembler:timeline"],
    "style": [*_STYLED, *_TIMELINES, "assembler:timeline"],
    "prompt": ["asset:image:segment[0]:image[0]", _TIMELINES[0], "assembler:timeline"],
}
EXPECTED = {
    "first": {"made": made_nodes(3, 2), "calls": 19, "missing": 0, "ending": "DONE"},
    **{
        name: {"made": sorted(MADE[name]), "calls": calls, "missing": 0, "ending": "DONE"}
        for name, calls in (("narration", 1), ("style", 12), ("prompt", 1))
    },
    "undone": {"calls": 0, "missing": 0, "ending": "DONE"},
    "canceled": "NONE",
    "deleted": "LectureDeleted",
    "gone": "LECTURE_NOT_FOUND",
}
"""What a story tells, but for the numbers of its events."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One event, as far as a story needs it.

    kind: the name of its type; version: what a run that has ended made; calls: those of that run
    """

    number: int
    kind: str
    node: str = ""
    outcome: str = ""
    ending: str = ""
    version: int = 0
    is_queued: bool = False
    calls: int = 0


class Driver(Protocol):
    """One client, and one lecture that it works on."""

    async def create(self, brief: Mapping[str, Any]) -> None:
        """Create the lecture."""

    async def price(self) -> tuple[str, int]:
        """What a plan's token is, and how many nodes it has."""

    async def edit(self, edit: Mapping[str, Any]) -> tuple[int, Sequence[str]]:
        """Edit the lecture; its version, and what is stale then."""

    async def undo(self) -> int:
        """Undo the last edit; the lecture's version."""

    async def regenerate(self, token: str | None) -> None:
        """Queue a regeneration."""

    def watch(self, after: int) -> AsyncGenerator[Seen, None]:
        """The lecture's events after a number."""

    async def missing(self) -> int:
        """How many parts of the timeline are missing."""

    async def cancel(self) -> str:
        """Cancel the regeneration; what there was."""

    async def delete(self) -> str:
        """Delete the lecture; the type of the answer."""

    async def code_when_gone(self) -> str:
        """The code of the error of watching a lecture that is not there."""


async def told_by(driver: Driver, lecture: str) -> dict[str, Any]:
    """Play the story; what the client saw of it, and the `numbers` of all events."""
    numbers: list[int] = []
    told: dict[str, Any] = {"numbers": numbers}
    await driver.create(brief_of(lecture))
    token, nodes = await driver.price()
    assert nodes == made_nodes(3, 2)
    await driver.regenerate(token)
    first = await _until_made(driver, 1, numbers)
    told["first"] = {**first, "made": len(first["made"])}
    for name, edit in EDITS.items():
        version, stale = await driver.edit(edit)
        assert set(stale) <= set(MADE[name]), stale
        await driver.regenerate(None)
        told[name] = await _until_made(driver, version, numbers)
    undone = await _until_made(driver, await driver.undo(), numbers)
    told["undone"] = {name: undone[name] for name in ("calls", "missing", "ending")}
    told["canceled"] = await driver.cancel()
    told["deleted"] = await driver.delete()
    told["gone"] = await driver.code_when_gone()
    return told


def brief_of(lecture: str) -> dict[str, Any]:
    """A brief whose calls no other lecture has bought."""
    return {**BRIEF, "prompt": f"Explain rain to the readers of {lecture}."}


async def _until_made(driver: Driver, version: int, numbers: list[int]) -> dict[str, Any]:
    """Watch until this version is made and nothing else is queued."""
    made, calls = set[str](), 0
    async with aclosing(driver.watch(numbers[-1] if numbers else 0)) as events:
        async for event in events:
            numbers.append(event.number)
            if event.outcome == "MADE":
                made.add(event.node)
            calls += event.calls
            if event.ending and event.version >= version and not event.is_queued:
                return {"made": sorted(made), "calls": calls, "missing": await driver.missing(), "ending": event.ending}
    message = "it ended while it was watched"
    raise AssertionError(message)


def check(told: Mapping[str, Any]) -> None:
    """Whether a client saw what it should have."""
    numbers = told["numbers"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {name: found for name, found in told.items() if name != "numbers"} == EXPECTED
