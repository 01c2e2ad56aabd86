"""`lectures dev`: Dagster's webserver, daemon and code server, kept running as one. Serves nothing and starts no run itself.

supervisor ─┬─ code server ◄── webserver, daemon          a child that ends is started again
            ├─ webserver                                   the supervisor's end is theirs
            ├─ daemon
            └─ (the launcher's) fork server ── run workers: told to end at Ctrl-C, each lecture stays queued
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
from lecture_assets.defs.host.dev_heartbeat import SILENCE_S, Pulse
from lecture_assets.defs.host.dev_port import free_port
from lecture_assets.defs.host.dev_socket import socket_folder
from lecture_assets.defs.host.instance import dagster_home, open_instance
from lecture_assets.defs.host.launcher import ForkingRunLauncher
from lecture_assets.graph.errors import Fault, LectureError, RefusedError, WrongInputError
from lecture_assets.store.private import private_folder

LOCATION = "lecture_assets"
"""The name of the code location, as in workspace.yaml."""
_FOLDER = "dev"
"""What the supervisor keeps for itself in the instance's folder. Not `logs`: Dagster moves a folder of that name away."""
_TICK_S = 0.2
_READY_S = 120.0
_RUNS_S = 660.0
"""How long runs may take to end: a call that is out is waited for, as long as its vendor may take to answer."""
_CHILDREN_S = 8.0
_KILLED_S = 5.0
_QUICK_DEATHS, _QUICK_S = 5, 10.0
"""A part that ended so often in a row, each time this soon after its start, does not work."""
_PAUSE_S = 0.25
"""Before the start after one quick death; twice as long after each further one."""

Say = Callable[[str], None]


def serve(environ: Mapping[str, str], host: str, port: int, say: Say, *, verbose: bool = False) -> None:
    """Serve until Ctrl-C (KeyboardInterrupt), or until a child cannot be kept running (LectureError).

    WrongInputError where the port is taken or the instance cannot be opened, RefusedError where this home is served already.
    Port 0 means any that is free. verbose: say all that the children write.
    """
    folder = dagster_home(environ) / _FOLDER
    if folder.exists():
        with _alone(folder):
            pass  # that this home is served already explains a taken port best
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
        instance.run_launcher  # noqa: B018 - it is loaded late, and is wrong as easily as the rest
        private_folder(home / _FOLDER, "address", "lock")
    except (OSError, ValueError, yaml.YAMLError, DagsterError, check.CheckError) as error:
        found = f"{str(home)!r} ({' '.join(str(error).split())[:200]})"
        raise WrongInputError(
            [Fault("DAGSTER_HOME", found, "a folder to write to; its dagster.yaml, if any, a valid one")]
        ) from error
    with instance:
        yield instance


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One server for an instance: its lock is held, and a note says where it is."""
    note = folder / "address"
    try:
        with FileLock(folder / "lock").acquire(timeout=0):
            yield
    except Timeout:
        where = note.read_text() if note.exists() else "another address"
        message = f"{folder.parent} is served already, at {where}; open that one, or end it first"
        raise RefusedError(message) from None


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _children(folder: Path, code: Path, environ: Mapping[str, str], host: str, port: int) -> list[Child]:
    """Code server, webserver, daemon. The others ask the first one by its socket, so that it may be another process each time."""
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
    """Keeps the children running, and ends all together. Where runs are launched some other way, they are left alone."""

    instance: DagsterInstance
    children: list[Child]
    host: str
    port: int
    say: Say
    verbose: bool

    def __post_init__(self) -> None:
        """The thread is there from the beginning, so that the end need not know whether it was started."""
        launcher = self.instance.run_launcher
        self.launcher = launcher if isinstance(launcher, ForkingRunLauncher) else None
        self.warming = threading.Thread(target=self._warm_up, daemon=True)
        self.is_ending = False

    def run(self) -> None:
        """Start, say where, watch; at the end everything is down.

        The daemon and what runs are forked from wait until the UI answers: on two cores that is 3.2 s from the start, not 4.8.
        """
        code_server, webserver, daemon = self.children
        try:
            with _terminable():
                code_server.start()
                webserver.start()
                self._wait_until_ready(webserver)
                daemon.start()
                self._say_where()
                self.warming.start()
                self._watch(daemon, Pulse(self.instance))
        finally:
            self._end()

    def _say_where(self) -> None:
        url = f"http://{_in_url(self.host)}:{self.port}"
        logs = self.children[0].log.path.parent
        self.say(f"Dagster UI: {url}\nGraphQL:    {url}/graphql\nLogs:       {logs}\nCtrl-C ends it.")

    def _warm_up(self) -> None:
        """Load the code that runs are forked from now, not when the first of them is waited for.

        In a thread: the children are looked after meanwhile, and Ctrl-C leaves no server that is just starting.
        """
        try:
            if self.launcher:
                self.launcher.warm_up()
        except DagsterError as error:
            if not self.is_ending:
                self.say(f"no run can be started: {error}")

    def _wait_until_ready(self, webserver: Child) -> None:
        deadline = time.monotonic() + _READY_S
        while not self._answers():
            self._look_after()
            if time.monotonic() > deadline:
                self._give_up(webserver, f"no answer in {_READY_S:.0f} s")
            time.sleep(_TICK_S / 4)

    def _answers(self) -> bool:
        """Whether the webserver does. Asked directly: a proxy that the environment names knows nothing of it."""
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection(self.host, self.port, timeout=5)) as asked,
        ):
            asked.request("GET", "/server_info")
            return asked.getresponse().status == http.HTTPStatus.OK
        return False

    def _watch(self, daemon: Child, pulse: Pulse) -> None:
        while True:
            self._look_after()
            if pulse.is_lost(daemon.started):
                self.say(f"the daemon hangs: a thread of it has sent no heartbeat for {SILENCE_S:.0f} s")
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
        """Take note of a death: the child is started again, the later the more often it died at once."""
        now = time.monotonic()
        child.quick_deaths = child.quick_deaths + 1 if now - child.started < _QUICK_S else 0
        if child.quick_deaths >= _QUICK_DEATHS:
            self._give_up(child, f"it ended {_QUICK_DEATHS} times soon after its start, the last time with {how}")
        child.start_again_at = now + (_PAUSE_S * 2 ** (child.quick_deaths - 1) if child.quick_deaths else 0)
        self.say(f"the {child.name} ended ({how}) and is started again")

    def _give_up(self, child: Child, why: str) -> None:
        self.say(child.log.last_words())
        message = f"the {child.name} cannot be kept running: {why}; above are its last words, more are in {child.log.path}"
        raise _ChildFailedError(message)

    def _end(self) -> None:
        """All that starts runs first; then the runs, whose lectures stay queued. Another Ctrl-C meanwhile kills at once."""
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
        """Whether no child runs and no fork server is just starting, which could not be told to end."""
        return not any(child.is_running() for child in self.children) and not self.warming.is_alive()

    def _end_runs(self, launcher: ForkingRunLauncher) -> None:
        if running := launcher.interrupt_all():
            self.say(
                f"ending {running} run{'s' * (running > 1)}: what is made is kept, calls that are out come in first (Ctrl-C "
                "again gives them up), and the next `lectures dev` goes on from there"
            )
            _wait(lambda: not launcher.live_runs(), _RUNS_S)


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
