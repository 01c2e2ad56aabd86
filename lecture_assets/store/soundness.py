"""Check a database for damage to its pages, rows and documents, and repair what can be made again.

pages      SQLite's own integrity check, and that referenced rows exist; PostgreSQL refuses pages whose checksum is wrong
rows       every column has its declared type and every text is Unicode, which PostgreSQL refuses to store otherwise; every
           document is JSON
meaning    takes match their digests, revisions can be read, the ledger's states are known ones, its sums are right
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Float, Integer, LargeBinary, Table, Text, delete, literal_column, select, type_coerce

from lecture_assets.graph.build import build
from lecture_assets.graph.errors import LectureError, NewerDocumentError
from lecture_assets.graph.fingerprint import digest
from lecture_assets.graph.node import parse_node_id
from lecture_assets.store import charges, lectures
from lecture_assets.store.database import Database
from lecture_assets.store.document import Document, TextDocument, UnreadableDocumentError, read_document, split_recipe
from lecture_assets.store.ledger import State
from lecture_assets.store.schema import (
    buckets,
    calls,
    failures,
    metadata,
    offers,
    plans,
    published,
    queue_positions,
    queue_tickets,
    revisions,
    takes,
    watches,
)
from lecture_assets.store.troubles import DatabaseTroubleError

_MOST = 20
_AT_ONCE = 200
"""Rows that are read from a server at a time; a document may have a megabyte."""
_MADE_AGAIN: tuple[Table, ...] = (
    plans,
    offers,
    failures,
    published,
    watches,
    buckets,
    queue_positions,
    queue_tickets,
)
"""Tables whose rows the next run, plan or publication writes again: damaged rows may be deleted."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something damaged, in words.

    table, row: a row that may be deleted, by its rowid on SQLite and by its primary key on PostgreSQL; else None
    is_sum:     a sum that can be added up anew
    """

    words: str
    table: Table | None = None
    row: Sequence[object] | None = None
    is_sum: bool = False

    @property
    def can_be_mended(self) -> bool:
        """Whether `mend` can repair it by deleting the row, rebuilding an index, or adding up a sum anew."""
        return self.row is not None or " index " in self.words or self.is_sum


def damage(database: Database) -> list[Damage]:
    """Find the damage to a database. Later checks run only if the earlier ones find nothing."""
    checks: tuple[Callable[[Database], list[Damage]], ...] = (_pages, _rows, _meanings)
    for check in checks:
        try:
            found = check(database)
        except (DatabaseTroubleError, sqlite3.Error, UnicodeDecodeError) as error:
            found = [Damage(str(error))]
        if found:
            return found
    return []


def mend(database: Database, found: list[Damage]) -> list[Damage]:
    """Delete damaged rows that are made again, rebuild indexes, correct sums, and return the remaining damage."""
    if not any(one.can_be_mended for one in found):
        return found
    with suppress(DatabaseTroubleError), database.write() as connection:
        for one in found:
            if one.table is not None and one.row is not None:
                columns = [literal_column("rowid")] if database.file else [*one.table.primary_key]
                mine = (column == value for column, value in zip(columns, one.row, strict=True))
                connection.execute(delete(one.table).where(*mine))
        if any(one.is_sum for one in found):
            charges.correct_spending(connection)
        if database.file:
            connection.exec_driver_sql("REINDEX")
    return damage(database)


def _pages(database: Database) -> list[Damage]:
    if database.file is None:
        return []
    with database.read() as connection:
        said = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})")]
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [
        *(Damage(f"the file: {words}") for words in said if words != "ok"),
        *(Damage(f"{row[0]}: refers to a row of {row[2]} that does not exist") for row in loose[:_MOST]),
    ]


def _rows(database: Database) -> list[Damage]:
    if database.file is None:
        with database.read() as connection:
            return [one for table in metadata.sorted_tables for one in _documents_of(connection, table)]
    with closing(sqlite3.connect(f"{database.file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        return [one for table in metadata.sorted_tables for one in _rows_of(connection, table)]


def _rows_of(connection: sqlite3.Connection, table: Table) -> Iterator[Damage]:
    names = ", ".join(f'"{column.name}"' for column in table.c)
    may_go = table in _MADE_AGAIN
    for rowid, *values in connection.execute(f'SELECT rowid, {names} FROM "{table.name}"'):  # noqa: S608 - our own names
        for column, value in zip(table.c, values, strict=True):
            if not _fits(column, value):
                words = f"{table.name}, row {rowid}: its {column.name} cannot be read"
                yield Damage(words, table, [rowid]) if may_go else Damage(words)
                break


def _documents_of(connection: Connection, table: Table) -> Iterator[Damage]:
    """Check the documents that PostgreSQL knows as mere bytes."""
    key, documents = [*table.primary_key], [column for column in table.c if isinstance(column.type, Document)]
    if not documents:
        return
    stored = (type_coerce(column, LargeBinary).label(f"stored {column.name}") for column in documents)
    query = select(*key, *stored).execution_options(yield_per=_AT_ONCE)
    for row in connection.execute(query):
        named, values = row[: len(key)], row[len(key) :]
        for column, value in zip(documents, values, strict=True):
            if not _fits(column, None if value is None else bytes(value)):
                words = f"{table.name}, row {' '.join(map(str, named))}: its {column.name} cannot be read"
                yield Damage(words, table, named) if table in _MADE_AGAIN else Damage(words)
                break


def _fits(column: "Column[object]", value: object) -> bool:
    """Whether a value has its column's type; texts are read as bytes."""
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, Float | Integer):
        return isinstance(value, int if isinstance(column.type, Integer) else int | float)
    if not isinstance(value, bytes):
        return False
    try:
        if isinstance(column.type, Document):
            return read_document(value) is not Ellipsis
        text = value.decode()
        return not isinstance(column.type, TextDocument) or json.loads(text) is not Ellipsis
    except (ValueError, RecursionError, UnreadableDocumentError):
        return False


def _meanings(database: Database) -> list[Damage]:
    with database.read() as connection:
        return [*_takes(connection), *_revisions(connection), *_calls(connection), *_sums(connection)][:_MOST]


def _takes(connection: Connection) -> Iterator[Damage]:
    """Check takes as stored: upgrades change neither versions nor fingerprints."""
    stored = type_coerce(takes.c.value, LargeBinary).label("value"), type_coerce(takes.c.recipe, Text).label("recipe")
    names = takes.c.lecture, takes.c.node, takes.c.number, takes.c.version, takes.c.fingerprint
    for row in connection.execute(select(*names, *stored)):
        try:
            parse_node_id(row.node)
            value = read_document(row.value) if isinstance(row.value, bytes) else json.loads(str(row.value))
            recipe = json.loads(split_recipe(row.recipe)[1])
            is_whole = digest(value) == row.version and digest(recipe) == row.fingerprint
        except (LectureError, UnreadableDocumentError, ValueError, RecursionError):
            is_whole = False
        if not is_whole:
            yield Damage(f"take {row.number} of {row.node} of lecture {row.lecture} does not match its digest")


def _revisions(connection: Connection) -> Iterator[Damage]:
    for row in connection.execute(select(revisions.c.lecture, revisions.c.version)).all():
        try:
            build(lectures.settings_at(connection, row.lecture, row.version))
        except NewerDocumentError:
            raise
        except Exception:  # noqa: BLE001 - a damaged document may raise anything
            yield Damage(f"version {row.version} of lecture {row.lecture} cannot be read")
    for name in lectures.ids(connection):
        try:
            lectures.head(connection, name)
        except Exception:  # noqa: BLE001 - likewise
            yield Damage(f"lecture {name} cannot be read")


def _calls(connection: Connection) -> Iterator[Damage]:
    for row in connection.execute(select(calls.c.lecture, calls.c.node, calls.c.state)):
        if row.state not in set(State):
            yield Damage(f"a call of {row.node} of lecture {row.lecture} has an unknown state ({row.state!r})")


def _sums(connection: Connection) -> Iterator[Damage]:
    recorded, charged = charges.recorded_spending(connection), charges.spending_by_charges(connection)
    for workspace, month in sorted(recorded.keys() | charged.keys()):
        key = workspace, month
        if recorded.get(key, 0) != charged.get(key, 0):
            words = f"the spending of workspace {workspace} in {month} is not the sum of its charges"
            yield Damage(words, is_sum=True)
