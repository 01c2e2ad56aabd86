"""Lectures and their revisions. An edit appends one by compare-and-swap on the head; nothing is ever changed in place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, func, select, update

from lecture_assets.graph.errors import ConflictError, UnknownLectureError
from lecture_assets.graph.settings import Settings
from lecture_assets.store.database import insert
from lecture_assets.store.schema import lectures, requests, revisions


@dataclass(frozen=True, slots=True)
class Head:
    """Where a lecture stands. published: the newest version a timeline was published of, 0 for none."""

    lecture: str
    workspace: str
    version: int
    published: int
    brief_digest: str
    settings: Settings


def create(connection: Connection, head: Head, now: float, edits: tuple[str, ...] = ()) -> bool:
    """A new lecture at version 1; False where the id is taken. edits: what its history says of how it came about."""
    row = {
        "id": head.lecture,
        "workspace": head.workspace,
        "head": 1,
        "published": 0,
        "brief_digest": head.brief_digest,
        "created_at": now,
    }
    created = connection.execute(insert(connection.dialect.name, lectures).values(row).on_conflict_do_nothing()).rowcount == 1
    if created:
        _append(connection, head.lecture, Revision(1, head.settings, edits), now)
        request = {"lecture": head.lecture, "state": "none", "fence": 0, "lease_until": 0.0}
        connection.execute(requests.insert().values(request))
    return created


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a lecture: the settings, and the edits (as a person writes them) that led to it."""

    version: int
    settings: Settings
    edits: tuple[str, ...]
    client_key: str | None = None


def _append(connection: Connection, lecture: str, revision: Revision, now: float) -> None:
    connection.execute(
        revisions.insert().values(
            lecture=lecture,
            version=revision.version,
            settings=revision.settings.to_json(),
            edits=list(revision.edits),
            client_key=revision.client_key,
            created_at=now,
        )
    )


def append(connection: Connection, lecture: str, revision: Revision, now: float) -> None:
    """The next revision, and with it the request that something makes it. ConflictError where the head moved."""
    swap = update(lectures).where(lectures.c.id == lecture, lectures.c.head == revision.version - 1)
    if connection.execute(swap.values(head=revision.version)).rowcount != 1:
        raise ConflictError(lecture, revision.version - 1, version_of(connection, lecture))
    _append(connection, lecture, revision, now)
    queue = update(requests).where(requests.c.lecture == lecture, requests.c.state == "none")
    connection.execute(queue.values(state="queued"))


def version_of(connection: Connection, lecture: str) -> int:
    """The head's version; UnknownLectureError where there is no such lecture."""
    version = connection.execute(select(lectures.c.head).where(lectures.c.id == lecture)).scalar()
    if version is None:
        raise UnknownLectureError(lecture, ids(connection))
    return int(version)


def head(connection: Connection, lecture: str) -> Head:
    """Where a lecture stands; UnknownLectureError where there is no such lecture."""
    found = select(lectures, revisions.c.settings).join(
        revisions, (revisions.c.lecture == lectures.c.id) & (revisions.c.version == lectures.c.head)
    )
    row = connection.execute(found.where(lectures.c.id == lecture)).one_or_none()
    if row is None:
        raise UnknownLectureError(lecture, ids(connection))
    return Head(row.id, row.workspace, row.head, row.published, row.brief_digest, Settings.from_json(row.settings))


def ids(connection: Connection) -> Sequence[str]:
    """All lectures, the newest first."""
    return connection.execute(select(lectures.c.id).order_by(lectures.c.created_at.desc())).scalars().all()


def all_lectures(connection: Connection) -> Sequence[RowMapping]:
    """Each lecture's row with the state of its request, the newest first."""
    rows = select(lectures, requests.c.state).join(requests, requests.c.lecture == lectures.c.id)
    return connection.execute(rows.order_by(lectures.c.created_at.desc())).mappings().all()


def history(connection: Connection, lecture: str) -> Sequence[RowMapping]:
    """Version, edits, client key and time of each revision, the oldest first."""
    version_of(connection, lecture)
    rows = select(revisions.c.version, revisions.c.edits, revisions.c.client_key, revisions.c.created_at)
    return connection.execute(rows.where(revisions.c.lecture == lecture).order_by(revisions.c.version)).mappings().all()


def earlier_settings(connection: Connection, lecture: str) -> Iterator[Settings]:
    """The settings of each revision, the newest first, read as they are asked for."""
    rows = select(revisions.c.settings).where(revisions.c.lecture == lecture).order_by(revisions.c.version.desc())
    return (Settings.from_json(document) for document in connection.execute(rows).scalars())


def settings_at(connection: Connection, lecture: str, version: int) -> Settings:
    """The settings of a version that there is."""
    found = select(revisions.c.settings).where(revisions.c.lecture == lecture, revisions.c.version == version)
    return Settings.from_json(connection.execute(found).scalar_one())


def by_client_key(connection: Connection, lecture: str, client_key: str) -> tuple[int, list[str]] | None:
    """The version that an edit with this key made, and its edits; None where there was none."""
    found = select(revisions.c.version, revisions.c.edits)
    row = connection.execute(found.where(revisions.c.lecture == lecture, revisions.c.client_key == client_key)).one_or_none()
    return (row.version, row.edits) if row else None


def publish(connection: Connection, lecture: str, version: int) -> bool:
    """Note that a timeline of this version is out; False, and nothing noted, where a newer one is."""
    newer = update(lectures).where(lectures.c.id == lecture, lectures.c.published <= version)
    return connection.execute(newer.values(published=version)).rowcount == 1


def count(connection: Connection) -> int:
    """How many lectures there are."""
    return connection.execute(select(func.count()).select_from(lectures)).scalar_one()
