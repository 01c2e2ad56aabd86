"""Elapsed time on a machine that may sleep and whose clock may jump."""

from lecture_assets.ports import Clock


class Stopwatch:
    """Measures the time since its creation."""

    def __init__(self, clock: Clock) -> None:
        """Start it."""
        self._clock, self._uptime, self._started_at = clock, clock.uptime().seconds, clock.now()

    @property
    def seconds_awake(self) -> float:
        """Elapsed seconds of uptime, which does not advance while a virtual machine is paused."""
        return self._clock.uptime().seconds - self._uptime

    @property
    def seconds(self) -> float:
        """Elapsed seconds by uptime or clock, whichever is more: overestimating is safe, as a call must not be sent late."""
        return max(self.seconds_awake, self._clock.now() - self._started_at)
