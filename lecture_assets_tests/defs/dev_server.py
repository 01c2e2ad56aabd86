"""Runs `lectures dev` in a process of its own, for tests and benchmarks: starts it, queries it, kills its children."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lecture_assets.defs.host.run_worker import live_runs
from lecture_assets_tests.servers.homes import home_environ

LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchRun(executionParams: $params) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}"""
SELECTOR = {"repositoryName": "__repository__", "repositoryLocationName": "lecture_assets"}
CODE_SERVER, WEBSERVER, DAEMON, FORK_SERVER = "lectures-code", "lectures-web", "lectures-daemon", "lectures-forks"
PARTS = (CODE_SERVER, WEBSERVER, DAEMON, FORK_SERVER)
_START_S, _WAIT_S = 90.0, 60.0


def until(condition: Callable[[], Any], seconds: float = _WAIT_S, every: float = 0.05) -> Any:
    """Poll a condition every `every` seconds and return its first truthy result; AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (said := condition()):
        assert time.monotonic() < deadline, f"still waiting after {seconds} s"
        time.sleep(every)
    return said


@dataclass
class Dev:
    """A running `lectures dev`."""

    process: "subprocess.Popen[bytes]"
    home: Path
    url: str
    printed: Path

    def graphql(self, query: str, **variables: Any) -> Any:
        """Run a query and return its data; AssertionError if there are errors."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, {"Content-Type": "application/json"})  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - the same
            answer = json.load(response)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def launch(self, lecture: str, config: Mapping[str, Any] | None = None) -> str:
        """Launch a run of the job, as a product's backend would; returns its id."""
        tags = [{"key": "dagster/partition", "value": lecture}]
        params = {
            "selector": {**SELECTOR, "jobName": "regenerate_lecture"},
            "runConfigData": {"ops": {"regenerate": {"config": config or {}}}},
            "executionMetadata": {"tags": tags},
        }
        launched = self.graphql(LAUNCH, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def status(self, run_id: str) -> str:
        """A run's status."""
        asked = self.graphql("query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }", id=run_id)
        return str(asked["runOrError"]["status"])

    def partitions(self) -> list[str]:
        """The lectures that have a partition in Dagster."""
        asked = self.graphql(
            "query($s: PipelineSelector!) { pipelineOrError(params: $s) { ... on Pipeline { partitionKeysOrError "
            "{ partitionKeys } } } }",
            s={**SELECTOR, "pipelineName": "regenerate_lecture"},
        )
        return list(asked["pipelineOrError"]["partitionKeysOrError"]["partitionKeys"])

    @property
    def workers(self) -> Path:
        """The run launcher's folder."""
        return self.home / "dagster" / "workers"

    def run_worker(self) -> int | None:
        """The process id of a live run worker, if any."""
        for run_id in live_runs(self.workers):
            with suppress(OSError, ValueError, IndexError):  # it is locked first, and written into then
                return int((self.workers / f"{run_id}.lock").read_text().split()[0])
        return None

    def part(self, name: str) -> int | None:
        """The process id of a part by its name: CODE_SERVER, WEBSERVER, DAEMON or FORK_SERVER."""
        return self.parts().get(name)

    def parts(self) -> dict[str, int]:
        """The process ids of the living parts, by name."""
        return {name: pid for pid in _processes(f"LECTURES_HOME={self.home}") if (name := _name(pid)) in PARTS}

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal as a terminal does; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


def _processes(variable: str) -> Iterator[int]:
    """The living processes that were started with this variable, or forked from one that was."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if variable.encode() in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)


def _name(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def remaining(parts: Iterable[int]) -> list[int]:
    """The processes that are still alive; zombies do not count."""
    return [pid for pid in parts if _state(pid) not in {None, "Z"}]


def _state(pid: int) -> str | None:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return None


@contextmanager
def running(home: Path, *options: str, **variables: str) -> Iterator[Dev]:
    """Run `lectures dev` for a home on a free port; yields once it answers, ends it afterwards."""
    home.mkdir(exist_ok=True)
    printed = home / "dev.printed"
    environ = {**os.environ, **home_environ(home), "LECTURES_SIM_LATENCY": "0", "NO_COLOR": "1", **variables}
    environ.pop("DAGSTER_HOME", None)
    with printed.open("wb") as output:
        command = [sys.executable, "-m", "lecture_assets.cli", "dev", "--port", "0", *options]
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=output, start_new_session=True)
    try:
        until(lambda: "Dagster UI: " in printed.read_text() or process.poll() is not None, _START_S)
        assert process.poll() is None, printed.read_text()
        line = next(line for line in printed.read_text().splitlines() if "Dagster UI: " in line)
        yield Dev(process, home, line.partition("Dagster UI: ")[2].strip(), printed)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
