"""Concurrency limits per provider. The waiting call with the longest path still ahead of it gets the next free slot."""

import asyncio
import heapq
import itertools
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

RENDERING = "rendering"
"""The pool of renderings on this machine."""
_CORES_OF_ONE = 2
"""A rendering draws in one thread and encodes in two, which keeps about two cores busy."""


def own_limits() -> dict[str, int]:
    """Return the limits of what is made on this machine."""
    return {RENDERING: max(1, (os.cpu_count() or 1) // _CORES_OF_ONE)}


class ConcurrencyLimiter(Protocol):
    """Grants slots to the calls of one regeneration."""

    def hold(self, pool: str, critical_path_s: float, node: str, *, interactive: bool) -> AbstractAsyncContextManager[None]:
        """Hold a slot of a pool for a node's call.

        critical_path_s: the longest path from this call to the end of the plan
        interactive:     for a small edit, which does not queue behind bulk work
        """

    async def close(self) -> None:
        """Release every slot that is held or waited for."""


class PriorityQueue:
    """Calls waiting for one pool, longest remaining path first; equals in the order they came."""

    def __init__(self) -> None:
        """Start empty."""
        self._heap: list[tuple[float, int, asyncio.Future[None]]] = []
        self._ticket = itertools.count()

    def wait(self, critical_path_s: float) -> "asyncio.Future[None]":
        """Join the queue. The returned future is done when it is the caller's turn; cancelling it leaves the queue."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._heap, (-critical_path_s, next(self._ticket), turn))
        return turn

    def next(self) -> "asyncio.Future[None] | None":
        """Remove and return the next waiter; None if the queue is empty."""
        while self._heap:
            turn = heapq.heappop(self._heap)[-1]
            if not turn.done():
                return turn
        return None

    def fail(self, error: Exception) -> None:
        """Fail every waiter with this error."""
        while turn := self.next():
            turn.set_exception(error)

    def __len__(self) -> int:
        """The number of waiters."""
        return sum(not turn.done() for *_, turn in self._heap)


def local_limiter(limits: Mapping[str, int], _workspace: str) -> ConcurrencyLimiter:
    """Open slots that one regeneration shares with no other."""
    return LocalLimiter(limits)


class LocalLimiter:
    """The slots of one process. A pool without a limit has one slot."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        """Start with every slot free."""
        self._free = dict(limits)
        self._lines: dict[str, PriorityQueue] = {}

    @asynccontextmanager
    async def hold(
        self,
        pool: str,
        critical_path_s: float,
        node: str,  # noqa: ARG002 - part of the protocol, unused here
        *,
        interactive: bool = False,  # noqa: ARG002 - part of the protocol, unused here
    ) -> AsyncIterator[None]:
        """Hold a slot of a pool; `critical_path_s` is the longest path from this call to the end of the plan."""
        await self._claim(pool, critical_path_s)
        try:
            yield
        finally:
            self._release(pool)

    async def close(self) -> None:
        """Do nothing: these slots are shared with no other process."""

    async def _claim(self, pool: str, critical_path_s: float) -> None:
        if self._free.setdefault(pool, 1) > 0:
            self._free[pool] -= 1
            return
        turn = self._lines.setdefault(pool, PriorityQueue()).wait(critical_path_s)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._release(pool)
            raise

    def _release(self, pool: str) -> None:
        """Hand the slot straight to the waiter with the longest path, so that no new caller can take it in between."""
        line = self._lines.get(pool)
        turn = line.next() if line else None
        if turn is None:
            self._free[pool] += 1
        else:
            turn.set_result(None)
