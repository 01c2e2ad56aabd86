"""Lectures waiting for a worker: queued by an edit, or abandoned by a worker that died. Nothing is claimed here."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from lecture_assets.store.schema import lectures, requests, takes


@dataclass(frozen=True, slots=True)
class WaitingLecture:
    """A lecture with work to do.

    owner:    the worker that has it, empty if it is queued
    progress: a mark that changes as work proceeds
    """

    lecture: str
    version: int
    owner: str
    lease_until: float
    progress: str


def waiting(connection: Connection) -> Sequence[WaitingLecture]:
    """Return the lectures whose request is queued or running, the oldest lecture first."""
    made = select(func.count()).where(takes.c.lecture == lectures.c.id).scalar_subquery()
    rows = (
        select(requests, lectures.c.head, made.label("made"))
        .join(lectures, lectures.c.id == requests.c.lecture)
        .where(requests.c.state != "none")
        .order_by(lectures.c.created_at)
    )
    return [
        WaitingLecture(
            row.lecture, row.head, row.owner or "" if row.state == "running" else "", row.lease_until, f"{row.head}.{row.made}"
        )
        for row in connection.execute(rows)
    ]


def let_go(connection: Connection, owner: str) -> None:
    """Queue the requests of a dead worker again."""
    abandoned = update(requests).where(requests.c.owner == owner, requests.c.state == "running")
    connection.execute(abandoned.values(state="queued", lease_until=0.0))
