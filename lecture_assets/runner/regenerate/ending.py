"""How a regeneration ends that was not done: nothing more is started, and what was sent comes in. Decides nothing of money.

Ctrl-C, SIGTERM, a canceled run, an error ─► replies that come only once are waited for, and kept ─► the end
a second one ───────────────────────────► they are given up, and it is said how many ─────────────► the end

What can be collected later (a prediction, under the id that is written down) is left to the next run.
"""

import asyncio
from collections import Counter
from collections.abc import Collection

from lecture_assets.runner.calls.service import Coming, Market
from lecture_assets.runner.setup.events import Ending, GivenUp

_LAST_S = 1.0
"""For what is nearly done, once no reply is on its way any more."""


async def finish(tasks: Collection["asyncio.Task[None]"]) -> None:
    """Until all tasks have ended; the first error, where there are some. Whoever gives up waiting cancels none."""
    if tasks:
        await asyncio.wait(tasks)
        for task in tasks:
            task.result()


async def come_in(market: Market, tasks: Collection["asyncio.Task[None]"]) -> None:
    """Nothing more is started. Wait for the tasks whose replies come only once, and end the others."""
    market.ending.set()
    out = list(market.coming.values())
    longest_s = max((coming.longest_s for coming in out), default=0.0)
    if out:
        market.watch(Ending(_by_provider(out), longest_s))
    try:
        await _wait(market, tasks, longest_s)
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)
        if cut_off := [coming for coming in market.coming.values() if coming.departure.left]:
            market.watch(GivenUp(_by_provider(cut_off)))


async def _wait(market: Market, tasks: Collection["asyncio.Task[None]"], longest_s: float) -> None:
    """Until all have ended, or nothing comes in any more, or it took too long."""
    now = asyncio.get_running_loop().time
    ends, last = now() + longest_s, now() + _LAST_S
    pending = {task for task in tasks if not task.done()}
    while pending and now() < (ends if market.coming or market.writing else last):
        _, pending = await asyncio.wait(pending, timeout=0.05)
        if market.coming or market.writing:
            last = now() + _LAST_S


def _by_provider(out: list[Coming]) -> Counter[str]:
    return Counter(coming.provider for coming in out)
