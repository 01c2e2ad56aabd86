"""A process that `lectures dev` keeps running, and its log. `dev.py` decides whether and when to restart it."""

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from lecture_assets.defs.host.fork_protocol import Request
from lecture_assets.defs.host.fork_server_client import ForkServerClient
from lecture_assets.defs.host.service import ForkedService
from lecture_assets.graph.errors import LectureError

_LOG_BYTES = 10_000_000
_TAIL_LINES = 15
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
        """The complete lines written since the last call; none if the file was deleted, which the next child makes again."""
        try:
            if self.path.stat().st_size == self._read:
                return []
            with self.path.open("rb") as file:
                if os.fstat(file.fileno()).st_size < self._read:
                    self._read = 0  # somebody has emptied it, or it is a new one
                file.seek(self._read)
                lines, end, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return []
        self._read += len(lines) + len(end)
        if self._read > self.max_bytes:
            with suppress(OSError):  # the disk may be full: it is tried again with the next line
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
        """The last 15 lines; empty if the file was deleted."""
        with suppress(FileNotFoundError):
            return "\n".join(_text(self.path.read_bytes()).splitlines()[-_TAIL_LINES:])
        return ""


def _text(written: bytes) -> str:
    return _COLOURS.sub("", written.decode(errors="replace"))


class ChildFailedError(LectureError):
    """A child process that cannot be kept running, or what it is forked from."""

    exit_code = 1


@dataclass
class Child:
    """A service of the fork server that is restarted when it ends.

    request: what it is, for the fork server
    """

    name: str
    request: Request
    server: ForkServerClient
    log: Log
    service: ForkedService | None = None
    started: float = 0.0
    quick_ends: int = 0
    has_worked: bool = False
    start_again_at: float | None = None

    def start(self) -> None:
        """Start it; OSError if the fork server does not come up."""
        self.start_again_at = None
        self.service = self.server.serve(self.request)
        self.started = time.monotonic()  # not before: a new fork server takes seconds to come up

    def is_running(self) -> bool:
        """Whether it is running."""
        return self.service is not None and self.service.ended() is None

    def ended(self) -> str | None:
        """How it ended, reported once; otherwise None."""
        how = self.service.ended() if self.service else None
        if how:
            self.service = None
        return how

    def send(self, number: signal.Signals) -> None:
        """Send a signal if it is running."""
        if self.service is not None:
            self.service.send(number)
