"""How a piece of music is repeated until the lecture ends: its steady part follows itself, each time with a cross-fade. Pure.

fade in │ steady part │ fade out          the piece
fade in   steady part ><  steady part  ><  steady      what plays
"""

from collections.abc import Mapping

from lecture_assets.timeline.clock import FPS
from lecture_assets.timeline.schema import MusicPart

CROSS_FADE_FRAMES = 30
"""A second, with equal power: longer than a beat, so that no rhythm stumbles over it."""
SHORTEST_FRAMES = 3 * CROSS_FADE_FRAMES
"""A steady part must have two cross-fades and as much between them."""


def parts_of(source_ms: int, measured: Mapping[str, int] | None, duration: int) -> list[MusicPart]:
    """Return what is played of a piece when, from frame 0 until `duration`.

    source_ms: its length
    measured:  where its steady part is (`content.SoundMeasures`); None if that is unknown: then all of it is repeated

    A piece that is shorter than three seconds is played once.
    """
    from_ms, to_ms = (measured["steady_from_ms"], min(measured["steady_to_ms"], source_ms)) if measured else (0, source_ms)
    if _frames(to_ms - from_ms) < SHORTEST_FRAMES:
        from_ms, to_ms = 0, source_ms
    whole, first, again = _frames(source_ms), _frames(to_ms), _frames(to_ms - from_ms)
    if whole >= duration or again < SHORTEST_FRAMES:
        return [_part(0, min(whole, duration), 0, 0)] if whole else []
    parts = [_part(0, min(first, duration), 0, 0)]
    while (end := parts[-1]["start_frame"] + parts[-1]["duration_in_frames"]) < duration:
        parts[-1]["fade_out_frames"] = CROSS_FADE_FRAMES
        start = end - CROSS_FADE_FRAMES
        parts.append(_part(start, min(again, duration - start), from_ms, CROSS_FADE_FRAMES))
    return parts


def _frames(milliseconds: int) -> int:
    """The whole frames in a time."""
    return milliseconds * FPS // 1000


def _part(start: int, frames: int, source_start_ms: int, fade_in: int) -> MusicPart:
    return {
        "start_frame": start,
        "duration_in_frames": frames,
        "source_start_ms": source_start_ms,
        "fade_in_frames": fade_in,
        "fade_out_frames": 0,
    }
