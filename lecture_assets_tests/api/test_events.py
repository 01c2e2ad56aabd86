"""Server-sent events: each event once, wherever the client goes on; what ends a stream, and what a client is told then."""

import asyncio
import http.client
import json
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.api.event_stream import RETRY_MS, EventStream, EventStreams
from lecture_assets.api.server import ApiServer, api_app, server_config
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets_tests.api.counter_source import CounterSource
from lecture_assets_tests.api.serving import ServedApi, open_lectures, serving, serving_app, wait_until
from lecture_assets_tests.api.test_access import token
from lecture_assets_tests.counts import RAIN
from lecture_assets_tests.defs.host.http_request import ask
from lecture_assets_tests.servers.postgres import execute, free_port, stoppable_postgres_server
from lecture_assets_tests.timeline.apply_patch import applied

pytestmark = pytest.mark.slow
PATH = "/lectures/rain/events"


@contextmanager
def stream(port: int, path: str = PATH, **headers: str) -> Iterator[http.client.HTTPResponse]:
    """A stream that is open."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        yield connection.getresponse()


def blocks(response: http.client.HTTPResponse) -> Iterator[dict[str, str]]:
    """The blocks of a stream, as the standard reads them; a comment is a block with the key `""`."""
    block: dict[str, str] = {}
    for line in response:
        name, _, value = line.decode().rstrip("\n").partition(":")
        if not line.strip():
            yield block
            block = {}
        else:
            block[name] = value.removeprefix(" ")


def events(response: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    """The events of a stream."""
    for block in blocks(response):
        if "data" in block:
            yield {**block, "data": json.loads(block["data"])}


def events_url(served: ServedApi) -> str:
    url: str = served.data('{ lecture(id: "rain") { eventsUrl } }')["lecture"]["eventsUrl"]
    return url


def test_a_lecture_is_seen_being_made_whenever_the_client_reconnects(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    url, seen = events_url(served), list[dict[str, Any]]()
    making = threading.Thread(target=served.make)
    making.start()
    for most in (3, 7, 10_000):
        last = {"Last_Event_ID": seen[-1]["id"]} if seen else {}
        with stream(served.port, url, **last) as response:
            assert (response.status, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
            assert next(blocks(response)) == {"retry": str(RETRY_MS)}
            for event in events(response):
                seen.append(event)
                if event["event"] == "run-ended" or len(seen) % most == 0:
                    break
    making.join()
    assert [int(event["id"]) for event in seen] == [event["data"]["number"] for event in seen] == list(range(1, len(seen) + 1))
    kinds = [event["event"] for event in seen]
    assert kinds[:3] == ["revision", "run-started", "planned"]
    assert kinds.count("node") == RAIN.nodes
    assert seen[-1]["data"]["report"]["made"] == RAIN.nodes
    with stream(served.port, f"{url}&after={len(seen) - 2}") as response:
        assert [next(events(response))["id"], next(events(response))["id"]] == [str(len(seen) - 1), str(len(seen))]


def test_a_client_keeps_its_timeline_by_the_patches(served: ServedApi) -> None:
    served.create()
    served.make()
    first = json.loads(ask(served.port, "GET", "/api/lectures/rain/timeline").body)
    served.data(
        'mutation { editLecture(id: "rain", edits: [{text: {node: "content:video-title", text: "Rain"}}]) { __typename } }'
    )
    served.data('mutation { editLecture(id: "rain", edits: [{reroll: "asset:image:segment[0]:image[0]"}]) { __typename } }')
    served.make()
    timeline, media, base = first["timeline"], dict(first["media"]), first["base"]
    with stream(served.port, f"{PATH}?after={first['number']}") as response:
        for event in events(response):
            if event["event"] == "timeline":
                assert event["data"]["base"] == base
                timeline, base = applied(timeline, event["data"]["patch"]), event["data"]["timeline"]
                media |= {medium["sha256"]: medium["url"] for medium in event["data"]["media"]}
            if event["event"] == "run-ended":
                break
    answer = ask(served.port, "GET", "/api/lectures/rain/timeline")
    now = json.loads(answer.body)
    assert (timeline, base) == (now["timeline"], now["base"])
    assert now["media"].items() <= media.items()
    assert first["timeline"] != now["timeline"]
    assert len(media) > len(first["media"])


def test_a_deleted_lecture_ends_its_streams_and_the_next_try_is_told_so(served: ServedApi) -> None:
    served.create()
    url = events_url(served)
    with stream(served.port, url) as response:
        coming = events(response)
        assert next(coming)["event"] == "revision"
        served.data('mutation { deleteLecture(id: "rain") { __typename } }')
        assert [event["event"] for event in coming] == ["deleted"]
    for path in (url, PATH, "/api/lectures/rain/events"):
        again = ask(served.port, "GET", path)
        assert (again.status, again.headers["content-type"]) == (404, "application/problem+json")
        assert json.loads(again.body)["code"] == "LECTURE_NOT_FOUND"


def test_who_may_follow(made: ServedApi) -> None:
    ours, theirs = (f"Bearer {token(made, 'read', workspace)}" for workspace in ("default", "other"))
    with stream(made.port, Authorization=ours) as response:
        assert next(events(response))["id"] == "1"
    foreign, nobodys = (ask(made.port, "GET", f"/lectures/{name}/events", {"Authorization": theirs}) for name in ("rain", "none"))
    assert (foreign.status, foreign.body.replace(b"rain", b"none")) == (404, nobodys.body)
    assert ask(made.port, "GET", PATH, {"Authorization": "Bearer x"}).status == 401
    assert ask(made.port, "GET", events_url(made).replace("rain", "snow")).status == 403
    assert ask(made.port, "GET", events_url(made).replace("workspace=default", "workspace=other")).status == 403


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "2147483648", "9" * 50, "%00"])
def test_what_is_no_number_of_an_event_is_refused(made: ServedApi, after: str) -> None:
    assert ask(made.port, "GET", f"{PATH}?after={after}").status == 400
    assert ask(made.port, "GET", PATH, {"Last-Event-ID": after}).status == 400


def test_a_number_that_is_not_there_yet_resets_the_client(made: ServedApi) -> None:
    with stream(made.port) as response:
        assert next(event for event in events(response) if event["event"] == "run-ended")["id"]
    with stream(made.port, f"{PATH}?after=2147483647") as response:
        assert next(events(response))["event"] == "reset"


def test_head_answers_without_a_stream(made: ServedApi) -> None:
    answer = ask(made.port, "HEAD", PATH)
    assert (answer.status, answer.body) == (200, b"")
    assert ask(made.port, "POST", PATH).status == 405


@contextmanager
def counting(home: Path, source: CounterSource, heartbeat_s: float = 60.0) -> Iterator[int]:
    """A server whose events come from a source that counts."""
    with open_lectures(home, "sqlite") as lectures:
        app = api_app(lectures, "127.0.0.1", source)
        app.state.streams.heartbeat_s = heartbeat_s
        with serving_app(app) as port:
            ServedApi(port, lectures).create()
            yield port


def test_while_nothing_happens_a_comment_tells_that_the_connection_lives(tmp_path: Path) -> None:
    source = CounterSource(last=1)
    with counting(tmp_path, source, heartbeat_s=0.02) as port, stream(port) as response:
        found = blocks(response)
        assert [list(next(found)) for _ in range(4)] == [["retry"], ["id", "event", "data"], [""], [""]]
        source.last = 2
        assert next(block["id"] for block in found if "id" in block) == "2"
    assert len(source.followed) == 1


def test_a_client_that_is_gone_leaves_nothing_behind(tmp_path: Path) -> None:
    source = CounterSource()
    with counting(tmp_path, source) as port:
        for _ in range(3):
            with stream(port) as response:
                assert next(events(response))["id"] == "1"
        wait_until(lambda: source.following == 0)
    assert len(source.followed) == 3


def test_a_source_that_breaks_ends_the_stream_and_tells_nothing(tmp_path: Path) -> None:
    with counting(tmp_path, CounterSource(last=1, breaks=True)) as port, stream(port) as response:
        assert b"secret" not in response.read()


def test_a_server_that_ends_ends_its_streams_in_order(tmp_path: Path) -> None:
    with open_lectures(tmp_path, "sqlite") as lectures, ProgressHub(lectures.context.database) as hub:
        app, port = api_app(lectures, "127.0.0.1", hub), free_port()
        server = ApiServer(server_config(app, "127.0.0.1", port), app.state.streams)
        thread = threading.Thread(target=server.run)
        thread.start()
        wait_until(lambda: server.started)
        ServedApi(port, lectures).create()
        with stream(port) as response:
            assert next(events(response))["id"] == "1"
            server.should_exit = True
            assert response.read() == b""  # http.client raises unless the last chunk came
        thread.join()
        assert app.state.streams.is_closed


def test_what_a_slow_client_has_not_taken_is_not_asked_for() -> None:
    asked: list[int] = []

    async def texts() -> AsyncGenerator[bytes, None]:
        for number in range(1000):
            asked.append(number)
            yield b"data: x\n\n"

    async def connect() -> None:
        sent, streams = asyncio.Semaphore(0), EventStreams()

        async def send(message: Any) -> None:
            sent.release()
            if message.get("body", b"").startswith(b"data"):
                await asyncio.Event().wait()  # the client takes nothing more

        async def receive() -> Any:
            return await asyncio.Event().wait()

        answer = EventStream(streams, texts(), {})({"type": "http", "method": "GET"}, receive, send)
        serving = asyncio.create_task(answer)
        for _ in range(3):
            await sent.acquire()
        assert asked == [0]
        streams.close()
        await serving

    asyncio.run(connect())
    assert asked == [0]


def test_while_the_database_is_away_event_source_keeps_trying_and_programs_are_told(tmp_path: Path) -> None:
    with stoppable_postgres_server() as server:
        execute(server.url, "CREATE DATABASE mine")
        url = server.url.set(database="mine").render_as_string(hide_password=False)
        with serving(tmp_path / "home", LECTURES_DATABASE_URL=url, LECTURES_DATABASE_WAIT="0") as served:
            served.create()
            signed = events_url(served)
            server.stop()
            for path in (signed, "/api/lectures", "/api/lectures/rain/timeline"):
                away = ask(served.port, "GET", path)
                assert (away.status, away.headers["content-type"]) == (503, "application/problem+json")
                assert int(away.headers["retry-after"]) > 0
                assert b"127.0.0.1" not in away.body
            with stream(served.port, signed, Accept="text/event-stream") as response:
                assert (response.status, response.read()) == (200, f"retry: {RETRY_MS}\n\n".encode())
            server.start()
            with stream(served.port, signed, Accept="text/event-stream") as response:
                assert next(events(response))["id"] == "1"
