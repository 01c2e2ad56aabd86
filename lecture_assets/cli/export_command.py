"""The formats of `lectures export`. `render/` writes the video and the media folder, `timeline/` the texts."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.events import Watch
from lecture_assets.timeline.export import media_names, to_remotion, to_srt, to_vtt

_CAPTIONS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"vtt": to_vtt, "srt": to_srt}


def write(lectures: Lectures, lecture: str, form: str, out: Path | None, watch: Watch) -> Path:
    """Write a lecture in one format and return the path; WrongInputError if it cannot be written there."""
    path = out or Path(f"{lecture}-remotion" if form == "remotion" else f"{lecture}.{form}")
    lectures.status(lecture)
    if form != "remotion" and path.is_dir():
        raise WrongInputError([Fault("--out", f"{str(path)!r}, a folder", f"a file name, like {lecture}.{form}")])
    try:
        if form in _CAPTIONS:
            path.write_text(_CAPTIONS[form](lectures.draft(lecture)), encoding="utf-8")
            return path
        return _remotion(lectures, lecture, path, watch) if form == "remotion" else _video(lectures, lecture, path, watch)
    except OSError as error:
        raise WrongInputError([Fault("--out", f"{str(path)!r} ({error.strerror})", "a writable path")]) from error


def _remotion(lectures: Lectures, lecture: str, folder: Path, watch: Watch) -> Path:
    """Write the props and, beside them, the media that they refer to."""
    lectures.export(lecture, folder, watch, video=False)
    timeline = lectures.draft(lecture)
    props = folder / "remotion.json"
    props.write_text(json.dumps(to_remotion(timeline, media_names(timeline)), indent=2), encoding="utf-8")
    return props


def _video(lectures: Lectures, lecture: str, path: Path, watch: Watch) -> Path:
    """Write only the video: rendered in a folder next to it, then moved, so that it is never half-written."""
    with tempfile.TemporaryDirectory(prefix=".lectures-", dir=path.absolute().parent) as folder:
        lectures.export(lecture, Path(folder), watch)
        shutil.move(Path(folder) / "lecture.mp4", path)
    return path
