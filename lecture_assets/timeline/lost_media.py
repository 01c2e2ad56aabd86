"""A timeline whose media are no longer all there: placeholders take their place, as in the timeline of an unfinished lecture."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

LOST = "its file is missing from the store, or damaged"
"""The reason of a placeholder."""
_OF_MEDIA = {"type", "media", "src", "fit", "motion", "source_duration_ms", "after_end", "envelope", "parts", "gain_millibel"}
"""What an object of type `missing` does not have."""
_SHOWN = {"image", "video"}


def media_of(timeline: Any) -> Iterator[str]:
    """Yield the SHA-256 of every medium that a timeline, or a segment's timeline, names; some may come twice."""
    if isinstance(timeline, list):
        for item in timeline:
            yield from media_of(item)
    elif isinstance(timeline, Mapping):
        if "media" in timeline:
            yield timeline["media"]["sha256"]
        for item in timeline.values():
            yield from media_of(item)


def without_media(timeline: Mapping[str, Any], lost: Collection[str]) -> dict[str, Any]:
    """Return the timeline, or a segment's timeline, with placeholders for the lost media, by SHA-256.

    Without its recording, a segment has no captions: a note takes their place.
    """
    replaced: dict[str, Any] = _without(timeline, frozenset(lost))
    return replaced


def _without(part: Any, lost: frozenset[str]) -> Any:
    if isinstance(part, list):
        return [_without(item, lost) for item in part]
    if not isinstance(part, Mapping):
        return part
    if "media" in part and part["media"]["sha256"] in lost:
        return _placeholder(part)
    replaced = {name: _without(value, lost) for name, value in part.items()}
    if "captions" in part and replaced["narration"] != part["narration"]:
        replaced["captions"] = []
    return replaced


def _placeholder(part: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in part.items() if name not in _OF_MEDIA}
    medium = {"medium": part["type"]} if part["type"] in _SHOWN else {}
    return {"type": "missing", **rest, **medium, "reason": LOST}
