"""The shape of a timeline, `lecture-timeline/1`, and of the segment timelines it is made of. Types only; nothing is checked here.

Numbers are integers, never floats, because timelines are hashed. A medium is `{"sha256", "media_type"}`; an export puts `src`
beside it. Anything that does not exist yet is an object of type `missing` with its reason, never null or absent.
`lecture-timeline-1.schema.json` describes an exported timeline.json in JSON Schema 2020-12.
"""

import json
from importlib.resources import files
from typing import Any, Literal, NotRequired, TypedDict

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

    In CSS: `transform: translate(x/10 %, y/10 %) scale(scale/1000)`. It never shows anything outside the picture.
    """

    scale_permille: int
    x_permille: int
    y_permille: int


Motion = TypedDict("Motion", {"from": View, "to": View})
"""Uniform motion from the layer's first frame to its last; at rest while the layer is shown longer, under the next fade."""

Fit = Literal["cover", "contain"]
"""cover: fills the frame with its edges cut off. contain: shown whole, over a blurred copy of itself."""


class SegmentLayer(TypedDict):
    """A picture, a clip or a placeholder for a missing one, on the segment's clock. Later layers are on top."""

    type: Literal["image", "video", "missing"]
    offset_ms: int
    duration_ms: int
    fade_in_ms: int
    media: NotRequired[Media]
    fit: NotRequired[Fit]
    motion: NotRequired[Motion]
    source_duration_ms: NotRequired[int]
    after_end: NotRequired[Literal["hold"]]
    medium: NotRequired[Literal["image", "video"]]
    reason: NotRequired[str]


class SegmentNarration(TypedDict):
    """Speech on the segment's clock; duration_ms is an estimate if it is missing."""

    type: Literal["audio", "missing"]
    offset_ms: int
    duration_ms: int
    media: NotRequired[Media]
    reason: NotRequired[str]


class SegmentWord(TypedDict):
    """A spoken word on the segment's clock."""

    text: str
    offset_ms: int
    end_offset_ms: int


class SegmentCaption(SegmentWord):
    """A line of words on the segment's clock."""

    words: list[SegmentWord]


class SegmentTimeline(TypedDict):
    """The value of node assembler:segment-timeline."""

    schema: str
    slot: str
    duration_ms: int
    layers: list[SegmentLayer]
    narration: SegmentNarration
    captions: list[SegmentCaption]
    effect: str
    background_music: str


class Layer(TypedDict):
    """A layer on the lecture's clock. fade_in_frames: it fades in over the previous layer, the first one over black."""

    type: Literal["image", "video", "missing"]
    start_frame: int
    duration_in_frames: int
    fade_in_frames: int
    src: NotRequired[str]
    media: NotRequired[Media]
    fit: NotRequired[Fit]
    motion: NotRequired[Motion]
    source_duration_ms: NotRequired[int]
    after_end: NotRequired[Literal["hold"]]
    medium: NotRequired[Literal["image", "video"]]
    reason: NotRequired[str]


class Narration(TypedDict):
    """Speech on the lecture's clock; lengths are estimates if it is missing."""

    type: Literal["audio", "missing"]
    start_frame: int
    duration_in_frames: int
    start_ms: int
    duration_ms: int
    src: NotRequired[str]
    media: NotRequired[Media]
    reason: NotRequired[str]


class TimedWord(TypedDict):
    """A spoken word on the lecture's clock."""

    text: str
    start_ms: int
    end_ms: int


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


class MusicTrack(TypedDict):
    """Music under the whole lecture. after_end: what happens if the piece is shorter than the lecture."""

    type: Literal["audio", "missing"]
    start_frame: int
    duration_in_frames: int
    src: NotRequired[str]
    media: NotRequired[Media]
    source_duration_ms: NotRequired[int]
    after_end: NotRequired[Literal["loop"]]
    envelope: NotRequired[list[Gain]]
    reason: NotRequired[str]


class Title(TypedDict):
    """The title over the first seconds."""

    type: Literal["title", "missing"]
    start_frame: int
    duration_in_frames: int
    text: NotRequired[str]
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
    """The value of node assembler:timeline."""

    schema: str
    fps: int
    width: int
    height: int
    duration_in_frames: int
    assembly_strategy: str
    caption_style: CaptionStyle
    title: Title
    segments: list[Segment]
    music: MusicTrack
