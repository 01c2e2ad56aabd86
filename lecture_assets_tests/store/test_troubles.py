"""What a database says is wrong gets a sentence, an exit code and a remedy; and Ctrl-Z stops nobody within a transaction."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text

from lecture_assets.store.database import Database
from lecture_assets.store.migrate import migrate
from lecture_assets.store.schema import metadata
from lecture_assets.store.troubles import DamagedDatabaseError, DatabaseTroubleError, DiskFullError, LockedError
from lecture_assets.store.write_ahead import logs_ahead
from lecture_assets_tests.store.conftest import LECTURE

_HOLDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("holds", flush=True)
sys.stdin.read()
"""
_WRITES = """
import os, signal, sys
from lecture_assets.store.database import Database
from lecture_assets.store.stopping import stop_between_transactions
from sqlalchemy import text

stop_between_transactions()
database = Database(sys.argv[1])
with database.write() as connection:
    connection.execute(text("UPDATE lectures SET workspace = 'written'"))
    os.kill(os.getpid(), signal.SIGTSTP)
    connection.execute(text("UPDATE lectures SET published = 7"))
os.kill(os.getpid(), signal.SIGTSTP)
print("went on", flush=True)
"""


@contextmanager
def held(file: Path, number: int | None = None) -> Iterator[int]:
    """Another process in the midst of a write, and stopped there where a signal says so."""
    command, pipe = [sys.executable, "-c", _HOLDS, str(file)], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, process_group=0) as other:  # Ctrl-Z stops no orphaned group
        assert other.stdout is not None
        assert other.stdout.readline() == b"holds\n"
        try:
            if number is not None:
                other.send_signal(number)
                os.waitid(os.P_PID, other.pid, os.WSTOPPED | os.WNOWAIT)
            yield other.pid
        finally:
            other.kill()


@pytest.mark.parametrize("number", [None, signal.SIGSTOP, signal.SIGTSTP], ids=["busy", "SIGSTOP", "Ctrl-Z"])
def test_a_process_that_holds_the_database_is_named_and_nothing_is_changed(file: Path, number: int | None) -> None:
    database = Database(f"sqlite:///{file}", busy_s=0.05)
    with held(file, number) as pid, pytest.raises(LockedError) as locked, database.write() as connection:
        connection.execute(text("UPDATE lectures SET published = 7"))
    said = str(locked.value)
    who = f"another process (pid {pid}{', stopped' if number else ''})"
    assert f"{who} has locked the database {file}; nothing was changed" in said
    assert (f"kill -CONT {pid}" in said) == (number is not None)
    assert locked.value.exit_code == 3
    with database.read() as connection:
        assert connection.execute(text("SELECT published FROM lectures")).scalar() == 0
    database.close()


def test_a_database_that_is_held_while_it_is_opened_is_told_as_well(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    database = Database(f"sqlite:///{file}", busy_s=0.05)
    with held(file), pytest.raises(LockedError):
        migrate(database)
    database.close()


@pytest.mark.slow
def test_ctrl_z_stops_a_process_when_its_transaction_is_written(file: Path) -> None:
    url = f"sqlite:///{file}"
    with subprocess.Popen([sys.executable, "-c", _WRITES, url], stdout=subprocess.PIPE, process_group=0) as other:
        found = os.waitid(os.P_PID, other.pid, os.WSTOPPED)
        database = Database(url, busy_s=0.05)
        try:
            assert found is not None
            with database.write() as connection:
                assert connection.execute(text("SELECT workspace, published FROM lectures")).one() == ("written", 7)
            other.send_signal(signal.SIGCONT)
            os.waitid(os.P_PID, other.pid, os.WSTOPPED)
            other.send_signal(signal.SIGCONT)
            assert other.stdout is not None
            assert other.stdout.read() == b"went on\n"
        finally:
            other.kill()
            database.close()


def raised(database: Database, statement: str = "SELECT settings FROM revisions") -> DatabaseTroubleError:
    """What is raised by a write, and what it says."""
    with pytest.raises(DatabaseTroubleError) as trouble, database.write() as connection:
        connection.exec_driver_sql(statement).all()
    database.close()
    return trouble.value


def test_a_full_disk_says_so(file: Path) -> None:
    database = Database(f"sqlite:///{file}")

    @event.listens_for(database.engine, "connect")
    def shrink(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    trouble = raised(
        database,
        "INSERT INTO lectures (id, workspace, head, published, brief_digest, created_at) "
        "SELECT id || randomblob(9999), 'w', 1, 0, 'd', 0.0 FROM lectures RETURNING id",
    )
    assert isinstance(trouble, DiskFullError)
    assert "No space left" in str(trouble)
    assert trouble.exit_code == 1


def torn_text(file: Path) -> None:
    """A text that is none."""
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE revisions SET settings = CAST(X'7bff7d' AS TEXT)")
    connection.close()


def no_document(file: Path) -> None:
    """A document that is none."""
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE revisions SET settings = '{\"inputs\": '")
    connection.close()


def table_gone(file: Path) -> None:
    """A table that is not there."""
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE calls")
    connection.close()


@pytest.mark.parametrize("harm", [torn_text, no_document, table_gone], ids=lambda harm: harm.__name__)
def test_a_damaged_database_says_so_and_what_to_do(file: Path, harm: Callable[[Path], None]) -> None:
    harm(file)
    database = Database(f"sqlite:///{file}")

    def read_all() -> None:
        with database.read() as connection:
            for table in ("revisions", "calls"):
                connection.execute(metadata.tables[table].select()).all()

    with pytest.raises(DamagedDatabaseError) as trouble:
        read_all()
    database.close()
    assert "is damaged" in str(trouble.value)
    assert "backup" in str(trouble.value)
    assert trouble.value.exit_code == 2


def test_a_table_that_a_server_lacks_is_damage_with_a_remedy_that_suits_it(server_url: str) -> None:
    database = Database(server_url)
    with database.write() as connection:
        connection.exec_driver_sql("DROP TABLE calls")
    trouble = raised(database, "SELECT state FROM calls")
    assert isinstance(trouble, DamagedDatabaseError)
    assert 'relation "calls" does not exist' in str(trouble)
    assert "`lectures db check`" in str(trouble)
    assert ".recover" not in str(trouble)


def test_a_page_of_something_else_is_damage_wherever_it_is_met(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = file.read_bytes()
    file.write_bytes(content[:4096] + os.urandom(len(content) - 4096))
    assert isinstance(raised(Database(f"sqlite:///{file}")), DamagedDatabaseError)


def test_a_backup_that_is_not_in_wal_mode_is_in_it_once_it_is_opened(file: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    with sqlite3.connect(file) as connection:
        connection.execute(f"VACUUM INTO '{backup}'")
    connection.close()
    database = Database(f"sqlite:///{backup}")
    assert not logs_ahead(database)
    migrate(database)
    assert logs_ahead(database)
    with database.read() as reading:
        assert reading.execute(text("SELECT id FROM lectures")).scalar() == LECTURE
        with database.write() as writing:
            writing.execute(text("UPDATE lectures SET published = 1"))
    database.close()
