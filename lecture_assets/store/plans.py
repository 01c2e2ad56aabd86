"""Plans as documents: the plan of a lecture's newest regeneration, stored before its first call, and plans offered to people."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select

from lecture_assets.store.database import insert
from lecture_assets.store.schema import offers, plans

_REMEMBERED = 10
"""Offers kept per lecture: people decide on a recent one, and one with 1,889 nodes takes 120 KB."""


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """The plan a regeneration started with."""

    version: int
    token: str
    graph: Mapping[str, object]
    plan: Mapping[str, object]
    stored_at: float


def save(connection: Connection, lecture: str, plan: StoredPlan) -> int:
    """Store the newest plan of a lecture. Return the lecture's version that the plan before it was for, 0 for the first plan."""
    before = connection.execute(select(plans.c.version).where(plans.c.lecture == lecture)).scalar()
    row = {
        "version": plan.version,
        "token": plan.token,
        "graph": plan.graph,
        "plan": plan.plan,
        "stored_at": plan.stored_at,
    }
    upsert = insert(connection.dialect.name, plans).values(lecture=lecture, **row)
    connection.execute(upsert.on_conflict_do_update(index_elements=["lecture"], set_=row))
    return before or 0


def load(connection: Connection, lecture: str) -> StoredPlan | None:
    """Return the newest plan, or None before the first regeneration."""
    row = connection.execute(select(plans).where(plans.c.lecture == lecture)).one_or_none()
    return StoredPlan(row.version, row.token, row.graph, row.plan, row.stored_at) if row else None


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan that was shown to someone. `nodes`: by id, a digest of what would be made and at what price."""

    token: str
    version: int
    nodes: Mapping[str, str]
    calls: int
    high_usd_micros: int


def offer(connection: Connection, lecture: str, plan: Offer, now: float) -> None:
    """Store an offer, keeping the newest ten of the lecture."""
    row = {**asdict(plan), "offered_at": now}
    upsert = insert(connection.dialect.name, offers).values(lecture=lecture, **row)
    connection.execute(upsert.on_conflict_do_update(index_elements=["lecture", "token"], set_={"offered_at": now}))
    of_lecture = select(offers.c.token).where(offers.c.lecture == lecture)
    newest = of_lecture.order_by(offers.c.offered_at.desc()).limit(_REMEMBERED).scalar_subquery()
    connection.execute(delete(offers).where(offers.c.lecture == lecture, offers.c.token.not_in(newest)))


def offered(connection: Connection, lecture: str, token: str) -> Offer | None:
    """Return the offer with this token, or None if it is no longer kept."""
    found = select(offers).where(offers.c.lecture == lecture, offers.c.token == token)
    row = connection.execute(found).one_or_none()
    return Offer(row.token, row.version, row.nodes, row.calls, row.high_usd_micros) if row else None
