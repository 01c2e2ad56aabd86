"""Lectures and their revisions. An edit appends a revision by compare-and-swap on the head; nothing is changed in place.

Revisions are stored as differences, since settings of large lectures take 100 kB while an edit changes a line. Each run of
revisions begins with complete settings:    complete ◄─ difference ◄─ difference ◄─ …    complete ◄─ difference
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, select, update

from lecture_assets.graph.errors import ConflictError, UnknownLectureError
from lecture_assets.graph.settings import Settings
from lecture_assets.store import due_publications, lecture_names, progress, regeneration_scopes
from lecture_assets.store.database import insert
from lecture_assets.store.difference import applied, difference
from lecture_assets.store.lecture_names import EXISTS
from lecture_assets.store.notices import notify
from lecture_assets.store.progress import EventKind
from lecture_assets.store.schema import lectures, requests, revisions
from lecture_assets.store.shadows import is_real

_OF_LECTURE, _UNTIL = revisions.c.lecture == bindparam("of_lecture"), bindparam("until", type_=revisions.c.version.type)
_BEGIN = select(revisions.c.whole).where(_OF_LECTURE, revisions.c.version == _UNTIL).scalar_subquery()
_RUN_TO = (
    select(revisions.c.settings)
    .where(_OF_LECTURE, revisions.c.version.between(func.coalesce(_BEGIN, _UNTIL), _UNTIL))
    .order_by(revisions.c.version)
)
_HEAD = select(lectures).where(lectures.c.id == bindparam("key"), EXISTS)
_ROWS = select(lectures, requests.c.state).join(requests, requests.c.lecture == lectures.c.id).where(EXISTS)
_BY_NAME = _ROWS.where(lectures.c.workspace == bindparam("of_workspace"), lectures.c.name == bindparam("known_by"))
_BY_KEY = _ROWS.where(lectures.c.workspace == bindparam("of_workspace"), lectures.c.id == bindparam("known_by"))
"""What reading a lecture takes is built once: building a statement takes longer than running it."""
_RUN = 20
"""The most revisions read to reconstruct one. Complete settings of 120 kB, compressed, cost each revision of a run 2 to 5 kB."""


@dataclass(frozen=True, slots=True)
class Head:
    """The current state of a lecture.

    lecture:   its key, by which everything else refers to it
    name:      the id that people use, unique in the workspace
    published: the newest version whose timeline was published, 0 for none
    is_shadow: it is planned and priced, and never made
    created_at: in seconds since 1970; 0 for a lecture that is not created yet
    """

    lecture: str
    name: str
    workspace: str
    version: int
    published: int
    brief_digest: str
    settings: Settings
    is_shadow: bool = False
    created_at: float = field(default=0.0, compare=False)


def new_head(name: str, workspace: str, brief_digest: str, settings: Settings, *, is_shadow: bool = False) -> Head:
    """Return the head of a lecture that `create` will create. Its key may become another one."""
    return Head(name, name, workspace, 1, 0, brief_digest, settings, is_shadow)


def create(connection: Connection, head: Head, now: float, edits: tuple[str, ...] = ()) -> str | None:
    """Create a lecture at version 1, and return its key. None if the workspace has one of this name.

    edits: the origin shown in its history
    """
    key = _add(connection, head, now)
    if key is not None:
        due_publications.add(connection, key)
        _insert(connection, key, Revision(1, head.settings, edits), now, _Stored(head.settings.to_json()))
        request = {"lecture": key, "state": "none", "fence": 0, "lease_until": 0.0}
        connection.execute(requests.insert().values(request))
        progress.append(connection, key, EventKind.REVISION, {"version": 1}, now)
    return key


def _add(connection: Connection, head: Head, now: float) -> str | None:
    """Add the row. The key is the name, or begins with it where another workspace's or a deleted lecture has that key."""
    row = {
        "workspace": head.workspace,
        "name": head.name,
        "head": 1,
        "published": 0,
        "brief_digest": head.brief_digest,
        "created_at": now,
        "is_shadow": int(head.is_shadow),
    }
    key = head.name
    while True:
        new = insert(connection.dialect.name, lectures).values(id=key, **row).on_conflict_do_nothing()
        if connection.execute(new.returning(lectures.c.id)).first() is not None:
            return key
        if lecture_names.find(connection, head.workspace, head.name) is not None:
            return None
        key = lecture_names.another_key(head.name)


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a lecture: the settings, and the edits (as people write them) that led to it.

    client_key: the sender's key for the request, by which a repeated request is recognized
    asked:      a digest of what was sent under that key
    """

    version: int
    settings: Settings
    edits: tuple[str, ...]
    client_key: str | None = None
    asked: str | None = None


def _append(connection: Connection, lecture: str, revision: Revision, now: float) -> None:
    """Store a revision as a difference, or complete if the run is long enough or the difference is hardly smaller."""
    run = _run(connection, lecture, revision.version - 1)
    settings = revision.settings.to_json()
    changes = difference(run[-1], settings)
    if len(run) >= _RUN or 2 * len(json.dumps(changes)) > len(json.dumps(settings)):
        _insert(connection, lecture, revision, now, _Stored(settings))
    else:
        _insert(connection, lecture, revision, now, _Stored(changes, revision.version - len(run)))


@dataclass(frozen=True, slots=True)
class _Stored:
    """Settings as stored: complete, or the difference to the previous version in the run that starts at version `whole`."""

    settings: Any
    whole: int | None = None


def _insert(connection: Connection, lecture: str, revision: Revision, now: float, stored: _Stored) -> None:
    connection.execute(
        revisions.insert().values(
            lecture=lecture,
            version=revision.version,
            settings=stored.settings,
            edits=list(revision.edits),
            client_key=revision.client_key,
            whole=stored.whole,
            asked=revision.asked,
            created_at=now,
        )
    )


def _run(connection: Connection, lecture: str, version: int) -> list[dict[str, Any]]:
    """Return the settings documents of a run, from its first version to this one."""
    rows = connection.execute(_RUN_TO, {"of_lecture": lecture, "until": version})
    return list(accumulate(rows.scalars(), applied))


def append(  # noqa: PLR0913 - the revision, and what follows from it
    connection: Connection, lecture: str, revision: Revision, now: float, *, queued_at: float, is_queued: bool = True
) -> None:
    """Append a revision, and queue the request of a lecture that is no shadow. ConflictError if the head moved.

    queued_at: the store's time; is_queued: whether a request is queued where none is, which costs money
    """
    swap = update(lectures).where(lectures.c.id == lecture, lectures.c.head == revision.version - 1)
    if connection.execute(swap.values(head=revision.version)).rowcount != 1:
        raise ConflictError(lecture, revision.version - 1, version_of(connection, lecture))
    _append(connection, lecture, revision, now)
    request = update(requests).where(requests.c.lecture == lecture)
    is_idle = (requests.c.state == "none") & is_real(lecture)
    if is_queued:
        connection.execute(request.where(is_idle).values(state="queued", queued_at=queued_at))
    connection.execute(request.where(requests.c.state == "queued").values(calls=None))
    regeneration_scopes.widen(connection, lecture)
    due_publications.mark(connection, lecture)
    notify(connection)
    progress.append(connection, lecture, EventKind.REVISION, {"version": revision.version}, queued_at)


def version_of(connection: Connection, lecture: str, *, lock: bool = False) -> int:
    """Return the head's version. Raise UnknownLectureError if the lecture does not exist.

    lock: until the transaction ends, nobody else edits, claims or finishes the lecture, or records a node of it
    """
    found = select(lectures.c.head).where(lectures.c.id == lecture, EXISTS)
    version = connection.execute(found.with_for_update(key_share=True) if lock else found).scalar()
    if version is None:
        raise UnknownLectureError(lecture, ids(connection))
    return int(version)


def head(connection: Connection, lecture: str) -> Head:
    """Return the current state of a lecture. Raise UnknownLectureError if it does not exist."""
    row = connection.execute(_HEAD, {"key": lecture}).mappings().one_or_none()
    if row is None:
        raise UnknownLectureError(lecture, ids(connection))
    return head_of(connection, row)


def head_of(connection: Connection, row: RowMapping) -> Head:
    """Return the current state of a lecture whose row was read in this transaction."""
    named = {"published": row["published"], "brief_digest": row["brief_digest"], "created_at": row["created_at"]}
    settings = settings_at(connection, row["id"], row["head"])
    is_shadow = bool(row["is_shadow"])
    return Head(row["id"], row["name"], row["workspace"], row["head"], settings=settings, is_shadow=is_shadow, **named)


def ids(connection: Connection) -> Sequence[str]:
    """Return the keys of all lectures, the newest first."""
    return connection.execute(select(lectures.c.id).where(EXISTS).order_by(lectures.c.created_at.desc())).scalars().all()


def all_lectures(connection: Connection, workspace: str | None = None) -> Sequence[RowMapping]:
    """Return each lecture's row with the state of its request, the newest first; of all workspaces if it is None."""
    rows = _ROWS if workspace is None else _ROWS.where(lectures.c.workspace == workspace)
    return connection.execute(rows.order_by(lectures.c.created_at.desc())).mappings().all()


def page(connection: Connection, workspace: str, limit: int, after: tuple[float, str] | None = None) -> Sequence[RowMapping]:
    """Return the rows of `all_lectures` of one workspace that come after one created at that time, with that name.

    Not with that key: places are told to clients, and a key that is no name tells that somebody else has the name.
    """
    found = _ROWS.where(lectures.c.workspace == workspace)
    if after is not None:
        created_at, name = after
        is_later = (lectures.c.created_at == created_at) & (lectures.c.name > name)
        found = found.where((lectures.c.created_at < created_at) | is_later)
    return connection.execute(found.order_by(lectures.c.created_at.desc(), lectures.c.name).limit(limit)).mappings().all()


def row_of(connection: Connection, workspace: str, *, name: str | None = None, key: str | None = None) -> RowMapping | None:
    """Return a lecture's row, by its name or its key, with the state of its request; None if the workspace has no such one."""
    found = {"of_workspace": workspace, "known_by": key if name is None else name}
    return connection.execute(_BY_KEY if name is None else _BY_NAME, found).mappings().one_or_none()


def history(connection: Connection, lecture: str, after: int = 0, limit: int | None = None) -> Sequence[RowMapping]:
    """Return version, edits, client key and time of each revision after a version, the oldest first; at most `limit`."""
    version_of(connection, lecture)
    rows = select(revisions.c.version, revisions.c.edits, revisions.c.client_key, revisions.c.created_at)
    found = rows.where(revisions.c.lecture == lecture, revisions.c.version > after)
    return connection.execute(found.order_by(revisions.c.version).limit(limit)).mappings().all()


def history_of(connection: Connection, lecture: str, versions: Sequence[int]) -> Sequence[RowMapping]:
    """Return version and edits of each of these versions."""
    rows = select(revisions.c.version, revisions.c.edits)
    return connection.execute(rows.where(revisions.c.lecture == lecture, revisions.c.version.in_(versions))).mappings().all()


def origin(connection: Connection, lecture: str, version: int) -> RowMapping:
    """Return edits, client key and time of an existing version."""
    row = select(revisions.c.edits, revisions.c.client_key, revisions.c.created_at)
    found = row.where(revisions.c.lecture == lecture, revisions.c.version == version)
    return connection.execute(found).mappings().one()


def earlier_settings(connection: Connection, lecture: str) -> Iterator[Settings]:
    """Iterate over the settings of each revision, the newest first, reading them lazily."""
    version = version_of(connection, lecture)
    while version:
        run = _run(connection, lecture, version)
        yield from map(Settings.from_json, reversed(run))
        version -= len(run)


def settings_at(connection: Connection, lecture: str, version: int) -> Settings:
    """Return the settings of an existing version."""
    return Settings.from_json(_run(connection, lecture, version)[-1])


@dataclass(frozen=True, slots=True)
class Seen:
    """The version that a client key created, and its edits. `asked`: a digest of what was sent, None in older stores."""

    version: int
    edits: Sequence[str]
    asked: str | None


def by_client_key(connection: Connection, lecture: str, client_key: str) -> Seen | None:
    """Return the version that an edit with this key created, or None."""
    found = select(revisions.c.version, revisions.c.edits, revisions.c.asked)
    row = connection.execute(found.where(revisions.c.lecture == lecture, revisions.c.client_key == client_key)).one_or_none()
    return Seen(row.version, row.edits, row.asked) if row else None


def publish(connection: Connection, lecture: str, version: int) -> bool:
    """Record that this version's timeline was published. Return False, recording nothing, if a newer one was."""
    newer = update(lectures).where(lectures.c.id == lecture, lectures.c.published <= version)
    return connection.execute(newer.values(published=version)).rowcount == 1


def count(connection: Connection) -> int:
    """Return the number of lectures."""
    return connection.execute(select(func.count()).select_from(lectures).where(EXISTS)).scalar_one()
