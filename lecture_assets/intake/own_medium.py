"""A file of a person's as the value that an `asset:` node holds. START HERE."""

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Holds
from lecture_assets.intake.clip import take_clip
from lecture_assets.intake.form import CLIPS, HEAD, PICTURES, SOUNDS, Form, form_of
from lecture_assets.intake.picture import take_picture
from lecture_assets.intake.sound import take_sound
from lecture_assets.intake.unfit import UnfitMediumError

Take = Callable[[Path, Form, Path], tuple[Path, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Sort:
    """What may be put in the place of a medium. allowed: in words."""

    forms: frozenset[Form]
    max_bytes: int
    take: Take
    allowed: str


_SOUND = _Sort(SOUNDS, 500_000_000, take_sound, "a sound of at most 2 hours and 500 MB: WAV, MP3, M4A, Ogg, FLAC, AIFF")
_PICTURE_FORMS = "PNG, JPEG, WebP, GIF, BMP, TIFF"
_SORTS: Mapping[Holds, _Sort] = {
    Holds.PICTURE: _Sort(PICTURES, 50_000_000, take_picture, f"a picture of at most 50 MB: {_PICTURE_FORMS}"),
    Holds.CLIP: _Sort(CLIPS, 1_000_000_000, take_clip, "a video clip of at most 10 minutes and 1 GB: MP4, MOV, WebM, Matroska"),
    Holds.SPEECH: _SOUND,
    Holds.MUSIC: _SOUND,
}


@dataclass(frozen=True, slots=True)
class OwnMedium:
    """A file to be kept, and what the node's type says of it beside its sha256. is_given: it is the person's own file still."""

    path: Path
    facts: Mapping[str, Json]
    is_given: bool


def allowed_media(holds: Holds) -> str:
    """What a node of this type takes, in words."""
    return _SORTS[holds].allowed


def max_bytes(holds: Holds) -> int:
    """How large a file a node of this type takes."""
    return _SORTS[holds].max_bytes


def take_medium(path: Path, holds: Holds, folder: Path) -> OwnMedium:
    """A file for a node of this type; what has to be written anew is written into `folder`. A recording has no words yet.

    UnfitMediumError where the file is none, is another medium, cannot be decoded to its end, or is beyond the limits.
    """
    sort = _SORTS[holds]
    form = _form_of(path, sort.max_bytes)
    if form not in sort.forms:
        found = "a medium of another sort" if form else "bytes that are no medium that is known"
        raise UnfitMediumError(found)
    kept, facts = sort.take(path, form, folder)
    if holds is Holds.SPEECH:
        facts["words"] = []
    return OwnMedium(kept, facts, is_given=kept == path)


def _form_of(path: Path, max_bytes: int) -> Form | None:
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                found = "a pipe or a device"
                raise UnfitMediumError(found)
            if about.st_size > max_bytes:
                found = f"{about.st_size:,} bytes"
                raise UnfitMediumError(found)
            return form_of(file.read(HEAD))
    except IsADirectoryError:
        found = "a folder"
        raise UnfitMediumError(found) from None
    except FileNotFoundError:
        found = "no such file"
        raise UnfitMediumError(found) from None
    except (OSError, ValueError) as error:
        found = (getattr(error, "strerror", None) or str(error)).lower()
        raise UnfitMediumError(found) from None


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def spread(text: str, duration_ms: int) -> list[Json]:
    """The words of a text over a time, each as long as it is written: nobody said when they are spoken."""
    words = text.split()
    total = sum(len(word) + 1 for word in words)
    spoken: list[Json] = []
    letters = 0
    for word in words:
        start, letters = letters, letters + len(word) + 1
        spoken.append({"text": word, "start_ms": start * duration_ms // total, "end_ms": letters * duration_ms // total})
    return spoken
