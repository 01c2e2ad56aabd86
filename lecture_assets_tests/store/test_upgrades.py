"""Each migration, on both engines, from an empty and from a filled database of each earlier revision: nothing is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import HEAD, MIGRATIONS, alone, migrate, revision_of, upgrade, upgrade_to
from lecture_assets.store.schema_comparison import differences
from lecture_assets_tests.processes import at_once
from lecture_assets_tests.store.engines import ENGINES, new_database
from lecture_assets_tests.store.releases import releases, unpack_files
from lecture_assets_tests.store.rows import as_named_today, copy_rows, documents, everything, fill, tables_of

_CONFIG = Config()
_CONFIG.set_main_option("script_location", str(MIGRATIONS))
CHAIN = [script.revision for script in ScriptDirectory.from_config(_CONFIG).walk_revisions()][::-1]
"""All revisions, the oldest first."""


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    database = Database(new_database(request.param, tmp_path))
    yield database
    database.close()


def upgraded(database: Database, revision: str) -> None:
    with database.write() as connection:
        upgrade_to(revision, connection)


def missing(database: Database, kept: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
    """The rows that are not there any more as they were, each by the revision that it was written in and its table."""
    with database.read() as connection:
        found = everything(connection)
    lost = []
    for revision, rows in kept.items():
        for table, row in as_named_today(revision, rows).items():
            wanted = {key: documents(value) for key, value in row.items()}
            if not any(wanted.items() <= now.items() for now in found[table]):
                lost.append(f"{revision} {table}")
    return lost


@pytest.mark.slow
def test_rows_of_every_revision_are_kept_by_all_migrations_after_it(empty: Database, tmp_path: Path) -> None:
    kept = {}
    for revision in CHAIN:
        upgraded(empty, revision)
        with empty.write() as connection:
            kept[revision] = fill(connection, revision)
    assert missing(empty, kept) == []
    assert (revision_of(empty), differences(empty)) == (HEAD, [])
    new = Database(new_database(empty.engine.dialect.name, tmp_path))
    assert upgrade(new) is None
    assert keys(new) == keys(empty)
    assert differences(new) == []
    new.close()


@pytest.mark.thorough("the test before writes rows of all revisions into one database")
@pytest.mark.parametrize("revision", CHAIN)
def test_a_filled_database_of_a_revision_is_upgraded_as_it_is(empty: Database, revision: str) -> None:
    upgraded(empty, revision)
    with empty.write() as connection:
        rows = fill(connection, revision)
    assert upgrade(empty) == revision
    assert missing(empty, {revision: rows}) == []
    assert (revision_of(empty), differences(empty)) == (HEAD, [])


def keys(database: Database) -> dict[str, Any]:
    """Columns in any order, primary keys, unique keys, foreign keys and indexes by table; names of keys do not matter."""
    looked, found = inspect(database.engine), {}
    for table in looked.get_table_names():
        columns = sorted(str((c["name"], str(c["type"]), c["nullable"], c["default"])) for c in looked.get_columns(table))
        unique = sorted(tuple(key["column_names"]) for key in looked.get_unique_constraints(table))
        foreign = sorted(str((key["constrained_columns"], key["referred_table"])) for key in looked.get_foreign_keys(table))
        indexes = sorted(
            str((i["name"], i["column_names"])) for i in looked.get_indexes(table) if not i.get("duplicates_constraint")
        )
        found[table] = (columns, looked.get_pk_constraint(table)["constrained_columns"], unique, foreign, indexes)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("release", releases())
def test_the_rows_of_a_release_become_the_same_on_both_engines(release: str, tmp_path: Path) -> None:
    unpack_files(release, tmp_path)
    file, copy = Database(f"sqlite:///{tmp_path / 'lectures.db'}"), Database(new_database("postgresql", tmp_path))
    revision = revision_of(file)
    assert revision is not None
    upgraded(copy, revision)
    with file.read() as source, copy.write() as target:
        copy_rows(source, target)
    with pytest.raises(WrongInputError, match=rf"older release \({revision}.*back it up, .*lectures db upgrade"):
        migrate(copy)
    assert [upgrade(file), upgrade(copy), upgrade(copy)] == [revision, revision, HEAD]
    with file.read() as source, copy.read() as target:
        before, after = everything(source), everything(target)
    assert before == after
    assert sum(len(rows) for rows in after.values()) > 100
    file.close()
    copy.close()


def upgrade_at(url: str) -> str | None:
    database = Database(url)
    found = upgrade(database)
    database.close()
    return found


@pytest.mark.slow
def test_of_several_that_upgrade_at_once_one_does_it(empty: Database, tmp_path: Path) -> None:
    upgraded(empty, CHAIN[-2])
    with empty.write() as connection:
        rows = fill(connection, CHAIN[-2])
    new = new_database(empty.engine.dialect.name, tmp_path)
    urls = [url.render_as_string(hide_password=False) for url in (empty.url, new)]
    found = at_once(upgrade_at, [(url,) for url in urls * 3])
    assert sorted(map(str, found)) == [CHAIN[-2], HEAD, HEAD, HEAD, HEAD, "None"]
    assert missing(empty, {CHAIN[-2]: rows}) == []


@pytest.mark.slow
def test_an_upgrade_that_fails_leaves_all_as_it_was_and_lets_the_next_one_in(empty: Database) -> None:
    upgraded(empty, CHAIN[0])
    with empty.read() as connection:
        before = {table.name for table in tables_of(connection)}
    with empty.write() as connection:
        connection.execute(text("CREATE TABLE told (of_somebody_else INTEGER)"))  # 0003 creates one of this name
    with pytest.raises(WrongInputError, match=r"told.*already exists"):
        upgrade(empty)
    with empty.read() as connection:
        assert {table.name for table in tables_of(connection)} == {*before, "told"}
    with empty.write() as connection:
        connection.execute(text("DROP TABLE told"))
    assert upgrade(empty) == CHAIN[0]
    assert differences(empty) == []


def test_the_tables_of_dagster_are_not_taken_for_an_older_release(empty: Database) -> None:
    with empty.write() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('7e2f3204cf8e')"))
    for does in (migrate, upgrade):
        with pytest.raises(WrongInputError, match=r"Dagster \(revision 7e2f3204cf8e\).*a database of its own"):
            does(empty)


def test_who_is_alone_with_a_database_may_upgrade_it(empty: Database) -> None:
    """`lectures db upgrade` holds the lock while it upgrades Dagster's tables, too."""
    with alone(empty):
        assert revision_of(empty) is None
    assert upgrade(empty) is None
