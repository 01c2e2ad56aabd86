"""Decides when the calls of one regeneration may be sent: by limits that all processes share (`store/rate_limits.py`).

call ─► this regeneration's line: the longest path first ─► the line of all regenerations, fair between workspaces
retry ─► a line of its own before: a tenth of the pace, so that a vendor that stumbles is not asked twice as often

A model without rates, as a simulated one is, waits for nobody and costs no look.
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
"""After a refusal for the limits that does not say how long."""
_RETRIES = 10
"""One of so many requests may be a retry; those of a minute may be used at once."""
_FEWEST_RETRIES = 6
"""A minute, of a model with a low limit."""
_SAID_FROM_S = 2.0
"""A wait that is shorter is nothing that a person wants to hear of."""


class VendorDownError(ProviderError):
    """A vendor has not answered for so long that nothing waits for it any more."""


@dataclass(frozen=True, slots=True)
class SendRequest:
    """A call that wants to be sent: for which node, to which model, and how it waits.

    critical_path_s: the longest path from here; interactive: for an edit
    wait: lets so many seconds go by; tell: says for how long it waits, and why
    """

    node: str
    model: Model
    request: Request
    critical_path_s: float
    interactive: bool
    wait: Callable[[float], Awaitable[None]]
    tell: Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class RateLimiter:
    """Says when the calls of one regeneration may be sent. now: the store's time; worker: its name in the lines."""

    database: Database
    now: Callable[[Connection], float]
    workspace: str
    worker: str
    _lines: LocalLimiter = field(default_factory=lambda: LocalLimiter({}))
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="pace"))
    _said: dict[str, Remaining] = field(default_factory=dict)
    _stood_in: set[str] = field(default_factory=set)

    @asynccontextmanager
    async def permit(self, wanted: SendRequest, *, is_retry: bool) -> AsyncIterator[None]:
        """Wait until the call may be sent; the next one of its line waits until this block ends. VendorDownError."""
        if not wanted.model.rates:
            yield
            return
        if is_retry and (retries := _retries(wanted.model)):
            async with self._in_line(wanted, retries, sends=False):
                pass
        async with self._in_line(wanted, _claims(wanted.model, wanted.request), sends=True):
            yield

    @asynccontextmanager
    async def _in_line(self, wanted: SendRequest, claims: Sequence[BucketUse], *, sends: bool) -> AsyncIterator[None]:
        line = " + ".join(claim.bucket for claim in claims)
        async with self._lines.hold(line, wanted.critical_path_s, wanted.node):
            self._stood_in.add(line)
            await self._await_turn(wanted, claims, sends=sends)
            yield

    async def _await_turn(self, wanted: SendRequest, claims: Sequence[BucketUse], *, sends: bool) -> None:
        standing = QueueTicket(self.worker, self.workspace, wanted.interactive)
        is_said = False
        while True:
            turn = await self._write(
                lambda c: rate_limits.request_permit(c, wanted.model.provider, claims, standing, self.now(c), sends=sends)
            )
            if turn.is_now:
                return
            _require_hope(wanted.model.provider, turn)
            if not is_said and (turn.failures or turn.expected_s >= _SAID_FROM_S):
                wanted.tell(turn.expected_s, _why(wanted.model, turn))
                is_said = True
            await wanted.wait(turn.wait_s)

    async def await_answering(self, wanted: SendRequest) -> None:
        """Wait until the vendor's breaker lets a look through. VendorDownError for a dead vendor."""
        while wanted.model.rates:
            with self.database.read() as connection:
                closed = rate_limits.breaker_state(connection, wanted.model.provider, self.now(connection))
            if closed is None or not closed.wait_s:
                return
            _require_hope(wanted.model.provider, closed)
            wanted.tell(closed.wait_s, _why(wanted.model, closed))
            await wanted.wait(closed.wait_s)

    def on_rate_headers(self, model: Model, said: Sequence[Allowance]) -> None:
        """Remember what a vendor says of its limits; it is written with the outcome of the call."""
        for rate, each in ((rate, each) for rate in model.rates for each in said if rate.unit == each.unit):
            own = each.per_minute if rate.bucket != model.provider else None  # a model's limit is not that of all of a vendor's
            self._said[_bucket(rate)] = Remaining(_bucket(rate), own, each.left, each.next_s)

    async def record_outcome(self, wanted: SendRequest, error: ProviderError | None, began: float) -> None:
        """Write down what came of a request that was sent at `began`: an answer (None), a refusal for its limits, or nothing.

        An error that only says that the vendor is away does not count as one of the call's tries.
        """
        vendor, reached = wanted.model.provider, True if error is None else error.reached
        said = [left for rate in wanted.model.rates if (left := self._said.pop(_bucket(rate), None))]
        if not wanted.model.rates or (reached is None and not said):
            return
        if error is None and not said and not await self._read(lambda c: rate_limits.breaker_state(c, vendor, self.now(c))):
            return

        def write(connection: Connection) -> int:
            now = self.now(connection)
            failures = 0 if reached is None else rate_limits.record_health(connection, vendor, now, began=began, answered=reached)
            rate_limits.apply_vendor_limits(connection, said, now)
            if error is not None and error.throttled:
                rate_limits.slow_down(connection, _claims(wanted.model, wanted.request), now, error.retry_after or _PAUSE_S)
            return failures

        failures = await self._write(write)
        if error is not None:
            error.counts = not rate_limits.BREAKS_AFTER <= failures < rate_limits.GIVEN_UP_AFTER

    async def reconcile_usage(self, wanted: SendRequest, tokens: int | None) -> None:
        """Correct the limits by the tokens that a call really took, as its vendor counted."""
        rate = next((rate for rate in wanted.model.rates if rate.unit == "token"), None)
        if rate is not None and tokens is not None:
            await self._write(
                lambda c: rate_limits.reconcile_usage(c, _claim(rate, likely_tokens(wanted.request)), tokens, self.now(c))
            )

    async def close(self) -> None:
        """Leave all lines."""
        if self._stood_in:
            await self._write(lambda c: rate_limits.stop_waiting(c, self.worker))
        self._thread.shutdown()

    async def _write(self, work: Callable[[Connection], T]) -> T:
        """In a transaction of its own: in one with other writes, it might take its locks the other way round than another."""

        def write() -> T:
            with self.database.write() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, write)

    async def _read(self, look: Callable[[Connection], T]) -> T:
        def read() -> T:
            with self.database.read() as connection:
                return look(connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, read)


def _claims(model: Model, request: Request) -> list[BucketUse]:
    amounts = {"request": 1, "token": likely_tokens(request)}
    return [_claim(rate, amounts[rate.unit]) for rate in model.rates]


def _claim(rate: Rate, amount: int) -> BucketUse:
    return BucketUse(_bucket(rate), rate.per_minute, amount)


def _retries(model: Model) -> list[BucketUse]:
    paces_of = {rate.bucket: max(_FEWEST_RETRIES, rate.per_minute // _RETRIES) for rate in model.rates if rate.unit == "request"}
    return [BucketUse(f"{bucket} retry", per_minute, 1, saved_s=60.0) for bucket, per_minute in paces_of.items()]


def _bucket(rate: Rate) -> str:
    return f"{rate.bucket} {rate.unit}"


def _why(model: Model, turn: SendDecision) -> str:
    if turn.failures:
        return f"{model.provider} did not answer {turn.failures} times in a row, and is left alone for a while"
    return f"{model.name} may be called so often and no more"


def _require_hope(vendor: str, turn: SendDecision) -> None:
    """VendorDownError where a vendor has not answered for minutes, and no call is looking whether it is back."""
    if turn.failures < rate_limits.GIVEN_UP_AFTER or turn.is_probed:
        return
    again = datetime.now(UTC) + timedelta(seconds=turn.wait_s)
    message = (
        f"{vendor} did not answer {turn.failures} times in a row; it is asked again at {again:%H:%M:%S} UTC, "
        "and what is missing is made by a run after that"
    )
    raise VendorDownError(vendor, FailureKind.RETRYABLE, "away", message)
