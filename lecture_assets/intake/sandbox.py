"""Inspect files in processes that may be killed: with limits on memory and time, and stopped as soon as nobody waits any more.

`sandboxed.py` is what runs there. A process is started if none is idle, kept for the next file, and ends by itself.
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

MODULE = "lecture_assets.intake.sandboxed"
"""What runs in such a process."""
_PLACES = max(2, os.cpu_count() or 1)
_LOOK_S = 0.1
"""How often a caller is asked whether it still waits, in seconds."""
_TRIES = 2
"""An idle process may have ended in the meantime; a file that ends two of them is not tried again."""
_LONGEST_S = 2 * 3600.0
"""Longer than the longest inspection: after this, the process itself must be stuck."""


class NotWantedError(Exception):
    """The result is no longer wanted; the inspection was stopped."""


class _Process:
    """One process, in a session of its own, so that Ctrl-C reaches only the caller."""

    def __init__(self) -> None:
        root = str(Path(lecture_assets.__file__).parents[1])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        environ = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(  # noqa: S603 - our own module; -P: a file av.py in a person's folder is not our av
            [sys.executable, "-P", "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environ,
            bufsize=0,
            start_new_session=True,
        )

    def ask(self, line: bytes, stopped: threading.Event | None) -> bytes:
        """Send a line and return the line that answers it; empty if the process has ended."""
        assert self._process.stdin is not None  # noqa: S101 - both are pipes; this is for mypy
        assert self._process.stdout is not None  # noqa: S101 - see above
        deadline = time.monotonic() + _LONGEST_S
        answer = b""
        try:
            self._process.stdin.write(line)
            while not answer.endswith(b"\n") and time.monotonic() < deadline:
                if stopped is not None and stopped.is_set():
                    raise NotWantedError
                if select.select([self._process.stdout], [], [], _LOOK_S)[0]:
                    part = self._process.stdout.read(1 << 16)
                    if not part:
                        return b""
                    answer += part
        except (BrokenPipeError, ConnectionResetError):
            return b""
        return answer

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        """Kill it with everything it started: it is alone in its session."""
        if self._process.poll() is None:  # once it has been waited for, its number may belong to another process
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


class _Pool:
    """The processes started by this one, idle or busy, with a limit on concurrent inspections."""

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
        """Return one process's answer; empty if it ended."""
        with self._lock:
            while self._idle and self._idle[-1].has_ended:
                self._idle.pop().end()
            process = self._idle.pop() if self._idle else _Process()
        answer = b""
        try:
            answer = process.ask(line, stopped)
        finally:
            if answer.endswith(b"\n"):
                with self._lock:
                    self._idle.append(process)
            else:
                process.end()
        return answer

    def close(self) -> None:
        """End the idle processes."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()


_pool = _Pool()


def _close() -> None:
    _pool.close()


atexit.register(_close)


def _forget() -> None:
    """Forget the processes in a fork: their pipes are its parent's."""
    global _pool  # noqa: PLW0603 - one per process
    _pool = _Pool()


os.register_at_fork(after_in_child=_forget)


def inspect_file(job: dict[str, Any], stopped: threading.Event | None = None) -> tuple[Path, dict[str, Any]]:
    """Inspect a file and return the file to keep with the facts about it, as `sandboxed.do_job` does.

    stopped: set when the result is no longer wanted; then NotWantedError, within a tenth of a second

    UnfitMediumError if the file is rejected, or if inspecting it kills the process. OSError if the disk is full.
    """
    line = json.dumps(job).encode() + b"\n"
    with _pool.place(stopped):
        for _ in range(_TRIES):
            if answer := _pool.ask(line, stopped):
                return _read(json.loads(answer))
    found = "a file that crashes the process that inspects it"
    raise UnfitMediumError(found)


def _read(answer: dict[str, Any]) -> tuple[Path, dict[str, Any]]:
    if "unfit" in answer:
        raise UnfitMediumError(str(answer["unfit"]))
    if "errno" in answer:
        raise OSError(answer["errno"], answer["strerror"])
    return Path(answer["kept"]), answer["facts"]
