"""Publishes the half-made timeline while a lecture is made: in a thread of its own, never two at once, never for long.

    SegmentPlayable ─► wake ─► write ─► rest three times as long as that took ─► write again, if another came meanwhile

The rest keeps the writer below a quarter of one core: the runner shares an interpreter with it.
"""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from lecture_assets.runner.setup.events import Event, SegmentPlayable, Watch

_REST = 3


class DraftWriter(AbstractContextManager["DraftWriter"]):
    """Passes events on and writes a draft after each segment that became playable; several at once share one.

    A draft that cannot be written is left out: the timeline at the end is written by the caller, who hears of it.
    """

    def __init__(self, write: Callable[[], object], watch: Watch) -> None:
        """`write` writes the timeline as far as it is made; it runs in the writer's thread."""
        self._write, self._watch = write, watch
        self._wake, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name="draft", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Let the draft at hand be finished."""
        self._ended.set()
        self._wake.set()
        self._thread.join()

    def watch(self, event: Event) -> None:
        """Take an event of the regeneration."""
        self._watch(event)
        if isinstance(event, SegmentPlayable):
            self._wake.set()

    def _serve(self) -> None:
        while self._wake.wait() and not self._ended.is_set():
            self._wake.clear()
            began = time.monotonic()
            try:
                self._write()
            except Exception:  # noqa: BLE001 - a draft only: whoever made the lecture must not fail because of it
                return
            self._ended.wait(_REST * (time.monotonic() - began))
