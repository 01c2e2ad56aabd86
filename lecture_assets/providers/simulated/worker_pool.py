"""The worker processes of the simulated vendor, kept alive between jobs. They run `worker.py`.

Nothing here knows about calls and prices. A pool belongs to one event loop. Its idle workers outlive it: the next pool of this
process takes them over, so that a second regeneration need not start new ones (half a second of CPU each).
"""

import asyncio
import atexit
import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lecture_assets

_WORKER = "lecture_assets.providers.simulated.worker"
_LONGEST_LINE = 64 * 1024 * 1024
"""Largest result in bytes: the word timings of the longest narration are far smaller."""
_PATIENCE_S = 2.0
_TRIES = 2
"""A job whose worker died is tried once more, by another one: the worker may have been killed, or the job kills every worker."""


class WorkerDiedError(Exception):
    """The job's worker died, and so did the next one."""


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    """A process, and our end of the socket that is its stdin and stdout."""

    process: subprocess.Popen[bytes]
    socket: socket.socket

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    async def exchange(self, line: bytes) -> bytes:
        """Send a line and return the complete line that answers it; empty if the worker died."""
        reader, writer = await asyncio.open_unix_connection(sock=self.socket.dup(), limit=_LONGEST_LINE)
        try:
            writer.write(line)
            await writer.drain()
            answer = await reader.readline()
        except (BrokenPipeError, ConnectionResetError):
            return b""
        finally:
            writer.close()
        return answer if answer.endswith(b"\n") else b""

    def end(self, patience_s: float = _PATIENCE_S) -> None:
        """Close its stdin, which ends it; kill it if that takes longer than `patience_s`."""
        self.socket.close()
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_SPARE: list[_Worker] = []
"""Idle workers of pools that are closed."""


def _end_spare() -> None:
    while _SPARE:
        _SPARE.pop().end()


def _forget_spare() -> None:
    """Forget the workers in a forked child: they are its parent's."""
    for worker in _SPARE:
        worker.socket.close()
        worker.process.returncode = 0  # not a child of this process: nothing to wait for, nothing to warn about
    _SPARE.clear()


atexit.register(_end_spare)
os.register_at_fork(after_in_child=_forget_spare)


class WorkerPool:
    """At most `size` workers, each started when a job finds none idle."""

    def __init__(self, size: int | None = None) -> None:
        """size: None for max(2, cores)."""
        self._size = size or max(2, os.cpu_count() or 1)
        self._places = asyncio.Semaphore(self._size)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._jobs: set[asyncio.Task[dict[str, Any]]] = set()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that currently run for this pool."""
        return tuple(worker.process.pid for worker in (*self._idle, *self._busy) if worker.is_running)

    async def warm(self) -> None:
        """Have a worker ready before the first job."""
        if not self._idle and not self._busy:
            self._idle.append(_spare() or _start())

    async def do(self, job: dict[str, Any]) -> dict[str, Any]:
        """Do a job and return its result. If the caller is cancelled, the job still runs to its end, to keep the lines in step.

        The file of such a job (`out`) is deleted. WorkerDiedError if two workers died of it.
        """
        task = asyncio.create_task(self._do(job))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(lambda done: _discard(done, Path(job["out"])))
            raise

    async def close(self) -> None:
        """End busy workers at once; idle ones are kept for the next pool of this process."""
        for task in tuple(self._jobs):
            task.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        while self._idle:
            worker = self._idle.pop()
            if worker.is_running and len(_SPARE) < self._size:
                _SPARE.append(worker)
            else:
                worker.end()

    async def _do(self, job: dict[str, Any]) -> dict[str, Any]:
        line = json.dumps(job).encode() + b"\n"
        async with self._places:
            for _ in range(_TRIES):
                result = await self._ask(line)
                if result is not None:
                    return result
        message = f"{_TRIES} worker processes died while doing one {job['role']} job"
        raise WorkerDiedError(message)

    async def _ask(self, line: bytes) -> dict[str, Any] | None:
        """Return a worker's answer; None if it died. An idle worker that has died in the meantime is skipped."""
        worker = _running(self._idle) or _spare() or _start()
        self._busy.add(worker)
        answer = b""
        try:
            answer = await worker.exchange(line)
        finally:
            self._busy.discard(worker)
            if answer:
                self._idle.append(worker)
            else:
                with suppress(ProcessLookupError):
                    worker.process.kill()
                worker.end()
        if not answer:
            return None
        result: dict[str, Any] = json.loads(answer)
        return result


def _running(workers: list[_Worker]) -> _Worker | None:
    """Remove and return a worker that is still running."""
    while workers:
        worker = workers.pop()
        if worker.is_running:
            return worker
        worker.end()
    return None


def _spare() -> _Worker | None:
    return _running(_SPARE)


def _start() -> _Worker:
    package_root = str(Path(lecture_assets.__file__).parents[1])
    path = os.pathsep.join(filter(None, (package_root, os.environ.get("PYTHONPATH"))))
    # -P: a file av.py in the person's folder is not our av. One thread: the pool shares out the cores, and workers fork.
    environ = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    ours, its = socket.socketpair()
    with its:
        command = (sys.executable, "-P", "-m", _WORKER)
        process = subprocess.Popen(command, stdin=its.fileno(), stdout=its.fileno(), stderr=subprocess.DEVNULL, env=environ)  # noqa: S603 - ours
    return _Worker(process, ours)


def _discard(done: asyncio.Task[dict[str, Any]], out: Path) -> None:
    """Delete a file that will not be collected, and retrieve the job's error, so that asyncio does not complain about it."""
    if not done.cancelled():
        done.exception()
    out.unlink(missing_ok=True)
