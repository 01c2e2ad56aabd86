"""Bring a database to the current schema: create the tables of a new one, upgrade an older one with Alembic.

One process at a time does so, on any machine; a test compares the tables of both ways. A SQLite file is upgraded as it is opened,
and is in WAL mode afterwards, even one restored from a backup. A server's database is shared by machines of which some may still
run the older release: it is upgraded by `lectures db upgrade` alone.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, text

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.store.database import Database
from lecture_assets.store.private import private_file
from lecture_assets.store.schema import identity, metadata
from lecture_assets.store.troubles import (
    TROUBLES,
    DatabaseTroubleError,
    DiskFullError,
    LockedError,
    LostConnectionError,
    UnusableDatabaseError,
    trouble_of,
)
from lecture_assets.store.write_ahead import log_ahead, logs_ahead

HEAD = "0033"
"""The newest revision in `migrations/versions/`; a test compares the two."""
MIGRATIONS = Path(__file__).parent / "migrations"
_OURS = re.compile(r"[0-9]{4}")
"""Our revisions; Dagster's have twelve hexadecimal digits in a table of the same name."""
_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, as Alembic creates it."""
_LOCK = 0x6C656374_6D696772
"""The advisory lock of those who migrate: `lectmigr`, as the bytes of a bigint."""
_PATIENT = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
"""A migration of large tables takes minutes."""


def migrate(database: Database) -> None:
    """Create the tables of a new database; upgrade an older file.

    Raise WrongInputError if the database is of a newer release, on a server and of an older one, or not usable as a database. A
    new file gets access for this user only; access of others is withdrawn from an existing file of this user.
    """
    if database.file is not None and not database.is_read_only:
        private_file(database.file)
    with _explained(database):
        found = revision_of(database)
        if found == HEAD and (database.is_read_only or logs_ahead(database)):
            return
        if found is not None and database.file is None:
            raise WrongInputError([other_revision(found)])
        if database.is_read_only:
            what = f"{str(database.file)!r}, which has another version and is read-only"
            raise WrongInputError([Fault("database", what, "a writable database, so that it can be upgraded")])
        upgrade(database)


def upgrade(database: Database) -> str | None:
    """Create or upgrade the tables, wherever the database is; return the revision before, None if it was new.

    Does nothing to one that is up to date. Raise WrongInputError if it is of a newer release, or not usable as a database.
    """
    if database.file is not None:
        private_file(database.file)
    with _explained(database), alone(database):
        log_ahead(database)
        found = revision_of(database)
        if found is None:
            _create(database)
        elif found != HEAD:
            _upgrade(database, found)
        return found


def is_new(database: Database) -> bool:
    """Whether the database does not exist yet or has no tables; checking does not create it.

    Raise LostConnectionError if its server stays away.
    """
    if database.file is not None and not database.file.exists():
        return True
    try:
        return revision_of(database) is None
    except LostConnectionError:
        raise
    except (*TROUBLES, DatabaseTroubleError):
        return False  # it exists, and `migrate` reports what is wrong with it


def revision_of(database: Database) -> str | None:
    """The revision of a database's schema, None if it has no tables of ours. Waits for a server that is away."""
    if database.is_server:
        return database.reading(_revision)
    with database.engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Wait until no other process migrates this database, and keep others from it.

    A file has a lock beside it, since it is of one machine; a server an advisory lock, which ends with its transaction, so that
    it may go through a pooler.
    """
    if database.file is not None:
        with FileLock(database.file.with_name("migrate.lock")):
            yield
        return
    with database.connected() as connection, connection.begin():
        connection.execute(text(f"{_PATIENT}; SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield


@contextmanager
def _explained(database: Database) -> Iterator[None]:
    """Translate errors of the database into those that a person can act on."""
    try:
        yield
    except UnusableDatabaseError as error:
        if database.is_server:
            raise
        raise _unusable(database, error.__cause__ or error) from error
    except TROUBLES as error:
        trouble = trouble_of(error, database.name, database.file)
        is_corrupt = getattr(getattr(error, "orig", error), "sqlite_errorname", "").startswith("SQLITE_CORRUPT")
        if trouble is not None and (database.is_server or is_corrupt or isinstance(trouble, LockedError | DiskFullError)):
            raise trouble from error
        raise _unusable(database, error) from error


def _unusable(database: Database, error: BaseException) -> WrongInputError:
    why = str(getattr(error, "orig", error)).splitlines()[0]
    allowed = "an empty database, or one that lectures created" if database.is_server else "a readable and writable database"
    return WrongInputError([Fault("database", f"{database.url.render_as_string()} ({why})", allowed)])


def _create(database: Database) -> None:
    """Create the current tables and Alembic's record of them; running all revisions would take ten times as long."""
    with database.write() as connection:
        metadata.create_all(connection, checkfirst=False)  # an existing table is not ours, and an error
        connection.execute(insert(identity).values(database=uuid.uuid4().hex, generation=0, unknown_until=0.0))
        _VERSION.create(connection)
        connection.execute(insert(_VERSION).values(version_num=HEAD))


def _upgrade(database: Database, found: str) -> None:
    from alembic.util.exc import CommandError  # noqa: PLC0415 - the slowest import of all, and seldom needed

    if found > HEAD or not _OURS.fullmatch(found):
        raise WrongInputError([other_revision(found)])
    with database.write() as connection:
        try:
            upgrade_to("head", connection)
        except CommandError as error:
            fault = Fault("database", f"a schema of a newer release ({found})", f"{HEAD} or older; upgrade lecture-assets")
            raise WrongInputError([fault]) from error


def upgrade_to(revision: str, connection: Connection) -> None:
    """Run Alembic's migrations up to a revision, in the connection's transaction. CommandError if it does not know one."""
    from alembic import command  # noqa: PLC0415 - the slowest import of all, and seldom needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        connection.execute(text(_PATIENT))
    command.upgrade(config, revision)


def other_revision(found: str) -> Fault:
    """The fault of a database whose revision is not the current one, with what helps."""
    if not _OURS.fullmatch(found):
        what = f"the tables of another program, such as Dagster (revision {found})"
        return Fault("database", what, "a database of its own for the lectures")
    if found > HEAD:
        return Fault("database", f"a schema of a newer release ({found})", f"{HEAD} or older; upgrade lecture-assets")
    what = f"a schema of an older release ({found}, this one's is {HEAD})"
    return Fault("database", what, "the current one; back it up, stop what uses it, and run `lectures db upgrade`")
