"""A launcher's side of the fork server: starts the server of a folder when needed, sends it launches, keeps it alive.

The server itself is `fork_server.py`; which run to launch, and what becomes of it, is `launcher.py`'s business.
"""

import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from lecture_assets.defs.host.fork_protocol import STARTING, Request, ask, connect, receive, send
from lecture_assets.defs.host.run_worker import clean, is_live
from lecture_assets.defs.host.service import ForkedService

SERVER_LOG = "server.log"
_START_S = 60.0
"""How long a server may take to load its code: 2 s on two idle cores, much longer when many processes start at once."""
_ANSWER_S = 30.0
"""How long a run worker may take from the request to its lock: about 10 ms, but a server answers one launcher at a time."""
_RETIRE_S = 5.0
"""How long a server may take to retire: at once, unless it hangs."""
_END_S = 3.0
_TRIES = 3
_TAIL_LINES = 40

Start = Callable[[Path, Sequence[str], Path, int], int]
"""Starts a server: takes its folder, the modules to import, its log and the held lock; returns 0 once it is listening."""


class ForkServerClient:
    """The fork server of one folder, as a launcher uses it.

    folder:  the folder of the server's socket and the run workers' locks and logs
    modules: returns the modules that a new server imports before a run needs them
    """

    def __init__(self, folder: Path, modules: Callable[[], Sequence[str]]) -> None:
        """Neither connect nor start anything yet."""
        self._folder = folder
        self._modules = modules
        self._holding = threading.Lock()
        self._hold: socket.socket | None = None

    def launch(self, request: Request) -> None:
        """Have a run worker forked; OSError if that fails. Starts a server if none is listening or it ended before answering.

        The run's lock keeps a run from starting twice.
        """
        for _ in range(_TRIES):
            with suppress(ConnectionError, FileNotFoundError):
                ask(self._folder, request, _ANSWER_S)
                return
            if is_live(self._folder, request["run_id"]):
                return
            self.ensure()
        raise _no_answer()

    def serve(self, request: Request) -> ForkedService:
        """Have a service forked; OSError if that fails. Starts a server if none is listening or it ended before answering."""
        for _ in range(_TRIES):
            with suppress(ConnectionError, FileNotFoundError):
                connection = connect(self._folder, _ANSWER_S)
                send(connection, request)
                return ForkedService(connection, int(receive(connection)["pid"]))
            self.ensure()
        raise _no_answer()

    def ensure(self) -> None:
        """Start a server as a program of its own, unless one is listening; OSError if it does not come up."""
        with self._as_only_starter() as lock:
            with suppress(OSError):
                ask(self._folder, {"ask": "ping"}, _ANSWER_S)
                return
            self._start(_spawn, lock)

    def replace(self, start: Start) -> None:
        """Start a server even if one is listening, which then only finishes its runs; OSError if it does not come up.

        An earlier server may have been started with another environment, from other code.

        start: how, `fork_server.start_by_fork` for example
        """
        with self._as_only_starter() as lock:
            with suppress(OSError):
                ask(self._folder, {"ask": "retire"}, _RETIRE_S)
            self._start(start, lock)

    @contextmanager
    def _as_only_starter(self) -> Iterator[int]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _starting(self._folder) as lock:
            yield lock

    def _start(self, start: Start, lock: int) -> None:
        clean(self._folder)
        log = self._folder / SERVER_LOG
        if status := start(self._folder, self._modules(), log, lock):
            message = f"the fork server did not come up (status {status}): {tail(log)}"
            raise OSError(message)

    def hold(self) -> None:
        """Stay connected to the server, which lives as long as anyone is connected."""
        with self._holding, suppress(OSError):
            if self._hold is not None and select.select([self._hold], [], [], 0)[0]:
                self._disconnect()  # the other end is gone
            if self._hold is None:
                self._hold = connect(self._folder, _ANSWER_S)
                send(self._hold, {"ask": "hold"})

    def release(self) -> None:
        """Stop holding the server; its runs continue."""
        with self._holding:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._hold is not None:
            self._hold.close()
            self._hold = None

    def end(self) -> None:
        """Ask the server to end, and wait until it is gone; its run workers continue."""
        self.release()
        with suppress(OSError):
            os.kill(int(ask(self._folder, {"ask": "ping"}, _END_S)["pid"]), signal.SIGTERM)
            deadline = time.monotonic() + _END_S
            while time.monotonic() < deadline:
                connect(self._folder, _ANSWER_S).close()
                time.sleep(0.05)


def _no_answer() -> ConnectionError:
    return ConnectionError(f"the fork server ended {_TRIES} times before it answered")


@contextmanager
def _starting(folder: Path) -> Iterator[int]:
    """Let one process start a server at a time. The server inherits the lock, so the lock outlives a launcher that dies."""
    deadline = time.monotonic() + _START_S
    with (folder / STARTING).open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = f"another process has been starting the fork server for {_START_S:.0f} s"
                    raise TimeoutError(message) from None
                time.sleep(0.02)
        yield file.fileno()


def _spawn(folder: Path, preload: Sequence[str], log: Path, starting_fd: int) -> int:
    """Start a server as a program; returns its first process's exit status, 0 once it is listening."""
    command = [sys.executable, "-m", "lecture_assets.defs.host.fork_server", str(folder), "--starting-fd", str(starting_fd)]
    command += [f"--preload={name}" for name in preload]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, pass_fds=[starting_fd]
        )
    try:
        return process.wait(_START_S)
    except BaseException as reason:
        process.kill()  # else a server that nobody waits for any more would come up
        process.wait()
        if isinstance(reason, subprocess.TimeoutExpired):
            message = f"the fork server did not come up in {_START_S:.0f} s"
            raise TimeoutError(message) from reason
        raise


def tail(log: Path) -> str:
    """The last 40 lines of a log; empty if there is no such file."""
    with suppress(FileNotFoundError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
    return ""
