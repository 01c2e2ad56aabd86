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
    try:
        if is_folder:
            return lectures.export_as(lecture, form, path, watch)
        _write_file(lectures, lecture, form, _file(path, name), watch)
    except OSError as error:
        raise WrongInputError([Fault("--out", f"{str(path)!r} ({error.strerror})", "a writable path")]) from error
    return path


def _file(path: Path, name: str) -> Path:
    """Return where a file is written, links followed: it is written next to that, and moved there."""
    if path.exists() and not path.is_file():
        found = "a folder" if path.is_dir() else "which is not a regular file"
        raise WrongInputError([Fault("--out", f"{str(path)!r}, {found}", f"a file name, like {name}")])
    return path.resolve()


def _write_file(lectures: Lectures, lecture: str, form: str, path: Path, watch: Watch) -> None:
    """Write completely or not at all."""
    if form not in {*_CAPTIONS, "mp4"}:
        lectures.export_as(lecture, form, path, watch)
        return
    with tempfile.TemporaryDirectory(prefix=".lectures-", dir=path.parent) as folder:
        if form == "mp4":
            lectures.export(lecture, Path(folder), watch)
            written = Path(folder) / "lecture.mp4"
        else:
            written = Path(folder) / path.name
            written.write_text(_CAPTIONS[form](lectures.draft(lecture)), encoding="utf-8")
        if not (path.exists() and filecmp.cmp(written, path, shallow=False)):
            shutil.move(written, path)
