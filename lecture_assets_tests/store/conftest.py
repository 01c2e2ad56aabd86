"""A migrated database in a file of its own for each test; a lecture in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lecture_assets.store import lectures
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Head
from lecture_assets.store.migrate import migrate
from lecture_assets_tests.graph.lectures import lecture

LECTURE = "bees"
SETTINGS = lecture(segments=1, images=1)


def new_head(name: str = LECTURE) -> Head:
    """A lecture that nobody has made yet."""
    return Head(name, "default", 1, 0, "digest", SETTINGS)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file of today's schema without a row."""
    folder = tmp_path_factory.mktemp("store")
    database = Database(f"sqlite:///{folder / 'empty.db'}")
    migrate(database)
    database.close()
    return folder / "empty.db"


@pytest.fixture
def file(empty_file: Path, tmp_path: Path) -> Path:
    """A file with one lecture in it."""
    copy = tmp_path / "lectures.db"
    shutil.copyfile(empty_file, copy)
    database = Database(f"sqlite:///{copy}")
    with database.write() as connection:
        assert lectures.create(connection, new_head(), now=1.0)
    database.close()
    return copy


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    """That file, open."""
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()
