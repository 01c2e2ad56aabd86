"""How fast vendors are called, shared by all processes that share the database: lines for their limits, and a breaker each.

ask ───── stands in the line of a model's limits: now, it is this call's turn; or come again at that time. One transaction.
told ──── the vendor said what its limits are, or what is left of them: less where that is less than we thought
slow_down ── the vendor refused for its limits: three quarters of the pace, and a pause; a tenth more with each quiet minute
corrected ── a call used other amounts than it was let through with
note ──── a vendor that fails three times in a row is left alone, a second at first, half a minute at most; then one call probes

Who waits comes again every two seconds at the latest, so a worker that died loses its place a second after it was due.
Nobody polls: a turn's time is known from how many stand before it.

A call waits for one of these, and for each no longer than stands beside it:

    the calls before it    LONGEST_S for each, however large it was and however low the limit is
    what the vendor says   LONGEST_S: a pause (Retry-After), nothing left until then; also where it says a day, or no number
    a vendor that is gone  36 s, and 5 s for whoever looks whether it is back

All times are the store's (`clock.py`). One that lies further ahead was written by a clock that was wrong, and does not count.
A limit that the vendor tells and that is less than this one call, which it takes, is none: it counts as one call a minute. It is
forgotten after ten minutes in which it was not told again.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, Update, delete, select, update

from lecture_assets.store import fair_queue
from lecture_assets.store.database import insert
from lecture_assets.store.fair_queue import Standing
from lecture_assets.store.schema import paces, turns

BURST_S = 3.0
"""Of a pace that was not used so long, as much may be sent at once: a twentieth of what a minute allows."""
LONGEST_S = 300.0
"""The longest that one call, or one thing that a vendor says, makes others wait."""
LOOK_S = 2.0
"""The longest time between two looks of one that waits."""
_LATE_S = 1.0
"""So long after it was due, a worker is taken for dead, and its turn is the next one's."""
_SOON_S = 0.02
"""The shortest time between two looks."""
BREAKS_AFTER = 3
"""Failures of a vendor in a row: as often as one call is sent, so that a lone one is not given up in a second."""
GIVEN_UP_AFTER = 20
"""The same, some six minutes: calls are not kept waiting any longer then, and fail."""
_SHORTEST_BREAK_S, _LONGEST_BREAK_S = 1.0, 30.0
_TOGETHER_S = 1.0
"""Refusals for the limits within so long are one: their requests were out together."""
_PROBE_S = 5.0
"""How long others wait for the one that looks whether the vendor is there again."""
_SLOWER, _FASTER = 0.75, 1.1
_SLOWEST = 60
"""At the slowest, the pace is so small a part of the limit: what a vendor refuses at that it refuses at any."""
_LONGEST_SLOWED_S = 120.0
"""What one call takes of a pace that was slowed down, at most, unless the limit itself is so low: that pace is soon another."""
_FORGOTTEN_S = 600.0
"""Failures of a vendor that was not asked for so long are an old story: it is given up after as many new ones. So is its word."""
_QUIET_S = 60.0


@dataclass(frozen=True, slots=True)
class Claim:
    """So much of what a bucket gives out: `amount` of `per_minute`. saved_s: as `BURST_S`, in its place."""

    bucket: str
    per_minute: int
    amount: int
    saved_s: float = BURST_S


@dataclass(frozen=True, slots=True)
class Left:
    """What a vendor says is left of a bucket. per_minute: None where it does not say; next_s: until there is one more."""

    bucket: str
    per_minute: int | None
    left: int
    next_s: float


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether it is a call's turn now; else when to ask again.

    now:       when that was asked
    expected:  when its turn will be, as it looks now
    failures:  of its vendor in a row, where that is why it waits
    is_probed: another call looks whether that vendor is back
    """

    at: float
    now: float
    expected: float
    is_now: bool = False
    failures: int = 0
    is_probed: bool = False

    @property
    def wait_s(self) -> float:
        """In how many seconds to ask again."""
        return max(0.0, self.at - self.now)

    @property
    def expected_s(self) -> float:
        """In how many seconds its turn will be."""
        return max(0.0, self.expected - self.now)


def ask(  # noqa: PLR0913 - who asks for what, when
    connection: Connection, vendor: str, claims: Sequence[Claim], standing: Standing, now: float, *, sends: bool = True
) -> Turn:
    """Whether it is a call's turn, which is then taken; else when to ask again: in `LOOK_S` at the latest, in any other wait.

    One call of a worker stands in a line, that of these claims; the lowest place is next (`fair_queue.py`), of equals an edit.
    sends: whether the call is sent then; else the breaker is no matter yet
    """
    breaker = _locked(connection, vendor, 0, now)
    if sends and breaker.failures >= BREAKS_AFTER and breaker.closed_until > now:
        return _closed(breaker, now)
    claims = sorted(claims, key=lambda wanted: wanted.bucket)
    line = " + ".join(wanted.bucket for wanted in claims)
    rows = {wanted.bucket: _locked(connection, wanted.bucket, wanted.per_minute, now) for wanted in claims}
    takes_s = {wanted.bucket: _takes(rows[wanted.bucket], wanted, wanted.amount, now) for wanted in claims}
    each_s = max(takes_s.values())
    starts = {each.bucket: _start(rows[each.bucket], now - each.saved_s) for each in claims}
    before = _standing_before(connection, line, standing, each_s, now)
    at = max(*starts.values(), now) + before * each_s
    if before:
        at = max(at, now + _SOON_S)
    if at > now:
        soon = min(at, now + LOOK_S)
        connection.execute(update(turns).where(_mine(line, standing)).values(due=soon))
        return Turn(soon, now, at)
    place = connection.execute(delete(turns).where(_mine(line, standing)).returning(turns.c.place)).scalar_one()
    fair_queue.served(connection, line, place)
    for wanted in claims:
        connection.execute(_of(wanted.bucket).values(free_at=starts[wanted.bucket] + takes_s[wanted.bucket]))
    if sends and breaker.failures >= BREAKS_AFTER:
        connection.execute(_of(vendor).values(closed_until=now + _PROBE_S, free_at=now))
    return Turn(now, now, now, is_now=True)


def closed(connection: Connection, vendor: str, now: float) -> Turn | None:
    """When a vendor's breaker opens, where the vendor has failed of late; None where it has not."""
    row = connection.execute(select(paces).where(paces.c.bucket == vendor, paces.c.failures > 0)).one_or_none()
    return None if row is None else _closed(_Bucket.of(row, now), now)


def leave(connection: Connection, worker: str) -> None:
    """A worker waits for nothing any more."""
    connection.execute(delete(turns).where(turns.c.worker == worker))


def corrected(connection: Connection, claim: Claim, used: int, now: float) -> None:
    """A call that was let through with a claim has used so much instead."""
    row = _locked(connection, claim.bucket, claim.per_minute, now)
    more_s = _takes(row, claim, max(0, used), now) - _takes(row, claim, claim.amount, now)
    connection.execute(_of(claim.bucket).values(free_at=min(row.free_at + more_s, now + LONGEST_S)))


def told(connection: Connection, said: Iterable[Left], now: float) -> None:
    """What a vendor says counts where it is less than what we thought: its limit, and the time until there is something left."""
    for each in sorted(said, key=lambda left: left.bucket):
        row = _locked(connection, each.bucket, each.per_minute or 0, now)
        pause = max(row.closed_until, now + _bounded(each.next_s)) if each.left <= 0 else row.closed_until
        limit = {"told": each.per_minute, "told_at": now} if each.per_minute is not None and each.per_minute > 0 else {}
        connection.execute(_of(each.bucket).values(closed_until=pause, **limit))


def slow_down(connection: Connection, claims: Sequence[Claim], now: float, pause_s: float) -> None:
    """The vendor refused a request for its limits: less from now on, once for all that were out, and nothing for a while."""
    for refused in sorted(claims, key=lambda each: each.bucket):
        row = _locked(connection, refused.bucket, refused.per_minute, now)
        changed = {"closed_until": max(row.closed_until, now + _bounded(pause_s))}
        if now - row.slowed_at > _TOGETHER_S:
            changed |= {"per_minute": _pace(row, _most(row, refused, refused.amount), now) * _SLOWER, "slowed_at": now}
        connection.execute(_of(refused.bucket).values(**changed))


def note(connection: Connection, vendor: str, now: float, *, began: float, answered: bool) -> int:
    """A vendor answered a request, whatever it said, or it did not. How often it has failed in a row by now.

    began: when it was sent; what was out when another failure was noted says nothing new of a vendor that is left alone
    Goes before anything else that is written of a vendor, like `ask`: whoever has the vendor's row has all of its buckets.
    """
    row = _locked(connection, vendor, 0, now)
    if answered:
        connection.execute(_of(vendor).where(paces.c.failures > 0).values(failures=0, closed_until=0.0))
        return 0
    if row.failures >= BREAKS_AFTER and began <= row.slowed_at:
        return row.failures
    failures = row.failures + 1
    if now - row.slowed_at > _FORGOTTEN_S:
        failures = min(failures, BREAKS_AFTER)
    length = min(_LONGEST_BREAK_S, _SHORTEST_BREAK_S * 2.0 ** max(0, failures - BREAKS_AFTER))
    closed = now + length * random.uniform(0.8, 1.2) if failures >= BREAKS_AFTER else 0.0  # noqa: S311 - jitter, no secret
    connection.execute(_of(vendor).values(failures=failures, closed_until=closed, slowed_at=now))
    return failures


def _standing_before(connection: Connection, line: str, standing: Standing, cost: float, now: float) -> int:
    """How many stand before a worker's call in a line, which it joins where it does not stand in it yet."""
    is_gone = (turns.c.due < now - _LATE_S) | (turns.c.due > now + LOOK_S + _LATE_S)  # nobody is told to come that late
    connection.execute(delete(turns).where(turns.c.line == line, is_gone, ~_mine(line, standing)))
    waiting = connection.execute(select(turns).where(turns.c.line == line)).all()
    place = next((row.place for row in waiting if row.worker == standing.worker), None)
    if place is None:
        place = fair_queue.stand(connection, line, standing, cost)
        row = {"line": line, "worker": standing.worker, "urgent": int(standing.urgent), "place": place, "due": now}
        connection.execute(turns.insert().values(**row))
    mine = (place, not standing.urgent, standing.worker)
    return sum((row.place, not row.urgent, row.worker) < mine for row in waiting)


@dataclass(frozen=True, slots=True)
class _Bucket:
    """A row of `paces`, without what cannot be true: times that lie too far ahead, a limit that was told long ago."""

    per_minute: float
    free_at: float
    closed_until: float
    slowed_at: float
    failures: int
    told: float | None

    @classmethod
    def of(cls, row: Row[tuple[object, ...]], now: float) -> "_Bucket":
        """What is true of a row now."""
        free_at, closed_until = (at if at <= now + LONGEST_S else 0.0 for at in (row.free_at, row.closed_until))
        slowed_at = row.slowed_at if row.slowed_at <= now + _LATE_S else 0.0
        is_known = row.told_at is not None and abs(now - row.told_at) <= _FORGOTTEN_S
        return cls(row.per_minute, free_at, closed_until, slowed_at, row.failures, row.told if is_known else None)


def _bounded(seconds: float) -> float:
    """A wait that a vendor names, within bounds; none where that is no number."""
    return min(seconds, LONGEST_S) if seconds > 0 else 0.0


def _start(row: _Bucket, saved: float) -> float:
    """When a bucket has something to give: after what was taken, and after a pause, in which nothing is saved."""
    return max(row.free_at, row.closed_until, saved)


def _closed(breaker: _Bucket, now: float) -> Turn:
    opens, is_probed = breaker.closed_until, breaker.free_at > breaker.slowed_at
    return Turn(opens, now, opens, failures=breaker.failures, is_probed=is_probed)


def _pace(row: _Bucket, most: float, now: float) -> float:
    """Today's pace, a minute: what it was slowed down to, and a tenth more for each quiet minute; never above the limits."""
    quiet = max(0.0, now - row.slowed_at) / _QUIET_S
    slowed = row.per_minute if row.slowed_at else most
    return max(most / _SLOWEST, min(most, slowed * _FASTER**quiet) if quiet < 1000 else most)  # noqa: PLR2004 - no overflow


def _most(row: _Bucket, claim: Claim, amount: int) -> float:
    """What a minute has: our limit, or the vendor's own where that is less; that is enough for one call in any case."""
    return float(claim.per_minute if row.told is None else min(claim.per_minute, max(row.told, claim.amount, amount)))


def _takes(row: _Bucket, claim: Claim, amount: int, now: float) -> float:
    """For how many seconds an amount uses a bucket up."""
    most = _most(row, claim, amount)
    at_most = min(LONGEST_S, max(_LONGEST_SLOWED_S, amount * 60.0 / most))
    return min(amount * 60.0 / _pace(row, most, now), at_most)


def _locked(connection: Connection, bucket: str, per_minute: int, now: float) -> _Bucket:
    """The row of a bucket, ours until the transaction ends."""
    new = {"bucket": bucket, "per_minute": per_minute, "free_at": 0.0, "closed_until": 0.0, "slowed_at": 0.0, "failures": 0}
    connection.execute(insert(connection.dialect.name, paces).values(**new).on_conflict_do_nothing())
    return _Bucket.of(connection.execute(select(paces).where(paces.c.bucket == bucket).with_for_update()).one(), now)


def _of(bucket: str) -> Update:
    return update(paces).where(paces.c.bucket == bucket)


def _mine(line: str, standing: Standing) -> ColumnElement[bool]:
    return (turns.c.line == line) & (turns.c.worker == standing.worker)
