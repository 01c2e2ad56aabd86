"""Shadows: lectures of another system, which are planned and priced here, and of which nothing is ever made.

A shadow has no request, and no worker can claim it (`require_real`), so no call of it gets into the ledger. What each of its
versions would have cost is written down once; promoting it makes it a lecture like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, select, update

from lecture_assets.graph.errors import ShadowError
from lecture_assets.store.database import insert
from lecture_assets.store.schema import lectures, shadow_edits


def is_real(lecture: str) -> ColumnElement[bool]:
    """The condition that a lecture is no shadow, by its key."""
    return exists().where(lectures.c.id == lecture, lectures.c.is_shadow == 0)


def is_shadow(connection: Connection, lecture: str) -> bool:
    """Whether a lecture is a shadow, by its key."""
    return connection.execute(select(lectures.c.is_shadow).where(lectures.c.id == lecture)).scalar() == 1


def require_real(connection: Connection, lecture: str) -> None:
    """Raise ShadowError if a lecture is a shadow. Its row must be locked, so that it stays what it is."""
    name = connection.execute(select(lectures.c.name).where(lectures.c.id == lecture, lectures.c.is_shadow != 0)).scalar()
    if name is not None:
        raise ShadowError(name)


def promote(connection: Connection, lecture: str) -> bool:
    """Make a shadow a lecture like any other. False if it is one. What was written down of it stays."""
    shadow = update(lectures).where(lectures.c.id == lecture, lectures.c.is_shadow != 0)
    return connection.execute(shadow.values(is_shadow=0)).rowcount == 1


@dataclass(frozen=True, slots=True)
class ShadowPrice:
    """What a version would have made, had the version before been made.

    nodes: that would have been made
    calls: paid ones, by role
    made:  the fingerprint of everything new, by node
    """

    version: int
    edited_at: float
    nodes: Sequence[str]
    calls: Mapping[str, int]
    low_usd_micros: int
    high_usd_micros: int
    seconds: float
    made: Mapping[str, str]
    legacy_usd_micros: int | None = None


def prices(connection: Connection, lecture: str) -> Sequence[ShadowPrice]:
    """Return what is written down of a shadow, the oldest version first."""
    rows = connection.execute(select(shadow_edits).where(shadow_edits.c.lecture == lecture).order_by(shadow_edits.c.version))
    return [_price(row) for row in rows]


def price_of(connection: Connection, lecture: str, version: int) -> ShadowPrice | None:
    """Return what is written down of a version."""
    found = select(shadow_edits).where(shadow_edits.c.lecture == lecture, shadow_edits.c.version == version)
    row = connection.execute(found).one_or_none()
    return None if row is None else _price(row)


def _price(row: Row[Any]) -> ShadowPrice:
    columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name of a row as a mapping
    del columns["lecture"]
    return ShadowPrice(**columns)


def save(connection: Connection, lecture: str, found: Sequence[ShadowPrice]) -> None:
    """Write prices down. What is there already stays: whoever came first wrote the same."""
    for price in found:
        row = {name: getattr(price, name) for name in ShadowPrice.__slots__}
        row |= {"nodes": list(price.nodes), "calls": dict(price.calls), "made": dict(price.made)}
        new = insert(connection.dialect.name, shadow_edits).values(lecture=lecture, **row)
        connection.execute(new.on_conflict_do_nothing())


def put_legacy(connection: Connection, lecture: str, version: int, usd_micros: int) -> bool:
    """Write down what the other system paid for a version's edit. False if nothing is written down of that version."""
    mine = update(shadow_edits).where(shadow_edits.c.lecture == lecture, shadow_edits.c.version == version)
    return connection.execute(mine.values(legacy_usd_micros=usd_micros)).rowcount == 1


@dataclass(frozen=True, slots=True)
class ShadowEdit:
    """A version of a lecture that is or was a shadow, in numbers. name: the lecture's id."""

    lecture: str
    name: str
    edited_at: float
    nodes: int
    calls: int
    low_usd_micros: int
    high_usd_micros: int
    legacy_usd_micros: int | None


def edits_of_workspace(connection: Connection, workspace: str, since: float, until: float) -> Sequence[ShadowEdit]:
    """Return what is written down of a workspace for a period, the oldest first."""
    rows = connection.execute(
        select(shadow_edits, lectures.c.name)
        .join(lectures, lectures.c.id == shadow_edits.c.lecture)
        .where(
            lectures.c.workspace == workspace,
            lectures.c.name.is_not(None),
            shadow_edits.c.edited_at >= since,
            shadow_edits.c.edited_at < until,
        )
        .order_by(shadow_edits.c.edited_at, shadow_edits.c.lecture, shadow_edits.c.version)
    )
    return [
        ShadowEdit(
            row.lecture,
            row.name,
            row.edited_at,
            len(row.nodes),
            sum(row.calls.values()),
            row.low_usd_micros,
            row.high_usd_micros,
            row.legacy_usd_micros,
        )
        for row in rows
    ]


def unpriced(connection: Connection, workspace: str) -> Sequence[str]:
    """Return the shadows of a workspace of which not every edit is written down: who edited them died before."""
    newest = select(shadow_edits.c.version).where(
        shadow_edits.c.lecture == lectures.c.id, shadow_edits.c.version == lectures.c.head
    )
    mine = (lectures.c.workspace == workspace) & (lectures.c.is_shadow != 0) & lectures.c.name.is_not(None)
    return connection.execute(select(lectures.c.id).where(mine, lectures.c.head > 1, ~newest.exists())).scalars().all()
