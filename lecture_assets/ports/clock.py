"""Time as a port, so that tests control it: a wall clock for people to read, and uptime for decisions."""

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long the machine has been running.

    boot:    a random name for this start of the machine
    seconds: since that start, including time spent asleep
    """

    boot: str
    seconds: float


class Clock(Protocol):
    """The two times a process can ask for."""

    def now(self) -> float:
        """Return wall-clock time in seconds since 1970, for people to read. It may be wrong, and may jump."""

    def uptime(self) -> Uptime:
        """Return the machine's uptime, for decisions. All processes agree on it, and changing the clock does not affect it."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def uptime(self) -> Uptime:
        """Return the kernel's uptime, to 10 ms. Without `/proc` (macOS), wall-clock time stands in for it.

        Unlike the system calls, `/proc` shows the real time even to a process under faketime.
        """
        try:
            return Uptime(boot_id(), float(Path("/proc/uptime").read_bytes().split()[0]))
        except OSError:
            return Uptime("", time.time())


@cache
def boot_id() -> str:
    """Return the kernel's random id for the current boot; empty if it has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""
