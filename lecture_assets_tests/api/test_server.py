"""`lectures serve` is a process without Dagster; several of them serve one database; it ends when it is told to."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from sqlalchemy import update

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.schema import import_items
from lecture_assets_tests.api.serving import JSON
from lecture_assets_tests.api.test_events import events, stream
from lecture_assets_tests.defs.host.http_request import ask
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.servers.postgres import free_port

pytestmark = pytest.mark.slow
CREATE = {"query": 'mutation { createLecture(brief: {prompt: "Explain rain."}, id: "rain") { __typename } }'}
READ = {"query": '{ lecture(id: "rain") { id eventsUrl } }'}
_PATIENCE_S = 60.0
WITHOUT_DAGSTER = """
import sys
from lecture_assets.api import server
from lecture_assets.api.schema import api_schema
from lecture_assets.cli.serve_commands import serve
from lecture_assets.defs.host import dev_port
api_schema()
print([name for name in sys.modules if name.partition(".")[0].startswith("dagster")])
"""


def test_nothing_of_it_loads_dagster() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_DAGSTER], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@contextmanager
def serving(home: Path, *, is_killed: bool = False) -> Iterator[int]:
    """The command, until it is told to end, or killed."""
    port = free_port()
    command = [sys.executable, "-m", "lecture_assets.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env={"PATH": "", **home_environ(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            try:
                if ask(port, "GET", "/lectures/ready").status == 200:
                    break
            except OSError:
                time.sleep(0.05)
        yield port
        if is_killed:
            process.kill()
            process.communicate()
            return
        process.send_signal(signal.SIGTERM)
        _, words = process.communicate(timeout=_PATIENCE_S)
        assert (process.returncode, words) == (0, b"")
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_copies_serve_one_home_and_end_when_told(tmp_path: Path) -> None:
    with ExitStack() as one_ends, serving(tmp_path) as other:
        one = one_ends.enter_context(serving(tmp_path))
        answer = json.loads(ask(one, "POST", "/graphql", JSON, json.dumps(CREATE).encode()).body)
        assert answer["data"] == {"createLecture": {"__typename": "LectureCreated"}}
        answer = json.loads(ask(other, "POST", "/graphql", JSON, json.dumps(READ).encode()).body)
        assert answer["data"] == {"lecture": {"id": "rain", "eventsUrl": ANY}}
        with stream(one, answer["data"]["lecture"]["eventsUrl"]) as response:  # a URL of the other copy
            assert next(events(response))["event"] == "revision"
            one_ends.close()
            assert response.read() == b""


@pytest.mark.thorough("two servers; test_background_import.py kills importers")
def test_a_killed_server_s_imports_are_carried_on_by_the_next(tmp_path: Path) -> None:
    words = '{lecture: {title: "Rain", segments: [{narration: "Rain falls from clouds."}]}}'
    text = f"mutation {{ importLectures(lectures: [{words * 8}]) {{ ... on LectureImportQueued {{ import {{ id }} }} }} }}"
    with serving(tmp_path, is_killed=True) as port:
        job = graphql(port, text)["importLectures"]["import"]["id"]
        until_imported(port, job, 1)
    with Lectures.open(home_environ(tmp_path)) as lectures, lectures.context.database.write() as connection:
        connection.execute(update(import_items).values(claimed_until=0.0))  # as if the dead server's claim were over
    with serving(tmp_path) as port:
        assert until_imported(port, job, 8) == {"waiting": 0, "imported": 8, "failed": 0}
        assert len(graphql(port, "{ lectures(first: 100) { items { id } } }")["lectures"]["items"]) == 8


def graphql(port: int, text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask(port, "POST", "/graphql", JSON, json.dumps({"query": text}).encode()).body)["data"]
    return found


def until_imported(port: int, job: str, number: int) -> dict[str, int]:
    """How far the job is once so many lectures are imported."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        found: dict[str, int] = graphql(port, f'{{ lectureImport(id: "{job}") {{ waiting imported failed }} }}')["lectureImport"]
        if found["imported"] >= number:
            return found
        time.sleep(0.02)
    return {}
