"""The founding plan's scenarios, played by clients over HTTP and a WebSocket alone: gql, the generated one, graphql-ws in node.

Always against the application on SQLite, with a worker in this process. With `LECTURES_THOROUGH=1` also against `lectures dev`,
`lectures serve` beside it, and `lectures serve` with `lectures worker`, on SQLite and on PostgreSQL with S3.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from lecture_assets_tests.api.serving import serving
from lecture_assets_tests.clients.gql_driver import GqlDriver
from lecture_assets_tests.clients.node_driver import told_by_node
from lecture_assets_tests.clients.npm import HAS_NODE, WITHOUT_NODE
from lecture_assets_tests.clients.python_driver import PythonDriver
from lecture_assets_tests.clients.serving import serve_process, working
from lecture_assets_tests.clients.story import check, told_by
from lecture_assets_tests.defs.dev_server import running
from lecture_assets_tests.defs.production import production
from lecture_assets_tests.project import ROOT, THOROUGH
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.servers.s3 import BUCKET, s3_server
from lecture_assets_tests.store.engines import ENGINES, new_database, server

pytestmark = pytest.mark.slow
CLIENTS: Mapping[str, Callable[[str, str], Awaitable[dict[str, Any]]]] = {
    "gql": lambda url, lecture: told_by(GqlDriver(url, lecture), lecture),
    "generated": lambda url, lecture: told_by(PythonDriver(url, lecture), lecture),
    "graphql-ws": told_by_node,
}
EXAMPLE_URL = "http://127.0.0.1:8000/graphql"
_LONG_S = 300


def play(url: str, lecture: str, client: str) -> None:
    """Play the story by one client."""

    async def played() -> dict[str, Any]:
        async with asyncio.timeout(_LONG_S):
            return await CLIENTS[client](url, lecture)

    if client == "graphql-ws" and not HAS_NODE:
        pytest.skip(WITHOUT_NODE)
    check(asyncio.run(played()))


@pytest.fixture(scope="module", params=ENGINES if THOROUGH else ENGINES[:1])
def quick(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application, with a worker."""
    with serving(tmp_path_factory.mktemp("quick") / "home", request.param) as served, working(served.lectures):
        yield served.url


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_that_others_wrote_plays_the_scenarios(quick: str, client: str) -> None:
    play(quick, client, client)


def test_the_example_of_the_page_runs(quick: str) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "clients.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example.count(EXAMPLE_URL) == 1
    environ = {"PATH": "", "PYTHONPATH": str(ROOT / "docs" / "clients" / "python")}
    program = [sys.executable, "-c", example.replace(EXAMPLE_URL, quick)]
    done = subprocess.run(program, env=environ, capture_output=True, text=True, timeout=_LONG_S, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith("assembler:timeline MADE 0")


@pytest.fixture(scope="module", params=ENGINES)
def beside_dev(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """`lectures dev` and `lectures serve` of one home: their endpoints by name."""
    home = tmp_path_factory.mktemp("beside") / "home"
    with ExitStack() as stack:
        more = {}
        if request.param == "postgresql":
            url = new_database("postgresql", home.parent).render_as_string(hide_password=False)
            more = {
                **stack.enter_context(s3_server()),
                "LECTURES_ARTIFACTS": f"s3://{BUCKET}/beside",
                "LECTURES_DATABASE_URL": url,
            }
        dev = stack.enter_context(running(home, **more))
        serve = stack.enter_context(serve_process({**home_environ(home), **more}))
        yield {"dev": f"{dev.url}/graphql", "serve": serve.url}


@pytest.mark.thorough("starts `lectures dev`, whose workers make real media")
@pytest.mark.parametrize("endpoint", ["dev", "serve"])
@pytest.mark.parametrize("client", CLIENTS)
def test_the_scenarios_are_played_against_dev_and_serve(beside_dev: Mapping[str, str], endpoint: str, client: str) -> None:
    play(beside_dev[endpoint], f"{endpoint}-{client}", client)


@pytest.fixture(scope="module")
def produced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`lectures serve` of a production set-up on PostgreSQL and S3, where `lectures worker` makes what is queued."""
    folder: Path = tmp_path_factory.mktemp("produced")
    with ExitStack() as stack:
        s3: dict[str, Any] = {**stack.enter_context(s3_server()), "LECTURES_ARTIFACTS": f"s3://{BUCKET}/produced"}
        production_set_up = stack.enter_context(production(server(), **s3))
        production_set_up.start_code_server()
        production_set_up.start_daemon()
        production_set_up.start_worker()
        yield stack.enter_context(serve_process({**production_set_up.environ, "LECTURES_HOME": str(folder)})).url


@pytest.mark.thorough("starts a production set-up, whose workers make real media")
@pytest.mark.parametrize("client", CLIENTS)
def test_the_scenarios_are_played_in_production(produced: str, client: str) -> None:
    play(produced, client, client)
