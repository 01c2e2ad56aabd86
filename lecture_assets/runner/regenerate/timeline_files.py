"""Writes the timeline and media of a lecture to a folder: during a regeneration, and as an export."""

from pathlib import Path

from lecture_assets.render.folder import copy_film, write_film, write_timeline
from lecture_assets.runner.reading.draft import draft_timeline
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.regenerate.film import film_of, kept_clips
from lecture_assets.runner.regenerate.lost_media import count_unreadable, draft_of
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.events import Exporting, Watch
from lecture_assets.store import lectures, records


def write_timeline_files(context: Context, lecture: str, folder: Path, compared: dict[str, str] | None = None) -> Path:
    """Write the timeline, finished or not, with links to its media. Return its path.

    compared: digests of the files written before, so that only changes are written; it is updated
    """
    with context.artifacts.local() as local:
        timeline = draft_of(context, lecture)
        if count_unreadable(timeline, local):
            timeline = draft_of(context, lecture)  # what was found lost is missing in it
        return write_timeline(timeline, folder, local, compared)


def export_lecture(context: Context, lecture: str, out: Path, watch: Watch, *, video: bool) -> Path:
    """Write timeline, captions, media and optionally the video to a folder. Return the timeline's path."""
    from lecture_assets.render.mp4 import RenderedParts  # noqa: PLC0415 - media libraries

    _drop_damaged(context, lecture)
    with context.database.read() as connection:
        snapshot = read_snapshot(context, connection, lecture)
        timeline = draft_timeline(snapshot, connection)
    with context.artifacts.local() as local:
        written = write_timeline(timeline, out, local)
        if video:
            film = film_of(context, lecture, timeline, watch)
            if film is None:
                kept = kept_clips(snapshot, timeline, local)
                write_film(timeline, out, local, RenderedParts(kept), lambda fraction: watch(Exporting(fraction)))
            else:
                copy_film(timeline, local(film), out, local)
                watch(Exporting(1.0))
    return written


def export_as(context: Context, lecture: str, form: str, out: Path, watch: Watch) -> Path:
    """Write a lecture in one of the formats of `render/forms.py`. Return the file to open."""
    from lecture_assets.render.forms import FORMS  # noqa: PLC0415 - media libraries

    _drop_damaged(context, lecture)
    with context.database.read() as connection:
        snapshot = read_snapshot(context, connection, lecture)
        timeline = draft_timeline(snapshot, connection)
    with context.artifacts.local() as local:
        return FORMS[form](timeline, snapshot.head.name, out, local, lambda fraction: watch(Exporting(fraction)))


def _drop_damaged(context: Context, lecture: str) -> None:
    """Discard damaged media: their layers become `missing`, and the next run makes them again."""
    with context.database.read() as connection:
        lectures.version_of(connection, lecture)
        for artifact in records.artifacts(connection, lecture):
            context.artifacts.drop_if_damaged(artifact)
