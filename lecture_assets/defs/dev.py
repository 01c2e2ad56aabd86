"""`lectures dev`: Dagster's webserver, daemon and code server, kept running as one. Serves nothing and starts no run itself.

supervisor ─┬─ code server ◄── webserver, daemon          a child that ends is started again
            ├─ webserver                                   the supervisor's end is theirs
            ├─ daemon
            └─ (the launcher's) fork server ── run workers: told to end at Ctrl-C, each lecture stays queued
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

import yaml
from dagster import DagsterInstance
from filelock import FileLock, Timeout

from lecture_assets.defs.instance import open_instance
from lecture_assets.defs.launcher import ForkingRunLauncher
from lecture_assets.graph.errors import Fault, LectureError, RefusedError, WrongInputError

LOCATION = "lecture_assets"
"""The name of the code location, as in workspace.yaml."""
_TICK_S = 0.2
_READY_S = 120.0
_RUNS_S = 10.0
_CHILDREN_S = 8.0
_QUICK_DEATHS, _QUICK_S = 5, 10.0
"""A part that ended so often in a row, each time this soon after its start, does not work."""
_LOG_BYTES = 10_000_000
_WORDS = 15
_PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


@dataclass
class Child:
    """A process that is kept running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    quick_deaths: int = 0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.started = time.monotonic()
        with _open_log(self.log) as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own and Dagster's modules
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no other thread runs yet
            )

    def ended(self) -> str | None:
        """How it ended; None while it runs."""
        status = self.process.poll() if self.process else None
        if status is None:
            return None
        return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit code {status}"

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_WORDS:])


def serve(environ: Mapping[str, str], host: str, port: int, say: Say) -> None:
    """Serve until Ctrl-C (KeyboardInterrupt), or until a child cannot be kept running (LectureError).

    WrongInputError where the port is taken, RefusedError where this home is served already. Port 0 means any that is free.
    """
    port = _free_port(host, port)
    with open_instance(environ) as instance, _alone(_folder(instance), host, port):
        supervisor = _Supervisor(instance, _children(_folder(instance), environ, host, port), say)
        supervisor.run(f"http://{f'[{host}]' if ':' in host else host}:{port}")


def _folder(instance: DagsterInstance) -> Path:
    """Where the supervisor keeps what is its own. Not `logs`: Dagster moves a folder of that name away."""
    folder = Path(instance.root_directory) / "dev"
    folder.mkdir(exist_ok=True)
    return folder


def _free_port(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            found = f"{port} on {host} ({getattr(error, 'strerror', None) or error})"
            allowed = f"a port that nobody uses, like `lectures dev --port {port + 1}`; 0 takes any that is free"
            raise WrongInputError([Fault("--port", found, allowed)]) from None
        return int(probe.getsockname()[1])


@contextmanager
def _alone(folder: Path, host: str, port: int) -> Iterator[None]:
    """One server for an instance: its lock file says which."""
    note = folder / "address"
    try:
        with FileLock(folder / "lock").acquire(timeout=0):
            note.write_text(f"http://{host}:{port}, process {os.getpid()}")
            yield
    except Timeout:
        where = note.read_text() if note.exists() else "another address"
        message = f"{folder.parent} is served already, at {where}; open that one, or end it first"
        raise RefusedError(message) from None


def _children(folder: Path, environ: Mapping[str, str], host: str, port: int) -> list[Child]:
    """The code server first: the others ask it."""
    code = _free_port("127.0.0.1", 0)
    workspace = folder / "workspace.yaml"
    server = {"host": "127.0.0.1", "port": code, "location_name": LOCATION}
    workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}))
    environment = {**environ, "DAGSTER_HOME": str(folder.parent), "PYTHONUNBUFFERED": "1"}
    grpc = ["-m", "dagster", "api", "grpc", "--host", "127.0.0.1", "--port", str(code)]
    commands = {
        "code": [*grpc, "--module-name", "lecture_assets.definitions", "--location-name", LOCATION],
        "webserver": ["-m", "lecture_assets.defs.webserver", "--host", host, "--port", str(port), "--workspace", str(workspace)],
        "daemon": ["-m", "dagster._daemon", "run", "--workspace", str(workspace)],
    }
    return [Child(name, [sys.executable, *command], environment, folder / f"{name}.log") for name, command in commands.items()]


@contextmanager
def _open_log(path: Path) -> Iterator[IO[bytes]]:
    """Go on with the log, or begin a new one where it has grown too long; the old one is kept beside it."""
    if path.exists() and path.stat().st_size > _LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    with path.open("ab") as file:
        yield file


def _end_with_parent() -> None:
    """In the child: it gets a SIGTERM when the supervisor dies, however that dies. Linux only; elsewhere it would be left."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class _Supervisor:
    """Keeps the children running, and ends all together."""

    instance: DagsterInstance
    children: list[Child]
    say: Say

    def run(self, url: str) -> None:
        """Start, say where, watch; at the end everything is down."""
        try:
            with _terminable():
                for child in self.children:
                    child.start()
                self._warm_up()
                self._wait_until_ready(url)
                self.say(
                    f"Dagster UI: {url}\nGraphQL:    {url}/graphql\nLogs:       {self.children[0].log.parent}\nCtrl-C ends it."
                )
                while True:
                    self._look_after()
                    time.sleep(_TICK_S)
        finally:
            self._end()

    def _warm_up(self) -> None:
        """Load the code that runs are forked from now, not when the first of them is waited for."""
        launcher = self.instance.run_launcher
        if isinstance(launcher, ForkingRunLauncher):
            launcher.warm_up()

    def _wait_until_ready(self, url: str) -> None:
        deadline = time.monotonic() + _READY_S
        while time.monotonic() < deadline:
            self._look_after()
            with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(f"{url}/server_info", timeout=5):  # noqa: S310 - http
                return
            time.sleep(_TICK_S)
        self._give_up(next(child for child in self.children if child.name == "webserver"), f"no answer in {_READY_S:.0f} s")

    def _look_after(self) -> None:
        for child in self.children:
            how = child.ended()
            if how is None:
                continue
            child.quick_deaths = child.quick_deaths + 1 if time.monotonic() - child.started < _QUICK_S else 0
            if child.quick_deaths >= _QUICK_DEATHS:
                self._give_up(child, f"it ended {_QUICK_DEATHS} times soon after its start, the last time with {how}")
            self.say(f"the {child.name} ended ({how}) and is started again")
            child.start()

    def _give_up(self, child: Child, why: str) -> None:
        message = f"the {child.name} cannot be kept running: {why}; the end of {child.log}:\n{child.last_words()}"
        raise _ChildFailedError(message)

    def _end(self) -> None:
        """The daemon first, so that it starts no more runs; then the runs, whose lectures stay queued; then the rest."""
        *others, daemon = self.children
        try:
            daemon.send(signal.SIGTERM)
            self._end_runs()
            for child in others:
                child.send(signal.SIGTERM)
            _wait(lambda: all(child.ended() is not None for child in self.children), _CHILDREN_S)
        finally:
            for child in self.children:
                child.send(signal.SIGKILL)

    def _end_runs(self) -> None:
        launcher = self.instance.run_launcher
        if isinstance(launcher, ForkingRunLauncher):
            if running := launcher.interrupt_all():
                self.say(f"ending {running} runs: what they made is kept, and they go on with the next `lectures dev`")
                _wait(lambda: not launcher.live_runs(), _RUNS_S)
            launcher.end_server()


class _ChildFailedError(LectureError):
    """A part of the system does not stay up."""

    exit_code = 1


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM is KeyboardInterrupt within: the command line has set that where it runs, a process of its own has not."""
    before = signal.getsignal(signal.SIGTERM)
    if before is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
