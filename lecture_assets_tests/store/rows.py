"""Rows of any schema, found by reflection: one row in each table as a revision of the schema has it, and copies of a database."""

import importlib
import json
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Float, Integer, MetaData, Table, insert, select
from sqlalchemy.types import JSON, LargeBinary

from lecture_assets.runner.change.media_copy import copy_media
from lecture_assets.runner.setup.environment import database_url
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import revision_of, upgrade, upgrade_to
from lecture_assets_tests.servers.homes import artifacts_of, home_environ

_RENAMES: Any = importlib.import_module("lecture_assets.store.migrations.versions.0016_words")
_RENAMED_IN = "0016"
Row = dict[str, Any]


def tables_of(connection: Connection) -> list[Table]:
    """The tables that are there, each after those that it refers to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(connection: Connection, revision: str) -> dict[str, Row]:
    """Add a row to each table in which every column has a value; the rows by table."""
    rows = {}
    for table in tables_of(connection):
        row = {column.name: _value(column, revision) for column in table.columns}
        connection.execute(insert(table).values(row))
        rows[table.name] = row
    return rows


def _value(column: Column[Any], revision: str) -> Any:
    match column.type:
        case Float():
            return int(revision) + 0.5
        case BigInteger() | Integer():
            return int(revision)
        case JSON():
            return {"of": revision}
        case LargeBinary():
            return json.dumps({"of": revision}).encode()
    return f"lecture-{revision}" if column.foreign_keys or column.name == "id" else f"{column.name}-{revision}"


def as_named_today(revision: str, rows: dict[str, Row]) -> dict[str, Row]:
    """Rows of a revision under the names that tables and columns have now."""
    if revision >= _RENAMED_IN:
        return rows
    columns = {(_RENAMES._TABLES.get(table, table), old): new for table, old, new in _RENAMES._COLUMNS}
    named = {_RENAMES._TABLES.get(table, table): row for table, row in rows.items()}
    return {table: {columns.get((table, key), key): value for key, value in row.items()} for table, row in named.items()}


def documents(value: Any) -> Any:
    """A value as a reader of documents sees it: bytes that are JSON are what they say, and documents without their version."""
    if isinstance(value, dict) and value.keys() == {"schema", "document"}:
        return value["document"]
    try:
        return json.loads(bytes(value)) if isinstance(value, bytes | memoryview) else value
    except ValueError:
        return bytes(value)


def everything(connection: Connection) -> dict[str, list[Row]]:
    """All rows of all tables."""
    found = {}
    for table in tables_of(connection):
        rows = [{key: documents(value) for key, value in row._mapping.items()} for row in connection.execute(select(table))]
        found[table.name] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, default=repr))
    return found


def move_to_server(home: Path) -> None:
    """Move a home to the servers: its database, copied at its revision and upgraded there, and its media."""
    file, server = Database(f"sqlite:///{home / 'lectures.db'}"), Database(database_url(home_environ(home)))
    with file.read() as source, server.write() as target:
        upgrade_to(str(revision_of(file)), target)
        copy_rows(source, target)
    upgrade(server)
    file.close()
    server.close()
    copied = copy_media(str(home / "artifacts"), artifacts_of(home), lambda _done, _number: None)
    assert (copied["damaged"], copied["marked"]) == ([], True)
    shutil.rmtree(home / "artifacts")
    (home / "lectures.db").unlink()


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy all rows into the same tables of another engine."""
    tables = {table.name: table for table in tables_of(source)}
    for table in tables_of(target):
        if rows := [dict(row._mapping) for row in source.execute(select(tables[table.name]))]:
            target.execute(table.delete())
            target.execute(insert(table), rows)
