"""Plans as documents: that of a lecture's newest regeneration, stored before its first call; and those that were offered."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select

from lecture_assets.store.database import insert
from lecture_assets.store.schema import offers, plans

_REMEMBERED = 10
"""Offers of one lecture: a person decides on one of the last; one of 1,889 nodes takes 120 KB."""


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """What a regeneration set out to do."""

    version: int
    token: str
    graph: Mapping[str, object]
    plan: Mapping[str, object]
    stored_at: float


def save(connection: Connection, lecture: str, plan: StoredPlan) -> None:
    """Keep the newest."""
    row = {
        "version": plan.version,
        "token": plan.token,
        "graph": plan.graph,
        "plan": plan.plan,
        "stored_at": plan.stored_at,
    }
    upsert = insert(connection.dialect.name, plans).values(lecture=lecture, **row)
    connection.execute(upsert.on_conflict_do_update(index_elements=["lecture"], set_=row))


def load(connection: Connection, lecture: str) -> StoredPlan | None:
    """The newest, None before the first regeneration."""
    row = connection.execute(select(plans).where(plans.c.lecture == lecture)).one_or_none()
    return StoredPlan(row.version, row.token, row.graph, row.plan, row.stored_at) if row else None


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan that somebody was told of. nodes: by id, a name for what would be made and at which price."""

    token: str
    version: int
    nodes: Mapping[str, str]
    calls: int
    high_usd_micros: int


def offer(connection: Connection, lecture: str, plan: Offer, now: float) -> None:
    """Remember an offer; of a lecture the newest ten."""
    row = {**asdict(plan), "offered_at": now}
    upsert = insert(connection.dialect.name, offers).values(lecture=lecture, **row)
    connection.execute(upsert.on_conflict_do_update(index_elements=["lecture", "token"], set_={"offered_at": now}))
    of_lecture = select(offers.c.token).where(offers.c.lecture == lecture)
    newest = of_lecture.order_by(offers.c.offered_at.desc()).limit(_REMEMBERED).scalar_subquery()
    connection.execute(delete(offers).where(offers.c.lecture == lecture, offers.c.token.not_in(newest)))


def offered(connection: Connection, lecture: str, token: str) -> Offer | None:
    """The offer of this token, None where it is not remembered."""
    found = select(offers).where(offers.c.lecture == lecture, offers.c.token == token)
    row = connection.execute(found).one_or_none()
    return Offer(row.token, row.version, row.nodes, row.calls, row.high_usd_micros) if row else None
