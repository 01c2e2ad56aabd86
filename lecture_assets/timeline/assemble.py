"""The lecture's timeline, made from its segments' timelines: positions, frames, title and music. START HERE after `schema.py`.

Pure and total: anything missing becomes an object of type `missing`, so that a half-made lecture plays.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from lecture_assets.timeline.clock import ASPECT_RATIOS, FPS, RESOLUTIONS, frame_at, frames_between, size_of
from lecture_assets.timeline.music import envelope_of
from lecture_assets.timeline.schema import (
    SCHEMA,
    Caption,
    CaptionDisplay,
    CaptionPlace,
    CaptionSize,
    CaptionStyle,
    Layer,
    MusicTrack,
    Narration,
    Segment,
    Timeline,
    Title,
)
from lecture_assets.timeline.segment import LEAD_MS, NOT_MADE, STRATEGIES, TAIL_MS, Strategy, assemble_segment

__all__ = [
    "ASPECT_RATIOS",
    "CAPTION_DISPLAYS",
    "CAPTION_PLACES",
    "CAPTION_SIZES",
    "CAPTION_STYLE",
    "RESOLUTIONS",
    "STRATEGIES",
    "Strategy",
    "assemble",
    "assemble_segment",
    "size_of",
]

CAPTION_DISPLAYS: tuple[CaptionDisplay, ...] = get_args(CaptionDisplay)
CAPTION_PLACES: tuple[CaptionPlace, ...] = get_args(CaptionPlace)
CAPTION_SIZES: tuple[CaptionSize, ...] = get_args(CaptionSize)

CLOSING_MS = 1000
"""The last picture stays for another second while the music fades out."""
CAPTION_STYLE: CaptionStyle = {"display": "burned", "place": "bottom", "size": "medium"}
"""The captions of a lecture for which nothing else was chosen."""
TITLE_FRAMES = 96
"""The title covers the first 3.2 seconds: long enough to read eight words, without delaying the lecture."""


def assemble(  # noqa: PLR0913, PLR0917 - one argument per input of the node
    segments: Mapping[int, Mapping[str, Any] | None],
    order: Sequence[int],
    music: Mapping[str, Any] | None,
    title: str | None,
    size: tuple[int, int],
    strategy: Strategy,
    missing: Mapping[str, str],
    estimated_segment_ms: int,
    caption_style: CaptionStyle = CAPTION_STYLE,
) -> dict[str, Any]:
    """Return the value of node assembler:timeline (`schema.Timeline`).

    segments: the segment timeline of each slot, None (or absent) for one that does not exist yet
    order:    the slots in play order
    music:    a value of `content.Music`, None if it does not exist yet
    title:    the title's text, None if it does not exist yet
    missing:  why something does not exist, by `segment[2]` (slot), `music`, `title`
    estimated_segment_ms: the length assumed for a segment that does not exist yet
    """
    sources = [segments.get(slot) or _absent(slot, size, estimated_segment_ms, missing) for slot in order]
    start_ms, placed = 0, []
    for position, source in enumerate(sources):
        closing_ms = CLOSING_MS if position == len(sources) - 1 else 0
        placed.append(_place(source, position, start_ms, closing_ms))
        start_ms += source["duration_ms"] + closing_ms
    duration = frame_at(start_ms)
    timeline: Timeline = {
        "schema": SCHEMA,
        "fps": FPS,
        "width": size[0],
        "height": size[1],
        "duration_in_frames": duration,
        "assembly_strategy": strategy,
        "caption_style": caption_style,
        "title": _title(title, duration, missing),
        "segments": placed,
        "music": _music(music, placed, duration, missing),
    }
    return cast("dict[str, Any]", timeline)


def _absent(slot: int, size: tuple[int, int], duration_ms: int, missing: Mapping[str, str]) -> Mapping[str, Any]:
    """Return a segment timeline in which everything is missing, `duration_ms` long."""
    reason = missing.get(f"segment[{slot}]", NOT_MADE)
    reasons = {"narration": reason, "image[0]": reason}
    segment = assemble_segment(slot, None, [None], None, "none", "", size, "narration-led", None, reasons)
    spoken = max(1, duration_ms - LEAD_MS - TAIL_MS)
    length = LEAD_MS + spoken + TAIL_MS
    segment["layers"][0]["duration_ms"] = segment["duration_ms"] = length
    segment["narration"]["duration_ms"] = spoken
    return segment


def _place(source: Mapping[str, Any], position: int, start_ms: int, closing_ms: int) -> Segment:
    """Move a segment timeline to its position; the last layer is extended by the closing."""
    end_ms = start_ms + source["duration_ms"]
    layers = [_layer(layer, start_ms, closing_ms if layer is source["layers"][-1] else 0) for layer in source["layers"]]
    return {
        "slot": source["slot"],
        "position": position,
        "start_frame": frame_at(start_ms),
        "duration_in_frames": frames_between(start_ms, end_ms + closing_ms),
        "layers": layers,
        "narration": _narration(source["narration"], start_ms),
        "captions": [_caption(caption, start_ms) for caption in source["captions"]],
        "effect": source["effect"],
        "background_music": source["background_music"],
    }


def _layer(layer: Mapping[str, Any], segment_ms: int, closing_ms: int) -> Layer:
    start_ms = segment_ms + layer["offset_ms"]
    rest = {key: value for key, value in layer.items() if key not in {"type", "offset_ms", "duration_ms", "fade_in_ms"}}
    placed: dict[str, Any] = {
        "type": layer["type"],
        "start_frame": frame_at(start_ms),
        "duration_in_frames": frames_between(start_ms, start_ms + layer["duration_ms"] + closing_ms),
        "fade_in_frames": frames_between(start_ms, start_ms + layer["fade_in_ms"]),
    }
    return cast("Layer", placed | rest)


def _narration(narration: Mapping[str, Any], segment_ms: int) -> Narration:
    start_ms = segment_ms + narration["offset_ms"]
    rest = {key: value for key, value in narration.items() if key not in {"type", "offset_ms", "duration_ms"}}
    placed = {
        "type": narration["type"],
        "start_frame": frame_at(start_ms),
        "duration_in_frames": frames_between(start_ms, start_ms + narration["duration_ms"]),
        "start_ms": start_ms,
        "duration_ms": narration["duration_ms"],
    }
    return cast("Narration", placed | rest)


def _caption(caption: Mapping[str, Any], segment_ms: int) -> Caption:
    return cast("Caption", _timed(caption, segment_ms) | {"words": [_timed(word, segment_ms) for word in caption["words"]]})


def _timed(words: Mapping[str, Any], segment_ms: int) -> dict[str, Any]:
    return {
        "text": words["text"],
        "start_ms": segment_ms + words["offset_ms"],
        "end_ms": segment_ms + words["end_offset_ms"],
    }


def _title(title: str | None, duration: int, missing: Mapping[str, str]) -> Title:
    frames = min(TITLE_FRAMES, duration)
    if title is None:
        reason = missing.get("title", NOT_MADE)
        return {"type": "missing", "start_frame": 0, "duration_in_frames": frames, "reason": reason}
    return {"type": "title", "start_frame": 0, "duration_in_frames": frames, "text": title}


def _music(music: Mapping[str, Any] | None, segments: Sequence[Segment], duration: int, missing: Mapping[str, str]) -> MusicTrack:
    if music is None:
        reason = missing.get("music", NOT_MADE)
        return {"type": "missing", "start_frame": 0, "duration_in_frames": duration, "reason": reason}
    spoken = [segment["narration"] for segment in segments if segment["narration"]["type"] == "audio"]
    intervals = [(speech["start_frame"], speech["start_frame"] + speech["duration_in_frames"]) for speech in spoken]
    return {
        "type": "audio",
        "start_frame": 0,
        "duration_in_frames": duration,
        "media": {"sha256": music["sha256"], "media_type": music["media_type"]},
        "source_duration_ms": music["duration_ms"],
        "after_end": "loop",
        "envelope": envelope_of(intervals, duration),
    }
