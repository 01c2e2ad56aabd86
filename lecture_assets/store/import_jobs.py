"""Imports in the background: jobs of many lectures, each of which is imported once, whoever dies meanwhile.

    add ──► waiting ── claim ──► imported       (in the transaction that creates the lecture)
               ▲          ├────► failed
               │          └─ the importer died: claimed again once its claim is over, at most `MOST_TRIES` times
               └─ cancel ──► canceled

Whoever ends an item must still have it: an item is imported or canceled, never both.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, delete, func, select, text, update

from lecture_assets.store.database import insert
from lecture_assets.store.legacy_tables import WAITING_ITEM
from lecture_assets.store.schema import import_items, import_jobs, lectures

MOST_TRIES = 5
"""How often an item is begun before it counts as failed."""
KEPT_S = 30 * 86_400.0
"""How long a job is kept after its last item ended."""
_LONGEST_CLAIM_S = 600.0
_ID_BYTES = 8


class ItemState(StrEnum):
    """How far the import of a lecture is."""

    WAITING = "waiting"
    IMPORTED = "imported"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class NewItem:
    """A lecture to import. given: `lecture-import/1`, None with an outcome if it failed at once."""

    name: str
    given: Any
    is_shadow: bool = False
    outcome: Any = None


@dataclass(frozen=True, slots=True)
class ClaimedItem:
    """A lecture that this importer has in hand."""

    job: str
    number: int
    workspace: str
    name: str
    is_shadow: bool
    given: Any
    owner: str
    tries: int


def add(connection: Connection, workspace: str, job: str, items: Sequence[NewItem], now: float) -> None:
    """Add a job of this id; once, however often. Jobs that ended long ago are removed on this occasion."""
    row = {"id": job, "workspace": workspace, "created_at": now}
    new = insert(connection.dialect.name, import_jobs).values(row).on_conflict_do_nothing().returning(import_jobs.c.id)
    if connection.execute(new).first() is None:
        return
    prune(connection, workspace, now)
    for number, item in enumerate(items):
        has_failed = item.outcome is not None
        lecture = {
            "job": job,
            "number": number,
            "name": item.name,
            "is_shadow": int(item.is_shadow),
            "given": item.given,
            "state": ItemState.FAILED if has_failed else ItemState.WAITING,
            "outcome": item.outcome,
            "ended_at": now if has_failed else None,
        }
        connection.execute(import_items.insert().values(lecture))


def new_id() -> str:
    """Return an id for a job."""
    return secrets.token_hex(_ID_BYTES)


def is_any_unfinished(connection: Connection) -> bool:
    """Whether an item waits for somebody, or somebody has it in hand."""
    return connection.execute(select(import_items.c.job).where(text(WAITING_ITEM)).limit(1)).first() is not None


def is_any_waiting(connection: Connection, now: float) -> bool:
    """Whether an item waits for somebody."""
    return connection.execute(select(import_items.c.job).where(_is_free(now)).limit(1)).first() is not None


def claim(connection: Connection, now: float, until: float) -> ClaimedItem | None:
    """Take an item in hand; no two importers get the same one. The first items of all jobs go before the second ones."""
    found = select(import_items).where(_is_free(now)).order_by(import_items.c.number, import_items.c.job).limit(1)
    row = connection.execute(found.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    owner = secrets.token_hex(_ID_BYTES)
    taken = {"owner": owner, "claimed_until": until, "tries": row.tries + 1}
    connection.execute(update(import_items).where(_same(row.job, row.number)).values(**taken))
    workspace = connection.execute(select(import_jobs.c.workspace).where(import_jobs.c.id == row.job)).scalar_one()
    return ClaimedItem(row.job, row.number, workspace, row.name, bool(row.is_shadow), row.given, owner, row.tries + 1)


def renew(connection: Connection, item: ClaimedItem, until: float) -> None:
    """Keep an item in hand."""
    connection.execute(update(import_items).where(_mine(item)).values(claimed_until=until))


def imported(connection: Connection, item: ClaimedItem, lecture: str, outcome: Any, now: float) -> bool:
    """Record that a lecture was imported, by its key. False if this importer does not have it any more."""
    return _end(connection, item, {"state": ItemState.IMPORTED, "outcome": outcome, "ended_at": now, "lecture": lecture})


def failed(connection: Connection, item: ClaimedItem, faults: Any, now: float) -> bool:
    """Record why a lecture could not be imported. False if this importer does not have it any more."""
    return _end(connection, item, {"state": ItemState.FAILED, "outcome": faults, "ended_at": now})


def _end(connection: Connection, item: ClaimedItem, ended: Mapping[str, Any]) -> bool:
    ended = {**ended, "given": None}
    return connection.execute(update(import_items).where(_mine(item)).values(**ended)).rowcount == 1


def cancel(connection: Connection, workspace: str, job: str, now: float) -> int | None:
    """Cancel what has not ended; return how many lectures. None if the workspace has no such job."""
    if find(connection, workspace, job) is None:
        return None
    waiting = update(import_items).where(import_items.c.job == job, text(WAITING_ITEM))
    return connection.execute(waiting.values(state=ItemState.CANCELED, given=None, ended_at=now)).rowcount


def find(connection: Connection, workspace: str, job: str) -> RowMapping | None:
    """Return a job; None if the workspace has no such one."""
    mine = select(import_jobs).where(import_jobs.c.workspace == workspace, import_jobs.c.id == job)
    return connection.execute(mine).mappings().one_or_none()


def page(connection: Connection, workspace: str, limit: int, after: tuple[float, str] | None = None) -> Sequence[RowMapping]:
    """Return jobs, the newest first, that come after one created at that time, with that id."""
    found = select(import_jobs).where(import_jobs.c.workspace == workspace)
    if after is not None:
        is_later = (import_jobs.c.created_at == after[0]) & (import_jobs.c.id > after[1])
        found = found.where((import_jobs.c.created_at < after[0]) | is_later)
    return connection.execute(found.order_by(import_jobs.c.created_at.desc(), import_jobs.c.id).limit(limit)).mappings().all()


def counts(connection: Connection, jobs: Sequence[str]) -> Mapping[str, Mapping[ItemState, int]]:
    """Return how many items of each of these jobs have each state."""
    counted = select(import_items.c.job, import_items.c.state, func.count().label("number")).where(import_items.c.job.in_(jobs))
    found: dict[str, dict[ItemState, int]] = {job: {} for job in jobs}
    for row in connection.execute(counted.group_by(import_items.c.job, import_items.c.state)):
        found[row.job][ItemState(row.state)] = row.number
    return found


def items(
    connection: Connection, job: str, limit: int, after: int = -1, states: Sequence[ItemState] | None = None
) -> Sequence[RowMapping]:
    """Return items of a job after one of them, with the ids that their lectures have now."""
    columns = [import_items.c[name] for name in ("number", "name", "is_shadow", "state", "outcome", "ended_at")]
    joined = import_items.outerjoin(lectures, lectures.c.id == import_items.c.lecture)
    found = select(*columns, lectures.c.name.label("now_called")).select_from(joined)
    mine = found.where(import_items.c.job == job, import_items.c.number > after)
    mine = mine if states is None else mine.where(import_items.c.state.in_(states))
    return connection.execute(mine.order_by(import_items.c.number).limit(limit)).mappings().all()


def prune(connection: Connection, workspace: str, now: float) -> None:
    """Remove jobs of a workspace whose last item ended long ago."""
    recent = select(import_items.c.number).where(import_items.c.job == import_jobs.c.id)
    is_kept = recent.where((import_items.c.ended_at.is_(None)) | (import_items.c.ended_at > now - KEPT_S)).exists()
    old = select(import_jobs.c.id).where(import_jobs.c.workspace == workspace, import_jobs.c.created_at < now - KEPT_S, ~is_kept)
    names = connection.execute(old.with_for_update(skip_locked=True)).scalars().all()
    connection.execute(delete(import_items).where(import_items.c.job.in_(names)))
    connection.execute(delete(import_jobs).where(import_jobs.c.id.in_(names)))


def _is_free(now: float) -> Any:
    """The condition of items that wait and that nobody has in hand. A claim that ends later than any does is a wrong clock's."""
    is_over = (import_items.c.claimed_until <= now) | (import_items.c.claimed_until > now + _LONGEST_CLAIM_S)
    return and_(text(WAITING_ITEM), is_over)


def _same(job: str, number: int) -> Any:
    return and_(import_items.c.job == job, import_items.c.number == number)


def _mine(item: ClaimedItem) -> Any:
    return and_(_same(item.job, item.number), import_items.c.owner == item.owner, text(WAITING_ITEM))
