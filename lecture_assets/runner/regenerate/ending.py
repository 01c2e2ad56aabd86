"""How a regeneration ends that was not done: nothing more is started, and what was sent comes in. Decides nothing of money.

Ctrl-C, SIGTERM, a canceled run, an error ─► replies that come only once are waited for, and kept ─► the end
a second one ───────────────────────────► they are given up, and it is said how many ─────────────► the end

What can be collected later (a prediction, under the id that is written down) is left to the next run.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection

from lecture_assets.runner.calls.attempt import CallAttempt
from lecture_assets.runner.calls.service import CallService
from lecture_assets.runner.setup.events import Ending, GivenUp

_LAST_S = 1.0
"""For what is nearly done, once no reply is on its way any more."""


async def finish(tasks: Collection["asyncio.Task[None]"]) -> None:
    """Until all tasks have ended; the first error, where there are some. Whoever gives up waiting cancels none."""
    if tasks:
        await asyncio.wait(tasks)
        for task in tasks:
            task.result()


async def come_in(calls: CallService, tasks: Collection["asyncio.Task[None]"], writing: Collection[object]) -> None:
    """Start nothing more, wait for the tasks whose replies come only once, and end the others.

    writing: the values that are on their way into the store, as they are at each moment
    """
    calls.ending.set()
    coming = calls.coming()
    longest_s = max((attempt.longest_s for attempt in coming), default=0.0)
    if coming:
        calls.watch(Ending(_by_provider(coming), longest_s))
    try:
        await _wait(lambda: bool(calls.coming() or writing), tasks, longest_s)
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)
        if cut_off := [attempt for attempt in calls.coming() if not attempt.is_unsent]:
            calls.watch(GivenUp(_by_provider(cut_off)))


async def _wait(is_any_coming: Callable[[], bool], tasks: Collection["asyncio.Task[None]"], longest_s: float) -> None:
    """Wait until all have ended, or nothing comes in any more, or it took too long."""
    now = asyncio.get_running_loop().time
    ends, last = now() + longest_s, now() + _LAST_S
    pending = {task for task in tasks if not task.done()}
    while pending and now() < (ends if is_any_coming() else last):
        _, pending = await asyncio.wait(pending, timeout=0.05)
        if is_any_coming():
            last = now() + _LAST_S


def _by_provider(attempts: list[CallAttempt]) -> Counter[str]:
    return Counter(attempt.provider.name for attempt in attempts)
