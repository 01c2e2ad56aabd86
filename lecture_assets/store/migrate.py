"""Bring a database to the current schema: create the tables of a new one, upgrade an older one with Alembic.

A lock file keeps two processes from doing so at once, and a test compares the tables of both ways. Afterwards a SQLite file is in
WAL mode, even one restored from a backup.
"""

import uuid
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, text

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.store.database import Database
from lecture_assets.store.private import private_file
from lecture_assets.store.schema import identity, metadata
from lecture_assets.store.troubles import TROUBLES, DiskFullError, LockedError, trouble_of

HEAD = "0021"
"""The newest revision in `migrations/versions/`; a test compares the two."""
_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, as Alembic creates it."""


def migrate(database: Database, lock: Path) -> None:
    """Upgrade the database if needed. Raise WrongInputError if it is newer than this release, or not usable as a database.

    A new file gets access for this user only; access of others is withdrawn from an existing file of this user.
    """
    if database.file is not None and not database.is_read_only:
        private_file(database.file)
    try:
        if _current(database) == HEAD and (database.is_read_only or database.logs_ahead()):
            return
        if database.is_read_only:
            found = f"{str(database.file)!r}, which has another version and is read-only"
            raise WrongInputError([Fault("database", found, "a writable database, so that it can be upgraded")])
        with FileLock(lock):
            database.log_ahead()
            if is_new(database):
                _create(database)
            elif _current(database) != HEAD:
                _upgrade(database)
    except TROUBLES as error:
        trouble = trouble_of(error, database.name, database.file)
        is_corrupt = getattr(getattr(error, "orig", error), "sqlite_errorname", "").startswith("SQLITE_CORRUPT")
        if trouble is not None and (is_corrupt or isinstance(trouble, LockedError | DiskFullError)):
            raise trouble from error
        why = str(getattr(error, "orig", error)).splitlines()[0]
        found = f"{database.url.render_as_string()} ({why})"
        raise WrongInputError([Fault("database", found, "a readable and writable database")]) from error


def is_new(database: Database) -> bool:
    """Whether the database does not exist yet or has no tables; checking does not create it."""
    if database.file is not None and not database.file.exists():
        return True
    try:
        return _current(database) is None
    except TROUBLES:
        return False  # it exists, and `migrate` reports what is wrong with it


def _current(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _create(database: Database) -> None:
    """Create the current tables and Alembic's record of them; running all revisions would take ten times as long."""
    with database.write() as connection:
        metadata.create_all(connection, checkfirst=False)  # an existing table is not ours, and an error
        connection.execute(insert(identity).values(database=uuid.uuid4().hex, generation=0, unknown_until=0.0))
        _VERSION.create(connection)
        connection.execute(insert(_VERSION).values(version_num=HEAD))


def _upgrade(database: Database) -> None:
    from alembic import command  # noqa: PLC0415 - the slowest import of all, and seldom needed
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with database.write() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            found = f"a schema of a newer release ({error})"
            fault = Fault("database", found, "one of this release or an older one; upgrade lecture-assets")
            raise WrongInputError([fault]) from error
