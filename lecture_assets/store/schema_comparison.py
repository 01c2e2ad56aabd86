"""Does a database have the tables that this release expects? Its tables are compared with those of `schema.py`."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, inspect
from sqlalchemy.schema import SchemaItem

from lecture_assets.store.database import Database
from lecture_assets.store.schema import metadata

_WORDS = {
    "add_table": "the table {1} is missing",
    "add_column": "the column {2}.{3} is missing",
    "remove_column": "the column {2}.{3} is not of this release",
    "add_index": "the index {1} is missing",
    "remove_index": "the index {1} is not of this release",
    "add_constraint": "the constraint {1} is missing",
    "remove_constraint": "the constraint {1} is not of this release",
    "add_fk": "a foreign key of {1} is missing",
    "remove_fk": "a foreign key of {1} is not of this release",
    "modify_type": "the column {2}.{3} has the type {5}, not {6}",
    "modify_nullable": "the column {2}.{3} has another rule for NULL",
    "modify_default": "the column {2}.{3} has another default",
}
"""What each difference that Alembic finds is called. {2} and {3} are table and column."""


def differences(database: Database) -> list[str]:
    """What the tables lack and what they have otherwise, a sentence each. Tables of others in the same database are ignored."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - the slowest import of all, and seldom needed
    from alembic.migration import MigrationContext  # noqa: PLC0415

    options = {"compare_type": True, "compare_server_default": True, "include_object": _is_ours}
    with database.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        return [*_sentences(found), *_other_keys(connection)]


def _other_keys(connection: Connection) -> Iterator[str]:
    """Alembic does not compare primary keys."""
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        if inspector.has_table(table.name):
            there = set(inspector.get_pk_constraint(table.name)["constrained_columns"])
            if there != {column.name for column in table.primary_key}:
                yield f"the primary key of {table.name} is {'of other columns' if there else 'missing'}"


def _is_ours(_item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: SchemaItem | None) -> bool:  # noqa: FBT001 - Alembic's signature
    return kind != "table" or name in metadata.tables


def _sentences(found: list[Any]) -> Iterator[str]:
    for one in found:
        if isinstance(one, list):
            yield from _sentences(one)
        else:
            yield _WORDS[one[0]].format(*(_name(part) for part in one))


def _name(part: Any) -> str:
    """The name of a table, a column or an index; of a constraint its table and columns."""
    table = getattr(part, "table", None)
    if table is not None and getattr(part, "columns", None) is not None and not getattr(part, "name", None):
        return f"{table.name}({', '.join(column.name for column in part.columns)})"
    return str(getattr(part, "name", None) or part)
