"""Tries again what failed because a server went away, or because two transactions collided."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from lecture_assets.store.troubles import CollisionError, LostConnectionError

T = TypeVar("T")
_AGAIN_S, _AGAIN_MOST_S = 0.05, 1.0
"""The first and the longest pause before something is tried again."""
_QUIET_S = 2.0
"""After this, a warning says what is waited for."""
_LOG = logging.getLogger(__name__)


class Patience:
    """How long a database is waited for. Any number of threads may share it."""

    def __init__(self, seconds: float, name: str) -> None:
        """name: the database as people know it."""
        self._seconds, self._name = seconds, name
        self._trying = threading.local()

    def outermost(self, work: Callable[[], T]) -> T:
        """Do `until_done`; within another `outermost` of this thread, try once: the outer one tries again."""
        if getattr(self._trying, "is_on", False):
            return work()
        self._trying.is_on = True
        try:
            return self.until_done(work)
        finally:
            self._trying.is_on = False

    def until_done(self, work: Callable[[], T]) -> T:
        """Return what the work returns; try again until the time is over. Each try that failed has left nothing."""
        began, pause_s, is_said = time.monotonic(), _AGAIN_S, False
        while True:
            try:
                return work()
            except (LostConnectionError, CollisionError):
                waited_s = time.monotonic() - began
                if waited_s + pause_s > self._seconds:
                    raise
            if waited_s > _QUIET_S and not is_said:
                is_said, left_s = True, self._seconds - waited_s
                _LOG.warning("waiting up to %.0f s for the database %s, which does not answer", left_s, self._name)
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _AGAIN_MOST_S)
