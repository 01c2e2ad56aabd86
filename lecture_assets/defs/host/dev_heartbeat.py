"""The heartbeats of Dagster's daemon: whether it hangs. Ends nothing: Dagster itself only warns, and `dev.py` acts.

Not the times of heartbeats count, but that they change: a computer may have slept.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from dagster import DagsterError, DagsterInstance
from sqlalchemy.exc import SQLAlchemyError

SILENCE_S = 300.0
"""A thread of the daemon that sent no heartbeat for so long hangs: each is to send one every 30 s."""
_LISTEN_S = 15.0
"""How often the heartbeats are read."""


@dataclass
class Pulse:
    """The heartbeats of an instance's daemon. clock: seconds, monotonic."""

    instance: DagsterInstance
    clock: Callable[[], float] = time.monotonic
    _oldest: float | None = None
    _changed: float = 0.0
    _looked: float = 0.0

    def is_lost(self, started: float) -> bool:
        """Whether a thread has sent nothing for too long of a daemon that was started then, by the clock."""
        now = self.clock()
        if now - self._looked < _LISTEN_S:
            return False
        self._looked = now
        with suppress(DagsterError, SQLAlchemyError):  # who cannot ask has heard nothing against the daemon
            oldest = self._oldest_beat()
            if oldest == self._oldest:
                return now - max(self._changed, started) > SILENCE_S
            self._oldest, self._changed = oldest, now
        return False

    def _oldest_beat(self) -> float | None:
        """When the thread that has been silent for longest was heard; None where none ever was."""
        types = self.instance.get_required_daemon_types()
        beats = self.instance.get_daemon_heartbeats().items()
        return min((beat.timestamp for name, beat in beats if name in types), default=None)
