"""Databases of Dagster instances on a PostgreSQL server: copies of one that has the tables, since making them takes a second."""

from pathlib import Path

import psycopg2
import yaml
from sqlalchemy import URL

from lecture_assets_tests.servers.postgres import execute

_TEMPLATE = "dagster_template"
_LOCK = 4711

_STORAGE = {
    "module": "lecture_assets.defs.host.postgres_storage",
    "class": "PostgresStorage",
    "config": {"postgres_url": {"env": "DAGSTER_DATABASE_URL"}},
}
"""Of an instance whose database `DAGSTER_DATABASE_URL` names."""


def create_dagster_database(server: URL, name: str) -> URL:
    """Create a database with Dagster's tables, unless it exists; its URL."""
    url = server.set(database=name)
    connection = psycopg2.connect(host=server.host, port=server.port, user=server.username, dbname=server.database)
    try:
        with connection, connection.cursor() as cursor:  # workers create one at a time
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            cursor.execute("SELECT datname FROM pg_database WHERE datname IN (%s, %s)", [_TEMPLATE, name])
            there = {row[0] for row in cursor.fetchall()}
            if _TEMPLATE not in there:
                execute(server, f"CREATE DATABASE {_TEMPLATE} STRATEGY FILE_COPY")
                _create_tables(server.set(database=_TEMPLATE))
            if name not in there:
                execute(server, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
    finally:
        connection.close()
    return url


def _create_tables(url: URL) -> None:
    from lecture_assets.defs.host.postgres_storage import PostgresStorage  # noqa: PLC0415 - it loads Dagster

    PostgresStorage(None, url.render_as_string(hide_password=False))


def put_settings(root: Path) -> None:
    """Write the embedded settings, but for the storage, into an instance's folder, unless it has some."""
    from lecture_assets.defs.host.instance import EMBEDDED  # noqa: PLC0415 - it loads Dagster

    root.mkdir(parents=True, exist_ok=True)
    if not (root / "dagster.yaml").exists():
        settings = {**yaml.safe_load(EMBEDDED.read_text()), "storage": {"custom": _STORAGE}}
        (root / "dagster.yaml").write_text(yaml.safe_dump(settings))
