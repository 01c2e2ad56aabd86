"""`lectures dev` as a person has it: one command, one Ctrl-C, and what dies is there again."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lecture_assets.defs.instance import EMBEDDED
from lecture_assets.store.artifacts import Artifacts
from lecture_assets_tests.defs.dev_server import Dev, children, running, until
from lecture_assets_tests.project import ROOT

pytestmark = pytest.mark.slow
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    with running(tmp_path_factory.mktemp("dev") / "home") as dev:
        yield dev


def ask(dev: Dev, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> tuple[int, bytes, str]:
    """Status, body and content type."""
    request = urllib.request.Request(f"{dev.url}{path}", body, dict(headers or {}))  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - the same
            return response.status, response.read(), response.headers.get("Content-Type", "")
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers.get("Content-Type", "")


def lectures(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "lecture_assets.cli", *words]
    environ = {**os.environ, "LECTURES_HOME": str(home)}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)


def test_the_ui_and_graphql_answer_where_it_says(dev: Dev) -> None:
    status, page, kind = ask(dev, "/")
    assert (status, kind.partition(";")[0]) == (200, "text/html")
    assert b"dagster" in page.lower()
    assert dev.graphql("{ version }")["version"].startswith("1.")
    assert "Ctrl-C ends it" in dev.printed.read_text()


def test_media_are_served_whole_and_in_parts_and_nothing_else_is(dev: Dev) -> None:
    artifacts = Artifacts(dev.home / "artifacts")
    file = artifacts.workspace() / "picture"
    file.write_bytes(PNG)
    path = f"/lectures/media/{artifacts.adopt(file)}"
    assert ask(dev, path) == (200, PNG, "image/png")
    assert ask(dev, path, {"Range": "bytes=4-11"})[:2] == (206, PNG[4:12])
    assert ask(dev, path, {"Range": f"bytes={len(PNG)}-"})[0] == 416
    for wrong in ("0" * 64, "..%2F..%2Flectures.db", "x" * 64, "a"):
        assert ask(dev, f"/lectures/media/{wrong}")[0] == 404


def test_web_pages_from_elsewhere_are_refused_and_programs_are_not(dev: Dev) -> None:
    query = b'{"query": "{ version }"}'
    json_type = {"Content-Type": "application/json"}
    assert ask(dev, "/graphql", {**json_type, "Origin": "https://evil.example"}, query)[0] == 403
    assert ask(dev, "/graphql", {**json_type, "Host": "evil.example"}, query)[0] == 403
    assert ask(dev, "/graphql", {**json_type, "Origin": dev.url}, query)[0] == 200
    assert ask(dev, "/graphql", json_type, query)[0] == 200
    assert ask(dev, "/graphql?query=mutation%7BterminateRun(runId:%22a%22)%7B__typename%7D%7D")[0] == 403
    assert ask(dev, "/graphql?query=%7Bversion%7D")[0] == 200


def test_a_port_that_is_taken_is_said_before_anything_starts(dev: Dev, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = lectures(tmp_path / "home", "dev", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 2
    assert refused.stderr.startswith("error: --port: found")
    assert "lectures dev --port" in refused.stderr
    assert not (tmp_path / "home" / "dagster").exists()
    assert dev.process.poll() is None


def test_a_home_is_served_once(dev: Dev) -> None:
    refused = lectures(dev.home, "dev", "--port", "0")
    assert refused.returncode == 3
    assert dev.url in refused.stderr
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("word", ["lecture_assets.defs.webserver", "dagster._daemon", "grpc"])
def test_a_part_that_is_killed_is_there_again(dev: Dev, word: str) -> None:
    killed = until(lambda: dev.child(word))
    os.kill(killed, signal.SIGKILL)
    until(lambda: dev.child(word) not in {None, killed}, 30)

    def answers() -> bool:
        try:
            return bool(dev.graphql("{ assetNodes { id } }")["assetNodes"])
        except (OSError, AssertionError):
            return False

    until(answers, 30)
    assert "killed by SIGKILL" in dev.printed.read_text()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_one_signal_ends_all_of_it(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with running(tmp_path / "home") as dev:
        parts = children(dev.process.pid)
        assert len(parts) >= 3
        assert dev.end(number) == code
        assert not [pid for pid in parts if Path(f"/proc/{pid}").exists()]
        assert "Traceback" not in dev.printed.read_text()


def test_its_parts_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    with running(tmp_path / "home") as dev:
        parts = children(dev.process.pid)
        dev.process.kill()
        dev.process.wait()
        until(lambda: not [pid for pid in parts if Path(f"/proc/{pid}").exists()], 15)


def test_the_files_at_the_root_are_those_of_the_package() -> None:
    assert (ROOT / "dagster.yaml").read_bytes() == EMBEDDED.read_bytes()


@pytest.mark.parametrize("command", [["dagster", "definitions", "validate"], ["dg", "check", "defs"]])
def test_dagsters_own_checks_pass_at_the_root(tmp_path: Path, command: list[str]) -> None:
    program = Path(sys.executable).with_name(command[0])
    environ = {**os.environ, "LECTURES_HOME": str(tmp_path), "DAGSTER_HOME": str(tmp_path)}
    done = subprocess.run(
        [program, *command[1:]], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
