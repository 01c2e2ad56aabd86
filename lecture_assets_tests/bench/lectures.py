"""Lectures of any size for the benchmarks, and providers that note when they are called."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from lecture_assets.briefs.brief import Brief
from lecture_assets.ports import Call, Provider, Reply
from lecture_assets.runner.lectures import Lectures

_PLACES = ("spring", "river", "lake", "well", "dam", "tunnel", "pump", "filter", "tank", "pipe", "tap", "drain", "canal")
_DEEDS = (
    "is cleaned by sand",
    "is lifted by a pump",
    "waits under the hills",
    "runs through old stone",
    "is measured every hour",
)


def brief(segments: int, images: int) -> Brief:
    """A lecture of so many segments with so many images each, every segment about something else, so that no call is a repeat.

    The music is short, so that composing it takes no longer than the latency that it stands for.
    """
    stations = range(1, segments + 1)
    notes = "\n\n".join(
        f"At station {number} the water of the {_PLACES[number % len(_PLACES)]} {_DEEDS[number % len(_DEEDS)]}. "
        f"From there it takes {number} minutes to the next {_PLACES[(number * 5 + 3) % len(_PLACES)]} on its way to the city."
        for number in stations
    )
    return Brief(
        prompt="Explain how a city gets its water, from the spring to the tap and back to the sea.",
        notes=notes,
        duration=30,
        segment_length=3,
        num_segments=segments,
        images_per_segment=images,
        image_style="soft watercolour",
    )


@contextmanager
def open_lectures(latency: float = 0.0) -> Iterator[Lectures]:
    """The lectures of a new home that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lectures-bench-") as folder:
        environ = {"LECTURES_HOME": str(Path(folder) / "home"), "LECTURES_SIM_LATENCY": str(latency)}
        with Lectures.open(environ) as lectures:
            yield lectures


class Watched:
    """A provider that passes everything on and keeps the time of each submit (seconds of `time.perf_counter`)."""

    def __init__(self, inner: Provider) -> None:
        self._inner = inner
        self.name = inner.name
        self.settle_s = inner.settle_s
        self.submitted_at: list[float] = []

    async def submit(self, call: Call) -> str:
        self.submitted_at.append(time.perf_counter())
        return await self._inner.submit(call)

    async def collect(self, provider_id: str, call: Call) -> Reply:
        return await self._inner.collect(provider_id, call)

    async def find(self, call: Call) -> str | None:
        return await self._inner.find(call)

    async def cancel(self, provider_id: str) -> bool:
        return await self._inner.cancel(provider_id)

    async def close(self) -> None:
        await self._inner.close()


def watched(lectures: Lectures) -> tuple[Lectures, list[Watched]]:
    """The same lectures with watched providers; each regeneration opens new ones and appends them to the list."""
    opened: list[Watched] = []
    open_providers = lectures.context.open_providers

    def open_watched() -> dict[str, Provider]:
        providers: dict[str, Provider] = {}
        for name, provider in open_providers().items():
            opened.append(Watched(provider))
            providers[name] = opened[-1]
        return providers

    return Lectures(replace(lectures.context, open_providers=open_watched)), opened
