"""WAL mode of SQLite files, in which readers and writers do not wait for each other. Set once, it stays."""

import sqlite3
from contextlib import closing, suppress

from lecture_assets.store.database import Database


def logs_ahead(database: Database) -> bool:
    """Whether a SQLite file is in WAL mode; True for a server. Raise DatabaseTroubleError if it cannot be read."""
    if database.is_server:
        return True
    try:
        with closing(database.engine.raw_connection()) as connection:
            return bool(connection.cursor().execute("PRAGMA journal_mode").fetchone() == ("wal",))
    except sqlite3.Error as error:
        raise database.trouble(error) from error


def log_ahead(database: Database) -> None:
    """Switch a SQLite file to WAL mode. If it is in use just now, a later process does so.

    To be called by one process at a time: of two, SQLite refuses one immediately.
    """
    if not logs_ahead(database):
        with closing(database.engine.raw_connection()) as connection, suppress(sqlite3.OperationalError):
            connection.cursor().execute("PRAGMA journal_mode=WAL")
