"""Databases for tests that run on each engine: a file, or a database on a PostgreSQL server that is there or is started."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, make_url

from lecture_assets_tests.servers.homes import POSTGRES, has_servers
from lecture_assets_tests.servers.postgres import execute, postgres_server

ENGINES = ("sqlite", "postgresql")
_numbers = itertools.count()


@contextmanager
def any_postgres_server() -> Iterator[URL]:
    """The server of `pytest --servers`, else one that ends with the block."""
    if has_servers():
        yield make_url(os.environ[POSTGRES])
    else:
        with postgres_server() as url:
            yield url


def new_database(engine: str, server: URL, folder: Path) -> URL:
    """The URL of an empty database of this engine, in a folder or on a server."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    if engine == "sqlite":
        return URL.create("sqlite", database=str(folder / f"{name}.db"))
    execute(server, f"CREATE DATABASE {name} STRATEGY FILE_COPY")
    return server.set(database=name)
