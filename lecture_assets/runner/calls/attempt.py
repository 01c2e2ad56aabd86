"""One attempt at a paid call, from the line of those that wait to its reply. What the ledger says of it is never more than known.

BUY ─ turn ─ slot ─ prepare ─ last look ─ submit ─► id written down ─► collect ─ reception ─► reply
FIND ─ found? ─ yes ────────────────────────────────────┘
       └ no: it was never accepted ─► as BUY     nobody can say: paid, and uncertain
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import (
    Call,
    Clock,
    FailureKind,
    NoLookupError,
    ProviderError,
    Reply,
    request_to_json,
)
from lecture_assets.runner.calls.boundary import Boundary, Departure, FaultError, LateError
from lecture_assets.runner.calls.media_ingest import Received, Room, receive
from lecture_assets.runner.calls.rate_limiter import Ask
from lecture_assets.runner.calls.service import Answer, Coming, HeadMovedError, Market, Order
from lecture_assets.runner.setup.events import CallDelayed, NodeStarted
from lecture_assets.store import ledger
from lecture_assets.store.ledger import Entry, Intent, Step

MAX_TRIES = 3
"""Of one call in one regeneration: one that was refused or failed may be sent twice more, and what is bought be looked at twice
more. Where the vendor fails for all, that is no fault of the call's."""
_FIRST_LOOK_S = 0.25
ENDED = frozenset({FailureKind.NOT_RETRYABLE, FailureKind.MODERATION, FailureKind.VALIDATION})
"""What a vendor says of a call that came to nothing, not of one that it could not be asked about just now."""


class _Since:
    """How long ago something was."""

    def __init__(self, clock: Clock) -> None:
        """It is now."""
        self._clock, self._uptime, self._told = clock, clock.uptime().seconds, clock.now()

    @property
    def seconds_awake(self) -> float:
        """By the machine's uptime, which stands still while a virtual machine is paused."""
        return self._clock.uptime().seconds - self._uptime

    @property
    def seconds(self) -> float:
        """By the uptime or by the clock, whichever says more: too much is harmless where a call must not leave late."""
        return max(self.seconds_awake, self._clock.now() - self._told)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An intent of ours in the ledger, and the vendor that it is for."""

    market: Market
    order: Order
    intent: Intent
    vendor: Boundary

    async def made(self, entry: Entry) -> Answer:
        """Whatever has to be done yet by the ledger's word. ProviderError, HeadMovedError, RefusedError."""
        call, market = self._call(), self.market
        provider_id, went_out_at = entry.provider_id, None
        if entry.step is not Step.BUY:
            await market.pacing.await_answering(self._ask())
        if entry.step is Step.FIND:
            async with self._slot():
                provider_id = await self._find(call)
        async with AsyncExitStack() as held:
            if provider_id is None:
                await self._get_ready(call, held)
                looked_at = await self._last_look()
                went_out_at = market.context.store_time_now()
                provider_id = await self._send(call, looked_at)
            else:
                await held.enter_async_context(self._slot())
            market.sent.add((self.order.version, self.order.node.id))
            noted = market.write(self.order, partial(ledger.sent, intent=self.intent, provider_id=provider_id))
            if went_out_at is not None:
                await market.pacing.heed(self._ask(), None, went_out_at)
            reply = await self._collect(call, provider_id)
        await noted
        if went_out_at is not None:
            await market.pacing.correct(self._ask(), reply.tokens)
        received = await self._receive(reply)

        def settle(connection: Connection) -> None:
            now = market.context.store_time(connection)
            cost, is_counted = received.cost_usd_micros, received.is_counted
            ledger.done(connection, self.intent, received.value, cost, now, is_counted=is_counted)

        settled = partial(self.vendor.settled, call)
        return Answer(received.value, received.cost_usd_micros, bought=True, settle=settle, settled=settled)

    def _call(self) -> Call:
        order, path = self.order, self.market.context.artifacts.path
        return Call(
            key=order.key,
            attempt=self.intent.attempt,
            role=order.model.role,
            model=order.model.name.partition(":")[2],
            request=order.request,
            files={digest: path(digest) for digest in _media(request_to_json(order.request))},
            heard=partial(self.market.pacing.hear, order.model),
            delayed=lambda seconds, why: self.market.watch(CallDelayed(order.node.id, seconds, why)),
        )

    async def _get_ready(self, call: Call, held: AsyncExitStack) -> None:
        """Wait for the vendor's limits, then for a slot, which is `held`; then do all that may take time before a call leaves."""
        try:
            async with self.market.pacing.turn(self._ask(), is_retry=self.order.tries > 0):
                await held.enter_async_context(self._slot())
            await self.vendor.prepare(call)
        except ProviderError:
            await self._withdraw()
            raise

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        order = self.order
        async with self.market.slots.hold(order.model.pool, order.seconds_behind, order.node.id, urgent=order.urgent):
            self.market.watch(NodeStarted(order.node.id, order.model.pool))
            yield

    async def _last_look(self) -> "_Since":
        """Wanted by the head still, and within the budget: HeadMovedError, RefusedError where not. When it was looked.

        Where the vendor cannot say at once whether it has a call, it is noted first that this one goes out.
        """
        market, order, intent = self.market, self.order, self.intent
        looked_at = None
        if not market.ending.is_set() and self.vendor.settle_s == 0:
            with market.context.database.read() as connection:
                looked_at = self._looked(connection)
        if not market.ending.is_set() and looked_at is None:
            looked_at = await market.write(order, self._looked_with_a_new_lease)
        if looked_at is None:
            await self._withdraw()
            message = f"{order.node.id} is not wanted as it was planned"
            raise HeadMovedError(message)
        market.budget.commit(order.node.id, intent.attempt, intent.reserved_usd_micros)
        market.unsent.pop(intent.attempt, None)
        market.sent.add((order.version, order.node.id))
        return looked_at

    def _looked(self, connection: Connection) -> "_Since | None":
        """Now, where the call may be sent, and the lease lasts until it has left."""
        context, now = self.market.context, _Since(self.market.context.clock)
        latest = context.store_time(connection) + self.market.margin_s
        return now if ledger.may_send(connection, self.intent, self.order.version, latest) else None

    def _looked_with_a_new_lease(self, connection: Connection) -> "_Since | None":
        context = self.market.context
        looked_at = self._looked(connection) if context.renew(connection, self.market.lease) else None
        if looked_at is not None and self.vendor.settle_s > 0:
            ledger.goes_out(connection, self.intent, context.store_time(connection))
        return looked_at

    async def _withdraw(self) -> None:
        """Take back an intent that no byte was sent for."""
        await self.market.write(self.order, partial(ledger.withdraw, intent=self.intent))
        self.market.unsent.pop(self.intent.attempt, None)

    async def _send(self, call: Call, looked_at: "_Since") -> str:
        """Send once. Where the reply was lost, the vendor is asked whether it has the call; what it accepted is adopted.

        Where it cannot be asked, the intent stands, and the next try asks again before it sends.
        """
        departure = Departure(in_time=lambda: looked_at.seconds < self.market.margin_s)
        began = self.market.context.store_time_now()
        try:
            with self._coming(departure, self.vendor.longest_s):
                return await self.vendor.submit(call, departure)
        except LateError:
            self.market.sent.discard((self.order.version, self.order.node.id))
            self.market.budget.settle(self.intent.attempt, 0)
            await self._withdraw()
            raise
        except ProviderError as error:
            await self.market.pacing.heed(self._ask(), error, began)
            found = await self._find(call) if error.sent else None
            if found is not None:
                return found
            await self._note_failure(error)
            raise

    @contextmanager
    def _coming(self, departure: Departure, longest_s: float) -> Iterator[None]:
        """Within, a reply is on its way that would be lost if nobody waited for it. One that is cut off stays in the list."""
        coming, attempt = self.market.coming, self.intent.attempt
        coming[attempt] = Coming(self.vendor.name, self.intent, departure, longest_s)
        try:
            yield
        except asyncio.CancelledError:
            raise
        except BaseException:
            del coming[attempt]
            raise
        else:
            del coming[attempt]

    def _ask(self) -> Ask:
        order, market = self.order, self.market

        def tell(seconds: float, why: str) -> None:
            market.watch(CallDelayed(order.node.id, seconds, why))

        pause = market.context.pause
        return Ask(order.node.id, order.model, order.request, order.seconds_behind, order.urgent, pause, tell)

    async def _collect(self, call: Call, provider_id: str) -> Reply:
        """The reply. Where the vendor did not say how the call ended, the purchase stands, and the next try collects again."""
        try:
            return await self.vendor.collect(provider_id, call)
        except FaultError as fault:
            raise await self._unread(fault) from None
        except ProviderError as error:
            await self.market.pacing.heed(self._ask(), error, self.market.context.store_time_now())
            if isinstance(error, NoLookupError):
                await self._note_uncertain(error)
            elif error.kind in ENDED or (error.kind is FailureKind.RETRYABLE and error.sent):
                await self._note_failure(error)
            raise

    async def _unread(self, fault: FaultError, cost_usd_micros: int | None = None) -> ProviderError:
        """A reply that could not be read: the purchase stands for another look; after the last one it was paid for nothing."""
        if self.order.looks + 1 < MAX_TRIES:
            return fault
        error = self.vendor.unread(fault, cost_usd_micros)
        await self._note_failure(error)
        return error

    async def _find(self, call: Call) -> str | None:
        """The vendor's id of a call whose reply is lost; None once it is sure that the vendor never accepted it.

        Where the vendor cannot be asked, its time to answer is waited out; then the attempt counts as paid, and as uncertain.
        """
        began, settle_s, pause = _Since(self.market.context.clock), self.vendor.settle_s, _FIRST_LOOK_S
        while True:
            try:
                found = await self.vendor.find(call)
            except NoLookupError as error:
                await self._wait(settle_s - began.seconds_awake, str(error))
                await self._note_uncertain(error)
                raise
            except ProviderError as error:
                await self.market.pacing.heed(self._ask(), error, self.market.context.store_time_now())
                raise
            left = settle_s - began.seconds_awake
            if found is not None or left <= 0:
                return found
            await self._wait(min(pause, left), f"{self.vendor.name} is asked whether it has the call")
            pause *= 2

    async def _wait(self, seconds: float, why: str) -> None:
        if seconds > 0:
            self.market.watch(CallDelayed(self.order.node.id, seconds, why))
            await self.market.context.pause(seconds)

    async def _note_failure(self, error: ProviderError) -> None:
        """Refused before it was accepted, or accepted and failed: it is in the ledger, with what it cost all the same."""
        await self._note(error, error.cost_usd_micros)

    async def _note_uncertain(self, error: ProviderError) -> None:
        """Nobody knows whether it was accepted: it counts as paid."""
        await self._note(error, self.intent.reserved_usd_micros, uncertain=True)

    async def _note(self, error: ProviderError, cost: int, *, uncertain: bool = False) -> None:
        market, intent = self.market, self.intent
        market.sent.discard((self.order.version, self.order.node.id))
        market.budget.settle(intent.attempt, cost)
        market.lost[intent.attempt] = cost
        now = market.context.store_time
        await market.write(self.order, lambda c: ledger.fail(c, intent, error.to_json(), cost, now(c), uncertain=uncertain))

    async def _receive(self, reply: Reply) -> Received:
        """The value that the reply is; one that is none has ended the call, and was paid for."""
        context, order = self.market.context, self.order
        place, holds = Room(context.home, context.artifacts, context.cassette), order.node.kind.holds
        try:
            with self._coming(_HERE, _LONGEST_DOWNLOAD_S), self.vendor.failing("while what it made was taken in"):
                return await receive(order.model.provider, holds, order.request, reply, place)
        except FaultError as fault:
            raise await self._unread(fault, reply.cost_usd_micros) from None
        except ProviderError as error:
            if error.sent:
                await self._note_failure(error)
            raise


_HERE = Departure(in_time=lambda: True, left=True)
"""Of a call that was made."""
_LONGEST_DOWNLOAD_S = 600.0


def _media(request: Mapping[str, Json]) -> list[str]:
    """Digests of the media that a request names."""
    return [str(request["image"])] if "image" in request else []
