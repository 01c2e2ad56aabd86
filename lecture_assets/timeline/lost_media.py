"""A timeline whose media are no longer all there: placeholders take their place, as in the timeline of an unfinished lecture."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

LOST = "its file is missing from the store, or damaged"
"""The reason of a placeholder."""
_OF_MEDIA = {
    *("type", "media", "src", "alt", "fit", "motion", "after_end", "envelope", "parts", "gain_millibel"),
    *("source_duration_ms", "source_start_ms", "playback_rate_permille"),
}
"""What an object of type `missing` does not have."""
_CLOCKS = (("start_frame", "duration_in_frames"), ("offset_ms", "duration_ms"))
"""Where a layer begins and how long it is: of a timeline, and of a segment's timeline."""
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

    A segment without its recording keeps its captions. Several views of a lost picture become one placeholder.
    """
    replaced: dict[str, Any] = _without(timeline, frozenset(lost))
    return replaced


def _without(part: Any, lost: frozenset[str]) -> Any:
    if isinstance(part, list):
        return _joined([_without(item, lost) for item in part])
    if not isinstance(part, Mapping):
        return part
    if "media" in part and part["media"]["sha256"] in lost:
        return _placeholder(part)
    return {name: _without(value, lost) for name, value in part.items()}


def _joined(items: list[Any]) -> list[Any]:
    """Return layers with consecutive placeholders for the same medium as one; other lists as they are."""
    joined: list[Any] = []
    for item in items:
        if joined and _is_of_same(joined[-1], item):
            start, length = next(clock for clock in _CLOCKS if clock[0] in item)
            joined[-1] = {**joined[-1], length: item[start] + item[length] - joined[-1][start]}
        else:
            joined.append(item)
    return joined


def _is_of_same(before: Any, item: Any) -> bool:
    """Whether two items of a list are placeholders for the same picture or clip."""
    if not (isinstance(before, Mapping) and isinstance(item, Mapping)) or {"missing"} != {before.get("type"), item.get("type")}:
        return False
    return item.get("reason") == before.get("reason") == LOST and (before.get("medium"), before.get("image")) == (
        item.get("medium"),
        item.get("image"),
    )


def _placeholder(part: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in part.items() if name not in _OF_MEDIA}
    medium = {"medium": part["type"]} if part["type"] in _SHOWN else {}
    return {"type": "missing", **rest, **medium, "reason": LOST}
