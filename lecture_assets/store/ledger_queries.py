"""Queries on the call ledger: calls in progress, unsettled calls, all calls, and settlements. Writes are in `ledger.py`."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, case, func, or_, select, text, tuple_, union

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.charges import of_lecture
from lecture_assets.store.ledger import State
from lecture_assets.store.requests import is_alive
from lecture_assets.store.schema import UNSETTLED, calls, charges

_DOCUMENTS = {"request", "reply", "error", "kept_reply"}
_MAX_KEYS = 500
"""The most call keys in one IN (…)."""


_UNDERWAY = select(calls.c.node, calls.c.fence).where(calls.c.lecture == bindparam("of_lecture"), text(UNSETTLED))


def underway(connection: Connection, lecture: str, now: float) -> set[str]:
    """Return the nodes of a lecture whose calls are being handled by a living worker."""
    rows = connection.execute(_UNDERWAY, {"of_lecture": lecture}).all()
    alive = {fence for fence in {row.fence for row in rows} if is_alive(connection, lecture, fence, now)}
    return {row.node for row in rows if row.fence in alive}


def unsettled(connection: Connection, workspace: str, now: float, lecture: str | None = None) -> list[tuple[RowMapping, bool]]:
    """Return the unsettled calls of a workspace or lecture, oldest first, each with whether its worker's lease is alive."""
    found = select(calls).where(calls.c.workspace == workspace, text(UNSETTLED)).order_by(calls.c.intended_at)
    if lecture is not None:
        found = found.where(calls.c.lecture == lecture)
    rows = connection.execute(found).mappings().all()
    return [(row, is_alive(connection, row["lecture"], row["fence"], now)) for row in rows]


def entries(
    connection: Connection, *, lecture: str | None = None, workspace: str | None = None, with_documents: bool = False
) -> Sequence[RowMapping]:
    """Return the calls of a lecture, of a workspace, or all, oldest first. A lecture's have the cost of its own attempts only.

    A call that another lecture is now trying is listed for both, as failed for the lecture that gave up.

    with_documents: with requests, replies and errors, which are most of what there is to read
    """
    given = {"of_lecture": lecture, "of_workspace": workspace}
    known = {name: value for name, value in given.items() if value is not None}
    return connection.execute(_entries(frozenset(known), with_documents=with_documents), known).mappings().all()


@lru_cache
def _entries(known: frozenset[str], *, with_documents: bool) -> Any:
    """Return the statement of `entries`, built once: that takes longer than running it. known: the parameters it has."""
    columns = [column for column in calls.c if with_documents or column.name not in _DOCUMENTS]
    found: Any = _of_lecture(columns) if "of_lecture" in known else select(*columns)
    if "of_workspace" in known:
        found = found.where(calls.c.workspace == bindparam("of_workspace"))
    return found.order_by(calls.c.intended_at)


def spent_by(connection: Connection, lecture: str) -> int:
    """Return what all attempts that a lecture made have cost."""
    total = select(func.coalesce(func.sum(charges.c.cost_usd_micros), 0)).where(charges.c.lecture == lecture)
    return int(connection.execute(total).scalar_one())


def sums_of(connection: Connection, workspace: str) -> Sequence[RowMapping]:
    """Return the sums of a workspace's calls for each model and role, the oldest first.

    done: how many were made; all: how many there are; by_estimate: what was spent and is not certain
    """
    is_estimated = or_(calls.c.uncertain > 0, calls.c.uncounted > 0)
    columns = {
        "done": func.sum(case((calls.c.state == State.DONE, 1), else_=0)),
        "all": func.count(),
        "estimated_usd_micros": func.sum(calls.c.reserved_usd_micros),
        "spent_usd_micros": func.sum(calls.c.cost_usd_micros),
        "by_estimate_usd_micros": func.sum(case((is_estimated, calls.c.cost_usd_micros), else_=0)),
        "saved_usd_micros": func.sum(calls.c.saved_usd_micros),
    }
    summed = [column.label(name) for name, column in columns.items()]
    found = select(calls.c.model, calls.c.role, *summed).where(calls.c.workspace == workspace)
    return (
        connection.execute(found.group_by(calls.c.model, calls.c.role).order_by(func.min(calls.c.intended_at))).mappings().all()
    )


def page(connection: Connection, workspace: str, limit: int, after: tuple[float, str] | None = None) -> Sequence[RowMapping]:
    """Return the calls of a workspace that come after one intended at that time, with that key, oldest first.

    Without their documents: requests and replies.
    """
    found = select(*(column for column in calls.c if column.name not in _DOCUMENTS)).where(calls.c.workspace == workspace)
    if after is not None:
        intended_at, call_key = after
        is_later = (calls.c.intended_at == intended_at) & (calls.c.call_key > call_key)
        found = found.where((calls.c.intended_at > intended_at) | is_later)
    return connection.execute(found.order_by(calls.c.intended_at, calls.c.call_key).limit(limit)).mappings().all()


def _of_lecture(of_calls: Sequence[Any]) -> Any:
    lecture: Any = bindparam("of_lecture")
    own, is_own = of_lecture(lecture), calls.c.lecture == lecture
    same = and_(own.c.workspace == calls.c.workspace, own.c.call_key == calls.c.call_key)
    theirs: dict[str, Any] = {
        "cost_usd_micros": func.coalesce(own.c.cost_usd_micros, 0),
        "state": case((is_own, calls.c.state), else_=State.FAILED),
        "saved_usd_micros": case((is_own, calls.c.saved_usd_micros), else_=0),
    }
    columns: list[Any] = [theirs[c.name].label(c.name) if c.name in theirs else c for c in of_calls]
    tables = (calls, charges)
    touched = union(*(select(table.c.workspace, table.c.call_key).where(table.c.lecture == lecture) for table in tables))
    found = select(*columns).select_from(calls.outerjoin(own, same)).where(or_(is_own, own.c.call_key.is_not(None)))
    return found.where(tuple_(calls.c.workspace, calls.c.call_key).in_(touched))  # by indexes: the rest looks at every call


def charged_keys(connection: Connection, lecture: str) -> set[str]:
    """Return the keys of the calls that were charged to a lecture."""
    return set(connection.execute(select(charges.c.call_key).where(charges.c.lecture == lecture).distinct()).scalars())


def settlements(connection: Connection, call_keys: Collection[str]) -> list[RowMapping]:
    """Return a row for each charge of these calls: its attempt, lecture, node and cost, beside its call.

    total_usd_micros: what all attempts cost according to the call's own row; None if the call is not in the ledger
    is_last, state:   whether the attempt is the call's newest, and the call's state
    """
    same = and_(calls.c.workspace == charges.c.workspace, calls.c.call_key == charges.c.call_key)
    columns = (charges.c.workspace, charges.c.call_key, charges.c.lecture, charges.c.node, charges.c.cost_usd_micros)
    of_call = (
        calls.c.state,
        calls.c.saved_usd_micros,
        calls.c.cost_usd_micros.label("total_usd_micros"),
        (calls.c.attempt == charges.c.attempt).label("is_last"),
    )
    found = select(*columns, *of_call).select_from(charges.outerjoin(calls, same))
    keys = sorted(call_keys)
    parts = (keys[start : start + _MAX_KEYS] for start in range(0, len(keys), _MAX_KEYS))
    return [row for part in parts for row in connection.execute(found.where(charges.c.call_key.in_(part))).mappings()]


def owned(connection: Connection, workspace: str, call_keys: Sequence[str]) -> dict[str, Json]:
    """Return the replies of the settled calls among these, by call key."""
    found = select(calls.c.call_key, calls.c.reply).where(
        calls.c.workspace == workspace, calls.c.state == State.DONE, calls.c.call_key.in_(call_keys)
    )
    return {row.call_key: row.reply for row in connection.execute(found)}
