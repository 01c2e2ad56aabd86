"""Detects a hanging daemon by its heartbeats. Dagster itself only warns; `dev.py` acts.

What matters is whether heartbeats change, not their times: the computer may have been asleep.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from dagster import DagsterError, DagsterInstance
from sqlalchemy.exc import SQLAlchemyError

SILENCE_S = 300.0
"""A daemon thread without a heartbeat for this long hangs: each should send one every 30 s."""
_READ_S = 15.0
"""How often heartbeats are read."""


@dataclass
class Heartbeats:
    """The heartbeats of an instance's daemon. clock: monotonic seconds."""

    instance: DagsterInstance
    clock: Callable[[], float] = time.monotonic
    _oldest: float | None = None
    _changed: float = 0.0
    _read_at: float = 0.0

    def is_lost(self, started: float) -> bool:
        """Whether a thread has been silent for too long. started: when the daemon was started, by the clock."""
        now = self.clock()
        if now - self._read_at < _READ_S:
            return False
        self._read_at = now
        with suppress(DagsterError, SQLAlchemyError):  # a failed query is no evidence against the daemon
            oldest = self._oldest_beat()
            if oldest == self._oldest:
                return now - max(self._changed, started) > SILENCE_S
            self._oldest, self._changed = oldest, now
        return False

    def _oldest_beat(self) -> float | None:
        """The last heartbeat of the thread that has been silent longest; None if there was never one."""
        types = self.instance.get_required_daemon_types()
        beats = self.instance.get_daemon_heartbeats().items()
        return min((beat.timestamp for name, beat in beats if name in types), default=None)
