"""A timeline in other forms: with paths of its media, as WebVTT, as SubRip, as Remotion props. Pure; `render/` writes files."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lecture_assets.prose.readable import readable

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
"""File name endings of every media type of `content.py`."""


_JOINER = "\u2060"
_TIME = re.compile(r"\d+:\d+:\d+[.,]\d+")


def media_names(timeline: Mapping[str, Any]) -> dict[str, str]:
    """A readable path for each medium by its SHA-256: `media/s01-image-0.png`. Equal bytes have one path, their first."""
    names: dict[str, str] = {}
    for name, item in _named(timeline):
        if media := item.get("media"):
            names.setdefault(media["sha256"], f"media/{name}.{EXTENSIONS[media['media_type']]}")
    return names


def _named(timeline: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What may hold a medium, with the name it has in an export."""
    for segment in timeline["segments"]:
        yield f"{segment['slot']}-narration", segment["narration"]
        for j, layer in enumerate(segment["layers"]):
            yield (f"{segment['slot']}-image-{j}" if layer["type"] == "image" else f"{segment['slot']}-video"), layer
    yield "music", timeline["music"]


def with_sources(timeline: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The timeline with `src` beside each `media`: a path of `media_names`, or whatever else plays (a URL)."""
    return {key: _sourced(value, names) for key, value in timeline.items()}


def _sourced(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_sourced(item, names) for item in value]
    if not isinstance(value, Mapping):
        return value
    sourced = {key: _sourced(item, names) for key, item in value.items()}
    return sourced | {"src": names[value["media"]["sha256"]]} if "media" in value else sourced


def to_vtt(timeline: Mapping[str, Any]) -> str:
    """WebVTT, every word with its own time (karaoke tags of the standard), so that a player can mark it."""
    cues = [
        f"{_clock(caption['start_ms'], '.')} --> {_clock(caption['end_ms'], '.')}\n{_karaoke(caption)}\n"
        for caption in _captions(timeline)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _karaoke(caption: Mapping[str, Any]) -> str:
    """Words with a time tag before each that starts inside of the cue: the standard wants tags that rise, between its ends."""
    text, latest = "", caption["start_ms"]
    for word in caption["words"]:
        tag = f"<{_clock(word['start_ms'], '.')}>" if latest < word["start_ms"] < caption["end_ms"] else ""
        latest = max(latest, word["start_ms"])
        text += f"{' ' if text else ''}{tag}{_escaped(word['text'])}"
    return text


def _escaped(text: str) -> str:
    """`<`, `>` and `&` as WebVTT's escapes (which also keeps `-->` out of a cue)."""
    return readable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_srt(timeline: Mapping[str, Any]) -> str:
    """SubRip, plain. It has no escapes, and its readers disagree on markup: what one of them takes for it is written apart."""
    return "\n".join(
        f"{number}\n{_clock(caption['start_ms'], ',')} --> {_clock(caption['end_ms'], ',')}\n{_apart(caption['text'])}\n"
        for number, caption in enumerate(_captions(timeline), 1)
    )


def _apart(text: str) -> str:
    r"""The text with a word joiner, which nobody sees, within what readers take for a tag, a line break or a time.

    `<b>` and `\N` are none then (FFmpeg writes a backslash so itself); `{` is its wide form, since `{…}` goes whatever is in it.
    """
    text = re.sub(r"[<\\]", lambda sign: sign[0] + _JOINER, readable(text).replace("{", "｛").replace("-->", f"--{_JOINER}>"))
    return _TIME.sub(lambda time: time[0].replace(":", f":{_JOINER}", 1), text)


def _captions(timeline: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Captions in play order that are seen at all: a cue of no length is no cue."""
    for segment in timeline["segments"]:
        yield from (caption for caption in segment["captions"] if caption["end_ms"] > caption["start_ms"])


def _clock(time_ms: int, point: str) -> str:
    """`00:01:02.345`; a comma for the point in SubRip."""
    seconds, ms = divmod(time_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"


def to_remotion(timeline: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """What a Remotion `<Composition {...props} component={…} />` takes, but for the component, which gets `timeline`."""
    return {
        "id": "lecture",
        "durationInFrames": timeline["duration_in_frames"],
        "fps": timeline["fps"],
        "width": timeline["width"],
        "height": timeline["height"],
        "defaultProps": {"timeline": with_sources(timeline, names)},
    }
