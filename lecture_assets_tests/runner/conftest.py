"""A small lecture in a home of its own, and a vendor whose calls a test can intercept."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.ports import Call, Provider, Reply
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.regenerate.report import ReportDocument
from lecture_assets_tests.counts import RAIN
from lecture_assets_tests.servers.homes import copy_home, home_environ

LECTURE = "rain"
BRIEF = Brief(
    prompt="Explain rain.",
    notes="The sun warms the sea and water rises as vapour.\n\nHigh up it cools, and drops fall on the mountains.",
    duration=10,
    segment_length=5,
    num_segments=2,
    images_per_segment=1,
)
NODES, CALLS = RAIN.nodes, RAIN.calls

Hook = Callable[[Call], Awaitable[None] | None]


class HookedProvider:
    """The simulated vendor with hooks: `before` is called before each submit, `after` before each reply is returned."""

    def __init__(self, inner: Provider, watch: "Watch") -> None:
        self._inner, self._watch = inner, watch
        self.name = inner.name
        self.settle_s = inner.settle_s

    async def submit(self, call: Call) -> str:
        await _run(self._watch.before, call)
        self._watch.submitted.append(call)
        return await self._inner.submit(call)

    async def collect(self, provider_id: str, call: Call) -> Reply:
        pool = call.model.partition("/")[0]
        self._watch.out[pool] = self._watch.out.get(pool, 0) + 1
        self._watch.most[pool] = max(self._watch.most.get(pool, 0), self._watch.out[pool])
        try:
            reply = await self._inner.collect(provider_id, call)
            await _run(self._watch.after, call)
        finally:
            self._watch.out[pool] -= 1
        return reply

    async def find(self, call: Call) -> str | None:
        return await self._inner.find(call)

    async def cancel(self, provider_id: str) -> bool:
        return await self._inner.cancel(provider_id)

    async def close(self) -> None:
        await self._inner.close()


async def _run(hook: Hook | None, call: Call) -> None:
    waiting = hook(call) if hook else None
    if waiting is not None:
        await waiting


@dataclass
class Watch:
    """The hooks, and what they observed.

    submitted: every call, in order
    out:       calls in flight, by pool
    most:      the most calls of a pool in flight at once
    """

    before: Hook | None = None
    after: Hook | None = None
    submitted: list[Call] = field(default_factory=list)
    out: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)

    def submitted_roles(self) -> list[str]:
        return [call.role.value for call in self.submitted]


async def _no_pause(_seconds: float) -> None:
    """A pause that takes no time."""


@dataclass
class SmallLecture:
    """The small lecture, its home, and the vendor's journal in it."""

    home: Path
    lectures: Lectures
    watch: Watch

    def journal(self) -> list[dict[str, Any]]:
        path = self.home / "simulated" / "journal.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def regenerate(self, *scope: Any) -> ReportDocument:
        return self.lectures.regenerate(LECTURE, *scope)

    def edit(self, *edits: str) -> None:
        self.lectures.edit(LECTURE, edits)

    def nodes(self) -> dict[str, dict[str, Any]]:
        nodes: Any = self.lectures.status(LECTURE)["nodes"]
        return {node["id"]: node for node in nodes}

    def statuses(self) -> dict[str, str]:
        return {name: node["status"] for name, node in self.nodes().items()}

    def published(self) -> Any:
        return self.lectures.status(LECTURE)["published"]

    @contextmanager
    def open_again(self, **environ: str) -> Iterator["SmallLecture"]:
        """The same home with the vendor behaving differently."""
        small_lecture = _small_lecture(self.home, environ)
        with small_lecture.lectures:
            yield small_lecture


def _small_lecture(home: Path, environ: Mapping[str, str]) -> SmallLecture:
    plain = Lectures.open(home_environ(home, **environ))
    watch = Watch()

    def open_providers() -> dict[str, Provider]:
        return {name: HookedProvider(provider, watch) for name, provider in plain.context.open_providers().items()}

    context = replace(plain.context, open_providers=open_providers, pause=_no_pause)
    return SmallLecture(home, Lectures(context), watch)


@contextmanager
def open_small_lecture(home: Path, **environ: str) -> Iterator[SmallLecture]:
    """Create the small lecture in a home."""
    small_lecture = _small_lecture(home, environ)
    with small_lecture.lectures:
        small_lecture.lectures.create(BRIEF, LECTURE)
        yield small_lecture


@pytest.fixture
def small_lecture(tmp_path: Path) -> Iterator[SmallLecture]:
    with open_small_lecture(tmp_path / "home") as small_lecture:
        yield small_lecture


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the small lecture was generated once, to be copied."""
    home = tmp_path_factory.mktemp("small") / "home"
    with open_small_lecture(home) as small_lecture:
        assert not small_lecture.regenerate()["failed"]
    return home


@pytest.fixture
def made_lecture(small_home: Path, tmp_path: Path) -> Iterator[SmallLecture]:
    """The small lecture, generated."""
    copy_home(small_home, tmp_path / "home")
    made_lecture = _small_lecture(tmp_path / "home", {})
    with made_lecture.lectures:
        yield made_lecture
