"""The rules that JSON Schema cannot express: whether a timeline's times are consistent. Pure; repairs nothing."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from lecture_assets.timeline.written import text_of


def faults_of(timeline: Mapping[str, Any]) -> list[str]:
    """Return one sentence per fault, naming its place; none for a playable timeline. Expects one that fits the JSON Schema."""
    return [
        *_segment_places(timeline),
        *(fault for segment in timeline["segments"] for fault in _segment(segment, timeline)),
        *_across("title", timeline["title"], timeline["duration_in_frames"]),
        *_music(timeline["music"], timeline["duration_in_frames"]),
        *_whole_numbers("timeline", timeline),
    ]


def _end(item: Mapping[str, Any]) -> int:
    frame: int = item["start_frame"] + item["duration_in_frames"]
    return frame


def _segment_places(timeline: Mapping[str, Any]) -> Iterator[str]:
    """Check that segments follow each other from frame 0 to the end, each slot once."""
    expected = 0
    for position, segment in enumerate(timeline["segments"]):
        if segment["start_frame"] != expected:
            yield f"segment {segment['slot']} starts at frame {segment['start_frame']}, but the one before ends at {expected}"
        if segment["position"] != position:
            yield f"segment {segment['slot']} has position {segment['position']}, but is at {position}"
        expected = _end(segment)
    if expected != timeline["duration_in_frames"]:
        yield f"the segments end at frame {expected}, but the timeline at {timeline['duration_in_frames']}"
    slots = [segment["slot"] for segment in timeline["segments"]]
    yield from (f"slot {slot} occurs {slots.count(slot)} times" for slot in sorted({s for s in slots if slots.count(s) > 1}))


def _segment(segment: Mapping[str, Any], timeline: Mapping[str, Any]) -> Iterator[str]:
    name = f"segment {segment['slot']}"
    yield from _layers(name, segment, _hidden_until(timeline["title"]))
    speech = segment["narration"]
    if speech["start_frame"] < segment["start_frame"] or _end(speech) > _end(segment):
        yield f"{name}: its narration (frames {speech['start_frame']} to {_end(speech)}) is not inside it"
    yield from _captions(name, segment, timeline["fps"])


def _hidden_until(title: Mapping[str, Any]) -> int:
    """Return the frame up to which nothing but the title is seen."""
    return _end(title) - title["fade_out_frames"] if title.get("display") == "card" else 0


def _layers(name: str, segment: Mapping[str, Any], hidden_until: int) -> Iterator[str]:
    """Check that layers cover the segment, but for what the title hides, and overlap exactly during fades."""
    layers: Sequence[Mapping[str, Any]] = segment["layers"]
    first = segment["start_frame"]
    if not first <= layers[0]["start_frame"] <= max(first, hidden_until) or _end(layers[-1]) != _end(segment):
        yield f"{name}: its layers do not cover it from frame {segment['start_frame']} to {_end(segment)}"
    for layer, following in pairwise(layers):
        if _end(layer) - following["start_frame"] != following["fade_in_frames"]:
            overlap = _end(layer) - following["start_frame"]
            yield f"{name}: two layers overlap by {overlap} frames, but the fade has {following['fade_in_frames']}"
    for layer in layers:
        if layer["duration_in_frames"] <= 0:
            yield f"{name}: a layer lasts {layer['duration_in_frames']} frames"
        if (fades := max(layer["fade_in_frames"], layer.get("fade_out_frames", 0))) > layer["duration_in_frames"]:
            yield f"{name}: a layer of {layer['duration_in_frames']} frames fades over {fades}"
        if layer.get("fit") == "cover" and any(_bare(view) for view in layer.get("motion", {}).values()):
            yield f"{name}: a motion shows the edge of its picture"


def _bare(view: Mapping[str, int]) -> bool:
    """Whether a view moves a picture that covers the frame so far that its edge shows."""
    return 2 * max(abs(view["x_permille"]), abs(view["y_permille"])) > view["scale_permille"] - 1000


def _captions(name: str, segment: Mapping[str, Any], fps: int) -> Iterator[str]:
    """Check that captions are in order within the segment (to half a frame), and words within captions."""
    slack_ms = 1000 // fps
    first_ms, last_ms = (frame * 1000 // fps for frame in (segment["start_frame"], _end(segment)))
    yield from _in_order(f"{name}: captions", segment["captions"], first_ms - slack_ms, last_ms + slack_ms)
    for caption in segment["captions"]:
        place = f"{name}: words of {caption['text']!r}"
        yield from _in_order(place, caption["words"], caption["start_ms"], caption["end_ms"])
        if text_of(caption["words"]) != caption["text"]:
            yield f"{place} are not its text"


def _in_order(place: str, items: Sequence[Mapping[str, Any]], first_ms: int, last_ms: int) -> Iterator[str]:
    times = [first_ms, *(time for item in items for time in (item["start_ms"], item["end_ms"])), last_ms]
    if times != sorted(times):
        yield f"{place}: times out of order: {times}"


def _across(name: str, item: Mapping[str, Any], duration: int) -> Iterator[str]:
    if _end(item) > duration:
        yield f"{name} ends at frame {_end(item)}, but the timeline at {duration}"


def _music(music: Mapping[str, Any], duration: int) -> Iterator[str]:
    yield from _across("music", music, duration)
    frames = [point["frame"] for point in music.get("envelope", ())]
    if frames and (frames[0] != 0 or frames[-1] != duration):
        yield f"music: its envelope runs from frame {frames[0]} to {frames[-1]}, but the timeline from 0 to {duration}"
    if any(a >= b for a, b in pairwise(frames)):
        yield f"music: frames of its envelope out of order: {frames}"
    for part, following in pairwise(music.get("parts", ())):
        overlap = _end(part) - following["start_frame"]
        if not overlap == part["fade_out_frames"] == following["fade_in_frames"] or _end(part) >= _end(following):
            yield f"music: the part at frame {following['start_frame']} does not follow the one before it"
    for part in music.get("parts", ()):
        yield from _across(f"music: the part at frame {part['start_frame']}", part, duration)


def _whole_numbers(place: str, value: object) -> Iterator[str]:
    """Check that there are no floats, since timelines are hashed."""
    if isinstance(value, float):
        yield f"{place} is the float {value}"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _whole_numbers(f"{place}.{key}", item)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _whole_numbers(f"{place}[{i}]", item)
