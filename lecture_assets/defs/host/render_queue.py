"""Films and contact sheets of timelines: rendered when they are asked for, once, in processes of their own, a few at a time.

They are kept in a folder of the home; `collect_garbage` removes those that nobody asked for lately.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lecture_assets
from lecture_assets.graph.errors import LectureError
from lecture_assets.render.worker import FAILED
from lecture_assets.store.artifacts import LocalFiles
from lecture_assets.store.private import private_folder

_AT_ONCE = {"film": 1, "sheet": 2}
"""A film takes two cores for about half of its length; a sheet takes one for less than a second."""
_MOST_WAITING = 50
_LONGEST_S = 3 * 3600.0
"""Longer than the longest film takes: after this, the process must be stuck."""
_SAID = 400
"""The most characters of a failure that are repeated."""


class RenderError(Exception):
    """A file could not be rendered, with the reason as a sentence."""


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
        async with self._places[job.form]:
            try:
                process = _started()
            except OSError as error:
                return f"no process can be started ({error.strerror})"
            try:
                async with asyncio.timeout(_LONGEST_S):
                    return await asyncio.to_thread(self._watch, job, rendering, process)
            except TimeoutError:
                return f"it took more than {_LONGEST_S / 3600:.0f} hours"
            finally:
                process.kill()  # which ends the thread, too

    def _watch(self, job: RenderJob, rendering: _Rendering, process: "subprocess.Popen[str]") -> str:
        """Hand over the job with its media as files, and return why it failed. Runs in a thread."""
        try:
            with self.local() as local:
                return _watch(job, {sha256: str(local(sha256)) for sha256 in job.media}, rendering, process)
        except LectureError as error:
            return str(error)


def _watch(job: RenderJob, media: Mapping[str, str], rendering: _Rendering, process: "subprocess.Popen[str]") -> str:
    """Hand over the job, read the progress, and return why it failed."""
    assert process.stdin is not None  # noqa: S101 - both are pipes; this is for mypy
    assert process.stdout is not None  # noqa: S101 - see above
    rendering.share = 0.0
    with suppress(BrokenPipeError), process:
        json.dump({"form": job.form, "timeline": job.timeline, "media": media, "out": str(job.out)}, process.stdin)
        process.stdin.write("\n")
        process.stdin.flush()
        said = "0"
        for said in process.stdout:
            if said[0].isdecimal():
                rendering.share = float(said)
    if process.returncode == 0:
        return ""
    return said.strip()[:_SAID] if process.returncode == FAILED else f"its process ended with exit code {process.returncode}"


def _started() -> "subprocess.Popen[str]":
    """Start a process in a session of its own. It writes tracebacks to this process's log."""
    root = str(Path(lecture_assets.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    environ = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(  # -P: a file av.py in the current folder is not our av
        [sys.executable, "-P", "-m", "lecture_assets.render.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environ,
        text=True,
        start_new_session=True,
    )
