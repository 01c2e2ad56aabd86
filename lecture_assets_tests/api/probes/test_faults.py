"""Whatever breaks, clients are told nothing of the server: over HTTP, over sockets, over the Model Context Protocol."""

import asyncio
import errno
import json
import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLObjectType
from mcp import Client
from sqlalchemy import event
from websockets import Subprotocol
from websockets.sync.client import connect

from lecture_assets.api.mcp_server import mcp_server
from lecture_assets.api.schema import api_schema
from lecture_assets.graph.errors import LectureError
from lecture_assets.store.bucket_errors import BucketError
from lecture_assets_tests.api.counter_source import CounterSource
from lecture_assets_tests.api.probes.leaks import leaks
from lecture_assets_tests.api.probes.tenants import picture
from lecture_assets_tests.api.serving import BRIEF, ServedApi, serving

pytestmark = pytest.mark.slow
SECRET = "postgresql://lectures:hunter2@db/lectures /home/lectures/secret.db SELECT digest"  # noqa: S105 - what must not be told
FAULTS: dict[str, Callable[[], BaseException]] = {
    "the disk is full": lambda: sqlite3.OperationalError("database or disk is full"),
    "no file can be opened": lambda: sqlite3.OperationalError(f"unable to open database file {SECRET}"),
    "the database is damaged": lambda: sqlite3.DatabaseError(f"database disk image is malformed {SECRET}"),
    "the database is locked": lambda: sqlite3.OperationalError("database is locked"),
    "the system has no space": lambda: OSError(errno.ENOSPC, "No space left on device", f"/home/{SECRET}"),
    "nothing may be read": lambda: PermissionError(errno.EACCES, "Permission denied", f"/home/{SECRET}"),
    "a bug": lambda: ZeroDivisionError(SECRET),
    "a bucket that is away": lambda: BucketError(f"s3://{SECRET}"),
    "an error of ours": lambda: LectureError(SECRET),
    "an error of a library": lambda: GraphQLError(SECRET),
    "memory": lambda: MemoryError(SECRET),
    "recursion": lambda: RecursionError(SECRET),
}
REQUESTS: dict[str, dict[str, Any]] = {
    "a list": {"query": "{ lectures(first: 1) { items { id } } }"},
    "a lecture": {"query": '{ lecture(id: "rain") { id plan { ... on LecturePlan { token } } } }'},
    "costs": {"query": "{ workspaceCosts { spentUsdMicros } }"},
    "an edit": {
        "query": 'mutation { editLecture(id: "rain", edits: [{set: {voice: "teacher"}}], clientKey: "a") { __typename } }'
    },
    "a new lecture": {"query": 'mutation { createLecture(brief: {prompt: "x"}) { __typename } }'},
    "a regeneration": {"query": 'mutation { regenerateLecture(id: "rain") { __typename } }'},
    "an upload": {
        "query": "mutation($b: String!) { uploadMedium(sort: PICTURE, base64: $b) { __typename ... on Problem { message } } }",
        "variables": {"b": picture("upload")},
    },
}
SUBSCRIPTION = {"query": 'subscription { lectureProgress(id: "rain") { number } }'}


@pytest.fixture(scope="module")
def source() -> CounterSource:
    return CounterSource(last=0)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, source: CounterSource) -> Iterator[ServedApi]:
    with serving(tmp_path_factory.mktemp("faults") / "home", source=source) as served:
        served.create()
        yield served


@contextmanager
def broken(served: ServedApi, fault: Callable[[], BaseException]) -> Iterator[None]:
    """A database whose every statement fails like that."""

    def fail(*_arguments: Any) -> None:
        raise fault()

    engine = served.lectures.context.database.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def by_socket(served: ServedApi, payload: dict[str, Any]) -> str:
    with connect(served.url.replace("http", "ws", 1), subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        socket.send('{"type": "connection_init"}')
        socket.recv(20)
        socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        return str(socket.recv(20))


def by_mcp(served: ServedApi, tool: str, **arguments: Any) -> str:
    async def call() -> str:
        async with Client(mcp_server(served.lectures.context)) as client:
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            return str(result.content)

    return asyncio.run(asyncio.wait_for(call(), 60))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_as_a_number_that_the_log_has(served: ServedApi, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    with broken(served, FAULTS[fault]), caplog.at_level(logging.ERROR):
        for about, request in REQUESTS.items():
            answer = served.post(request)
            text, document = answer.body.decode(), json.loads(answer.body)
            assert leaks(text) == [], (about, text)
            assert "hunter2" not in text
            (error,) = document["errors"]
            assert error["extensions"]["code"] in {"INTERNAL_ERROR", "UNAVAILABLE"}, (about, text)
            assert error["extensions"]["id"] in caplog.text
        for payload in (REQUESTS["a list"], REQUESTS["an edit"], SUBSCRIPTION):
            assert leaks(text := by_socket(served, payload)) == [], text
            assert "errors" in text or '"type": "error"' in text


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_tells_an_assistant_nothing_of_this_machine(served: ServedApi, fault: str) -> None:
    with broken(served, FAULTS[fault]):
        for tool, arguments in (
            ("list_lectures", {}),
            ("read_lecture", {"lecture": "rain"}),
            ("price", {"lecture": "rain"}),
            ("edit_lecture", {"lecture": "rain", "edits": ["set voice=teacher"]}),
            ("costs", {}),
        ):
            text = by_mcp(served, tool, **arguments)
            assert leaks(text) == [], text
            assert "hunter2" not in text


def test_a_source_of_events_that_breaks_says_nothing(served: ServedApi, source: CounterSource) -> None:
    source.breaks = True
    try:
        text = by_socket(served, SUBSCRIPTION)
    finally:
        source.breaks = False
    assert (leaks(text), "INTERNAL_ERROR" in text) == ([], True)


def _raising(error: BaseException) -> Callable[..., Any]:
    def resolve(*_arguments: Any) -> Any:
        raise error

    return resolve


RESOLVERS: dict[str, tuple[str, str, Callable[..., Any]]] = {
    "raises": ("Lecture", "title", _raising(RuntimeError(SECRET))),
    "raises an error of the library": ("Lecture", "title", _raising(GraphQLError(SECRET))),
    "raises a chain": ("Lecture", "title", _raising(ExceptionGroup(SECRET, [ValueError(SECRET)]))),
    "answers no number": ("Lecture", "version", lambda *_: SECRET),
    "answers no text": ("Lecture", "title", lambda *_: {"a": SECRET}),
    "answers no list": ("Lecture", "warnings", lambda *_: 7),
    "answers no money": ("LectureProgressSoFar", "spentUsdMicros", lambda *_: SECRET),
    "answers no enumerated value": ("LectureProgressSoFar", "regeneration", lambda *_: SECRET),
    "answers no type of a union": ("Lecture", "plan", lambda *_: {"__typename": SECRET}),
    "answers no object": ("Lecture", "plan", lambda *_: SECRET),
    "answers nothing where there must be something": ("Lecture", "id", lambda *_: None),
}
ALL = '{ lecture(id: "rain") { id version title warnings plan { __typename } progress { regeneration spentUsdMicros } } }'


@pytest.mark.parametrize("what", RESOLVERS)
def test_a_resolver_that_does_wrong_tells_nothing(served: ServedApi, what: str) -> None:
    of_type, name, resolve = RESOLVERS[what]
    found = api_schema().type_map[of_type]
    assert isinstance(found, GraphQLObjectType)
    before, found.fields[name].resolve = found.fields[name].resolve, resolve
    try:
        texts = [served.post({"query": ALL}).body.decode(), by_socket(served, {"query": ALL})]
    finally:
        found.fields[name].resolve = before
    for text in texts:
        assert (leaks(text), "hunter2" in text, "INTERNAL_ERROR" in text) == ([], False, True), text


@pytest.mark.sqlite
def test_media_that_cannot_be_kept_or_read_say_nothing(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as served:
        served.create()
        served.make()
        artifacts = tmp_path / "home" / "artifacts"
        shutil.rmtree(artifacts)
        artifacts.write_text("a file where a folder was")
        adopt = {
            "query": "mutation($l: ImportedLectureInput!) { importLecture(lecture: $l) { ... on Problem { message } } }",
            "variables": {
                "l": {"title": "Old", "segments": [{"narration": "Rain.", "recording": {"url": "http://127.0.0.1:1/a"}}]}
            },
        }
        brief = {
            "query": "mutation($b: LectureBriefInput!) { createLecture(brief: $b) { ... on Problem { message } } }",
            "variables": {"b": BRIEF},
        }
        for request in (REQUESTS["a lecture"], REQUESTS["an upload"], adopt, brief, {"query": ALL}):
            text = served.post(request).body.decode()
            assert leaks(text) == [], text


@pytest.mark.parametrize(
    "text", ["/home/a", "postgresql://a:b@c/d", "SELECT 1", 'File "x"', "ZeroDivisionError", "{object at 0x7f}"]
)
def test_a_leak_is_found(text: str) -> None:
    assert len(leaks(text)) == 1
