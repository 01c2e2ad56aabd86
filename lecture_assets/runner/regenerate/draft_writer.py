"""Writes the unfinished timeline while a lecture is made: in a single thread of its own, and with little CPU time.

    SegmentPlayable ─► wake ─► write ─► rest three times as long as that took ─► write again if another segment came

The rest limits the writer to a quarter of a core, because the runner shares its interpreter.
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
    """Passes events on, and writes a draft after each segment that becomes playable; several at once share a draft.

    A draft that cannot be written is skipped. The caller writes the final timeline, and gets the error then.
    """

    def __init__(self, write: Callable[[], object], watch: Watch) -> None:
        """Prepare the thread. write: writes the unfinished timeline; it runs in that thread."""
        self._write, self._watch = write, watch
        self._wake, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name="draft", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Let the current draft finish, then stop."""
        self._ended.set()
        self._wake.set()
        self._thread.join()

    def watch(self, event: Event) -> None:
        """Receive an event of the regeneration."""
        self._watch(event)
        if isinstance(event, SegmentPlayable):
            self._wake.set()

    def _serve(self) -> None:
        while self._wake.wait() and not self._ended.is_set():
            self._wake.clear()
            began = time.monotonic()
            try:
                self._write()
            except Exception:  # noqa: BLE001 - a failed draft must not fail the regeneration
                return
            self._ended.wait(_REST * (time.monotonic() - began))
