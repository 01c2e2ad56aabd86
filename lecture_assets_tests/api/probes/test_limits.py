"""What is too much is refused before any of it is executed: texts, variables, bodies, sockets, and who sends too slowly.

`python -m lecture_assets_tests.api.probes.test_limits` prints the processor time that refusing takes.
"""

import asyncio
import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from functools import partial

import pytest
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from websockets import Subprotocol
from websockets.asyncio.client import connect

from lecture_assets.api.bodies import parsed_json
from lecture_assets.api.cost_limits import parsed
from lecture_assets.api.execution import Operation, Prepared, prepare
from lecture_assets.api.guard import MOST_BYTES, Guard
from lecture_assets.api.overlaps import most_comparisons
from lecture_assets.api.patient_http import PatientProtocol
from lecture_assets.api.schema import api_schema
from lecture_assets.api.socket_session import MOST_OPERATIONS
from lecture_assets_tests.api.serving import JSON, ServedApi, serving, serving_app
from lecture_assets_tests.defs.host.http_request import ask

pytestmark = pytest.mark.slow
LECTURE = '{ lecture(id: "rain") { %s } }'


def nested(depth: int, opening: str, inner: str = "__typename", closing_: str = "}") -> str:
    return opening * depth + inner + closing_ * depth


def fragments(number: int, body: str) -> str:
    return " ".join(f"fragment f{n} on Query {{ {body.format(next=n + 1, first=0, n=n)} }}" for n in range(number))


TEXTS: Mapping[str, str] = {
    "2,000 aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(2_000)) + " }",
    "100 aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(100)) + " }",
    "depth 50": nested(50, "{ lecture(id: 1) "),
    "9,000 open brackets": "{ a " * 9_000,
    "19,000 tokens": "a " * 19_000,
    "a million tokens": "a " * 1_000_000,
    "an operation of 2 MB": "{ __typename }" + " " * (MOST_BYTES - 2_000),
    "2,000 fields of one name": "{ " + "__typename " * 2_000 + "}",
    "990 fields of one name": LECTURE % ("id " * 990),
    "lectures compared with each other": "{ " + 'lecture(id: "a") { nodes(first: 1) { items { id } } } ' * 130 + "}",
    "fragments compared with each other": "{ " + " ".join(f"...f{n}" for n in range(150)) + " } " + fragments(150, "__typename"),
    "fragments that multiply": "{ ...f0 } " + fragments(60, "...f{next} ...f{next}") + " fragment f60 on Query { __typename }",
    "unused ones that multiply": "{ __typename } " + fragments(60, "...f{next} ...f{next}"),
    "a fragment within itself": "{ ...f0 } " + fragments(1, "...f{first}"),
    "fragments in a circle": "{ ...f0 } " + fragments(40, "...f{next}") + " fragment f40 on Query { ...f0 }",
    "a chain of fragments": "{ ...f0 } " + fragments(150, "...f{next}") + " fragment f150 on Query { __typename }",
    "300 fragments": "{ __typename } " + fragments(300, "__typename"),
    "300 operations": " ".join(f"query Probe{n or ''} {{ __typename }}" for n in range(300)),
    "600 variables": "query Probe(" + " ".join(f"$v{n}: Int" for n in range(600)) + ") { __typename }",
    "inline fragments within each other": "{ " + nested(150, "... on Query { ") + " }",
    "1,300 lists within each other": "{ lecture(id: " + nested(1_300, "[", "", "]") + ") { id } }",
    "590 objects within each other": "{ lecture(id: " + nested(590, "{a: ", "1") + ") { id } }",
    "a type of 1,300 lists": "query Probe($v: " + nested(1_300, "[", "Int", "]") + ") { __typename }",
    "a number of 5,000 digits": "{ lectures(first: " + "1" * 5_000 + ") { items { id } } }",
    "a string of 60,000 characters": LECTURE.replace("rain", "a" * 60_000) % "id",
    "a block string of 60,000 lines": LECTURE.replace('"rain"', '"""' + "\n" * 60_000 + '"""') % "id",
}
ALLOWED = {
    "a number of 900 digits is no integer": "{ lectures(first: " + "1" * 900 + ") { items { id } } }",
    "500 directives": "{ __typename " + "@include(if: true) " * 300 + "}",
    "unknown directives": "{ __typename " + "@foo " * 1_000 + "}",
    "unknown fields": "{ " + " ".join(f"lectures{n}" for n in range(900)) + " }",
}
"""What is within the limits, and wrong."""


@pytest.mark.parametrize("what", TEXTS)
def test_a_text_that_asks_for_too_much_is_refused(what: str) -> None:
    found = prepare(api_schema(), Operation(TEXTS[what], name="Probe" if "Probe" in TEXTS[what] else None))
    assert not isinstance(found, Prepared)
    (error,) = found
    assert (error["extensions"]["code"], len(error["message"]) < 200) == ("TOO_MUCH", True), error


@pytest.mark.parametrize("what", ALLOWED)
def test_what_is_wrong_is_told_with_few_words(what: str) -> None:
    found = prepare(api_schema(), Operation(ALLOWED[what]))
    assert not isinstance(found, Prepared)
    assert {error["extensions"]["code"] for error in found} == {"BAD_REQUEST"}
    assert len(json.dumps(found)) < 10_000


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("{ a b c }", 0),
        ("{ a a a }", 3),
        ("{ a: x a: y }", 1),
        ("{ a { b } a { b } }", 2),
        ("{ a { b } ... on Query { a { b } } }", 2),
        ("{ ...f a } fragment f on Query { a }", 1),
        ("{ ...f ...g } fragment f on Query { a } fragment g on Query { a }", 2),
        ("{ ...none }", 0),
    ],
)
def test_comparisons_are_counted_as_validation_makes_them(text: str, number: int) -> None:
    assert most_comparisons(parsed(text), 100) == number


EDIT = "mutation Probe($edits: [LectureEditInput!]!) { editLecture(id: 1, edits: $edits) { __typename } }"


def variables(json_text: str) -> bytes:
    return f'{{"query": "{EDIT}", "variables": {{"edits": {json_text}}}}}'.encode()


BODIES: Mapping[str, tuple[bytes, str]] = {
    "lists within each other": (variables(nested(400, "[", "", "]")), "TOO_MUCH"),
    "lists deeper than Python": (variables(nested(30_000, "[", "", "]")), "BAD_REQUEST"),
    "objects within each other": (variables(nested(400, '{"set":', "1")), "TOO_MUCH"),
    "a list of 900,000": (variables(f"[{'1,' * 900_000}1]"), "TOO_MUCH"),
    "a list of 100,000 edits": (variables(json.dumps([{"reroll": "a"}] * 100_000)), "TOO_MUCH"),
    "100,000 variables": (json.dumps({"query": EDIT, "variables": {str(n): 1 for n in range(100_000)}}).encode(), "TOO_MUCH"),
    "a list of 500,000 texts": (variables("[" + '"",' * 499_999 + "0]"), "TOO_MUCH"),
    "900,000 marks in no order": (b",:[{" * 225_000, "TOO_MUCH"),
    "1,900,000 quotation marks": (b'"' * 1_900_000, "BAD_REQUEST"),
    "a number of 5,000 digits": (variables("1" * 5_000), "BAD_REQUEST"),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with serving(tmp_path_factory.mktemp("limits") / "home") as served:
        served.create()
        yield served


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_asks_for_too_much_is_refused(served: ServedApi, what: str) -> None:
    body, code = BODIES[what]
    answer = served.post(body)
    (error,) = json.loads(answer.body)["errors"]
    assert (error["extensions"]["code"], "data" in json.loads(answer.body)) == (code, False)
    assert len(answer.body) < 1_000


def test_a_long_list_of_wrong_values_is_a_short_answer(served: ServedApi) -> None:
    answer = served.post(variables(json.dumps([{"wrong": "a"}] * 4_000)))
    assert len(answer.body) < 40_000
    assert json.loads(answer.body)["data"] is None


def test_sixty_megabytes_are_refused_whether_their_length_is_said_or_not(served: ServedApi) -> None:
    assert ask(served.port, "POST", "/graphql", {**JSON, "Content-Length": "60000000"}, b"{").status == 413
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=30)) as connection:
        head = "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        for _ in range(21):  # of 600
            connection.sendall(b"186a0\r\n" + b" " * 100_000 + b"\r\n")
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_a_thousand_subscriptions_over_one_socket_are_twenty(served: ServedApi) -> None:
    watch = 'subscription { lectureProgress(id: "rain", after: 1) { number } }'

    async def words() -> list[str]:
        url = served.url.replace("http", "ws", 1)
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket, asyncio.timeout(60):
            await socket.send('{"type": "connection_init"}')
            await socket.recv()
            for number in range(1_000):
                await socket.send(json.dumps({"type": "subscribe", "id": str(number), "payload": {"query": watch}}))
            heard = [json.loads(await socket.recv()) for _ in range(1_000 - MOST_OPERATIONS)]
        return [message["payload"][0]["extensions"]["code"] for message in heard]

    assert set(asyncio.run(words())) == {"TOO_MUCH"}


async def _echo(request: Request) -> Response:
    return PlainTextResponse(await request.body())


def test_a_body_that_takes_too_long_is_refused() -> None:
    app = Guard(Starlette(routes=[Route("/", _echo, methods=["POST"])]), "127.0.0.1", body_s=0.2)
    with serving_app(app) as port, closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", "100")
        connection.endheaders(b"{")
        assert connection.getresponse().status == 408


def test_who_does_not_say_a_head_in_time_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientProtocol, "head_s", 0.2)
    app = Starlette(routes=[Route("/", _echo, methods=["POST"])])
    whole = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
    with serving_app(app) as port:
        for begun in (b"", b"POST / HT", b"POST / HTTP/1.1\r\nHost: a\r\nX: "):
            with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as connection:
                connection.sendall(begun)
                assert connection.recv(100) == b""
        with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as connection:
            connection.sendall(whole)
            assert connection.recv(1_000).startswith(b"HTTP/1.1 200")
            connection.sendall(b"POST / HT")
            while said := connection.recv(1_000):
                assert not said.startswith(b"HTTP")


def test_a_head_of_a_hundred_kilobytes_is_refused(served: ServedApi) -> None:
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=30)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 100_000)
        assert connection.recv(12) == b"HTTP/1.1 400"


def _prepare(text: str, turn: int) -> None:
    prepare(api_schema(), Operation(f"{text}{' ' * turn}", name="Probe" if "Probe" in text else None))


def _read(body: bytes, _turn: int) -> None:
    with suppress(GraphQLError, ValueError, RecursionError):
        prepare(api_schema(), Operation.of(parsed_json(body)))


def main() -> None:
    """Print how long each refusal keeps a processor."""
    texts: dict[str, Callable[[int], None]] = {name: partial(_prepare, text) for name, text in {**TEXTS, **ALLOWED}.items()}
    bodies: dict[str, Callable[[int], None]] = {f"body: {name}": partial(_read, body) for name, (body, _) in BODIES.items()}
    for name, refuse in {**texts, **bodies}.items():
        times = []
        for turn in range(5):
            begun = time.thread_time()
            refuse(turn)
            times.append(time.thread_time() - begun)
        print(f"{1000 * sorted(times)[2]:6.1f} ms  {name}")  # noqa: T201 - the figures are what it is for


if __name__ == "__main__":
    main()
