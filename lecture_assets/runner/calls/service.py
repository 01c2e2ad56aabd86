"""What the paid calls of one regeneration share: their orders, the ledger's writer, and what is out. `purchase.py` fills them."""

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.ports import Provider, Request
from lecture_assets.providers.catalogue import Model
from lecture_assets.runner.calls.boundary import Departure
from lecture_assets.runner.calls.budget import Budget
from lecture_assets.runner.calls.rate_limiter import Pacing
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.events import Watch
from lecture_assets.runner.setup.slots import ConcurrencyLimiter
from lecture_assets.store import ledger
from lecture_assets.store.database import Writer
from lecture_assets.store.ledger import Intent
from lecture_assets.store.requests import Lease

T = TypeVar("T")


class HeadMovedError(LectureError):
    """The head is not what this call was planned for, or the lease is gone: nothing was sent."""


@dataclass(frozen=True, slots=True)
class Order:
    """A call that a node wants. version: of the head it was planned for; seconds_behind: the longest path from here.

    urgent: it makes an edit, not bulk work; tries: how often it was sent before; looks: how often its reply was looked at
    """

    node: Node
    key: str
    request: Request
    model: Model
    version: int
    seconds_behind: float
    urgent: bool = False
    tries: int = 0
    looks: int = 0


def _nothing() -> None:
    """What is left to do for an answer that was not bought."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gave. settle: the ledger's last move, to be written in one transaction with the node's record.

    settled: to be called when that is durable
    """

    value: Json
    cost_usd_micros: int
    bought: bool
    settle: Callable[[Connection], None]
    settled: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class Coming:
    """A call whose reply comes once, and is on its way to us. longest_s: seconds that it takes at most."""

    provider: str
    intent: Intent
    departure: Departure
    longest_s: float


@dataclass(frozen=True, slots=True)
class Market:
    """What the orders of one regeneration share.

    margin_s: how long a lease has to last when a call is about to leave, and how long that may take: a name's look-up and a
              connection, which is given up after 10 s
    sent:     (version, node) of calls that may have reached the vendor and are not settled yet
    writing:  (version, node) of values on their way into the store
    coming:   calls whose reply would be lost if nobody waited for it, by attempt
    unsent:   intents of ours that no byte was sent for, by attempt
    lost:     micro-dollars that calls cost which came to nothing, by attempt
    ending:   set once nothing more is to be started
    """

    context: Context
    writer: Writer
    providers: Mapping[str, Provider]
    slots: ConcurrencyLimiter
    pacing: Pacing
    lease: Lease
    workspace: str
    watch: Watch
    budget: Budget
    margin_s: float
    sent: set[tuple[int, str]] = field(default_factory=set)
    writing: set[tuple[int, str]] = field(default_factory=set)
    coming: dict[str, Coming] = field(default_factory=dict)
    unsent: dict[str, Intent] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, order: Order, write: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """All that is written of an order keeps its order, and goes before what has a shorter path behind it."""
        return self.writer.submit(write, order.seconds_behind)

    async def withdraw_unsent(self) -> None:
        """Take back the intents that no byte was sent for, when all calls have come to an end: after all that was written."""
        cut_off = [coming.intent for coming in self.coming.values() if not coming.departure.left]
        left = (*self.unsent.values(), *cut_off)
        await asyncio.gather(*(self.writer.submit(partial(ledger.withdraw, intent=intent), -math.inf) for intent in left))
