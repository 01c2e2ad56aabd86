"""The store's database on both engines, for tests that hold on each of them."""

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, make_url

from lecture_assets.store.database import Database
from lecture_assets.store.migrate import migrate
from lecture_assets_tests.servers.homes import POSTGRES, has_servers
from lecture_assets_tests.servers.postgres import execute, postgres_server

ENGINES = ("sqlite", "postgresql")


@contextmanager
def migrated_database(engine: str, folder: Path) -> Iterator[Database]:
    """A database of today's schema, empty."""
    database = Database(new_database(engine, folder))
    migrate(database)
    yield database
    database.close()


def new_database(engine: str, folder: Path) -> URL:
    """The URL of an empty database of this engine, in a file or on the server."""
    name = f"store_{uuid4().hex}"
    if engine == "sqlite":
        return URL.create("sqlite", database=str(folder / f"{name}.db"))
    execute(server(), f"CREATE DATABASE {name} STRATEGY FILE_COPY")
    return server().set(database=name)


@cache
def server() -> URL:
    """The tests' server; without `--servers` one is started, and serves this process to its end."""
    if has_servers():
        return make_url(os.environ[POSTGRES])
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(postgres_server())
