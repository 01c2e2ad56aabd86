"""What Dagster was told of a lecture last, row by row, so that only what differs is told again. A cache of its event log.

It holds for one Dagster instance: another was told nothing. It can be wrong after a crash between the log and this, and only by
having too little: then something is told twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from lecture_assets.store.database import insert
from lecture_assets.store.schema import lectures, requests, tellings, told


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One asset partition as Dagster knows it.

    version: its data version
    mark:    the take and the time it was counted at, that the newest materialization was of; empty for an observation
    seen:    a digest of all that the asset partition reads as Dagster saw it then; empty for an observation
    """

    version: str
    mark: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """How far a lecture was told. stamp: what `untold` compares; serial: counts tellings, so that two do not mix."""

    serial: int
    stamp: str
    rows: Mapping[str, ToldRow]


@dataclass(frozen=True, slots=True)
class Untold:
    """A lecture of which Dagster was not told all. state: of its request; stamp: what it will have been told up to."""

    lecture: str
    state: str
    stamp: str


def load(connection: Connection, lecture: str, instance: str) -> Telling:
    """All that an instance was told of a lecture."""
    row = connection.execute(select(tellings).where(tellings.c.lecture == lecture)).one_or_none()
    if row is not None and row.instance != instance:
        return Telling(row.serial, "", {})
    rows = connection.execute(select(told.c.subject, told.c.version, told.c.mark, told.c.seen).where(told.c.lecture == lecture))
    found = {subject: ToldRow(version, mark, seen) for subject, version, mark, seen in rows}
    return Telling(row.serial, row.stamp, found) if row else Telling(0, "", found)


def serial_of(connection: Connection, lecture: str) -> int:
    """The number of tellings so far."""
    return connection.execute(select(tellings.c.serial).where(tellings.c.lecture == lecture)).scalar() or 0


def save(connection: Connection, lecture: str, instance: str, told_now: Telling) -> None:
    """Remember what an instance was told, in telling number `serial`. stamp: empty where not all was."""
    serial, stamp, rows = told_now.serial, told_now.stamp, told_now.rows
    before = connection.execute(select(tellings.c.instance, tellings.c.stamp).where(tellings.c.lecture == lecture)).one_or_none()
    if before is None or before.instance != instance:
        connection.execute(delete(told).where(told.c.lecture == lecture))
    elif not stamp:
        stamp = before.stamp
    told_rows = [
        {"lecture": lecture, "subject": subject, "version": row.version, "mark": row.mark, "seen": row.seen}
        for subject, row in rows.items()
    ]
    if told_rows:
        upsert = insert(connection.dialect.name, told)
        newer = {name: upsert.excluded[name] for name in ("version", "mark", "seen")}
        connection.execute(upsert.on_conflict_do_update(index_elements=["lecture", "subject"], set_=newer), told_rows)
    changed = {"instance": instance, "serial": serial, "stamp": stamp}
    note = insert(connection.dialect.name, tellings).values({"lecture": lecture, **changed})
    connection.execute(note.on_conflict_do_update(index_elements=["lecture"], set_=changed))


def forget(connection: Connection, lecture: str) -> None:
    """Take it that Dagster was told nothing of a lecture, so that all is told again."""
    connection.execute(delete(told).where(told.c.lecture == lecture))
    again = tellings.update().where(tellings.c.lecture == lecture)
    connection.execute(again.values(serial=tellings.c.serial + 1, stamp=""))


def untold(connection: Connection, instance: str) -> Sequence[Untold]:
    """Lectures that were edited, or worked on, since an instance was told of them last."""
    rows = connection.execute(
        select(lectures.c.id, lectures.c.head, requests.c.fence, requests.c.state, tellings.c.instance, tellings.c.stamp)
        .join(requests, requests.c.lecture == lectures.c.id)
        .outerjoin(tellings, tellings.c.lecture == lectures.c.id)
    )
    stamps = ((row, _stamp(row.head, row.fence, row.state)) for row in rows)
    return [Untold(row.id, row.state, stamp) for row, stamp in stamps if (instance, stamp) != (row.instance, row.stamp)]


def stamp_of(connection: Connection, lecture: str) -> str:
    """What says how far a lecture has come: its version, how often it was claimed, and whether somebody is at it."""
    found = select(lectures.c.head, requests.c.fence, requests.c.state).join(requests, requests.c.lecture == lectures.c.id)
    return _stamp(*connection.execute(found.where(lectures.c.id == lecture)).one())


def _stamp(head: int, fence: int, state: str) -> str:
    return f"{head}.{fence}.{state == 'running'}"
