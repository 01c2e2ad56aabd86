"""Renders the media of one regeneration in processes of their own: started when needed, used again, killed with it.

How many at once is decided by the slots of the pool `rendering` (`setup/slots.py`), since a rendering takes about two cores.
"""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType

from lecture_assets.ports import RenderedMedium, RenderForm, RenderRequest
from lecture_assets.render.process import RenderProcess
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.events import RenderProgress, Watch
from lecture_assets.timeline.lost_media import media_of


class Rendering(AbstractContextManager["Rendering"]):
    """The processes. Its methods are called in one event loop."""

    def __init__(self, context: Context, watch: Watch) -> None:
        """Start nothing yet. watch: is told how far each rendering is."""
        self._context, self._watch = context, watch
        self._idle: list[RenderProcess] = []

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """End the processes, all of which are idle by now."""
        for process in self._idle:
            process.close()

    async def medium(self, node: str, request: RenderRequest) -> RenderedMedium:
        """Render a medium and store it. RenderError if it cannot be rendered."""
        loop = asyncio.get_running_loop()

        def report(share: float) -> None:
            loop.call_soon_threadsafe(self._watch, RenderProgress(node, share))

        process = self._idle.pop() if self._idle else RenderProcess()
        try:
            medium = await asyncio.to_thread(self._made, process, request, report)
        except BaseException:
            process.kill()  # which ends the thread, too
            raise
        self._idle.append(process)
        return medium

    def _made(self, process: RenderProcess, request: RenderRequest, progress: Callable[[float], None]) -> RenderedMedium:
        folder = self._context.artifacts.workspace()
        try:
            out = folder / "rendered.mp4"
            with self._context.artifacts.local() as local:
                media = {sha256: local(sha256) for sha256 in _read_by(request)}
                measured = process.render(request, out, media, progress)
            return RenderedMedium(self._context.artifacts.adopt(out), measured)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _read_by(request: RenderRequest) -> set[str]:
    """Return the SHA-256 of all that a rendering reads. Of a film's segments, only those are drawn whose clips are not there."""
    if request.form is not RenderForm.FILM or request.sound is None:
        return {*request.clips.values(), *media_of(request.timeline)}
    drawn = [segment for segment in request.timeline["segments"] if segment["slot"] not in request.clips]
    return {*request.clips.values(), request.sound, *media_of(drawn)}
