"""Errors of servers that are away are over soon; those of damaged, full or missing files are not."""

import sqlite3

import psycopg2
import pytest
from dagster_postgres.utils import DagsterPostgresException
from sqlalchemy.exc import InterfaceError, OperationalError

from lecture_assets.defs.sync.outages import is_temporary
from lecture_assets.store.troubles import DiskFullError, LockedError, LostConnectionError, UnusableDatabaseError

AWAY = OperationalError("SELECT 1", {}, psycopg2.OperationalError("connection refused"))
GONE = OperationalError("SELECT 1", {}, sqlite3.OperationalError("unable to open database file"))


def translated(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (AWAY, True),
        (InterfaceError("SELECT 1", {}, psycopg2.InterfaceError("connection already closed")), True),
        (LockedError("lectures.db", None), True),
        (translated(DagsterPostgresException("too many retries for DB connection"), AWAY), True),
        (LostConnectionError("lectures", "connection refused"), True),
        (translated(UnusableDatabaseError("lectures.db", "unable to open database file"), GONE), False),
        (translated(DiskFullError("lectures"), AWAY), False),
        (ValueError("another"), False),
    ],
)
def test_what_is_over_soon(error: Exception, expected: bool) -> None:  # noqa: FBT001
    assert is_temporary(error) is expected
