"""The `assembler:` nodes: call the pure functions of `timeline/` with the nodes' inputs, some of which are missing in a draft."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import CLIP, PICTURE, RECORDING
from lecture_assets.prose.markup import as_shown
from lecture_assets.steps.step import Free, Inputs, Missing
from lecture_assets.timeline.alt import alt_of
from lecture_assets.timeline.assemble import assemble, assemble_segment, size_of
from lecture_assets.timeline.spread import with_words


def _segment_timeline(inputs: Inputs) -> Json:
    segment: Any = inputs.node.cell.segment
    recording = inputs.read[RECORDING]
    absent = recording if isinstance(recording, Missing) else Missing("")
    return assemble_segment(
        slot=segment,
        narration=_narration(inputs),
        pictures=_pictures(inputs),
        clip=_described(inputs.there(CLIP), inputs.there("content:visual") or inputs.there("content:starting-image-prompt")),
        effect=inputs.there("content:effect", "none"),
        background_music=inputs.there("content:background-music", ""),
        size=size_of(inputs["config:size-aspect-ratio"]),
        strategy=inputs["config:assembly-strategy"],
        segment_length_s=inputs.read.get("config:segment-length", absent.seconds),
        missing=inputs.reasons(PICTURE, narration=RECORDING, video=CLIP),
        expected=_expected(absent, inputs["config:language"]),
        language=inputs["config:language"],
    )


def _expected(absent: Missing, language: str) -> Mapping[str, Any] | None:
    """Return the speech that is to be expected of a known text: its words, and how long they take to say."""
    if absent.text is None or not absent.seconds:
        return None
    return with_words({"duration_ms": absent.seconds * 1000}, absent.text, language)


def _pictures(inputs: Inputs) -> list[Any]:
    """Return the pictures with their alt texts: their prompts, or what is to be seen if a person gave one of them."""
    visual, prompts = inputs.there("content:visual"), inputs.several("content:image-prompt")
    return [_described(picture, visual or prompts.get(address)) for address, picture in inputs.several(PICTURE).items()]


def _described(medium: Any, text: str | None) -> Any:
    """Add an alt text to a medium; a draft may lack either."""
    alt = alt_of(text) if text else ""
    return medium | {"alt": alt} if medium and alt else medium


def _narration(inputs: Inputs) -> Any:
    """Return the recording; a person's own gets the words of the current text."""
    recording = inputs.there(RECORDING)
    return with_words(recording, inputs.there("content:narration-text"), inputs["config:language"]) if recording else None


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
        missing=inputs.reasons("assembler:segment-timeline", music="asset:music", title="content:video-title"),
        description=as_shown(inputs.there("content:video-summary", "")),
        estimated_segment_ms=0,
        language=inputs["config:language"],
        title_display=inputs["config:title-display"],
        music_volume_percent=inputs["config:music-volume"],
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
