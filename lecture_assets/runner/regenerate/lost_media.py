"""Finds media of a timeline that are lost. S3 is believed until it is read: a plan does not ask it for each of its media."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.runner.reading.draft import draft_timeline
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store.artifacts import LocalFiles
from lecture_assets.timeline.export import media_names


def lost_media(context: Context, lecture: str) -> int:
    """Read all media of the timeline as far as it is made; return how many could not be. They count as missing from now on."""
    with context.artifacts.local() as local:
        return count_unreadable(draft_of(context, lecture), local)


def draft_of(context: Context, lecture: str) -> Mapping[str, Any]:
    """Return the timeline as far as it is made."""
    with context.database.read() as connection:
        return draft_timeline(read_snapshot(context, connection, lecture), connection)


def count_unreadable(timeline: Mapping[str, Any], local: LocalFiles) -> int:
    """Read the media of a timeline; return how many of them are missing or damaged."""
    return sum(not local(sha256).is_file() for sha256 in media_names(timeline))
