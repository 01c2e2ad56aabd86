"""The nodes that are rendered: what each segment's clip shows, the clips, the sound, and the film they are joined to.

    assembler:timeline ─┬► assembler:segment-frames ─► asset:clip ─┬► assembler:film
                        ├► assembler:audio-mix ─► asset:soundtrack ┤
                        └──────────────────────────────────────────┘

A clip reads the frames of its segment, and not the timeline: an edit that leaves them equal leaves it fresh, and so does one
after which its segment merely begins later. The sound reads what is heard. The film is joined from both whenever anything has
changed.
"""

from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import RenderedMedium, RenderForm, RenderRequest
from lecture_assets.steps.step import Free, Inputs, Rendered
from lecture_assets.timeline.audio_mix import audio_mix
from lecture_assets.timeline.segment_frames import segment_frames

_MP4 = "video/mp4"


def _frames(inputs: Inputs) -> Json:
    return segment_frames(inputs["assembler:timeline"], f"s{inputs.node.cell.segment:02d}")


def _clip(inputs: Inputs) -> RenderRequest:
    return RenderRequest(RenderForm.CLIP, inputs["assembler:segment-frames"])


def _clip_value(inputs: Inputs, clip: RenderedMedium) -> Json:
    measured = {"measured": dict(clip.measured)} if clip.measured else {}
    return _value(inputs["assembler:segment-frames"], clip) | measured


def _mix(inputs: Inputs) -> Json:
    return audio_mix(inputs["assembler:timeline"])


def _sound(inputs: Inputs) -> RenderRequest:
    return RenderRequest(RenderForm.SOUND, inputs["assembler:audio-mix"])


def _sound_value(inputs: Inputs, sound: RenderedMedium) -> Json:
    mix = inputs["assembler:audio-mix"]
    duration_ms = mix["duration_in_frames"] * 1000 // mix["fps"]
    return {"sha256": sound.sha256, "media_type": "audio/mp4", "duration_ms": duration_ms, **sound.measured}


def _film(inputs: Inputs) -> RenderRequest:
    slots = (segment["slot"] for segment in inputs["assembler:timeline"]["segments"])
    clips = inputs.several("asset:clip")
    of_slots = {slot: clips[f":segment[{int(slot[1:])}]"]["sha256"] for slot in slots}
    return RenderRequest(RenderForm.FILM, inputs["assembler:timeline"], of_slots, inputs["asset:soundtrack"]["sha256"])


def _film_value(inputs: Inputs, film: RenderedMedium) -> Json:
    return _value(inputs["assembler:timeline"], film)


def _value(timeline: Mapping[str, Any], rendered: RenderedMedium) -> dict[str, Json]:
    """Return a `content.Clip` or a `content.Film`, which are as large and long as what they were rendered from."""
    return {
        "sha256": rendered.sha256,
        "media_type": _MP4,
        "width": timeline["width"],
        "height": timeline["height"],
        "duration_ms": timeline["duration_in_frames"] * 1000 // timeline["fps"],
    }


RENDERING: Mapping[str, Free | Rendered] = {
    "assembler:segment-frames": Free("1", _frames),
    "asset:clip": Rendered("1", _clip, _clip_value),
    "assembler:audio-mix": Free("1", _mix),
    "asset:soundtrack": Rendered("1", _sound, _sound_value),
    "assembler:film": Rendered("1", _film, _film_value),
}
