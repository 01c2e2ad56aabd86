"""A timeline in other forms: with media paths, as WebVTT, SubRip or Remotion props. Pure; `render/` writes the files."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lecture_assets.prose.readable import readable
from lecture_assets.timeline.written import spaced

EXTENSIONS: Mapping[str, str] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
}
"""The file extension of every media type in `content.py`."""


_JOINER = "\u2060"
_BRACES = str.maketrans("{}", "｛｝")
_TIME = re.compile(r"\d+:\d+:\d+[.,]\d+")


def media_names(timeline: Mapping[str, Any]) -> dict[str, str]:
    """Return a readable path per medium, by SHA-256: `media/s01-image-0.png`. Equal bytes share their first path."""
    names: dict[str, str] = {}
    for name, item in _named(timeline):
        if media := item.get("media"):
            names.setdefault(media["sha256"], f"media/{name}.{EXTENSIONS[media['media_type']]}")
    return names


def _named(timeline: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield everything that may hold a medium, with its name in an export."""
    for segment in timeline["segments"]:
        yield f"{segment['slot']}-narration", segment["narration"]
        for j, layer in enumerate(segment["layers"]):
            is_image, number = layer["type"] == "image", layer.get("image", j)
            yield (f"{segment['slot']}-image-{number}" if is_image else f"{segment['slot']}-video"), layer
    yield "music", timeline["music"]


def with_sources(timeline: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the timeline with `src` beside each `media`: a path from `media_names`, or anything else playable (a URL)."""
    return {key: _sourced(value, names) for key, value in timeline.items()}


def _sourced(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_sourced(item, names) for item in value]
    if not isinstance(value, Mapping):
        return value
    sourced = {key: _sourced(item, names) for key, item in value.items()}
    return sourced | {"src": names[value["media"]["sha256"]]} if "media" in value else sourced


def to_vtt(timeline: Mapping[str, Any]) -> str:
    """Return WebVTT in which every word has its own time (the standard's karaoke tags), so that players can highlight it."""
    cues = [
        f"{cue_clock(caption['start_ms'])} --> {cue_clock(caption['end_ms'])}\n{_karaoke(caption)}\n"
        for caption in _captions(timeline)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _karaoke(caption: Mapping[str, Any]) -> str:
    """Put a time tag before each word that starts within the cue: the standard requires increasing tags between its ends."""
    text, latest = "", caption["start_ms"]
    for word, written in zip(caption["words"], spaced(caption["words"]), strict=True):
        tag = f"<{cue_clock(word['start_ms'])}>" if latest < word["start_ms"] < caption["end_ms"] else ""
        latest = max(latest, word["start_ms"])
        bare = written.lstrip(" ")
        text += f"{written.removesuffix(bare)}{tag}{_escaped(bare)}"
    return text


def _escaped(text: str) -> str:
    """Escape `<`, `>` and `&` for WebVTT, which also keeps `-->` out of a cue."""
    return readable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_srt(timeline: Mapping[str, Any]) -> str:
    """Return plain SubRip. It has no escapes, and readers disagree about markup, so anything that looks like it is broken up."""
    return "\n".join(
        f"{number}\n{cue_clock(caption['start_ms'], ',')} --> {cue_clock(caption['end_ms'], ',')}\n{_apart(caption['text'])}\n"
        for number, caption in enumerate(_captions(timeline), 1)
    )


def _apart(text: str) -> str:
    r"""Break up apparent tags, line breaks and times with an invisible word joiner.

    `<b>` and `\N` then have no effect (FFmpeg itself writes a backslash like this). Braces become full-width ones, because
    readers drop `{…}` whatever it contains.
    """
    text = re.sub(r"[<\\]", lambda sign: sign[0] + _JOINER, readable(text).translate(_BRACES).replace("-->", f"--{_JOINER}>"))
    return _TIME.sub(lambda time: time[0].replace(":", f":{_JOINER}", 1), text)


def with_plain_pictures(timeline: Mapping[str, Any]) -> dict[str, Any]:
    """Return the timeline with its captions out of the pictures, for a player that shows them itself."""
    style = {"place": "bottom", "size": "medium", **timeline.get("caption_style", {}), "display": "off"}
    return {**timeline, "caption_style": style}


def _captions(timeline: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the captions in play order, except those of no length, which are not valid cues."""
    for segment in timeline["segments"]:
        yield from (caption for caption in segment["captions"] if caption["end_ms"] > caption["start_ms"])


def cue_clock(time_ms: int, point: str = ".") -> str:
    """Format a time as `00:01:02.345`; SubRip uses a comma as the point."""
    seconds, ms = divmod(time_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"


def to_remotion(timeline: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the props of a Remotion `<Composition {...props} component={…} />` except the component, which gets `timeline`."""
    return {
        "id": "lecture",
        "durationInFrames": timeline["duration_in_frames"],
        "fps": timeline["fps"],
        "width": timeline["width"],
        "height": timeline["height"],
        "defaultProps": {"timeline": with_sources(timeline, names)},
    }
