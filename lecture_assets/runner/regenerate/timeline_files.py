"""The timeline and the media of a lecture, written to a folder: while it is made, and as an export."""

from pathlib import Path

from lecture_assets.runner.reading.draft import draft_timeline
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.events import Exporting, Watch
from lecture_assets.store import lectures, records


def write_timeline_files(context: Context, lecture: str, folder: Path, compared: dict[str, str] | None = None) -> Path:
    """Write the timeline as far as it is made, with links to its media; returns its path.

    compared: digests of what was written before, so that only changes are written; it is updated
    """
    from lecture_assets.render.folder import write_timeline  # noqa: PLC0415 - media libraries

    with context.database.read() as connection:
        timeline = draft_timeline(read_snapshot(context, connection, lecture), connection)
    return write_timeline(timeline, folder, context.artifacts.path, compared)


def export_lecture(context: Context, lecture: str, out: Path, watch: Watch, *, video: bool) -> Path:
    """Write timeline, captions, media and, if asked, the video into a folder; returns the timeline's path."""
    from lecture_assets.render.folder import export_folder  # noqa: PLC0415 - media libraries

    _drop_damaged(context, lecture)
    with context.database.read() as connection:
        timeline = draft_timeline(read_snapshot(context, connection, lecture), connection)
    return export_folder(timeline, out, context.artifacts.path, video=video, progress=lambda fraction: watch(Exporting(fraction)))


def _drop_damaged(context: Context, lecture: str) -> None:
    """Treat media with damaged bytes as lost: a `missing` layer now, made again by the next run."""
    with context.database.read() as connection:
        lectures.version_of(connection, lecture)
        for artifact in records.artifacts(connection, lecture):
            context.artifacts.drop_if_damaged(artifact)
