"""The formats of `lectures export`: texts are written here, what needs media by `render/`."""

import filecmp
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.events import Watch
from lecture_assets.timeline.export import to_srt, to_vtt

_CAPTIONS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"vtt": to_vtt, "srt": to_srt}
_FOLDERS = frozenset({"remotion", "otio", "html"})
_ENDINGS: Mapping[str, str] = {"scorm": "-scorm.zip", "poster": ".jpg"}
"""The end of a file's default name where it is not the format's own."""


def write(lectures: Lectures, lecture: str, form: str, out: Path | None, watch: Watch) -> Path:
    """Write a lecture in one format and return the path; WrongInputError if it cannot be written there."""
    is_folder = form in _FOLDERS
    name = f"{lecture}-{form}" if is_folder else f"{lecture}{_ENDINGS.get(form, f'.{form}')}"
    path = out or Path(name)
    lectures.status(lecture)
    if not is_folder and path.is_dir():
        raise WrongInputError([Fault("--out", f"{str(path)!r}, a folder", f"a file name, like {name}")])
    try:
        if form in _CAPTIONS:
            path.write_text(_CAPTIONS[form](lectures.draft(lecture)), encoding="utf-8")
            return path
        return _video(lectures, lecture, path, watch) if form == "mp4" else lectures.export_as(lecture, form, path, watch)
    except OSError as error:
        raise WrongInputError([Fault("--out", f"{str(path)!r} ({error.strerror})", "a writable path")]) from error


def _video(lectures: Lectures, lecture: str, path: Path, watch: Watch) -> Path:
    """Write only the video: rendered in a folder next to it, then moved, so that it is never half-written; an equal one stays."""
    with tempfile.TemporaryDirectory(prefix=".lectures-", dir=path.absolute().parent) as folder:
        lectures.export(lecture, Path(folder), watch)
        written = Path(folder) / "lecture.mp4"
        if not (path.exists() and filecmp.cmp(written, path, shallow=False)):
            shutil.move(written, path)
    return path
