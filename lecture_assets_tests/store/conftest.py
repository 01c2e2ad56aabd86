"""A migrated database for each test, on both engines, and a lecture in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL

from lecture_assets.store import lectures
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Head
from lecture_assets.store.migrate import migrate
from lecture_assets_tests.graph.lectures import lecture
from lecture_assets_tests.servers.postgres import execute
from lecture_assets_tests.store.engines import server

LECTURE = "bees"
SETTINGS = lecture(segments=1, images=1)


def new_head(name: str = LECTURE) -> Head:
    """A lecture that nobody has made yet."""
    return Head(name, name, "default", 1, 0, "digest", SETTINGS)


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
    _fill(f"sqlite:///{copy}")
    return copy


@pytest.fixture(scope="session")
def postgres() -> URL:
    """A server, and on it a database of today's schema without a row."""
    empty = server().set(database=f"empty_{uuid4().hex}")
    execute(server(), f"CREATE DATABASE {empty.database}")
    database = Database(empty)
    migrate(database)
    database.close()
    return empty


@pytest.fixture
def server_url(postgres: URL) -> str:
    """A database on the server with one lecture in it."""
    name = f"store_{uuid4().hex}"
    execute(server(), f"CREATE DATABASE {name} TEMPLATE {postgres.database} STRATEGY FILE_COPY")
    url = postgres.set(database=name).render_as_string(hide_password=False)
    _fill(url)
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with one lecture in it, on each of the engines."""
    if request.param == "postgres":
        return str(request.getfixturevalue("server_url"))
    return f"sqlite:///{request.getfixturevalue('file')}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """That database, open."""
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(file: Path) -> Iterator[Database]:
    """The file, open."""
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


def _fill(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        assert lectures.create(connection, new_head(), now=1.0)
    database.close()
