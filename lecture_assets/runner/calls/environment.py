"""What all calls of one regeneration share."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from lecture_assets.ports import Provider
from lecture_assets.runner.calls.budget import Budget
from lecture_assets.runner.calls.rate_limiter import RateLimiter
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.events import Watch
from lecture_assets.runner.setup.slots import ConcurrencyLimiter
from lecture_assets.store.database import Writer
from lecture_assets.store.requests import Lease


@dataclass(frozen=True, slots=True)
class CallEnvironment:
    """The store and its writer, the vendors and when they may be asked, the lease, the money, and who watches.

    margin_s: how long a lease has to last when a call is about to leave, and how long that may take: a name's look-up and a
              connection, which is given up after 10 s
    ending:   set once nothing more is to be started
    """

    context: Context
    writer: Writer
    providers: Mapping[str, Provider]
    slots: ConcurrencyLimiter
    rate_limiter: RateLimiter
    lease: Lease
    workspace: str
    watch: Watch
    budget: Budget
    margin_s: float
    ending: asyncio.Event = field(default_factory=asyncio.Event)
