"""What each attempt cost, charged to the lecture that made it, and spending ceilings. State changes of calls are in `ledger.py`.

A call is shared by all lectures of a workspace that need it, but its attempts are not: a failed attempt stays charged to its
lecture when another lecture tries again. `spending` has the sums by month, so that a ceiling of a workspace with a million
charges is as quick to check as one of an empty workspace.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, cast, func, select, text, update

from lecture_assets.store.database import insert
from lecture_assets.store.locking import lock_money
from lecture_assets.store.schema import UNSETTLED, calls, charges, spending


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The most that may be spent, in micro-dollars; None for no limit.

    lecture:   by one lecture
    workspace: by one workspace
    month:     by one workspace in a calendar month (UTC)
    """

    lecture: int | None = None
    workspace: int | None = None
    month: int | None = None


UNLIMITED = Ceilings()


@dataclass(frozen=True, slots=True)
class Shortage:
    """A ceiling that a call would exceed. `committed` is the money spent, and reserved for unfinished calls."""

    ceiling: str
    allowed_usd_micros: int
    committed_usd_micros: int
    missing_usd_micros: int


@dataclass(frozen=True, slots=True)
class Price:
    """The most a call may cost, who would pay for it, and when (seconds since 1970)."""

    workspace: str
    lecture: str
    usd_micros: int
    now: float


def shortage(connection: Connection, price: Price, ceilings: Ceilings) -> Shortage | None:
    """Return the first ceiling that this price would exceed, or None. Until the transaction ends, nobody else reserves money."""
    if ceilings != UNLIMITED:
        lock_money(connection, price.workspace)
    for name, allowed in asdict(ceilings).items():
        if allowed is not None:
            already = committed(connection, name, price.workspace, price.lecture, price.now)
            missing = already + price.usd_micros - allowed
            if missing > 0:
                return Shortage(name, allowed, already, missing)
    return None


def committed(connection: Connection, ceiling: str, workspace: str, lecture: str, now: float) -> int:
    """Return what counts towards a ceiling: spent, or reserved for unfinished calls. An attempt counts in its intent's month."""
    is_out = (calls.c.workspace == workspace) & text(UNSETTLED)  # in these words, so that its index is used
    match ceiling:
        case "lecture":
            spent = select(_sum(charges.c.cost_usd_micros)).where(charges.c.lecture == lecture)
            is_out &= calls.c.lecture == lecture
        case "month":
            month = month_of(now)
            spent = select(_sum(spending.c.cost_usd_micros)).where(spending.c.workspace == workspace, spending.c.month >= month)
            is_out &= calls.c.intended_at >= datetime.strptime(f"{month} +0000", "%Y-%m %z").timestamp()
        case _:
            spent = select(_sum(spending.c.cost_usd_micros)).where(spending.c.workspace == workspace)
    reserved = select(_sum(calls.c.reserved_usd_micros)).where(is_out)
    return int(connection.execute(select(spent.scalar_subquery() + reserved.scalar_subquery())).scalar_one())


def month_of(now: float) -> str:
    """Return the calendar month (UTC) of a time in seconds since 1970: `2026-11`."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m")


def _sum(column: Column[int]) -> ColumnElement[int]:
    """The sum as the integer that it is: PostgreSQL sums BIGINT as NUMERIC, which would arrive as Decimal."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def charge(connection: Connection, attempt: Any, cost_usd_micros: int) -> None:
    """Charge the cost of an attempt to its lecture, replacing an earlier charge for the same attempt.

    attempt: the condition that selects its row among the calls, which this transaction has locked
    """
    key = ("workspace", "call_key", "attempt")
    facts = (calls.c[name] for name in (*key, "lecture", "node", "intended_at"))
    call = connection.execute(select(*facts).where(attempt)).mappings().one()
    known = select(charges.c.cost_usd_micros).where(*(charges.c[name] == call[name] for name in key))
    before = connection.execute(known).scalar() or 0
    new = insert(connection.dialect.name, charges).values(**call, cost_usd_micros=cost_usd_micros)
    connection.execute(new.on_conflict_do_update(index_elements=key, set_={"cost_usd_micros": new.excluded.cost_usd_micros}))
    _add_spending(connection, call["workspace"], month_of(call["intended_at"]), cost_usd_micros - before)


def _add_spending(connection: Connection, workspace: str, month: str, usd_micros: int) -> None:
    """Last in its transaction but for lectures: until it ends, others of the workspace wait here to settle theirs."""
    key = {"workspace": workspace, "month": month}
    more = insert(connection.dialect.name, spending).values(**key, cost_usd_micros=usd_micros)
    total = spending.c.cost_usd_micros + more.excluded.cost_usd_micros
    connection.execute(more.on_conflict_do_update(index_elements=list(key), set_={"cost_usd_micros": total}))


def spending_by_charges(connection: Connection) -> dict[tuple[str, str], int]:
    """Return the sums that `spending` should have, by workspace and month. Reads every charge."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for workspace, intended_at, cost in connection.execute(
        select(charges.c.workspace, charges.c.intended_at, charges.c.cost_usd_micros)
    ):
        sums[workspace, month_of(intended_at)] += cost
    return sums


def recorded_spending(connection: Connection) -> dict[tuple[str, str], int]:
    """Return the sums in `spending`, by workspace and month."""
    found = connection.execute(select(spending.c.workspace, spending.c.month, spending.c.cost_usd_micros))
    return {(workspace, month): cost for workspace, month, cost in found}


def correct_spending(connection: Connection) -> None:
    """Add up all charges anew. Until the transaction ends, nobody of those workspaces settles a call."""
    connection.execute(update(spending).values(cost_usd_micros=0))  # and locks its rows
    for (workspace, month), cost in spending_by_charges(connection).items():
        _add_spending(connection, workspace, month, cost)


def of_lecture(lecture: Any) -> Any:
    """Return a subquery with what each call's attempts cost this lecture, given as a value or as a parameter."""
    columns = (charges.c.workspace, charges.c.call_key, _sum(charges.c.cost_usd_micros).label("cost_usd_micros"))
    return select(*columns).where(charges.c.lecture == lecture).group_by(*columns[:2]).subquery("of_lecture")
