"""Any number of watchers see each event once and in order, whoever is slow, cut off or away; and cost one look."""

import asyncio
import gc
import random
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from lecture_assets.graph.errors import UnknownLectureError, WrongInputError
from lecture_assets.runner.reading.progress_shapes import ProgressEvent
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets.runner.watching.watchers import RECENT
from lecture_assets.store import lectures
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import migrate
from lecture_assets.store.progress import KEPT_EVENTS, KEPT_S, EventKind
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.postgres import stoppable_postgres_server
from lecture_assets_tests.store.conftest import LECTURE, new_head
from lecture_assets_tests.store.engines import ENGINES, migrated_database
from lecture_assets_tests.store.progress_events import append, fill, numbers

pytestmark = pytest.mark.slow
WATCHERS, CUTS = 1000 if THOROUGH else 200, 200
PATIENCE_S = 60.0


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with migrated_database(request.param, tmp_path) as database:
        with database.write() as connection:
            lectures.create(connection, new_head(), now=1.0)
        yield database


@pytest.fixture
def hub(database: Database) -> Iterator[ProgressHub]:
    with ProgressHub(database) as hub:
        yield hub


def write(database: Database, count: int = 1, lecture: str = LECTURE) -> None:
    for _ in range(count):
        database.writing(partial(append, lecture=lecture, kind=EventKind.WITHDRAWN))


async def take(events: AsyncIterator[ProgressEvent], count: int) -> list[int]:
    """The numbers of the next events."""
    found: list[int] = []
    while len(found) < count:
        found.append((await anext(events))["number"])
    return found


async def follow(hub: ProgressHub, after: int, until: int, lecture: str = LECTURE) -> list[int]:
    async with aclosing(hub.follow(lecture, after)) as events:
        return await take(events, until - after)


def run(work: Callable[[], Any]) -> Any:
    async def bounded() -> Any:
        async with asyncio.timeout(PATIENCE_S):
            return await work()

    return asyncio.run(bounded())


def test_a_watcher_gets_what_was_and_then_what_comes(database: Database, hub: ProgressHub) -> None:
    write(database, 3)

    async def watch() -> None:
        async with aclosing(hub.follow(LECTURE, 1)) as events:
            assert await take(events, 3) == [2, 3, 4]
            for number in (5, 6, 7):
                await asyncio.to_thread(write, database)
                assert await take(events, 1) == [number]

    run(watch)


def test_watchers_share_looks_and_pages(database: Database, hub: ProgressHub) -> None:
    total = 40
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if threading.current_thread().name == "progress" and "progress.document" in statement:
            statements.append(statement)

    async def watch() -> list[list[int]]:
        watching = [asyncio.create_task(follow(hub, 0, total + 1)) for _ in range(WATCHERS)]
        await asyncio.to_thread(write, database, total)
        return await asyncio.gather(*watching)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        found = run(watch)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert found == [list(range(1, total + 2))] * WATCHERS
    assert len(statements) <= 3 * total  # at most a page for each event and its look, whoever watches


def test_a_slow_watcher_keeps_nobody_waiting_and_nothing_in_memory(database: Database, hub: ProgressHub) -> None:
    total = RECENT + 150

    async def watch() -> None:
        async with aclosing(hub.follow(LECTURE, 0)) as slow:
            assert await take(slow, 1) == [1]
            others = [asyncio.create_task(follow(hub, 0, total)) for _ in range(5)]
            await asyncio.to_thread(write, database, total - 1)
            assert await asyncio.gather(*others) == [list(range(1, total + 1))] * 5
            followed = hub._watchers.lectures[LECTURE]
            assert len(followed.recent) <= RECENT
            assert await take(slow, total - 1) == list(range(2, total + 1))

    run(watch)


def test_lectures_are_followed_side_by_side(database: Database, hub: ProgressHub) -> None:
    names = [f"l{number}" for number in range(30)]
    with database.write() as connection:
        for name in names:
            lectures.create(connection, new_head(name), now=1.0)

    async def watch() -> None:
        watching = [asyncio.create_task(follow(hub, 0, 3, name)) for name in names]
        for name in names:
            await asyncio.to_thread(write, database, 2, name)
        assert await asyncio.gather(*watching) == [[1, 2, 3]] * len(names)

    run(watch)


@pytest.mark.parametrize("writers", [1, 3] if THOROUGH else [3])
def test_a_follower_that_is_cut_again_and_again_misses_and_repeats_nothing(
    database: Database, hub: ProgressHub, writers: int
) -> None:
    chance, total = random.Random(writers), CUTS * 2 // 3 * 3  # noqa: S311 - no secret
    writing = [threading.Thread(target=write, args=(database, total // writers)) for _ in range(writers)]

    async def watch() -> list[int]:
        found, cuts = list[int](), 0
        while len(found) < total + 1:
            following = hub.follow(LECTURE, found[-1] if found else 0)
            wanted = chance.randint(0, 3)
            task = asyncio.create_task(_collect(following, found, min(wanted, total + 1 - len(found))))
            if chance.random() < 0.3:
                await asyncio.sleep(chance.random() * 0.02)
                task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            cuts += 1
        assert cuts >= CUTS
        return found

    for thread in writing:
        thread.start()
    try:
        assert run(watch) == list(range(1, total + 2))
    finally:
        for thread in writing:
            thread.join(PATIENCE_S)
    assert hub._watchers.lectures == {}


async def _collect(following: AsyncGenerator[ProgressEvent, None], found: list[int], count: int) -> None:
    async with aclosing(following) as events:
        while count:
            found.append((await anext(events))["number"])
            count -= 1


def test_canceled_watchers_leave_nothing_behind(hub: ProgressHub) -> None:
    async def watch() -> None:
        watching = [asyncio.create_task(follow(hub, 0, 99)) for _ in range(20)]
        await follow(hub, 0, 1)
        for task in watching:
            task.cancel()
        assert await asyncio.gather(*watching, return_exceptions=True) == _Canceled() * 20

    run(watch)
    assert hub._watchers.lectures == {}
    assert hub._watchers.questions == {}


class _Canceled:
    """Equal to a cancellation; `* n` gives a list."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, asyncio.CancelledError)

    def __hash__(self) -> int:
        return 0

    def __mul__(self, times: int) -> list["_Canceled"]:
        return [self] * times


def test_closing_ends_all_watchers(database: Database) -> None:
    hub = ProgressHub(database)

    async def all_of(after: int) -> list[int]:
        return [one["number"] async for one in hub.follow(LECTURE, after)]

    async def watch() -> list[list[int]]:
        watching = [asyncio.create_task(all_of(0)) for _ in range(10)]
        await follow(hub, 0, 1)
        await asyncio.to_thread(hub.close)
        return [*await asyncio.gather(*watching), await all_of(0)]

    assert run(watch) == [[1]] * 10 + [[]]
    assert "progress" not in {thread.name for thread in threading.enumerate()}
    hub.close()


def test_a_hub_that_nobody_used_can_be_closed(database: Database) -> None:
    with ProgressHub(database):
        pass
    gc.collect()


def test_watchers_in_several_event_loops_share_a_hub(database: Database, hub: ProgressHub) -> None:
    found: list[list[int]] = []
    threads = [threading.Thread(target=lambda: found.append(run(partial(follow, hub, 0, 11)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    write(database, 10)
    for thread in threads:
        thread.join(PATIENCE_S)
    assert found == [list(range(1, 12))] * 4


def test_a_lecture_that_does_not_exist_and_a_wrong_number_are_errors(hub: ProgressHub) -> None:
    with pytest.raises(UnknownLectureError):
        run(partial(follow, hub, 0, 1, "nobody"))
    with pytest.raises(WrongInputError):
        run(partial(follow, hub, -1, 1))
    assert run(partial(follow, hub, 0, 1)) == [1]


def test_a_lecture_that_is_deleted_ends_its_watchers(database: Database, hub: ProgressHub) -> None:
    async def watch() -> None:
        watching = asyncio.create_task(follow(hub, 0, 2))
        await follow(hub, 0, 1)
        await asyncio.to_thread(delete)
        await watching

    def delete() -> None:
        with database.write() as connection:
            for table in ("progress", "revisions", "requests"):
                connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
            connection.exec_driver_sql("DELETE FROM lectures")

    with pytest.raises(UnknownLectureError):
        run(watch)


def test_whoever_asks_for_pruned_events_is_told_to_read_anew_and_goes_on(database: Database, hub: ProgressHub) -> None:
    with database.write() as connection:
        fill(connection, KEPT_EVENTS + 5, at=1.0)
        append(connection, kind=EventKind.REVISION, at=2 + KEPT_S, mark=0)
        newest = KEPT_EVENTS + 7
    assert numbers(database)[0] > 2

    async def watch() -> None:
        async with aclosing(hub.follow(LECTURE, 1)) as events:
            first = await anext(events)
            assert (first["kind"], first["number"]) == ("reset", newest)
            await asyncio.to_thread(write, database)
            assert await take(events, 1) == [newest + 1]

    run(watch)


def test_a_log_that_was_lost_is_a_reset(database: Database, hub: ProgressHub) -> None:
    async def watch() -> None:
        async with aclosing(hub.follow(LECTURE, 500)) as events:
            first = await anext(events)
            assert (first["kind"], first["number"]) == ("reset", 1)
            await asyncio.to_thread(write, database)
            assert await take(events, 1) == [2]

    run(watch)


def test_a_database_that_cannot_be_read_is_an_error_for_each_watcher(database: Database, hub: ProgressHub) -> None:
    async def watch() -> list[Any]:
        watching = [asyncio.create_task(follow(hub, 0, 2)) for _ in range(3)]
        await follow(hub, 0, 1)
        await asyncio.to_thread(drop)
        return await asyncio.gather(*watching, return_exceptions=True)

    def drop() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("DROP TABLE progress")

    found = run(watch)
    assert all(isinstance(error, Exception) and "progress" in str(error) for error in found)


@pytest.mark.slow
def test_watchers_go_on_after_the_server_was_away() -> None:
    with stoppable_postgres_server() as server, opened(server.url) as database, ProgressHub(database) as hub:

        async def watch() -> None:
            watching = [asyncio.create_task(follow(hub, 0, 12)) for _ in range(20)]
            await follow(hub, 0, 1)
            await asyncio.to_thread(write, database, 5)
            await asyncio.to_thread(server.stop)
            late = asyncio.create_task(follow(hub, 3, 12))
            await asyncio.to_thread(time.sleep, 3.0)
            await asyncio.to_thread(server.start)
            await asyncio.to_thread(write, database, 6)
            assert await asyncio.gather(*watching) == [list(range(1, 13))] * 20
            assert await late == list(range(4, 13))

        run(watch)


@contextmanager
def opened(url: Any) -> Iterator[Database]:
    database = Database(url)
    migrate(database)
    with database.write() as connection:
        lectures.create(connection, new_head(), now=1.0)
    yield database
    database.close()
