"""Homes of tests: `LECTURES_HOME` by itself, or with a database and media on S3 of its own where `pytest --servers` runs.

A test that opens a home through `home_environ`, its Dagster instance through `instance_environ`, and copies both through
`copy_home`, runs on either.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg2.errors
from sqlalchemy import URL, make_url

from lecture_assets_tests.servers.dagster_databases import create_dagster_database, put_settings
from lecture_assets_tests.servers.postgres import execute
from lecture_assets_tests.servers.s3 import BUCKET, copy_objects

AWS = ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")
"""The variables that lead boto3 to the S3 server of tests."""
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
    own = {"LECTURES_HOME": str(home), "LECTURES_DATABASE_URL": url.render_as_string(hide_password=False)}
    s3 = {name: os.environ[name] for name in AWS if name in os.environ}
    if s3.keys() == set(AWS):
        own["LECTURES_ARTIFACTS"] = artifacts_of(home)
    return {**own, **s3, **more}


def instance_environ(home: Path) -> dict[str, str]:
    """The environment variables that name the Dagster instance of a home: its folder `dagster`, and a database on the server."""
    root = home / "dagster"
    if has_servers():
        put_settings(root)
        url = create_dagster_database(_server(), str(database_of(home, "dagster").database))
        return {"DAGSTER_HOME": str(root), "DAGSTER_DATABASE_URL": url.render_as_string(hide_password=False)}
    return {"DAGSTER_HOME": str(root)}


def copy_home(source: Path, target: Path) -> None:
    """Copy a home, and its Dagster instance, that nobody uses just now."""
    shutil.copytree(source, target)
    if not has_servers():
        return
    for what in ("home", "dagster"):
        copied, copy = database_of(source, what).database, database_of(target, what).database
        with suppress(psycopg2.errors.InvalidCatalogName):  # without an instance
            execute(_server(), f"CREATE DATABASE {copy} TEMPLATE {copied} STRATEGY FILE_COPY")
            _created.add(str(copy))
    there, here = artifacts_of(source), artifacts_of(target)
    copy_objects(there.partition(f"{BUCKET}/")[2], here.partition(f"{BUCKET}/")[2])
    moved = f"UPDATE media_objects SET place = '{here}' WHERE place = '{there}'"  # noqa: S608 - its own names
    execute(database_of(target), moved)


def backed_up(home: Path) -> Callable[[], None]:
    """Back up the database of a home that nobody uses just now; what puts it back, when nobody does."""
    if not has_servers():
        file, backup = home / "lectures.db", home.with_name("backup.db")
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM INTO ?", [str(backup)])
        return lambda: _put_back(file, backup)
    name = database_of(home).database
    execute(_server(), f"CREATE DATABASE {name}_backup TEMPLATE {name} STRATEGY FILE_COPY")
    back = f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {name}_backup STRATEGY FILE_COPY"
    return lambda: _run(back)


def _put_back(file: Path, backup: Path) -> None:
    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    shutil.copyfile(backup, file)


def _run(statements: tuple[str, ...]) -> None:
    execute(_server(), *statements)


def delete_instance(home: Path) -> None:
    """Delete the Dagster instance of a home."""
    shutil.rmtree(home / "dagster")
    if has_servers():
        execute(_server(), f"DROP DATABASE {database_of(home, 'dagster').database} WITH (FORCE)")


def rows_of(home: Path | str) -> list[tuple[Any, ...]]:
    """Every row of the databases of a home and its Dagster instance on the server; without servers, they are files."""
    rows: list[tuple[Any, ...]] = []
    for url in (database_of(home), database_of(home, "dagster")) if has_servers() else ():
        with suppress(psycopg2.OperationalError):  # without an instance
            tables = execute(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            rows += [row for (table,) in tables for row in execute(url, f'SELECT * FROM "{table}"')]  # noqa: S608 - their own names
    return rows


def said_by(rows: list[tuple[Any, ...]]) -> str:
    """All that rows say, bytes and documents as text."""
    cells = (bytes(cell) if isinstance(cell, memoryview) else cell for row in rows for cell in row)
    return "\n".join(cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in cells)


def artifacts_of(home: Path | str) -> str:
    """The place of a home's media on S3."""
    return f"s3://{BUCKET}/{database_of(home).database}"


def database_of(home: Path | str, what: str = "home") -> URL:
    """The database of a home on the server, or of its `dagster` instance; it may not exist yet."""
    name = hashlib.sha256(str(Path(home).resolve()).encode()).hexdigest()[:24]
    return _server().set(database=f"{what}_{name}")


def _server() -> URL:
    return make_url(os.environ[POSTGRES])
