"""A server of the API on loopback, over a home of its own on either engine, and clients of it."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gql import Client, GraphQLRequest
from gql.transport.httpx import HTTPXTransport
from gql.transport.websockets import WebsocketsTransport
from starlette.applications import Starlette

from lecture_assets.api.event_stream import EventStreams
from lecture_assets.api.progress import ProgressSource
from lecture_assets.api.server import ApiServer, api_app, server_config
from lecture_assets.ports import Provider
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets_tests.defs.host.http_request import HttpAnswer, ask
from lecture_assets_tests.scenarios.quick_vendor import Mood, QuickProvider
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.store.engines import new_database

BRIEF = {
    "prompt": "Explain rain.",
    "notes": "The sun warms the sea and water rises as vapour.\n\nHigh up it cools, and drops fall on the mountains.",
    "duration": 10,
    "segmentLength": 5,
    "numSegments": 2,
    "imagesPerSegment": 1,
}
JSON = {"Content-Type": "application/json"}
LOUD = "... on Problem { code message }"


@dataclass(frozen=True, slots=True)
class ServedApi:
    """A server, and the lectures behind it."""

    port: int
    lectures: Lectures

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    def execute(self, text: str, /, **variables: Any) -> dict[str, Any]:
        """What a stranger's client makes of an operation; TransportQueryError for errors."""
        with Client(transport=HTTPXTransport(url=self.url, timeout=60, verify=False)) as session:
            found: dict[str, Any] = session.execute(GraphQLRequest(text, variable_values=variables))
        return found

    def post(self, body: Any, **headers: str) -> HttpAnswer:
        """The answer as it is sent."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return ask(self.port, "POST", "/graphql", {**JSON, **headers}, content)

    def data(self, text: str, /, **variables: Any) -> dict[str, Any]:
        """The same as `execute`, without a client that takes its time: for many requests at once."""
        found = json.loads(self.post({"query": text, "variables": variables}).body)
        assert "errors" not in found, found
        return dict(found["data"])

    def errors(self, text: str, /, **variables: Any) -> list[dict[str, Any]]:
        """The errors that an operation is answered with."""
        found: list[dict[str, Any]] = json.loads(self.post({"query": text, "variables": variables}).body).get("errors", [])
        return found

    def socket(self) -> Client:
        """A client over graphql-transport-ws."""
        url = self.url.replace("http", "ws", 1)
        return Client(transport=WebsocketsTransport(url=url, subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL]))

    def create(self, name: str = "rain", **brief: Any) -> None:
        """Create a lecture."""
        text = "mutation($brief: LectureBriefInput!, $id: ID) { createLecture(brief: $brief, id: $id) { __typename } }"
        made = self.execute(text, brief={**BRIEF, **brief}, id=name)["createLecture"]
        assert made == {"__typename": "LectureCreated"}

    def make(self, name: str = "rain") -> None:
        """Regenerate a lecture here, as a worker would."""
        assert not self.lectures.regenerate(name)["failed"]


def open_lectures(home: Path, engine: str, **environ: str) -> Lectures:
    """Lectures of a home, whose vendor takes no time."""
    given = home_environ(home, **environ)
    if engine == "postgresql" and "LECTURES_DATABASE_URL" not in given:
        given["LECTURES_DATABASE_URL"] = new_database(engine, home).render_as_string(hide_password=False)
    plain = Lectures.open(given)

    def open_providers() -> Mapping[str, Provider]:
        return {"simulated": QuickProvider(home / "simulated", Mood())}

    return Lectures(replace(plain.context, open_providers=open_providers))


@contextmanager
def serving_app(app: Any) -> Iterator[int]:
    """Serve an application on a port of loopback."""
    state = app.state if isinstance(app, Starlette) else None
    streams = getattr(state, "streams", None) or EventStreams()
    server = ApiServer(server_config(app, "127.0.0.1", 0), streams)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def serving(home: Path, engine: str = "sqlite", source: ProgressSource | None = None, **environ: str) -> Iterator[ServedApi]:
    """Serve a new home. source: of what can be subscribed to, if another than its own progress."""
    with (
        open_lectures(home, engine, **environ) as lectures,
        ProgressHub(lectures.context.database) as hub,
        serving_app(api_app(lectures, "127.0.0.1", source or hub)) as port,
    ):
        yield ServedApi(port, lectures)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; AssertionError if it takes a minute."""
    pause = threading.Event()
    for _ in range(6_000):
        if is_so():
            return
        pause.wait(0.01)
    message = "it is still not so"
    raise AssertionError(message)
