"""How the time of a segment is covered: nothing stands still, and nothing is shown for long without a change of view. Pure.

    | clip, slowed to at most 1.6 times   >< its last frame, moving ><  closer ... |     a clip that is shorter than its segment
    | picture 0, wide >< picture 0, closer >< picture 1, wide >< picture 1, closer |     no view is longer than 8 s

`shots_of` plans this for a segment; `covered` says of a finished timeline what covers each of its segments.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from lecture_assets.timeline.motion import motion_of, onward

LONGEST_VIEW_MS = 8_000
"""No still picture is shown for longer without a change of view; fades and the end of the lecture are counted."""
LONGEST_SHOT_MS = 5_700
"""A picture that is shown for longer is divided: leaves half a second for a slow fade, and 1.75 for the end of the lecture."""
_MEAN_SHOT_MS = 5_200
"""The longest mean length of a picture's views: leaves half a second for finding the end of a sentence."""
SLOWEST_PERMILLE = 625
"""The slowest that a clip is played: 1.6 times as long. Slower than this, people seem to float."""
HOLD_MS = 500
"""A clip may hold its last frame for so long: less than is noticed as a standstill (freezedetect's default is 2 s)."""

_SHORTEST_MS = 100
"""A clip that plays for less than three frames is shown as a picture."""


class Gap(NamedTuple):
    """The middle of the pause after a word, in ms on the segment's clock, and what ends with the word."""

    time_ms: int
    ends_sentence: bool
    ends_clause: bool


@dataclass(frozen=True, slots=True)
class Shot:
    """Something shown from `start_ms` to `end_ms` on the segment's clock, fades not counted.

    layer:   what is shown, without its times
    picture: its number within its segment; view: the number of the view of it, None for what moves by itself or is missing
    """

    layer: Mapping[str, Any]
    start_ms: int
    end_ms: int
    picture: int = 0
    view: int | None = None

    @property
    def length_ms(self) -> int:
        """How long it is shown."""
        return self.end_ms - self.start_ms

    def motion(self, effect: str, shown_ms: int) -> dict[str, Any]:
        """Return the part of its layer that says how it moves within `shown_ms`; nothing for what moves by itself."""
        if self.view is None:
            return {}
        if self.layer["type"] == "video" and self.view == 0:
            return {"motion": onward(shown_ms, self.layer["fit"])}
        return {"motion": motion_of(effect, self.picture, shown_ms, self.layer["fit"], self.view)}


@dataclass(frozen=True, slots=True)
class ClipCover:
    """How a clip covers a length of time. rate_permille: of its own pace; moving_ms: the part of the length in which it plays."""

    rate_permille: int
    moving_ms: int


def clip_cover(clip_ms: int, length_ms: int) -> ClipCover:
    """Plan a clip for a length: at its own pace if it is long enough, else slowed, to 1.6 times at most. Lengths are over 0."""
    rate = min(1000, max(SLOWEST_PERMILLE, clip_ms * 1000 // length_ms))
    return ClipCover(rate, min(length_ms, clip_ms * 1000 // rate))


def shots_of(shown: Sequence[Mapping[str, Any]], gaps: Sequence[Gap], length_ms: int) -> list[Shot]:
    """Divide a segment among its pictures, or its clip, and these into views. Shots follow each other from 0 to the end.

    shown: layers without times: pictures and placeholders in their order, or one clip
    """
    shots: list[Shot] = []
    changes = [0, *_changes(gaps, 0, length_ms, len(shown)), length_ms]
    for number, layer in enumerate(shown):
        start, end = changes[number], changes[number + 1]
        if layer["type"] == "image":
            shots += _views(layer, start, end, gaps, number)
        elif layer["type"] == "video":
            shots += clip_shots(layer, start, end, gaps)
        else:
            shots.append(Shot(layer, start, end, number))
    return shots


def clip_shots(layer: Mapping[str, Any], start_ms: int, end_ms: int, gaps: Sequence[Gap] = ()) -> list[Shot]:
    """Return a clip from `start_ms`, followed by views of its last frame for as long as it is too short."""
    source_ms = layer["source_duration_ms"]
    cover = clip_cover(source_ms, end_ms - start_ms)
    playing = {**layer, "source_start_ms": 0, "playback_rate_permille": cover.rate_permille}
    rest_ms = end_ms - start_ms - cover.moving_ms
    if cover.moving_ms < _SHORTEST_MS:
        return _views({**playing, "playback_rate_permille": 0}, start_ms, end_ms, gaps, 0)
    if rest_ms <= HOLD_MS:
        return [Shot(playing, start_ms, end_ms)]
    last = {**layer, "source_start_ms": max(0, source_ms - 1), "playback_rate_permille": 0}
    return [Shot(playing, start_ms, end_ms - rest_ms), *_views(last, end_ms - rest_ms, end_ms, gaps, 0)]


def _views(layer: Mapping[str, Any], start_ms: int, end_ms: int, gaps: Sequence[Gap], picture: int) -> list[Shot]:
    """Divide the time of one picture into views."""
    length = end_ms - start_ms
    count = 1 if length <= LONGEST_SHOT_MS else -(-length // _MEAN_SHOT_MS)
    ends = [*_changes(gaps, start_ms, length, count, LONGEST_SHOT_MS), end_ms]
    starts = [start_ms, *ends[:-1]]
    return [Shot(layer, start, end, picture, view) for view, (start, end) in enumerate(zip(starts, ends, strict=True))]


def _changes(gaps: Sequence[Gap], start_ms: int, length_ms: int, count: int, longest_ms: int | None = None) -> list[int]:
    """Return the changes within a length that is divided into `count` parts, none of them longer than `longest_ms`.

    Changes fall between words, never within one, where there is such a place.
    """
    share, changes, before = length_ms // count, list[int](), start_ms
    for part in range(1, count):
        longest = longest_ms or length_ms
        earliest = start_ms + length_ms - (count - part) * longest  # or those after it would be too long
        latest = before + longest
        target = min(max(start_ms + length_ms * part // count, earliest), latest)
        before = _change([gap for gap in gaps if earliest <= gap.time_ms <= latest], target, share)
        changes.append(before)
    return changes


_REACHES: tuple[tuple[int, Callable[[Gap], bool]], ...] = (
    (30, lambda gap: gap.ends_sentence),
    (15, lambda gap: gap.ends_clause),
    (15, lambda _gap: True),
)
"""How far from an equal share a change may be, in percent of a share, and after which words."""


def _change(gaps: Sequence[Gap], target_ms: int, share_ms: int) -> int:
    """Return the best gap near an equal share: a full stop within 30 % of a share, else a comma, else a word within 15 %."""
    for reach, wanted in _REACHES:
        near = [gap.time_ms for gap in gaps if wanted(gap) and abs(gap.time_ms - target_ms) * 100 <= reach * share_ms]
        if near:
            return min(near, key=lambda time: abs(time - target_ms))
    return target_ms


@dataclass(frozen=True, slots=True)
class SegmentCoverage:
    """What covers a segment of a timeline, in milliseconds. All lengths add up to `length_ms`, but the last two.

    clip_ms:         a clip plays
    last_frame_ms:   the last frame of the clip moves on, for want of a longer clip
    picture_ms:      pictures move
    missing_ms:      a placeholder is shown
    source_ms:       the length of the clip itself; 0 without one
    longest_view_ms: the longest time without a change of view: of a picture, or of a clip's last frame, fades counted
    rate_permille:   the pace of the clip; 1000 is its own
    """

    slot: str
    length_ms: int
    clip_ms: int
    last_frame_ms: int
    picture_ms: int
    missing_ms: int
    source_ms: int
    longest_view_ms: int
    rate_permille: int


def covered(timeline: Mapping[str, Any]) -> list[SegmentCoverage]:
    """Return what covers each segment of a timeline (`schema.Timeline`)."""
    return [_covered(segment, timeline["fps"]) for segment in timeline["segments"]]


def _covered(segment: Mapping[str, Any], fps: int) -> SegmentCoverage:
    frames = {"clip": 0, "last frame": 0, "picture": 0, "missing": 0}
    source_ms, rate, longest = 0, 1000, 0
    for layer, length in _on_top(segment):
        frames[sort := _sort_of(layer)] += length
        if layer["type"] == "video":
            source_ms = layer["source_duration_ms"]
        if sort == "clip":
            rate = layer.get("playback_rate_permille", 1000)
        elif sort != "missing":
            longest = max(longest, layer["duration_in_frames"])
    length_ms, last_ms, picture_ms, missing_ms = (
        count * 1000 // fps
        for count in (segment["duration_in_frames"], frames["last frame"], frames["picture"], frames["missing"])
    )
    return SegmentCoverage(
        slot=segment["slot"],
        length_ms=length_ms,
        clip_ms=length_ms - last_ms - picture_ms - missing_ms,
        last_frame_ms=last_ms,
        picture_ms=picture_ms,
        missing_ms=missing_ms,
        source_ms=source_ms,
        longest_view_ms=longest * 1000 // fps,
        rate_permille=rate,
    )


def _on_top(segment: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Yield each layer with the number of frames for which it is the topmost, from the middle of its fade to that of the next."""
    layers, start = segment["layers"], segment["start_frame"]
    changes = [layer["start_frame"] + layer["fade_in_frames"] // 2 for layer in layers[1:]]
    edges = [start, *changes, start + segment["duration_in_frames"]]
    for layer, (begin, end) in zip(layers, pairwise(edges), strict=True):
        yield layer, end - begin


def _sort_of(layer: Mapping[str, Any]) -> str:
    if layer["type"] == "video":
        return "clip" if layer.get("playback_rate_permille", 1000) else "last frame"
    return "picture" if layer["type"] == "image" else "missing"
