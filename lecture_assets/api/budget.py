"""How much each sender may still ask for: a bucket of requests and one of cost for each, which fill up again by the second.

A bucket holds what 20 seconds restore, so that an editor that opens many pages at once does not meet it. Buckets are of one
process: behind `n` copies of a server, a sender may have up to `n` times as much.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from lecture_assets.api.cost_limits import MOST_COST
from lecture_assets.runner.setup.api_rates import ApiRates

THROTTLED = "THROTTLED"
_SAVED_S = 20.0
_MOST_SENDERS = 10_000
"""Whose buckets are kept. Those that were used least recently are forgotten, that is, filled."""


class ThrottledError(GraphQLError):
    """A sender has asked for more than its share."""

    def __init__(self, wait_s: float) -> None:
        """wait_s: until the same would be granted."""
        self.retry_after_s = max(1, math.ceil(wait_s))
        message = f"too many requests, or too costly ones; try again in {self.retry_after_s} s"
        super().__init__(message, extensions={"code": THROTTLED, "retryAfter": self.retry_after_s})


@dataclass(slots=True)
class _Allowance:
    """What one sender has left, at a time of the clock."""

    requests: float
    cost: float
    at: float


class Budgets:
    """The buckets of all senders of a process. Any thread may ask."""

    def __init__(self, rates: ApiRates, now: Callable[[], float] = time.monotonic, most_senders: int = _MOST_SENDERS) -> None:
        """now: a clock in seconds that only goes forward."""
        self._rates, self._now, self._most_senders = rates, now, most_senders
        self._most_requests = max(_SAVED_S * rates.requests, 1.0)
        self._most_cost = max(_SAVED_S * rates.cost, float(MOST_COST))
        self._buckets: OrderedDict[str, _Allowance] = OrderedDict()
        self._lock = threading.Lock()

    def take_request(self, sender: str) -> None:
        """Count one request. ThrottledError if none is left."""
        with self._lock:
            bucket = self._bucket(sender)
            self._check(1.0 - bucket.requests, self._rates.requests)
            bucket.requests -= 1.0

    def take_cost(self, sender: str, cost: int) -> dict[str, Any]:
        """Count a cost, and return what `extensions.cost` tells of the rest. ThrottledError if it is too much."""
        with self._lock:
            bucket = self._bucket(sender)
            self._check(cost - bucket.cost, self._rates.cost)
            bucket.cost -= cost
            return {"available": int(bucket.cost), "restoreRate": self._rates.cost} if self._rates.cost else {}

    def _check(self, missing: float, rate: float) -> None:
        if rate and missing > 0:
            raise ThrottledError(missing / rate)

    def _bucket(self, sender: str) -> _Allowance:
        """Return the sender's bucket as it is now."""
        now = self._now()
        bucket = self._buckets.pop(sender, None) or _Allowance(self._most_requests, self._most_cost, now)
        self._buckets[sender] = bucket
        while len(self._buckets) > self._most_senders:
            self._buckets.popitem(last=False)
        passed = max(0.0, now - bucket.at)
        bucket.requests = min(self._most_requests, bucket.requests + passed * self._rates.requests)
        bucket.cost = min(self._most_cost, bucket.cost + passed * self._rates.cost)
        bucket.at = now
        return bucket
