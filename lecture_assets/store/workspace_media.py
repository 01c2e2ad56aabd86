"""Whether a workspace may see a medium: whoever knows a digest does not own the bytes."""

from sqlalchemy import Connection, select

from lecture_assets.store import uploads
from lecture_assets.store.lecture_names import EXISTS
from lecture_assets.store.schema import lectures, takes


def has(connection: Connection, workspace: str, sha256: str, now: float) -> bool:
    """Whether a take of one of its lectures has these bytes, or it uploaded them within a day. now: the store's time."""
    taken = select(takes.c.number).join(lectures, lectures.c.id == takes.c.lecture)
    mine = taken.where(takes.c.artifact == sha256, lectures.c.workspace == workspace, EXISTS)
    is_taken = connection.execute(mine.limit(1)).first() is not None
    return is_taken or uploads.has(connection, workspace, sha256, now)
