"""Events of progress that a test writes itself, under the lecture's lock as all writers do."""

from typing import Any

from sqlalchemy import Connection

from lecture_assets.store import lectures, progress
from lecture_assets.store.database import Database
from lecture_assets.store.progress import EventKind
from lecture_assets.store.schema import progress as table
from lecture_assets_tests.store.conftest import LECTURE


def append(
    connection: Connection, mark: Any = 0, lecture: str = LECTURE, kind: EventKind = EventKind.NODE, at: float = 1.0
) -> None:
    lectures.version_of(connection, lecture, lock=True)
    progress.append(connection, lecture, kind, {"mark": mark, "version": 1, "outcome": "lost"}, at)


def fill(connection: Connection, count: int, at: float, lecture: str = LECTURE) -> None:
    """Many events at once, after the first one."""
    rows = [{"lecture": lecture, "number": 2 + n, "at": at, "kind": "withdrawn", "document": {}} for n in range(count)]
    connection.execute(table.insert(), rows)


def numbers(database: Database, lecture: str = LECTURE) -> list[int]:
    with database.read() as connection:
        return [event.number for event in progress.events(connection, lecture, 0, 100_000)]
