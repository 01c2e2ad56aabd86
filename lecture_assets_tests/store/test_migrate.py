"""Migrations lead to the tables of schema.py, whoever opens a home at the same time; what is no database of ours is said."""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.store import lectures, published, records
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import HEAD, MIGRATIONS, migrate, upgrade_to
from lecture_assets.store.published import Publication, PublishedRow
from lecture_assets.store.schema_comparison import differences
from lecture_assets_tests.processes import at_once
from lecture_assets_tests.store.conftest import LECTURE, new_head


def open_and_migrate(home: Path) -> int:
    """Open a home as a command does, and write into it."""
    database = Database(f"sqlite:///{home / 'lectures.db'}")
    migrate(database)
    with database.write() as connection:
        lectures.create(connection, new_head(), now=1.0)
        found = lectures.count(connection)
    database.close()
    return found


def shape(database: Database) -> dict[str, Any]:
    """All that SQLite knows of each table: columns in any order, with types, keys, indexes, constraints."""
    with database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        ask = ("table_info", "index_list", "foreign_key_list")
        rows = {(t, a): connection.exec_driver_sql(f"PRAGMA {a}({t})").all() for t in tables for a in ask}
    return {f"{t} {a}": sorted((tuple(row[1:]) for row in found), key=str) for (t, a), found in rows.items()}


def test_the_migrations_are_one_chain_that_ends_at_the_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    chain = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    names = {file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}
    assert chain[0] == HEAD
    assert {name[:4] for name in names} == set(chain)
    assert all(re.fullmatch(r"[0-9]{4}_[a-z_]+\.py", name) for name in names)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def upgraded(tmp_path: Path) -> Iterator[Database]:
    """A database that went through each revision."""
    database = Database(f"sqlite:///{tmp_path / 'upgraded.db'}")
    with database.write() as connection:
        upgrade_to("head", connection)
    yield database
    database.close()


def test_migrations_lead_to_the_tables_of_the_schema(upgraded: Database) -> None:
    assert differences(upgraded) == []


def test_a_new_database_has_the_tables_and_rows_of_one_that_went_through_each_revision(
    database: Database, upgraded: Database
) -> None:
    assert shape(database) == shape(upgraded)
    for either in (database, upgraded):
        with either.read() as connection:
            rows = connection.execute(text("SELECT version_num, media, place, generation FROM alembic_version, identity")).all()
        assert rows == [(HEAD, None, None, 0)]


def test_migrating_again_changes_nothing(database: Database, file: Path) -> None:
    before = file.read_bytes()
    migrate(database)
    assert file.read_bytes() == before
    assert not file.with_name("migrate.lock").exists()


@pytest.mark.slow
def test_processes_that_open_a_new_home_at_once_all_find_today_s_tables(tmp_path: Path) -> None:
    assert at_once(open_and_migrate, [(tmp_path,)] * 6) == [1] * 6


def test_calls_of_the_first_schema_are_kept_with_what_they_cost(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.write() as connection:
        upgrade_to("0001", connection)
        connection.execute(text("INSERT INTO lectures VALUES ('bees', 'w', 1, 0, 'd', 0.0)"))
        connection.execute(
            text("INSERT INTO calls VALUES ('w','f','done','a',1,'bees','n',1,'text','m','{}','id',5,7,3,'{}',NULL,0.0,1.0)")
        )
    migrate(database)
    with database.read() as connection:
        row = connection.execute(text("SELECT cost_usd_micros, earlier_usd_micros, saved_usd_micros FROM calls")).one()
    database.close()
    assert tuple(row) == (7, 0, 3)


def test_documents_of_the_store_before_are_read_as_they_were(tmp_path: Path) -> None:
    values = ["words", {"ü": [1, 1.0, True, None]}, 5, 0.5, True, None, "5", "x", "", [], "\ud800"]
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.write() as connection:
        upgrade_to("0007", connection)
        connection.execute(text("INSERT INTO lectures VALUES ('bees', 'w', 2, 0, 'd', 0.0)"))
        for version in (1, 2):
            row = {"v": version, "s": json.dumps(new_head().settings.to_json())}
            connection.execute(text("INSERT INTO revisions VALUES ('bees', :v, :s, '[\"set a=b\"]', NULL, 0.0)"), row)
        for number, value in enumerate(values, 1):
            take = {"n": number, "x": json.dumps(value)}
            connection.execute(text("INSERT INTO takes VALUES ('bees', 'n', :n, 'v', :n, '{}', :x, NULL, 'm', 0.0, 0)"), take)
    migrate(database)
    with database.write() as connection:
        found = records.values_of(connection, "bees", "n")
        assert [(found[n], type(found[n])) for n in sorted(found)] == [(value, type(value)) for value in values]
        lectures.append(connection, "bees", lectures.Revision(3, new_head().settings, ()), now=1.0, queued_at=1.0)
    with database.read() as connection:
        assert list(lectures.earlier_settings(connection, "bees")) == [new_head().settings] * 3
        assert [row["edits"] for row in lectures.history(connection, "bees")] == [["set a=b"], ["set a=b"], []]
    database.close()


def test_a_migration_that_is_killed_half_way_leaves_nothing_and_is_done_by_the_next(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'lectures.db'}")

    def upgrade_and_stop() -> None:
        with database.write() as connection:
            upgrade_to("0001", connection)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upgrade_and_stop()
    with database.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    database.close()
    assert open_and_migrate(tmp_path) == 1


def refused(url: str) -> str:
    database = Database(url)
    with pytest.raises(WrongInputError) as wrong:
        migrate(database)
    database.close()
    [fault] = wrong.value.faults
    assert fault.where == "database"
    return str(fault)


def test_a_database_of_a_newer_version_is_refused_with_a_remedy_and_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert re.search(r"9999.*upgrade lecture-assets", refused(database.url.render_as_string()))
    with database.read() as connection:
        assert lectures.ids(connection) == [LECTURE]


def test_a_file_that_is_no_database_is_refused_by_name_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"These are my notes, and no database. " * 100)
    before = path.read_bytes()
    sentence = refused(f"sqlite:///{path}")
    assert "notes.txt" in sentence
    assert "file is not a database" in sentence
    assert "a readable and writable database" in sentence
    assert path.read_bytes() == before


def test_a_folder_in_the_place_of_the_database_is_refused(tmp_path: Path) -> None:
    assert "unable to open database file" in refused(f"sqlite:///{tmp_path}")


def test_somebody_else_s_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "music.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE lectures (song TEXT)")
    theirs.close()
    assert "music.db" in refused(f"sqlite:///{path}")
    with sqlite3.connect(path) as theirs:
        assert [row[0] for row in theirs.execute("SELECT name FROM sqlite_master")] == ["lectures"]
    theirs.close()


def test_what_was_published_is_of_the_instance_that_it_was_published_to_last(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'older.db'}")
    with database.write() as connection:
        upgrade_to("0016", connection)
        connection.execute(text("INSERT INTO lectures VALUES (:lecture, 'w', 1, 0, '', 1.0)"), {"lecture": LECTURE})
        connection.execute(text("INSERT INTO publications VALUES (:lecture, 'one', 7, '1.0.False')"), {"lecture": LECTURE})
        connection.execute(text("INSERT INTO published VALUES (:lecture, 'config:voice', 'v', '', '')"), {"lecture": LECTURE})
        upgrade_to("head", connection)
        rows = {"config:voice": PublishedRow("v")}
        assert published.load(connection, LECTURE, "one") == Publication(7, "1.0.False", rows)
        assert published.load(connection, LECTURE, "two").rows == {}
    database.close()
