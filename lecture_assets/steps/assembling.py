"""The `assembler:` nodes: call the pure functions of `timeline/` with the nodes' inputs, some of which are missing in a draft."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.prose.markup import as_shown
from lecture_assets.steps.step import Free, Inputs, Missing
from lecture_assets.timeline.assemble import assemble, assemble_segment, size_of
from lecture_assets.timeline.spread import with_words


def _segment_timeline(inputs: Inputs) -> Json:
    segment: Any = inputs.node.cell.segment
    recording = inputs.read["asset:narration"]
    expected_s = recording.seconds if isinstance(recording, Missing) else None
    return assemble_segment(
        slot=segment,
        narration=_narration(inputs),
        pictures=list(inputs.several("asset:image").values()),
        clip=inputs.there("asset:video"),
        effect=inputs.there("content:effect", "none"),
        background_music=inputs.there("content:background-music", ""),
        size=size_of(inputs["config:size-aspect-ratio"]),
        strategy=inputs["config:assembly-strategy"],
        segment_length_s=inputs.read.get("config:segment-length", expected_s),
        missing=inputs.reasons(narration="asset:narration", video="asset:video"),
    )


def _narration(inputs: Inputs) -> Any:
    """Return the recording; a person's own gets the words of the current text."""
    recording = inputs.there("asset:narration")
    return with_words(recording, inputs.there("content:narration-text")) if recording else None


def _timeline(inputs: Inputs) -> Json:
    order = inputs["config:segment-order"]
    segments = inputs.several("assembler:segment-timeline")
    title = inputs.there("content:video-title")
    return assemble(
        segments={slot: segments[f":segment[{slot}]"] for slot in order},
        order=order,
        music=inputs.there("asset:music"),
        title=None if title is None else as_shown(title),
        size=size_of(inputs["config:size-aspect-ratio"], inputs["config:resolution"]),
        strategy=inputs["config:assembly-strategy"],
        missing=inputs.reasons(music="asset:music", title="content:video-title"),
        estimated_segment_ms=0,
        caption_style={
            "display": inputs["config:captions"],
            "place": inputs["config:caption-place"],
            "size": inputs["config:caption-size"],
        },
    )


ASSEMBLING: Mapping[str, Free] = {
    "assembler:segment-timeline": Free("2", _segment_timeline),
    "assembler:timeline": Free("2", _timeline),
}
