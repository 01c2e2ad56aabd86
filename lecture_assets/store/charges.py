"""What each attempt cost, charged to the lecture that made it, and spending ceilings. State changes of calls are in `ledger.py`.

A call is shared by all lectures of a workspace that need it, but its attempts are not: a failed attempt stays charged to its
lecture when another lecture tries again.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, cast, func, literal, select

from lecture_assets.store.database import insert
from lecture_assets.store.locking import lock_money
from lecture_assets.store.schema import calls, charges

_RESERVED = ("intent", "out", "submitted")
"""The states in which a call's money is reserved: `ledger.UNSETTLED`."""


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
    spent = _counted(charges, ceiling, workspace, lecture, now)
    is_out = _counted(calls, ceiling, workspace, lecture, now) & calls.c.state.in_(_RESERVED)
    sums = (
        select(_sum(charges.c.cost_usd_micros)).where(spent).scalar_subquery(),
        select(_sum(calls.c.reserved_usd_micros)).where(is_out).scalar_subquery(),
    )
    return int(connection.execute(select(sums[0] + sums[1])).scalar_one())


def _sum(column: Column[int]) -> ColumnElement[int]:
    """The sum as the integer that it is: PostgreSQL sums BIGINT as NUMERIC, which would arrive as Decimal."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def _counted(table: Any, ceiling: str, workspace: str, lecture: str, now: float) -> Any:
    rows = table.c.workspace == workspace
    if ceiling == "lecture":
        rows &= table.c.lecture == lecture
    if ceiling == "month":
        today = datetime.fromtimestamp(now, UTC)
        rows &= table.c.intended_at >= today.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
    return rows


def charge(connection: Connection, attempt: Any, cost_usd_micros: int) -> None:
    """Charge the cost of an attempt to its lecture, replacing an earlier charge for the same attempt.

    attempt: the condition that selects its row among the calls
    """
    key = ("workspace", "call_key", "attempt")
    facts = (*key, "lecture", "node", "intended_at")
    row = select(*(calls.c[name] for name in facts), literal(cost_usd_micros)).where(attempt)
    new = insert(connection.dialect.name, charges).from_select([*facts, "cost_usd_micros"], row)
    connection.execute(new.on_conflict_do_update(index_elements=key, set_={"cost_usd_micros": new.excluded.cost_usd_micros}))


def of_lecture(lecture: str) -> Any:
    """Return a subquery with what each call's attempts cost this lecture."""
    columns = (charges.c.workspace, charges.c.call_key, _sum(charges.c.cost_usd_micros).label("cost_usd_micros"))
    return select(*columns).where(charges.c.lecture == lecture).group_by(*columns[:2]).subquery("of_lecture")
