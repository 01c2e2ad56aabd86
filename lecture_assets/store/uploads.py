"""Media that were uploaded to a workspace. An edit may name no others: whoever knows a digest does not own the bytes."""

from sqlalchemy import Connection, delete, select

from lecture_assets.store.database import insert
from lecture_assets.store.schema import uploads

KEPT_S = 24 * 3600.0
"""How long an edit may use an upload. Afterwards, garbage collection may have its bytes if nothing else needs them."""


def add(connection: Connection, workspace: str, sha256: str, sort: str, now: float) -> None:
    """Note that a workspace uploaded these bytes."""
    row = {"workspace": workspace, "sha256": sha256, "sort": sort, "uploaded_at": now}
    new = insert(connection.dialect.name, uploads).values(row)
    key = ["workspace", "sha256", "sort"]
    connection.execute(new.on_conflict_do_update(index_elements=key, set_={"uploaded_at": now}))


def prune(connection: Connection, workspace: str, now: float) -> None:
    """Remove the notes of a workspace that no longer count."""
    connection.execute(delete(uploads).where(uploads.c.workspace == workspace, uploads.c.uploaded_at < now - KEPT_S))


def has(connection: Connection, workspace: str, sha256: str, now: float) -> bool:
    """Whether a workspace uploaded these bytes within the last day."""
    found = select(uploads.c.sort).where(
        uploads.c.workspace == workspace, uploads.c.sha256 == sha256, uploads.c.uploaded_at >= now - KEPT_S
    )
    return connection.execute(found.limit(1)).first() is not None
