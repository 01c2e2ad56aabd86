"""One segment's timeline: how long it lasts, when its pictures change, where its captions break.

Pure: works on descriptions of media (`content.py`) and never opens them. All times are milliseconds on the segment's clock.

    |lead| speech ................................ |tail|     narration-led: as long as the speech requires
    |    | speech ............ |                        |     fixed-length: longer only if the speech is
    | picture 0        ><    picture 1                  |     coverage.py: near equal shares, preferably at a full stop
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, cast

from lecture_assets.languages import DEFAULT_LANGUAGE
from lecture_assets.timeline.caption import captions_of, ends_clause, line_length, spoken_words
from lecture_assets.timeline.coverage import Gap, Shot, clip_shots, shots_of
from lecture_assets.timeline.gain import speech_gain
from lecture_assets.timeline.motion import fit_of
from lecture_assets.timeline.schema import (
    SEGMENT_SCHEMA,
    SegmentLayer,
    SegmentNarration,
    SegmentTimeline,
    SegmentWord,
)
from lecture_media.sentence_ends import sentence_ends

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
    expected: Mapping[str, Any] | None = None,
    language: str = DEFAULT_LANGUAGE,
) -> dict[str, Any]:
    """Return the value of node assembler:segment-timeline (`schema.SegmentTimeline`).

    narration: a value of `content.Speech`, None if it does not exist yet
    pictures:  values of `content.Picture`, with `alt` if known, in image order, None for missing ones; without pictures, the
               segment shows its clip
    clip:      a value of `content.Clip`, with `alt` if known, None if it does not exist yet
    effect:    one of `content.Effect`
    size:      width and height of the frame in pixels
    segment_length_s: the length of a fixed-length segment, and the estimate for missing narration
    missing:   why something does not exist, by `narration`, `image[0]`, …, `video`
    expected:  what a missing narration is estimated to be: its `duration_ms` and `words`; None if its text does not exist either
    language:  a BCP 47 tag
    """
    speech = narration or expected
    spoken_ms = speech["duration_ms"] if speech else _estimate_ms(segment_length_s)
    offset_ms, duration_ms = _length(spoken_ms, segment_length_s if strategy == "fixed-length" else None)
    words = spoken_words(speech["words"], offset_ms, spoken_ms, language) if speech else []
    shown = _shown(pictures, clip, size, missing)
    timeline: SegmentTimeline = {
        "schema": SEGMENT_SCHEMA,
        "slot": f"s{slot:02d}",
        "language": language,
        "duration_ms": duration_ms,
        "layers": _timed(shots_of(shown, _gaps(words, language), duration_ms), effect),
        "narration": _narration(narration, offset_ms, spoken_ms, missing),
        "captions": captions_of(words, line_length(size, language), duration_ms, language),
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
    recording: SegmentNarration = {
        "type": "audio",
        "media": _media(narration),
        "offset_ms": offset_ms,
        "duration_ms": duration_ms,
    }
    return recording | {"gain_millibel": speech_gain(narration["measured"])} if "measured" in narration else recording


def _media(medium: Mapping[str, Any]) -> Any:
    return {"sha256": medium["sha256"], "media_type": medium["media_type"]}


def _gaps(words: Sequence[SegmentWord], language: str) -> list[Gap]:
    ends = sentence_ends([word["text"] for word in words], language)
    return [
        Gap((a["end_offset_ms"] + b["offset_ms"]) // 2, ends_sentence=ends[i], ends_clause=ends_clause(a["text"]))
        for i, (a, b) in enumerate(pairwise(words))
    ]


def _shown(
    pictures: Sequence[Mapping[str, Any] | None],
    clip: Mapping[str, Any] | None,
    size: tuple[int, int],
    missing: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return what is shown, not yet timed: the pictures, or the clip if there are none."""
    if pictures:
        return [_picture(picture, j, size, missing.get(f"image[{j}]", NOT_MADE)) for j, picture in enumerate(pictures)]
    return [_clip(clip, size, missing.get("video", NOT_MADE))]


def _picture(picture: Mapping[str, Any] | None, number: int, size: tuple[int, int], reason: str) -> dict[str, Any]:
    if picture is None:
        return {"type": "missing", "medium": "image", "image": number, "reason": reason}
    return {"type": "image", "image": number, "media": _media(picture), **_alt(picture), "fit": fit_of(picture, size)}


def _alt(medium: Mapping[str, Any]) -> dict[str, str]:
    return {"alt": medium["alt"]} if "alt" in medium else {}


def _clip(clip: Mapping[str, Any] | None, size: tuple[int, int], reason: str) -> dict[str, Any]:
    if clip is None:
        return {"type": "missing", "medium": "video", "reason": reason}
    fit = fit_of(clip, size)
    return {
        "type": "video",
        "media": _media(clip),
        **_alt(clip),
        "fit": fit,
        "source_duration_ms": clip["duration_ms"],
        "after_end": "hold",
    }


def _timed(shots: Sequence[Shot], effect: str) -> list[SegmentLayer]:
    """Turn shots into layers, each starting half a fade before its change and ending half a fade after the next one."""
    fades = [_fade_ms(before, shot, effect) for before, shot in zip((None, *shots), shots, strict=False)]
    layers = []
    for shot, fade_ms, next_ms in zip(shots, fades, [*fades[1:], 0], strict=True):
        begin, stop = max(0, shot.start_ms - fade_ms // 2), shot.end_ms + next_ms // 2
        times = {"offset_ms": begin, "duration_ms": stop - begin, "fade_in_ms": fade_ms}
        layers.append({**shot.layer, **times, **shot.motion(effect, stop - begin)})
    return cast("list[SegmentLayer]", layers)


def extended(segment: Mapping[str, Any], more_ms: int) -> list[SegmentLayer]:
    """Return the layers of a segment timeline with the last one shown for longer: a clip is slowed, or its last frame moves."""
    *layers, last = segment["layers"]
    longer = {**last, "duration_ms": last["duration_ms"] + more_ms}
    if last.get("playback_rate_permille"):  # a clip that covers its segment is its only layer
        return _timed(clip_shots(last, 0, longer["duration_ms"]), segment["effect"])
    return [*layers, longer]


def _fade_ms(before: Shot | None, shot: Shot, effect: str) -> int:
    """Return how long a shot fades in: an even number, at most half of either shot, so that each is shown alone for that long."""
    is_new = before is None or before.layer.get("media") != shot.layer.get("media")
    shorter_ms = min(shot.length_ms, before.length_ms if before else shot.length_ms)
    return min(SLOW_FADE_MS if effect == "fade" and is_new else FADE_MS, shorter_ms // 2) // 2 * 2
