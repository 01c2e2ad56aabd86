"""One paid call, by the ledger's protocol: intent, a last look, send, id, reply, settled. Bought once, whatever crashes.

intend ─ HIT ───────────────────────────────────────────────► reply
├ WAIT: somebody alive is at it, ask again
├ FIND: its sender is gone ─► found? ─ yes ─► collect
└ BUY ─ turn ─ slot ─ may_send? ─ submit ─ sent ───► collect ─► bytes kept ─► done
"""

import asyncio
import math
import random
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar, cast

from sqlalchemy import Connection

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.ports import (
    Call,
    FailureKind,
    NoLookupError,
    Provider,
    ProviderError,
    Reply,
    Request,
    request_to_json,
)
from lecture_assets.providers.amounts import reserved_usd_micros
from lecture_assets.providers.catalogue import Model
from lecture_assets.providers.failures import no_key
from lecture_assets.runner.budget import Budget
from lecture_assets.runner.ceilings import CeilingError
from lecture_assets.runner.context import Context
from lecture_assets.runner.events import NodeStarted, Waiting, Watch
from lecture_assets.runner.pace import Ask, AwayError, Pacing
from lecture_assets.runner.reception import Received, Room, receive
from lecture_assets.runner.slots import Slots
from lecture_assets.store import ledger
from lecture_assets.store.charges import Shortage
from lecture_assets.store.database import Writer
from lecture_assets.store.ledger import Entry, Intent, Step
from lecture_assets.store.requests import Lease

T = TypeVar("T")
MAX_TRIES = 3
"""Of one call in one regeneration: one that was refused or failed may be sent twice more, and what is bought be looked at twice
more. Where the vendor fails for all, that is no fault of the call's."""
_MOST_EXCUSED = 8
"""Failures of one call that are not counted: as many as its vendor's breaker lets through in two minutes."""
_SEND, _LOOK = "send", "look"
_BACKOFF_S = 0.25
_POLL_S = 0.1
"""How often a call that somebody else is making is looked at."""
_TRY_AGAIN = frozenset({FailureKind.RETRYABLE, FailureKind.AMBIGUOUS})
_ENDED = frozenset({FailureKind.NOT_RETRYABLE, FailureKind.MODERATION, FailureKind.VALIDATION})
"""What a vendor says of a call that came to nothing, not of one that it could not be asked about just now."""


class HeadMovedError(LectureError):
    """The head is not what this call was planned for, or the lease is gone: nothing was sent."""


@dataclass(frozen=True, slots=True)
class Order:
    """A call that a node wants. version: of the head it was planned for; seconds_behind: the longest path from here.

    urgent: it makes an edit, not bulk work; tries: how often it was tried before
    """

    node: Node
    key: str
    request: Request
    model: Model
    version: int
    seconds_behind: float
    urgent: bool = False
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gave. settle: the ledger's last move, to be written in one transaction with the node's record."""

    value: Json
    cost_usd_micros: int
    bought: bool
    settle: Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Market:
    """Where orders are filled, for one regeneration.

    sent:    (version, node) of calls that may have reached the vendor and are not settled yet
    writing: (version, node) of values on their way into the store
    unsent:  intents of ours that no byte was sent for, by attempt
    lost:    micro-dollars that calls cost which came to nothing, by attempt
    """

    context: Context
    writer: Writer
    providers: Mapping[str, Provider]
    slots: Slots
    pacing: Pacing
    lease: Lease
    workspace: str
    watch: Watch
    budget: Budget
    sent: set[tuple[int, str]] = field(default_factory=set)
    writing: set[tuple[int, str]] = field(default_factory=set)
    unsent: dict[str, Intent] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)

    async def buy(self, order: Order) -> Answer:
        """Fill an order. ProviderError where the vendor could not, HeadMovedError where it is not wanted any more.

        RefusedError where its price would pass what this regeneration may spend, CeilingError where that of others as well.
        """
        tries, excused = {_SEND: 0, _LOOK: 0}, 0
        while True:
            try:
                return await self._fill(replace(order, tries=tries[_SEND]))
            except AwayError:
                raise
            except ProviderError as error:
                stands = (order.version, order.node.id) in self.sent
                if error.counts:
                    tries[_LOOK if stands else _SEND] += 1
                else:
                    excused += 1
                if error.kind not in _TRY_AGAIN or MAX_TRIES in tries.values():
                    raise
                if excused > _MOST_EXCUSED:
                    message = f"{error}; {order.model.provider} fails for all calls, and is asked again by the next run"
                    raise AwayError(order.model.provider, error.kind, error.code, message) from error
                pause = _BACKOFF_S * 2 ** max(0, *tries.values()) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, no secret
                pause = max(pause, error.retry_after or 0.0)
                self.watch(Waiting(order.node.id, pause, str(error)))
                await self.context.pause(pause)

    def _write(self, order: Order, write: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """All that is written of an order keeps its order, and goes before what has a shorter path behind it."""
        return self.writer.submit(write, order.seconds_behind)

    async def _fill(self, order: Order) -> Answer:
        intent = self._intent(order)
        while True:
            self.unsent[intent.attempt] = intent
            entry = await self._write(order, lambda c: self._intend(c, intent))
            if entry.step is not Step.BUY:
                self.unsent.pop(intent.attempt, None)
            if entry.step is Step.FIND and self._is_unsent(order, entry):
                entry = replace(entry, step=Step.BUY)
            match entry.step:
                case Step.STOP:
                    short = cast("Shortage", entry.shortage)
                    raise CeilingError(order.node.id, self.lease.lecture, intent.reserved_usd_micros, short)
                case Step.LOST:
                    raise _lost_twice(order, self.lease.lecture)
                case Step.WAIT:
                    await self.context.pause(_POLL_S)
                case Step.HIT if self.context.is_whole(entry.reply):
                    return self._reused(order, entry)
                case Step.HIT:
                    await self._forget(order, entry)
                case _:
                    return await self._trade(order, intent, entry)

    def _intend(self, connection: Connection, intent: Intent) -> Entry:
        return ledger.intend(connection, intent, self.context.store_time(connection), self.context.ceilings)

    def _is_unsent(self, order: Order, entry: Entry) -> bool:
        """Whether an intent that was left behind was never sent for sure: it is our own, or would have been noted."""
        provider = self.providers.get(order.model.provider)
        return entry.attempt in self.unsent or (provider is not None and provider.settle_s > 0 and not entry.is_out)

    async def _forget(self, order: Order, entry: Entry) -> None:
        await self._write(order, lambda c: ledger.forget_reply(c, self.workspace, order.key, entry.attempt))

    async def withdraw_unsent(self) -> None:
        """Take back the intents that no byte was sent for, when all calls have come to an end: after all that was written."""
        left = tuple(self.unsent.values())
        await asyncio.gather(*(self.writer.submit(partial(ledger.withdraw, intent=intent), -math.inf) for intent in left))

    def _intent(self, order: Order) -> Intent:
        return Intent(
            workspace=self.workspace,
            fingerprint=order.key,
            attempt=uuid.uuid4().hex,
            node=order.node.id,
            role=order.model.role,
            model=order.model.name,
            request=request_to_json(order.request),
            reserved_usd_micros=reserved_usd_micros(order.model, order.request),
            lease=self.lease,
        )

    def _reused(self, order: Order, entry: Entry) -> Answer:
        def settle(connection: Connection) -> None:
            ledger.reuse(connection, self.workspace, order.key)

        return Answer(entry.reply, entry.cost_usd_micros, bought=False, settle=settle)

    async def _trade(self, order: Order, intent: Intent, entry: Entry) -> Answer:
        intent = replace(intent, attempt=entry.attempt)
        call = self._call(order, entry.attempt)
        provider = self.providers.get(order.model.provider)
        if provider is None:
            if entry.step is Step.BUY:
                await self._withdraw(order, intent)
            raise no_key(order.model.provider)
        provider_id, went_out_at = entry.provider_id, None
        if entry.step is not Step.BUY:
            await self.pacing.await_answering(self._ask(order))
        if entry.step is Step.FIND:
            async with self._slot(order):
                provider_id = await self._find(provider, call, order, intent)
        async with AsyncExitStack() as held:
            if provider_id is None:
                await self._take_turn(order, intent, held)
                await self._last_look(order, intent, provider)
                went_out_at = self.context.store_time_now()
                provider_id = await self._send(provider, call, order, intent)
            else:
                await held.enter_async_context(self._slot(order))
            self.sent.add((order.version, order.node.id))
            noted = self._write(order, partial(ledger.sent, intent=intent, provider_id=provider_id))
            if went_out_at is not None:
                await self.pacing.heed(self._ask(order), None, went_out_at)
            reply = await self._collect(provider, call, order, intent, provider_id)
        await noted
        if went_out_at is not None:
            await self.pacing.correct(self._ask(order), reply.tokens)
        received = await self._receive(order, intent, reply)

        def settle(connection: Connection) -> None:
            ledger.done(connection, intent, received.value, received.cost_usd_micros, self.context.store_time(connection))

        return Answer(received.value, received.cost_usd_micros, bought=True, settle=settle)

    def _call(self, order: Order, attempt: str) -> Call:
        files = {digest: self.context.artifacts.path(digest) for digest in _media(request_to_json(order.request))}
        name = order.model.name.partition(":")[2]
        return Call(order.key, attempt, order.model.role, name, order.request, files, partial(self.pacing.hear, order.model))

    async def _take_turn(self, order: Order, intent: Intent, held: AsyncExitStack) -> None:
        """Wait for the vendor's limits, then for a slot, which is `held`."""
        try:
            async with self.pacing.turn(self._ask(order), is_retry=order.tries > 0):
                await held.enter_async_context(self._slot(order))
        except AwayError:
            await self._withdraw(order, intent)
            raise

    @asynccontextmanager
    async def _slot(self, order: Order) -> AsyncIterator[None]:
        async with self.slots.hold(order.model.pool, order.seconds_behind, order.node.id, urgent=order.urgent):
            self.watch(NodeStarted(order.node.id, order.model.pool))
            yield

    async def _last_look(self, order: Order, intent: Intent, provider: Provider) -> None:
        """Wanted by the head still, and within the budget: HeadMovedError, RefusedError where not.

        Where the vendor cannot say at once whether it has a call, it is noted first that this one goes out.
        """

        def look(connection: Connection) -> bool:
            return ledger.may_send(connection, intent, order.version, self.context.store_time(connection))

        if provider.settle_s > 0:
            wanted = await self._write(order, lambda c: look(c) and ledger.goes_out(c, intent, self.context.store_time(c)))
        else:
            with self.context.database.read() as connection:
                wanted = look(connection)
        if not wanted:
            await self._withdraw(order, intent)
            message = f"{order.node.id} is not wanted as it was planned"
            raise HeadMovedError(message)
        self.budget.commit(order.node.id, intent.attempt, intent.reserved_usd_micros)
        self.unsent.pop(intent.attempt, None)
        self.sent.add((order.version, order.node.id))

    async def _withdraw(self, order: Order, intent: Intent) -> None:
        """Take back an intent that no byte was sent for."""
        await self._write(order, partial(ledger.withdraw, intent=intent))
        self.unsent.pop(intent.attempt, None)

    async def _send(self, provider: Provider, call: Call, order: Order, intent: Intent) -> str:
        """Send once. Where the reply was lost, the vendor is asked whether it has the call; what it accepted is adopted.

        Where it cannot be asked, the intent stands, and the next try asks again before it sends.
        """
        began = self.context.store_time_now()
        try:
            return await provider.submit(call)
        except ProviderError as error:
            await self.pacing.heed(self._ask(order), error, began)
            found = await self._find(provider, call, order, intent) if error.sent else None
            if found is not None:
                return found
            await self._note_failure(order, intent, error)
            raise

    def _ask(self, order: Order) -> Ask:
        def tell(seconds: float, why: str) -> None:
            self.watch(Waiting(order.node.id, seconds, why))

        pause = self.context.pause
        return Ask(order.node.id, order.model, order.request, order.seconds_behind, order.urgent, pause, tell)

    async def _collect(self, provider: Provider, call: Call, order: Order, intent: Intent, provider_id: str) -> Reply:
        """The reply. Where the vendor did not say how the call ended, the purchase stands, and the next try collects again."""
        try:
            return await provider.collect(provider_id, call)
        except ProviderError as error:
            await self.pacing.heed(self._ask(order), error, self.context.store_time_now())
            if isinstance(error, NoLookupError):
                await self._note_uncertain(order, intent, error)
            elif error.kind in _ENDED or (error.kind is FailureKind.RETRYABLE and error.sent):
                await self._note_failure(order, intent, error)
            raise

    async def _find(self, provider: Provider, call: Call, order: Order, intent: Intent) -> str | None:
        """The vendor's id of a call whose reply is lost; None once it is sure that the vendor never accepted it.

        Where the vendor cannot be asked, its time to answer is waited out; then the attempt counts as paid, and as uncertain.
        """
        ends, pause = self.context.clock.uptime().seconds + provider.settle_s, _BACKOFF_S
        while True:
            try:
                found = await provider.find(call)
            except NoLookupError as error:
                await self._wait(order, ends - self.context.clock.uptime().seconds, str(error))
                await self._note_uncertain(order, intent, error)
                raise
            except ProviderError as error:
                await self.pacing.heed(self._ask(order), error, self.context.store_time_now())
                raise
            left = ends - self.context.clock.uptime().seconds
            if found is not None or left <= 0:
                return found
            await self._wait(order, min(pause, left), f"{provider.name} is asked whether it has the call")
            pause *= 2

    async def _wait(self, order: Order, seconds: float, why: str) -> None:
        if seconds > 0:
            if why:
                self.watch(Waiting(order.node.id, seconds, why))
            await self.context.pause(seconds)

    async def _note_failure(self, order: Order, intent: Intent, error: ProviderError) -> None:
        """Refused before it was accepted, or accepted and failed: it is in the ledger, with what it cost all the same."""
        await self._note(order, intent, error, error.cost_usd_micros)

    async def _note_uncertain(self, order: Order, intent: Intent, error: ProviderError) -> None:
        """Nobody knows whether it was accepted: it counts as paid."""
        await self._note(order, intent, error, intent.reserved_usd_micros, uncertain=True)

    async def _note(self, order: Order, intent: Intent, error: ProviderError, cost: int, *, uncertain: bool = False) -> None:
        self.sent.discard((order.version, order.node.id))
        self.budget.settle(intent.attempt, cost)
        self.lost[intent.attempt] = cost
        await self._write(
            order,
            lambda c: ledger.fail(c, intent, error.to_json(), cost, self.context.store_time(c), uncertain=uncertain),
        )

    async def _receive(self, order: Order, intent: Intent, reply: Reply) -> Received:
        """The value that the reply is; one that is none has ended the call, and was paid for."""
        place = Room(self.context.home, self.context.artifacts, self.context.tape)
        try:
            return await receive(order.model.provider, order.node.kind.holds, order.request, reply, place)
        except ProviderError as error:
            if error.sent:
                await self._note_failure(order, intent, error)
            raise


def _lost_twice(order: Order, lecture: str) -> ProviderError:
    message = (
        f"its reply was lost twice, and {order.model.provider} cannot be asked for it; both may have been charged, "
        f"so it is not sent again by itself: `lectures edit {lecture} 'reroll {order.node.id}'` buys another"
    )
    return ProviderError(order.model.provider, FailureKind.NOT_RETRYABLE, "lost-twice", message)


def _media(request: Mapping[str, Json]) -> list[str]:
    """Digests of the media that a request names."""
    return [str(request["image"])] if "image" in request else []
