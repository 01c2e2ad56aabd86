"""A source of progress that counts: a follower for each watcher, events on demand, and how many follow now."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class CounterSource:
    """Emits the events 1 to `last`, as many as there are by now; then those that `emit` adds.

    following: how many follow it now; followed: all that ever did, with the number that they began after
    """

    last: int = 3
    following: int = 0
    followed: list[tuple[str, int]] = field(default_factory=list)
    breaks: bool = False

    async def pages(self, lecture: str, after: int) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
        """The protocol's: an event a page."""
        events = self.follow(lecture, after)
        try:
            async for event in events:
                yield [event]
        finally:
            await events.aclose()  # type: ignore[attr-defined]

    async def follow(self, lecture: str, after: int) -> AsyncIterator[Mapping[str, Any]]:
        """The protocol's."""
        self.following += 1
        self.followed.append((lecture, after))
        try:
            while True:
                while after < self.last:
                    after += 1
                    yield {"number": after, "at": float(after), "kind": "revision", "version": after, "edits": [f"edit {after}"]}
                if self.breaks:
                    message = "postgresql://lectures:secret@db/lectures is away"
                    raise RuntimeError(message)
                await asyncio.sleep(0.005)
        finally:
            self.following -= 1
