"""`lectures dev`: supervises Dagster's webserver, daemon and code server, which serve and start runs.

supervisor ─┬─ code server ◄── webserver, daemon          a child that ends is restarted
            ├─ webserver                                   children end with the supervisor
            ├─ daemon
            └─ (the launcher's) fork server ── run workers: interrupted at Ctrl-C, their lectures stay queued
"""

import http.client
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import yaml
from dagster import DagsterError, DagsterInstance
from dagster import _check as check
from filelock import FileLock, Timeout

from lecture_assets.defs.host.dev_child import Child, Log
from lecture_assets.defs.host.dev_heartbeat import SILENCE_S, Heartbeats
from lecture_assets.defs.host.dev_port import free_port
from lecture_assets.defs.host.dev_socket import socket_folder
from lecture_assets.defs.host.instance import dagster_home, open_instance
from lecture_assets.defs.host.launcher import ForkingRunLauncher
from lecture_assets.graph.errors import Fault, LectureError, RefusedError, WrongInputError
from lecture_assets.store.private import private_folder

LOCATION = "lecture_assets"
"""The code location's name, as in workspace.yaml."""
_FOLDER = "dev"
"""The supervisor's own folder in the instance's. Not `logs`: Dagster moves a folder of that name away."""
_TICK_S = 0.2
_READY_S = 120.0
_RUNS_S = 660.0
"""How long runs may take to end: they wait for calls in flight, as long as a vendor may take to answer."""
_CHILDREN_S = 8.0
_KILLED_S = 5.0
_QUICK_ENDS, _QUICK_S = 5, 10.0
"""A child that ends this many times in a row, each time this soon after its start, is considered broken."""
_PAUSE_S = 0.25
"""The pause before restarting after one quick end; doubled after each further one."""

Say = Callable[[str], None]


def serve(environ: Mapping[str, str], host: str, port: int, say: Say, *, verbose: bool = False) -> None:
    """Serve until Ctrl-C (KeyboardInterrupt), or until a child cannot be kept running (LectureError).

    WrongInputError if the port is taken or the instance cannot be opened, RefusedError if this home is already being served.

    port:    0 means any free port
    verbose: show everything that the children write
    """
    folder = dagster_home(environ) / _FOLDER
    if folder.exists():
        with _alone(folder):
            pass  # a home that is already being served is the best explanation of a taken port
    port = free_port(host, port)
    with _opened(environ) as instance, _alone(folder), socket_folder(folder) as private:
        (folder / "address").write_text(f"http://{_in_url(host)}:{port}, process {os.getpid()}")
        children = _children(folder, private / "code", environ, host, port)
        _Supervisor(instance, children, host, port, say, verbose).run()


@contextmanager
def _opened(environ: Mapping[str, str]) -> Iterator[DagsterInstance]:
    home = dagster_home(environ)
    try:
        instance = open_instance(environ)
        instance.run_launcher  # noqa: B018 - it is loaded lazily, and its settings may be wrong too
        private_folder(home / _FOLDER, "address", "lock")
    except (OSError, ValueError, yaml.YAMLError, DagsterError, check.CheckError) as error:
        found = f"{str(home)!r} ({' '.join(str(error).split())[:200]})"
        raise WrongInputError(
            [Fault("DAGSTER_HOME", found, "a writable folder; its dagster.yaml, if it has one, must be valid")]
        ) from error
    with instance:
        yield instance


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the instance's lock, so that it has one server; a file records the server's address."""
    note = folder / "address"
    try:
        with FileLock(folder / "lock").acquire(timeout=0):
            yield
    except Timeout:
        where = note.read_text() if note.exists() else "another address"
        message = f"{folder.parent} is already being served, at {where}; open that address, or end that server first"
        raise RefusedError(message) from None


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _children(folder: Path, code: Path, environ: Mapping[str, str], host: str, port: int) -> list[Child]:
    """Code server, webserver, daemon. The last two reach the code server by its socket, so that it can be restarted."""
    workspace = folder / "workspace.yaml"
    server = {"socket": str(code), "location_name": LOCATION}
    workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}))
    environment = {**environ, "DAGSTER_HOME": str(folder.parent), "PYTHONUNBUFFERED": "1"}
    grpc = ["-m", "dagster", "api", "grpc", "--socket", str(code)]
    commands = {
        "code server": [*grpc, "--module-name", "lecture_assets.definitions", "--location-name", LOCATION],
        "webserver": [
            "-m",
            "lecture_assets.defs.host.webserver",
            "--host",
            host,
            "--port",
            str(port),
            "--workspace",
            str(workspace),
        ],
        "daemon": ["-m", "dagster._daemon", "run", "--workspace", str(workspace)],
    }
    return [
        Child(name, [sys.executable, *command], environment, Log(folder / f"{name.partition(' ')[0]}.log"))
        for name, command in commands.items()
    ]


@dataclass
class _Supervisor:
    """Keeps the children running, and ends them together. Runs of other launchers are left alone."""

    instance: DagsterInstance
    children: list[Child]
    host: str
    port: int
    say: Say
    verbose: bool

    def __post_init__(self) -> None:
        """Create the warm-up thread, so that shutdown need not know whether it was started."""
        launcher = self.instance.run_launcher
        self.launcher = launcher if isinstance(launcher, ForkingRunLauncher) else None
        self.warming = threading.Thread(target=self._warm_up, daemon=True)
        self.is_ending = False

    def run(self) -> None:
        """Start the children, announce the address, watch; everything is shut down at the end.

        The daemon and the fork server start after the UI answers: on two cores the UI is then up in 3.2 s instead of 4.8 s.
        """
        code_server, webserver, daemon = self.children
        try:
            with _terminable():
                code_server.start()
                webserver.start()
                self._wait_until_ready(webserver)
                daemon.start()
                self._announce()
                self.warming.start()
                self._watch(daemon, Heartbeats(self.instance))
        finally:
            self._end()

    def _announce(self) -> None:
        url = f"http://{_in_url(self.host)}:{self.port}"
        logs = self.children[0].log.path.parent
        self.say(f"Dagster UI: {url}\nGraphQL:    {url}/graphql\nLogs:       {logs}\nPress Ctrl-C to stop.")

    def _warm_up(self) -> None:
        """Load the code that runs are forked from now, rather than when the first run starts.

        In a thread, so that the children are supervised meanwhile and Ctrl-C leaves no half-started server behind.
        """
        try:
            if self.launcher:
                self.launcher.warm_up()
        except DagsterError as error:
            if not self.is_ending:
                self.say(f"runs cannot be started: {error}")

    def _wait_until_ready(self, webserver: Child) -> None:
        deadline = time.monotonic() + _READY_S
        while not self._answers():
            self._look_after()
            if time.monotonic() > deadline:
                self._give_up(webserver, f"no answer in {_READY_S:.0f} s")
            time.sleep(_TICK_S / 4)

    def _answers(self) -> bool:
        """Whether the webserver answers. Bypasses any proxy in the environment, which could not reach it."""
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection(self.host, self.port, timeout=5)) as asked,
        ):
            asked.request("GET", "/server_info")
            return asked.getresponse().status == http.HTTPStatus.OK
        return False

    def _watch(self, daemon: Child, heartbeats: Heartbeats) -> None:
        while True:
            self._look_after()
            if heartbeats.is_lost(daemon.started):
                self.say(f"the daemon hangs: one of its threads has sent no heartbeat for {SILENCE_S:.0f} s; restarting it")
                daemon.send(signal.SIGKILL)
            time.sleep(_TICK_S)

    def _look_after(self) -> None:
        for child in self.children:
            for line in child.log.new_lines() if self.verbose else child.log.warnings():
                self.say(f"{child.name}: {line}")
            if how := child.ended():
                self._count(child, how)
            if child.start_again_at is not None and time.monotonic() >= child.start_again_at:
                child.start()

    def _count(self, child: Child, how: str) -> None:
        """Record that a child ended and schedule its restart: the more quick ends in a row, the later."""
        now = time.monotonic()
        child.quick_ends = child.quick_ends + 1 if now - child.started < _QUICK_S else 0
        if child.quick_ends >= _QUICK_ENDS:
            self._give_up(child, f"it ended {_QUICK_ENDS} times shortly after starting, the last time with {how}")
        child.start_again_at = now + (_PAUSE_S * 2 ** (child.quick_ends - 1) if child.quick_ends else 0)
        self.say(f"the {child.name} ended ({how}); restarting it")

    def _give_up(self, child: Child, why: str) -> None:
        self.say(child.log.tail())
        message = f"the {child.name} cannot be kept running: {why}; its last output is above, the rest in {child.log.path}"
        raise _ChildFailedError(message)

    def _end(self) -> None:
        """End what starts runs, then the runs, whose lectures stay queued. Another Ctrl-C meanwhile kills everything at once."""
        self.is_ending = True
        try:
            for child in self.children:
                child.send(signal.SIGTERM)
            if self.launcher:
                self._end_runs(self.launcher)
            _wait(self._is_over, _CHILDREN_S)
        finally:
            for child in self.children:
                child.send(signal.SIGKILL)
            if self.launcher:
                self.launcher.kill_all()
            _wait(self._is_over, _KILLED_S)
            if self.launcher:
                self.launcher.end_server()

    def _is_over(self) -> bool:
        """Whether no child is running and no fork server is just starting, which could not be asked to end."""
        return not any(child.is_running() for child in self.children) and not self.warming.is_alive()

    def _end_runs(self, launcher: ForkingRunLauncher) -> None:
        if running := launcher.interrupt_all():
            self.say(
                f"ending {running} run{'s' * (running > 1)} once calls in flight have completed (Ctrl-C again abandons them); "
                "what was made is kept, and the next `lectures dev` continues from there"
            )
            _wait(lambda: not launcher.live_runs(), _RUNS_S)


class _ChildFailedError(LectureError):
    """A child process that cannot be kept running."""

    exit_code = 1


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)


@contextmanager
def _terminable() -> Iterator[None]:
    """Raise KeyboardInterrupt on SIGTERM, unless the command line has already installed a handler."""
    before = signal.getsignal(signal.SIGTERM)
    if before is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
