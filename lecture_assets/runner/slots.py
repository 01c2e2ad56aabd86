"""Calls at once, by provider. Where calls wait for a slot, the one with the longest path behind it goes first."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager


class Slots:
    """The slots of one process. A pool without a limit has one."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        """Start with every slot free."""
        self._free = dict(limits)
        self._waiting: dict[str, list[tuple[float, int, asyncio.Future[None]]]] = {}
        self._ticket = itertools.count()

    @asynccontextmanager
    async def hold(self, pool: str, seconds_behind: float) -> AsyncIterator[None]:
        """Hold a slot of a pool; `seconds_behind` is the longest path from here to the end."""
        await self._claim(pool, seconds_behind)
        try:
            yield
        finally:
            self._release(pool)

    async def _claim(self, pool: str, seconds_behind: float) -> None:
        if self._free.setdefault(pool, 1) > 0:
            self._free[pool] -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting.setdefault(pool, []), (-seconds_behind, next(self._ticket), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._release(pool)
            raise

    def _release(self, pool: str) -> None:
        """Hand the slot to whoever waits with the longest path; nobody can step between."""
        waiting = self._waiting.get(pool, [])
        while waiting:
            _, _, turn = heapq.heappop(waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free[pool] += 1
