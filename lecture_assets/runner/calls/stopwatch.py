"""How long ago something was, on a machine that may sleep and whose clock may jump."""

from lecture_assets.ports import Clock


class Stopwatch:
    """Runs from the moment it is made."""

    def __init__(self, clock: Clock) -> None:
        """Start it."""
        self._clock, self._uptime, self._told = clock, clock.uptime().seconds, clock.now()

    @property
    def seconds_awake(self) -> float:
        """By the machine's uptime, which stands still while a virtual machine is paused."""
        return self._clock.uptime().seconds - self._uptime

    @property
    def seconds(self) -> float:
        """By the uptime or by the clock, whichever says more: too much is harmless where a call must not leave late."""
        return max(self.seconds_awake, self._clock.now() - self._told)
