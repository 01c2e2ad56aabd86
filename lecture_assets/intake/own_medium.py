"""A person's file as the value of an `asset:` node. START HERE.

file ── form.py: what is it? ──► a separate process (sandbox.py) ──► picture.py, sound.py, clip.py ──► the file to keep
"""

import os
import stat
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds
from lecture_assets.intake.form import CLIPS, PICTURES, SOUNDS, Form, Recognised, recognise
from lecture_assets.intake.sandbox import inspect_file
from lecture_assets.intake.unfit import UnfitMediumError

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Sort:
    """A kind of medium that a person may supply.

    name:    how it is inspected
    allowed: what is accepted, in words
    """

    name: str
    forms: frozenset[Form]
    max_bytes: int
    allowed: str


_SOUND = _Sort("sound", SOUNDS, 500_000_000, "a sound of at most 2 hours and 500 MB: WAV, MP3, M4A, AAC, Ogg, FLAC, AIFF")
_PICTURE_FORMS = "PNG, JPEG, WebP, GIF, BMP, TIFF"
_CLIP_FORMS = "MP4, MOV, WebM, Matroska"
_SORTS: Mapping[Holds, _Sort] = {
    Holds.PICTURE: _Sort("picture", PICTURES, 50_000_000, f"a picture of at most 50 MB: {_PICTURE_FORMS}"),
    Holds.CLIP: _Sort("clip", CLIPS, 1_000_000_000, f"a video clip of at most 10 minutes, 4K and 1 GB: {_CLIP_FORMS}"),
    Holds.SPEECH: _SOUND,
    Holds.MUSIC: _SOUND,
}


@dataclass(frozen=True, slots=True)
class OwnMedium:
    """A file to keep, and the fields of the node's type besides sha256. is_given: it is the person's own file, unchanged."""

    path: Path
    facts: Mapping[str, Json]
    is_given: bool


def allowed_media(holds: Holds) -> str:
    """What a node of this type accepts, in words."""
    return _SORTS[holds].allowed


def max_bytes(holds: Holds) -> int:
    """The largest file in bytes that a node of this type accepts."""
    return _SORTS[holds].max_bytes


def take_medium(path: Path, holds: Holds, folder: Path, stopped: threading.Event | None = None) -> OwnMedium:
    """Inspect a file for a node of this type. If it must be converted, the result is in `folder`. A recording has no words.

    stopped: set when the result is no longer wanted; then NotWantedError

    UnfitMediumError if it is not a file, is another medium, cannot be decoded to its end, or exceeds the limits.
    """
    kept, facts = inspect_file(job_of(path, holds, folder), stopped)
    if holds is Holds.SPEECH:
        facts["words"] = []
    is_given = kept == path.absolute()
    return OwnMedium(path if is_given else kept, facts, is_given)


def job_of(path: Path, holds: Holds, folder: Path) -> dict[str, Any]:
    """The job for `sandboxed.py`. UnfitMediumError if it is not a file, or is another medium; then no process is needed."""
    sort = _SORTS[holds]
    with _opened(path, sort.max_bytes) as file:
        found = recognise(file)
    if found.form not in sort.forms:
        raise UnfitMediumError(_otherwise(found))
    where = {"path": str(path.absolute()), "folder": str(folder.absolute())}
    return {"sort": sort.name, **where, "form": found.form, "start": found.start, "clean": found.clean}


def _otherwise(found: Recognised) -> str:
    if found.form:
        return "another kind of medium"
    return found.name or "bytes in no known media format"


def copied(path: Path, holds: Holds, target: Path) -> Path:
    """Copy a file, so that what is inspected is what is kept. UnfitMediumError if it may not be accepted."""
    most = max_bytes(holds)
    size = 0
    with _opened(path, most) as file, target.open("wb") as sink:
        while part := file.read(_CHUNK):
            size += len(part)
            if size > most:
                found = f"more than {most:,} bytes"
                raise UnfitMediumError(found)
            sink.write(part)
    return target


def _opened(path: Path, most: int) -> BinaryIO:
    """Open a file for reading, if it is one and not too large. UnfitMediumError says what it is instead."""
    try:
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller's `with` closes it; Path has no opener
        about = os.fstat(file.fileno())
    except IsADirectoryError:
        found = "a folder"
    except FileNotFoundError:
        found = "no such file"
    except (OSError, ValueError) as error:
        found = (getattr(error, "strerror", None) or str(error)).lower()
    else:
        if stat.S_ISREG(about.st_mode) and about.st_size <= most:
            return file
        found = f"{about.st_size:,} bytes" if stat.S_ISREG(about.st_mode) else "a pipe or a device"
        file.close()
    raise UnfitMediumError(found)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
