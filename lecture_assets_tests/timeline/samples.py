"""Values of media as providers make them, and lectures built of them, for tests."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from lecture_assets.prose.readable import readable
from lecture_assets.timeline.assemble import ASPECT_RATIOS, STRATEGIES, TITLE_DISPLAYS, assemble, assemble_segment
from lecture_assets.timeline.motion import EFFECTS
from lecture_assets.timeline.spread import with_words

LANDSCAPE = ASPECT_RATIOS["16:9"]
PORTRAIT = ASPECT_RATIOS["9:16"]
TEXT = (
    "Plants make their own food. In the leaf, inside tiny green bodies called chloroplasts, the pigment chlorophyll "
    "catches sunlight, mostly the red and the blue of it, and throws the green back."
)


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def speech(text: str = TEXT, word_ms: int = 320, gap_ms: int = 40, name: str = "speech") -> dict[str, Any]:
    """Every word as long as the other, a short gap between."""
    step = word_ms + gap_ms
    words = [{"text": w, "start_ms": i * step, "end_ms": i * step + word_ms} for i, w in enumerate(text.split())]
    return {"sha256": sha(name), "media_type": "audio/wav", "duration_ms": max(1, len(words) * step), "words": words}


def picture(name: str = "picture", size: tuple[int, int] = LANDSCAPE) -> dict[str, Any]:
    return {"sha256": sha(name), "media_type": "image/png", "width": size[0], "height": size[1]}


def clip(duration_ms: int = 5000, name: str = "clip") -> dict[str, Any]:
    return {"sha256": sha(name), "media_type": "video/mp4", "width": 1280, "height": 720, "duration_ms": duration_ms}


def music(duration_ms: int = 30_000) -> dict[str, Any]:
    return {"sha256": sha("music"), "media_type": "audio/mp4", "duration_ms": duration_ms}


def measures(loudness: int, start_ms: int = 0, end_ms: int = 30_000) -> dict[str, int]:
    """A value of `content.SoundMeasures`: even in loudness, steady between two times."""
    return {"loudness_millibel": loudness, "loudest_millibel": loudness, "steady_from_ms": start_ms, "steady_to_ms": end_ms}


def segment(**changes: Any) -> dict[str, Any]:
    """A segment of two pictures with speech, changed by name."""
    arguments: dict[str, Any] = {
        "slot": 0,
        "narration": speech(),
        "pictures": [picture("a"), picture("b")],
        "clip": None,
        "effect": "zoom-in",
        "background_music": "calm",
        "size": LANDSCAPE,
        "strategy": "narration-led",
        "segment_length_s": None,
        "missing": {},
    }
    return assemble_segment(**(arguments | changes))


def lecture(segments: Mapping[int, Any] | None = None, order: Sequence[int] | None = None, **changes: Any) -> dict[str, Any]:
    """A lecture of three segments with music and title, changed by name."""
    if segments is None:
        segments = {slot: segment(slot=slot, narration=speech(name=f"speech {slot}")) for slot in range(3)}
    arguments: dict[str, Any] = {
        "segments": segments,
        "order": list(segments) if order is None else order,
        "music": music(),
        "title": "How plants eat light",
        "size": LANDSCAPE,
        "strategy": "narration-led",
        "missing": {},
        "estimated_segment_ms": 10_000,
    }
    return assemble(**(arguments | changes))


_WORD = st.tuples(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(readable)
    | st.sampled_from(["end.", "wait,", "it's", "x" * 60]),
    st.integers(0, 900),
    st.integers(0, 1500),
)


@st.composite
def speeches(draw: st.DrawFn) -> dict[str, Any]:
    """Speech of any text at any pace; sometimes words run over the end of the recording, and it may not be measured."""
    words, now = [], 0
    for text, gap, length in draw(st.lists(_WORD, max_size=25)):
        words.append({"text": text, "start_ms": now + gap, "end_ms": now + gap + length})
        now += gap + length
    duration = max(1, now + draw(st.integers(-50, 900)))
    recording = {"sha256": sha(str(duration)), "media_type": "audio/wav", "duration_ms": duration, "words": words}
    return recording | draw(st.just({}) | st.builds(lambda loud: {"measured": measures(loud)}, st.integers(-7000, 300)))


@st.composite
def pieces(draw: st.DrawFn) -> dict[str, Any]:
    """Music of any length, measured or not."""
    length = draw(st.integers(1, 200_000))
    start, end = sorted((draw(st.integers(0, length)), draw(st.integers(0, length))))
    heard = st.builds(lambda loud: {"measured": measures(loud, start, end)}, st.integers(-7000, 300))
    return music(length) | draw(st.just({}) | heard)


@st.composite
def own_recordings(draw: st.DrawFn) -> dict[str, Any]:
    """A recording of any length, over which the words of a text are spread."""
    duration = draw(st.integers(1, 60_000))
    text = " ".join(draw(st.lists(_WORD, max_size=40).map(lambda words: [word for word, _, _ in words])))
    return dict(with_words({"sha256": sha(str(duration)), "media_type": "audio/wav", "duration_ms": duration, "words": []}, text))


def _maybe(value: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any] | None]:
    return st.none() | value


_SIZES = st.sampled_from(list(ASPECT_RATIOS.values()))
_PICTURES = st.builds(picture, st.text(max_size=3), st.tuples(st.integers(16, 4000), st.integers(16, 4000)))


@st.composite
def segments_of(draw: st.DrawFn, slot: int, size: tuple[int, int], strategy: str) -> dict[str, Any]:
    """A segment of any content and language, of which anything may be missing."""
    return segment(
        slot=slot,
        narration=draw(_maybe(speeches() | own_recordings())),
        expected=draw(_maybe(own_recordings())),
        pictures=draw(st.lists(_maybe(_PICTURES), max_size=4)),
        clip=draw(_maybe(st.builds(clip, st.integers(1, 40_000)))),
        effect=draw(st.sampled_from(list(EFFECTS))),
        size=size,
        strategy=strategy,
        language=draw(st.sampled_from(["en", "de", "ar", "zh", "ja", "th"])),
        segment_length_s=draw(st.integers(1, 40)) if strategy == "fixed-length" else draw(st.none() | st.integers(1, 40)),
    )


@st.composite
def lectures(draw: st.DrawFn) -> dict[str, Any]:
    """A lecture of any length, of which anything may be missing."""
    size, strategy = draw(_SIZES), draw(st.sampled_from(STRATEGIES))
    slots = draw(st.lists(st.integers(0, 98), min_size=1, max_size=6, unique=True))
    return lecture(
        {slot: draw(_maybe(segments_of(slot, size, strategy))) for slot in slots},
        music=draw(_maybe(pieces())),
        title_display=draw(st.sampled_from(TITLE_DISPLAYS)),
        music_volume_percent=draw(st.sampled_from([100, 0, 37, 200])),
        title=draw(st.none() | st.text(min_size=1, max_size=80)),
        size=size,
        strategy=strategy,
        estimated_segment_ms=draw(st.integers(0, 30_000)),
    )
