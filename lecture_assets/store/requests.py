"""The one request row of a lecture: none, queued or running, with its owner, fence and lease. Who works on what.

All times are the store's (`clock.py`): a lease is over when that time says so, whatever the clocks of those who look say.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.lectures import version_of
from lecture_assets.store.schema import requests


@dataclass(frozen=True, slots=True)
class Lease:
    """Leave to work on a lecture until a time (seconds since 1970). Each claim has a higher fence than all before.

    before:  the request's state when it was claimed; a dead worker's counts as queued
    version: the head's when it was claimed
    """

    lecture: str
    owner: str
    fence: int
    before: str = "none"
    version: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """Who wants to work, from when until when (seconds since 1970).

    gone: the start of the names of owners that are known to be gone (the lock that they would hold is ours), whose leases need
          not be waited for; empty where nobody is
    """

    owner: str
    now: float
    until: float
    gone: str


def claim(connection: Connection, lecture: str, wanted: Claim) -> Lease | str:
    """Take over a lecture's request; the owner's name where another is alive at it."""
    version = version_of(connection, lecture)
    bound(connection, lecture, wanted.now)
    row = connection.execute(select(requests).where(requests.c.lecture == lecture)).one()
    is_gone = bool(wanted.gone) and str(row.owner).startswith(wanted.gone)
    if row.state == "running" and row.lease_until > wanted.now and not is_gone:
        return str(row.owner)
    fence = int(row.fence) + 1
    mine = update(requests).where(requests.c.lecture == lecture)
    connection.execute(mine.values(state="running", owner=wanted.owner, fence=fence, lease_until=wanted.until))
    return Lease(lecture, wanted.owner, fence, "none" if row.state == "none" else "queued", version)


def bound(connection: Connection, lecture: str, now: float) -> None:
    """A lease that ends later than any can was written by a wrong clock: from now on it lasts as long as one."""
    too_long = (requests.c.lecture == lecture) & (requests.c.lease_until > now + LEASE_S)
    connection.execute(update(requests).where(too_long).values(lease_until=now + LEASE_S))


def holds(connection: Connection, lease: Lease, now: float) -> bool:
    """Whether a lease is still good."""
    row = connection.execute(_OF_LECTURE, {"of_lecture": lease.lecture}).one()
    return bool(row.state == "running" and row.fence == lease.fence and row.lease_until > now)


_OF_LECTURE = select(requests).where(requests.c.lecture == bindparam("of_lecture"))
"""Built once: the writer looks at the lease with every node."""


def is_alive(connection: Connection, lecture: str, fence: int, now: float) -> bool:
    """Whether whoever claimed a lecture with this fence may still be working."""
    return holds(connection, Lease(lecture, "", fence), now)


def renew(connection: Connection, lease: Lease, until: float) -> bool:
    """Longer; False where the lease was lost."""
    mine = update(requests).where(
        requests.c.lecture == lease.lecture, requests.c.fence == lease.fence, requests.c.state == "running"
    )
    return connection.execute(mine.values(lease_until=until)).rowcount == 1


def finish(connection: Connection, lease: Lease, version: int, *, now: float) -> bool:
    """Done with a version. False where the head moved meanwhile: then the lease goes on and there is more to do.

    Where the lease ran out by then, the request is left for another worker; a lost lease changes nothing.
    """
    moved = version_of(connection, lease.lecture) > version
    if moved and holds(connection, lease, now):
        return False
    release(connection, lease, "queued" if moved else "none")
    return True


def withdraw(connection: Connection, lecture: str) -> None:
    """Nobody wants the lecture made any more, until it is edited or asked for again; one that is being worked on stays."""
    waiting = update(requests).where(requests.c.lecture == lecture, requests.c.state == "queued")
    connection.execute(waiting.values(state="none"))


def release(connection: Connection, lease: Lease, state: str | None = None) -> None:
    """Let go. Without a state, the request is as it was before the claim, or queued where an edit landed meanwhile.

    Nothing happens to the request of a lost lease.
    """
    if state is None:
        state = lease.before if version_of(connection, lease.lecture) == lease.version else "queued"
    mine = update(requests).where(
        requests.c.lecture == lease.lecture, requests.c.fence == lease.fence, requests.c.state == "running"
    )
    connection.execute(mine.values(state=state, lease_until=0.0))
