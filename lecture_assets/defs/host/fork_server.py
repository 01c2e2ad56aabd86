"""The fork server: one process with Dagster and the lectures' code loaded, which forks one run worker per launch.

    launcher ── launch ──► server ── fork ──► run worker: takes the run's lock, answers the launcher, executes, ends
    launcher ── hold ────► server, which lives while anyone holds it, a run worker is alive, or launches arrive

One thread and no Dagster instance, since a fork inherits everything. Requests and answers are one line of JSON each; a launch
carries the launching process's environment, which is never written anywhere.
"""

import argparse
import fcntl
import gc
import importlib
import os
import select
import signal
import socket
import sys
import sysconfig
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dagster import Definitions

from lecture_assets.defs.dagster_internals import get_run_crash_explanation
from lecture_assets.defs.host.fork_protocol import SOCKET, STARTING, Request, receive, send, socket_address
from lecture_assets.defs.host.run_worker import execute, log_path, rehearse, report_death, settle_in

_INSTALLED = tuple(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))
"""Folders of installed code, whose changes take effect only after a restart."""
_TICK_S = 0.5
"""How long a signal or the end of a run worker may go unnoticed."""
_PATIENCE_S = 5.0
"""How long a client may keep others waiting while it writes its line."""


@dataclass(slots=True)
class _Code:
    """The modules loaded before a run needs them.

    names: the modules to import; the run reports those that cannot be imported
    files: modification times, in ns, of the loaded files that are not installed, as of loading
    """

    names: Sequence[str]
    files: dict[str, int] = field(default_factory=dict)

    def load(self) -> None:
        """Import the modules not imported yet, and build the jobs that they define."""
        for name in self.names:
            if name not in sys.modules:
                with _reporting():
                    module = importlib.import_module(name)
                    for definitions in [value for value in vars(module).values() if isinstance(value, Definitions)]:
                        definitions.get_repository_def().get_all_jobs()
        for file in [file for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))]:
            if not file.startswith(_INSTALLED):
                self.files.setdefault(file, _changed_ns(file))

    def is_outdated(self) -> bool:
        """Whether a loaded file has changed since: a run must execute the code that is on disk."""
        return any(_changed_ns(file) != then for file, then in self.files.items())


@contextmanager
def _reporting() -> Iterator[None]:
    """Print errors and continue: they only make runs slower, and a run that needs the module raises the error again."""
    try:
        yield
    except (Exception, SystemExit):  # noqa: BLE001
        traceback.print_exc()


def _changed_ns(file: str) -> int:
    try:
        return Path(file).stat().st_mtime_ns
    except OSError:
        return 0


@dataclass(slots=True)
class _ForkServer:
    """The server itself.

    idle_s:    how long it lives without being needed
    holders:   connections that keep it alive
    workers:   each run worker's launch request by process id; None for a process that reports another's death
    needed_at: when it was last needed, by the monotonic clock
    """

    folder: Path
    code: _Code
    idle_s: float
    listener: socket.socket
    holders: list[socket.socket] = field(default_factory=list)
    workers: dict[int, Request | None] = field(default_factory=dict)
    is_ending: bool = False
    needed_at: float = field(default_factory=time.monotonic)

    def serve(self) -> None:
        """Answer until the server is no longer needed, is asked to end, or has outdated code; then remove its socket."""
        signal.signal(signal.SIGTERM, self._end)
        while not self.is_ending and self._is_needed():
            ready, _, _ = select.select([self.listener, *self.holders], [], [], _TICK_S)
            for connection in ready:
                self._accept() if connection is self.listener else self._let_go(connection)
            self._reap()
        self._close()

    def _end(self, *_: object) -> None:
        self.is_ending = True

    def _is_needed(self) -> bool:
        if self.holders or self.workers:
            self.needed_at = time.monotonic()
        return time.monotonic() - self.needed_at < self.idle_s

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        connection.settimeout(_PATIENCE_S)
        try:
            self._answer(receive(connection), connection)
        except Exception:  # noqa: BLE001 - a client's death or malformed request must not end the server
            traceback.print_exc()
        if connection not in self.holders:
            connection.close()

    def _answer(self, request: Request, connection: socket.socket) -> None:
        if request["ask"] == "hold":
            self.holders.append(connection)
        elif request["ask"] == "launch":
            self._launch(request, connection)
        else:
            send(connection, {"pid": os.getpid()})

    def _let_go(self, holder: socket.socket) -> None:
        self.holders.remove(holder)
        holder.close()

    def _launch(self, request: Request, connection: socket.socket) -> None:
        if self.code.is_outdated():
            self.is_ending = True  # closing without an answer makes the launcher start another
            return
        self.code.load()
        self.needed_at = time.monotonic()

        def report_started() -> None:
            with suppress(OSError), connection:  # the launcher may be dead; the run continues
                send(connection, {"pid": os.getpid()})

        worker = self._fork(request, partial(execute, self.folder, request["run_id"], request["instance"], report_started))
        self.workers[worker] = request

    def _fork(self, request: Request, body: Callable[[], None]) -> int:
        """Run `body` in a forked process with the run's environment; returns its process id."""
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child:
            return child
        status = 1
        try:
            for inherited in (self.listener, *self.holders):
                inherited.close()
            settle_in(log_path(self.folder, request["run_id"]), request["environment"])
            body()
            status = 0
        except BaseException:  # noqa: BLE001 - the last entry in the process's log
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _reap(self) -> None:
        """Collect run workers that ended, and report those that were killed or failed."""
        for worker, request in list(self.workers.items()):
            ended, status = os.waitpid(worker, os.WNOHANG)
            if ended:
                del self.workers[worker]
                if request is not None and status:
                    self._report(
                        request, get_run_crash_explanation(f"Run worker (pid: {worker})", os.waitstatus_to_exitcode(status))
                    )

    def _report(self, request: Request, explanation: str) -> None:
        reporter = self._fork(request, partial(report_death, request["run_id"], request["instance"], explanation))
        self.workers[reporter] = None

    def _close(self) -> None:
        """Remove the socket, unless a launcher is just starting another server there."""
        with _try_lock(self.folder / STARTING) as is_ours:
            if is_ours:
                (self.folder / SOCKET).unlink(missing_ok=True)
            self.listener.close()


@contextmanager
def _try_lock(path: Path) -> Iterator[bool]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


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
    parser.add_argument("--idle-s", type=float, default=60.0, help="seconds without being needed after which the server ends")
    parser.add_argument("--starting-fd", type=int, help=f"the held lock {STARTING}, released when the server listens")
    options = parser.parse_args()
    code = _Code(options.preload)
    code.load()
    with _reporting():
        rehearse()
    server = _ForkServer(options.folder, code, options.idle_s, _listen(options.folder))
    if os.fork():
        os._exit(0)
    if options.starting_fd is not None:
        os.close(options.starting_fd)
    gc.collect()
    gc.freeze()  # a collection in a run worker would copy every page it shares with the server
    server.serve()


if __name__ == "__main__":
    main()
