"""The shape of a timeline, `lecture-timeline/1`, and of the segment timelines it is made of. Types only; nothing is checked here.

Numbers are integers, never floats, because timelines are hashed. A medium is `{"sha256", "media_type"}`; an export puts `src`
beside it. Anything that does not exist yet is an object of type `missing` with its reason, never null or absent.
`lecture-timeline-1.schema.json` describes an exported timeline.json in JSON Schema 2020-12.
"""

import json
from importlib.resources import files
from typing import Any, Literal, NotRequired, TypedDict

from lecture_assets.languages import Direction

SCHEMA = "lecture-timeline/1"
SEGMENT_SCHEMA = "lecture-segment-timeline/1"


def json_schema() -> dict[str, Any]:
    """Load the JSON Schema of timeline.json that ships with the package."""
    text = files(__package__).joinpath("lecture-timeline-1.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


class Media(TypedDict):
    """A medium, identified by its bytes."""

    sha256: str
    media_type: str


class View(TypedDict):
    """A picture's position in the frame: fitted, scaled about the frame's centre, then moved by fractions of the frame's size.

    In CSS: `transform: translate(x/10 %, y/10 %) scale(scale/1000)`. A picture that covers the frame covers it in every view; one
    that is contained may be smaller, and its backdrop is not transformed.
    """

    scale_permille: int
    x_permille: int
    y_permille: int


Motion = TypedDict("Motion", {"from": View, "to": View})
"""Uniform motion from the layer's first frame to its last."""

Fit = Literal["cover", "contain"]
"""cover: fills the frame with its edges cut off. contain: fitted whole, over a blurred copy of itself, which does not move."""


class SegmentLayer(TypedDict):
    """A picture, a clip or a placeholder for a missing one, on the segment's clock. Later layers are on top.

    alt:                    what it shows, for people who do not see it
    image:                  the number of the picture within its segment; several layers may be views of the same picture
    source_start_ms:        the time within the clip at which the layer begins
    playback_rate_permille: the pace of the clip; 0: its frame at `source_start_ms`, or its last one, as a picture in `motion`
    """

    type: Literal["image", "video", "missing"]
    offset_ms: int
    duration_ms: int
    fade_in_ms: int
    media: NotRequired[Media]
    alt: NotRequired[str]
    fit: NotRequired[Fit]
    motion: NotRequired[Motion]
    image: NotRequired[int]
    source_duration_ms: NotRequired[int]
    source_start_ms: NotRequired[int]
    playback_rate_permille: NotRequired[int]
    after_end: NotRequired[Literal["hold"]]
    medium: NotRequired[Literal["image", "video"]]
    reason: NotRequired[str]


class SegmentNarration(TypedDict):
    """Speech on the segment's clock; duration_ms is an estimate if it is missing. gain_millibel: brings it to -16 LUFS."""

    type: Literal["audio", "missing"]
    offset_ms: int
    duration_ms: int
    media: NotRequired[Media]
    gain_millibel: NotRequired[int]
    reason: NotRequired[str]


class SegmentWord(TypedDict):
    """A spoken word on the segment's clock.

    no_space_before: it follows the word before it directly, as in Chinese
    hyphenated:      its hyphen is not part of it: the word goes on in the next caption
    """

    text: str
    offset_ms: int
    end_offset_ms: int
    no_space_before: NotRequired[bool]
    hyphenated: NotRequired[bool]


class SegmentCaption(SegmentWord):
    """A line of words on the segment's clock."""

    words: list[SegmentWord]


class SegmentTimeline(TypedDict):
    """The value of node assembler:segment-timeline."""

    schema: str
    slot: str
    language: str
    duration_ms: int
    layers: list[SegmentLayer]
    narration: SegmentNarration
    captions: list[SegmentCaption]
    effect: str
    background_music: str


class Layer(TypedDict):
    """A layer on the lecture's clock. For all else, see `SegmentLayer`.

    fade_in_frames:  it fades in over the previous layer; the first one of the lecture is there at once
    fade_out_frames: it fades to black in its last frames; only the last one of the lecture
    """

    type: Literal["image", "video", "missing"]
    start_frame: int
    duration_in_frames: int
    fade_in_frames: int
    fade_out_frames: NotRequired[int]
    src: NotRequired[str]
    media: NotRequired[Media]
    alt: NotRequired[str]
    fit: NotRequired[Fit]
    motion: NotRequired[Motion]
    image: NotRequired[int]
    source_duration_ms: NotRequired[int]
    source_start_ms: NotRequired[int]
    playback_rate_permille: NotRequired[int]
    after_end: NotRequired[Literal["hold"]]
    medium: NotRequired[Literal["image", "video"]]
    reason: NotRequired[str]


class Narration(TypedDict):
    """Speech on the lecture's clock; lengths are estimates if it is missing.

    gain_millibel: amplifies the medium, in hundredths of a decibel, so that all narrations are equally loud and the film is at
                   -16 LUFS with its pauses; absent if it was not measured yet
    """

    type: Literal["audio", "missing"]
    start_frame: int
    duration_in_frames: int
    start_ms: int
    duration_ms: int
    src: NotRequired[str]
    media: NotRequired[Media]
    gain_millibel: NotRequired[int]
    reason: NotRequired[str]


class TimedWord(TypedDict):
    """A spoken word on the lecture's clock. For `no_space_before` and `hyphenated`, see `SegmentWord`."""

    text: str
    start_ms: int
    end_ms: int
    no_space_before: NotRequired[bool]
    hyphenated: NotRequired[bool]


class Caption(TimedWord):
    """A line of words on the lecture's clock."""

    words: list[TimedWord]


class Segment(TypedDict):
    """One segment in its position. Segments follow each other without gaps or overlaps."""

    slot: str
    position: int
    start_frame: int
    duration_in_frames: int
    layers: list[Layer]
    narration: Narration
    captions: list[Caption]
    effect: str
    background_music: str


class Gain(TypedDict):
    """A point of the music's volume curve, which is linear between points. 1000 is as loud as speech."""

    frame: int
    gain_permille: int


class MusicPart(TypedDict):
    """A span in which some of the piece plays, from `source_start_ms` of it on.

    fade_in_frames, fade_out_frames: cross-fades with the parts before and after, with equal power: at a share t of the fade, the
                                     gain is sin(t·π/2), or cos(t·π/2)
    """

    start_frame: int
    duration_in_frames: int
    source_start_ms: int
    fade_in_frames: int
    fade_out_frames: int


class MusicTrack(TypedDict):
    """Music under the whole lecture, unless it is off (`none`). after_end: the piece is repeated, as `parts` say.

    gain_millibel: brings the medium to the loudness of speech, in hundredths of a decibel, before the envelope; absent if it was
                   not measured yet
    """

    type: Literal["audio", "missing", "none"]
    gain_millibel: NotRequired[int]
    parts: NotRequired[list[MusicPart]]
    start_frame: int
    duration_in_frames: int
    src: NotRequired[str]
    media: NotRequired[Media]
    source_duration_ms: NotRequired[int]
    after_end: NotRequired[Literal["loop"]]
    envelope: NotRequired[list[Gain]]
    reason: NotRequired[str]


class Title(TypedDict):
    """The title: over the first pictures, alone on a ground of `colour` (`card`), or never shown (`none`, with no frames)."""

    type: Literal["title", "missing"]
    start_frame: int
    duration_in_frames: int
    text: NotRequired[str]
    display: NotRequired[Literal["over", "card", "none"]]
    fade_in_frames: NotRequired[int]
    fade_out_frames: NotRequired[int]
    colour: NotRequired[str]
    reason: NotRequired[str]


CaptionDisplay = Literal["burned", "soft", "off"]
CaptionPlace = Literal["bottom", "top"]
CaptionSize = Literal["small", "medium", "large"]


class CaptionStyle(TypedDict):
    """How captions are shown: in the picture, as a track that players switch, or not at all; where, and how large."""

    display: CaptionDisplay
    place: CaptionPlace
    size: CaptionSize


class Timeline(TypedDict):
    """The value of node assembler:timeline. language: a BCP 47 tag; direction: in which its text is written."""

    schema: str
    fps: int
    width: int
    height: int
    duration_in_frames: int
    language: str
    direction: Direction
    assembly_strategy: str
    caption_style: CaptionStyle
    title: Title
    description: NotRequired[str]
    segments: list[Segment]
    music: MusicTrack
