"""The secret that URLs are signed with: made once, by whoever needs it first, and the same for all processes of a database."""

import secrets

from sqlalchemy import Connection, select

from lecture_assets.store.database import insert
from lecture_assets.store.schema import signing_secrets

_URLS = "urls"
_BYTES = 32


def find(connection: Connection) -> bytes | None:
    """Return the secret; None before it was made."""
    found = connection.execute(select(signing_secrets.c.secret).where(signing_secrets.c.purpose == _URLS)).scalar()
    return None if found is None else bytes.fromhex(found)


def make(connection: Connection, now: float) -> bytes:
    """Make the secret unless somebody else has, and return the one there then is."""
    row = {"purpose": _URLS, "secret": secrets.token_hex(_BYTES), "created_at": now}
    connection.execute(insert(connection.dialect.name, signing_secrets).values(row).on_conflict_do_nothing())
    found = find(connection)
    assert found is not None  # noqa: S101 - it is never deleted
    return found
