"""The connection is cut at random points and the server killed at random moments while a lecture is regenerated again and again.

Whoever resumes with the number of the last event misses none and sees none twice: they are those of the store, 1 to n.
"""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lectures_client import LectureEvent, open_client, watch

from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.progress import events_after
from lecture_assets_tests.api.serving import ServedApi
from lecture_assets_tests.clients.serving import CuttingProxy, ServeProcess, home_of, serve_process, working
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.store.engines import ENGINES

pytestmark = pytest.mark.slow
CUTS, KILLS = (200, 20) if THOROUGH else (25, 1)
_LONG_S = 500
TYPES = {
    "revision": "LectureRevisionEvent",
    "run-started": "LectureRunStartedEvent",
    "planned": "LectureRunPlannedEvent",
    "node-started": "LectureNodeStartedEvent",
    "node-delayed": "LectureNodeDelayedEvent",
    "node": "LectureNodeEvent",
    "timeline": "LectureTimelineEvent",
    "run-ended": "LectureRunEndedEvent",
}


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - it becomes true in other threads and processes
        await asyncio.sleep(0.02)


async def edited_until(lectures: Lectures, is_over: Callable[[], bool]) -> None:
    """Edit the words of a segment again and again, each time once what the last edit queued was made."""
    for count in itertools.count():
        if is_over():
            return
        words = f"text content:narration-text:segment[0]=Rain, told for the {count}th time."
        await asyncio.to_thread(lectures.edit, "rain", [words])
        await until(lambda: lectures.all()[0]["request"] == "none")


async def watched(url: str, lectures: Lectures, seen: list[LectureEvent], is_over: Callable[[], bool]) -> None:
    """Watch until the end has come and the store's last event was seen. seen: gets the events."""

    async def see() -> None:
        async with open_client(url) as client, watch(client, "rain") as events:
            async for event in events:
                seen.append(event)  # noqa: PERF401 - others look at the list meanwhile

    async with asyncio.TaskGroup() as tasks:
        seeing = tasks.create_task(see())
        await edited_until(lectures, is_over)
        newest = stored(lectures)[-1][0]
        await until(lambda: bool(seen) and seen[-1].number >= newest)
        seeing.cancel()


def stored(lectures: Lectures) -> list[tuple[int, str, float]]:
    """The log of the store: number, type and time of each event."""
    found: list[tuple[int, str, float]] = []
    with lectures.context.database.read() as connection:
        key = lectures.context.key_of(connection, "rain")
        while page := events_after(connection, key, len(found), 1000):
            found += [(event["number"], TYPES[event["kind"]], event["at"]) for event in page]
    return found


def check(seen: list[LectureEvent], lectures: Lectures) -> None:
    """Whether these are the events of the store, each once and in order."""
    assert [event.number for event in seen] == list(range(1, len(seen) + 1))
    assert [(event.number, str(vars(event)["typename__"]), event.at) for event in seen] == stored(lectures)


@asynccontextmanager
async def killed_again_and_again(process: ServeProcess, seen: list[LectureEvent], left: list[int]) -> AsyncIterator[None]:
    """Kill the server and start it again. left: after how many further events the client has seen, for each time."""

    async def kill() -> None:
        while left:
            known = len(seen)
            await until(lambda known=known: len(seen) >= known + left[-1])  # type: ignore[misc]  # it is bound now
            await asyncio.to_thread(process.kill)
            await asyncio.to_thread(process.start)
            left.pop()

    killing = asyncio.create_task(kill())
    try:
        yield
        await killing
    finally:
        killing.cancel()


@pytest.mark.parametrize("engine", ENGINES if THOROUGH else ENGINES[:1])
def test_a_connection_that_is_cut_at_random_points_loses_no_event(engine: str, tmp_path: Path) -> None:
    seen: list[LectureEvent] = []

    async def run(lectures: Lectures, port: int) -> None:
        proxy = CuttingProxy(port, CUTS, seed=15)
        async with asyncio.timeout(_LONG_S), proxy as url:
            await watched(url, lectures, seen, lambda: proxy.left == 0)

    with home_of(tmp_path, engine) as (lectures, environ), working(lectures), serve_process(environ) as process:
        ServedApi(process.port, lectures).create()
        asyncio.run(run(lectures, process.port))
        check(seen, lectures)


@pytest.mark.thorough("starts servers; the test before cuts connections")
@pytest.mark.parametrize("engine", ENGINES if THOROUGH else ENGINES[1:])
def test_a_server_that_is_killed_at_random_moments_loses_no_event(engine: str, tmp_path: Path) -> None:
    chance = random.Random(15)  # noqa: S311 - reproducible
    left = [chance.randrange(20) for _ in range(KILLS)]
    seen: list[LectureEvent] = []

    async def run(lectures: Lectures, process: ServeProcess) -> None:
        async with asyncio.timeout(_LONG_S), killed_again_and_again(process, seen, left):
            await watched(process.url, lectures, seen, lambda: not left)

    with home_of(tmp_path, engine) as (lectures, environ), working(lectures), serve_process(environ) as process:
        ServedApi(process.port, lectures).create()
        asyncio.run(run(lectures, process))
        check(seen, lectures)
