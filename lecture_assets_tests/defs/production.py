"""A production set-up on this machine: each process by its own command, with a home and an instance folder of its own.

PostgreSQL for the store and for Dagster, code server, daemon, webserver, worker services. They share the database, the artifacts
and nothing else.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from dagster import DagsterInstance
from sqlalchemy import URL

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.waiting import is_any_waiting
from lecture_assets_tests.defs.dagster_home import environment
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.defs.workers import production_settings
from lecture_assets_tests.servers.postgres import execute, free_port

_START_S = 120.0
_LOCATION = "lecture_assets"


@dataclass
class Production:
    """The running processes, by name."""

    folder: Path
    environ: Mapping[str, str]
    settings: Mapping[str, Any]
    instance: DagsterInstance
    lectures: Lectures
    code_port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> "subprocess.Popen[bytes]":
        """Start a process with folders of its own; what it prints is in `printed`."""
        own = self.folder / name
        environ = place(own, self.settings) | {"PYTHONUNBUFFERED": "1"}
        with self.printed(name).open("wb") as output:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                env={**os.environ, **self.environ, **environ},
                stdout=output,
                stderr=output,
                cwd=own,
                start_new_session=True,
            )
        return self.processes[name]

    def printed(self, name: str) -> Path:
        return self.folder / f"{name}.printed"

    def said(self, name: str, words: str) -> bool:
        """Whether a process has printed these words; AssertionError if it has ended."""
        printed = self.printed(name).read_text()
        assert self.processes[name].poll() is None, printed
        return words in printed

    def start_code_server(self) -> None:
        """`dagster api grpc`, on a port of loopback."""
        where = ("-h", "127.0.0.1", "-p", str(self.code_port))
        self.start("code", "dagster", "api", "grpc", *where, "-m", "lecture_assets.definitions", "--location-name", _LOCATION)
        until(lambda: self.said("code", "Started Dagster code server"), _START_S)

    @property
    def workspace(self) -> str:
        server = {"host": "127.0.0.1", "port": self.code_port, "location_name": _LOCATION}
        file = self.folder / "workspace.yaml"
        file.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}))
        return str(file)

    def start_daemon(self) -> None:
        """Dagster's own; returns once it has evaluated the sensor that starts runs."""
        self.start("daemon", "dagster._daemon", "run", "-w", self.workspace)
        until(lambda: self.said("daemon", "start_regenerations skipped"), _START_S)

    def start_webserver(self) -> None:
        """Ours; returns once it is ready."""
        self.start("web", "lecture_assets.cli", "webserver", "--port", str(self.web_port), "-w", self.workspace)
        until(lambda: self.ready()[0] == http.client.OK, _START_S)

    def ready(self) -> tuple[int, Any]:
        """What the readiness route answers: status and document; 0 if nobody does."""
        with suppress(OSError), closing(http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=30)) as asked:
            asked.request("GET", "/lectures/ready")
            answer = asked.getresponse()
            return answer.status, json.loads(answer.read())
        return 0, None

    def graphql(self, query: str, **variables: Any) -> Any:
        """Run a query and return its data."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.web_port}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - the same
            return json.load(response)["data"]

    def start_worker(self, name: str = "worker", *options: str) -> None:
        """A worker service; returns once it takes runs."""
        self.start(name, "lecture_assets.cli", "worker", *options)
        until(lambda: self.said(name, "taking runs"), _START_S)

    def journal(self) -> list[dict[str, Any]]:
        """The calls that the simulated vendors had."""
        file = self.folder / "journal.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def is_idle(self) -> bool:
        """Whether no lecture waits or is made, and all runs have ended."""
        with self.lectures.context.database.read() as connection:
            waits = is_any_waiting(connection)
        return not waits and all(run.is_finished for run in self.instance.get_runs(limit=20))

    def kill(self, name: str) -> None:
        """Kill a process, as a machine that is switched off does."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def place(own: Path, settings: Mapping[str, Any]) -> dict[str, str]:
    """Folders for one process, as on a machine of its own, and the variables that name them."""
    dagster = own / "dagster"
    dagster.mkdir(parents=True)
    (dagster / "dagster.yaml").write_text(yaml.safe_dump(dict(settings)))
    return {"LECTURES_HOME": str(own / "home"), "DAGSTER_HOME": str(dagster)}


@contextmanager
def production(
    server: URL, settings: Callable[[URL], Mapping[str, Any]] = production_settings, **variables: str
) -> Iterator[Production]:
    """The databases of a production set-up, open here; its processes are started by whoever asked, and killed at the end.

    settings: returns what `dagster.yaml` says, given Dagster's database
    """
    names = [f"{part}_{uuid4().hex}" for part in ("store", "dagster")]
    execute(server, *(f"CREATE DATABASE {name} STRATEGY FILE_COPY" for name in names))
    store, dagster = (server.set(database=name) for name in names)
    with tempfile.TemporaryDirectory(prefix="lectures-production-", ignore_cleanup_errors=True) as root:
        folder = Path(root)
        environ = {
            "LECTURES_DATABASE_URL": store.render_as_string(hide_password=False),
            "LECTURES_ARTIFACTS": str(folder / "artifacts"),
            "LECTURES_SIM_JOURNAL": str(folder / "journal.jsonl"),
            "LECTURES_SIM_LATENCY": "0",
            **variables,
        }
        written = settings(dagster)
        own = place(folder / "here", written)
        with environment(**environ, **own), DagsterInstance.get() as instance, Lectures.open(os.environ) as lectures:
            running = Production(folder, environ, written, instance, lectures)
            try:
                yield running
            finally:
                for process in list(running.processes):
                    running.kill(process)
