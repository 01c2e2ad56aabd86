"""One order filled, by the ledger's protocol: bought once, whatever crashes; tried again where that makes sense.

intend ─ HIT ───────────────────────────────────────► reply
├ WAIT: somebody alive is at it, ask again
└ BUY, FIND, COLLECT ─ attempt.py ─► reply │ an error: another try, or the end of it
"""

import random
import uuid
from dataclasses import replace
from functools import partial
from typing import cast

from sqlalchemy import Connection

from lecture_assets.ports import FailureKind, ProviderError, request_to_json
from lecture_assets.providers.amounts import reserved_usd_micros
from lecture_assets.providers.failures import no_key
from lecture_assets.runner.calls.attempt import MAX_TRIES, Attempt
from lecture_assets.runner.calls.boundary import Boundary
from lecture_assets.runner.calls.rate_limiter import AwayError
from lecture_assets.runner.calls.service import Answer, HeadMovedError, Market, Order
from lecture_assets.runner.setup.ceilings import CeilingError
from lecture_assets.runner.setup.events import CallDelayed
from lecture_assets.store import ledger
from lecture_assets.store.charges import Shortage
from lecture_assets.store.ledger import Entry, Intent, Step

_MOST_EXCUSED = 8
"""Failures of one call that are not counted: as many as its vendor's breaker lets through in two minutes."""
_SEND, _LOOK = "send", "look"
_BACKOFF_S = 0.25
_POLL_S = 0.1
"""How often a call that somebody else is making is looked at."""
_TRY_AGAIN = frozenset({FailureKind.RETRYABLE, FailureKind.AMBIGUOUS})


async def buy(market: Market, order: Order) -> Answer:
    """Fill an order. ProviderError where the vendor could not, HeadMovedError where it is not wanted any more.

    RefusedError where its price would pass what this regeneration may spend, CeilingError where that of others as well.
    """
    tries, excused = {_SEND: 0, _LOOK: 0}, 0
    while True:
        try:
            return await _fill(market, replace(order, tries=tries[_SEND], looks=tries[_LOOK]))
        except AwayError:
            raise
        except ProviderError as error:
            stands = (order.version, order.node.id) in market.sent
            if error.counts:
                tries[_LOOK if stands else _SEND] += 1
            else:
                excused += 1
            error.tries = max(1, sum(tries.values()) + excused)
            if error.kind not in _TRY_AGAIN or MAX_TRIES in tries.values() or market.ending.is_set():
                raise
            if excused > _MOST_EXCUSED:
                message = f"{error}; {order.model.provider} fails for all calls, and is asked again by the next run"
                away = AwayError(order.model.provider, error.kind, error.code, message)
                away.tries = error.tries
                raise away from error
            pause = _BACKOFF_S * 2 ** max(0, *tries.values()) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, no secret
            pause = max(pause, error.retry_after or 0.0)
            market.watch(CallDelayed(order.node.id, pause, str(error)))
            await market.context.pause(pause)


async def _fill(market: Market, order: Order) -> Answer:
    intent = _intent(market, order)
    while not market.ending.is_set():
        market.unsent[intent.attempt] = intent
        entry = await market.write(order, partial(_intend, market, intent))
        if entry.step is not Step.BUY:
            market.unsent.pop(intent.attempt, None)
        if entry.step is Step.FIND and _is_unsent(market, order, entry):
            entry = replace(entry, step=Step.BUY)
        match entry.step:
            case Step.STOP:
                short = cast("Shortage", entry.shortage)
                raise CeilingError(order.node.id, market.lease.lecture, intent.reserved_usd_micros, short)
            case Step.LOST:
                raise _lost_twice(order, market.lease.lecture)
            case Step.WAIT:
                await market.context.pause(_POLL_S)
            case Step.HIT if market.context.is_whole(entry.reply):
                return _reused(market, order, entry)
            case Step.HIT:
                await market.write(order, partial(_forget, market, order, entry))
            case _:
                return await _attempt(market, order, intent, entry)
    message = f"{order.node.id} is not started any more"
    raise HeadMovedError(message)


def _intend(market: Market, intent: Intent, connection: Connection) -> Entry:
    return ledger.intend(connection, intent, market.context.store_time(connection), market.context.ceilings)


def _is_unsent(market: Market, order: Order, entry: Entry) -> bool:
    """Whether an intent that was left behind was never sent for sure: it is our own, or would have been noted."""
    provider = market.providers.get(order.model.provider)
    return entry.attempt in market.unsent or (provider is not None and provider.settle_s > 0 and not entry.is_out)


def _forget(market: Market, order: Order, entry: Entry, connection: Connection) -> None:
    ledger.forget_reply(connection, market.workspace, order.key, entry.attempt)


def _intent(market: Market, order: Order) -> Intent:
    return Intent(
        workspace=market.workspace,
        call_key=order.key,
        attempt=uuid.uuid4().hex,
        node=order.node.id,
        role=order.model.role,
        model=order.model.name,
        request=request_to_json(order.request),
        reserved_usd_micros=reserved_usd_micros(order.model, order.request),
        lease=market.lease,
    )


def _reused(market: Market, order: Order, entry: Entry) -> Answer:
    def settle(connection: Connection) -> None:
        ledger.reuse(connection, market.workspace, order.key)

    return Answer(entry.reply, entry.cost_usd_micros, bought=False, settle=settle)


async def _attempt(market: Market, order: Order, intent: Intent, entry: Entry) -> Answer:
    intent = replace(intent, attempt=entry.attempt)
    provider = market.providers.get(order.model.provider)
    if provider is None:
        if entry.step is Step.BUY:
            await market.write(order, partial(ledger.withdraw, intent=intent))
            market.unsent.pop(intent.attempt, None)
        raise no_key(order.model.provider)
    vendor = Boundary(provider, intent.reserved_usd_micros)
    return await Attempt(market, order, intent, vendor).made(entry)


def _lost_twice(order: Order, lecture: str) -> ProviderError:
    message = (
        f"its reply was lost twice, and {order.model.provider} cannot be asked for it; both may have been charged, "
        f"so it is not sent again by itself: `lectures edit {lecture} 'reroll {order.node.id}'` buys another"
    )
    return ProviderError(order.model.provider, FailureKind.NOT_RETRYABLE, "lost-twice", message)
