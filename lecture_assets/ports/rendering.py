"""What is rendered on this machine: a segment's clip, the sound of the lecture, or the film. Costs time and no money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RenderForm(StrEnum):
    """What comes out.

    `clip` is silent video of one segment, `sound` all that is heard, `film` the finished video, `sheet` a picture of a timeline.
    """

    CLIP = "clip"
    SOUND = "sound"
    FILM = "film"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """One rendering.

    timeline: a lecture's, or a part of it: `timeline/segment_frames.py`, `timeline/audio_mix.py`
    clips:    of a film, the SHA-256 of clips rendered before, by slot (`s02`)
    sound:    of a film, the SHA-256 of its sound, rendered before
    """

    form: RenderForm
    timeline: Mapping[str, Any]
    clips: Mapping[str, str] = field(default_factory=dict)
    sound: str | None = None


@dataclass(frozen=True, slots=True)
class RenderedMedium:
    """What came of it. measured: of a clip, a `content.PictureMeasures`; of a sound, the measures of a `content.Soundtrack`."""

    sha256: str
    measured: Mapping[str, Any] = field(default_factory=dict)
