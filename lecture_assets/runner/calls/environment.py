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
from lecture_assets.store.requests import Lease
from lecture_assets.store.writer import Writer


@dataclass(frozen=True, slots=True)
class CallEnvironment:
    """The store and its writer, the vendors and their limits, the lease, the budget and the event watcher.

    margin_s: seconds that the lease must still last when a call is about to be sent, and that starting to send may take:
              a DNS lookup and connecting, which times out after 10 s
    ending:   set once nothing more may be started
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
