"""The processes of the compose file, started natively with their commands: a lecture is made and an edit regenerated."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from lecture_assets_tests.processes import run_command
from lecture_assets_tests.servers.compose import Deployment, deployment
from lecture_assets_tests.servers.postgres import postgres_server
from lecture_assets_tests.servers.s3 import s3_server

pytestmark = [pytest.mark.slow, pytest.mark.thorough("seven servers and processes take two minutes")]
BRIEF = "prompt: Explain the rain\nduration: 6\nsegment_length: 3\naspect_ratio: '1:1'\n"
LAUNCH = """mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) { __typename
  ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """All services, healthy."""
    with ExitStack() as servers:
        postgres, s3 = servers.enter_context(postgres_server()), servers.enter_context(s3_server())
        folder = tmp_path_factory.mktemp("deployed")
        found = servers.enter_context(deployment(folder, postgres, s3, LECTURES_PROVIDERS="simulated"))
        found.start()
        yield found


def lectures(deployed: Deployment, *words: str) -> Any:
    """The document of a command with the environment of the services."""
    done = run_command(*words, "--json", environ=deployed.environ, cwd=deployed.folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def graphql(deployed: Deployment, query: str, **variables: Any) -> Any:
    document = {"query": query, "variables": variables}
    answer = httpx.post(f"{deployed.url}/graphql", json=document, timeout=60, trust_env=False)
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


def launch(deployed: Deployment, job: str, config: Any, **tags: str) -> None:
    selector = {"repositoryLocationName": "lecture_assets", "repositoryName": "__repository__", "jobName": job}
    metadata = {"tags": [{"key": key, "value": value} for key, value in tags.items()]}
    params = {"selector": selector, "runConfigData": config, "executionMetadata": metadata}
    assert graphql(deployed, LAUNCH, params=params)["launchRun"]["__typename"] == "LaunchRunSuccess"


def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(2)


def is_made(deployed: Deployment, version: int) -> bool:
    status = lectures(deployed, "status", "rain")
    return status["version"] == version and all(node["status"] == "fresh" for node in status["nodes"])


def test_a_lecture_is_made_an_edit_is_regenerated_and_everything_agrees(deployed: Deployment) -> None:
    (deployed.folder / "rain.yaml").write_text(BRIEF)
    lectures(deployed, "create", "rain.yaml", "--id", "rain")
    launch(deployed, "regenerate_lecture", {}, **{"dagster/partition": "rain"})
    until(lambda: is_made(deployed, 1))
    config = {"ops": {"edit": {"config": {"edits": ["set image_style=ink drawing"]}}}}
    launch(deployed, "edit_lecture", config, **{"dagster/partition": "rain"})
    until(lambda: is_made(deployed, 2))
    until(lambda: lectures(deployed, "doctor")["ok"])
    assert lectures(deployed, "db", "check")["ok"]


def ready(deployed: Deployment) -> dict[str, str]:
    answer: dict[str, str] = httpx.get(f"{deployed.url}/lectures/ready", timeout=60, trust_env=False).json()
    return answer


def test_a_webserver_that_started_without_a_code_server_finds_it_once_it_is_there(deployed: Deployment) -> None:
    """Dagster does so itself from 1.13.27 on; before, the location stayed broken until somebody reloaded it (dagster#32216)."""
    code, webserver = deployed.services["code"], deployed.services["webserver"]
    code.end()
    webserver.end()
    webserver.start()
    until(lambda: "code server" in asked(deployed).get("code", ""))
    code.start()
    until(lambda: set(asked(deployed).values()) == {"ok"})


def asked(deployed: Deployment) -> dict[str, str]:
    """What the webserver says of its readiness; nothing while it does not listen."""
    try:
        return ready(deployed)
    except httpx.TransportError:
        return {}
