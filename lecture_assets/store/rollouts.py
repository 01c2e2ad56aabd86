"""Which system new lectures belong to, while another one is still in use: a rule for each workspace.

    denied ─► legacy      allowed ─► graph      else the key's place, 0 to 9,999, below percent · 100 ─► graph, or legacy

A key's place follows from the workspace and the key alone: a higher percentage takes nobody back to the other system. Without a
rule, everything is made here.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select

from lecture_assets.store.database import insert
from lecture_assets.store.schema import rollout_keys, rollouts

PLACES = 10_000


class LectureSystem(StrEnum):
    """A system that makes lectures: the other one, or this one."""

    LEGACY = "legacy"
    GRAPH = "graph"


class RolloutReason(StrEnum):
    """Why a key belongs to a system."""

    NO_RULE = "no-rule"
    DENIED = "denied"
    ALLOWED = "allowed"
    PERCENTAGE = "percentage"


@dataclass(frozen=True, slots=True)
class RolloutAnswer:
    """The system of a key, and why."""

    system: LectureSystem
    because: RolloutReason


def place_of(workspace: str, key: str) -> int:
    """Return the place of a key, 0 to 9,999: always the same, another one in another workspace."""
    digest = hashlib.sha256(f"{workspace}\n{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % PLACES


def percent_of(connection: Connection, workspace: str) -> int | None:
    """Return the percentage of a workspace's rule; None if it has no rule."""
    return connection.execute(select(rollouts.c.percent).where(rollouts.c.workspace == workspace)).scalar()


def answer(connection: Connection, workspace: str, key: str) -> RolloutAnswer:
    """Return which system makes the lectures of a key."""
    percent = percent_of(connection, workspace)
    if percent is None:
        return RolloutAnswer(LectureSystem.GRAPH, RolloutReason.NO_RULE)
    mine = (rollout_keys.c.workspace == workspace) & (rollout_keys.c.rollout_key == key)
    decided = connection.execute(select(rollout_keys.c.system).where(mine)).scalar()
    if decided is not None:
        system = LectureSystem(decided)
        return RolloutAnswer(system, RolloutReason.ALLOWED if system is LectureSystem.GRAPH else RolloutReason.DENIED)
    is_in = place_of(workspace, key) < percent * (PLACES // 100)
    return RolloutAnswer(LectureSystem.GRAPH if is_in else LectureSystem.LEGACY, RolloutReason.PERCENTAGE)


def put(connection: Connection, workspace: str, percent: int | None) -> None:
    """Set the percentage of a workspace. None leaves it as it is, and makes a rule of 100 % where there is none."""
    new = insert(connection.dialect.name, rollouts).values(workspace=workspace, percent=100 if percent is None else percent)
    key = ["workspace"]
    kept = (
        new.on_conflict_do_nothing()
        if percent is None
        else new.on_conflict_do_update(index_elements=key, set_={"percent": percent})
    )
    connection.execute(kept)


def decide(connection: Connection, workspace: str, keys: Collection[str], system: LectureSystem | None) -> None:
    """Decide which system these keys belong to, whatever the percentage; None to let it decide again."""
    for key in sorted(keys):  # two that do so at once lock them in one order
        row = {"workspace": workspace, "rollout_key": key}
        if system is None:
            mine = (rollout_keys.c.workspace == workspace) & (rollout_keys.c.rollout_key == key)
            connection.execute(delete(rollout_keys).where(mine))
            continue
        new = insert(connection.dialect.name, rollout_keys).values(**row, system=system)
        connection.execute(new.on_conflict_do_update(index_elements=list(row), set_={"system": system}))


def decided(connection: Connection, workspace: str, limit: int, after: str = "") -> Sequence[tuple[str, LectureSystem]]:
    """Return the keys that were decided, in order, after one of them."""
    found = select(rollout_keys.c.rollout_key, rollout_keys.c.system)
    mine = found.where(rollout_keys.c.workspace == workspace, rollout_keys.c.rollout_key > after)
    rows = connection.execute(mine.order_by(rollout_keys.c.rollout_key).limit(limit))
    return [(row.rollout_key, LectureSystem(row.system)) for row in rows]


def count_decided(connection: Connection, workspace: str) -> int:
    """Return how many keys were decided."""
    counted = select(func.count()).select_from(rollout_keys).where(rollout_keys.c.workspace == workspace)
    return connection.execute(counted).scalar_one()
