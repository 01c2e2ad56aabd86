"""Rendering in processes of their own: each file once, one film at a time, none left behind."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from lecture_assets.defs.host.render_queue import RenderJob, RenderQueue, RenderQueueFullError
from lecture_assets.render.process import RenderError
from lecture_assets.timeline.lost_media import media_of
from lecture_assets_tests.defs.dev_server import remaining
from lecture_assets_tests.render.samples import RED, Shelf

pytestmark = pytest.mark.slow


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


def film(shelf: Shelf, out: Path, seconds: float = 1.0, form: str = "film") -> RenderJob:
    segment = shelf.segment(
        seconds=seconds, pictures=[shelf.picture(RED)], narration=shelf.tone(seconds, 500, words="Leaves catch it.")
    )
    timeline = shelf.lecture(segment, music=None)
    return RenderJob(form, timeline, tuple(set(media_of(timeline))), out)


def children_now() -> set[int]:
    """The process ids of the children that any thread of this process started."""
    return {int(word) for tasks in Path("/proc/self/task").glob("*/children") for word in tasks.read_text().split()}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - nothing tells when another process is so far
            await asyncio.sleep(0.01)


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(test())  # type: ignore[arg-type]  # an async function's call


def test_films_are_rendered_one_after_the_other_each_once(shelf: Shelf, tmp_path: Path) -> None:
    async def test() -> None:
        queue = RenderQueue(tmp_path / "rendered", lambda: nullcontext(shelf))
        first, second = (film(shelf, queue.folder / f"{name}.mp4") for name in "ab")
        for job in (first, second, first):
            queue.start(job)
        before = children_now()
        await until(lambda: "done" in queue.progress(first.out))
        assert queue.progress(second.out) == "waiting for others"
        assert len(children_now() - before) <= 1
        assert await queue.wait(second.out, 60)
        assert first.out.exists()
        assert await queue.wait(first.out, 0)
        found = first.out.stat()
        queue.start(first)
        assert await queue.wait(first.out, 0)
        assert first.out.stat().st_ino == found.st_ino

    run(test)


def test_a_failure_is_told_to_the_next_who_asks_and_then_tried_again(shelf: Shelf, tmp_path: Path) -> None:
    async def test() -> None:
        queue = RenderQueue(tmp_path / "rendered", lambda: nullcontext(shelf))
        job = film(shelf, queue.folder / "a.jpg", form="sheet")
        picture = shelf(shelf.picture(RED)["sha256"])
        content = picture.read_bytes()
        picture.write_bytes(b"no picture")
        queue.start(job)
        with pytest.raises(RenderError, match="a picture that cannot be read"):
            await queue.wait(job.out, 60)
        picture.write_bytes(content)
        queue.start(job)
        assert await queue.wait(job.out, 60)
        assert job.out.exists()

    run(test)


def test_a_process_ends_with_the_server(shelf: Shelf, tmp_path: Path) -> None:
    processes = list[int]()
    before = children_now()

    async def test() -> None:
        queue = RenderQueue(tmp_path / "rendered", lambda: nullcontext(shelf))
        job = film(shelf, queue.folder / "a.mp4", seconds=20)
        queue.start(job)
        await until(lambda: "done" in queue.progress(job.out))
        processes.extend(children_now() - before)
        assert not await queue.wait(job.out, 0)

    run(test)
    assert len(processes) == 1
    assert remaining(processes) == []
    assert not (tmp_path / "rendered" / "a.mp4").exists()


def test_a_flood_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    async def test() -> None:
        queue = RenderQueue(tmp_path / "rendered", lambda: nullcontext(shelf))
        one = film(shelf, queue.folder / "0.mp4", seconds=20)
        jobs = [RenderJob(one.form, one.timeline, one.media, queue.folder / f"{number}.mp4") for number in range(51)]
        for job in jobs[:-1]:
            queue.start(job)
        with pytest.raises(RenderQueueFullError):
            queue.start(jobs[-1])
        assert [queue.has(job.out) for job in jobs] == [True] * 50 + [False]
        queue.start(jobs[0])  # which asks for nothing new

    run(test)
