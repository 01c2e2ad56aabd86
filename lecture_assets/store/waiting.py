"""Lectures that wait for a worker: queued by an edit, or left by a worker that died. Reads; claims nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from lecture_assets.store.schema import lectures, requests, takes


@dataclass(frozen=True, slots=True)
class WaitingLecture:
    """A lecture with work to be done. owner: who is at it, empty where it is queued; progress: changes as it gets on."""

    lecture: str
    version: int
    owner: str
    lease_until: float
    progress: str


def waiting(connection: Connection) -> Sequence[WaitingLecture]:
    """Lectures whose request is queued or running, the one that waits longest first."""
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
    """Queue again what a worker was at that is known to be dead."""
    abandoned = update(requests).where(requests.c.owner == owner, requests.c.state == "running")
    connection.execute(abandoned.values(state="queued", lease_until=0.0))
