"""What nodes hold, as documents of the types that the schema has for them."""

import json
from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds

_TYPES: Mapping[Holds, str] = {
    Holds.SCRIPT: "LectureScript",
    Holds.SEGMENT_SCRIPT: "LectureSegmentScript",
    Holds.VIDEO_PROMPTS: "LectureVideoPrompts",
    Holds.PICTURE: "LecturePicture",
    Holds.CLIP: "LectureClip",
    Holds.FILM: "LectureClip",
    Holds.SPEECH: "LectureSpeech",
    Holds.MUSIC: "LectureMusic",
    Holds.SOUNDTRACK: "LectureMusic",
    Holds.SEGMENT_TIMELINE: "LectureSegmentTimeline",
}
"""The types of values that are objects; texts, effects and what else has no type are `LectureText`."""


def value_document(holds: Holds, value: Json) -> dict[str, Any] | None:
    """Return a value with its type; None if there is none."""
    if value is None:
        return None
    if holds is Holds.SETTING:
        return {"__typename": "LectureInputValue", "text": plain_text(value), "slots": value if isinstance(value, list) else None}
    if holds is Holds.TIMELINE and isinstance(value, dict):
        return {"__typename": "LectureTimelineValue", "timeline": timeline_document(value)}
    if isinstance(value, dict) and holds in _TYPES:
        return {"__typename": _TYPES[holds], **value}
    return {"__typename": "LectureText", "text": plain_text(value)}


def timeline_document(timeline: Mapping[str, Any]) -> dict[str, Any]:
    """Return a timeline with a volume curve and parts even where music is missing."""
    return {**timeline, "music": {"envelope": [], "parts": [], **timeline["music"]}}


def plain_text(value: Json) -> str:
    """Return any value as text: texts as they are, true and false and numbers in words, anything else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
