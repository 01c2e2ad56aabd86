"""The lectures of a store, and the revisions of a lecture. Reads; changes nothing."""

from sqlalchemy import Connection

from lecture_assets.runner.reading.shapes import ListedLecture, RevisionDocument
from lecture_assets.store import lectures


def listed_lectures(connection: Connection, workspace: str | None) -> list[ListedLecture]:
    """The lectures of a workspace, or of all, newest first."""
    return [
        {
            "lecture": row["name"],
            "version": row["head"],
            "published": row["published"],
            "request": row["state"],
            "shadow": bool(row["is_shadow"]),
            "created_at": row["created_at"],
        }
        for row in lectures.all_lectures(connection, workspace)
    ]


def revisions(connection: Connection, lecture: str, after: int = 0, limit: int | None = None) -> list[RevisionDocument]:
    """The revisions of a lecture after a version, oldest first; at most `limit`."""
    return [
        {
            "version": row["version"],
            "edits": list(row["edits"]),
            "client_key": row["client_key"],
            "created_at": row["created_at"],
        }
        for row in lectures.history(connection, lecture, after, limit)
    ]
