"""What the frames of one segment depend on, and nothing else: the part of a timeline that its clip is rendered from. Pure.

    lecture's clock   |   segment 1   |   segment 2        |
    segment's clock              -1   0                 its length
                             `under`  `segments[0]`

The value is a timeline of one segment, from frame 0, that `render/` draws as it draws any other. Equal values look equal, so a
clip is rendered once per value: what is only heard or read by programs is left out, and so are a segment's slot and place. Times
in milliseconds are moved to the middle of the first frame that they apply to: all that matters is which frame that is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lecture_assets.timeline.assemble import CAPTION_STYLE

SEGMENT_FRAMES_SCHEMA = "lecture-segment-frames/1"
_OF_LECTURE = frozenset(
    {"schema", "duration_in_frames", "assembly_strategy", "segments", "music", "title", "description", "caption_style"}
)
"""Keys of a timeline that are not taken over as they are."""
_UNSEEN = frozenset({"slot", "position", "effect", "background_music", "narration", "captions"})
"""Keys of a segment that are not taken over as they are."""
_ONLY_READ = frozenset({"alt", "src", "image", "reason"})
"""Keys of a layer that its pixels do not depend on."""


def segment_frames(timeline: Mapping[str, Any], slot: str) -> dict[str, Any]:
    """Return the frames of the segment in a slot (`s02`), as a timeline of one segment. KeyError if there is none.

    under: what its first layer fades over, with `layers` at frame -1 and again `under`; absent for black
    """
    segments = timeline["segments"]
    place = {segment["slot"]: number for number, segment in enumerate(segments)}[slot]
    segment, fps = segments[place], timeline["fps"]
    start, length = segment["start_frame"], segment["duration_in_frames"]
    style = timeline.get("caption_style", CAPTION_STYLE)
    is_burned = style["display"] == "burned" and segment["captions"]
    seen = {
        **{key: value for key, value in timeline.items() if key not in _OF_LECTURE},
        "schema": SEGMENT_FRAMES_SCHEMA,
        "duration_in_frames": length,
        "title": _title(timeline["title"], start, length),
        "segments": [_segment(segment, fps, captions=segment["captions"] if is_burned else ())],
    }
    if is_burned:
        seen["caption_style"] = style
    under = _under(segments[:place], start)
    return seen | ({"under": under} if under else {})


def _segment(segment: Mapping[str, Any], fps: int, captions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    start, narration = segment["start_frame"], segment["narration"]
    note = ("start_frame", "duration_in_frames") if narration["type"] == "missing" else ()
    spoken = {"type": narration["type"], **{key: narration[key] for key in note}}
    return {
        **{key: value for key, value in segment.items() if key not in _UNSEEN},
        "start_frame": 0,
        "layers": [_layer(layer, start) for layer in segment["layers"]],
        "narration": _moved(spoken, start),
        "captions": [
            _framed(caption, start, fps) | {"words": [_framed(word, start, fps) for word in caption["words"]]}
            for caption in captions
        ],
    }


def _title(title: Mapping[str, Any], start: int, length: int) -> dict[str, Any]:
    """Return the title if these frames show it, on their own clock."""
    end = title["start_frame"] + title["duration_in_frames"]
    if title["type"] == "missing" or end <= start or title["start_frame"] >= start + length:
        return {"type": "missing", "start_frame": 0, "duration_in_frames": 0}
    return _moved(title, start)


def _under(before: Sequence[Mapping[str, Any]], start: int) -> dict[str, Any] | None:
    """Return the layers at the last frame of the segments before, from the last opaque one on; None for black."""
    if not before:
        return None
    *earlier, segment = before
    layers = [layer for layer in segment["layers"] if layer["start_frame"] < start]
    layers = [layer for layer in layers[:-1] if _end(layer) >= start] + layers[-1:]
    opaque = [number for number, layer in enumerate(layers) if start - 1 - layer["start_frame"] >= layer["fade_in_frames"]]
    shown = {"layers": [_rested(_layer(layer, start)) for layer in layers[opaque[-1] if opaque else 0 :]]}
    below = None if opaque else _under(earlier, segment["start_frame"])
    return shown | ({"under": below} if below else {})


def _layer(layer: Mapping[str, Any], start: int) -> dict[str, Any]:
    return _moved({key: value for key, value in layer.items() if key not in _ONLY_READ}, start)


def _rested(layer: dict[str, Any]) -> dict[str, Any]:
    """Return a picture whose fade and motion are over at frame -1 as short as it can be: how long they took does not matter."""
    since = -1 - layer["start_frame"]
    if layer["type"] == "image" and since >= max(layer["fade_in_frames"], layer["duration_in_frames"] - 1):
        return layer | {"start_frame": -2, "duration_in_frames": 2, "fade_in_frames": 0}
    return layer


def _moved(item: Mapping[str, Any], start: int) -> dict[str, Any]:
    """Return an item on the clock that begins at frame `start`."""
    return {**item, "start_frame": item["start_frame"] - start} if "start_frame" in item else dict(item)


def _framed(words: Mapping[str, Any], start: int, fps: int) -> dict[str, Any]:
    """Return words with times in the middle of frames, on the clock that begins at frame `start`."""
    times = {key: _middle_ms(_first_frame(words[key], fps) - start, fps) for key in ("start_ms", "end_ms")}
    return {**words, **times}


def _first_frame(time_ms: int, fps: int) -> int:
    """Return the first frame whose middle is not before a time."""
    return -((500 - time_ms * fps) // 1000)


def _middle_ms(frame: int, fps: int) -> int:
    return (2 * frame + 1) * 500 // fps


def _end(layer: Mapping[str, Any]) -> int:
    end: int = layer["start_frame"] + layer["duration_in_frames"]
    return end
