"""The ids that people use: unique in a workspace, changed by renaming, free again once their lecture is deleted."""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from lecture_assets.graph.errors import UnknownLectureError
from lecture_assets.store.schema import lectures

_LONGEST_STEM, _SUFFIX_BYTES = 56, 3
"""A key has at most as many characters as an id, 63."""
_SUFFIXES = re.compile(rf"(?:-[0-9a-f]{{{2 * _SUFFIX_BYTES}}})+$")
EXISTS = lectures.c.deleted_at.is_(None)
"""The condition of lectures that were not deleted."""


def find(connection: Connection, workspace: str, name: str) -> str | None:
    """Return the key of a lecture; None if the workspace has none of this name."""
    return connection.execute(select(lectures.c.id).where(lectures.c.workspace == workspace, lectures.c.name == name)).scalar()


def key_of(connection: Connection, workspace: str, name: str) -> str:
    """Return the key of a lecture. UnknownLectureError with the workspace's names if there is none."""
    key = find(connection, workspace, name)
    if key is None:
        raise UnknownLectureError(name, names(connection, workspace))
    return key


def names(connection: Connection, workspace: str) -> Sequence[str]:
    """Return the names of a workspace's lectures, the newest first."""
    found = select(lectures.c.name).where(lectures.c.workspace == workspace, EXISTS)
    return connection.execute(found.order_by(lectures.c.created_at.desc())).scalars().all()


def names_by_key(connection: Connection, workspace: str) -> Mapping[str, str]:
    """Return the name of each lecture of a workspace by its key."""
    found = select(lectures.c.id, lectures.c.name).where(lectures.c.workspace == workspace, EXISTS)
    return {row.id: row.name for row in connection.execute(found)}


def names_of(connection: Connection, keys: Collection[str]) -> Mapping[str, str]:
    """Return the names of lectures by their keys, at most a page of them; those that were deleted have none."""
    found = select(lectures.c.id, lectures.c.name).where(lectures.c.id.in_(keys), EXISTS)
    return {row.id: row.name for row in connection.execute(found)}


def another_key(name: str) -> str:
    """Return a key for a lecture whose name is another one's key already."""
    return f"{name[:_LONGEST_STEM]}-{secrets.token_hex(_SUFFIX_BYTES)}"


def once_called(key: str) -> str:
    """Return what a deleted lecture was called, as far as its key says.

    The same for every key that a name can have: from a key that is no name clients would learn that somebody else has the name.
    """
    return _SUFFIXES.sub("", _SUFFIXES.sub("", key)[:_LONGEST_STEM])


def rename(connection: Connection, lecture: str, was: str, new: str) -> bool:
    """Give a lecture, by its key, another name. Return False if its workspace has another one of that name.

    UnknownLectureError if it is not called `was` any more: of several that rename it at once, one does.
    """
    known = lectures.c.id == lecture
    try:
        with connection.begin_nested():
            done = connection.execute(update(lectures).where(known, EXISTS, lectures.c.name == was).values(name=new))
    except IntegrityError:
        return False
    if not done.rowcount:
        workspace = connection.execute(select(lectures.c.workspace).where(known)).scalar_one()
        raise UnknownLectureError(was, names(connection, workspace))
    return True
