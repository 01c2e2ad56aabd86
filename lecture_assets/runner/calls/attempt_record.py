"""The state of one attempt, and its writes to the ledger. Talking to the vendor is in `attempt.py`.

    LEFT --never accepted----> INTENDED --authorize--> SENDING --submit--> SENT --> RECEIVING --> RECEIVED --settle--> SETTLED
      |                           |                      |                 ^  |         |
      |                           +------ withdraw ------+--> WITHDRAWN    |  +-- fail -+--> FAILED
      +--the vendor has it-------------------------------------------------+

The ledger never records more about an attempt than is known.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from lecture_assets.ports import Provider, ProviderError
from lecture_assets.providers.failures import no_key
from lecture_assets.runner.calls.boundary import Boundary, Departure
from lecture_assets.runner.calls.call_progress import append_started
from lecture_assets.runner.calls.environment import CallEnvironment
from lecture_assets.runner.calls.media_ingest import IngestedReply
from lecture_assets.runner.calls.request import CallRequest, HeadMovedError
from lecture_assets.runner.calls.retries import Tries
from lecture_assets.runner.calls.stopwatch import Stopwatch
from lecture_assets.store import ledger
from lecture_assets.store.ledger import Intent, LedgerDecision

T = TypeVar("T")
_MAX_INGEST_S = 600.0


class AttemptState(StrEnum):
    """How far an attempt has come."""

    INTENDED = "intended"  # in the ledger, or about to be, with its price reserved; no byte was sent
    LEFT = "left"  # found abandoned in the ledger: the vendor is asked about it first
    SENDING = "sending"  # the request, or its reply, which arrives only once, is in transit
    SENT = "sent"  # the vendor may have it, and can be asked for it again
    RECEIVING = "receiving"  # the vendor's output is being stored
    RECEIVED = "received"  # its value was received, but is not recorded yet
    SETTLED = "settled"  # its value and its cost are recorded
    FAILED = "failed"  # it failed; whatever it cost anyway is in the ledger
    WITHDRAWN = "withdrawn"  # it was withdrawn before a byte was sent

    @property
    def awaits_reply(self) -> bool:
        """Whether its reply is in transit, and would be lost if this process stopped waiting."""
        return self in {AttemptState.SENDING, AttemptState.RECEIVING}

    @property
    def is_out(self) -> bool:
        """Whether it may have reached the vendor, and is not settled yet."""
        return self.awaits_reply or self in {AttemptState.SENT, AttemptState.RECEIVED}


@dataclass(eq=False)
class AttemptRecord:
    """One attempt: its request, its state, and its writes to the ledger.

    adapter:         the vendor's adapter; None without a key for that vendor
    provider_id:     the vendor's own id for the call, once known
    departure:       whether any byte was sent
    sent_at:         when this regeneration sent it, in the store's time
    lost_usd_micros: the cost of a failed attempt
    ingested:        its value and its cost, once received
    files:           the media that it is sent with, by SHA-256
    """

    shared: CallEnvironment = field(repr=False)
    request: CallRequest
    tries: Tries
    intent: Intent
    adapter: Provider | None
    state: AttemptState = AttemptState.INTENDED
    provider_id: str | None = None
    departure: Departure = field(default_factory=lambda: Departure(in_time=lambda: False))
    sent_at: float | None = None
    lost_usd_micros: int = 0
    ingested: IngestedReply = field(init=False)
    files: dict[str, Path] = field(default_factory=dict)

    @cached_property
    def provider(self) -> Boundary:
        """The vendor's adapter, inside its boundary."""
        assert self.adapter is not None  # noqa: S101 - `CallAttempt.run` requires a key first
        return Boundary(self.adapter, self.intent.reserved_usd_micros)

    @property
    def is_unsent(self) -> bool:
        """Whether it is in the ledger and certainly no byte was sent."""
        return self.state is AttemptState.INTENDED or (self.state is AttemptState.SENDING and not self.departure.left)

    @property
    def longest_s(self) -> float:
        """The most seconds its reply can be in transit."""
        return _MAX_INGEST_S if self.state is AttemptState.RECEIVING else self.provider.longest_s

    def write(self, work: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """Queue a write: in submission order, ahead of writes with a shorter critical path."""
        return self.shared.writer.submit(work, self.request.critical_path_s)

    async def intend(self) -> LedgerDecision:
        """Record the intent and reserve its price, or return the reason why not."""
        context = self.shared.context
        return await self.write(lambda c: ledger.intend(c, self.intent, context.store_time(c), context.ceilings))

    def resume(self, left: LedgerDecision, before: "AttemptRecord | None") -> None:
        """Continue an attempt that was begun earlier. before: its record, if this regeneration began it."""
        self.intent = replace(self.intent, attempt=left.attempt)
        self.provider_id = left.provider_id
        is_ours_unsent = before is not None and before.is_unsent
        was_never_marked = self.adapter is not None and self.adapter.settle_s > 0 and not left.is_out
        if left.provider_id is None and (is_ours_unsent or was_never_marked):
            return
        is_ours_sent = before is not None and before.state is AttemptState.SENT
        self.state = AttemptState.SENT if is_ours_sent else AttemptState.LEFT

    async def require_key(self) -> None:
        """Raise ProviderError, and withdraw an unsent intent, if there is no key for its vendor."""
        if self.adapter is None:
            if self.state is AttemptState.INTENDED:
                await self.withdraw()
            raise no_key(self.request.model.provider)

    async def authorize(self) -> None:
        """Check one last time before a byte is sent: HeadMovedError if the head moved, RefusedError if it exceeds the budget."""
        checked_at = await self._authorized_at()
        if checked_at is None:
            await self.withdraw()
            message = f"{self.request.node.id} is no longer wanted as planned"
            raise HeadMovedError(message)
        shared = self.shared
        shared.budget.commit(self.request.node.id, self.intent.attempt, self.intent.reserved_usd_micros)
        self.departure = Departure(in_time=lambda: checked_at.seconds < shared.margin_s)
        self.sent_at = shared.context.store_time_now()
        self.state = AttemptState.SENDING

    async def _authorized_at(self) -> Stopwatch | None:
        """Return the time since the check that allowed sending; None if the call must not be sent.

        If the lease would end too soon, it is renewed and the check repeated. For a vendor that cannot tell at once
        whether it has a call, the intent is first marked as about to be sent.
        """
        shared, checked_at = self.shared, None
        if not shared.ending.is_set() and self.provider.settle_s == 0:
            checked_at = shared.context.database.reading(self._check)
        if not shared.ending.is_set() and checked_at is None:
            checked_at = await self.write(self._check_with_new_lease)
        return checked_at

    def _check(self, connection: Connection) -> Stopwatch | None:
        """Return a stopwatch started now if the call may be sent and the lease lasts until it has left; otherwise None."""
        context, now = self.shared.context, Stopwatch(self.shared.context.clock)
        latest = context.store_time(connection) + self.shared.margin_s
        return now if ledger.authorize_send(connection, self.intent, self.request.version, latest) else None

    def _check_with_new_lease(self, connection: Connection) -> Stopwatch | None:
        context = self.shared.context
        checked_at = self._check(connection) if context.renew(connection, self.shared.lease) else None
        if checked_at is not None and self.provider.settle_s > 0:
            ledger.mark_sending(connection, self.intent, context.store_time(connection))
            append_started(connection, self.shared, self.request)
        return checked_at

    async def withdraw(self) -> None:
        """Withdraw an intent for which no byte was sent."""
        await self.write(partial(ledger.withdraw, intent=self.intent))
        self.state = AttemptState.WITHDRAWN

    def record_accepted(self) -> "asyncio.Future[None]":
        """Record the vendor's own id; it is durable once the future is done."""
        self.state = AttemptState.SENT
        return self.write(self._accepted)

    def _accepted(self, connection: Connection) -> None:
        ledger.sent(connection, self.intent, str(self.provider_id))
        if self.provider.settle_s == 0:
            append_started(connection, self.shared, self.request)

    async def fail(self, error: ProviderError) -> None:
        """Record that it was refused, or accepted and then failed, with what it cost anyway."""
        await self._end(error, error.cost_usd_micros)

    async def fail_uncertain(self, error: ProviderError) -> None:
        """Record that its acceptance cannot be determined: it counts as paid."""
        await self._end(error, self.intent.reserved_usd_micros, uncertain=True)

    async def _end(self, error: ProviderError, cost: int, *, uncertain: bool = False) -> None:
        self.state, self.lost_usd_micros = AttemptState.FAILED, cost
        self.shared.budget.settle(self.intent.attempt, cost)
        now, intent = self.shared.context.store_time, self.intent
        await self.write(lambda c: ledger.fail(c, intent, error.to_json(), cost, now(c), uncertain=uncertain))

    def settle(self, connection: Connection) -> None:
        """Record its value and its cost, in the transaction that records the node."""
        now, got = self.shared.context.store_time(connection), self.ingested
        ledger.done(connection, self.intent, got.value, got.cost_usd_micros, now, is_counted=got.is_counted)
