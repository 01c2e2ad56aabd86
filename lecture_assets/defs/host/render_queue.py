"""Films and contact sheets of timelines: rendered when they are asked for, once, in processes of their own, a few at a time.

They are kept in a folder of the home; `collect_garbage` removes those that nobody asked for lately.
"""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lecture_assets.graph.errors import LectureError
from lecture_assets.ports import RenderForm, RenderRequest
from lecture_assets.render.process import RenderError, RenderProcess
from lecture_assets.store.artifacts import LocalFiles
from lecture_assets.store.private import private_folder

_AT_ONCE = {"film": 1, "sheet": 2}
"""A film takes two cores for about half of its length; a sheet takes one for less than a second."""
_MOST_WAITING = 50
_LONGEST_S = 3 * 3600.0
"""Longer than the longest film takes: after this, the process must be stuck."""


class RenderQueueFullError(Exception):
    """Too many files wait to be rendered."""


@dataclass(frozen=True, slots=True)
class RenderJob:
    """What to render. form: film or sheet; media: the SHA-256 of all that the timeline plays; out: the file to write."""

    form: str
    timeline: Mapping[str, Any]
    media: Sequence[str]
    out: Path


@dataclass
class _Rendering:
    """A file that is being rendered or waits for it, or could not be rendered and nobody was told yet.

    share: of the work done, from 0 to 1; None while it waits
    task:  ends with why the file could not be rendered; empty if it was
    """

    share: float | None = None
    task: "asyncio.Task[str] | None" = None

    def is_at_work(self) -> bool:
        """Whether it is being rendered or waits for it."""
        return self.task is not None and not self.task.done()


@dataclass
class RenderQueue:
    """Renders in the running event loop. folder: where the files are kept; local: holds media as files."""

    folder: Path
    local: Callable[[], AbstractContextManager[LocalFiles]]
    _running: dict[Path, _Rendering] = field(default_factory=dict)
    _places: Mapping[str, asyncio.Semaphore] = field(
        default_factory=lambda: {form: asyncio.Semaphore(number) for form, number in _AT_ONCE.items()}
    )

    def has(self, out: Path) -> bool:
        """Whether a file exists or is being rendered. An existing one counts as asked for now."""
        try:
            os.utime(out)
        except OSError:
            return out in self._running
        return True

    def start(self, job: RenderJob) -> None:
        """Have a file rendered, unless it exists or is being rendered. RenderQueueFullError if too many files wait.

        RenderError if the folder cannot be made.
        """
        if self.has(job.out):
            return
        if sum(rendering.is_at_work() for rendering in self._running.values()) >= _MOST_WAITING:
            raise RenderQueueFullError
        try:
            private_folder(self.folder)
        except OSError as error:
            message = f"{self.folder} cannot be made ({error.strerror})"
            raise RenderError(message) from None
        self._running[job.out] = rendering = _Rendering()
        rendering.task = asyncio.create_task(self._render(job, rendering))

    async def wait(self, out: Path, seconds: float) -> bool:
        """Wait for a file; returns whether it is there. RenderError if it could not be rendered; the next request tries again."""
        rendering = self._running.get(out)
        if rendering is None or rendering.task is None:
            return True
        done, _ = await asyncio.wait([rendering.task], timeout=seconds)
        if not done:
            return False
        if why := rendering.task.result():
            if self._running.get(out) is rendering:
                del self._running[out]
            raise RenderError(why)
        return True

    def progress(self, out: Path) -> str:
        """How far the rendering of a file is, as words."""
        rendering = self._running.get(out)
        if rendering is None or rendering.share is None:
            return "waiting for others"
        return f"{rendering.share:.0%} done"

    async def _render(self, job: RenderJob, rendering: _Rendering) -> str:
        why = await self._rendered(job, rendering)
        if not why:
            del self._running[job.out]
        return why

    async def _rendered(self, job: RenderJob, rendering: _Rendering) -> str:
        """Render a file, and return why it could not be; empty if it was."""
        process = RenderProcess()
        async with self._places[job.form]:
            try:
                async with asyncio.timeout(_LONGEST_S):
                    await asyncio.to_thread(self._render_with, process, job, rendering)
            except TimeoutError:
                return f"it took more than {_LONGEST_S / 3600:.0f} hours"
            except LectureError as error:
                return str(error)
            finally:
                process.kill()  # which ends the thread, too
        return ""

    def _render_with(self, process: RenderProcess, job: RenderJob, rendering: _Rendering) -> None:
        """Hand over the job with its media as files. Runs in a thread."""

        def report(share: float) -> None:
            rendering.share = share

        report(0.0)
        with self.local() as local:
            media = {sha256: local(sha256) for sha256 in job.media}
            process.render(RenderRequest(RenderForm(job.form), job.timeline), job.out, media, report)
