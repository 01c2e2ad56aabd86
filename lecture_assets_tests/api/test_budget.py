"""A sender may ask for so much a second, counted in requests and in cost, over HTTP and over sockets together."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from lecture_assets.api.budget import Budgets, ThrottledError
from lecture_assets.api.cost_limits import MOST_COST
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.change.access_tokens import create_token
from lecture_assets.runner.setup.api_rates import ApiRates, api_rates
from lecture_assets_tests.api.serving import ServedApi, serving

PAGE = "{ lectures(first: 100) { items { id version title } } }"
PAGE_COST = 1 + 100 + 300


class Ticks:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def wait_of(take: Any, *arguments: Any) -> int:
    with pytest.raises(ThrottledError) as throttled:
        take(*arguments)
    assert throttled.value.extensions == {"code": "THROTTLED", "retryAfter": throttled.value.retry_after_s}
    return throttled.value.retry_after_s


def test_a_bucket_holds_what_twenty_seconds_restore_and_says_how_long_to_wait() -> None:
    clock = Ticks()
    budgets = Budgets(ApiRates(requests=2, cost=10_000), clock)
    for _ in range(40):
        budgets.take_request("a")
    assert wait_of(budgets.take_request, "a") == 1
    budgets.take_request("b")
    assert budgets.take_cost("a", 150_000) == {"available": 50_000, "restoreRate": 10_000}
    assert wait_of(budgets.take_cost, "a", 100_000) == 5
    clock.now += 5
    assert budgets.take_cost("a", 100_000) == {"available": 0, "restoreRate": 10_000}
    clock.now += 1_000
    assert budgets.take_cost("a", 0)["available"] == 200_000
    clock.now -= 500
    assert budgets.take_cost("a", 0)["available"] == 200_000, "a clock that goes back takes nothing"


def test_the_costliest_operation_always_fits_a_full_bucket() -> None:
    budgets = Budgets(ApiRates(requests=0.01, cost=1), Ticks())
    assert budgets.take_cost("a", MOST_COST)["available"] == 0
    budgets.take_request("a")
    assert wait_of(budgets.take_request, "a") == 100


def test_without_a_limit_nothing_is_counted_or_told() -> None:
    budgets = Budgets(ApiRates(requests=0, cost=0), Ticks())
    for _ in range(10_000):
        budgets.take_request("a")
        assert budgets.take_cost("a", MOST_COST) == {}


def test_few_buckets_are_kept() -> None:
    budgets = Budgets(ApiRates(requests=1, cost=0), Ticks(), most_senders=3)
    for sender in ("a", "b", "c", "a", "d"):
        budgets.take_request(sender)
    assert list(budgets._buckets) == ["c", "a", "d"]


@pytest.mark.parametrize(
    ("name", "text"), [("LECTURES_API_REQUESTS", "-1"), ("LECTURES_API_COST", "x"), ("LECTURES_API_COST", "nan")]
)
def test_a_rate_is_a_number_from_0(name: str, text: str) -> None:
    with pytest.raises(WrongInputError) as wrong:
        api_rates({name: text})
    assert wrong.value.faults[0].where == name
    assert api_rates({"LECTURES_API_REQUESTS": "7", "LECTURES_API_COST": ""}) == ApiRates(7, ApiRates().cost)


@pytest.fixture
def few(tmp_path: Path) -> Iterator[ServedApi]:
    """A server that restores next to nothing while a test lasts: six requests, and the cost of one large operation."""
    with serving(tmp_path / "home", LECTURES_API_REQUESTS="0.3", LECTURES_API_COST="0.01") as served:
        yield served


@pytest.mark.slow
def test_http_is_answered_429_until_when(few: ServedApi) -> None:
    bearer = {"Authorization": f"Bearer {create_token(few.lectures.context, 'read', '')['token']}"}
    for number in range(1, 7):
        cost = json.loads(few.post({"query": PAGE}).body)["extensions"]["cost"]
        assert cost == {
            "requested": PAGE_COST,
            "allowed": MOST_COST,
            "available": MOST_COST - number * PAGE_COST,
            "restoreRate": 0.01,
        }
    for headers in ({}, {"Accept": "application/graphql-response+json"}):
        refused = few.post({"query": PAGE}, **headers)
        (error,) = json.loads(refused.body)["errors"]
        assert (refused.status, error["extensions"]["code"]) == (429, "THROTTLED")
        assert 1 <= int(refused.headers["retry-after"]) == error["extensions"]["retryAfter"] <= 4
    assert few.post({"query": PAGE}, **bearer).status == 200, "another sender has a budget of its own"
    assert few.post({"query": PAGE}, Authorization="Bearer x").status == 401


@pytest.mark.slow
def test_an_operation_that_costs_more_than_is_left_is_not_executed(few: ServedApi) -> None:
    few.create()
    pages = " ".join(f"a{n}: nodes(first: 100) {{ items {{ id kind status take version }} }}" for n in range(45))
    copy = f'mutation {{ copyLecture(id: "rain", newId: "hail") {{ ... on LectureCopied {{ lecture {{ {pages} }} }} }} }}'
    for _ in range(3):
        assert few.post({"query": f'{{ lecture(id: "rain") {{ {pages} }} }}'}).status == 200
    assert few.post({"query": copy}).status == 429
    assert [one["lecture"] for one in few.lectures.all()] == ["rain"]


async def _say(socket: ClientConnection, kind: str, **more: Any) -> Any:
    await socket.send(json.dumps({"type": kind, **more}))
    return json.loads(await socket.recv())


@pytest.mark.slow
def test_sockets_count_as_well(few: ServedApi) -> None:
    async def words() -> tuple[list[str], int | None]:
        url, protocol = few.url.replace("http", "ws", 1), websockets.Subprotocol("graphql-transport-ws")
        async with asyncio.timeout(30), connect(url, subprotocols=[protocol]) as socket:
            heard = [await _say(socket, "connection_init")]
            for number in range(6):
                heard.append(await _say(socket, "subscribe", id=str(number), payload={"query": "{ __typename }"}))
                if heard[-1]["type"] == "next":
                    await socket.recv()
        async with connect(url, subprotocols=[protocol]) as socket:
            await socket.send('{"type": "connection_init"}')
            try:
                await socket.recv()
            except websockets.ConnectionClosed as closed:
                told = [str(one.get("payload")) if one["type"] == "error" else one["type"] for one in heard]
                return told, closed.rcvd.code if closed.rcvd else None
        return [], None

    heard, code = asyncio.run(words())
    assert heard[:6] == ["connection_ack", *["next"] * 5]
    assert "THROTTLED" in heard[6]
    assert code == 1013
    assert few.post({"query": PAGE}).status == 429
