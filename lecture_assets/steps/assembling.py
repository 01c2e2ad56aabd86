"""The `assembler:` nodes: the timeline room's pure functions, given what the nodes read."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.prose.markup import as_shown
from lecture_assets.steps.step import Free, Inputs
from lecture_assets.timeline.assemble import assemble, assemble_segment, size_of
from lecture_assets.timeline.spread import with_words


def _segment_timeline(inputs: Inputs) -> Json:
    segment: Any = inputs.node.cell.segment
    return assemble_segment(
        slot=segment,
        narration=with_words(inputs["asset:narration"], inputs.read.get("content:narration-text")),
        pictures=inputs.several("asset:image"),
        clip=inputs.read.get("asset:video"),
        effect=inputs["content:effect"],
        background_music=inputs["content:background-music"],
        size=size_of(inputs["config:size-aspect-ratio"]),
        strategy=inputs["config:assembly-strategy"],
        segment_length_s=inputs.read.get("config:segment-length"),
        missing={},
    )


def _timeline(inputs: Inputs) -> Json:
    order = inputs["config:segment-order"]
    segments = inputs["assembler:segment-timeline"]
    return assemble(
        segments={slot: segments[f":segment[{slot}]"] for slot in order},
        order=order,
        music=inputs["asset:music"],
        title=as_shown(inputs["content:video-title"]),
        size=size_of(inputs["config:size-aspect-ratio"]),
        strategy=inputs["config:assembly-strategy"],
        missing={},
        estimated_segment_ms=0,
    )


ASSEMBLING: Mapping[str, Free] = {
    "assembler:segment-timeline": Free("1", _segment_timeline),
    "assembler:timeline": Free("1", _timeline),
}
