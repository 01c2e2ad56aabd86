"""What a database lacks or has otherwise is said in a sentence each, on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from lecture_assets.store.database import Database
from lecture_assets.store.migrate import upgrade
from lecture_assets.store.schema_comparison import differences
from lecture_assets_tests.store.engines import ENGINES, new_database

CHANGES = {
    "DROP TABLE watches": ["the table watches is missing"],
    "ALTER TABLE requests DROP COLUMN calls": ["the column requests.calls is missing"],
    "ALTER TABLE requests ADD COLUMN colour TEXT": ["the column requests.colour is not of this release"],
    "DROP INDEX calls_by_lecture": ["the index calls_by_lecture is missing"],
    "CREATE INDEX plans_by_token ON plans (token)": ["the index plans_by_token is not of this release"],
    "CREATE TABLE theirs (song TEXT)": [],
}
"""A statement, and what is said of it. A table of somebody else harms nothing."""


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    opened = Database(new_database(request.param, tmp_path))
    upgrade(opened)
    yield opened
    opened.close()


@pytest.mark.slow
def test_each_difference_is_named(database: Database) -> None:
    said = []
    for change, sentences in CHANGES.items():
        with database.write() as connection:
            connection.execute(text(change))
        said += sentences
        assert sorted(differences(database)) == sorted(said), change
    if database.engine.dialect.name == "postgresql":  # SQLite cannot change a column
        with database.write() as connection:
            connection.execute(text("ALTER TABLE lectures ALTER COLUMN brief_digest TYPE INTEGER USING 1"))
            connection.execute(text("ALTER TABLE lectures ALTER COLUMN workspace DROP NOT NULL"))
            connection.execute(text("ALTER TABLE revisions DROP CONSTRAINT revisions_lecture_client_key_key"))
            connection.execute(text("ALTER TABLE worker_services DROP CONSTRAINT worker_services_pkey"))
            connection.execute(text("ALTER TABLE calls DROP CONSTRAINT calls_pkey, ADD PRIMARY KEY (call_key)"))
        more = {
            "the column lectures.brief_digest has the type INTEGER, not TEXT",
            "the column lectures.workspace has another rule for NULL",
            "the constraint revisions(lecture, client_key) is missing",
            "the primary key of worker_services is missing",
            "the primary key of calls is of other columns",
        }
        assert set(differences(database)) - set(said) == more
