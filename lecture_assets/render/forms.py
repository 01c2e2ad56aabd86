"""The formats of an export beside the video: for an editing program, as a page, as a course, as a picture.

Each writes a stored timeline to a path and returns the file to open. Folders are export folders (`folder.py`).
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from lecture_assets.render.folder import CAPTIONS, EDIT, PAGE, POSTER, PROPS, VIDEO, write, write_files, write_timeline
from lecture_assets.render.mp4 import Progress, render_mp4
from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.page import page_of
from lecture_assets.render.poster import poster
from lecture_assets.render.preview import preview
from lecture_assets.render.scorm import manifest_of, write_package
from lecture_assets.timeline.export import media_names, to_remotion, to_vtt, with_plain_pictures
from lecture_assets.timeline.otio import to_otio

Form: TypeAlias = Callable[[Mapping[str, Any], str, Path, OpenMedia, Progress], Path]
"""Of a timeline, the lecture's id, where to write, what opens media, and what is told the progress."""


def _remotion(timeline: Mapping[str, Any], _lecture: str, out: Path, open_media: OpenMedia, _progress: Progress) -> Path:
    """Props for Remotion, with timeline.json, captions and media beside them."""
    write_timeline(timeline, out, open_media)
    props = json.dumps(to_remotion(timeline, media_names(timeline)), indent=2)
    write_files(out, {PROPS: partial(write, content=props)})
    return out / PROPS


def _otio(timeline: Mapping[str, Any], _lecture: str, out: Path, open_media: OpenMedia, _progress: Progress) -> Path:
    """An OpenTimelineIO file, with timeline.json, captions and media beside it."""
    write_timeline(timeline, out, open_media)
    document = json.dumps(to_otio(timeline, media_names(timeline)), ensure_ascii=False, indent=2)
    write_files(out, {EDIT: partial(write, content=f"{document}\n")})
    return out / EDIT


def _page(timeline: Mapping[str, Any], out: Path, open_media: OpenMedia, progress: Progress, *, scorm: bool = False) -> Path:
    """A page with its film, in which captions are a track that viewers switch, and not in the pictures."""
    write_files(
        out,
        {
            VIDEO: lambda path: render_mp4(with_plain_pictures(timeline), path, open_media, progress),
            POSTER: lambda path: write(path, poster(timeline, open_media)),
            CAPTIONS: lambda path: write(path, to_vtt(timeline)),
            PAGE: lambda path: write(path, page_of(timeline, scorm=scorm)),
        },
    )
    return out / PAGE


def _html(timeline: Mapping[str, Any], _lecture: str, out: Path, open_media: OpenMedia, progress: Progress) -> Path:
    return _page(timeline, out, open_media, progress)


def _scorm(timeline: Mapping[str, Any], lecture: str, out: Path, open_media: OpenMedia, progress: Progress) -> Path:
    with tempfile.TemporaryDirectory(prefix=".lectures-", dir=out.absolute().parent) as folder:
        _page(timeline, Path(folder), open_media, progress, scorm=True)
        names = [PAGE, VIDEO, POSTER, CAPTIONS]
        manifest = manifest_of(timeline, lecture, PAGE, names)
        write_package(out, manifest, {name: Path(folder) / name for name in names})
    return out


def _poster(timeline: Mapping[str, Any], _lecture: str, out: Path, open_media: OpenMedia, _progress: Progress) -> Path:
    write(out, poster(timeline, open_media))
    return out


def _gif(timeline: Mapping[str, Any], _lecture: str, out: Path, open_media: OpenMedia, _progress: Progress) -> Path:
    write(out, preview(timeline, open_media))
    return out


FORMS: Mapping[str, Form] = {"remotion": _remotion, "otio": _otio, "html": _html, "scorm": _scorm, "poster": _poster, "gif": _gif}
"""By the name in `lectures export --format`."""
