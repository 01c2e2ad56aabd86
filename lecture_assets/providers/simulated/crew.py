"""The worker processes of the simulated vendor, kept alive between jobs; `worker.py` is what runs in them.

It knows nothing of calls and prices. One crew belongs to one event loop.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any

import lecture_assets

_WORKER = "lecture_assets.providers.simulated.worker"
_LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of a result: the word timings of the longest narration stay far below."""
_PATIENCE_S = 2.0
_TRIES = 2
"""A job whose worker died is done once more, by another one: it may have been killed; or the job kills whoever does it."""


class WorkerDiedError(Exception):
    """The job's worker died, and the next one too."""


class Crew:
    """At most `size` workers, each started when a job finds no idle one."""

    def __init__(self, size: int | None = None) -> None:
        """size: max(2, cores) where it is None."""
        self._places = asyncio.Semaphore(size or max(2, os.cpu_count() or 1))
        self._idle: list[Process] = []
        self._alive: set[Process] = set()
        self._jobs: set[asyncio.Task[dict[str, Any]]] = set()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run now."""
        return tuple(worker.pid for worker in self._alive if worker.returncode is None)

    async def warm(self) -> None:
        """Have a worker ready before the first job."""
        if not self._alive:
            self._idle.append(await self._start())

    async def do(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job's result. A caller that is cancelled leaves its job to finish: the worker stays in step with its lines.

        The file of such a job (`out`) is deleted. WorkerDiedError where two workers died of it.
        """
        task = asyncio.create_task(self._do(job))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(lambda done: _throw_away(done, Path(job["out"])))
            raise

    async def close(self) -> None:
        """End every worker, at once where one is at work."""
        for task in tuple(self._jobs):
            task.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        await asyncio.gather(*(_end(worker) for worker in tuple(self._alive)))
        self._alive.clear()
        self._idle.clear()

    async def _do(self, job: dict[str, Any]) -> dict[str, Any]:
        line = json.dumps(job).encode() + b"\n"
        async with self._places:
            for _ in range(_TRIES):
                result = await self._ask(line)
                if result is not None:
                    return result
        message = f"{_TRIES} worker processes died of one {job['role']} job"
        raise WorkerDiedError(message)

    async def _ask(self, line: bytes) -> dict[str, Any] | None:
        """One worker's answer; None where it died. An idle one that died meanwhile is not asked."""
        while self._idle and self._idle[-1].returncode is not None:
            self._alive.discard(self._idle.pop())
        worker = self._idle.pop() if self._idle else await self._start()
        try:
            answer = await _exchange(worker, line)
        except BaseException:
            _kill(worker)  # it stays among the living until `close` has seen it end: the loop may not close before that
            raise
        if answer:
            self._idle.append(worker)
            result: dict[str, Any] = json.loads(answer)
            return result
        self._alive.discard(worker)
        await _end(worker)
        return None

    async def _start(self) -> Process:
        package_root = str(Path(lecture_assets.__file__).parents[1])
        path = os.pathsep.join(filter(None, (package_root, os.environ.get("PYTHONPATH"))))
        # -P: a file av.py in the person's folder is not our av. One thread: cores are shared out by the crew, and workers fork.
        environ = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _WORKER), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environ, limit=_LONGEST_LINE
        )
        self._alive.add(worker)
        return worker


async def _exchange(worker: Process, line: bytes) -> bytes:
    """The whole line that answers this line; nothing where the worker died before it was written."""
    assert worker.stdin is not None  # noqa: S101 - both are pipes; this is for mypy
    assert worker.stdout is not None  # noqa: S101 - see above
    try:
        worker.stdin.write(line)
        await worker.stdin.drain()
        answer = await worker.stdout.readline()
    except (BrokenPipeError, ConnectionResetError):
        return b""
    return answer if answer.endswith(b"\n") else b""


async def _end(worker: Process) -> None:
    """Close its stdin, which ends it; kill it where that takes too long."""
    if worker.stdin is not None:
        worker.stdin.close()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await worker.wait()
    except TimeoutError:
        _kill(worker)
        await worker.wait()


def _kill(worker: Process) -> None:
    with suppress(ProcessLookupError):
        worker.kill()


def _throw_away(done: asyncio.Task[dict[str, Any]], out: Path) -> None:
    """Delete what nobody will collect, and look at the job's error, so that asyncio does not complain that nobody did."""
    if not done.cancelled():
        done.exception()
    out.unlink(missing_ok=True)
