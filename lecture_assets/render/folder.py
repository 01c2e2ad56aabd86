"""The export folder: timeline.json, captions.vtt, media/, lecture.mp4, poster.jpg. Files of other programs are not touched.

.lecture-export.json   the names of files written here, each added before the file is, so that a crash leaves none unaccounted for
every other file       written under a temporary name and renamed, so that readers see either the old or the new one
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from lecture_assets.graph.errors import Fault, LectureError, WrongInputError
from lecture_assets.render.open_media import OpenMedia
from lecture_assets.timeline.export import media_names, to_vtt, with_sources
from lecture_assets.timeline.validate import faults_of

if TYPE_CHECKING:
    from lecture_assets.render.mp4 import Progress, RenderedParts

MANIFEST = ".lecture-export.json"
_FORMAT = "lecture-export/1"
_CHUNK = 1 << 20
TIMELINE, CAPTIONS, VIDEO, POSTER = "timeline.json", "captions.vtt", "lecture.mp4", "poster.jpg"
PAGE, EDIT, PROPS = "index.html", "lecture.otio", "remotion.json"
_NAMES = frozenset({TIMELINE, CAPTIONS, VIDEO, POSTER, PAGE, EDIT, PROPS})


class UnsoundTimelineError(LectureError):
    """A timeline whose times contradict each other, so that no player could play it."""

    exit_code = 70

    def __init__(self, faults: Sequence[str]) -> None:
        """faults: what is wrong, one sentence each."""
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"sorry, this is a bug in lectures: {faults[0]}{more}; the timeline was not written")


def write_film(
    timeline: Mapping[str, Any], out: Path, open_media: OpenMedia, kept: "RenderedParts", progress: "Progress | None" = None
) -> None:
    """Render the video of a timeline, and its poster, into the folder that `write_timeline` wrote.

    open_media: returns a file for each SHA-256 the timeline names
    kept:       parts that were rendered before
    progress:   called with the progress, from 0 to 1
    """
    from lecture_assets.render.mp4 import render_mp4  # noqa: PLC0415 - media libraries, 50 MB

    write_files(out, {VIDEO: lambda path: render_mp4(timeline, path, open_media, progress, kept)})
    _write_poster(timeline, out, open_media)


def copy_film(timeline: Mapping[str, Any], film: Path, out: Path, open_media: OpenMedia) -> None:
    """Copy a video that was rendered before, and draw its poster, unless both are there; an equal file is not touched."""
    _own(out, [VIDEO])
    with film.open("rb") as source:
        if (out / VIDEO).exists() and (out / POSTER).exists() and _same_bytes(source, out / VIDEO):
            return
        _writing(out, partial(_copy, source, out / VIDEO))
    _write_poster(timeline, out, open_media)


def _write_poster(timeline: Mapping[str, Any], out: Path, open_media: OpenMedia) -> None:
    from lecture_assets.render.poster import poster  # noqa: PLC0415 - media libraries, 50 MB

    drawn = poster(timeline, open_media)
    write_files(out, {POSTER: lambda path: write(path, drawn)})


def write_files(out: Path, files: Mapping[str, Callable[[Path], object]]) -> None:
    """Write files into an export folder; what else an earlier export wrote there stays.

    files: by their names, what writes each of them completely or not at all
    """
    check_folder(out)
    _writing(out, lambda: out.mkdir(parents=True, exist_ok=True))
    _own(out, files)
    for name, write_file in files.items():
        _writing(out, partial(write_file, out / name))


def write_timeline(timeline: Mapping[str, Any], out: Path, open_media: OpenMedia, compared: dict[str, str] | None = None) -> Path:
    """Write everything but the video, cheaply enough for every step of a lecture in progress: existing media stay.

    compared: names whose bytes were compared earlier, with their SHA-256; these are not read again, and new ones are added
    """
    compared = {} if compared is None else compared
    if faults := faults_of(timeline):
        raise UnsoundTimelineError(faults)
    check_folder(out)
    names = media_names(timeline)
    _check_media(names, open_media)
    _writing(out, lambda: (out / "media").mkdir(parents=True, exist_ok=True))
    _own(out, [TIMELINE, CAPTIONS, *names.values()])
    for sha256, name in names.items():
        if compared.get(name) == sha256:
            continue
        with open_media(sha256).open("rb") as source:
            _writing(out, partial(_copy, source, out / name))
        compared[name] = sha256
    text = json.dumps(with_sources(timeline, names), ensure_ascii=False, indent=2)
    _writing(out, lambda: write(out / CAPTIONS, to_vtt(timeline)))
    _writing(out, lambda: write(out / TIMELINE, text + "\n"))
    _disown(out, keep={*_NAMES, *names.values()})
    return out / TIMELINE


def _check_media(names: Mapping[str, str], open_media: OpenMedia) -> None:
    """Raise WrongInputError with a fault for each missing medium."""
    lost = [name for sha256, name in names.items() if not open_media(sha256).is_file()]
    if lost:
        allowed = "media that are still in place (`lectures doctor` reports what is missing and how to get it back)"
        raise WrongInputError([Fault(name, "a medium whose bytes are missing", allowed) for name in lost])


def check_folder(out: Path) -> None:
    """Raise WrongInputError unless `out` is absent, empty, or the intact folder of an earlier export, and can be written."""
    if out.exists() and not out.is_dir():
        raise WrongInputError([Fault("out", f"{out}, which is a file", "a folder (choose another name with --out)")])
    names = _names(out)
    if names and MANIFEST not in names:
        some = ", ".join(sorted(names)[:3])
        found = f"{out}, which contains files that are not part of an export ({some})"
        raise WrongInputError(
            [Fault("out", found, "a new or empty folder, or that of an earlier export (choose one with --out)")]
        )
    if out.is_dir():
        _owned(out)
    nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not os.access(nearest, os.W_OK):
        raise _not_writable(out, f"no permission to write in {nearest}")


def _names(folder: Path) -> list[str]:
    """What a folder contains; nothing if it is gone, as that of a lecture that was deleted meanwhile."""
    try:
        return [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _not_writable(out: Path, why: str) -> WrongInputError:
    return WrongInputError([Fault("out", f"{out}, which is not writable ({why})", "a writable folder with enough space")])


def _writing(out: Path, step: Callable[[], object]) -> None:
    """Run a step that writes; report an error of the system as a fault of `out`."""
    try:
        step()
    except OSError as error:
        raise _not_writable(out, error.strerror or str(error)) from error


def _owned(out: Path) -> set[str]:
    """Return the names this software wrote in the folder. WrongInputError if the manifest is invalid."""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        names = set(manifest["files"]) if manifest["format"] == _FORMAT else None
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, KeyError, TypeError):
        names = None
    if names is None or not all(_inside(name) for name in names):
        raise WrongInputError([Fault(str(out / MANIFEST), "no valid list of an export's files", "the file as it was written")])
    return names


def _inside(name: object) -> bool:
    """Whether a name in the manifest can only be a file of an export, so that it never leads out of the folder."""
    if not isinstance(name, str):
        return False
    path = PurePosixPath(name)
    return name in _NAMES or (len(path.parts) == 2 and path.parts[0] == "media" and path.parts[1] != "..")  # noqa: PLR2004


def _own(out: Path, names: Iterable[str]) -> None:
    """Add names to the manifest before they are written. WrongInputError if one of them is already another program's file."""
    owned = _owned(out)
    foreign = [name for name in names if name not in owned and (out / name).exists()]
    if foreign:
        found = f"{out / foreign[0]}, which this software did not write"
        raise WrongInputError([Fault("out", found, "a folder without that file (move it, or choose another --out)")])
    _writing(out, lambda: _write_manifest(out, owned | set(names)))


def _disown(out: Path, keep: set[str]) -> None:
    """Delete what an earlier export wrote and this one no longer names."""
    owned = _owned(out)
    for name in owned - keep:
        (out / name).unlink(missing_ok=True)
    _writing(out, lambda: _write_manifest(out, owned & keep))


def _write_manifest(out: Path, names: set[str]) -> None:
    write(out / MANIFEST, json.dumps({"format": _FORMAT, "files": sorted(names)}, indent=2) + "\n")


def write(path: Path, content: str | bytes) -> None:
    """Write a file completely or not at all, and not if it holds that already; text as UTF-8."""
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def _copy(source: BinaryIO, target: Path) -> None:
    """Copy a medium. A hard link would let a person who edits the export change the stored take as well."""
    source.seek(0)
    if target.exists() and _same_bytes(source, target):
        return
    source.seek(0)
    part = target.with_name(f".{target.name}.part")
    with part.open("wb") as copy:
        shutil.copyfileobj(source, copy, _CHUNK)
    part.replace(target)


def _same_bytes(source: BinaryIO, target: Path) -> bool:
    """Whether two files are equal, read to the end: neither size nor date proves anything after an edit."""
    with target.open("rb") as other:
        while (part := source.read(_CHUNK)) == other.read(_CHUNK):
            if not part:
                return True
    return False
