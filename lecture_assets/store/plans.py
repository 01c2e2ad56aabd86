"""The graph and the plan of a lecture's newest regeneration, stored before its first call, to be read as documents."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.database import insert
from lecture_assets.store.schema import plans


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """What a regeneration set out to do."""

    version: int
    token: str
    graph: Json
    plan: Json
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
