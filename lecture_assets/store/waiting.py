"""Lectures waiting for a worker: queued by an edit, or abandoned by a worker that died. Nothing is claimed here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text, update

from lecture_assets.store import due_publications, progress
from lecture_assets.store.lectures import version_of
from lecture_assets.store.progress import EventKind
from lecture_assets.store.schema import WANTED, launched_runs, lectures, requests, takes


@dataclass(frozen=True, slots=True)
class WaitingLecture:
    """A lecture with work to do.

    owner:     the worker that has it, empty if it is queued
    queued_at: the store's time since when it has had work, in seconds since 1970
    calls:     the calls of its plan; None if not known
    """

    lecture: str
    version: int
    owner: str
    lease_until: float
    queued_at: float
    calls: int | None


def waiting(connection: Connection) -> Sequence[WaitingLecture]:
    """Return the lectures whose request is queued or running, the one that waits longest first."""
    rows = (
        select(requests, lectures.c.head)
        .join(lectures, lectures.c.id == requests.c.lecture)
        .where(text(f"requests.{WANTED}"))
        .order_by(requests.c.queued_at, lectures.c.created_at)
    )
    return [
        WaitingLecture(
            row.lecture, row.head, row.owner or "" if row.state == "running" else "", row.lease_until, row.queued_at, row.calls
        )
        for row in connection.execute(rows)
    ]


def is_any_waiting(connection: Connection) -> bool:
    """Whether any request is queued or running."""
    return connection.execute(select(requests.c.lecture).where(text(WANTED)).limit(1)).first() is not None


def queue_mark(connection: Connection) -> tuple[object, ...]:
    """The number of queued requests, and marks that change as one is queued or a launched run begins or ends."""
    queued = select(func.count(), func.max(requests.c.queued_at)).where(text(WANTED), requests.c.state == "queued")
    launched = select(func.count()).select_from(launched_runs)
    return (*connection.execute(queued).one(), connection.execute(launched).scalar_one())


def progress_of(connection: Connection, row: WaitingLecture) -> str:
    """Return a mark that changes as a lecture is edited and worked on."""
    made = connection.execute(select(func.count()).where(takes.c.lecture == row.lecture)).scalar_one()
    return f"{row.version}.{made}"


def record_calls(connection: Connection, rows: Iterable[WaitingLecture]) -> None:
    """Record how many calls the plans of queued lectures have, except of lectures that were edited or claimed meanwhile."""
    for row in sorted(rows, key=lambda row: row.lecture):  # two that do so at once lock them in one order
        if version_of(connection, row.lecture, lock=True) == row.version:
            queued = update(requests).where(requests.c.lecture == row.lecture, requests.c.state == "queued")
            connection.execute(queued.values(calls=row.calls))


def let_go(connection: Connection, owner: str, now: float) -> None:
    """Queue the requests of a dead worker again."""
    is_abandoned = (requests.c.owner == owner) & (requests.c.state == "running")
    of_owner = select(requests.c.lecture).where(is_abandoned).order_by(requests.c.lecture)
    for lecture in connection.execute(of_owner).scalars().all():
        version = version_of(connection, lecture, lock=True)
        abandoned = update(requests).where(requests.c.lecture == lecture, is_abandoned).returning(requests.c.fence)
        run = connection.execute(abandoned.values(state="queued", lease_until=0.0, calls=None)).scalar()
        if run is not None:
            ended = {"run": run, "version": version, "outcome": "lost", "queued": True}
            progress.append(connection, lecture, EventKind.RUN_ENDED, ended, now)
        due_publications.mark(connection, lecture)
