"""A timeline as OpenTimelineIO JSON, which editing programs read. Pure; media are named by paths relative to the file.

    track   holds
    V1      pictures and clips, with dissolves; placeholders refer to missing media
    V2      the title
    A1      speech; a marker for each caption
    A2      music, in as many clips as it is repeated

Chapters are markers of the whole. Motion, fits, gains and alt texts have no form in OpenTimelineIO: they are under `lecture` in
the metadata of their clips, in the words of timeline.json.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

from lecture_assets.timeline.chapter import chapters_of

Otio: TypeAlias = dict[str, Any]
_SHOWN = {"media", "src", "start_frame", "duration_in_frames"}
"""Keys of a layer or track that OpenTimelineIO has a form for."""


@dataclass(frozen=True, slots=True)
class _Item:
    """Something on a track from frame `start` to `end`, of which the first `fade` frames are a dissolve.

    source:  what its times and metadata are taken from
    offset:  the frame of its medium that is shown at `start`
    rate:    frames of its medium per frame; 0 stands still
    """

    name: str
    start: int
    end: int
    source: Mapping[str, Any]
    fade: int = 0
    offset: float = 0.0
    rate: float = 1.0
    markers: list[Otio] = field(default_factory=list)


def to_otio(timeline: Mapping[str, Any], names: Mapping[str, str]) -> Otio:
    """Return a Timeline.1 document. names: the path of each medium by SHA-256 (`export.media_names`)."""
    fps: int = timeline["fps"]
    tracks = (
        ("V1", "Video", [item for segment in timeline["segments"] for item in _layers(segment, fps)]),
        ("V2", "Video", list(_title(timeline["title"]))),
        ("A1", "Audio", [_speech(segment, fps) for segment in timeline["segments"]]),
        ("A2", "Audio", list(_music(timeline["music"], fps))),
    )
    lasting = ((name, kind, [item for item in items if item.end > item.start]) for name, kind, items in tracks)
    stack = {
        "OTIO_SCHEMA": "Stack.1",
        **_named("tracks"),
        "markers": [
            _marker(chapter.name, chapter.start_frame, chapter.duration_in_frames, fps, "GREEN")
            for chapter in chapters_of(timeline)
        ],
        "children": [_track(name, kind, items, names, fps) for name, kind, items in lasting if items],
    }
    about = {key: timeline[key] for key in ("schema", "language", "description", "width", "height") if key in timeline}
    title = timeline["title"].get("text", "lecture")
    return {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {"lecture": about},
        "name": title,
        "global_start_time": _time(0, fps),
        "tracks": stack,
    }


def _layers(segment: Mapping[str, Any], fps: int) -> Iterator[_Item]:
    for number, layer in enumerate(segment["layers"]):
        start, end = layer["start_frame"], layer["start_frame"] + layer["duration_in_frames"]
        name, fade = f"{segment['slot']}-{layer.get('medium', layer['type'])}-{number}", layer["fade_in_frames"]
        if layer["type"] != "video":
            yield _Item(name, start, end, layer, fade)
            continue
        rate = layer.get("playback_rate_permille", 1000) / 1000
        offset = layer.get("source_start_ms", 0) * fps / 1000
        last = max(0, layer["source_duration_ms"] * fps // 1000 - 1)
        played = start + max(1, int((last + 1 - offset) / rate)) if rate else end
        yield _Item(name, start, min(end, played), layer, fade, min(offset, last), rate)
        if played < end:  # it holds its last frame
            yield _Item(f"{name}-held", played, end, layer, 0, last, 0.0)


def _title(title: Mapping[str, Any]) -> Iterator[_Item]:
    if title["type"] == "title" and title["duration_in_frames"]:
        yield _Item("title", title["start_frame"], title["start_frame"] + title["duration_in_frames"], title)


def _speech(segment: Mapping[str, Any], fps: int) -> _Item:
    """Return the speech of a segment; captions are markers in the time of the recording."""
    speech = segment["narration"]
    markers = [
        _marker(
            caption["text"],
            (caption["start_ms"] - speech["start_ms"]) * fps / 1000,
            (caption["end_ms"] - caption["start_ms"]) * fps / 1000,
            fps,
            "CYAN",
        )
        for caption in segment["captions"]
    ]
    end = speech["start_frame"] + speech["duration_in_frames"]
    return _Item(f"{segment['slot']}-narration", speech["start_frame"], end, speech, markers=markers)


def _music(music: Mapping[str, Any], fps: int) -> Iterator[_Item]:
    """Yield the music; a piece that is too short is repeated, by its parts if the timeline has them."""
    if music["type"] != "audio":
        return
    end = music["start_frame"] + music["duration_in_frames"]
    length = max(1, music["source_duration_ms"] * fps // 1000)
    repeats = [
        {"start_frame": start, "duration_in_frames": min(length, end - start), "fade_in_frames": 0, "source_start_ms": 0}
        for start in range(music["start_frame"], end, length)
    ]
    for number, part in enumerate(music.get("parts", repeats)):
        start, offset = part["start_frame"], part["source_start_ms"] * fps / 1000
        yield _Item(f"music-{number}", start, start + part["duration_in_frames"], music, part["fade_in_frames"], offset)


def _track(name: str, kind: str, items: Sequence[_Item], names: Mapping[str, str], fps: int) -> Otio:
    """Return a track: clips from cut to cut, a dissolve around each cut where one fades in, gaps between."""
    cuts = [items[0].start, *((max(a.end, b.start) + b.start) // 2 for a, b in pairwise(items)), items[-1].end]
    children: list[Otio] = []
    now = 0
    for item, cut, following in zip(items, cuts, cuts[1:], strict=False):
        before = items[items.index(item) - 1].end if item is not items[0] else 0
        end = min(following, item.end)
        if end <= cut:  # the next one has taken its place before
            continue
        if cut > now:
            children.append(_gap(cut - now, fps))
        if item.fade and before >= item.start:
            children.append(_dissolve(cut - item.start, item.start + item.fade - cut, fps))
        children.append(_clip(item, cut, end, names, fps))
        now = end
    return {"OTIO_SCHEMA": "Track.1", **_named(name), "kind": kind, "children": children}


def _clip(item: _Item, start: int, end: int, names: Mapping[str, str], fps: int) -> Otio:
    """Return a clip of the item from a cut to the next one."""
    effects = []
    if item.rate != 1:
        form = "LinearTimeWarp.1" if item.rate else "FreezeFrame.1"
        effects = [
            {"OTIO_SCHEMA": form, "name": "", "metadata": {}, "effect_name": form.partition(".")[0], "time_scalar": item.rate}
        ]
    about = {key: value for key, value in item.source.items() if key not in _SHOWN}
    return {
        "OTIO_SCHEMA": "Clip.2",
        **_named(item.name, {"lecture": about}),
        "source_range": _range(item.offset + (start - item.start) * item.rate, end - start, fps),
        "effects": effects,
        "markers": item.markers,
        "media_references": {"DEFAULT_MEDIA": _reference(item.source, names, fps)},
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def _reference(source: Mapping[str, Any], names: Mapping[str, str], fps: int) -> Otio:
    about: Otio = {"name": "", "metadata": {}, "available_range": None, "available_image_bounds": None}
    if source["type"] == "title":
        parameters = {"text": source["text"]}
        return {"OTIO_SCHEMA": "GeneratorReference.1", **about, "generator_kind": "Title", "parameters": parameters}
    if "media" not in source:
        return {"OTIO_SCHEMA": "MissingReference.1", **about, "metadata": {"lecture": {"reason": source.get("reason", "")}}}
    about["metadata"] = {"lecture": source["media"]}
    if length_ms := source.get("source_duration_ms", source.get("duration_ms")):
        about["available_range"] = _range(0, length_ms * fps / 1000, fps)
    return {"OTIO_SCHEMA": "ExternalReference.1", **about, "target_url": names[source["media"]["sha256"]]}


def _named(name: str, metadata: Otio | None = None) -> Otio:
    """Return what every item of OpenTimelineIO has."""
    return {"name": name, "metadata": metadata or {}, "source_range": None, "effects": [], "markers": [], "enabled": True}


def _gap(frames: float, fps: int) -> Otio:
    return {"OTIO_SCHEMA": "Gap.1", **_named(""), "source_range": _range(0, frames, fps)}


def _dissolve(before: float, after: float, fps: int) -> Otio:
    offsets = {"in_offset": _time(before, fps), "out_offset": _time(after, fps)}
    return {"OTIO_SCHEMA": "Transition.1", "name": "", "metadata": {}, "transition_type": "SMPTE_Dissolve", **offsets}


def _marker(name: str, start: float, frames: float, fps: int, colour: str) -> Otio:
    marked = {"marked_range": _range(start, frames, fps), "color": colour, "comment": ""}
    return {"OTIO_SCHEMA": "Marker.2", "name": name, "metadata": {}, **marked}


def _range(start: float, frames: float, fps: int) -> Otio:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(start, fps), "duration": _time(frames, fps)}


def _time(frames: float, fps: int) -> Otio:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(fps), "value": float(frames)}
