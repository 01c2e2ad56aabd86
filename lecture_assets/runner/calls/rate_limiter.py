"""Decides when the calls of one regeneration may be sent, under limits shared by all processes (`store/rate_limits.py`).

    call ──► this regeneration's queue: longest path first ─► the shared queue, fair between workspaces
    retry ─► first a queue of its own, at a tenth of the rate, so that a struggling vendor does not get twice the traffic

A model without rate limits, such as a simulated one, never waits and causes no database access.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from lecture_assets.ports import Allowance, FailureKind, ProviderError, Request
from lecture_assets.providers.amounts import likely_tokens
from lecture_assets.providers.model import Model, Rate
from lecture_assets.runner.setup.slots import LocalLimiter
from lecture_assets.store import rate_limits
from lecture_assets.store.database import Database
from lecture_assets.store.fair_queue import QueueTicket
from lecture_assets.store.rate_limits import BucketUse, Remaining, SendDecision

T = TypeVar("T")
_PAUSE_S = 1.0
"""The pause after a rate-limit refusal that names none."""
_REQUESTS_PER_RETRY = 10
"""One in this many requests may be a retry; a minute's worth may be used at once."""
_MIN_RETRIES_PER_MINUTE = 6
"""For models with a low limit."""
_MIN_REPORTED_S = 2.0
"""Shorter waits are not reported."""


class VendorDownError(ProviderError):
    """A vendor has been unavailable for so long that calls no longer wait for it."""


@dataclass(frozen=True, slots=True)
class SendRequest:
    """A call that waits to be sent.

    critical_path_s: seconds on the longest path from its node to the end
    interactive:     it serves an edit
    wait:            waits for a number of seconds
    report_delay:    reports a delay in seconds, and its reason
    """

    node: str
    model: Model
    request: Request
    critical_path_s: float
    interactive: bool
    wait: Callable[[float], Awaitable[None]]
    report_delay: Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class RateLimiter:
    """Grants the calls of one regeneration permission to be sent.

    now:    returns the store's time
    worker: the regeneration's name in the shared queues
    """

    database: Database
    now: Callable[[Connection], float]
    workspace: str
    worker: str
    _queues: LocalLimiter = field(default_factory=lambda: LocalLimiter({}))
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="rate-limiter"))
    _remaining: dict[str, Remaining] = field(default_factory=dict)
    _joined: set[str] = field(default_factory=set)

    @asynccontextmanager
    async def permit(self, wanted: SendRequest, *, is_retry: bool) -> AsyncIterator[None]:
        """Wait until the call may be sent. The next call in its queue waits until this block ends. VendorDownError."""
        if not wanted.model.rates:
            yield
            return
        if is_retry and (retries := _retries(wanted.model)):
            async with self._in_queue(wanted, retries, sends=False):
                pass
        async with self._in_queue(wanted, _claims(wanted.model, wanted.request), sends=True):
            yield

    @asynccontextmanager
    async def _in_queue(self, wanted: SendRequest, claims: Sequence[BucketUse], *, sends: bool) -> AsyncIterator[None]:
        queue = " + ".join(claim.bucket for claim in claims)
        async with self._queues.hold(queue, wanted.critical_path_s, wanted.node):
            self._joined.add(queue)
            await self._await_turn(wanted, claims, sends=sends)
            yield

    async def _await_turn(self, wanted: SendRequest, claims: Sequence[BucketUse], *, sends: bool) -> None:
        ticket = QueueTicket(self.worker, self.workspace, wanted.interactive)
        is_reported = False
        while True:
            turn = await self._write(
                lambda c: rate_limits.request_permit(c, wanted.model.provider, claims, ticket, self.now(c), sends=sends)
            )
            if turn.is_now:
                return
            _require_available(wanted.model.provider, turn)
            if not is_reported and (turn.failures or turn.expected_s >= _MIN_REPORTED_S):
                wanted.report_delay(turn.expected_s, _why(wanted.model, turn))
                is_reported = True
            await wanted.wait(turn.wait_s)

    async def await_answering(self, wanted: SendRequest) -> None:
        """Wait until the vendor's circuit breaker lets a lookup through. VendorDownError if the vendor is down."""
        vendor = wanted.model.provider
        while wanted.model.rates:
            closed = await self._read(lambda connection: rate_limits.breaker_state(connection, vendor, self.now(connection)))
            if closed is None or not closed.wait_s:
                return
            _require_available(vendor, closed)
            wanted.report_delay(closed.wait_s, _why(wanted.model, closed))
            await wanted.wait(closed.wait_s)

    def on_rate_headers(self, model: Model, allowances: Sequence[Allowance]) -> None:
        """Keep the limits that a vendor reports. They are written with the outcome of the call."""
        for rate, each in ((rate, each) for rate in model.rates for each in allowances if rate.unit == each.unit):
            own = each.per_minute if rate.bucket != model.provider else None  # one model's limit is not the whole vendor's
            self._remaining[_bucket(rate)] = Remaining(_bucket(rate), own, each.left, each.next_s)

    async def record_outcome(self, wanted: SendRequest, error: ProviderError | None, began: float) -> None:
        """Record the outcome of a request that was sent at `began`: an answer (None), a rate-limit refusal, or no answer.

        An error that only means that the vendor is unavailable does not count as one of the call's tries.
        """
        vendor, reached = wanted.model.provider, True if error is None else error.reached
        reported = [left for rate in wanted.model.rates if (left := self._remaining.pop(_bucket(rate), None))]
        if not wanted.model.rates or (reached is None and not reported):
            return
        if error is None and not reported and not await self._read(lambda c: rate_limits.breaker_state(c, vendor, self.now(c))):
            return

        def write(connection: Connection) -> int:
            now = self.now(connection)
            failures = 0 if reached is None else rate_limits.record_health(connection, vendor, now, began=began, answered=reached)
            rate_limits.apply_vendor_limits(connection, reported, now)
            if error is not None and error.throttled:
                rate_limits.slow_down(connection, _claims(wanted.model, wanted.request), now, error.retry_after or _PAUSE_S)
            return failures

        failures = await self._write(write)
        if error is not None:
            error.counts = not rate_limits.BREAKS_AFTER <= failures < rate_limits.GIVEN_UP_AFTER

    async def reconcile_usage(self, wanted: SendRequest, tokens: int | None) -> None:
        """Correct the limits by the number of tokens that the vendor counted for a call."""
        rate = next((rate for rate in wanted.model.rates if rate.unit == "token"), None)
        if rate is not None and tokens is not None:
            await self._write(
                lambda c: rate_limits.reconcile_usage(c, _claim(rate, likely_tokens(wanted.request)), tokens, self.now(c))
            )

    async def close(self) -> None:
        """Leave all queues."""
        if self._joined:
            await self._write(lambda c: rate_limits.stop_waiting(c, self.worker))
        self._thread.shutdown()

    async def _write(self, work: Callable[[Connection], T]) -> T:
        """Write in a separate transaction: together with other writes, it might take locks in the opposite order to another."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.database.writing, work)

    async def _read(self, query: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.database.reading, query)


def _claims(model: Model, request: Request) -> list[BucketUse]:
    amounts = {"request": 1, "token": likely_tokens(request)}
    return [_claim(rate, amounts[rate.unit]) for rate in model.rates]


def _claim(rate: Rate, amount: int) -> BucketUse:
    return BucketUse(_bucket(rate), rate.per_minute, amount)


def _retries(model: Model) -> list[BucketUse]:
    per_minute_of = {
        rate.bucket: max(_MIN_RETRIES_PER_MINUTE, rate.per_minute // _REQUESTS_PER_RETRY)
        for rate in model.rates
        if rate.unit == "request"
    }
    return [BucketUse(f"{bucket} retry", per_minute, 1, saved_s=60.0) for bucket, per_minute in per_minute_of.items()]


def _bucket(rate: Rate) -> str:
    return f"{rate.bucket} {rate.unit}"


def _why(model: Model, turn: SendDecision) -> str:
    if turn.failures:
        return f"{model.provider} did not answer {turn.failures} times in a row and is paused for a while"
    return f"the rate limit of {model.name} is reached"


def _require_available(vendor: str, turn: SendDecision) -> None:
    """Raise VendorDownError if the vendor has not answered for minutes and no call is probing it."""
    if turn.failures < rate_limits.GIVEN_UP_AFTER or turn.is_probed:
        return
    again = datetime.now(UTC) + timedelta(seconds=turn.wait_s)
    message = (
        f"{vendor} did not answer {turn.failures} times in a row; it may be asked again at {again:%H:%M:%S} UTC: "
        "a run after that makes what is missing"
    )
    raise VendorDownError(vendor, FailureKind.RETRYABLE, "away", message)
