"""What an edit makes stale, exactly, for n = 3 segments, m = 2 images: sets of node ids, calls by role."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lecture_assets.graph.node import node_id

SEGMENTS, IMAGES = range(3), range(2)
TIMELINE = "assembler:timeline"


def each(*kinds: str, segments: range | tuple[int, ...] = SEGMENTS) -> set[str]:
    """These kinds, in each of the segments."""
    return {node_id(kind, segment) for kind in kinds for segment in segments}


def each_image(*kinds: str, segments: range | tuple[int, ...] = SEGMENTS) -> set[str]:
    """These kinds, for each image of each of the segments."""
    return {node_id(kind, segment, image) for kind in kinds for segment in segments for image in IMAGES}


@dataclass(frozen=True)
class Row:
    """One row. `stale` is the table's column, `supplied` the part of it that the edit itself supplied (a person made it).

    first: edits made and generated before; video: start from the lecture after use-video was turned on
    """

    name: str
    edits: tuple[str, ...]
    stale: set[str]
    calls: Mapping[str, int] = field(default_factory=dict)
    supplied: frozenset[str] = frozenset()
    first: tuple[str, ...] = ()
    video: bool = False


_SEGMENT_TIMELINE = "assembler:segment-timeline"
_ADDED = (3,)

ROWS = (
    Row(
        "narration text of segment 2",
        ("text content:narration-text:segment[2]=The sugar feeds the plant, and in the end it feeds nearly all of us.",),
        {*each("content:narration-text", "asset:narration", _SEGMENT_TIMELINE, segments=(2,)), TIMELINE},
        {"speech": 1},
        frozenset({"content:narration-text:segment[2]"}),
    ),
    Row(
        "image-style",
        ("set image_style=bold paper cut-out, evening light",),
        {
            *each_image("llm:image-prompt", "content:image-prompt", "asset:image"),
            *each(_SEGMENT_TIMELINE),
            TIMELINE,
        },
        {"text": 6, "image": 6},
    ),
    Row(
        "prompt of segment 0 image 0",
        ("text content:image-prompt:segment[0]:image[0]=A single green leaf against the sun, ink and wash.",),
        {
            "content:image-prompt:segment[0]:image[0]",
            "asset:image:segment[0]:image[0]",
            "assembler:segment-timeline:segment[0]",
            TIMELINE,
        },
        {"image": 1},
        frozenset({"content:image-prompt:segment[0]:image[0]"}),
    ),
    Row(
        "use-video on",
        ("set use_video=true",),
        {
            *each(
                "llm:video-prompts",
                "content:starting-image-prompt",
                "content:movie-direction-prompt",
                "asset:starting-image",
                "asset:video",
                _SEGMENT_TIMELINE,
            ),
            TIMELINE,
        },
        {"text": 3, "image": 3, "video": 3},
    ),
    Row("use-video off again", ("set use_video=false",), {*each(_SEGMENT_TIMELINE), TIMELINE}, video=True),
    Row(
        "an edit undone",
        ("unpin content:narration-text:segment[2]",),
        {*each("content:narration-text", "asset:narration", _SEGMENT_TIMELINE, segments=(2,)), TIMELINE},
        first=("text content:narration-text:segment[2]=Other words.",),
    ),
    Row(
        "a segment added",
        ("segments add",),
        {
            *each(
                "llm:segment-script",
                "content:script",
                "content:narration-text",
                "content:visual",
                "content:background-music",
                "content:effect",
                "asset:narration",
                _SEGMENT_TIMELINE,
                segments=_ADDED,
            ),
            *each_image("llm:image-prompt", "content:image-prompt", "asset:image", segments=_ADDED),
            TIMELINE,
        },
        {"text": 1 + len(IMAGES), "image": len(IMAGES), "speech": 1},
    ),
    Row("a segment removed", ("segments remove:1",), {TIMELINE}),
    Row("a segment moved", ("segments move:2:0",), {TIMELINE}),
    Row(
        "voice",
        ("set voice=teacher",),
        {*each("asset:narration", _SEGMENT_TIMELINE), TIMELINE},
        {"speech": 3},
    ),
    Row(
        "one image re-rolled",
        ("reroll asset:image:segment[1]:image[1]",),
        {"asset:image:segment[1]:image[1]", "assembler:segment-timeline:segment[1]", TIMELINE},
        {"image": 1},
    ),
)
