"""Dagster's own `dagster dev` at a clone's root also serves the lectures, with and without DAGSTER_HOME, but no media."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.defs.host.instance import EMBEDDED
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.project import ROOT
from lecture_assets_tests.servers.homes import home_environ

pytestmark = pytest.mark.slow
ASKED = """{
  workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename ... on PythonError { message } } } } }
  instance { runLauncher { name } }
}"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def ask(port: int) -> Any:
    """The data of the answer; None until there is one."""
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request("POST", "/graphql", json.dumps({"query": ASKED}), {"Content-Type": "application/json"})
            return json.load(connection.getresponse())["data"]
    except (OSError, http.client.HTTPException):
        return None


@contextmanager
def dagster_dev(environ: Mapping[str, str], output: Path) -> Iterator[int]:
    """Run it and yield its port; ends it by a Ctrl-C that reaches all of its processes, as in a terminal."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("dagster")), "dev", "--port", str(port)]
    with output.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environ),
            stdout=file,
            stderr=file,
            start_new_session=True,
            preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - it takes no lock
        )
    try:
        yield port
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def hear_ctrl_c() -> None:
    """Reset SIGINT: a shell's background jobs ignore it, and so would processes started by tests in one."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.thorough("Dagster's own checks load the location with the settings of the root (test_dev)")
@pytest.mark.parametrize("has_home", [True, False])
def test_dagster_dev_loads_the_lectures_with_the_settings_of_the_root(tmp_path: Path, has_home: bool) -> None:  # noqa: FBT001 - a row of the table
    environ = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"} | home_environ(tmp_path)
    if has_home:
        shutil.copyfile(EMBEDDED, tmp_path / "dagster.yaml")
        environ["DAGSTER_HOME"] = str(tmp_path)
    with dagster_dev(environ, tmp_path / "printed") as port:
        answer = until(lambda: ask(port), 90)
    (location,) = answer["workspaceOrError"]["locationEntries"]
    assert location["locationOrLoadError"] == {"__typename": "RepositoryLocation"}
    assert answer["instance"]["runLauncher"]["name"] == "ForkingRunLauncher"
