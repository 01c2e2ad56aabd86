"""How much of a lecture its queued or running regeneration is to make. A lecture without a row: everything.

An edit widens what is queued to everything. What is asked for while a regeneration runs waits until it has ended: one at most,
which is wide enough for all who asked.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, select, update

from lecture_assets.store.database import insert
from lecture_assets.store.schema import regeneration_scopes as scopes
from lecture_assets.store.schema import requests


@dataclass(frozen=True, slots=True)
class AskedScope:
    """How much is to be made.

    only:                these nodes and what they need; with no segment either, everything
    segment:             the nodes of this slot, and what they need
    max_cost_usd_micros: the most that it may cost; None for no limit
    """

    only: tuple[str, ...] = ()
    segment: int | None = None
    max_cost_usd_micros: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is everything."""
        return not self.only and self.segment is None

    def to_json(self) -> Any:
        """Return it as a document; None for everything, at any price."""
        if self == EVERYTHING:
            return None
        return {"only": list(self.only), "segment": self.segment, "max_cost_usd_micros": self.max_cost_usd_micros}

    @classmethod
    def from_json(cls, document: Any) -> "AskedScope":
        """Read a document."""
        if document is None:
            return EVERYTHING
        return cls(tuple(document["only"]), document["segment"], document["max_cost_usd_micros"])

    def joined(self, other: "AskedScope") -> "AskedScope":
        """Return what is wide enough for both: everything, unless both are of nodes, or of the same segment."""
        prices = (self.max_cost_usd_micros, other.max_cost_usd_micros)
        price = None if None in prices else max(price for price in prices if price is not None)
        if self.is_whole or other.is_whole or self.segment != other.segment:
            return AskedScope(max_cost_usd_micros=price)
        return AskedScope(tuple(dict.fromkeys((*self.only, *other.only))), self.segment, price)


EVERYTHING = AskedScope()


def scope_of(connection: Connection, lecture: str) -> AskedScope:
    """Return how much is queued, or made now."""
    row = connection.execute(select(scopes.c.scope).where(scopes.c.lecture == lecture)).one_or_none()
    return AskedScope.from_json(row.scope if row else None)


def queue(connection: Connection, lecture: str, asked: AskedScope, *, joins: bool) -> None:
    """Set how much is queued. joins: something is queued already. The lecture must be locked."""
    _put(connection, lecture, scope=(scope_of(connection, lecture).joined(asked) if joins else asked).to_json())


def wait(connection: Connection, lecture: str, asked: AskedScope) -> None:
    """Have it made after the running regeneration. The lecture must be locked."""
    row = connection.execute(select(scopes).where(scopes.c.lecture == lecture)).one_or_none()
    if row is not None and row.is_pending:
        asked = AskedScope.from_json(row.pending).joined(asked)
    _put(connection, lecture, pending=asked.to_json(), is_pending=1)


def _put(connection: Connection, lecture: str, **values: Any) -> None:
    row = {"lecture": lecture, "scope": None, "pending": None, "is_pending": 0, **values}
    upsert = insert(connection.dialect.name, scopes).values(row)
    connection.execute(upsert.on_conflict_do_update(index_elements=["lecture"], set_=values))


def widen(connection: Connection, lecture: str) -> None:
    """Make everything of what is queued, as an edit does; what is running stays as it is. The lecture must be locked."""
    is_queued = exists().where(requests.c.lecture == lecture, requests.c.state == "queued")
    connection.execute(delete(scopes).where(scopes.c.lecture == lecture, is_queued))


def clear(connection: Connection, lecture: str) -> None:
    """Forget how much was asked for, as nothing is queued any more, or everything."""
    connection.execute(delete(scopes).where(scopes.c.lecture == lecture))


def follow(connection: Connection, lecture: str, *, joins: bool) -> bool:
    """Queue what waited for the end of the running regeneration. Return False if nothing did. joins: that one has to go on."""
    row = connection.execute(select(scopes).where(scopes.c.lecture == lecture)).one_or_none()
    if row is None or not row.is_pending:
        return False
    pending = AskedScope.from_json(row.pending)
    scope = pending.joined(AskedScope.from_json(row.scope)) if joins else pending
    next_one = update(scopes).where(scopes.c.lecture == lecture)
    connection.execute(next_one.values(scope=scope.to_json(), pending=None, is_pending=0))
    return True
