"""A process that `lectures dev` keeps running, and its log. `dev.py` decides whether and when to restart it."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

_LOG_BYTES = 10_000_000
_TAIL_LINES = 15
_PR_SET_PDEATHSIG = 1
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SERIOUS = re.compile(r"(?:^| - )((?:WARNING|ERROR|CRITICAL)(?: - |:).*)")
"""The start of a warning or error in Dagster's logs (after the time and the logger's name), and in uvicorn's."""


@dataclass
class Log:
    """A child's output, appended to a file that is read as it grows and rotated when it gets too long."""

    path: Path
    max_bytes: int = _LOG_BYTES
    _read: int = field(init=False)
    _last_warning: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Skip existing content, which is from earlier runs."""
        self.path.touch()
        self._read = self.path.stat().st_size

    def new_lines(self) -> list[str]:
        """The complete lines written since the last call."""
        with self.path.open("rb") as file:
            file.seek(self._read)
            lines, end, _ = file.read().rpartition(b"\n")
        self._read += len(lines) + len(end)
        if self._read > self.max_bytes:
            self._rotate()
        return _text(lines).splitlines()

    def _rotate(self) -> None:
        """Keep the old content in a file beside it and truncate. The child opened the file for appending, so it starts over."""
        shutil.copyfile(self.path, self.path.with_suffix(".log.1"))
        os.truncate(self.path, 0)
        self._read = 0

    def warnings(self) -> Iterator[str]:
        """The warnings and errors among the new lines, without times and immediate repetitions."""
        lines = self.new_lines()
        for line, following in zip_longest(lines, lines[1:], fillvalue=""):
            if found := _SERIOUS.search(line):
                warning = f"{found[1]} {following}" if found[1].endswith(":") else found[1]
                if warning != self._last_warning:
                    yield warning
                self._last_warning = warning

    def tail(self) -> str:
        """The last 15 lines."""
        return "\n".join(_text(self.path.read_bytes()).splitlines()[-_TAIL_LINES:])


def _text(written: bytes) -> str:
    return _COLOURS.sub("", written.decode(errors="replace"))


@dataclass
class Child:
    """A process in a session of its own, so that Ctrl-C reaches only the supervisor."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Log
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    quick_ends: int = 0
    start_again_at: float | None = None

    def start(self) -> None:
        """Start the process."""
        self.started, self.start_again_at = time.monotonic(), None
        with self.log.path.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own and Dagster's modules
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o077,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - it makes one system call and takes no lock
            )

    def is_running(self) -> bool:
        """Whether the process is running."""
        return self.process is not None and self.process.poll() is None

    def ended(self) -> str | None:
        """How the process ended, reported once; otherwise None."""
        status = self.process.poll() if self.process else None
        if status is None:
            return None
        self.process = None
        return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit code {status}"

    def send(self, number: signal.Signals) -> None:
        """Send a signal if the process is running."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


def _end_with_parent() -> None:
    """In the child: have the kernel kill it when the supervisor dies in any way. Linux only; elsewhere it would survive."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
