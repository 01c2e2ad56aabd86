"""What was last published to each Dagster instance of each lecture, so that only differences are published: a cache of its log.

After a crash between the log and this table it may have too little, never too much; then something is published twice. What is no
longer in the log as it was published is forgotten or marked as unknown, and published again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    or_,
    select,
    text,
)

from lecture_assets.store.database import insert
from lecture_assets.store.publication_tables import DUE
from lecture_assets.store.schema import lectures, publications, published, requests, revisions, watches

UNKNOWN = "?"
"""The version of a subject of which the instance shows something that was not published by us."""


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


def _at_place(table: Table) -> ColumnElement[bool]:
    return and_(table.c.lecture == bindparam("of_lecture"), table.c.instance == bindparam("of_instance"))


_COLUMNS = (published.c.subject, published.c.version, published.c.take_mark, published.c.inputs_digest)
_PUBLICATION = select(publications).where(_at_place(publications))
_ROWS = select(*_COLUMNS).where(_at_place(published))


def load(connection: Connection, lecture: str, instance: str) -> Publication:
    """All that was published of a lecture to an instance."""
    place = {"of_lecture": lecture, "of_instance": instance}
    row = connection.execute(_PUBLICATION, place).one_or_none()
    rows = connection.execute(_ROWS, place)
    found = {subject: PublishedRow(version, mark, digest) for subject, version, mark, digest in rows}
    return Publication(row.serial, row.stamp, found) if row else Publication(0, "", found)


def serial_of(connection: Connection, lecture: str, instance: str) -> int:
    """The number of publications to an instance so far."""
    return connection.execute(select(publications.c.serial).where(_of(publications, lecture, instance))).scalar() or 0


def save(connection: Connection, lecture: str, instance: str, publication: Publication) -> bool:
    """Remember a publication to an instance. Its stamp is empty where it was not of the whole lecture.

    False if something was forgotten since the publisher loaded what it knows: the lecture then counts as unpublished.
    """
    place = {"of_lecture": lecture, "of_instance": instance}
    before = connection.execute(_PUBLICATION.with_for_update(), place).one_or_none()
    serial, stamp = (before.serial, before.stamp) if before else (0, "")
    is_next = publication.serial == serial + 1
    _save_rows(connection, lecture, instance, publication.rows)
    new_stamp = publication.stamp or stamp if is_next else ""
    changed = {"serial": serial + 1, "stamp": new_stamp, "is_due": int(new_stamp != stamp_of(connection, lecture))}
    upsert = insert(connection.dialect.name, publications).values({"lecture": lecture, "instance": instance, **changed})
    connection.execute(upsert.on_conflict_do_update(index_elements=["lecture", "instance"], set_=changed))
    return is_next


def _save_rows(connection: Connection, lecture: str, instance: str, rows: Mapping[str, PublishedRow]) -> None:
    found = [
        {
            "lecture": lecture,
            "instance": instance,
            "subject": subject,
            "version": row.version,
            "take_mark": row.take_mark,
            "inputs_digest": row.inputs_digest,
        }
        for subject, row in rows.items()
    ]
    if found:
        connection.execute(_upsert_rows(connection.dialect.name), found)


@cache
def _upsert_rows(dialect: str) -> Insert:
    upsert = insert(dialect, published)
    newer = {name: upsert.excluded[name] for name in ("version", "take_mark", "inputs_digest")}
    built: Insert = upsert.on_conflict_do_update(index_elements=["lecture", "instance", "subject"], set_=newer)
    return built


def forget(connection: Connection, lecture: str, instance: str) -> None:
    """Forget all that was published of a lecture to an instance, so that all of it is published again."""
    connection.execute(delete(published).where(_of(published, lecture, instance)))
    _publish_again(connection, _of(publications, lecture, instance))


def doubt(connection: Connection, lecture: str, instance: str, subjects: Collection[str]) -> None:
    """Note that an instance shows something unknown of these subjects, so that they are published again."""
    _save_rows(connection, lecture, instance, dict.fromkeys(subjects, PublishedRow(UNKNOWN)))
    _publish_again(connection, _of(publications, lecture, instance))


def forget_kinds(connection: Connection, instance: str, kinds: Collection[str]) -> None:
    """Forget what was published of these kinds to an instance, in all lectures. For settings, a kind is `settings:<kind>`."""
    of_kinds = (or_(published.c.subject == kind, published.c.subject.startswith(f"{kind}:", autoescape=True)) for kind in kinds)
    connection.execute(delete(published).where(published.c.instance == instance, or_(*of_kinds)))
    _publish_again(connection, publications.c.instance == instance)


def _publish_again(connection: Connection, which: ColumnElement[bool]) -> None:
    connection.execute(publications.update().where(which).values(serial=publications.c.serial + 1, stamp="", is_due=1))


def _of(table: Table, lecture: str, instance: str) -> ColumnElement[bool]:
    return and_(table.c.lecture == lecture, table.c.instance == instance)


def unpublished(connection: Connection, instance: str) -> Sequence[UnpublishedLecture]:
    """Lectures that were edited or worked on since they were last published to an instance.

    Those that were published before come first, and of each kind those that were edited last.
    """
    before = func.coalesce(publications.c.stamp, "")
    wanted = (
        select(lectures.c.id, requests.c.state, _STAMP.label("stamp"))
        .join(requests, requests.c.lecture == lectures.c.id)
        .outerjoin(publications, and_(publications.c.lecture == lectures.c.id, publications.c.instance == instance))
        .outerjoin(revisions, and_(revisions.c.lecture == lectures.c.id, revisions.c.version == lectures.c.head))
        .where(before != _STAMP)
        .order_by(before == "", func.coalesce(revisions.c.created_at, 0.0).desc())
    )
    is_known = connection.execute(select(watches.c.instance).where(watches.c.instance == instance)).first() is not None
    rows = connection.execute(wanted.where(text(f"publications.{DUE}")) if is_known else wanted)
    return [UnpublishedLecture(row.id, row.state, row.stamp) for row in rows]


def stamp_of(connection: Connection, lecture: str) -> str:
    """How far a lecture has come: its version, how often it was claimed, and whether somebody works on it."""
    found = select(_STAMP).join_from(lectures, requests, requests.c.lecture == lectures.c.id).where(lectures.c.id == lecture)
    return str(connection.execute(found).scalar_one())


def worker_of(connection: Connection, lecture: str, instance: str) -> str:
    """The last worker of a lecture; empty if there was none or all that it made has been published to an instance."""
    columns = (requests.c.owner, requests.c.fence, publications.c.stamp)
    found = select(*columns).outerjoin(
        publications, and_(publications.c.lecture == requests.c.lecture, publications.c.instance == instance)
    )
    row = connection.execute(found.where(requests.c.lecture == lecture)).one()
    return "" if (row.stamp or "").endswith(f".{row.fence}.{False}") else row.owner or ""


_NUMBERS = cast(lectures.c.head, String) + "." + cast(requests.c.fence, String)
_STAMP = _NUMBERS + case((requests.c.state == "running", ".True"), else_=".False")
