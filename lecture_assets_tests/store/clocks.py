"""A machine whose time passes when a test says so, and processes on it whose own clocks say what they like."""

from dataclasses import dataclass

from lecture_assets.ports import Uptime

TODAY = 1_795_900_000.0
"""28 November 2026, in seconds since 1970."""


@dataclass
class Machine:
    """true: seconds since 1970, as nobody on it knows them; boot: how often it was started."""

    true: float = TODAY
    boot: int = 0
    booted_at: float = TODAY - 1000.0
    paused_s: float = 0.0

    def pass_by(self, seconds: float) -> None:
        """Time goes on."""
        self.true += seconds

    def pause(self, seconds: float) -> None:
        """A virtual machine stands still, with its uptime."""
        self.true += seconds
        self.paused_s += seconds

    def restart(self) -> None:
        """All processes are gone."""
        self.boot, self.booted_at, self.paused_s = self.boot + 1, self.true, 0.0


@dataclass
class OwnClock:
    """The clock of a process: ahead of the true time by so many seconds, which may change at any moment."""

    machine: Machine
    ahead: float = 0.0

    def now(self) -> float:
        """What the process takes for the time."""
        return self.machine.true + self.ahead

    def uptime(self) -> Uptime:
        """The kernel's, the same for all."""
        return Uptime(str(self.machine.boot), self.machine.true - self.machine.booted_at - self.machine.paused_s)
