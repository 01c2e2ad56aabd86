"""Homes of tests: `LECTURES_HOME` by itself, or with a PostgreSQL database of its own where `pytest --servers` runs.

A test that opens a home through `home_environ`, and copies one through `copy_home`, runs on both.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

import psycopg2.errors
from sqlalchemy import URL, make_url

from lecture_assets_tests.servers.postgres import execute

POSTGRES = "LECTURES_TEST_POSTGRES"
"""The variable with the URL of the server that `pytest --servers` started; the tests' processes inherit it."""
_created: set[str] = set()


def has_servers() -> bool:
    """Whether homes are on servers."""
    return POSTGRES in os.environ


def home_environ(home: Path | str, **more: str) -> dict[str, str]:
    """The environment variables that name a home and all that belongs to it; `more` are added."""
    if not has_servers():
        return {"LECTURES_HOME": str(home), **more}
    url = database_of(home)
    if url.database not in _created:
        with suppress(psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation):
            execute(_server(), f"CREATE DATABASE {url.database} STRATEGY FILE_COPY")
        _created.add(str(url.database))
    return {"LECTURES_HOME": str(home), "LECTURES_DATABASE_URL": url.render_as_string(hide_password=False), **more}


def copy_home(source: Path, target: Path) -> None:
    """Copy a home that nobody uses just now."""
    shutil.copytree(source, target)
    if has_servers():
        copied, copy = database_of(source).database, database_of(target).database
        execute(_server(), f"CREATE DATABASE {copy} TEMPLATE {copied} STRATEGY FILE_COPY")
        _created.add(str(copy))


def database_of(home: Path | str) -> URL:
    """The database of a home on the server; it may not exist yet."""
    name = hashlib.sha256(str(Path(home).resolve()).encode()).hexdigest()[:24]
    return _server().set(database=f"home_{name}")


def _server() -> URL:
    return make_url(os.environ[POSTGRES])
