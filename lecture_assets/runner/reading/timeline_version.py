"""A stored version of a lecture's timeline, or of a segment's, as it was: to play it, whatever the lecture is today."""

import json
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import digest
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.lecture import FILM, KINDS
from lecture_assets.graph.node import node_id
from lecture_assets.languages import DEFAULT_LANGUAGE
from lecture_assets.store import lectures, records
from lecture_assets.timeline.assemble import ASPECT_RATIOS, STRATEGIES, assemble, size_of

_LEAST_DIGITS = 12
"""Fewer of a version's digits may be those of another one."""
_ALONE = {"music": "a segment by itself has no music", "title": "a segment by itself has no title"}


class UnknownTimelineError(LectureError):
    """A version of a timeline that the store does not have."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class TimelineVersion:
    """One version.

    stored:   the node's value
    playable: a whole timeline, of this segment alone if the node is a segment's
    film:     the SHA-256 of the film that was made of it; None if none was
    """

    lecture: str
    node: str
    version: str
    stored: dict[str, Any]
    playable: dict[str, Any]
    film: str | None


def read_timeline_version(connection: Connection, lecture: str, slot: int | None, version: str) -> TimelineVersion:
    """Return a version by its first digits, 12 or more. slot: of a segment; None for the lecture's timeline.

    UnknownLectureError if the lecture does not exist, UnknownTimelineError if it never had this version.
    """
    lectures.version_of(connection, lecture)
    (kind,) = (kind for kind in KINDS.values() if kind.holds is (Holds.TIMELINE if slot is None else Holds.SEGMENT_TIMELINE))
    node = node_id(kind.name, *([] if slot is None else [slot]))
    rows = records.load_takes(connection, lecture, node) if len(version) >= _LEAST_DIGITS else []
    row = max((row for row in rows if row.version.startswith(version)), key=lambda row: row.number, default=None)
    found = records.load_take(connection, lecture, node, row.number) if row else None
    if row is None or found is None:
        message = f"{lecture} never had the version {version[:64]!r} of {node}"
        raise UnknownTimelineError(message)
    stored = cast("dict[str, Any]", found[0])
    playable = stored if slot is None else _alone(slot, stored, json.loads(row.recipe)["reads"])
    film = _film_of(connection, lecture, row.version) if slot is None else None
    return TimelineVersion(lecture, node, row.version, stored, playable, film)


def _film_of(connection: Connection, lecture: str, version: str) -> str | None:
    """Return the latest film of a version of the lecture's timeline."""
    films = sorted(records.load_takes(connection, lecture, FILM), key=lambda row: row.number)
    return next((f.artifact for f in films[::-1] if json.loads(f.recipe)["reads"].get("assembler:timeline") == version), None)


def _alone(slot: int, segment: dict[str, Any], reads: dict[str, Any]) -> dict[str, Any]:
    """Return the timeline of one segment, in the size that it was assembled for. reads: versions of what it was made from."""
    ratio = _with_version(tuple(ASPECT_RATIOS), reads["config:size-aspect-ratio"])
    strategy = _with_version(STRATEGIES, reads["config:assembly-strategy"])
    return assemble(
        {slot: segment},
        [slot],
        None,
        None,
        size_of(ratio),
        strategy,
        _ALONE,
        segment["duration_ms"],
        segment.get("language", DEFAULT_LANGUAGE),
    )


def _with_version(values: tuple[Any, ...], version: str) -> Any:
    """Return the one of an input's possible values that has this version, which is the digest of the value."""
    return next((value for value in values if digest(value) == version), values[0])
