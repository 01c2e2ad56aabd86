"""Which media folder is a database's own, and which database a folder's: both know, and anything else is refused.

    database: id, name of its folder ─── equal ─── mark in the folder: id, name

The mark is written once, when a database first meets a folder that is empty, or that holds media it names (a home from before
there were marks). A database that is away, empty or another one never gets a folder with media in it.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from lecture_assets.graph.errors import RefusedError
from lecture_assets.store.artifacts import ROUNDING_S, Artifacts, Mark
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import is_new
from lecture_assets.store.reachable import reachable
from lecture_assets.store.schema import identity, lectures, takes


class ForeignMediaError(RefusedError):
    """The media folder is not the database's own."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The database's row. media, place: the name and the place of its folder, None before it had one.

    generation:    grows when media are put in, here and in the folder: where the folder's is higher, this is a backup of before
    unknown_until: what was in the folder before (seconds since 1970) and nothing names may be another database's, or of a time
                   that was lost with a newer one; 0 for nothing
    """

    database: str
    media: str | None
    place: str | None
    generation: int
    unknown_until: float

    def is_behind(self, artifacts: Artifacts) -> bool:
        """Whether media were put in of which this database knows nothing: it was put back from a backup."""
        return _is_of(artifacts.mark(), self) and artifacts.generation() > self.generation


def load_identity(connection: Connection) -> Identity:
    """Who this database is."""
    return Identity(*connection.execute(select(*identity.c)).one())


def require_old(database: Database, artifacts: Artifacts) -> None:
    """ForeignMediaError where the folder holds somebody's media and the database is away, empty or not there yet.

    Looked at before the database is opened, so that none is made. The folder first: it is marked by a database that is there.
    """
    if (artifacts.mark() is not None or any(artifacts.files())) and is_new(database):
        raise ForeignMediaError(_lost(database, artifacts))


def settle(database: Database, artifacts: Artifacts) -> ForeignMediaError | None:
    """See whose the folder is, and mark it where it is nobody's and may be this database's. None where it is its own."""
    with database.read() as connection:
        mine = load_identity(connection)
    mark = artifacts.mark()
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
    """Before media are put in: the next generation, in the database first. A backup that was put back notes that it is one."""
    with database.write() as connection:
        mine = load_identity(connection)
        if not _is_of(artifacts.mark(), mine):
            return
        generation = max(mine.generation, artifacts.generation()) + 1
        unknown_until = artifacts.now() + ROUNDING_S if mine.is_behind(artifacts) else mine.unknown_until
        connection.execute(update(identity).values(generation=generation, unknown_until=unknown_until))
    artifacts.advance(generation)


def require_own(database: Database, artifacts: Artifacts) -> None:
    """ForeignMediaError unless the folder is marked as this database's, and the database names lectures, or nothing is there."""
    with database.read() as connection:
        mine, is_empty = load_identity(connection), _is_empty(connection)
    mark = artifacts.mark()
    if is_empty and any(artifacts.files()):
        raise ForeignMediaError(_lost(database, artifacts))
    if mark is None:
        raise ForeignMediaError(_unknown(database, artifacts))
    if not _is_of(mark, mine):
        raise ForeignMediaError(_foreign(database, artifacts, mark, mine))


def take_over(database: Database, artifacts: Artifacts) -> bool:
    """Make a folder without a mark this database's own, in the place of the one it had; False where it is another's, or empty.

    The folder before is refused from now on. Only where a person says so: media that are in the other one are made again.
    """
    with database.write() as connection:
        mine = load_identity(connection)
        if artifacts.mark() is not None or (_is_empty(connection) and any(artifacts.files())):
            return False
        connection.execute(update(identity).values(media=None, place=None))
    mark = artifacts.put_mark(Mark(mine.database, uuid.uuid4().hex))
    return mark is not None and _is_of(mark, _note(database, artifacts, mark, 0.0))


def _meet(database: Database, artifacts: Artifacts, mine: Identity) -> ForeignMediaError | None:
    """A folder without a mark: a new one, one from before there were marks, or one whose mark was lost."""
    there = {path.name for path in artifacts.files()}
    with database.read() as connection:
        named, is_empty = reachable(connection), _is_empty(connection)
        loses = connection.execute(select(func.count(takes.c.artifact))).scalar_one() > 0
    if there and is_empty:
        return ForeignMediaError(_lost(database, artifacts))
    is_here = (mine.place == str(artifacts.root) or artifacts.is_marked()) and (there & named or not loses)
    if mine.media is not None and not is_here:
        return ForeignMediaError(_elsewhere(database, artifacts, mine))
    if there and not there & named:
        return None  # it works as it did, and nothing is collected
    mark = artifacts.put_mark(Mark(mine.database, mine.media or uuid.uuid4().hex))
    if mark is not None and mark.database == mine.database:
        mine = _note(database, artifacts, mark, artifacts.now() + ROUNDING_S if there - named else mine.unknown_until)
    return None if _is_of(mark, mine) else ForeignMediaError(_foreign(database, artifacts, mark, mine))


def _is_empty(connection: Connection) -> bool:
    return not connection.execute(select(func.count(lectures.c.id))).scalar_one()


def _note(database: Database, artifacts: Artifacts, mark: Mark, unknown_until: float) -> Identity:
    """Write down which folder is this database's, once; what is written down afterwards."""
    with database.write() as connection:
        unset = update(identity).where(identity.c.media.is_(None))
        connection.execute(unset.values(media=mark.media, place=str(artifacts.root), unknown_until=unknown_until))
        return load_identity(connection)


def _is_of(mark: Mark | None, mine: Identity) -> bool:
    return mark == Mark(mine.database, mine.media or "")


def _lost(database: Database, artifacts: Artifacts) -> str:
    return (
        f"the media folder {artifacts.root} holds media of a database that is not there: {database.name} is new, or empty; "
        f"nothing was changed (put that database back where it was, from a backup if it is lost; or begin anew in another "
        f"LECTURES_HOME)"
    )


def _unknown(database: Database, artifacts: Artifacts) -> str:
    return (
        f"the media folder {artifacts.root} holds media of which {database.name} names none: they may be another database's; "
        f"nothing was changed (name the folder of this one's media with LECTURES_ARTIFACTS)"
    )


def _foreign(database: Database, artifacts: Artifacts, mark: Mark | None, mine: Identity) -> str:
    if mark is not None and mark.database == mine.database:
        return _elsewhere(database, artifacts, mine)
    own = f"its own are in {mine.place}: name that folder with LECTURES_ARTIFACTS" if mine.place else _NO_FOLDER
    return (
        f"the media folder {artifacts.root} belongs to another database than {database.name}; nothing was changed "
        f"({own}; or name the other database with LECTURES_DATABASE_URL)"
    )


_NO_FOLDER = "it has none of its own yet: name an empty folder with LECTURES_ARTIFACTS"


def _elsewhere(database: Database, artifacts: Artifacts, mine: Identity) -> str:
    return (
        f"the media of {database.name} are in {mine.place}, and {artifacts.root} is another folder, in which all of them "
        f"would be bought again; nothing was changed (homes that share a database share its media: set "
        f"LECTURES_ARTIFACTS={mine.place}; where that folder is lost, `lectures doctor --repair` takes this one in its place)"
    )
