"""Subscriptions over graphql-transport-ws, by gql's client and, where a client would never send that, message by message."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import websockets
from gql import GraphQLRequest
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect

from lecture_assets.api.socket_session import MOST_OPERATIONS, SocketSession
from lecture_assets_tests.api.counter_source import CounterSource
from lecture_assets_tests.api.serving import ServedApi, serving, serving_app

pytestmark = pytest.mark.slow
PROGRESS = """subscription($id: ID!, $after: Int! = 0) { lectureProgress(id: $id, after: $after) { __typename number at
  ... on LectureRevisionEvent { version edits } } }"""
Talk = Callable[[ClientConnection], Awaitable[Any]]


@pytest.fixture(scope="module")
def source() -> CounterSource:
    return CounterSource()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, source: CounterSource) -> Iterator[ServedApi]:
    with serving(tmp_path_factory.mktemp("sockets") / "home", source=source) as served:
        served.create()
        yield served


def talk(served: ServedApi, words: Talk, protocol: str = "graphql-transport-ws") -> Any:
    async def run() -> Any:
        url = served.url.replace("http", "ws", 1)
        async with connect(url, subprotocols=[websockets.Subprotocol(protocol)]) as socket:
            async with asyncio.timeout(20):
                return await words(socket)

    return asyncio.run(run())


async def say(socket: ClientConnection, kind: str, **more: Any) -> None:
    await socket.send(json.dumps({"type": kind, **more}))


async def hear(socket: ClientConnection) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await socket.recv())
    return found


async def begin(socket: ClientConnection) -> None:
    await say(socket, "connection_init")
    assert await hear(socket) == {"type": "connection_ack"}


def subscribe(name: str = "1", query: str = PROGRESS, **variables: Any) -> dict[str, Any]:
    return {"id": name, "payload": {"query": query, "variables": {"id": "rain", **variables}}}


async def closed(socket: ClientConnection) -> tuple[int | None, str | None]:
    with suppress(websockets.ConnectionClosed):
        async for _ in socket:
            pass
    return socket.close_code, socket.close_reason


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - it becomes true in the server's thread
            await asyncio.sleep(0.005)


def test_a_strangers_client_gets_each_event_once_and_resumes_after_the_last(served: ServedApi, source: CounterSource) -> None:
    async def numbers(after: int, most: int) -> list[int]:
        seen: list[int] = []
        request = GraphQLRequest(PROGRESS, variable_values={"id": "rain", "after": after})
        async with served.socket() as session:
            async for event in session.subscribe(request):
                seen.append(event["lectureProgress"]["number"])
                assert event["lectureProgress"]["edits"] == [f"edit {seen[-1]}"]
                if len(seen) == most:
                    break
        return seen

    source.last = 3
    assert asyncio.run(numbers(0, 2)) == [1, 2]
    source.last = 7
    assert asyncio.run(numbers(2, 5)) == [3, 4, 5, 6, 7]


def test_queries_and_mutations_go_over_the_socket_too(served: ServedApi) -> None:
    async def words() -> Any:
        async with served.socket() as session:
            return await session.execute(GraphQLRequest('{ lecture(id: "rain") { id version } }'))

    assert asyncio.run(words()) == {"lecture": {"id": "rain", "version": 1}}


def test_what_ends_a_socket_ends_its_sources(served: ServedApi, source: CounterSource) -> None:
    async def leave(socket: ClientConnection) -> None:
        await begin(socket)
        for name in ("a", "b", "c"):
            await say(socket, "subscribe", **subscribe(name))
        await until(lambda: source.following == 3)
        await say(socket, "complete", id="a")
        await until(lambda: source.following == 2)
        socket.transport.abort()

    talk(served, leave)
    asyncio.run(until(lambda: source.following == 0))


def test_a_name_is_free_again_once_its_operation_is_complete(served: ServedApi) -> None:
    async def words(socket: ClientConnection) -> None:
        await begin(socket)
        for _ in range(3):
            await say(socket, "subscribe", **subscribe("same", '{ lecture(id: "rain") { id } }'))
            assert (await hear(socket))["payload"]["data"] == {"lecture": {"id": "rain"}}
            assert await hear(socket) == {"id": "same", "type": "complete"}

    talk(served, words)


def test_there_are_so_many_operations_at_once_and_no_more(served: ServedApi, source: CounterSource) -> None:
    async def words(socket: ClientConnection) -> None:
        await begin(socket)
        for name in range(MOST_OPERATIONS + 1):
            await say(socket, "subscribe", **subscribe(str(name), after=99))
        refused = await hear(socket)
        assert (refused["id"], refused["type"]) == (str(MOST_OPERATIONS), "error")
        assert refused["payload"][0]["extensions"]["code"] == "TOO_MUCH"
        await until(lambda: source.following == MOST_OPERATIONS)

    talk(served, words)
    asyncio.run(until(lambda: source.following == 0))


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}], 4401),
        ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
        ([{"type": "connection_init"}, {"type": "start", "id": "1"}], 4400),
        ([{"type": "connection_init"}, {"type": "subscribe", "id": "", "payload": {}}], 4400),
        ([{"type": "connection_init"}, {"type": "subscribe", "id": "x" * 129, "payload": {}}], 4400),
        ([{"type": "connection_init"}, {"type": "subscribe", "id": 7, "payload": {}}], 4400),
        ([{"type": "connection_init"}, {"type": "subscribe", "id": "1", "payload": "{ a }"}], 4400),
        ([{"type": "connection_init"}, {"type": "subscribe", **subscribe()}, {"type": "subscribe", **subscribe()}], 4409),
        ([{"type": 7}], 4400),
        (["{"], 4400),
        ([[]], 4400),
        ([b"\x00\x01"], 4400),
    ],
)
def test_what_breaks_the_protocol_closes_the_socket_with_its_code(served: ServedApi, messages: list[Any], code: int) -> None:
    async def words(socket: ClientConnection) -> tuple[int | None, str | None]:
        for message in messages:
            await socket.send(message if isinstance(message, str | bytes) else json.dumps(message))
        return await closed(socket)

    assert talk(served, words)[0] == code


def test_pings_are_answered_even_before_the_beginning_and_pongs_are_not(served: ServedApi) -> None:
    async def words(socket: ClientConnection) -> list[dict[str, Any]]:
        await say(socket, "ping")
        await say(socket, "pong", payload={})
        await say(socket, "connection_init", payload={"token": "x"})
        await say(socket, "ping", payload={"a": 1})
        return [await hear(socket) for _ in range(3)]

    assert talk(served, words) == [{"type": "pong"}, {"type": "connection_ack"}, {"type": "pong", "payload": {"a": 1}}]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "BAD_REQUEST"),
        ("{ nothing }", "BAD_REQUEST"),
        ("subscription { lectureProgress(id: 1, after: -1) { number } }", "INVALID_ARGUMENT"),
        ('subscription { lectureProgress(id: "snow") { number } }', "LECTURE_NOT_FOUND"),
        ("{ a: __typename " + " ".join(f"a{n}: __typename" for n in range(60)) + "}", "TOO_MUCH"),
    ],
)
def test_an_operation_that_cannot_begin_is_an_error_of_its_own(served: ServedApi, query: str, code: str) -> None:
    async def words(socket: ClientConnection) -> dict[str, Any]:
        await begin(socket)
        await say(socket, "subscribe", id="1", payload={"query": query})
        return await hear(socket)

    answer = talk(served, words)
    assert (answer["type"], answer["payload"][0]["extensions"]["code"]) == ("error", code)


def test_an_error_of_the_source_says_nothing_of_the_server(served: ServedApi, source: CounterSource) -> None:
    async def words(socket: ClientConnection) -> dict[str, Any]:
        await begin(socket)
        await say(socket, "subscribe", **subscribe(after=99))
        return await hear(socket)

    source.breaks = True
    try:
        answer = talk(served, words)
    finally:
        source.breaks = False
    assert answer["payload"][0]["extensions"]["code"] == "INTERNAL_ERROR"
    assert "secret" not in str(answer)


@pytest.mark.parametrize("protocol", ["graphql-ws", "other"])
def test_other_protocols_are_refused(served: ServedApi, protocol: str) -> None:
    async def words(_socket: ClientConnection) -> None:
        """Nothing is said."""

    with pytest.raises(websockets.InvalidStatus):
        talk(served, words, protocol)


def test_who_does_not_begin_in_time_is_closed() -> None:
    class Nothing:
        async def admit(self, _payload: Any) -> bool:
            return True

        async def results(self, _payload: Any) -> Any:
            yield "{}"

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await SocketSession(WebSocket(scope, receive, send), Nothing(), init_s=0.05).run()

    with serving_app(app) as port:
        late = ServedApi(port, None)  # type: ignore[arg-type]  # nothing is asked of lectures
        assert talk(late, closed) == (4408, "Connection initialisation timeout")
