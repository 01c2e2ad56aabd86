"""Webhooks by the standard: signed, tried again, safe to repeat, never to a private address, ended by 410."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.change.webhook_endpoints import (
    create_webhook,
    list_webhooks,
    ping_webhook,
    remove_webhook,
    rotate_webhook,
)
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.environment import check_environment
from lecture_assets.runner.watching import webhook_sender
from lecture_assets.runner.watching.webhook_sender import RETRIES_S, WebhookSender
from lecture_assets.store import webhooks
from lecture_assets.store.schema import webhook_endpoints, webhook_messages
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.servers.postgres import free_port
from lecture_assets_tests.store.engines import ENGINES, new_database

pytestmark = pytest.mark.slow
PRIVATE = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "localhost", "[fc00::1]"]
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Receiver:
    """A server that answers as it is told, and keeps what it was sent."""

    port: int
    answer: Answer
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.got]


def status(code: int, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver(0, status(204))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            found.answer(self)

        def log_message(self, *_arguments: object) -> None:
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Handler) as server:
        found.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield found
        server.shutdown()


@contextmanager
def opened(engine: str, folder: Path, receiver: Receiver) -> Iterator[Lectures]:
    environ = home_environ(folder / "home", LECTURES_WEBHOOK_LOOPBACK=f"127.0.0.1:{receiver.port}")
    if engine == "postgresql":
        environ["LECTURES_DATABASE_URL"] = new_database("postgresql", folder).render_as_string(hide_password=False)
    with Lectures.open(environ) as lectures:
        lectures.create(BRIEF, LECTURE)
        yield lectures


@pytest.fixture
def lectures(tmp_path: Path, receiver: Receiver) -> Iterator[Lectures]:
    with opened("sqlite", tmp_path, receiver) as lectures:
        yield lectures


@pytest.fixture(params=ENGINES)
def on_either(request: pytest.FixtureRequest, tmp_path: Path, receiver: Receiver) -> Iterator[Lectures]:
    """What many senders or the SQL decide is tried on both engines."""
    with opened(request.param, tmp_path, receiver) as lectures:
        yield lectures


def send(context: Context) -> int:
    return asyncio.run(WebhookSender(context).send_due())


def newest(context: Context) -> dict[str, Any]:
    ((message, *_),) = [endpoint["messages"] for endpoint in list_webhooks(context)]
    return dict(message)


def make_due(context: Context) -> None:
    """As if the pause were over."""
    with context.database.write() as connection:
        connection.execute(update(webhook_messages).values(next_at=0.0))


def test_a_run_is_told_of_and_a_library_of_others_verifies_it(on_either: Lectures, receiver: Receiver) -> None:
    made = create_webhook(on_either.context, receiver.url, [])
    assert on_either.regenerate(LECTURE)["failed"] == []
    while send(on_either.context):
        pass
    assert sorted(receiver.types()) == ["lecture.finished", "lecture.playable"]
    for headers, body in receiver.got:
        told = Webhook(made["secret"]).verify(body, headers)
        assert told["data"]["lecture"] == LECTURE
        assert told["data"]["version"] == 1
        with pytest.raises(WebhookVerificationError):
            Webhook(made["secret"]).verify(body + b" ", headers)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 2
    assert send(on_either.context) == 0


def test_an_endpoint_is_told_what_it_asked_for_and_by_its_own_workspace_alone(
    lectures: Lectures, receiver: Receiver, tmp_path: Path
) -> None:
    context = lectures.context
    create_webhook(context, receiver.url, ["lecture.finished"])
    other = home_environ(tmp_path / "home", LECTURES_WORKSPACE="other", LECTURES_WEBHOOK_LOOPBACK=f"127.0.0.1:{receiver.port}")
    other["LECTURES_DATABASE_URL"] = context.database.url.render_as_string(hide_password=False)
    with Lectures.open(other) as theirs:
        foreign = create_webhook(theirs.context, receiver.url, [])["id"]
    assert lectures.regenerate(LECTURE)["failed"] == []
    while send(context):
        pass
    assert receiver.types() == ["lecture.finished"]
    for act in (ping_webhook, remove_webhook, lambda where, name: rotate_webhook(where, name, 1.0)):
        with pytest.raises(WrongInputError):
            act(context, foreign)


def test_what_is_not_taken_is_sent_again_by_the_same_id_for_a_day(lectures: Lectures, receiver: Receiver) -> None:
    context = lectures.context
    ping_webhook(context, create_webhook(context, receiver.url, [])["id"])
    receiver.answer = status(500)
    for tries in range(1, len(RETRIES_S) + 2):
        assert newest(context)["state"] == "waiting"
        assert send(context) == 1
        assert send(context) == 0, "it is not due yet"
        assert newest(context)["tries"] == tries
        make_due(context)
    assert (newest(context)["state"], newest(context)["said"]) == ("failed", "answer 500")
    assert send(context) == 0
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert sum(RETRIES_S) == pytest.approx(24 * 3600, rel=0.02)


def test_410_ends_it(on_either: Lectures, receiver: Receiver) -> None:
    context = on_either.context
    name = create_webhook(context, receiver.url, [])["id"]
    for _ in range(3):
        ping_webhook(context, name)
    receiver.answer = status(410)
    while send(context):
        pass
    assert [endpoint["disabled"] for endpoint in list_webhooks(context)] == ["answer 410"]
    assert {message["state"] for message in list_webhooks(context)[0]["messages"]} == {"failed"}
    sent = len(receiver.got)
    on_either.regenerate(LECTURE)
    assert send(context) == 0
    assert len(receiver.got) == sent


@pytest.mark.parametrize("place", ["http://127.0.0.1:1/", "https://127.0.0.1/", "http://169.254.169.254/latest/meta-data/"])
def test_a_redirect_is_not_followed(lectures: Lectures, receiver: Receiver, place: str) -> None:
    context = lectures.context
    ping_webhook(context, create_webhook(context, receiver.url, [])["id"])
    receiver.answer = status(302, Location=place)
    assert send(context) == 1
    assert (newest(context)["state"], newest(context)["said"]) == ("waiting", "answer 302")


def test_a_receiver_that_hangs_up_or_does_not_answer_is_tried_again(
    lectures: Lectures, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, over = lectures.context, threading.Event()
    ping_webhook(context, create_webhook(context, receiver.url, [])["id"])
    receiver.answer = lambda handler: handler.connection.close()
    send(context)
    assert newest(context)["said"].startswith("no complete answer (")
    make_due(context)

    def hang(_handler: BaseHTTPRequestHandler) -> None:
        over.wait()

    receiver.answer = hang
    with monkeypatch.context() as patch:
        patch.setattr(webhook_sender, "_TIMEOUT_S", 0.3)
        send(context)
    over.set()
    assert newest(context)["said"] == "no answer within 0 s"
    make_due(context)
    receiver.answer = status(200)
    send(context)
    assert newest(context)["state"] == "delivered"


def test_a_receiver_may_ask_for_a_pause(lectures: Lectures, receiver: Receiver) -> None:
    context = lectures.context
    ping_webhook(context, create_webhook(context, receiver.url, [])["id"])
    receiver.answer = status(429, Retry_After="600")
    send(context)
    with context.database.read() as connection:
        (next_at,) = connection.execute(webhook_messages.select().with_only_columns(webhook_messages.c.next_at)).one()
        assert 590 < next_at - context.store_time(connection) <= 600


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://user:word@example.com/",
        "ftp://example.com/",
        "http://127.0.0.1:1/",
        "https://",
        "no url",
        "https://exa mple.com/",
        "https://example.com/\n",
        "https://example.com/" + "x" * 2000,
        "http://localhost/",
    ],
)
def test_only_https_is_accepted(lectures: Lectures, url: str) -> None:
    with pytest.raises(WrongInputError, match="url: found"):
        create_webhook(lectures.context, url, [])


@pytest.mark.parametrize("host", PRIVATE)
def test_nothing_goes_to_a_private_address(lectures: Lectures, host: str) -> None:
    context = lectures.context
    ping_webhook(context, create_webhook(context, f"https://{host}/hooks", [])["id"])
    send(context)
    assert newest(context)["said"].startswith(("a host that is not public", "a host that was not found"))


def test_two_secrets_sign_while_one_takes_over_from_the_other(on_either: Lectures, receiver: Receiver) -> None:
    context = on_either.context
    old = create_webhook(context, receiver.url, [])
    new = rotate_webhook(context, old["id"], 1.0)
    ping_webhook(context, old["id"])
    send(context)
    ((headers, body),) = receiver.got
    assert old["secret"] != new["secret"]
    for secret in (old["secret"], new["secret"]):
        Webhook(secret).verify(body, headers)
    rotate_webhook(context, old["id"], 0.0)
    ping_webhook(context, old["id"])
    send(context)
    with pytest.raises(WebhookVerificationError):
        Webhook(new["secret"]).verify(receiver.got[1][1], receiver.got[1][0])


def test_of_many_senders_each_message_has_one(on_either: Lectures, receiver: Receiver) -> None:
    context = on_either.context
    name = create_webhook(context, receiver.url, [])["id"]
    for _ in range(30):
        ping_webhook(context, name)
    with ThreadPoolExecutor(4) as pool:
        while sum(pool.map(send, [context] * 4)):
            pass
    assert len(receiver.got) == len({headers["webhook-id"] for headers, _ in receiver.got}) == 30


def test_what_a_dead_sender_had_in_hand_is_sent_once_its_claim_is_over(on_either: Lectures, receiver: Receiver) -> None:
    context = on_either.context
    ping_webhook(context, create_webhook(context, receiver.url, [])["id"])
    with context.database.write() as connection:
        now = context.store_time(connection)
        assert len(webhooks.claim(connection, now, now + 60.0, 16)) == 1
    assert send(context) == 0
    with context.database.write() as connection:
        connection.execute(update(webhook_messages).values(claimed_until=now))
    assert send(context) == 1
    assert receiver.types() == ["webhook.ping"]


def test_old_messages_go_and_those_that_wait_stay(on_either: Lectures, receiver: Receiver) -> None:
    context = on_either.context
    name = create_webhook(context, receiver.url, [])["id"]
    for state in ("delivered", "failed", "waiting"):
        message = ping_webhook(context, name)["message"]
        with context.database.write() as connection:
            mine = update(webhook_messages).where(webhook_messages.c.id == message)
            connection.execute(mine.values(state=state, created_at=0.0, next_at=1e12))
    ping_webhook(context, name)
    send(context)
    assert sorted(message["state"] for message in list_webhooks(context)[0]["messages"]) == ["delivered", "waiting"]


def test_a_conflict_is_told(on_either: Lectures, receiver: Receiver) -> None:
    context = on_either.context
    create_webhook(context, receiver.url, ["lecture.conflict", "lecture.failed"])
    on_either.regenerate(LECTURE)
    on_either.edit(LECTURE, ["text content:narration-text:segment[0]=My own words."])
    on_either.regenerate(LECTURE)
    on_either.edit(LECTURE, ["set notes=The hot sun warms the sea.\n\nHigh up it cools, and drops fall on the mountains."])
    assert on_either.regenerate(LECTURE)["conflicts"] != []
    while send(context):
        pass
    assert receiver.types() == ["lecture.conflict"]
    assert json.loads(receiver.got[0][1])["data"]["nodes"] == ["content:narration-text:segment[0]"]


def test_the_thread_sends_what_is_due_and_ends(lectures: Lectures, receiver: Receiver) -> None:
    arrived = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        status(204)(handler)
        arrived.set()

    receiver.answer = answer
    with WebhookSender(lectures.context):
        ping_webhook(lectures.context, create_webhook(lectures.context, receiver.url, [])["id"])
        assert arrived.wait(30)


@pytest.mark.parametrize("text", ["127.0.0.1", "example.com:80", "127.0.0.1:0", "127.0.0.1:99999", "x"])
def test_a_wrong_place_of_this_machine_is_named(text: str, tmp_path: Path) -> None:
    with pytest.raises(WrongInputError, match="LECTURES_WEBHOOK_LOOPBACK: found"):
        check_environment({"LECTURES_HOME": str(tmp_path), "LECTURES_WEBHOOK_LOOPBACK": text})


def test_a_place_that_is_not_allowed_any_more_gets_nothing(lectures: Lectures, receiver: Receiver) -> None:
    context = lectures.context
    name = create_webhook(context, receiver.url, [])["id"]
    with context.database.write() as connection:
        connection.execute(update(webhook_endpoints).values(url=f"http://127.0.0.1:{free_port()}/"))
    ping_webhook(context, name)
    send(context)
    assert newest(context)["said"] == "a URL that is not https://host/…"
