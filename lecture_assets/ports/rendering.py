"""What is rendered on this machine: a segment's clip, or the film. Costs time and no money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RenderForm(StrEnum):
    """What comes out: `clip` is silent video of one segment, `film` the finished video, `sheet` a picture of a timeline."""

    CLIP = "clip"
    FILM = "film"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """One rendering.

    timeline: what is drawn: a lecture's timeline, or the frames of a segment (`timeline/segment_frames.py`)
    clips:    of a film, the SHA-256 of clips rendered before, by slot (`s02`)
    """

    form: RenderForm
    timeline: Mapping[str, Any]
    clips: Mapping[str, str] = field(default_factory=dict)
