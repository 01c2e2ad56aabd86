"""`lectures dev` as a person uses it: one command, one Ctrl-C, and whatever dies is restarted."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from dagster import DagsterInstance

from lecture_assets.defs.host.dev import _Supervisor
from lecture_assets.defs.host.dev_child import Child, Log
from lecture_assets.defs.host.fork_protocol import ask as ask_server
from lecture_assets.defs.host.fork_server_client import ForkServerClient
from lecture_assets.defs.host.instance import EMBEDDED
from lecture_assets.defs.host.service import request_of
from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.defs.dagster_home import brief
from lecture_assets_tests.defs.dev_server import (
    CODE_SERVER,
    DAEMON,
    FORK_SERVER,
    SELECTOR,
    WEBSERVER,
    Dev,
    remaining,
    running,
    until,
)
from lecture_assets_tests.processes import run_command
from lecture_assets_tests.project import ROOT, THOROUGH
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.store.stored_media import put

pytestmark = pytest.mark.slow
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@dataclass(frozen=True)
class Interrupted:
    """A `lectures dev` that received Ctrl-C while a run had a call in flight."""

    home: Path
    code: int
    parts: list[int]
    server: int
    printed: str


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Interrupted:
    """In a home whose path is too long for a socket and not a valid URL unquoted."""
    folder = tmp_path_factory.mktemp("dev") / "Why is the sky blue? 100%41 #1" / ("ä" * 60)
    folder.mkdir(parents=True)
    home = folder / "home"
    with Lectures.open(home_environ(home)) as lectures:
        lectures.create(brief(3, 1), "rain")
        lectures.edit("rain", ["set audience=sailors"])
    with running(home, LECTURES_SIM_LATENCY="5") as dev:
        assert dev.partitions() in ([], ["rain"])  # the definitions are there as soon as it says where it serves
        worker = until(dev.run_worker)
        until(lambda: bought(home))
        server, parts = fork_server(dev), [*dev.parts().values(), worker]
        parts.remove(server)
        code = dev.end(signal.SIGINT)
        return Interrupted(home, code, remaining(parts), server, dev.printed.read_text())


@pytest.fixture(scope="module")
def dev(interrupted: Interrupted) -> Iterator[Dev]:
    """The next `lectures dev` of that home."""
    with running(interrupted.home) as dev:
        yield dev


@pytest.mark.thorough("a run that is interrupted, and its servers, take ten seconds of CPU")
def test_ctrl_c_ends_the_runs_too(interrupted: Interrupted) -> None:
    assert interrupted.code == 130
    assert not interrupted.parts
    until(lambda: not remaining([interrupted.server]), 5)  # it hears of its end with its next tick
    assert "ending 1 run once calls in flight have completed" in interrupted.printed
    assert "Traceback" not in interrupted.printed


@pytest.mark.thorough("starts `lectures dev` twice")
def test_the_next_server_continues_the_runs_that_ctrl_c_ended(dev: Dev) -> None:
    with Lectures.open(home_environ(dev.home)) as lectures:
        until(lambda: statuses(lectures) == {"fresh"}, every=0.5)
    assert len(bought(dev.home)) == len(set(bought(dev.home)))


def listening(pid: int) -> set[str]:
    """The inodes of the TCP sockets that a process listens on."""
    rows = [row.split() for row in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{row[9]}]" for row in rows if row[3] == "0A"}
    open_files = set[str]()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed in the meantime
            open_files.add(str(link.readlink()))
    return inodes & open_files


def test_only_this_user_can_reach_the_code_server_and_only_the_webserver_has_a_port(dev: Dev) -> None:
    until(lambda: len(dev.parts()) == 4)
    assert {name: len(listening(pid)) for name, pid in dev.parts().items() if name != FORK_SERVER} == {
        CODE_SERVER: 0,
        WEBSERVER: 1,
        DAEMON: 0,
    }
    workspace = yaml.safe_load((dev.home / "dagster" / "dev" / "workspace.yaml").read_text())
    code = Path(workspace["load_from"][0]["grpc_server"]["socket"])
    assert code.is_socket()
    assert stat.S_IMODE(code.parent.stat().st_mode) == 0o700


def ask(dev: Dev, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> tuple[int, bytes, str]:
    """Send a request; returns status, body and content type."""
    request = urllib.request.Request(f"{dev.url}{path}", body, dict(headers or {}))  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - the same
            return response.status, response.read(), response.headers.get("Content-Type", "")
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers.get("Content-Type", "")


def lectures(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return run_command(*words, environ={**os.environ, **home_environ(home)})


def test_the_ui_and_graphql_answer_where_it_says(dev: Dev) -> None:
    status, page, kind = ask(dev, "/")
    assert (status, kind.partition(";")[0]) == (200, "text/html")
    assert b"dagster" in page.lower()
    assert dev.graphql("{ version }")["version"].startswith("1.")
    assert "Press Ctrl-C to stop" in dev.printed.read_text()


def test_media_are_served_whole_and_in_parts_and_nothing_else_is(dev: Dev) -> None:
    with Lectures.open(home_environ(dev.home)) as lectures:
        path = f"/lectures/media/{put(lectures.context.artifacts, PNG)}"
    assert ask(dev, path) == (200, PNG, "image/png")
    assert ask(dev, f"{path}/preview")[0] == 404  # it is no picture behind its first bytes
    assert ask(dev, path, {"Range": "bytes=4-11"})[:2] == (206, PNG[4:12])
    assert ask(dev, path, {"Range": f"bytes={len(PNG)}-"})[0] == 416
    for wrong in ("0" * 64, "..%2F..%2Flectures.db", "x" * 64, "a"):
        assert ask(dev, f"/lectures/media/{wrong}")[0] == 404


def test_foreign_web_pages_are_refused_and_programs_are_not(dev: Dev) -> None:
    query = b'{"query": "{ version }"}'
    json_type = {"Content-Type": "application/json"}
    assert ask(dev, "/graphql", {**json_type, "Origin": "https://evil.example"}, query)[0] == 403
    assert ask(dev, "/graphql", {**json_type, "Host": "evil.example"}, query)[0] == 403
    assert ask(dev, "/graphql", {**json_type, "Origin": dev.url}, query)[0] == 200
    assert ask(dev, "/graphql", json_type, query)[0] == 200
    assert ask(dev, "/graphql?query=mutation%7BterminateRun(runId:%22a%22)%7B__typename%7D%7D")[0] == 403
    assert ask(dev, "/graphql?query=%7Bversion%7D")[0] == 200


def test_a_taken_port_is_reported_before_anything_starts(dev: Dev, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = lectures(tmp_path / "home", "dev", "--port", str(port))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"error: --port: found {port}, in use by process {os.getpid()}; allowed:")
    assert "lectures dev --port" in refused.stderr
    assert not (tmp_path / "home" / "dagster").exists()
    assert dev.process.poll() is None


def test_a_home_is_served_once(dev: Dev) -> None:
    refused = lectures(dev.home, "dev", "--port", dev.url.rpartition(":")[2])
    assert refused.returncode == 3
    assert dev.url in refused.stderr
    assert refused.stderr.count("\n") == 1


def code_answers(dev: Dev) -> bool:
    """Whether the code server evaluates a sensor."""
    asked = dev.graphql(
        "mutation($s: SensorSelector!) { sensorDryRun(selectorData: $s, cursor: null) { __typename "
        "... on DryRunInstigationTick { evaluationResult { error { message } } } } }",
        s={**SELECTOR, "sensorName": "free_slots"},
    )["sensorDryRun"]
    return asked["__typename"] == "DryRunInstigationTick" and asked["evaluationResult"]["error"] is None


def least_seconds(dev: Dev, sensor: str) -> int:
    """How many seconds there are at least between two evaluations of a sensor."""
    asked = dev.graphql(
        "query($s: SensorSelector!) { sensorOrError(sensorSelector: $s) { ... on Sensor { minIntervalSeconds } } }",
        s={**SELECTOR, "sensorName": sensor},
    )
    return int(asked["sensorOrError"]["minIntervalSeconds"])


def answers(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except (OSError, AssertionError):
        return False


def kill(dev: Dev, name: str) -> None:
    """Kill a part, and wait for its replacement."""
    killed = until(lambda: dev.part(name))
    os.kill(killed, signal.SIGKILL)
    until(lambda: dev.part(name) not in {None, killed}, 30)


def test_a_killed_webserver_is_restarted(dev: Dev) -> None:
    kill(dev, WEBSERVER)
    until(lambda: answers(lambda: bool(dev.graphql("{ assetNodes { id } }")["assetNodes"])), 30)
    assert "the webserver ended (killed by SIGKILL); restarting it" in dev.printed.read_text()


def test_a_killed_code_server_is_restarted_and_the_webserver_finds_it(dev: Dev) -> None:
    assert code_answers(dev)
    kill(dev, CODE_SERVER)
    until(lambda: answers(lambda: code_answers(dev)), 30)
    assert "the code server ended (killed by SIGKILL); restarting it" in dev.printed.read_text()


def test_a_killed_daemon_is_restarted_and_starts_runs_although_sensors_are_evaluated_rarely(dev: Dev) -> None:
    kill(dev, DAEMON)
    assert least_seconds(dev, "start_regenerations") > 20
    with Lectures.open(home_environ(dev.home)) as lectures:
        lectures.edit("rain", ["set audience=divers"])
        assert statuses(lectures) != {"fresh"}
        until(lambda: statuses(lectures) == {"fresh"}, every=0.5)
    assert "the daemon ended (killed by SIGKILL); restarting it" in dev.printed.read_text()


@pytest.mark.thorough("forks all of `lectures dev` anew")
def test_a_killed_fork_server_is_restarted_with_all_that_was_forked_from_it(dev: Dev) -> None:
    before = set(dev.parts().values())
    kill(dev, FORK_SERVER)
    until(lambda: len(dev.parts()) == 4 and not remaining(before), 30)
    until(lambda: answers(lambda: code_answers(dev)), 30)
    assert "the daemon ended (the fork server is gone); restarting it" in dev.printed.read_text()


@pytest.mark.thorough("Ctrl-C ends all of it by the same way, in the first test")
def test_sigterm_ends_all_of_it(tmp_path: Path) -> None:
    with running(tmp_path / "home") as dev:
        parts = [pid for name, pid in dev.parts().items() if name != FORK_SERVER]
        assert len(parts) == 3
        assert dev.end(signal.SIGTERM) == 143
        assert not remaining(parts)
        assert "Traceback" not in dev.printed.read_text()


def fork_server(dev: Dev) -> int:
    """The fork server's process id."""
    return int(ask_server(dev.workers, {"ask": "ping"}, 30)["pid"])


def end_twice(dev: Dev, parts: Iterable[int]) -> None:
    """Press Ctrl-C twice while the code server hangs."""
    os.kill(until(lambda: dev.part(CODE_SERVER)), signal.SIGSTOP)
    dev.process.send_signal(signal.SIGINT)
    until(lambda: dev.part(WEBSERVER) is None, 30)
    assert dev.process.poll() is None
    assert dev.end(signal.SIGINT) == 130
    until(lambda: not remaining(parts), 5)  # what it killed last may die a moment after it
    until(lambda: not answers(lambda: bool(fork_server(dev))), 20)  # it hears of its end with its next tick


def statuses(lectures: Lectures) -> set[str]:
    nodes: Any = lectures.status("rain")["nodes"]
    return {node["status"] for node in nodes}


def bought(home: Path) -> list[str]:
    journal = home / "simulated" / "journal.jsonl"
    return [json.loads(line)["key"] for line in journal.read_text().splitlines()] if journal.exists() else []


def die() -> None:
    """What a broken part does."""
    print("no such table")  # noqa: T201 - into its log
    raise SystemExit(3)


def stay() -> None:
    """What a part does."""
    signal.pause()


def parts_of(folder: Path, server: ForkServerClient) -> list[Child]:
    """A broken code server and two parts that work."""
    parts = []
    for name, main in {"code server": "die", "webserver": "stay", "daemon": "stay"}.items():
        log = Log(folder / f"{name}.log")
        request = request_of("lectures-part", f"{__name__}:{main}", [], dict(os.environ), str(log.path))
        parts.append(Child(name, request, server, log))
    return parts


def test_a_child_that_worked_before_it_kept_ending_is_restarted_until_it_works_again(tmp_path: Path) -> None:
    """Somebody saved a half-written definition: the pages and the runs stay, and the code server returns once it is complete."""
    said: list[str] = []
    parts = parts_of(tmp_path, ForkServerClient(tmp_path / "workers", list))
    code_server = parts[0]
    code_server.log.path.write_text("no such table\n")
    with DagsterInstance.local_temp(str(tmp_path), {"telemetry": {"enabled": False}}) as instance:
        supervisor = _Supervisor(instance, parts, tmp_path / "code", "127.0.0.1", 1, said.append, verbose=False)
        code_server.started = time.monotonic() - 60
        supervisor._count(code_server, "exit code 3")
        pauses = []
        for _ in range(12):
            code_server.started = ended = time.monotonic()
            supervisor._count(code_server, "exit code 3")
            assert code_server.start_again_at is not None
            pauses.append(round(code_server.start_again_at - ended))
    assert pauses == sorted(pauses)
    assert pauses[0] == 0
    assert pauses[-1] == 15
    assert len(said) == 6
    assert said[-1].startswith("no such table\nthe code server keeps ending (exit code 3); trying until it runs")


@pytest.mark.thorough("a child is started five times")
def test_a_child_that_keeps_ending_at_once_is_given_up_with_the_end_of_its_log(tmp_path: Path) -> None:
    said: list[str] = []
    server = ForkServerClient(tmp_path / "workers", list)
    parts = parts_of(tmp_path, server)
    with (
        DagsterInstance.local_temp(str(tmp_path), {"telemetry": {"enabled": False}}) as instance,
        pytest.raises(LectureError) as error,
    ):
        _Supervisor(instance, parts, tmp_path / "code", "127.0.0.1", 1, said.append, verbose=False).run()
    assert error.value.exit_code == 1
    assert str(error.value).startswith("the code server cannot be kept running: it ended 5 times shortly after starting")
    assert said.count("the code server ended (exit code 3); restarting it") == 4
    assert said[-1].splitlines()[-1] == "no such table"
    assert not any(part.is_running() for part in parts)
    server.end()


def test_the_files_at_the_root_are_those_of_the_package() -> None:
    assert (ROOT / "dagster.yaml").read_bytes() == EMBEDDED.read_bytes()


@pytest.mark.parametrize("command", [["dagster", "definitions", "validate"], *([["dg", "check", "defs"]] if THOROUGH else [])])
def test_dagsters_own_checks_pass_at_the_root(tmp_path: Path, command: list[str]) -> None:
    program = Path(sys.executable).with_name(command[0])
    environ = {**os.environ, **home_environ(tmp_path), "DAGSTER_HOME": str(tmp_path)}
    done = subprocess.run(
        [program, *command[1:]], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_second_ctrl_c_does_not_wait_for_a_hanging_child_and_leaves_nothing(dev: Dev) -> None:
    """The last test of this server, which is dead afterwards."""
    parts = dev.parts().values()
    assert len(parts) == 4
    end_twice(dev, parts)
