"""A lecture of another system, to be imported: its words, and none of its media."""

import json
from pathlib import Path
from typing import Any

from lecture_assets.briefs.adopted import Adopted, read_adopted

SEGMENTS: list[dict[str, Any]] = [
    {"narration": f"This is what segment {number} says about the rain.", "visual": f"Rain, seen for the time no. {number}."}
    for number in range(3)
]
DOCUMENT: dict[str, Any] = {"schema": "lecture-import/1", "title": "Rain", "segments": SEGMENTS, "brief": {"segment_length": 5}}


def old_lecture(folder: Path, **keys: Any) -> Adopted:
    """The lecture, as it is read from a file. keys: of the document, instead of its own"""
    file = folder / "old.json"
    file.write_text(json.dumps({**DOCUMENT, **keys}), encoding="utf-8")
    return read_adopted(file)
