"""Media are served as players request them, and requests that a foreign page could send are refused. Runs no code server."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import uvicorn
from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from websockets import Subprotocol
from websockets.asyncio.client import connect

from lecture_assets.api.guard import MOST_BYTES, is_loopback
from lecture_assets.api.media_files import media_type
from lecture_assets.briefs.brief import Brief
from lecture_assets.defs.host.webserver import LecturesWebserver
from lecture_assets.runner.change.access_tokens import create_token
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets_tests.defs.host.http_request import HttpAnswer, ask
from lecture_assets_tests.servers.homes import home_environ

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
MUTATION = 'mutation { terminateRun(runId: "a") { __typename } }'
JSON = {"Content-Type": "application/json"}
VERSION = json.dumps({"query": "{ version }"}).encode()
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "graphql-ws",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A webserver that listens on loopback, whatever address it was told it is bound to."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> HttpAnswer:
        return ask(self.port, method, path, headers, body)

    def get(self, path: str, **headers: str) -> HttpAnswer:
        return self.ask("GET", path, headers)

    def post(self, headers: Mapping[str, str]) -> HttpAnswer:
        return self.ask("POST", "/graphql", {**JSON, **headers}, VERSION)


@pytest.fixture(scope="module")
def lectures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lectures]:
    with Lectures.open(home_environ(tmp_path_factory.mktemp("home"))) as lectures:
        yield lectures


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkspaceProcessContext]:
    folder = str(tmp_path_factory.mktemp("instance"))
    with (
        DagsterInstance.local_temp(folder, {"telemetry": {"enabled": False}}) as instance,
        WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as context,
    ):
        yield context


@contextmanager
def serving(context: WorkspaceProcessContext, lectures: Lectures, host: str, media_url: str = "") -> Iterator[Served]:
    with ProgressHub(lectures.context.database) as hub, socket.create_server(("127.0.0.1", 0)) as listener:
        app: Any = LecturesWebserver(context, replace(lectures.context, media_url=media_url), host, hub).create_asgi_app()
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield Served(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def served(context: WorkspaceProcessContext, lectures: Lectures) -> Iterator[Served]:
    with serving(context, lectures, "127.0.0.1") as served:
        yield served


@pytest.fixture(scope="module")
def png(lectures: Lectures) -> str:
    artifacts = lectures.context.artifacts
    file = artifacts.workspace() / "file"
    file.write_bytes(PNG)
    return f"/lectures/media/{artifacts.adopt(file)}"


@pytest.mark.slow
def test_a_medium_is_served_inline_with_its_type_and_cached_forever(served: Served, png: str) -> None:
    answer = served.get(png)
    assert (answer.status, answer.body) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]


def test_head_says_how_long_a_medium_is_and_sends_none_of_it(served: Served, png: str) -> None:
    answer = served.ask("HEAD", png)
    assert (answer.status, answer.body, int(answer.headers["content-length"])) == (200, b"", len(PNG))


@pytest.mark.parametrize(
    ("asked", "part"), [("bytes=4-11", PNG[4:12]), ("bytes=2000-", PNG[2000:]), ("bytes=-5", PNG[-5:]), ("bytes=0-0", PNG[:1])]
)
def test_a_player_gets_the_range_that_it_seeks(served: Served, png: str, asked: str, part: bytes) -> None:
    answer = served.get(png, Range=asked)
    assert (answer.status, answer.body) == (206, part)
    assert answer.headers["content-range"].endswith(f"/{len(PNG)}")


def test_a_range_beyond_the_end_is_not_satisfiable(served: Served, png: str) -> None:
    assert served.get(png, Range=f"bytes={len(PNG)}-").status == 416


def test_a_medium_that_a_browser_has_cached_is_not_sent_again(served: Served, png: str) -> None:
    answer = served.get(png, If_None_Match=served.get(png).headers["etag"])
    assert (answer.status, answer.body) == (304, b"")
    assert served.get(png, If_None_Match='"another"').status == 200


@pytest.mark.parametrize(
    "name", ["0" * 64, "X" * 64, "a", "..%2F..%2Flectures.db", "%2Fetc%2Fpasswd", "%00" * 64, "0" * 64 + "/preview"]
)
def test_anything_but_a_medium_is_not_found_whatever_its_name(served: Served, name: str) -> None:
    answer = served.get(f"/lectures/media/{name}")
    assert answer.status == 404
    assert answer.body.count(b"\n") == 1 or answer.body == b"Not Found"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"<svg onload='alert(1)'>", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_a_type_is_recognized_by_the_first_bytes_and_html_is_not_recognized(tmp_path: Path, head: bytes, name: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(head)
    assert media_type(file) == name


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:PORT"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[half"}, 403),
        ({"Host": "localhost:PORT", "Origin": "http://localhost:PORT"}, 200),
        ({"Host": "[::1]:PORT"}, 200),
        ({"Host": "evil.example:PORT"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "[half"}, 403),
        ({"Host": ""}, 403),
    ],
)
def test_a_post_passes_from_its_own_pages_and_from_programs(served: Served, headers: Mapping[str, str], status: int) -> None:
    answer = served.post({name: value.replace("PORT", str(served.port)) for name, value in headers.items()})
    assert answer.status == status
    assert status == 200 or answer.body.startswith(b"refused: ")


@pytest.mark.parametrize("path", ["/report_asset_materialization/a", "/report_asset_observation/a", "/report_asset_check/a"])
def test_the_other_routes_are_closed_to_foreign_pages_too(served: Served, path: str) -> None:
    assert served.ask("POST", path, {"Origin": "https://evil.example"}).status == 403


def test_get_accepts_a_query_but_no_mutation(served: Served) -> None:
    refused = served.get(f"/graphql?query={quote(MUTATION)}")
    assert (refused.status, refused.body) == (403, b"refused: a mutation must be sent by POST\n")
    hidden = f"query A {{ version }} {MUTATION.replace('mutation', 'mutation B')}"
    assert served.get(f"/graphql?query={quote(hidden)}&operationName=B").status == 403
    assert "version" in json.loads(served.get(f"/graphql?query={quote('{ version }')}").body)["data"]


PAGE = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
SCRIPT = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
VERSION_BY_GET = "/graphql?query=%7Bversion%7D"


@pytest.mark.parametrize(
    ("site", "what", "path", "status"),
    [
        ("same-origin", SCRIPT, VERSION_BY_GET, 200),
        ("none", PAGE, VERSION_BY_GET, 200),
        ("cross-site", SCRIPT, VERSION_BY_GET, 403),
        ("same-site", SCRIPT, VERSION_BY_GET, 403),
        ("cross-site", PAGE, VERSION_BY_GET, 403),
        ("Cross-Site", {}, VERSION_BY_GET, 403),
        ("cross-site", PAGE, "/server_info", 200),
        ("cross-site", {**PAGE, "Sec-Fetch-Dest": "iframe"}, "/server_info", 403),
        ("same-site", SCRIPT, "/lectures/media/" + "0" * 64, 403),
        ("same-site", SCRIPT, "/lectures/timeline/a/0123456789abcdef/film.mp4", 403),
        ("same-origin", SCRIPT, "/lectures/timeline/a/0123456789abcdef/film.mp4", 404),
    ],
)
def test_a_foreign_page_may_link_to_the_ui_but_not_send_it_requests(
    served: Served, site: str, what: Mapping[str, str], path: str, status: int
) -> None:
    assert served.ask("GET", path, {"Sec-Fetch-Site": site, **what}).status == status


@pytest.mark.slow
def test_pages_of_another_server_may_show_media_where_links_lead_here(
    context: WorkspaceProcessContext, lectures: Lectures, png: str
) -> None:
    shown = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    with serving(context, lectures, "127.0.0.1", "https://lectures.example.com") as served:
        assert served.ask("GET", png, shown).status == 200
        assert served.ask("GET", png, {**shown, "Sec-Fetch-Mode": "cors"}).status == 403
        assert served.ask("GET", png, {**shown, "Sec-Fetch-Dest": "script"}).status == 403
        assert served.ask("GET", "/server_info", shown).status == 403


def test_headers_of_browsers_are_checked_in_posts_and_websockets_too(served: Served) -> None:
    assert served.post({"Sec-Fetch-Site": "same-site"}).status == 403
    assert served.post({"Sec-Fetch-Site": "same-origin", "Origin": served.url}).status == 200
    assert served.ask("GET", "/graphql", {**UPGRADE, "Sec-Fetch-Site": "cross-site"}).status == 403


def aliases(number: int) -> str:
    return "{" + " ".join(f"a{name}: version" for name in range(number)) + "}"


MULTIPLYING = (
    "{...f0}"
    + "".join(f"fragment f{n} on Query {{...f{n + 1} ...f{n + 1}}}" for n in range(60))
    + "fragment f60 on Query {version}"
)
TOO_MUCH = {
    "aliases": (aliases(300), "300 fields at its root"),
    "fragments that multiply": (MULTIPLYING, "fields at its root"),
    "a fragment within itself": ("{...f} fragment f on Query {version ...f}", "fields"),
    "aliases within": ("{x {" + "a:b " * 7_000 + "}}", "tokens"),
    "a deep query": ("{a" * 60 + "}" * 60, "one within another"),
    "a query deeper than Python": ("{a" * 9_000 + "}" * 9_000, "nested deeper"),
    "a long query": (aliases(1)[:-1] + " " * 100_000 + "}", "characters"),
    "another operation beside a small one": (f"query A {{version}} query B {aliases(300)}", "300 fields"),
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_an_expensive_request_is_refused_before_anything_is_executed(served: Served, case: str) -> None:
    query, found = TOO_MUCH[case]
    answer = served.ask("POST", "/graphql", JSON, json.dumps({"query": query, "operationName": "A"}).encode())
    assert answer.status == 400
    message = json.loads(answer.body)["errors"][0]["message"]
    assert message.startswith("refused: ")
    assert found in message


def test_what_a_program_asks_in_one_request_passes(served: Served) -> None:
    answer = served.ask("POST", "/graphql", JSON, json.dumps({"query": aliases(100)}).encode())
    assert (answer.status, len(json.loads(answer.body)["data"])) == (200, 100)


@pytest.mark.parametrize(
    "body", [b"[]", b'[{"query": "{version}"}]', b'"{version}"', b"{", b"[" * 100_000, b'{"query": ["{version}"]}']
)
def test_a_request_is_one_operation(served: Served, body: bytes) -> None:
    assert served.ask("POST", "/graphql", JSON, body).status == 400


def test_bodies_and_addresses_are_bounded(served: Served) -> None:
    assert served.ask("POST", "/graphql", JSON, VERSION + b" " * MOST_BYTES).status == 413
    assert served.get(f"/graphql?query={quote('{ version }')}&x={'x' * 8_000}").status == 414
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)) as connection:
        connection.request("POST", "/graphql", iter([b" " * 100_000] * 30), JSON, encode_chunked=True)
        assert connection.getresponse().status == 413


def test_a_websocket_is_opened_for_its_own_pages_and_refused_to_others(served: Served) -> None:
    assert served.ask("GET", "/graphql", {**UPGRADE, "Origin": served.url}).status == 101
    assert served.ask("GET", "/graphql", {**UPGRADE, "Origin": "https://evil.example"}).status == 403
    assert served.ask("GET", "/graphql", {**UPGRADE, "Host": "evil.example"}).status == 403


@pytest.mark.slow
def test_a_server_for_other_machines_is_called_by_any_name_and_refuses_foreign_pages(
    context: WorkspaceProcessContext, lectures: Lectures
) -> None:
    proxied = Lectures(replace(lectures.context, has_proxy_login=True))
    with serving(context, proxied, "0.0.0.0") as served:  # noqa: S104 - no such address is bound
        assert served.post({"Host": "lectures.example:3000"}).status == 200
        assert served.post({"Host": "lectures.example:3000", "Origin": "https://evil.example"}).status == 403


@pytest.mark.parametrize(
    ("host", "is_so"),
    [("localhost", True), ("127.8.9.1", True), ("::1", True), ("0.0.0.0", False), ("localhost.evil", False)],  # noqa: S104
)
def test_loopback_is_recognized_without_a_resolver(host: str, is_so: bool) -> None:  # noqa: FBT001 - a row of the table
    assert is_loopback(host) is is_so


def ask_graphql(served: Served, query: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(served.ask("POST", "/graphql", JSON, json.dumps({"query": query}).encode()).body)
    return found


def test_our_fields_are_answered_beside_dagsters(served: Served) -> None:
    created = ask_graphql(served, 'mutation { createLecture(brief: {prompt: "Explain rain."}, id: "rain") { __typename } }')
    assert created["data"] == {"createLecture": {"__typename": "LectureCreated"}}
    assert created["extensions"]["cost"]["requested"] == 2
    text = '{ version lecture(id: "rain") { id plan { ... on LecturePlan { lecture } } } repositoriesOrError { __typename } }'
    both = ask_graphql(served, text)
    assert both["data"] == {
        "version": "",
        "lecture": {"id": "rain", "plan": {"lecture": "rain"}},
        "repositoriesOrError": {"__typename": "RepositoryConnection"},
    }


def test_what_starts_a_loop_of_its_own_works_in_dagsters_loop(served: Served) -> None:
    mixed = """mutation { cancelRegeneration(id: "rain") { __typename } setNuxSeen
      importLecture(id: "old", lecture: {title: "Old", segments: [{narration: "Rain."}]}) { __typename } }"""
    ask_graphql(served, 'mutation { createLecture(brief: {prompt: "Explain rain."}, id: "rain") { __typename } }')
    answer = ask_graphql(served, mixed)
    assert "errors" not in answer
    assert answer["data"]["importLecture"] == {"__typename": "LectureImported"}


def test_errors_of_dagsters_fields_and_ours_say_nothing_of_the_server(served: Served, lectures: Lectures) -> None:
    from sqlalchemy import event  # noqa: PLC0415 - of this test

    def fail(*_arguments: Any) -> None:
        message = "postgresql://lectures:secret@db/lectures"
        raise ZeroDivisionError(message)

    engine = lectures.context.database.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        answers = [ask_graphql(served, text) for text in ("{ version lecture(id: 1) { id } }", "{ lecture(id: 1) { id } }")]
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    for answer in answers:
        assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"
        assert "secret" not in json.dumps(answer)
        assert "ZeroDivision" not in json.dumps(answer)


@pytest.mark.parametrize(("protocol", "first"), [("graphql-transport-ws", "connection_ack"), ("graphql-ws", "connection_ack")])
def test_each_protocol_of_sockets_has_its_server(served: Served, protocol: str, first: str) -> None:
    async def words() -> tuple[str | None, list[str]]:
        url = f"ws://127.0.0.1:{served.port}/graphql"
        async with connect(url, subprotocols=[Subprotocol(protocol)]) as socket, asyncio.timeout(20):
            await socket.send('{"type": "connection_init"}')
            heard = [json.loads(await socket.recv())["type"]]
            if protocol == "graphql-transport-ws":
                await socket.send('{"type": "ping"}')
                heard.append(json.loads(await socket.recv())["type"])
            return socket.subprotocol, heard

    assert asyncio.run(words()) == (protocol, [first, "pong"][: 2 if protocol == "graphql-transport-ws" else 1])


def test_a_token_sees_its_workspace_and_does_not_reach_dagsters_fields(served: Served, lectures: Lectures) -> None:
    other = Lectures(replace(lectures.context, workspace="other"))
    other.create(Brief(prompt="Explain snow."), "snow")
    bearer = {**JSON, "Authorization": f"Bearer {create_token(other.context, 'read', '')['token']}"}

    def asked(query: str, headers: Mapping[str, str]) -> Any:
        return json.loads(served.ask("POST", "/graphql", headers, json.dumps({"query": query}).encode()).body)

    ours = "lectures(first: 9) { items { id } }"
    assert asked(f"{{ {ours} }}", bearer)["data"] == {"lectures": {"items": [{"id": "snow"}]}}
    refused = asked(f"{{ version {ours} }}", bearer)
    assert refused["data"] is None
    assert "an access token is for fields of lectures" in refused["errors"][0]["message"]
    proxied = {**JSON, "Authorization": "Basic bWlhOnNlY3JldA=="}
    assert asked("{ version }", proxied) == asked("{ version }", JSON)
    assert "version" in asked("{ version }", proxied)["data"]
    assert {"id": "snow"} not in asked(f"{{ {ours} }}", proxied)["data"]["lectures"]["items"]


def test_rest_events_and_media_are_served_beside_dagster(served: Served, lectures: Lectures) -> None:
    lectures.create(Brief(prompt="Explain hail."), "hail")
    lecture = json.loads(served.get("/api/lectures/hail").body)
    assert (lecture["id"], lecture["version"]) == ("hail", 1)
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)) as connection:
        connection.request("GET", lecture["eventsUrl"])
        response = connection.getresponse()
        assert (response.status, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert b"id: 1\n" in response.fp.read1(2_000) + response.fp.read1(2_000)
    assert served.get("/api/lectures/none").status == 404
    assert served.get("/lectures/none/events").status == 404
    for path in ("/api/lectures/hail", "/lectures/hail/events"):
        assert served.get(path, Sec_Fetch_Site="cross-site").status == 403
    assert served.ask("DELETE", "/api/lectures/hail", {"Origin": "https://evil.example"}).status == 403


def test_media_that_nobody_may_see_are_not_found_there_either(served: Served, png: str) -> None:
    assert served.get(png).status == 200  # the UI's own links are of all workspaces
    assert served.get(png.replace("/lectures/media", "/api/media")).status == 404
    for path in (png, "/lectures/timeline/rain/0/film.mp4", "/lectures/health", "/api/lectures"):
        assert served.get(f"{path}?signature=x", Sec_Fetch_Site="cross-site").status == 403
