"""Requests that have a name: one that comes again is not carried out again, but answered as before.

begin ─┬ new, or abandoned ─► carried out by this owner, who renews its lease ─► finish, or forget
├ answered before ──► its answer
├ carried out now ──► wait
└ of another input ─► reused
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from lecture_assets.graph.errors import Fault
from lecture_assets.store.database import insert
from lecture_assets.store.schema import client_requests

KEPT_S = 48 * 3600.0
"""How long an answer is kept, at least: clients may rely on a day."""
LEASE_S = 30.0
"""How long a request stays with an owner that does not renew it."""
_LONGEST_S = 2 * LEASE_S
"""A lease that ends later is a wrong clock's. The owner's time may be later than this transaction's, which may have waited."""
_BATCH = 100
_LONGEST_KEY = 200
"""The longest client key, in characters."""


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A request and who carries it out. asked: a digest of its input; owner: a random word."""

    workspace: str
    mutation: str
    client_key: str
    asked: str
    owner: str


def client_key_faults(client_key: str, where: str) -> list[Fault]:
    """Return what is wrong with a client key. where: what it was given as."""
    is_right = 1 <= len(client_key) <= _LONGEST_KEY
    return [] if is_right else [Fault(where, f"{len(client_key)} characters", f"1 to {_LONGEST_KEY}")]


class Standing(Enum):
    """How a request stands."""

    MINE = "mine"
    ANSWERED = "answered"
    UNDER_WAY = "under way"
    REUSED = "reused"


@dataclass(frozen=True, slots=True)
class Begun:
    """How a request stands, and its answer if it has one."""

    standing: Standing
    answer: Any = None


def begin(connection: Connection, request: ClientRequest, now: float) -> Begun:
    """Take a request over, unless it was answered or somebody else is carrying it out."""
    row = {
        "workspace": request.workspace,
        "mutation": request.mutation,
        "client_key": request.client_key,
        "asked": request.asked,
        "owner": request.owner,
        "lease_until": now + LEASE_S,
        "answer": None,
        "asked_at": now,
    }
    new = insert(connection.dialect.name, client_requests).values(row).on_conflict_do_nothing()
    if connection.execute(new.returning(client_requests.c.owner)).first() is not None:
        return Begun(Standing.MINE)
    found = connection.execute(select(client_requests).where(_same(request)).with_for_update()).one_or_none()
    if found is None:  # forgotten meanwhile
        return Begun(Standing.UNDER_WAY)
    if found.asked != request.asked:
        return Begun(Standing.REUSED)
    if found.answer is not None:
        return Begun(Standing.ANSWERED, found.answer)
    if found.owner != request.owner and now <= found.lease_until <= now + _LONGEST_S:
        return Begun(Standing.UNDER_WAY)
    connection.execute(update(client_requests).where(_same(request)).values(owner=request.owner, lease_until=now + LEASE_S))
    return Begun(Standing.MINE)


def renew(connection: Connection, request: ClientRequest, now: float) -> None:
    """Keep a request that is still being carried out."""
    connection.execute(update(client_requests).where(_mine(request)).values(lease_until=now + LEASE_S))


def finish(connection: Connection, request: ClientRequest, answer: Any, now: float) -> None:
    """Keep the answer. Nothing is kept if somebody else took the request over meanwhile: their answer is."""
    connection.execute(update(client_requests).where(_mine(request)).values(answer=answer, asked_at=now, lease_until=0.0))


def forget(connection: Connection, request: ClientRequest) -> None:
    """Forget a request that changed nothing, so that it may come again, with another input, too."""
    connection.execute(delete(client_requests).where(_mine(request)))


def prune(connection: Connection, now: float) -> int:
    """Forget some of the requests that are older than `KEPT_S`; return how many."""
    columns = (client_requests.c.workspace, client_requests.c.mutation, client_requests.c.client_key)
    old = select(*columns).where(client_requests.c.asked_at < now - KEPT_S).order_by(client_requests.c.asked_at).limit(_BATCH)
    rows = connection.execute(old.with_for_update(skip_locked=True)).all()
    if rows:
        each = (and_(*(column == value for column, value in zip(columns, row, strict=True))) for row in rows)
        connection.execute(delete(client_requests).where(or_(*each)))
    return len(rows)


def _same(request: ClientRequest) -> ColumnElement[bool]:
    return and_(
        client_requests.c.workspace == request.workspace,
        client_requests.c.mutation == request.mutation,
        client_requests.c.client_key == request.client_key,
    )


def _mine(request: ClientRequest) -> ColumnElement[bool]:
    return and_(_same(request), client_requests.c.owner == request.owner)
