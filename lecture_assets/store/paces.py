"""How fast vendors are called, shared by all processes that share the database: a place in time for each request, and a breaker.

claim ──► when the request may be sent: one transaction gives out the next free moment, so that nobody polls and nobody bursts
slow_down ── the vendor said 429: three quarters of the pace, and a pause; a tenth more with each quiet minute, up to the limit
note ──── a vendor that fails five times in a row is left alone, a second at first, half a minute at most; then one probes

A process that dies leaves nothing behind but a moment that nobody used.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Update, select, update

from lecture_assets.store.database import insert
from lecture_assets.store.schema import paces

BURST_S = 3.0
"""Of a pace that was not used so long, as much may be sent at once: a twentieth of what a minute allows."""
BREAKS_AFTER = 5
"""Failures of a vendor in a row."""
_SHORTEST_BREAK_S, _LONGEST_BREAK_S = 1.0, 30.0
_PROBE_S = 5.0
"""How long others wait for the one that looks whether the vendor is there again."""
_SLOWER, _FASTER = 0.75, 1.1
_SLOWEST = 1.0
"""A minute. What a vendor refuses at this pace it refuses at any."""
_QUIET_S = 60.0


@dataclass(frozen=True, slots=True)
class Claim:
    """So much of what a bucket gives out: `amount` of `per_minute`."""

    bucket: str
    per_minute: int
    amount: int


def claim(connection: Connection, claims: Sequence[Claim], now: float) -> float:
    """When a request may be sent that needs all of these; that moment is nobody else's."""
    start = now
    for wanted in sorted(claims, key=lambda each: each.bucket):
        row = _locked(connection, wanted.bucket, wanted.per_minute)
        pace = _recovered(row, wanted.per_minute, now)
        free_at = max(row.free_at, now - BURST_S)
        start = max(start, free_at)
        taken = wanted.amount * 60.0 / pace
        connection.execute(_of(wanted.bucket).values(free_at=free_at + taken, per_minute=pace))
    return start


def slow_down(connection: Connection, claims: Sequence[Claim], now: float, pause_s: float) -> None:
    """The vendor refused a request for its limits: less from now on, once for all that were out, and nothing for a while."""
    for refused in sorted(claims, key=lambda each: each.bucket):
        row = _locked(connection, refused.bucket, refused.per_minute)
        changed = {"free_at": max(row.free_at, now + pause_s)}
        if now - row.slowed_at > 1.0:
            changed |= {"per_minute": max(_SLOWEST, _recovered(row, refused.per_minute, now) * _SLOWER), "slowed_at": now}
        connection.execute(_of(refused.bucket).values(**changed))


def opens_at(connection: Connection, vendor: str, now: float) -> float:
    """When a vendor may be asked: now, or when its breaker opens. Of those that wait for that, one goes first."""
    row = connection.execute(select(paces).where(paces.c.bucket == vendor).with_for_update()).one_or_none()
    if row is None or row.failures < BREAKS_AFTER:
        return now
    if row.closed_until > now:
        return float(row.closed_until)
    connection.execute(_of(vendor).values(closed_until=now + _PROBE_S))
    return now


def note(connection: Connection, vendor: str, now: float, *, answered: bool) -> None:
    """A vendor answered, whatever it said, or it did not."""
    if answered:
        connection.execute(_of(vendor).where(paces.c.failures > 0).values(failures=0, closed_until=0.0))
        return
    row = _locked(connection, vendor, 0)
    failures = row.failures + 1
    length = min(_LONGEST_BREAK_S, _SHORTEST_BREAK_S * 2.0 ** max(0, failures - BREAKS_AFTER))
    closed = now + length * random.uniform(0.8, 1.2) if failures >= BREAKS_AFTER else 0.0  # noqa: S311 - jitter, no secret
    connection.execute(_of(vendor).values(failures=failures, closed_until=closed))


def _recovered(row: Row[tuple[object, ...]], limit: int, now: float) -> float:
    """Today's pace: what it was slowed down to, and a tenth more for each quiet minute; never above the limit."""
    quiet = max(0.0, now - row.slowed_at) / _QUIET_S
    slowed: float = row.per_minute if row.slowed_at else limit
    return min(float(limit), slowed * _FASTER**quiet) if quiet < 1000 else float(limit)  # noqa: PLR2004 - long ago, no overflow


def _locked(connection: Connection, bucket: str, per_minute: int) -> Row[tuple[object, ...]]:
    """The row of a bucket, ours until the transaction ends."""
    new = {"bucket": bucket, "per_minute": per_minute, "free_at": 0.0, "closed_until": 0.0, "slowed_at": 0.0, "failures": 0}
    connection.execute(insert(connection.dialect.name, paces).values(**new).on_conflict_do_nothing())
    return connection.execute(select(paces).where(paces.c.bucket == bucket).with_for_update()).one()


def _of(bucket: str) -> Update:
    return update(paces).where(paces.c.bucket == bucket)
