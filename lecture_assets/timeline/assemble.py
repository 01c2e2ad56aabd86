"""The lecture's timeline, made from its segments' timelines: positions, frames, title and music. START HERE after `schema.py`.

Pure and total: anything missing becomes an object of type `missing`, so that a half-made lecture plays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from lecture_assets.languages import DEFAULT_LANGUAGE, direction_of
from lecture_assets.timeline.clock import ASPECT_RATIOS, FPS, RESOLUTIONS, frame_at, frames_between, size_of
from lecture_assets.timeline.gain import music_gain, pauses_gain, spoken_frames
from lecture_assets.timeline.music import envelope_of
from lecture_assets.timeline.repeats import parts_of
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
from lecture_assets.timeline.segment import LEAD_MS, NOT_MADE, STRATEGIES, TAIL_MS, Strategy, assemble_segment, extended
from lecture_assets.timeline.title import has_words

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

CLOSING_MS = 1750
"""With the last segment's tail, two seconds follow the last word: music rises, then it and the picture are gone."""
FADE_OUT_FRAMES = 30
"""The last picture fades to black in the last second."""
CAPTION_STYLE: CaptionStyle = {"display": "burned", "place": "bottom", "size": "medium"}
"""The captions of a lecture for which nothing else was chosen."""
TITLE_FRAMES = 96
"""The title is shown for the first 3.2 seconds: long enough to read eight words."""
TITLE_FADE_IN_FRAMES, TITLE_FADE_OUT_FRAMES = 9, 18
CARD_COLOUR = "#22344f"
"""A dark blue behind a title that stands alone: white letters have a contrast of 12:1, and a thumbnail is not black."""

TitleDisplay = Literal["over", "card", "none"]
TITLE_DISPLAYS: tuple[TitleDisplay, ...] = ("over", "card", "none")
"""Over the first pictures while the voice begins; alone, before the voice begins; not at all."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """What comes before the first segment's own time, in milliseconds: the title alone; as it goes, the picture appears."""

    alone_ms: int = 0
    appears_ms: int = 0


def assemble(  # noqa: PLR0913, PLR0917 - one argument per input of the node
    segments: Mapping[int, Mapping[str, Any] | None],
    order: Sequence[int],
    music: Mapping[str, Any] | None,
    title: str | None,
    size: tuple[int, int],
    strategy: Strategy,
    missing: Mapping[str, str],
    estimated_segment_ms: int,
    language: str = DEFAULT_LANGUAGE,
    description: str = "",
    title_display: TitleDisplay = "over",
    music_volume_percent: int = 100,
    caption_style: CaptionStyle = CAPTION_STYLE,
) -> dict[str, Any]:
    """Return the value of node assembler:timeline (`schema.Timeline`).

    segments: the segment timeline of each slot, None (or absent) for one that does not exist yet
    order:    the slots in play order
    music:    a value of `content.Music`, None if it does not exist yet
    title:    the title's text, None if it does not exist yet; one without words is not displayed
    missing:  why something does not exist, by `segment[2]` (slot), `music`, `title`
    estimated_segment_ms: the length assumed for a segment that does not exist yet
    language: a BCP 47 tag
    description: what the lecture is about, empty if that is not known yet
    music_volume_percent: 100 is 8 dB below speech where nobody speaks, 18 dB where somebody does; with 0 there is no music
    """
    if title is not None and not has_words(title):
        title_display = "none"
    opening = _opening(title, title_display)
    sources = [segments.get(slot) or _absent(slot, size, estimated_segment_ms, missing) for slot in order]
    start_ms, placed = 0, []
    for position, source in enumerate(sources):
        closing_ms = CLOSING_MS if position == len(sources) - 1 else 0
        before = _Opening() if position else opening
        placed.append(_place(source, position, start_ms, closing_ms, before))
        start_ms += before.alone_ms + source["duration_ms"] + closing_ms
    placed[0]["layers"][0]["fade_in_frames"] = 0  # there is nothing that it could fade over
    last = placed[-1]["layers"][-1]
    last["fade_out_frames"] = min(FADE_OUT_FRAMES, last["duration_in_frames"])
    duration = frame_at(start_ms)
    timeline: Timeline = {
        "schema": SCHEMA,
        "fps": FPS,
        "width": size[0],
        "height": size[1],
        "duration_in_frames": duration,
        "language": language,
        "direction": direction_of(language),
        "assembly_strategy": strategy,
        "caption_style": caption_style,
        "title": _title(title, title_display, duration, missing),
        "segments": placed,
        "music": _music(music, placed, duration, music_volume_percent, missing),
    }
    if description:
        timeline["description"] = description
    _amplify_for_pauses(timeline, music.get("measured") if music else None)
    return cast("dict[str, Any]", timeline)


def _opening(title: str | None, display: TitleDisplay) -> _Opening:
    if title is None or display != "card":
        return _Opening()
    return _Opening(TITLE_FRAMES * 1000 // FPS, TITLE_FADE_OUT_FRAMES * 1000 // FPS)


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


def _place(source: Mapping[str, Any], position: int, segment_ms: int, closing_ms: int, opening: _Opening) -> Segment:
    """Move a segment timeline to its position: its first layer begins in the opening, its last ones last through the closing."""
    start_ms = segment_ms + opening.alone_ms
    end_ms = start_ms + source["duration_ms"] + closing_ms
    layers = extended(source, closing_ms) if closing_ms else source["layers"]
    return {
        "slot": source["slot"],
        "position": position,
        "start_frame": frame_at(segment_ms),
        "duration_in_frames": frames_between(segment_ms, end_ms),
        "layers": [_layer(layer, start_ms, opening.appears_ms if layer is layers[0] else 0) for layer in layers],
        "narration": _narration(source["narration"], start_ms),
        "captions": [_caption(caption, start_ms) for caption in source["captions"]],
        "effect": source["effect"],
        "background_music": source["background_music"],
    }


def _layer(layer: Mapping[str, Any], segment_ms: int, earlier_ms: int) -> Layer:
    start_ms = segment_ms + layer["offset_ms"] - earlier_ms
    end_ms = segment_ms + layer["offset_ms"] + layer["duration_ms"]
    rest = {key: value for key, value in layer.items() if key not in {"type", "offset_ms", "duration_ms", "fade_in_ms"}}
    placed: dict[str, Any] = {
        "type": layer["type"],
        "start_frame": frame_at(start_ms),
        "duration_in_frames": frames_between(start_ms, end_ms),
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
    start_ms, end_ms = segment_ms + words["offset_ms"], segment_ms + words["end_offset_ms"]
    joins = {key: True for key in ("no_space_before", "hyphenated") if words.get(key)}
    return {"text": words["text"], "start_ms": start_ms, "end_ms": end_ms, **joins}


def _title(title: str | None, display: TitleDisplay, duration: int, missing: Mapping[str, str]) -> Title:
    frames = 0 if display == "none" else min(TITLE_FRAMES, duration)
    place: Any = {"start_frame": 0, "duration_in_frames": frames}
    if title is None:
        return cast("Title", {"type": "missing", **place, "reason": missing.get("title", NOT_MADE)})
    fades = {"fade_in_frames": TITLE_FADE_IN_FRAMES, "fade_out_frames": TITLE_FADE_OUT_FRAMES}
    card = {"fade_in_frames": 0, "colour": CARD_COLOUR} if display == "card" else {}
    return cast("Title", {"type": "title", **place, "text": title, "display": display, **fades, **card})


def _music(
    music: Mapping[str, Any] | None,
    segments: Sequence[Segment],
    duration: int,
    volume_percent: int,
    missing: Mapping[str, str],
) -> MusicTrack:
    if not volume_percent:
        return {"type": "none", "start_frame": 0, "duration_in_frames": duration}
    if music is None:
        reason = missing.get("music", NOT_MADE)
        return {"type": "missing", "start_frame": 0, "duration_in_frames": duration, "reason": reason}
    track: MusicTrack = {
        "type": "audio",
        "start_frame": 0,
        "duration_in_frames": duration,
        "media": {"sha256": music["sha256"], "media_type": music["media_type"]},
        "source_duration_ms": music["duration_ms"],
        "after_end": "loop",
        "parts": parts_of(music["duration_ms"], music.get("measured"), duration),
        "envelope": envelope_of(spoken_frames(segments), duration, volume_percent),
    }
    return track | {"gain_millibel": music_gain(music["measured"])} if "measured" in music else track


def _amplify_for_pauses(timeline: Timeline, measured: Mapping[str, int] | None) -> None:
    """Amplify speech and music alike, so that the film is at -16 LUFS with its pauses. Silence, with a gain of 0, stays."""
    more = pauses_gain(timeline, measured)
    sounds: list[Narration | MusicTrack] = [*(segment["narration"] for segment in timeline["segments"]), timeline["music"]]
    for sound in sounds:
        if sound.get("gain_millibel"):
            sound["gain_millibel"] += more
