"""What is known of one attempt, and what the ledger is told of it. Asks no vendor: `attempt.py` does.

    LEFT --never accepted----> INTENDED --authorize--> SENDING --submit--> SENT --> RECEIVING --> RECEIVED --settle--> SETTLED
      |                           |                      |                 ^  |         |
      |                           +------ withdraw ------+--> WITHDRAWN    |  +-- fail -+--> FAILED
      +--the vendor has it-------------------------------------------------+

The ledger never says more of an attempt than is known.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, partial
from typing import TypeVar

from sqlalchemy import Connection

from lecture_assets.ports import Provider, ProviderError
from lecture_assets.providers.failures import no_key
from lecture_assets.runner.calls.boundary import Boundary, Departure
from lecture_assets.runner.calls.environment import CallEnvironment
from lecture_assets.runner.calls.media_ingest import IngestedReply
from lecture_assets.runner.calls.request import CallRequest, HeadMovedError
from lecture_assets.runner.calls.retries import Tries
from lecture_assets.runner.calls.stopwatch import Stopwatch
from lecture_assets.store import ledger
from lecture_assets.store.ledger import Intent, LedgerDecision

T = TypeVar("T")
_LONGEST_INGEST_S = 600.0


class AttemptState(StrEnum):
    """Where an attempt is."""

    INTENDED = "intended"  # it is in the ledger, or about to be, with its money reserved; no byte was sent
    LEFT = "left"  # it was left behind in the ledger: the vendor is asked for it before anything else
    SENDING = "sending"  # it is on its way to the vendor, and its reply, which comes only once, on its way to us
    SENT = "sent"  # the vendor may have it, and can be asked for it again
    RECEIVING = "receiving"  # what the vendor made is taken in
    RECEIVED = "received"  # its value is here, and not in the store yet
    SETTLED = "settled"  # its value and its cost are in the store
    FAILED = "failed"  # it came to nothing, and what it cost all the same is in the ledger
    WITHDRAWN = "withdrawn"  # it was taken back before a byte was sent

    @property
    def is_coming(self) -> bool:
        """Whether its reply is on its way to us, and is lost if nobody waits for it."""
        return self in {AttemptState.SENDING, AttemptState.RECEIVING}

    @property
    def is_out(self) -> bool:
        """Whether it may have reached the vendor, and is not settled yet."""
        return self.is_coming or self in {AttemptState.SENT, AttemptState.RECEIVED}


@dataclass(eq=False)
class AttemptRecord:
    """One attempt: whose it is, where it is, and its moves in the ledger.

    adapter:         the vendor's; None without a key for it
    provider_id:     the vendor's own id of the call, once it is known
    departure:       whether its bytes have left
    sent_at:         when it was sent by this regeneration, in the store's time
    lost_usd_micros: what it cost although it came to nothing
    ingested:        its value and its cost, once it is received
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

    @cached_property
    def provider(self) -> Boundary:
        """Its vendor, behind the boundary."""
        assert self.adapter is not None  # noqa: S101 - nothing is asked of it without a key: `CallAttempt.run`
        return Boundary(self.adapter, self.intent.reserved_usd_micros)

    @property
    def is_unsent(self) -> bool:
        """Whether it is in the ledger, and no byte was sent for it, for sure."""
        return self.state is AttemptState.INTENDED or (self.state is AttemptState.SENDING and not self.departure.left)

    @property
    def longest_s(self) -> float:
        """For how many seconds its reply is on its way at most."""
        return _LONGEST_INGEST_S if self.state is AttemptState.RECEIVING else self.provider.longest_s

    def write(self, work: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """Write, in the order in which it is asked for, and before what has a shorter path behind it."""
        return self.shared.writer.submit(work, self.request.critical_path_s)

    async def intend(self) -> LedgerDecision:
        """Write the intent down, with its money reserved, or find out why not."""
        context = self.shared.context
        return await self.write(lambda c: ledger.intend(c, self.intent, context.store_time(c), context.ceilings))

    def take_up(self, left: LedgerDecision, before: "AttemptRecord | None") -> None:
        """Go on with an attempt that was begun before. before: what is known of it, where this regeneration began it."""
        self.intent = replace(self.intent, attempt=left.attempt)
        self.provider_id = left.provider_id
        is_ours_unsent = before is not None and before.is_unsent
        was_never_marked = self.adapter is not None and self.adapter.settle_s > 0 and not left.is_out
        if left.provider_id is None and (is_ours_unsent or was_never_marked):
            return
        is_ours_sent = before is not None and before.state is AttemptState.SENT
        self.state = AttemptState.SENT if is_ours_sent else AttemptState.LEFT

    async def require_key(self) -> None:
        """ProviderError without a key for its vendor; then an intent of ours is taken back."""
        if self.adapter is None:
            if self.state is AttemptState.INTENDED:
                await self.withdraw()
            raise no_key(self.request.model.provider)

    async def authorize(self) -> None:
        """Look a last time before a byte is sent: wanted by the head, within the budget. HeadMovedError, RefusedError."""
        looked_at = await self._last_look()
        if looked_at is None:
            await self.withdraw()
            message = f"{self.request.node.id} is not wanted as it was planned"
            raise HeadMovedError(message)
        shared = self.shared
        shared.budget.commit(self.request.node.id, self.intent.attempt, self.intent.reserved_usd_micros)
        self.departure = Departure(in_time=lambda: looked_at.seconds < shared.margin_s)
        self.sent_at = shared.context.store_time_now()
        self.state = AttemptState.SENDING

    async def _last_look(self) -> Stopwatch | None:
        """When it was looked; None where it must not be sent. Where the lease ends too soon, it is renewed, and looked again.

        Where the vendor cannot say at once whether it has a call, this one is marked first as about to be sent.
        """
        shared, looked_at = self.shared, None
        if not shared.ending.is_set() and self.provider.settle_s == 0:
            with shared.context.database.read() as connection:
                looked_at = self._look(connection)
        if not shared.ending.is_set() and looked_at is None:
            looked_at = await self.write(self._look_with_a_new_lease)
        return looked_at

    def _look(self, connection: Connection) -> Stopwatch | None:
        """Now, where the call may be sent, and the lease lasts until it has left."""
        context, now = self.shared.context, Stopwatch(self.shared.context.clock)
        latest = context.store_time(connection) + self.shared.margin_s
        return now if ledger.authorize_send(connection, self.intent, self.request.version, latest) else None

    def _look_with_a_new_lease(self, connection: Connection) -> Stopwatch | None:
        context = self.shared.context
        looked_at = self._look(connection) if context.renew(connection, self.shared.lease) else None
        if looked_at is not None and self.provider.settle_s > 0:
            ledger.mark_sending(connection, self.intent, context.store_time(connection))
        return looked_at

    async def withdraw(self) -> None:
        """Take back an intent that no byte was sent for."""
        await self.write(partial(ledger.withdraw, intent=self.intent))
        self.state = AttemptState.WITHDRAWN

    def accepted(self) -> "asyncio.Future[None]":
        """Write the vendor's own id down; it is durable once the future is done."""
        self.state = AttemptState.SENT
        return self.write(partial(ledger.sent, intent=self.intent, provider_id=str(self.provider_id)))

    async def fail(self, error: ProviderError) -> None:
        """Write down that it was refused, or accepted and failed, and what it cost all the same."""
        await self._end(error, error.cost_usd_micros)

    async def fail_uncertain(self, error: ProviderError) -> None:
        """Write down that nobody knows whether it was accepted: it counts as paid."""
        await self._end(error, self.intent.reserved_usd_micros, uncertain=True)

    async def _end(self, error: ProviderError, cost: int, *, uncertain: bool = False) -> None:
        self.state, self.lost_usd_micros = AttemptState.FAILED, cost
        self.shared.budget.settle(self.intent.attempt, cost)
        now, intent = self.shared.context.store_time, self.intent
        await self.write(lambda c: ledger.fail(c, intent, error.to_json(), cost, now(c), uncertain=uncertain))

    def settle(self, connection: Connection) -> None:
        """Write its value and its cost down, in the transaction that makes them the node's."""
        now, got = self.shared.context.store_time(connection), self.ingested
        ledger.done(connection, self.intent, got.value, got.cost_usd_micros, now, is_counted=got.is_counted)
