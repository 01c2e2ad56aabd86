"""Locks that last until the transaction ends. SQLite has one writer at a time and needs none of them.

Order, so that two transactions never wait for each other: a call's row, then the workspace's money, then lectures.
"""

import hashlib

from sqlalchemy import Connection, bindparam, func, select


def lock_money(connection: Connection, workspace: str) -> None:
    """Let no other transaction sum or reserve a workspace's money meanwhile."""
    _lock(connection, f"money {workspace}")


def lock_instances(connection: Connection) -> None:
    """Let no lecture and no Dagster instance be added meanwhile."""
    _lock(connection, "instances")


def _lock(connection: Connection, what: str) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(_ADVISORY, {"key": advisory_key(what)})


def advisory_key(what: str) -> int:
    """Return the number of PostgreSQL's advisory lock for something: 64 bits, signed."""
    return int.from_bytes(hashlib.sha256(f"lectures {what}".encode()).digest()[:8], "big", signed=True)


_ADVISORY = select(func.pg_advisory_xact_lock(bindparam("key")))
