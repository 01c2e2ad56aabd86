"""How an unfinished regeneration ends: nothing more is started, and replies to sent calls are awaited.

    Ctrl-C, SIGTERM, a canceled run, an error ─► wait for replies that arrive only once, and keep them ─► the end
    a second interrupt ────────────────────────► abandon those replies, and report how many ────────────► the end

Replies that can be collected later (a prediction, by its recorded id) are left to the next run.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection

from lecture_assets.runner.calls.attempt import CallAttempt
from lecture_assets.runner.calls.service import CallService
from lecture_assets.runner.setup.events import Ending, GivenUp

_GRACE_S = 1.0
"""Time to finish for tasks that no longer await a reply."""


async def finish(tasks: Collection["asyncio.Task[None]"]) -> None:
    """Wait until all tasks have ended, then raise the first error, if any. Canceling this wait cancels none of them."""
    if tasks:
        await asyncio.wait(tasks)
        for task in tasks:
            task.result()


async def end_tasks(calls: CallService, tasks: Collection["asyncio.Task[None]"], writing: Collection[object]) -> None:
    """Start nothing more, wait for the tasks whose replies arrive only once, and cancel the others.

    writing: the values now being written to the store; it changes while this waits
    """
    calls.ending.set()
    awaited = calls.awaiting_reply()
    longest_s = max((attempt.longest_s for attempt in awaited), default=0.0)
    if awaited:
        calls.watch(Ending(_by_provider(awaited), longest_s))
    try:
        await _wait(lambda: bool(calls.awaiting_reply() or writing), tasks, longest_s)
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)
        if cut_off := [attempt for attempt in calls.awaiting_reply() if not attempt.is_unsent]:
            calls.watch(GivenUp(_by_provider(cut_off)))


async def _wait(is_any_pending: Callable[[], bool], tasks: Collection["asyncio.Task[None]"], longest_s: float) -> None:
    """Wait until all tasks have ended, no reply or write is pending any more, or the time is up."""
    now = asyncio.get_running_loop().time
    ends, last = now() + longest_s, now() + _GRACE_S
    pending = {task for task in tasks if not task.done()}
    while pending and now() < (ends if is_any_pending() else last):
        _, pending = await asyncio.wait(pending, timeout=0.05)
        if is_any_pending():
            last = now() + _GRACE_S


def _by_provider(attempts: list[CallAttempt]) -> Counter[str]:
    return Counter(attempt.provider.name for attempt in attempts)
