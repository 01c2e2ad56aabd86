"""What was last published to Dagster of each lecture, so that only differences are published. A cache of its event log.

It holds for one Dagster instance: to another, nothing was published. After a crash between the log and this table it may have too
little, never too much; then something is published twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select

from lecture_assets.store.database import insert
from lecture_assets.store.schema import lectures, publications, published, requests


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One asset partition as Dagster knows it.

    version:       its data version
    take_mark:     the take that the newest materialization shows, and when it was counted; empty for an observation
    inputs_digest: of all that the partition reads, as Dagster saw it then; empty for an observation
    """

    version: str
    take_mark: str = ""
    inputs_digest: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """How far a lecture was published. stamp: what `unpublished` compares; serial: counts publications, so that two never mix."""

    serial: int
    stamp: str
    rows: Mapping[str, PublishedRow]


@dataclass(frozen=True, slots=True)
class UnpublishedLecture:
    """A lecture that Dagster does not fully know. state: of its request; stamp: how far a publication would bring it."""

    lecture: str
    state: str
    stamp: str


def load(connection: Connection, lecture: str, instance: str) -> Publication:
    """All that was published of a lecture to an instance."""
    row = connection.execute(select(publications).where(publications.c.lecture == lecture)).one_or_none()
    if row is not None and row.instance != instance:
        return Publication(row.serial, "", {})
    columns = (published.c.subject, published.c.version, published.c.take_mark, published.c.inputs_digest)
    rows = connection.execute(select(*columns).where(published.c.lecture == lecture))
    found = {subject: PublishedRow(version, mark, digest) for subject, version, mark, digest in rows}
    return Publication(row.serial, row.stamp, found) if row else Publication(0, "", found)


def serial_of(connection: Connection, lecture: str) -> int:
    """The number of publications so far."""
    return connection.execute(select(publications.c.serial).where(publications.c.lecture == lecture)).scalar() or 0


def save(connection: Connection, lecture: str, instance: str, publication: Publication) -> None:
    """Remember a publication to an instance. Its stamp is empty where it was not of the whole lecture."""
    stamp = publication.stamp
    last = select(publications.c.instance, publications.c.stamp).where(publications.c.lecture == lecture)
    before = connection.execute(last).one_or_none()
    if before is None or before.instance != instance:
        connection.execute(delete(published).where(published.c.lecture == lecture))
    elif not stamp:
        stamp = before.stamp
    _save_rows(connection, lecture, publication.rows)
    changed = {"instance": instance, "serial": publication.serial, "stamp": stamp}
    upsert = insert(connection.dialect.name, publications).values({"lecture": lecture, **changed})
    connection.execute(upsert.on_conflict_do_update(index_elements=["lecture"], set_=changed))


def _save_rows(connection: Connection, lecture: str, rows: Mapping[str, PublishedRow]) -> None:
    found = [{"lecture": lecture, "subject": subject, **asdict(row)} for subject, row in rows.items()]
    if found:
        upsert = insert(connection.dialect.name, published)
        newer = {name: upsert.excluded[name] for name in ("version", "take_mark", "inputs_digest")}
        connection.execute(upsert.on_conflict_do_update(index_elements=["lecture", "subject"], set_=newer), found)


def forget(connection: Connection, lecture: str) -> None:
    """Forget all that was published of a lecture, so that all of it is published again."""
    connection.execute(delete(published).where(published.c.lecture == lecture))
    again = publications.update().where(publications.c.lecture == lecture)
    connection.execute(again.values(serial=publications.c.serial + 1, stamp=""))


def unpublished(connection: Connection, instance: str) -> Sequence[UnpublishedLecture]:
    """Lectures that were edited or worked on since they were last published to an instance."""
    columns = (lectures.c.id, lectures.c.head, requests.c.fence, requests.c.state, publications.c.instance, publications.c.stamp)
    rows = connection.execute(
        select(*columns)
        .join(requests, requests.c.lecture == lectures.c.id)
        .outerjoin(publications, publications.c.lecture == lectures.c.id)
    )
    stamps = ((row, _stamp(row.head, row.fence, row.state)) for row in rows)
    return [
        UnpublishedLecture(row.id, row.state, stamp) for row, stamp in stamps if (instance, stamp) != (row.instance, row.stamp)
    ]


def stamp_of(connection: Connection, lecture: str) -> str:
    """How far a lecture has come: its version, how often it was claimed, and whether somebody works on it."""
    found = select(lectures.c.head, requests.c.fence, requests.c.state).join(requests, requests.c.lecture == lectures.c.id)
    return _stamp(*connection.execute(found.where(lectures.c.id == lecture)).one())


def _stamp(head: int, fence: int, state: str) -> str:
    return f"{head}.{fence}.{state == 'running'}"
