"""The request row of each lecture: none, queued or running, with owner, fence and lease. It decides which worker makes what.

All times are the store's (`clock.py`), so processes agree on when a lease ends even if their clocks do not.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Update, bindparam, select, update

from lecture_assets.store import due_publications, progress, regeneration_scopes
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.lectures import version_of
from lecture_assets.store.notices import notify
from lecture_assets.store.progress import EventKind
from lecture_assets.store.regeneration_scopes import AskedScope
from lecture_assets.store.schema import requests
from lecture_assets.store.shadows import require_real


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a lecture for a limited time.

    fence:   grows with every claim
    before:  the request's state when it was claimed; a dead worker's request counts as queued
    version: the head's version when it was claimed
    """

    lecture: str
    owner: str
    fence: int
    before: str = "none"
    version: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim to work on a lecture, from `now` until `until` (seconds since 1970).

    gone: the prefix of owner names known to be dead, because this process holds the lock they would hold; their leases are not
          waited for. Empty if none are known to be dead
    """

    owner: str
    now: float
    until: float
    gone: str


def claim(connection: Connection, lecture: str, wanted: Claim) -> Lease | str:
    """Take over a lecture's request. Return the lease, or the name of the owner if one is still working on it.

    The owner itself may claim again: it does if it was not told whether its claim was saved. ShadowError for a shadow: whatever
    makes a lecture has to claim it first, so nothing of a shadow is ever bought.
    """
    version = version_of(connection, lecture, lock=True)
    require_real(connection, lecture)
    bound(connection, lecture, wanted.now)
    row = connection.execute(select(requests).where(requests.c.lecture == lecture)).one()
    is_gone = row.owner == wanted.owner or (bool(wanted.gone) and str(row.owner).startswith(wanted.gone))
    if row.state == "running" and row.lease_until > wanted.now and not is_gone:
        return str(row.owner)
    fence = int(row.fence) + 1
    queued_at = wanted.now if row.state == "none" else row.queued_at
    mine = update(requests).where(requests.c.lecture == lecture)
    connection.execute(
        mine.values(state="running", owner=wanted.owner, fence=fence, lease_until=wanted.until, queued_at=queued_at)
    )
    due_publications.mark(connection, lecture)
    progress.append(connection, lecture, EventKind.RUN_STARTED, {"run": fence, "version": version}, wanted.now)
    return Lease(lecture, wanted.owner, fence, "none" if row.state == "none" else "queued", version)


def bound(connection: Connection, lecture: str, now: float) -> None:
    """Shorten a lease that ends implausibly late, as a wrong clock may have written it, to a regular lease from now."""
    too_long = (requests.c.lecture == lecture) & (requests.c.lease_until > now + LEASE_S)
    connection.execute(update(requests).where(too_long).values(lease_until=now + LEASE_S))


def holds(connection: Connection, lease: Lease, now: float) -> bool:
    """Whether a lease is still valid."""
    row = connection.execute(_OF_LECTURE, {"of_lecture": lease.lecture}).one()
    return bool(row.state == "running" and row.fence == lease.fence and row.lease_until > now)


_OF_LECTURE = select(requests).where(requests.c.lecture == bindparam("of_lecture"))
"""Built once: the writer checks the lease with every node."""


def state_of(connection: Connection, lecture: str) -> str:
    """Return the state of an existing lecture's request."""
    return str(connection.execute(_OF_LECTURE, {"of_lecture": lecture}).one().state)


def is_alive(connection: Connection, lecture: str, fence: int, now: float) -> bool:
    """Whether the worker that claimed a lecture with this fence may still be working."""
    return holds(connection, Lease(lecture, "", fence), now)


def is_running(connection: Connection, lecture: str, now: float) -> bool:
    """Whether a living worker is making a lecture."""
    row = connection.execute(_OF_LECTURE, {"of_lecture": lecture}).one()
    return bool(row.state == "running" and row.lease_until > now)


def renew(connection: Connection, lease: Lease, until: float) -> bool:
    """Extend a lease. Return False if it was lost. Until the transaction ends, nobody else claims or edits the lecture."""
    version_of(connection, lease.lecture, lock=True)
    return connection.execute(_mine(lease).values(lease_until=until)).rowcount == 1


def planned(connection: Connection, lease: Lease, calls: int) -> None:
    """Record how many calls the plan has that is carried out. A lost lease changes nothing."""
    version_of(connection, lease.lecture, lock=True)
    connection.execute(_mine(lease).values(calls=calls))


def finish(connection: Connection, lease: Lease, version: int, *, now: float) -> bool:
    """Finish a version. Return False if the head moved meanwhile: the lease then continues and there is more to do.

    If the lease has expired by then, the request is left to another worker. A lost lease changes nothing.
    """
    moved = version_of(connection, lease.lecture, lock=True) > version
    if moved and holds(connection, lease, now):
        return False
    release(connection, lease, "queued" if moved else "none")
    return True


def withdraw(connection: Connection, lecture: str, now: float) -> None:
    """Withdraw a queued request until the next edit or request. A running one is left alone."""
    version_of(connection, lecture, lock=True)
    waiting = update(requests).where(requests.c.lecture == lecture, requests.c.state == "queued")
    if connection.execute(waiting.values(state="none")).rowcount:
        progress.append(connection, lecture, EventKind.WITHDRAWN, {}, now)
        regeneration_scopes.clear(connection, lecture)
    due_publications.mark(connection, lecture)


def ask(connection: Connection, lecture: str, asked: AskedScope, now: float) -> str:
    """Queue a request, or let it wait for the end of the running one. Return the request's state.

    UnknownLectureError if the lecture does not exist, ShadowError for a shadow.
    """
    version_of(connection, lecture, lock=True)
    require_real(connection, lecture)
    state = state_of(connection, lecture)
    if state == "running":
        regeneration_scopes.wait(connection, lecture, asked)
        return state
    regeneration_scopes.queue(connection, lecture, asked, joins=state == "queued")
    mine = update(requests).where(requests.c.lecture == lecture)
    connection.execute(mine.values(calls=None) if state == "queued" else mine.values(state="queued", queued_at=now, calls=None))
    due_publications.mark(connection, lecture)
    notify(connection)
    return "queued"


def stop(connection: Connection, lecture: str, now: float) -> str:
    """Withdraw the request even if it is running, whose worker then sends no further call. Return the state that it had.

    UnknownLectureError if the lecture does not exist.
    """
    version_of(connection, lecture, lock=True)
    row = connection.execute(_OF_LECTURE, {"of_lecture": lecture}).one()
    if row.state != "none":
        mine = update(requests).where(requests.c.lecture == lecture)
        connection.execute(mine.values(state="none", fence=row.fence + 1, lease_until=0.0, calls=None))
        regeneration_scopes.clear(connection, lecture)
        due_publications.mark(connection, lecture)
        progress.append(connection, lecture, EventKind.WITHDRAWN, {}, now)
    return str(row.state)


def release(connection: Connection, lease: Lease, state: str | None = None) -> str | None:
    """Release a lease. By default the request returns to its state before the claim, or is queued if an edit arrived meanwhile.

    What was asked for meanwhile is queued. Return the request's state. A lost lease, or one that was released before, changes
    nothing, and None is returned.
    """
    version = version_of(connection, lease.lecture, lock=True)
    has_moved = version != lease.version
    if state is None:
        state = "queued" if has_moved else lease.before
    was_held = connection.execute(_mine(lease).values(state=state, lease_until=0.0, calls=None)).rowcount == 1
    if was_held:
        state = _release_scope(connection, lease.lecture, state, has_moved=has_moved)
    due_publications.mark(connection, lease.lecture)
    return state if was_held else None


def _release_scope(connection: Connection, lecture: str, state: str, *, has_moved: bool) -> str:
    """Queue what waited for the end; forget how much was asked for where that is done, or an edit wants everything.

    Return the request's state, which may be another one by that.
    """
    if state == "queued" and has_moved:
        regeneration_scopes.clear(connection, lecture)
    elif regeneration_scopes.follow(connection, lecture, joins=state == "queued"):
        connection.execute(update(requests).where(requests.c.lecture == lecture).values(state="queued"))
        notify(connection)
        return "queued"
    elif state == "none":
        regeneration_scopes.clear(connection, lecture)
    return state


def _mine(lease: Lease) -> Update:
    return update(requests).where(
        requests.c.lecture == lease.lecture, requests.c.fence == lease.fence, requests.c.state == "running"
    )
