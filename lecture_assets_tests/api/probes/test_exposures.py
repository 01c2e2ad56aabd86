"""What `lectures serve` is sent by pages, proxies and people who should not: each is refused, and nothing is told or changed."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest

from lecture_assets.api.server import api_app
from lecture_assets.runner.change.access_tokens import create_token
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets_tests.api.probes.leaks import leaks
from lecture_assets_tests.api.serving import JSON, ServedApi, serving, serving_app
from lecture_assets_tests.defs.host.http_request import HttpAnswer, ask

pytestmark = pytest.mark.slow
MARKER = "zqsecretzq"
READ = '{ lecture(id: "rain") { title settings { prompt } } }'
EDIT = 'mutation Edit { editLecture(id: "rain", edits: [{set: {audience: "foreign"}}]) { __typename } }'
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "graphql-transport-ws",
}
PAGE = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
BODY = json.dumps({"query": EDIT}).encode()
BY_GET = f"/graphql?query={quote(READ)}"
MUTATION_BY_GET = f"/graphql?query={quote(EDIT)}"
HIDDEN_BY_GET = f"/graphql?query={quote('query A { voices { voice } } ' + EDIT)}&operationName=Edit"
Headers = Mapping[str, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with serving(tmp_path_factory.mktemp("exposures") / "home") as served:
        served.create(title=MARKER, prompt=f"Explain rain. {MARKER}")
        yield served


@pytest.fixture(scope="module")
def closed(served: ServedApi) -> Iterator[ServedApi]:
    """The same lectures where every request needs a token."""
    with (
        ProgressHub(served.lectures.context.database) as hub,
        serving_app(api_app(served.lectures, "0.0.0.0", hub)) as port,  # noqa: S104 - it is bound to loopback
    ):
        yield ServedApi(port, served.lectures)


@pytest.fixture(scope="module")
def token(served: ServedApi) -> str:
    return create_token(served.lectures.context, "admin", "")["token"]


@pytest.fixture(autouse=True)
def untouched(served: ServedApi) -> Iterator[None]:
    yield
    assert served.lectures.status("rain")["version"] == 1


def check(answer: HttpAnswer, status: int, said: str = "") -> None:
    """A refusal tells nothing but what was said, and lets no page read it."""
    assert answer.status == status, answer.body
    assert MARKER.encode() not in answer.body
    assert leaks(answer.body.decode().replace(said, "")) == []
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


FOREIGN: Mapping[str, tuple[str, str, Headers, int]] = {
    "a foreign page": ("POST", "/graphql", {"Origin": "https://evil.example"}, 403),
    "a page without an origin": ("POST", "/graphql", {"Origin": "null"}, 403),
    "a page of another port": ("POST", "/graphql", {"Origin": "http://127.0.0.1:1"}, 403),
    "an origin that begins like this one": ("POST", "/graphql", {"Origin": "http://127.0.0.1:PORT.evil.example"}, 403),
    "an origin with this one as its user": ("POST", "/graphql", {"Origin": "http://127.0.0.1:PORT@evil.example"}, 403),
    "an origin that is no URL": ("POST", "/graphql", {"Origin": "http://[half"}, 403),
    "a file": ("POST", "/graphql", {"Origin": "file://"}, 403),
    "a name that was bound to loopback": ("POST", "/graphql", {"Host": "evil.example"}, 403),
    "the same with the port": ("POST", "/graphql", {"Host": "evil.example:PORT"}, 403),
    "a name that begins like loopback": ("POST", "/graphql", {"Host": "127.0.0.1.evil.example"}, 403),
    "a name that ends like it": ("POST", "/graphql", {"Host": "evil.localhost.example"}, 403),
    "no name": ("POST", "/graphql", {"Host": ""}, 403),
    "a name that is no name": ("POST", "/graphql", {"Host": "[half"}, 403),
    "an address of the network": ("POST", "/graphql", {"Host": "192.168.0.1:PORT"}, 403),
    "all addresses": ("POST", "/graphql", {"Host": "0.0.0.0:PORT"}, 403),
    "a foreign name and its page": ("POST", "/graphql", {"Host": "evil.example", "Origin": "http://evil.example"}, 403),
    "a proxy's word for the name": ("POST", "/graphql", {"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1:PORT"}, 403),
    "a script of another site": ("POST", "/graphql", {"Sec-Fetch-Site": "cross-site"}, 403),
    "a script of another port": ("POST", "/graphql", {"Sec-Fetch-Site": "same-site"}, 403),
    "a form of another site": ("POST", "/graphql", {"Sec-Fetch-Site": "cross-site", **PAGE}, 403),
    "a link of another site to a query": ("GET", BY_GET, {"Sec-Fetch-Site": "cross-site", **PAGE}, 403),
    "a picture of another site": ("GET", BY_GET, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, 403),
    "a preflight": ("OPTIONS", "/graphql", {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, 405),
    "a preflight of a browser": ("OPTIONS", "/graphql", {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
    "a socket of a foreign page": ("GET", "/graphql", {**UPGRADE, "Origin": "https://evil.example"}, 403),
    "a socket of a page without an origin": ("GET", "/graphql", {**UPGRADE, "Origin": "null"}, 403),
    "a socket of a foreign name": ("GET", "/graphql", {**UPGRADE, "Host": "evil.example"}, 403),
    "a socket of another site": ("GET", "/graphql", {**UPGRADE, "Sec-Fetch-Site": "cross-site"}, 403),
    "a socket of Dagster's protocol": ("GET", "/graphql", {**UPGRADE, "Sec-WebSocket-Protocol": "graphql-ws"}, 403),
    "a socket elsewhere": ("GET", "/lectures/health", {**UPGRADE}, 403),
    "a query by GET": ("GET", BY_GET, {}, 405),
    "a mutation by GET": ("GET", MUTATION_BY_GET, {}, 403),
    "a mutation beside a query by GET": ("GET", HIDDEN_BY_GET, {}, 403),
    "a mutation by HEAD": ("HEAD", MUTATION_BY_GET, {}, 403),
    "a GET that says it is a POST": ("GET", BY_GET, {"X-HTTP-Method-Override": "POST"}, 405),
    "a GET whose address says it is a POST": ("GET", f"{BY_GET}&_method=POST", {}, 405),
    "PUT": ("PUT", "/graphql", {}, 405),
    "DELETE": ("DELETE", "/graphql", {}, 405),
    "PATCH": ("PATCH", "/graphql", {}, 405),
    "TRACE": ("TRACE", "/graphql", {}, 405),
    "a long address": ("GET", f"{BY_GET}&x={'x' * 9_000}", {}, 414),
    "a body without a type": ("POST", "/graphql", {"Content-Type": ""}, 415),
    "a text": ("POST", "/graphql", {"Content-Type": "text/plain"}, 415),
    "a text that says json": ("POST", "/graphql", {"Content-Type": "text/plain;application/json"}, 415),
    "a form": ("POST", "/graphql", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    "a form of files": ("POST", "/graphql", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
    "a document": ("POST", "/graphql", {"Content-Type": "application/graphql"}, 415),
    "a relative of json": ("POST", "/graphql", {"Content-Type": "application/json-seq"}, 415),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_others_send_is_refused(served: ServedApi, what: str) -> None:
    method, path, headers, status = FOREIGN[what]
    given = {name: value.replace("PORT", str(served.port)) for name, value in {**JSON, **headers}.items()}
    body = BODY if method in {"POST", "PUT", "PATCH", "DELETE"} else None
    check(ask(served.port, method, path, given, body), status, given.get("Origin", ""))


@pytest.mark.parametrize(
    "body",
    [
        [{"query": READ}],
        [{"query": READ}, {"query": EDIT}],
        {"id": "1"},
        {"documentId": "1"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
        {"query": READ, "variables": [1]},
        {"query": [READ]},
        {"query": {"toString": READ}},
        {"operations": json.dumps({"query": READ}), "map": "{}"},
    ],
)
def test_what_is_no_operation_of_its_own_is_not_executed(served: ServedApi, body: Any) -> None:
    answer = served.post(body)
    check(answer, 200)
    assert "data" not in json.loads(answer.body)


PATHS = [
    "/graphql/",
    "//graphql",
    "/GraphQL",
    "/graphql;x",
    "/graphql/../graphql",
    "/lectures/../graphql",
    "/lectures/%2e%2e/graphql",
    "/graphql%00",
    "/graphql%2f",
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/lectures/media/..%2f..%2flectures.db",
    "/static/../../lectures.db",
    "/report_asset_materialization/lecture",
    "/report_asset_observation/lecture",
    "/report_asset_check/lecture",
    "/server_info",
    "/dagit_info",
    "/logs/a",
    "/notebook?path=/etc/passwd",
    "/download_debug/a",
    "/docs",
    "/metrics",
    "/.env",
    "/",
]


@pytest.mark.parametrize("path", PATHS)
def test_there_is_nothing_elsewhere(served: ServedApi, path: str) -> None:
    for method in ("GET", "POST"):
        answer = ask(served.port, method, path, JSON, BODY if method == "POST" else None)
        assert answer.status in {307, 404, 405}
        assert answer.headers.get("location", "") in {"", f"http://127.0.0.1:{served.port}/graphql"}
        assert MARKER.encode() not in answer.body


def test_no_media_are_told_by_their_digest_alone(served: ServedApi) -> None:
    for path in ("/lectures/media/", "/media/", "/artifacts/", "/lectures/timeline/rain/"):
        assert ask(served.port, "GET", f"{path}{'0' * 64}").status == 404


POSTED = "POST /graphql HTTP/1.1\r\nHost: H\r\n"
JSON_LINE = "Content-Type: application/json\r\n"
RAW = {
    "two lengths": POSTED + JSON_LINE + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
    "a length with a sign": POSTED + "Content-Length: +5\r\n\r\n",
    "a length in hexadecimal": POSTED + "Content-Length: 0x5\r\n\r\n",
    "a list of lengths": POSTED + "Content-Length: 5, 6\r\n\r\n",
    "a length and chunks": POSTED + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": POSTED + "Transfer-Encoding : chunked\r\n\r\n",
    "an unknown encoding": POSTED + "Transfer-Encoding: xchunked\r\n\r\n",
    "two encodings": POSTED + "Transfer-Encoding: chunked, identity\r\n\r\n",
    "a chunk without a length": POSTED + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "a null in a header": "GET /lectures/health HTTP/1.1\r\nHost: H\r\nX: a\x00b\r\n\r\n",
    "a line break in a header": "GET /lectures/health HTTP/1.1\r\nHost: H\r\nX: a\rY: b\r\n\r\n",
    "no host": "GET /lectures/health HTTP/1.1\r\n\r\n",
    "two hosts": "GET /lectures/health HTTP/1.1\r\nHost: H\r\nHost: evil.example\r\n\r\n",
    "no version": "GET /lectures/health\r\n\r\n",
    "no request": "\x16\x03\x01\x02\x00\x01",
}


def raw(port: int, text: str) -> bytes:
    """What is answered to these bytes, once the server ends the connection or says nothing more."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.sendall(text.replace("Host: H", f"Host: 127.0.0.1:{port}").encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while part := connection.recv(10_000):
            found += part
        return found


@pytest.mark.parametrize("what", RAW)
def test_what_servers_could_read_in_two_ways_is_refused(served: ServedApi, what: str) -> None:
    answer = raw(served.port, RAW[what])
    assert answer[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 501", b"HTTP/1.1 505", b""}, answer


def test_a_request_within_the_body_of_another_is_not_one(served: ServedApi) -> None:
    inner = f"{POSTED}{JSON_LINE}Content-Length: {len(BODY)}\r\n\r\n{BODY.decode()}"
    head = f"POST /graphql HTTP/1.1\r\nHost: H\r\nContent-Type: text/plain\r\nContent-Length: {len(inner) + 8}\r\n"
    assert raw(served.port, f"{head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}").count(b"HTTP/1.1 200") == 0
    assert raw(served.port, f"{head}\r\n{inner}").count(b"HTTP/1.1 200") == 0


def test_an_address_of_another_server_is_no_page_of_this_one(served: ServedApi) -> None:
    far = POSTED.replace("/graphql", "http://evil.example/graphql")
    text = f"{far}{JSON_LINE}Content-Length: {len(BODY)}\r\n\r\n{BODY.decode()}"
    assert raw(served.port, text).startswith(b"HTTP/1.1 40")


SPOILED: Mapping[str, Callable[[str], str]] = {
    "in capitals": lambda token: f"Bearer {token.upper()}",
    "in small letters": lambda token: f"Bearer {token.lower()}",
    "with a letter more": lambda token: f"Bearer {token}a",
    "with a letter less": lambda token: f"Bearer {token[:-1]}",
    "with a space within": lambda token: f"Bearer {token[:20]} {token[20:]}",
    "behind a tab": lambda token: f"Bearer\t{token}",
    "in quotation marks": lambda token: f'Bearer "{token}"',
    "in a list": lambda token: f"Bearer {token}, Bearer {token}",
    "twice": lambda token: f"Bearer {token} {token}",
    "without a scheme": lambda token: token,
    "of another scheme": lambda token: f"Token {token}",
    "as a parameter": lambda token: f"Bearer token={token}",
    "with percent signs": lambda token: f"Bearer {quote(token, safe='').replace('_', '%5F')}",
    "with a full-width letter": lambda token: f"Bearer {token[:-1]}\xff",
    "only its id": lambda token: f"Bearer {token[:17]}_",
    "only its secret": lambda token: f"Bearer {token[18:]}",
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_token_is_written_in_one_way(closed: ServedApi, token: str, how: str) -> None:
    check(closed.post({"query": EDIT}, Authorization=SPOILED[how](token)), 401)


def test_a_token_is_in_its_header_and_nowhere_else(closed: ServedApi, token: str) -> None:
    body = {"query": EDIT, "access_token": token, "authorization": f"Bearer {token}", "extensions": {"token": token}}
    for path in (f"/graphql?access_token={token}", f"/graphql?token={token}", f"/graphql?authorization=Bearer%20{token}"):
        check(ask(closed.port, "POST", path, JSON, json.dumps(body).encode()), 401)
    for name in ("Cookie", "X-Api-Key", "X-Authorization", "Proxy-Authorization", "X-Forwarded-Authorization"):
        given = f"token={token}" if name == "Cookie" else f"Bearer {token}"
        check(closed.post(body, **{name: given}), 401)
    assert closed.post({"query": READ}, Authorization=f"Bearer {token}").status == 200
    assert closed.post({"query": READ}, Authorization=f"bearer  {token} ").status == 200, "schemes have no case"


def test_without_a_token_nothing_is_said_of_the_schema(closed: ServedApi) -> None:
    for query in ("{ __schema { types { name } } }", "{ __typename }", "{ nothing }", "{"):
        check(closed.post({"query": query}), 401)


@pytest.mark.parametrize(
    "query",
    [
        '{ lecture(id: "rai") { title } }',
        '{ lecture(id: "Rain") { title } }',
        '{ __type(name: "rain") { name } }',
        "{ rain { title } }",
        'mutation { renameLecture(id: "rai", newId: "x") { ... on Problem { message } } }',
        'mutation { regenerateLecture(id: "rai") { ... on Problem { message } } }',
        'subscription { lectureProgress(id: "rai") { number } }',
    ],
)
def test_no_suggestion_names_a_lecture(served: ServedApi, query: str) -> None:
    answer = served.post({"query": query}).body.decode()
    assert MARKER not in answer
    assert "rain" not in answer.replace('"rain"', "").replace("'rain'", "")
