"""Films and contact sheets of timelines: rendered when they are asked for, once, in processes of their own, a few at a time.

They are kept in a folder of the home; `collect_garbage` removes those that nobody asked for lately.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lecture_assets
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
    """What to render. form: film or sheet; media: a file for each SHA-256; out: the file to write."""

    form: str
    timeline: Mapping[str, Any]
    media: Mapping[str, Path]
    out: Path


@dataclass
class _Rendering:
    """A file that is being rendered, or waits for it, until somebody was told how it ended.

    task:  ends with why the file could not be rendered; empty if it was
    share: of the work done, from 0 to 1; None while it waits
    """

    task: "asyncio.Task[str]"
    share: float | None = None


@dataclass
class RenderQueue:
    """Renders in the running event loop. folder: where the files are kept."""

    folder: Path
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
        """Have a file rendered, unless it exists or is being rendered. RenderQueueFullError if too many files wait."""
        if self.has(job.out):
            return
        if sum(not rendering.task.done() for rendering in self._running.values()) >= _MOST_WAITING:
            raise RenderQueueFullError
        private_folder(self.folder)
        self._running[job.out] = _Rendering(asyncio.create_task(self._render(job)))

    async def wait(self, out: Path, seconds: float) -> bool:
        """Wait for a file; returns whether it is there. RenderError if it could not be rendered; the next request tries again."""
        rendering = self._running.get(out)
        if rendering is not None:
            done, _ = await asyncio.wait([rendering.task], timeout=seconds)
            if not done:
                return False
            self._running.pop(out, None)
            if why := rendering.task.result():
                raise RenderError(why)
        return True

    def progress(self, out: Path) -> str:
        """How far the rendering of a file is, as words."""
        rendering = self._running.get(out)
        if rendering is None or rendering.share is None:
            return "waiting for others"
        return f"{rendering.share:.0%} done"

    async def _render(self, job: RenderJob) -> str:
        try:
            async with self._places[job.form], asyncio.timeout(_LONGEST_S):
                return await self._watch(job, await _started())
        except TimeoutError:
            return f"it took more than {_LONGEST_S / 3600:.0f} hours"

    async def _watch(self, job: RenderJob, process: Process) -> str:
        """Hand over the job, read the progress, and return why it failed. The process does not outlive this."""
        assert process.stdin and process.stdout and process.stderr  # noqa: S101, PT018 - they are pipes; this is for mypy
        failure = asyncio.create_task(process.stderr.read())
        try:
            document = {"form": job.form, "timeline": job.timeline, "media": _texts(job.media), "out": str(job.out)}
            process.stdin.write(json.dumps(document).encode())
            process.stdin.close()
            self._running[job.out].share = 0.0
            while line := await process.stdout.readline():
                self._running[job.out].share = float(line)
            code = await process.wait()
            return (_last_line(await failure) or f"the process ended with {code}") if code else ""
        finally:
            if process.returncode is None:
                process.kill()
            await asyncio.gather(process.wait(), failure)


async def _started() -> Process:
    """Start a process in a session of its own; -P: a file av.py in the current folder is not our av."""
    root = str(Path(lecture_assets.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    environ = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-P", "-m", "lecture_assets.render.worker"]
    return await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environ, start_new_session=True
    )


def _texts(media: Mapping[str, Path]) -> dict[str, str]:
    return {sha256: str(path) for sha256, path in media.items()}


def _last_line(text: bytes) -> str:
    """The last line of what a process wrote: the sentence, or the error of a traceback."""
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1][:_SAID] if lines else ""
