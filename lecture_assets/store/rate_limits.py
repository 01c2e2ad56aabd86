"""How fast vendors are called, shared by all processes that share the database: queues for rate limits, circuit breakers.

request_permit ────── joins the queue of a model's limits: the call may be sent now, or asks again at a given time, all at once
apply_vendor_limits ─ the vendor reported its limits, or what is left of them: adopted where they are tighter than ours
slow_down ─────────── the vendor refused a call for its limits: three quarters of the rate, a pause; +10 % a quiet minute
reconcile_usage ───── a call used more or less than it was admitted with
record_health ─────── after three failures in a row the vendor's breaker opens, for one second up to thirty; then one call
                      probes

A waiting call asks again every two seconds at the latest, so a worker that died loses its place a second after it was due.
Nobody polls: the time of a call follows from the number of calls before it.

A call waits for one of these, and for each no longer than stated:

    the calls before it          LONGEST_S for each, however large it was and however low the limit is
    what the vendor reports      LONGEST_S: a pause (Retry-After), or nothing left until then; also if it says a day or nonsense
    a vendor that is down        36 s, and 5 s for the call that probes

All times are the store's (`clock.py`). One that lies further ahead was written by a wrong clock, and is ignored. A limit that the
vendor reports and that is less than this one call, which the vendor accepts, counts as one call a minute. It is forgotten after
ten minutes in which it was not reported again.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, Update, delete, select, update

from lecture_assets.store import fair_queue
from lecture_assets.store.database import insert
from lecture_assets.store.fair_queue import QueueTicket
from lecture_assets.store.schema import buckets, queue_tickets

BURST_S = 3.0
"""An unused rate is saved up for this long, so that much may be sent at once: a twentieth of what a minute allows."""
LONGEST_S = 300.0
"""The longest that one call, or one report of a vendor, makes others wait."""
LOOK_S = 2.0
"""The longest time between two looks of one that waits."""
_LATE_S = 1.0
"""A worker that is this late is presumed dead and loses its place."""
_SOON_S = 0.02
"""The shortest time between two looks."""
BREAKS_AFTER = 3
"""Failures of a vendor in a row: as often as one call is sent, so that a lone one is not given up in a second."""
GIVEN_UP_AFTER = 20
"""Failures in a row, some six minutes of them, after which calls fail instead of waiting."""
_SHORTEST_BREAK_S, _LONGEST_BREAK_S = 1.0, 30.0
_TOGETHER_S = 1.0
"""Refusals within this time count as one: their requests were in flight together."""
_PROBE_S = 5.0
"""How long other calls wait for the one that probes whether the vendor is back."""
_SLOWER, _FASTER = 0.75, 1.1
_SLOWEST = 60
"""The lowest rate is the limit divided by this: what a vendor refuses at that rate it refuses at any."""
_LONGEST_SLOWED_S = 120.0
"""The longest that one call occupies a slowed bucket, unless the limit itself is that low: the rate soon recovers."""
_FORGOTTEN_S = 600.0
"""After this long without a call, a vendor's failures start over, and the limits it reported are forgotten."""
_QUIET_S = 60.0


@dataclass(frozen=True, slots=True)
class BucketUse:
    """A call's use of one bucket: `amount` of `per_minute`. saved_s: replaces `BURST_S`."""

    bucket: str
    per_minute: int
    amount: int
    saved_s: float = BURST_S


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a vendor reports of a bucket. per_minute: None if not reported; next_s: seconds until one more is left."""

    bucket: str
    per_minute: int | None
    left: int
    next_s: float


@dataclass(frozen=True, slots=True)
class SendDecision:
    """Whether a call may be sent now; otherwise when to ask again.

    at:        when to ask again
    now:       when the decision was made
    expected:  when the call is likely to be sent
    failures:  of the vendor in a row, if that is the reason for waiting
    is_probed: another call is probing whether the vendor is back
    """

    at: float
    now: float
    expected: float
    is_now: bool = False
    failures: int = 0
    is_probed: bool = False

    @property
    def wait_s(self) -> float:
        """Seconds until the call should ask again."""
        return max(0.0, self.at - self.now)

    @property
    def expected_s(self) -> float:
        """Seconds until the call is likely to be sent."""
        return max(0.0, self.expected - self.now)


def request_permit(  # noqa: PLR0913 - who asks for what, when
    connection: Connection, vendor: str, uses: Sequence[BucketUse], ticket: QueueTicket, now: float, *, sends: bool = True
) -> SendDecision:
    """Grant the call if it is due. Otherwise say when to ask again: within LOOK_S, unless the breaker is open.

    A worker has one call in the queue of these buckets. The lowest virtual time is next (`fair_queue.py`); of equals, an edit.
    sends: whether the call is sent once it is granted; if not, the breaker is ignored
    """
    breaker = _locked(connection, vendor, 0, now)
    if sends and breaker.failures >= BREAKS_AFTER and breaker.open_until > now:
        return _open_breaker(breaker, now)
    uses = sorted(uses, key=lambda use: use.bucket)
    queue = " + ".join(use.bucket for use in uses)
    rows = {use.bucket: _locked(connection, use.bucket, use.per_minute, now) for use in uses}
    takes_s = {use.bucket: _occupies_s(rows[use.bucket], use, use.amount, now) for use in uses}
    each_s = max(takes_s.values())
    starts = {use.bucket: _start(rows[use.bucket], now - use.saved_s) for use in uses}
    before = _queued_before(connection, queue, ticket, each_s, now)
    at = max(*starts.values(), now) + before * each_s
    if before:
        at = max(at, now + _SOON_S)
    if at > now:
        soon = min(at, now + LOOK_S)
        connection.execute(update(queue_tickets).where(_mine(queue, ticket)).values(due=soon))
        return SendDecision(soon, now, at)
    leaves = delete(queue_tickets).where(_mine(queue, ticket)).returning(queue_tickets.c.virtual_time)
    virtual_time = connection.execute(leaves).scalar_one()
    fair_queue.advance(connection, queue, virtual_time)
    for use in uses:
        connection.execute(_of(use.bucket).values(free_at=starts[use.bucket] + takes_s[use.bucket]))
    if sends and breaker.failures >= BREAKS_AFTER:
        connection.execute(_of(vendor).values(open_until=now + _PROBE_S, free_at=now))
    return SendDecision(now, now, now, is_now=True)


def breaker_state(connection: Connection, vendor: str, now: float) -> SendDecision | None:
    """How long a vendor's breaker stays open, if the vendor failed recently; None if it did not."""
    row = connection.execute(select(buckets).where(buckets.c.bucket == vendor, buckets.c.failures > 0)).one_or_none()
    return None if row is None else _open_breaker(_Bucket.of(row, now), now)


def stop_waiting(connection: Connection, worker: str) -> None:
    """Take a worker out of every queue."""
    connection.execute(delete(queue_tickets).where(queue_tickets.c.worker == worker))


def reconcile_usage(connection: Connection, use: BucketUse, used: int, now: float) -> None:
    """Correct what a granted call was admitted with by what it used."""
    row = _locked(connection, use.bucket, use.per_minute, now)
    more_s = _occupies_s(row, use, max(0, used), now) - _occupies_s(row, use, use.amount, now)
    connection.execute(_of(use.bucket).values(free_at=min(row.free_at + more_s, now + LONGEST_S)))


def apply_vendor_limits(connection: Connection, said: Iterable[Remaining], now: float) -> None:
    """Adopt what a vendor reports where it is tighter than what we know: its limit, and when something is left again."""
    for each in sorted(said, key=lambda left: left.bucket):
        row = _locked(connection, each.bucket, each.per_minute or 0, now)
        pause = max(row.open_until, now + _bounded(each.next_s)) if each.left <= 0 else row.open_until
        limit = {"vendor_per_minute": each.per_minute, "vendor_said_at": now} if each.per_minute else {}
        connection.execute(_of(each.bucket).values(open_until=pause, **limit))


def slow_down(connection: Connection, uses: Sequence[BucketUse], now: float, pause_s: float) -> None:
    """Lower the rate after a refusal for rate limits, once for all requests in flight, and pause."""
    for refused in sorted(uses, key=lambda each: each.bucket):
        row = _locked(connection, refused.bucket, refused.per_minute, now)
        changed = {"open_until": max(row.open_until, now + _bounded(pause_s))}
        if now - row.slowed_at > _TOGETHER_S:
            changed |= {"per_minute": _rate(row, _limit(row, refused, refused.amount), now) * _SLOWER, "slowed_at": now}
        connection.execute(_of(refused.bucket).values(**changed))


def record_health(connection: Connection, vendor: str, now: float, *, began: float, answered: bool) -> int:
    """Record whether a vendor answered a request, with success or an error. Returns its failures in a row.

    began: when the request was sent; one that was in flight when the breaker opened does not count again
    Must come before any other write about the vendor, like `request_permit`: its row is the lock for all of its buckets.
    """
    row = _locked(connection, vendor, 0, now)
    if answered:
        connection.execute(_of(vendor).where(buckets.c.failures > 0).values(failures=0, open_until=0.0))
        return 0
    if row.failures >= BREAKS_AFTER and began <= row.slowed_at:
        return row.failures
    failures = row.failures + 1
    if now - row.slowed_at > _FORGOTTEN_S:
        failures = min(failures, BREAKS_AFTER)
    length = min(_LONGEST_BREAK_S, _SHORTEST_BREAK_S * 2.0 ** max(0, failures - BREAKS_AFTER))
    open_until = now + length * random.uniform(0.8, 1.2) if failures >= BREAKS_AFTER else 0.0  # noqa: S311 - jitter, no secret
    connection.execute(_of(vendor).values(failures=failures, open_until=open_until, slowed_at=now))
    return failures


def _queued_before(connection: Connection, queue: str, ticket: QueueTicket, cost: float, now: float) -> int:
    """How many calls are before a worker's in a queue; the call joins the queue if it is not in it yet."""
    due = queue_tickets.c.due
    is_gone = (due < now - _LATE_S) | (due > now + LOOK_S + _LATE_S)  # nobody is told to ask again that late
    connection.execute(delete(queue_tickets).where(queue_tickets.c.queue == queue, is_gone, ~_mine(queue, ticket)))
    waiting = connection.execute(select(queue_tickets).where(queue_tickets.c.queue == queue)).all()
    virtual_time = next((row.virtual_time for row in waiting if row.worker == ticket.worker), None)
    if virtual_time is None:
        virtual_time = fair_queue.enqueue(connection, queue, ticket, cost)
        connection.execute(
            queue_tickets.insert().values(
                queue=queue, worker=ticket.worker, interactive=int(ticket.interactive), virtual_time=virtual_time, due=now
            )
        )
    mine = (virtual_time, not ticket.interactive, ticket.worker)
    return sum((row.virtual_time, not row.interactive, row.worker) < mine for row in waiting)


@dataclass(frozen=True, slots=True)
class _Bucket:
    """A row of `rate_limit_buckets` without implausible times and without a limit that was reported long ago."""

    per_minute: float
    free_at: float
    open_until: float
    slowed_at: float
    failures: int
    vendor_per_minute: float | None

    @classmethod
    def of(cls, row: Row[tuple[object, ...]], now: float) -> "_Bucket":
        """The row as of now."""
        free_at, open_until = (at if at <= now + LONGEST_S else 0.0 for at in (row.free_at, row.open_until))
        slowed_at = row.slowed_at if row.slowed_at <= now + _LATE_S else 0.0
        is_known = row.vendor_said_at is not None and abs(now - row.vendor_said_at) <= _FORGOTTEN_S
        return cls(row.per_minute, free_at, open_until, slowed_at, row.failures, row.vendor_per_minute if is_known else None)


def _bounded(seconds: float) -> float:
    """A wait that a vendor names, within bounds; 0 if it is not a number."""
    return min(seconds, LONGEST_S) if seconds > 0 else 0.0


def _start(row: _Bucket, saved: float) -> float:
    """When a bucket is free: after what was taken and after a pause, during which nothing is saved up."""
    return max(row.free_at, row.open_until, saved)


def _open_breaker(breaker: _Bucket, now: float) -> SendDecision:
    opens, is_probed = breaker.open_until, breaker.free_at > breaker.slowed_at
    return SendDecision(opens, now, opens, failures=breaker.failures, is_probed=is_probed)


def _rate(row: _Bucket, most: float, now: float) -> float:
    """The present rate per minute: what it was slowed to, plus a tenth for each quiet minute; never above the limits."""
    quiet = max(0.0, now - row.slowed_at) / _QUIET_S
    slowed = row.per_minute if row.slowed_at else most
    return max(most / _SLOWEST, min(most, slowed * _FASTER**quiet) if quiet < 1000 else most)  # noqa: PLR2004 - no overflow


def _limit(row: _Bucket, use: BucketUse, amount: int) -> float:
    """The limit per minute: ours, or the vendor's if that is lower; always enough for one call."""
    return float(
        use.per_minute if row.vendor_per_minute is None else min(use.per_minute, max(row.vendor_per_minute, use.amount, amount))
    )


def _occupies_s(row: _Bucket, use: BucketUse, amount: int, now: float) -> float:
    """Seconds for which an amount occupies a bucket."""
    most = _limit(row, use, amount)
    at_most = min(LONGEST_S, max(_LONGEST_SLOWED_S, amount * 60.0 / most))
    return min(amount * 60.0 / _rate(row, most, now), at_most)


def _locked(connection: Connection, bucket: str, per_minute: int, now: float) -> _Bucket:
    """The row of a bucket, locked until the transaction ends."""
    new = {"bucket": bucket, "per_minute": per_minute, "free_at": 0.0, "open_until": 0.0, "slowed_at": 0.0, "failures": 0}
    connection.execute(insert(connection.dialect.name, buckets).values(**new).on_conflict_do_nothing())
    return _Bucket.of(connection.execute(select(buckets).where(buckets.c.bucket == bucket).with_for_update()).one(), now)


def _of(bucket: str) -> Update:
    return update(buckets).where(buckets.c.bucket == bucket)


def _mine(queue: str, ticket: QueueTicket) -> ColumnElement[bool]:
    return (queue_tickets.c.queue == queue) & (queue_tickets.c.worker == ticket.worker)
