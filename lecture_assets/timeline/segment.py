"""One segment's timeline: how long it lasts, when its pictures change, where its captions break.

Pure: works on descriptions of media (`content.py`) and never opens them. All times are milliseconds on the segment's clock.

    |lead| speech ................................ |tail|     narration-led: as long as the speech requires
    |    | speech ............ |                        |     fixed-length: longer only if the speech is
    | picture 0        ><    picture 1                  |     changes near equal shares, preferably at a full stop
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, cast

from lecture_assets.timeline.caption import captions_of, ends_clause, ends_sentence, line_length, spoken_words
from lecture_assets.timeline.motion import fit_of, motion_of
from lecture_assets.timeline.schema import (
    SEGMENT_SCHEMA,
    SegmentLayer,
    SegmentNarration,
    SegmentTimeline,
    SegmentWord,
)

Strategy = Literal["narration-led", "fixed-length"]
STRATEGIES: tuple[Strategy, ...] = ("narration-led", "fixed-length")

LEAD_MS = 200
"""The picture leads the voice by a fifth of a second, so that the change is noticed first."""
TAIL_MS = 250
"""With the next segment's lead this makes at least 450 ms between segments, like a reader's pause between paragraphs."""
WHOLE_MS = 100
"""A segment lasts whole tenths of a second, three frames each. So it begins on a frame wherever it stands, and its own frames do
not change with the length of those before it."""
FADE_MS = 400
"""A cross-fade of twelve frames: soft, but over before it is noticed."""
SLOW_FADE_MS = 1000
"""With the effect `fade`, a picture fades in over a second."""
ESTIMATED_SPEECH_MS = 10_000
"""The length assumed for missing speech by default."""
NOT_MADE = "not made yet"
"""The default reason why a medium is missing."""


def assemble_segment(  # noqa: PLR0913, PLR0917 - one argument per input of the node
    slot: int,
    narration: Mapping[str, Any] | None,
    pictures: Sequence[Mapping[str, Any] | None],
    clip: Mapping[str, Any] | None,
    effect: str,
    background_music: str,
    size: tuple[int, int],
    strategy: Strategy,
    segment_length_s: int | None,
    missing: Mapping[str, str],
) -> dict[str, Any]:
    """Return the value of node assembler:segment-timeline (`schema.SegmentTimeline`).

    narration: a value of `content.Speech`, None if it does not exist yet
    pictures:  values of `content.Picture` in image order, None for missing ones; without pictures, the segment shows its clip
    clip:      a value of `content.Clip`, None if it does not exist yet
    effect:    one of `content.Effect`
    size:      width and height of the frame in pixels
    segment_length_s: the length of a fixed-length segment, and the estimate for missing narration
    missing:   why something does not exist, by `narration`, `image[0]`, …, `video`
    """
    spoken_ms = narration["duration_ms"] if narration else _estimate_ms(segment_length_s)
    offset_ms, duration_ms = _length(spoken_ms, segment_length_s if strategy == "fixed-length" else None)
    words = spoken_words(narration["words"], offset_ms, spoken_ms) if narration else []
    shown = _shown(pictures, clip, size, missing)
    timeline: SegmentTimeline = {
        "schema": SEGMENT_SCHEMA,
        "slot": f"s{slot:02d}",
        "duration_ms": duration_ms,
        "layers": _timed(shown, _changes(words, duration_ms, len(shown)), effect),
        "narration": _narration(narration, offset_ms, spoken_ms, missing),
        "captions": captions_of(words, line_length(size), duration_ms),
        "effect": effect,
        "background_music": background_music,
    }
    return cast("dict[str, Any]", timeline)


def _estimate_ms(segment_length_s: int | None) -> int:
    return segment_length_s * 1000 - LEAD_MS - TAIL_MS if segment_length_s else ESTIMATED_SPEECH_MS


def _length(spoken_ms: int, wanted_s: int | None) -> tuple[int, int]:
    """Return (offset of the speech, length of the segment). The wanted length is kept if the speech fits into it at all."""
    if wanted_s is None or spoken_ms > wanted_s * 1000:
        return LEAD_MS, -(-(LEAD_MS + spoken_ms + TAIL_MS) // WHOLE_MS) * WHOLE_MS
    return min(LEAD_MS, wanted_s * 1000 - spoken_ms), wanted_s * 1000


def _narration(
    narration: Mapping[str, Any] | None, offset_ms: int, duration_ms: int, missing: Mapping[str, str]
) -> SegmentNarration:
    if narration is None:
        reason = missing.get("narration", NOT_MADE)
        return {"type": "missing", "reason": reason, "offset_ms": offset_ms, "duration_ms": duration_ms}
    return {"type": "audio", "media": _media(narration), "offset_ms": offset_ms, "duration_ms": duration_ms}


def _media(medium: Mapping[str, Any]) -> Any:
    return {"sha256": medium["sha256"], "media_type": medium["media_type"]}


def _changes(words: Sequence[SegmentWord], duration_ms: int, pictures: int) -> list[int]:
    """Return where pictures begin and end: 0, the changes, duration_ms. Changes fall between words, never within one."""
    share = duration_ms // pictures
    gaps = [((a["end_offset_ms"] + b["offset_ms"]) // 2, a["text"]) for a, b in pairwise(words)]
    return [0, *(_change(gaps, duration_ms * k // pictures, share) for k in range(1, pictures)), duration_ms]


def _change(gaps: Sequence[tuple[int, str]], target_ms: int, share_ms: int) -> int:
    """Return the best gap near an equal share: a full stop within 30 % of a share, else a comma, else a word within 15 %."""
    for reach, wanted in ((30, ends_sentence), (15, ends_clause), (15, bool)):
        near = [time for time, word in gaps if wanted(word) and abs(time - target_ms) * 100 <= reach * share_ms]
        if near:
            return min(near, key=lambda time: abs(time - target_ms))
    return target_ms


def _shown(
    pictures: Sequence[Mapping[str, Any] | None],
    clip: Mapping[str, Any] | None,
    size: tuple[int, int],
    missing: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return what is shown, not yet timed: the pictures, or the clip if there are none."""
    if pictures:
        return [_picture(picture, size, missing.get(f"image[{j}]", NOT_MADE)) for j, picture in enumerate(pictures)]
    return [_clip(clip, size, missing.get("video", NOT_MADE))]


def _picture(picture: Mapping[str, Any] | None, size: tuple[int, int], reason: str) -> dict[str, Any]:
    if picture is None:
        return {"type": "missing", "medium": "image", "reason": reason}
    return {"type": "image", "media": _media(picture), "fit": fit_of(picture, size)}


def _clip(clip: Mapping[str, Any] | None, size: tuple[int, int], reason: str) -> dict[str, Any]:
    """Return the layer of a clip. A clip shorter than the segment holds its last frame; a longer one is cut."""
    if clip is None:
        return {"type": "missing", "medium": "video", "reason": reason}
    fit = fit_of(clip, size)
    return {"type": "video", "media": _media(clip), "fit": fit, "source_duration_ms": clip["duration_ms"], "after_end": "hold"}


def _timed(shown: Sequence[dict[str, Any]], changes: Sequence[int], effect: str) -> list[SegmentLayer]:
    """Time the layers from change to change, each starting half a fade earlier and ending half a fade later."""
    spans = list(pairwise(changes))
    fade_ms = SLOW_FADE_MS if effect == "fade" else FADE_MS
    half_ms = min(fade_ms, min(end - start for start, end in spans) // 2) // 2  # each is shown alone for at least half its time
    layers = []
    for j, (layer, (start, end)) in enumerate(zip(shown, spans, strict=True)):
        begin, stop = max(0, start - half_ms), min(changes[-1], end + half_ms)
        times = {"offset_ms": begin, "duration_ms": stop - begin, "fade_in_ms": 2 * half_ms}
        motion = {"motion": motion_of(effect, j, stop - begin, layer["fit"])} if layer["type"] == "image" else {}
        layers.append(layer | times | motion)
    return cast("list[SegmentLayer]", layers)
