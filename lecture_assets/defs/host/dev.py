"""`lectures dev`: supervises Dagster's webserver, daemon and code server, which serve and start runs.

supervisor ── (the launcher's) fork server ─┬─ code server ◄── webserver, daemon     a child that ends is restarted
                                            ├─ webserver                              children end with the supervisor
                                            ├─ daemon
                                            └─ run workers: interrupted at Ctrl-C, their lectures stay queued

All are forked from one process that loads Dagster once: they are up sooner, and share most of their memory.
"""

import http.client
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import yaml
from dagster import DagsterInstance

from lecture_assets.defs.host.dev_child import Child, ChildFailedError, Log
from lecture_assets.defs.host.dev_heartbeat import SILENCE_S, Heartbeats
from lecture_assets.defs.host.dev_home import alone, serving
from lecture_assets.defs.host.dev_port import free_port
from lecture_assets.defs.host.dev_socket import socket_folder
from lecture_assets.defs.host.fork_server_client import ForkServerClient
from lecture_assets.defs.host.instance import dagster_home
from lecture_assets.defs.host.launcher import ForkingRunLauncher
from lecture_assets.defs.host.service import request_of
from lecture_assets.defs.sensor_pace import is_rare, pace_of

LOCATION = "lecture_assets"
"""The code location's name, as in workspace.yaml."""
_FOLDER = "dev"
"""The supervisor's own folder in the instance's. Not `logs`: Dagster moves a folder of that name away."""
_PROCESSES = {"code server": "lectures-code", "webserver": "lectures-web", "daemon": "lectures-daemon"}
_TICK_S, _LOG_S = 0.2, 1.0
"""How long something may go unnoticed while children start, or everything that they write is shown; a warning otherwise."""
_READY_S = 120.0
_RUNS_S = 660.0
"""How long runs may take to end: they wait for calls in flight, as long as a vendor may take to answer."""
_CHILDREN_S = 8.0
_KILLED_S = 5.0
_QUICK_ENDS, _QUICK_S = 5, 10.0
"""A child that ends this many times in a row, each time this soon after its start, is considered broken.

If it ever worked, the cause may be mended while the others serve: code that somebody is writing, a full disk.
"""
_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 15.0
"""The pause before restarting after one quick end, doubled after each further one, and the longest pause."""

Say = Callable[[str], None]


def serve(environ: Mapping[str, str], host: str, port: int, say: Say, *, verbose: bool = False) -> None:
    """Serve until Ctrl-C (KeyboardInterrupt), or until a child cannot be kept running (LectureError).

    WrongInputError if the port is taken or the instance cannot be opened, RefusedError if this home is already being served.

    port:    0 means any free port
    verbose: show everything that the children write
    """
    folder = dagster_home(environ) / _FOLDER
    if folder.exists():
        with alone(folder):
            pass  # a home that is already being served is the best explanation of a taken port
    port = free_port(host, port)
    with serving(environ, folder) as (server, instance), socket_folder(folder) as private:
        (folder / "address").write_text(f"http://{_in_url(host)}:{port}, process {os.getpid()}")
        children = _children(folder, server, private / "code", {**environ, **pace_of(os.environ)}, host, port)
        _Supervisor(instance, children, private / "code", host, port, say, verbose).run()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _children(  # noqa: PLR0913, PLR0917 - what all three need
    folder: Path, server: ForkServerClient, code: Path, environ: Mapping[str, str], host: str, port: int
) -> list[Child]:
    """Code server, webserver, daemon. The last two reach the code server by its socket, so that it can be restarted."""
    workspace = folder / "workspace.yaml"
    workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": {"socket": str(code), "location_name": LOCATION}}]}))
    environment = {**environ, "DAGSTER_HOME": str(folder.parent), "PYTHONUNBUFFERED": "1"}
    location = ["--module-name", "lecture_assets.definitions", "--location-name", LOCATION]
    mains = {
        "code server": ("dagster._cli:main", ["api", "grpc", "--socket", str(code), *location]),
        "webserver": (
            "lecture_assets.defs.host.webserver:main",
            ["--host", host, "--port", str(port), "--workspace", str(workspace)],
        ),
        "daemon": (
            ("lecture_assets.defs.dev_daemon:main", ["--workspace", str(workspace)])
            if is_rare(environ)
            else ("dagster._daemon.cli:main", ["run", "--workspace", str(workspace)])
        ),
    }
    children = []
    for name, (main, arguments) in mains.items():
        log = Log(folder / f"{name.partition(' ')[0]}.log")
        request = request_of(_PROCESSES[name], main, arguments, environment, str(log.path))
        children.append(Child(name, request, server, log))
    return children


@dataclass
class _Supervisor:
    """Keeps the children running, and ends them together. Runs of other launchers are left alone.

    code: the code server's socket
    """

    instance: DagsterInstance
    children: list[Child]
    code: Path
    host: str
    port: int
    say: Say
    verbose: bool

    def __post_init__(self) -> None:
        """Find the launcher whose runs end with this."""
        launcher = self.instance.run_launcher
        self.launcher = launcher if isinstance(launcher, ForkingRunLauncher) else None

    def run(self) -> None:
        """Start the children, announce the address, watch; everything is shut down at the end.

        The webserver starts once the code server listens: else it would show no definitions for its first seconds. The daemon
        starts after the UI answers, which is then up sooner.
        """
        code_server, webserver, daemon = self.children
        try:
            with _terminable():
                self._start(code_server)
                self._wait_until_ready(code_server, self._code_is_served)
                self._start(webserver)
                self._wait_until_ready(webserver, self._answers)
                self._start(daemon)
                self._announce()
                self._watch(daemon, Heartbeats(self.instance))
        finally:
            self._end()

    def _announce(self) -> None:
        url = f"http://{_in_url(self.host)}:{self.port}"
        logs = self.children[0].log.path.parent
        self.say(f"Dagster UI: {url}\nGraphQL:    {url}/graphql\nLogs:       {logs}\nPress Ctrl-C to stop.")

    def _start(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:
            message = f"the {child.name} cannot be started: {error}"
            raise ChildFailedError(message) from error

    def _wait_until_ready(self, child: Child, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _READY_S
        while not is_ready():
            self._look_after()
            if time.monotonic() > deadline:
                self._give_up(child, f"no answer in {_READY_S:.0f} s")
            time.sleep(_TICK_S / 4)

    def _code_is_served(self) -> bool:
        """Whether the code server has loaded the definitions: it listens then."""
        with suppress(OSError), closing(socket.socket(socket.AF_UNIX)) as asked:
            asked.connect(str(self.code))
            return True
        return False

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
            self._pause()

    def _pause(self) -> None:
        """Wait until a child ends, is to be started again, or may have written something."""
        running = [child.service for child in self.children if child.service is not None]
        due = [child.start_again_at for child in self.children if child.start_again_at is not None]
        seconds = min([_TICK_S if self.verbose else _LOG_S, *(at - time.monotonic() for at in due)])
        select.select(running, [], [], max(seconds, 0.0))

    def _look_after(self) -> None:
        for child in self.children:
            for line in child.log.new_lines() if self.verbose else child.log.warnings():
                self.say(f"{child.name}: {line}")
            if how := child.ended():
                self._count(child, how)
            if child.start_again_at is not None and time.monotonic() >= child.start_again_at:
                self._start(child)

    def _count(self, child: Child, how: str) -> None:
        """Record that a child ended and schedule its restart: the more quick ends in a row, the later."""
        now = time.monotonic()
        is_quick = now - child.started < _QUICK_S
        child.quick_ends = child.quick_ends + 1 if is_quick else 0
        child.has_worked = child.has_worked or not is_quick
        pause = min(_PAUSE_S * 2 ** (child.quick_ends - 1), _LONGEST_PAUSE_S) if child.quick_ends else 0
        child.start_again_at = now + pause
        if child.quick_ends < _QUICK_ENDS:
            self.say(f"the {child.name} ended ({how}); restarting it")
        elif not child.has_worked:
            self._give_up(child, f"it ended {_QUICK_ENDS} times shortly after starting, the last time with {how}")
        elif child.quick_ends == _QUICK_ENDS:
            self.say(f"{child.log.tail()}\nthe {child.name} keeps ending ({how}); trying until it runs. Its last output is above")

    def _give_up(self, child: Child, why: str) -> None:
        self.say(child.log.tail())
        message = f"the {child.name} cannot be kept running: {why}; its last output is above, the rest in {child.log.path}"
        raise ChildFailedError(message)

    def _end(self) -> None:
        """End what starts runs, then the runs, whose lectures stay queued. Another Ctrl-C meanwhile kills everything at once."""
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

    def _is_over(self) -> bool:
        """Whether no child is running."""
        return not any(child.is_running() for child in self.children)

    def _end_runs(self, launcher: ForkingRunLauncher) -> None:
        if running := launcher.interrupt_all():
            self.say(
                f"ending {running} run{'s' * (running > 1)} once calls in flight have completed (Ctrl-C again abandons them); "
                "what was made is kept, and the next `lectures dev` continues from there"
            )
            _wait(lambda: not launcher.live_runs(), _RUNS_S)


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
