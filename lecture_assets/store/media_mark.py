"""The mark of media as it is stored beside them: JSON with a digest, so that a damaged one is not mistaken for another's."""

import json
from dataclasses import asdict

from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.store.artifacts import Mark

MARK = "database.json"
"""The name of the file or object."""


def mark_text(mark: Mark) -> bytes:
    """Return the mark as it is stored."""
    return json.dumps(_written(mark), indent=1).encode() + b"\n"


def read_mark(text: bytes) -> Mark | None:
    """Return a stored mark; None if it is damaged."""
    try:
        found = json.loads(text)
        mark = Mark(str(found["database"]), str(found["media"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return mark if found == _written(mark) else None


def _written(mark: Mark) -> dict[str, Json]:
    named: dict[str, Json] = {"format": "lecture-media/1", **asdict(mark)}
    return {**named, "sha256": digest(named)}
