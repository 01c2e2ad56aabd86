"""Looks into files by processes that may be killed: bounded in memory and time, and over the moment nobody waits any more.

`sandboxed.py` is what runs there. A process is started when no idle one is there, kept for the next file, and ends by itself.
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lecture_assets
from lecture_assets.intake.unfit import UnfitMediumError

_MODULE = "lecture_assets.intake.sandboxed"
_PLACES = max(2, os.cpu_count() or 1)
_LOOK_S = 0.1
"""How often somebody who waits is asked whether they still do."""
_TRIES = 2
"""An idle process may have ended meanwhile; a file that ends two of them is not asked about again."""
_LONGEST_S = 2 * 3600.0
"""More than the longest look: the process itself would hang."""


class NotWantedError(Exception):
    """Nobody waits for the answer any more; the look was ended."""


class _Process:
    """One process, in a session of its own: Ctrl-C is for whoever asked."""

    def __init__(self) -> None:
        root = str(Path(lecture_assets.__file__).parents[1])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        environ = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(  # noqa: S603 - our own module; -P: a file av.py in a person's folder is not our av
            [sys.executable, "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environ,
            bufsize=0,
            start_new_session=True,
        )

    def ask(self, line: bytes, stopped: threading.Event | None) -> bytes:
        """The line that answers this one; nothing where the process has ended."""
        assert self._process.stdin is not None  # noqa: S101 - both are pipes; this is for mypy
        assert self._process.stdout is not None  # noqa: S101 - see above
        deadline = time.monotonic() + _LONGEST_S
        told = b""
        try:
            self._process.stdin.write(line)
            while not told.endswith(b"\n") and time.monotonic() < deadline:
                if stopped is not None and stopped.is_set():
                    raise NotWantedError
                if select.select([self._process.stdout], [], [], _LOOK_S)[0]:
                    part = self._process.stdout.read(1 << 16)
                    if not part:
                        return b""
                    told += part
        except (BrokenPipeError, ConnectionResetError):
            return b""
        return told

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        """End it, with all that it does: it is alone in its session."""
        if self._process.poll() is None:  # once it was waited for, its number may be somebody else's
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


class _Pool:
    """The processes of this one, idle or at work, and how many looks there may be at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._places = threading.BoundedSemaphore(_PLACES)

    @contextmanager
    def place(self, stopped: threading.Event | None) -> Iterator[None]:
        """Wait for a turn."""
        while not self._places.acquire(timeout=_LOOK_S):
            if stopped is not None and stopped.is_set():
                raise NotWantedError
        try:
            yield
        finally:
            self._places.release()

    def ask(self, line: bytes, stopped: threading.Event | None) -> bytes:
        """One process's answer; nothing where it ended."""
        with self._lock:
            while self._idle and self._idle[-1].has_ended:
                self._idle.pop().end()
            process = self._idle.pop() if self._idle else _Process()
        told = b""
        try:
            told = process.ask(line, stopped)
        finally:
            if told.endswith(b"\n"):
                with self._lock:
                    self._idle.append(process)
            else:
                process.end()
        return told

    def close(self) -> None:
        """End the idle ones."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()


_pool = _Pool()


def _close() -> None:
    _pool.close()


atexit.register(_close)


def _forget() -> None:
    """A fork has none of its parent's processes: their pipes are the parent's."""
    global _pool  # noqa: PLW0603 - it belongs to a process
    _pool = _Pool()


os.register_at_fork(after_in_child=_forget)


def look(job: dict[str, Any], stopped: threading.Event | None = None) -> tuple[Path, dict[str, Any]]:
    """The file to be kept and what is known of it, as `sandboxed.look_into` says.

    stopped: set by whoever does not want the answer any more; then NotWantedError, within a tenth of a second
    UnfitMediumError where the file cannot be taken, also where a look ends the process. OSError where there is no room.
    """
    line = json.dumps(job).encode() + b"\n"
    with _pool.place(stopped):
        for _ in range(_TRIES):
            if told := _pool.ask(line, stopped):
                return _read(json.loads(told))
    found = "a file that ends the process that looks into it"
    raise UnfitMediumError(found)


def _read(answer: dict[str, Any]) -> tuple[Path, dict[str, Any]]:
    if "unfit" in answer:
        raise UnfitMediumError(str(answer["unfit"]))
    if "errno" in answer:
        raise OSError(answer["errno"], answer["strerror"])
    return Path(answer["kept"]), answer["facts"]
