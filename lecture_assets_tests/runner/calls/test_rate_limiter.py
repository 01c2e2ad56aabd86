"""When calls of one regeneration may be sent: what vendors say is heeded, retries have a budget, a dead vendor is given up."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lecture_assets.graph.kind import Role
from lecture_assets.ports import Allowance, FailureKind, ImageRequest, NoLookupError, ProviderError, TextRequest
from lecture_assets.providers.amounts import likely_tokens
from lecture_assets.providers.catalogue import read_catalogue
from lecture_assets.providers.failures import wrong_request
from lecture_assets.providers.model import Model, Rate
from lecture_assets.runner.calls.rate_limiter import RateLimiter, SendRequest, VendorDownError
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import migrate
from lecture_assets.store.rate_limits import BREAKS_AFTER, GIVEN_UP_AFTER

TEXT = TextRequest("script-generation", "system", "prompt " * 100, {}, {})


def gone() -> ProviderError:
    return ProviderError("openai", FailureKind.RETRYABLE, "503", "HTTP 503", reached=False)


class Time:
    """A clock of the test's own: it goes on by what is waited for."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[tuple[float, str]] = []

    def tell(self, seconds: float, why: str) -> None:
        self.waits.append((seconds, why))

    async def wait(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'lectures.db'}")
    migrate(database)
    yield database
    database.close()


def model_of(requests: int = 60, tokens: int = 6_000) -> Model:
    found = read_catalogue({}).find("openai:gpt-5.4-mini", Role.TEXT)
    return replace(found, rates=(Rate("openai:m", "request", requests), Rate("openai:m", "token", tokens)))


def play(
    database: Database, scene: Callable[[RateLimiter, SendRequest, Time], Awaitable[None]], model: Model | None = None
) -> Time:
    clock = Time()

    async def work() -> None:
        rate_limiter = RateLimiter(database, lambda _: clock.now, "default", "worker")
        ask = SendRequest("node", model or model_of(), TEXT, 0.0, interactive=False, wait=clock.wait, report_delay=clock.tell)
        try:
            await scene(rate_limiter, ask, clock)
        finally:
            await rate_limiter.close()

    asyncio.run(work())
    return clock


async def send(rate_limiter: RateLimiter, ask: SendRequest, times: int = 1, *, is_retry: bool = False) -> None:
    for _ in range(times):
        async with rate_limiter.permit(ask, is_retry=is_retry):
            pass


def test_a_model_without_rate_limits_never_waits_and_leaves_no_trace(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, _: Time) -> None:
        await send(rate_limiter, ask, 100)
        await rate_limiter.record_outcome(ask, gone(), 0.0)
        await rate_limiter.reconcile_usage(ask, 10**6)

    assert play(database, scene, replace(model_of(), rates=())).waits == []


def test_calls_are_sent_at_the_models_rate_and_a_long_wait_is_reported_once(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, clock: Time) -> None:
        started = clock.now
        await send(rate_limiter, ask, 5)
        assert clock.now - started == pytest.approx(4 * likely_tokens(TEXT) / 100 - 3.0)

    said = play(database, scene).waits
    assert {why for _, why in said} == {"the rate limit of openai:gpt-5.4-mini is reached"}
    assert len(said) <= 4


@pytest.mark.slow
def test_limits_that_a_vendor_reports_are_respected(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, clock: Time) -> None:
        await send(rate_limiter, ask, 10)
        rate_limiter.on_rate_headers(ask.model, [Allowance("request", 30, 0, 9.0)])
        await rate_limiter.record_outcome(ask, None, clock.now)
        said_at = clock.now
        await send(rate_limiter, ask)
        assert clock.now - said_at == pytest.approx(9.0)
        await send(rate_limiter, ask)
        assert clock.now - said_at == pytest.approx(11.0)

    play(database, scene, model_of(tokens=10**9))


def test_unused_tokens_are_available_to_the_next_call(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, clock: Time) -> None:
        await send(rate_limiter, ask)
        await rate_limiter.reconcile_usage(ask, 0)
        before = clock.now
        await send(rate_limiter, ask)
        assert clock.now == before
        await rate_limiter.reconcile_usage(ask, 1_000)
        await send(rate_limiter, ask)
        assert clock.now - before == pytest.approx(10.0 - 3.0 + 0.0, abs=likely_tokens(TEXT) / 100)

    play(database, scene, model_of(requests=10**6))


@pytest.mark.slow
def test_one_of_ten_requests_may_be_a_retry(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, clock: Time) -> None:
        started = clock.now
        await send(rate_limiter, ask, 61, is_retry=True)
        assert clock.now - started < 4.0  # those of a minute, at the pace of all
        await send(rate_limiter, ask, 60, is_retry=True)
        assert clock.now - started == pytest.approx(60.0)

    play(database, scene, model_of(requests=600, tokens=10**9))


@pytest.mark.slow
def test_a_vendor_that_is_gone_is_asked_now_and_then_and_given_up_after_minutes(database: Database) -> None:
    requests: list[float] = []

    async def scene(rate_limiter: RateLimiter, ask: SendRequest, clock: Time) -> None:
        started = clock.now

        async def ask_on() -> None:
            while True:
                await send(rate_limiter, ask)
                requests.append(clock.now)
                await rate_limiter.record_outcome(ask, error := gone(), clock.now)
                assert error.counts == (not BREAKS_AFTER <= len(requests) < GIVEN_UP_AFTER)

        with pytest.raises(
            VendorDownError, match=r"openai did not answer 20 times in a row; it may be asked again at \d\d:\d\d:\d\d UTC"
        ):
            await ask_on()
        assert 240 < clock.now - started < 720
        with pytest.raises(VendorDownError):
            await rate_limiter.await_answering(ask)
        clock.now += 60
        await rate_limiter.await_answering(ask)
        await send(rate_limiter, ask)
        await rate_limiter.record_outcome(ask, None, clock.now)
        await send(rate_limiter, ask, 3)

    clock = play(database, scene)
    assert len(requests) == GIVEN_UP_AFTER
    assert any("is paused for a while" in why for _, why in clock.waits)


def test_a_retry_may_be_the_one_that_looks_whether_a_vendor_is_back(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, clock: Time) -> None:
        for _ in range(BREAKS_AFTER):
            await rate_limiter.record_outcome(ask, gone(), clock.now)
        clock.now += 60.0
        before = clock.now
        await send(rate_limiter, ask, is_retry=True)
        assert clock.now == before

    play(database, scene)


def test_what_is_heard_of_one_model_waits_for_that_models_call(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, clock: Time) -> None:
        other = replace(ask, model=replace(ask.model, rates=(Rate("openai:o", "request", 60),)))
        rate_limiter.on_rate_headers(ask.model, [Allowance("request", 60, 0, 9.0)])
        await rate_limiter.record_outcome(other, None, clock.now)
        await send(rate_limiter, ask)
        assert clock.now == 1000.0
        await rate_limiter.record_outcome(ask, None, clock.now)
        await send(rate_limiter, ask)
        assert clock.now == 1009.0

    play(database, scene)


def test_an_error_that_never_met_the_vendor_says_nothing_of_it(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, clock: Time) -> None:
        for _ in range(BREAKS_AFTER):
            await rate_limiter.record_outcome(ask, gone(), clock.now)
        await rate_limiter.record_outcome(ask, wrong_request("openai", "too long"), clock.now)
        await rate_limiter.record_outcome(ask, NoLookupError("openai", "speech"), clock.now)
        before = clock.now
        await send(rate_limiter, ask)
        assert clock.now > before

    play(database, scene)


def test_a_model_with_a_limit_of_tokens_alone_may_be_tried_again(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, _: Time) -> None:
        await send(rate_limiter, ask, is_retry=True)

    play(database, scene, replace(model_of(), rates=(Rate("openai:m", "token", 60_000),)))


def test_of_one_line_the_longest_path_goes_first(database: Database) -> None:
    order: list[str] = []

    async def scene(rate_limiter: RateLimiter, ask: SendRequest, _: Time) -> None:
        async def call(node: str, behind: float) -> None:
            async with rate_limiter.permit(replace(ask, node=node, critical_path_s=behind), is_retry=False):
                order.append(node)

        await asyncio.gather(call("first", 0.0), call("short", 1.0), call("long", 9.0), call("middle", 5.0))

    play(database, scene)
    assert order == ["first", "long", "middle", "short"]


def test_pictures_and_texts_stand_in_lines_of_their_own(database: Database) -> None:
    async def scene(rate_limiter: RateLimiter, ask: SendRequest, clock: Time) -> None:
        picture = replace(model_of(), rates=(Rate("openai:p", "request", 5),))
        pictures = replace(ask, model=picture, request=ImageRequest("p", 64, 64))
        await send(rate_limiter, pictures)
        async with rate_limiter.permit(pictures, is_retry=False):
            before = clock.now
            await send(rate_limiter, ask)
            assert clock.now == before

    play(database, scene)


@pytest.mark.slow
def test_on_a_real_clock_no_more_is_sent_than_is_allowed(database: Database) -> None:
    """What was saved is thirty; then one each tenth of a second, however long it takes to ask."""

    async def work() -> float:
        rate_limiter, began = RateLimiter(database, lambda _: time.time(), "default", "worker"), time.monotonic()
        model = replace(model_of(), rates=(Rate("openai:m", "request", 600),))
        ask = SendRequest("node", model, TEXT, 0.0, interactive=False, wait=asyncio.sleep, report_delay=lambda *_: None)
        await send(rate_limiter, ask, 40)
        await rate_limiter.close()
        return time.monotonic() - began

    assert asyncio.run(work()) >= 0.85
