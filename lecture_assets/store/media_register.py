"""What the database knows of media on S3: which objects were stored whole, and which nobody may use any more.

    wanted ──► stored ◄──► lost          wanted: somebody is about to upload it; lost: reading found it missing or damaged
      │           │
      └────┬──────┘
           ▼
       condemned ──► wanted, with the next incarnation: an object of another key

Many servers have no conditional delete, and a request to delete may arrive late: from a collector that was killed, or stopped for
a day. So an object is first condemned, in a transaction that refuses if somebody wanted it lately, and then deleted. Whoever
wants condemned bytes does not look whether the object is still there: they upload it again under the key of the next
incarnation, which no earlier deletion names. Condemned rows stay for that reason, about 150 bytes each.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, case, select, update

from lecture_assets.ports import Clock
from lecture_assets.store import clock as store_clock
from lecture_assets.store.database import Database, insert
from lecture_assets.store.schema import media_objects

_KEY = ["place", "sha256"]
_MOST_NAMES = 500
"""The most names in one IN (…)."""


class ObjectState(StrEnum):
    """What the database knows of an object."""

    WANTED = "wanted"
    STORED = "stored"
    LOST = "lost"
    CONDEMNED = "condemned"


@dataclass(frozen=True, slots=True)
class RegisteredObject:
    """A row. incarnation: the number of its key; size: in bytes, 0 until it was stored; wanted_at: by the store's time."""

    sha256: str
    incarnation: int
    state: str
    size: int
    wanted_at: float


class MediaRegister:
    """The rows of one place."""

    def __init__(self, database: Database, place: str, clock: Clock) -> None:
        """place: `s3://…`; clock: this machine's, for the store's time on SQLite."""
        self._database, self._place, self._clock = database, place, clock

    def now(self) -> float:
        """Return the store's time, in seconds since 1970."""
        with self._database.read() as connection:
            return store_clock.now(connection, self._clock)

    def want(self, sha256: str) -> int:
        """Record, before an upload, that somebody wants these bytes. Return the incarnation to upload."""
        is_condemned = media_objects.c.state == ObjectState.CONDEMNED
        with self._database.write() as connection:
            now = store_clock.now(connection, self._clock)
            row = self._row(sha256, ObjectState.WANTED, now)
            again = {
                "wanted_at": now,
                "incarnation": media_objects.c.incarnation + case((is_condemned, 1), else_=0),
                "state": case((is_condemned, ObjectState.WANTED.value), else_=media_objects.c.state),
            }
            upsert = insert(connection.dialect.name, media_objects).values(row)
            wanted = upsert.on_conflict_do_update(index_elements=_KEY, set_=again)
            return int(connection.execute(wanted.returning(media_objects.c.incarnation)).scalar_one())

    def stored(self, sha256: str, incarnation: int, size: int) -> bool:
        """Record that an object was stored whole. False if it was condemned meanwhile: then it must be uploaded anew."""
        with self._database.write() as connection:
            mine = self._mine(sha256) & (media_objects.c.incarnation == incarnation)
            allowed = media_objects.c.state != ObjectState.CONDEMNED
            now = store_clock.now(connection, self._clock)
            done = update(media_objects).where(mine, allowed).values(state=ObjectState.STORED.value, size=size, wanted_at=now)
            return connection.execute(done.returning(media_objects.c.sha256)).first() is not None

    def found(self, objects: Mapping[str, tuple[int, int]]) -> None:
        """Record the incarnation and size of objects that are there though the database did not know, or thought them lost."""
        if self._database.is_read_only or not objects:
            return
        unsure = media_objects.c.state.in_([ObjectState.WANTED.value, ObjectState.LOST.value])
        with self._database.write() as connection:
            now = store_clock.now(connection, self._clock)
            for sha256, (incarnation, size) in sorted(objects.items()):
                row = {**self._row(sha256, ObjectState.STORED, now, incarnation), "size": size}
                upsert = insert(connection.dialect.name, media_objects).values(row)
                kept = {name: row[name] for name in ("state", "size", "incarnation")}
                connection.execute(upsert.on_conflict_do_update(index_elements=_KEY, set_=kept, where=unsure))

    def lost(self, sha256: str) -> None:
        """Record that reading an object found it missing or damaged."""
        if not self._database.is_read_only:
            with self._database.write() as connection:
                is_stored = media_objects.c.state == ObjectState.STORED
                lose = update(media_objects).where(self._mine(sha256), is_stored)
                connection.execute(lose.values(state=ObjectState.LOST.value))

    def condemn(self, objects: Mapping[str, int], before: float) -> dict[str, int]:
        """Condemn objects that nobody wanted after a time. Return those that are condemned now, with their incarnations.

        objects: the incarnation that was seen of each; it may be higher than the row's, where the database is a restored backup
        """
        is_old = (media_objects.c.wanted_at < before) | (media_objects.c.state == ObjectState.CONDEMNED)
        condemned: dict[str, int] = {}
        for some in _batches(sorted(objects)):
            with self._database.write() as connection:
                unknown = [self._row(sha256, ObjectState.CONDEMNED, before, objects[sha256]) for sha256 in some]
                connection.execute(insert(connection.dialect.name, media_objects).on_conflict_do_nothing(), unknown)
                mine = (media_objects.c.place == self._place) & media_objects.c.sha256.in_(some)
                locked = select(media_objects.c.sha256).where(mine).order_by(media_objects.c.sha256)
                connection.execute(locked.with_for_update())  # in one order, so that two collectors never wait for each other
                condemning = update(media_objects).where(mine, is_old).values(state=ObjectState.CONDEMNED.value)
                rows = connection.execute(condemning.returning(media_objects.c.sha256, media_objects.c.incarnation))
                found = {row.sha256: row.incarnation for row in rows}
                for sha256 in (sha256 for sha256, number in found.items() if number < objects[sha256]):
                    connection.execute(update(media_objects).where(self._mine(sha256)).values(incarnation=objects[sha256]))
                condemned |= {sha256: max(number, objects[sha256]) for sha256, number in found.items()}
        return condemned

    def rows(self, digests: Collection[str]) -> dict[str, RegisteredObject]:
        """Return the rows of these objects, leaving out those that the database does not know."""
        found: dict[str, RegisteredObject] = {}
        with self._database.read() as connection:
            for some in _batches(list(digests)):
                rows = connection.execute(_ROWS.where(media_objects.c.place == self._place, media_objects.c.sha256.in_(some)))
                found |= {row.sha256: RegisteredObject(*row) for row in rows}
        return found

    def _row(self, sha256: str, state: ObjectState, now: float, incarnation: int = 0) -> dict[str, object]:
        named: dict[str, object] = {"place": self._place, "sha256": sha256, "incarnation": incarnation}
        return {**named, "state": state.value, "size": 0, "wanted_at": now}

    def _mine(self, sha256: str) -> ColumnElement[bool]:
        return (media_objects.c.place == self._place) & (media_objects.c.sha256 == sha256)


def _batches(digests: Sequence[str]) -> Iterator[Sequence[str]]:
    return (digests[start : start + _MOST_NAMES] for start in range(0, len(digests), _MOST_NAMES))


_COLUMNS = (
    media_objects.c.sha256,
    media_objects.c.incarnation,
    media_objects.c.state,
    media_objects.c.size,
    media_objects.c.wanted_at,
)
_ROWS = select(*_COLUMNS)
