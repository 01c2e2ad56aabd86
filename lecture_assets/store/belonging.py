"""Which media folder belongs to which database. Both sides record it, and a mismatch is refused.

    database: its id, its folder's name ─── equal ─── mark in the folder: the same id and name

The mark is written once: when a database is first used with an empty folder, or with one holding media it refers to (a home
from before marks existed). A folder with media is never given to a missing, empty or different database.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from lecture_assets.graph.errors import RefusedError
from lecture_assets.store.artifacts import ROUNDING_S, Artifacts, Mark
from lecture_assets.store.database import Database
from lecture_assets.store.media_places import mark_at
from lecture_assets.store.migrate import is_new
from lecture_assets.store.reachable import reachable
from lecture_assets.store.schema import identity, lectures, takes


class ForeignMediaError(RefusedError):
    """The media folder belongs to another database."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A database's record of itself and its folder.

    database:      its id
    media:         the name of its folder, None before it has one
    place:         the path of its folder, None before it has one
    generation:    grows in the database and in the folder when media are added; if the folder's is higher, the database was
                   restored from an older backup
    unknown_until: unreferenced media added before this time (seconds since 1970) may belong to another database, or to a
                   newer state of this one that was lost; 0 if there are none
    """

    database: str
    media: str | None
    place: str | None
    generation: int
    unknown_until: float

    def is_behind(self, artifacts: Artifacts) -> bool:
        """Whether media were added that this database does not know about, because it was restored from a backup."""
        return _is_of(artifacts.identity.mark(), self) and artifacts.identity.generation() > self.generation


def load_identity(connection: Connection) -> Identity:
    """Load the database's record of itself."""
    return Identity(*connection.execute(select(*identity.c)).one())


def require_old(database: Database, artifacts: Artifacts) -> None:
    """Raise ForeignMediaError if the folder holds media but the database is missing or empty.

    Called before the database is opened, so that none is created. An existing one needs no look at the media. A new one is looked
    at once more after them, since only a database that exists marks a place: another process may have created it meanwhile.
    """
    if is_new(database) and (artifacts.identity.mark() is not None or not artifacts.is_empty()) and is_new(database):
        raise ForeignMediaError(_lost(database, artifacts))


def settle(database: Database, artifacts: Artifacts) -> ForeignMediaError | None:
    """Check whose the folder is, marking it if it has no owner and may be this database's. Return an error if it is not."""
    mine = database.reading(load_identity)
    mark = artifacts.identity.mark()
    if database.is_read_only:
        return (
            None
            if mark is None or mark.database == mine.database
            else ForeignMediaError(_foreign(database, artifacts, mark, mine))
        )
    if mark is None:
        return _meet(database, artifacts, mine)
    if mine.media is None and mark.database == mine.database:
        mine = _note(database, artifacts, mark, 0.0)
    return None if _is_of(mark, mine) else ForeignMediaError(_foreign(database, artifacts, mark, mine))


def advance(database: Database, artifacts: Artifacts) -> None:
    """Advance the generation before media are added, first in the database. A restored backup records here that it is one."""
    identity_, now = artifacts.identity, artifacts.now()
    mark, theirs = identity_.mark(), identity_.generation()  # before the database is locked
    with database.write() as connection:
        mine = load_identity(connection)
        if not _is_of(mark, mine):
            return
        generation = max(mine.generation, theirs) + 1
        unknown_until = now + ROUNDING_S if theirs > mine.generation else mine.unknown_until
        connection.execute(update(identity).values(generation=generation, unknown_until=unknown_until))
    artifacts.identity.advance(generation)


def require_own(database: Database, artifacts: Artifacts) -> None:
    """Raise ForeignMediaError unless the folder is marked as this database's; an empty database may only have an empty folder."""
    with database.read() as connection:
        mine, is_empty = load_identity(connection), _is_empty(connection)
    mark = artifacts.identity.mark()
    if is_empty and not artifacts.is_empty():
        raise ForeignMediaError(_lost(database, artifacts))
    if mark is None:
        raise ForeignMediaError(_unknown(database, artifacts))
    if not _is_of(mark, mine):
        raise ForeignMediaError(_foreign(database, artifacts, mark, mine))


def take_over(database: Database, artifacts: Artifacts) -> bool:
    """Give this database an unmarked folder in place of its previous one. Return False if the folder cannot be taken over.

    The previous folder is refused from then on, and media that exist only there are made again: only on a person's request, and
    only if that folder is lost. Raise ForeignMediaError while it is still there: LECTURES_ARTIFACTS is mistyped then.
    """
    with database.read() as connection:
        place = load_identity(connection).place
    known = mark_at(place) if place is not None and place != artifacts.place else None
    with database.write() as connection:
        mine = load_identity(connection)
        if _is_of(known, mine):
            raise ForeignMediaError(_still_there(database, artifacts, mine))
        if artifacts.identity.mark() is not None or (_is_empty(connection) and not artifacts.is_empty()):
            return False
        connection.execute(update(identity).values(media=None, place=None))
    mark = artifacts.identity.put_mark(Mark(mine.database, uuid.uuid4().hex))
    return mark is not None and _is_of(mark, _note(database, artifacts, mark, 0.0))


def _meet(database: Database, artifacts: Artifacts, mine: Identity) -> ForeignMediaError | None:
    """Decide about a folder without a mark: a new one, one from before marks existed, or one whose mark was lost."""
    there = {medium.sha256 for medium in artifacts.listing()}
    with database.read() as connection:
        named, is_empty = reachable(connection), _is_empty(connection)
        loses = connection.execute(select(func.count(takes.c.artifact))).scalar_one() > 0
    if there and is_empty:
        return ForeignMediaError(_lost(database, artifacts))
    is_here = (mine.place == artifacts.place or artifacts.identity.is_marked()) and (there & named or not loses)
    if mine.media is not None and not is_here:
        return ForeignMediaError(_elsewhere(database, artifacts, mine))
    if there and not there & named:
        return None  # it works as before, and nothing is collected as garbage
    mark = artifacts.identity.put_mark(Mark(mine.database, mine.media or uuid.uuid4().hex))
    if mark is not None and mark.database == mine.database:
        mine = _note(database, artifacts, mark, artifacts.now() + ROUNDING_S if there - named else mine.unknown_until)
    return None if _is_of(mark, mine) else ForeignMediaError(_foreign(database, artifacts, mark, mine))


def _is_empty(connection: Connection) -> bool:
    return not connection.execute(select(func.count(lectures.c.id))).scalar_one()


def _note(database: Database, artifacts: Artifacts, mark: Mark, unknown_until: float) -> Identity:
    """Record the folder in the database, unless one is recorded, and return the record it then has."""
    with database.write() as connection:
        unset = update(identity).where(identity.c.media.is_(None))
        connection.execute(unset.values(media=mark.media, place=artifacts.place, unknown_until=unknown_until))
        return load_identity(connection)


def _is_of(mark: Mark | None, mine: Identity) -> bool:
    return mark == Mark(mine.database, mine.media or "")


def _lost(database: Database, artifacts: Artifacts) -> str:
    return (
        f"{artifacts.place} holds media of a missing database: {database.name} is new or empty; "
        f"nothing was changed (put that database back, from a backup if it is lost, or start over with "
        f"{'another LECTURES_HOME' if database.file else 'another LECTURES_ARTIFACTS'})"
    )


def _unknown(database: Database, artifacts: Artifacts) -> str:
    return (
        f"{database.name} refers to none of the media in the folder {artifacts.place}, which may belong to another database; "
        f"nothing was changed (set LECTURES_ARTIFACTS to the folder with this database's media)"
    )


def _foreign(database: Database, artifacts: Artifacts, mark: Mark | None, mine: Identity) -> str:
    if mark is not None and mark.database == mine.database:
        return _elsewhere(database, artifacts, mine)
    own = f"its own media are in {mine.place}: set LECTURES_ARTIFACTS to that folder" if mine.place else _NO_FOLDER
    return (
        f"the media folder {artifacts.place} belongs to a different database, not to {database.name}; nothing was changed "
        f"({own}, or set LECTURES_DATABASE_URL to the other database)"
    )


_NO_FOLDER = "it has no folder of its own yet: set LECTURES_ARTIFACTS to an empty one"


def _still_there(database: Database, artifacts: Artifacts, mine: Identity) -> str:
    return (
        f"the media of {database.name} are in {mine.place}, which is still there; nothing was changed (set "
        f"LECTURES_ARTIFACTS={mine.place}; to move them, run `lectures artifacts copy {mine.place} {artifacts.place}` first)"
    )


def _elsewhere(database: Database, artifacts: Artifacts, mine: Identity) -> str:
    return (
        f"the media of {database.name} are in {mine.place}; with the folder {artifacts.place}, all of them would be bought again;"
        f" nothing was changed (homes that share a database share its media: set LECTURES_ARTIFACTS={mine.place}; "
        f"if that folder is lost, `lectures doctor --repair` uses this one instead)"
    )
