"""The simulated vendor without its studio: the same books, prices, words and refusals, and media that take no time to make.

For tests of what is bought and what is left alone, which need thousands of media and look at none.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.ports import Call, FailureKind, Provider, ProviderError
from lecture_assets.providers.simulated.vendor import SimulatedProvider
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.servers.homes import home_environ


@dataclass
class Mood:
    """What the vendor refuses: calls whose key a tester's number divides, of `of` of which one is refused; 0 for none."""

    of: int = 0
    number: int = 0
    bought: list[Call] = field(default_factory=list)

    def refuses(self, key: str) -> bool:
        """Whether a call of this key is refused today."""
        drawn = int.from_bytes(hashlib.sha256(f"{self.number}{key}".encode()).digest()[:4])
        return bool(self.of) and drawn % self.of == 0


class QuickProvider(SimulatedProvider):
    """Its media are a few bytes that depend on the call's key, of the size and length that was asked for."""

    def __init__(self, home: Path, mood: Mood) -> None:
        super().__init__(home)
        self._mood = mood

    async def submit(self, call: Call) -> str:
        """Buy, unless today's mood is against it."""
        if self._mood.refuses(call.key):
            raise ProviderError(self.name, FailureKind.MODERATION, "content_policy", "HTTP 400: not today")
        bought = await super().submit(call)
        self._mood.bought.append(call)
        return bought

    async def _make_medium(self, call: Call, out: Path) -> dict[str, Json]:
        out.write_bytes(f"{call.role} {call.key}".encode())  # noqa: ASYNC240 - a few bytes
        request: Any = call.request
        if call.role is Role.IMAGE:
            return {"width": request.width, "height": request.height}
        if call.role is Role.VIDEO:
            return {"width": request.width, "height": request.height, "duration_ms": request.seconds * 1000}
        if call.role is Role.MUSIC:
            return {"duration_ms": request.seconds * 1000}
        spoken = enumerate(request.text.split())
        words: list[Json] = [{"text": word, "start_ms": 100 * n, "end_ms": 100 * n + 90} for n, word in spoken]
        return {"duration_ms": 100 * len(words), "words": words}


async def _no_pause(_seconds: float) -> None:
    """Waits for nothing."""


@contextmanager
def open_quick_lectures(home: Path, mood: Mood, environ: Mapping[str, str] | None = None) -> Iterator[Lectures]:
    """The lectures of a home, with the quick vendor."""
    plain = Lectures.open(home_environ(home, **(environ or {})))

    def open_providers() -> dict[str, Provider]:
        return {"simulated": QuickProvider(home / "simulated", mood)}

    with Lectures(replace(plain.context, open_providers=open_providers, pause=_no_pause)) as lectures:
        yield lectures
