"""The fork server: one process with Dagster and the lectures' code loaded, from which others are forked within milliseconds.

    launcher ── launch ──► server ── fork ──► run worker: takes the run's lock, answers the launcher, executes, ends
    `dev` ───── serve ───► server ── fork ──► service: a module run as `python -m` would, killed when `dev` disconnects
    launcher ── hold ────► server, which lives while anyone holds it, a forked process is alive, or launches arrive
    `dev` ───── retire ──► server of an earlier `dev`, whose environment and code may be others: ends after its runs

One thread and no Dagster instance, since a fork inherits everything. Requests and answers are one line of JSON each; they carry
the asking process's environment, which is never written anywhere.
"""

import argparse
import fcntl
import gc
import os
import select
import signal
import socket
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lecture_assets.defs.dagster_internals import get_run_crash_explanation
from lecture_assets.defs.host.fork_protocol import SOCKET, STARTING, Request, receive, send, socket_address
from lecture_assets.defs.host.forked_process import ForkedProcesses, become, name_process
from lecture_assets.defs.host.preloaded_code import PreloadedCode, reporting
from lecture_assets.defs.host.run_worker import execute, log_path, rehearse, report_death, take_environment
from lecture_assets.defs.host.service import be_service

_TICK_S = 0.5
"""How long a signal or the end of a run worker may go unnoticed."""
_NAME, _RUN_WORKER = "lectures-forks", "lectures-run"
_IDLE_S = 60.0
_PATIENCE_S = 5.0
"""How long a client may keep others waiting while it writes its line."""


@dataclass(slots=True)
class _ForkServer:
    """The server itself.

    idle_s:     how long it lives without being needed
    holders:    connections that keep it alive
    services:   the process id of each service, by the connection of the process that wants it
    forked:     run workers, services, and processes that report a run worker's death
    is_retired: it takes no more requests, and ends once nothing forked from it is alive
    needed_at:  when it was last needed, by the monotonic clock
    number:     the number of its socket's file, which another server may replace
    """

    folder: Path
    code: PreloadedCode
    idle_s: float
    listener: socket.socket
    holders: list[socket.socket] = field(default_factory=list)
    services: dict[socket.socket, int] = field(default_factory=dict)
    forked: ForkedProcesses = field(init=False)
    is_retired: bool = False
    is_ending: bool = False
    is_rehearsed: bool = False
    needed_at: float = field(default_factory=time.monotonic)
    number: int = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is forked yet."""
        self.number = _number_of(self.folder)
        self.forked = ForkedProcesses(lambda: (self.listener, *self.holders, *self.services))

    def serve(self) -> None:
        """Answer until the server is no longer needed or is asked to end; then remove its socket and kill its services."""
        signal.signal(signal.SIGTERM, self._end)
        while not self.is_ending and self._is_needed():
            listener = [] if self.is_retired else [self.listener]
            ready, _, _ = select.select([*listener, *self.holders, *self.services], [], [], _TICK_S)
            for connection in ready:
                if connection is self.listener:
                    self._accept()
                elif connection in self.services:
                    self._kill_service(connection)
                elif connection in self.holders:
                    self._let_go(connection)
            if not ready and not self.is_rehearsed:
                self.is_rehearsed = True
                _rehearse()
            if self.forked.reap():
                self.needed_at = time.monotonic()
        if not self.is_retired:
            self._close()
        for connection in list(self.services):
            self._kill_service(connection)

    def _end(self, *_: object) -> None:
        self.is_ending = True

    def _is_needed(self) -> bool:
        if self.forked.living:
            return True
        if self.holders:
            self.needed_at = time.monotonic()
        return not self.is_retired and time.monotonic() - self.needed_at < self.idle_s

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        connection.settimeout(_PATIENCE_S)
        try:
            self._answer(receive(connection), connection)
        except Exception:  # noqa: BLE001 - a client's death or malformed request must not end the server
            traceback.print_exc()
        if connection not in self.holders and connection not in self.services:
            connection.close()

    def _answer(self, request: Request, connection: socket.socket) -> None:
        if request["ask"] == "hold":
            self.holders.append(connection)
        elif request["ask"] == "ping":
            send(connection, {"pid": os.getpid()})
        elif request["ask"] == "retire":
            self._retire()
            send(connection, {"pid": os.getpid()})
        elif self.code.is_outdated():
            self._retire()  # closing without an answer makes the client start another
        elif request["ask"] == "launch":
            self._launch(request, connection)
        elif request["ask"] == "serve":
            self._start_service(request, connection)

    def _let_go(self, holder: socket.socket) -> None:
        self.holders.remove(holder)
        holder.close()

    def _retire(self) -> None:
        """Leave the socket to another server, and stay with what was forked here."""
        self.is_retired = True
        self._close()
        for holder in list(self.holders):
            self._let_go(holder)

    def _launch(self, request: Request, connection: socket.socket) -> None:
        self.code.load()
        self.needed_at = time.monotonic()

        def report_started() -> None:
            with suppress(OSError), connection:  # the launcher may be dead; the run continues
                send(connection, {"pid": os.getpid()})

        def work() -> None:
            take_environment(request["environment"])
            execute(self.folder, request["run_id"], request["instance"], report_started)

        self.forked.fork(_RUN_WORKER, log_path(self.folder, request["run_id"]), work, partial(self._report, request))

    def _start_service(self, request: Request, connection: socket.socket) -> None:
        def work() -> None:
            connection.close()
            be_service(request)

        service = self.forked.fork(request["name"], Path(request["log"]), work, partial(self._tell_end, connection))
        self.services[connection] = service
        send(connection, {"pid": service})

    def _tell_end(self, connection: socket.socket, _service: int, status: int) -> None:
        """Tell the process that wants a service how it ended, unless that process is gone."""
        if self.services.pop(connection, None):
            with suppress(OSError), connection:
                send(connection, {"status": os.waitstatus_to_exitcode(status)})

    def _kill_service(self, connection: socket.socket) -> None:
        """Kill a service that nobody wants any more: its connection has ended."""
        os.kill(self.services.pop(connection), signal.SIGKILL)
        connection.close()

    def _report(self, request: Request, worker: int, status: int) -> None:
        """Report a run worker that was killed or failed, from another forked process."""
        if status:
            explanation = get_run_crash_explanation(f"Run worker (pid: {worker})", os.waitstatus_to_exitcode(status))

            def work() -> None:
                take_environment(request["environment"])
                report_death(request["run_id"], request["instance"], explanation)

            self.forked.fork(_RUN_WORKER, log_path(self.folder, request["run_id"]), work, lambda *_: None)

    def _close(self) -> None:
        """Remove the socket, unless a launcher is just starting another server there or another one has replaced it."""
        with _try_lock(self.folder / STARTING) as is_nobody_starting:
            if is_nobody_starting and _number_of(self.folder) == self.number:
                (self.folder / SOCKET).unlink(missing_ok=True)
            self.listener.close()


def _number_of(folder: Path) -> int:
    """The inode of the folder's socket; 0 if there is none."""
    try:
        return (folder / SOCKET).stat().st_ino
    except OSError:
        return 0


@contextmanager
def _try_lock(path: Path) -> Iterator[bool]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _rehearse() -> None:
    """Load what Dagster loads lazily, now that nobody is waiting. A SIGTERM takes effect afterwards."""
    handler = signal.getsignal(signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    with reporting():
        rehearse()
    signal.signal(signal.SIGTERM, handler)  # Dagster has put one of its own in its place
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    _freeze()


def _freeze() -> None:
    """Keep the garbage collector from touching what is loaded: it would copy every page that a fork shares with the server."""
    gc.collect()
    gc.freeze()


def _listen(folder: Path) -> socket.socket:
    """Create the socket, for this user only, replacing a dead server's."""
    (folder / SOCKET).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)
    try:
        with socket_address(folder) as address:
            listener.bind(address)
    finally:
        os.umask(mask)
    listener.listen(128)
    return listener


def main() -> None:
    """Load the code, listen, and continue in a forked process; this one exits with 0 once the server is listening."""
    parser = argparse.ArgumentParser(description="Forks run workers from a process that has their code loaded.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--preload", action="append", default=[], help="a module to import; may be repeated")
    parser.add_argument("--idle-s", type=float, default=_IDLE_S, help="seconds without being needed after which the server ends")
    parser.add_argument("--starting-fd", type=int, help=f"the held lock {STARTING}, released when the server listens")
    options = parser.parse_args()
    code = PreloadedCode(options.preload)
    code.load()
    _become_server(options.folder, code, options.idle_s, options.starting_fd)


def start_by_fork(folder: Path, preload: Sequence[str], log: Path, starting_fd: int) -> int:
    """Start a server from this process, with which it shares the code; returns 0 once it is listening, else its exit status.

    This process must have one thread. What it has open is closed in the server.
    """
    code = PreloadedCode(preload)
    with log.open("w") as output, redirect_stdout(output), redirect_stderr(output):
        code.load()
    _freeze()
    child = os.fork()
    if not child:
        os.closerange(3, starting_fd)
        os.closerange(starting_fd + 1, os.sysconf("SC_OPEN_MAX"))
        become(_NAME, log, partial(_become_server, folder, code, _IDLE_S, starting_fd))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become_server(folder: Path, code: PreloadedCode, idle_s: float, starting_fd: int | None) -> None:
    """Listen, and continue in a forked process; this one exits with 0 once the server is listening."""
    server = _ForkServer(folder, code, idle_s, _listen(folder))
    if os.fork():
        os._exit(0)
    if starting_fd is not None:
        os.close(starting_fd)
    name_process(_NAME)
    _freeze()
    server.serve()


if __name__ == "__main__":
    main()
