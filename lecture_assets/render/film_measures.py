"""What a rendered clip shows and what a rendered sound lets hear, measured from their files, each decoded once, in small parts.

For rules on a film (`timeline/film_file_checks.py`), so that nobody need watch it to know that it freezes. Of a clip, frames
that no other frame refers to are left out, and one pixel in 64 is looked at: a fourteenth of what rendering costs.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from lecture_assets.render.unreadable import unreadable
from lecture_media.listen.decode import blocks
from lecture_media.listen.loudness import SILENCE, Meter, lufs

_STEP = 8
"""One pixel of so many, down and across."""
_SAME = 0.25
"""Mean difference of light, of 255, below which two frames are the same: FFmpeg's freezedetect at a noise of 0.001."""
_FROZEN_MS, _BLACK_MS, _SILENT_MS = 900, 60, 1_000
"""Shorter spans are not kept."""
_BLACK, _BLACK_SHARE = 26, 0.98
"""Light (16 is black in video) of at most 5 % in 98 % of the frame, as FFmpeg's blackdetect has it, with half its threshold."""
_CAPTIONS_SHARE = 0.35
"""The part of the frame where captions are, which change with each word over a picture that may stand still."""
_SILENT_LUFS = -60.0
"""Momentary loudness that nobody hears: what audiobooks may have as noise (ACX)."""

Light = npt.NDArray[np.int16]


def clip_measures(path: Path, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return a `content.PictureMeasures` of a clip. form: what it was rendered from, which says where captions are."""
    place = form.get("caption_style", {}).get("place")
    frozen, black = _Spans(_FROZEN_MS), _Spans(_BLACK_MS)
    rest: Light | None = None
    first, end_ms = 0, form["duration_in_frames"] * 1000 // form["fps"]
    for time_ms, light in _lights(path):
        seen = _without_captions(light, place)
        if rest is None:
            first = _full_range(float(light.mean()))
        if rest is None or float(np.abs(seen - rest).mean()) >= _SAME:
            frozen.close(time_ms)
            frozen.open(time_ms)
            rest = seen
        if float((light <= _BLACK).mean()) >= _BLACK_SHARE:
            black.open(time_ms)
        else:
            black.close(time_ms)
    return {"frozen_ms": frozen.until(end_ms), "black_ms": black.until(end_ms), "first_light": first}


def sound_measures(path: Path) -> dict[str, Any]:
    """Return what a sound was measured to be: `loudness_millibel`, and `silent_ms`, spans of a second and more of silence."""
    meter = Meter()
    for block in blocks(path):
        meter.add(block)
    silent, powers = _Spans(_SILENT_MS), meter.powers()
    for number, is_silent in enumerate(lufs(powers) < _SILENT_LUFS):
        (silent.open if is_silent else silent.close)(number * 100)
    return {
        "loudness_millibel": round(100 * max(SILENCE, meter.loudness())),
        "silent_ms": silent.until(len(powers) * 100),
    }


class _Spans:
    """Spans of time in milliseconds that last long enough."""

    def __init__(self, least_ms: int) -> None:
        self._least_ms, self._since, self._found = least_ms, -1, list[list[int]]()

    def open(self, time_ms: int) -> None:
        """A span begins, unless it has begun."""
        self._since = time_ms if self._since < 0 else self._since

    def close(self, time_ms: int) -> None:
        """It has ended, if one had begun."""
        if 0 <= self._since <= time_ms - self._least_ms:
            self._found.append([self._since, time_ms])
        self._since = -1

    def until(self, time_ms: int) -> list[list[int]]:
        """All of them, at the end."""
        self.close(time_ms)
        return self._found


def _lights(path: Path) -> Iterator[tuple[int, Light]]:
    """Yield the time of frames in milliseconds, and their light."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.codec_context.skip_frame = "NONREF"
            for frame in container.decode(stream):
                plane = frame.planes[0]
                rows = np.frombuffer(memoryview(plane), np.uint8).reshape(frame.height, plane.line_size)
                yield round(frame.time * 1000), rows[::_STEP, : frame.width : _STEP].astype(np.int16)
    except (av.FFmpegError, IndexError) as error:
        raise unreadable(path, "a video that cannot be read", "a clip as rendered") from error


def _without_captions(light: Light, place: str | None) -> Light:
    cut = round(len(light) * _CAPTIONS_SHARE)
    return light if place is None else light[cut:] if place == "top" else light[:-cut]


def _full_range(light: float) -> int:
    """Light as pictures have it, 0 to 255, of that of video, 16 to 235."""
    return max(0, min(255, round((light - 16) * 255 / 219)))
