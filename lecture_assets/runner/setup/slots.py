"""Calls at once, by provider. Where calls wait for a slot, the one with the longest path behind it goes first."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol


class ConcurrencyLimiter(Protocol):
    """Where calls get their slots, for one regeneration."""

    def hold(self, pool: str, seconds_behind: float, node: str, *, urgent: bool) -> AbstractAsyncContextManager[None]:
        """Hold a slot of a pool for a node's call.

        seconds_behind: the longest path from here to the end; urgent: for an edit, which does not stand behind bulk work
        """

    async def close(self) -> None:
        """Give back all that is held or waited for."""


class PriorityQueue:
    """Calls that wait for one pool: whoever has the longest path behind it is next, of equals the first that came."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._heap: list[tuple[float, int, asyncio.Future[None]]] = []
        self._ticket = itertools.count()

    def wait(self, seconds_behind: float) -> "asyncio.Future[None]":
        """Whoever joins has its turn when the future is done. It leaves by cancelling it."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._heap, (-seconds_behind, next(self._ticket), turn))
        return turn

    def next(self) -> "asyncio.Future[None] | None":
        """Whose turn it is; None where nobody waits."""
        while self._heap:
            turn = heapq.heappop(self._heap)[-1]
            if not turn.done():
                return turn
        return None

    def fail(self, error: Exception) -> None:
        """Nobody's turn will come."""
        while turn := self.next():
            turn.set_exception(error)

    def __len__(self) -> int:
        """How many wait."""
        return sum(not turn.done() for *_, turn in self._heap)


def local_limiter(limits: Mapping[str, int], _workspace: str) -> ConcurrencyLimiter:
    """The slots of one regeneration that shares them with nobody."""
    return LocalLimiter(limits)


class LocalLimiter:
    """The slots of one process. A pool without a limit has one."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        """Start with every slot free."""
        self._free = dict(limits)
        self._lines: dict[str, PriorityQueue] = {}

    @asynccontextmanager
    async def hold(
        self,
        pool: str,
        seconds_behind: float,
        node: str,  # noqa: ARG002 - of no interest here
        *,
        urgent: bool = False,  # noqa: ARG002 - the same
    ) -> AsyncIterator[None]:
        """Hold a slot of a pool; `seconds_behind` is the longest path from here to the end."""
        await self._claim(pool, seconds_behind)
        try:
            yield
        finally:
            self._release(pool)

    async def close(self) -> None:
        """Nobody else knows of these slots."""

    async def _claim(self, pool: str, seconds_behind: float) -> None:
        if self._free.setdefault(pool, 1) > 0:
            self._free[pool] -= 1
            return
        turn = self._lines.setdefault(pool, PriorityQueue()).wait(seconds_behind)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._release(pool)
            raise

    def _release(self, pool: str) -> None:
        """Hand the slot to whoever waits with the longest path; nobody can step between."""
        line = self._lines.get(pool)
        turn = line.next() if line else None
        if turn is None:
            self._free[pool] += 1
        else:
            turn.set_result(None)
