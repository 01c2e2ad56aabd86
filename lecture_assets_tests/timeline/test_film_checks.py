from typing import Any

import pytest

from lecture_assets.timeline.film_checks import RULES, CheckedFilm, found_by
from lecture_assets_tests.timeline.samples import clip, lecture, picture, segment, speech


def filmed(*clips_ms: int) -> Any:
    """A lecture with segments of 10 s, and a last one that is longer, each with a clip."""
    return lecture(
        {
            slot: segment(
                slot=slot,
                strategy="fixed-length",
                segment_length_s=10,
                narration=speech("Short."),
                pictures=[],
                clip=clip(length, f"clip {slot}"),
            )
            for slot, length in enumerate(clips_ms)
        }
    )


@pytest.mark.parametrize(
    ("clips_ms", "notes"),
    [
        ((10_000, 11_000), []),
        ((6_250, 8_000), []),
        (
            (5_062, 11_000),
            ["a clip is too short even when slowed to 1.6 times, so a last frame moves on: in s00 for 1.9 s; "],
        ),
        (
            (5_062, 2_500),
            ["2 clips are too short even when slowed to 1.6 times, so a last frame moves on: in s00 for 1.9 s and s01 for 7.8 s"],
        ),
    ],
)
def test_the_seconds_that_no_clip_covers_are_named(clips_ms: Any, notes: list[str]) -> None:
    found = list(RULES["clips_are_long_enough"](CheckedFilm(filmed(*clips_ms))))
    assert [note[: len(start)] for note, start in zip(found, notes, strict=True)] == notes


def test_many_segments_are_counted() -> None:
    (note,) = RULES["clips_are_long_enough"](CheckedFilm(filmed(*[5_062] * 9)))
    assert "s03 for 1.9 s, s04 for 1.9 s and 4 more; " in note


def changed(**changes: Any) -> dict[str, Any]:
    """A segment whose speech lasts some seconds, with alt texts, changed by name."""
    parts = {0: segment(**({"narration": speech(word_ms=460)} | changes))}
    made: dict[str, Any] = lecture(parts, music=None, strategy=changes.get("strategy", "narration-led"))
    return made


def described(timeline: dict[str, Any]) -> dict[str, Any]:
    for part in timeline["segments"]:
        for layer in part["layers"]:
            layer["alt"] = "A leaf."
    return timeline


def with_layer(**keys: Any) -> dict[str, Any]:
    timeline = described(changed())
    timeline["segments"][0]["layers"][0].update(keys)
    return timeline


def with_gain(gain: int) -> dict[str, Any]:
    timeline = described(changed())
    timeline["segments"][0]["narration"]["gain_millibel"] = gain
    return timeline


PLAIN = described(changed())
LASTS_S = PLAIN["duration_in_frames"] / 30
ROWS: dict[str, tuple[CheckedFilm, str]] = {
    "length_is_as_asked": (CheckedFilm(PLAIN, asked_ms=5_000), "the film lasts"),
    "speech_fills_segments": (
        CheckedFilm(described(changed(strategy="fixed-length", segment_length_s=60))),
        "speech fills less than 60 % of 1 segment (s00 ",
    ),
    "captions_can_be_read": (
        CheckedFilm(described(changed(narration=speech()))),
        "2 captions pass faster than people read (letters a second: s00 25): shorten the text",
    ),
    "captions_last_long_enough": (
        CheckedFilm(described(changed(narration=speech("Rain falls.", word_ms=150)))),
        "1 caption is seen for less than 0.83 s (s00 ",
    ),
    "letters_have_fonts": (CheckedFilm(PLAIN, boxes=["title: found 𒀀"]), "no video can be written: title"),
    "pictures_have_alt_texts": (
        CheckedFilm(with_layer(alt=" ")),
        "pictures of 1 segment have no alt text (s00): say what they show with `text content:visual:segment[0]=…`",
    ),
    "recordings_are_loud_enough": (
        CheckedFilm(with_gain(2_600)),
        "a recording is so quiet that noise is heard once amplified (s00 26 dB)",
    ),
    "recordings_are_not_clipped": (
        CheckedFilm(PLAIN, clipped={"s00": 63, "s01": 20}),
        "a recording is clipped, which is heard as crackling (s00 for 6.3 % of its time): supply one that was recorded",
    ),
    "music_is_audible": (CheckedFilm(PLAIN, silent=frozenset({"music"})), "the music is silent: order another"),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_fault_is_one_line_and_nothing_else_is_said(name: str) -> None:
    film, begin = ROWS[name]
    found = found_by(RULES, film)
    assert list(found) == [name], found
    (sentence,) = found[name]
    assert sentence.startswith(begin)


def test_what_is_as_it_should_be_is_not_spoken_of() -> None:
    assert found_by(RULES, CheckedFilm(PLAIN, asked_ms=round(LASTS_S * 1000 * 1.09))) == {}
    assert list(found_by(RULES, CheckedFilm(PLAIN, asked_ms=round(LASTS_S * 1000 * 1.13)))) == ["length_is_as_asked"]
    assert found_by(RULES, CheckedFilm(with_gain(2_000), silent=frozenset({"s07"}))) == {}


def test_a_silent_recording_is_told_from_a_quiet_one() -> None:
    (sentence,) = RULES["recordings_are_loud_enough"](CheckedFilm(with_gain(0), silent=frozenset({"s00"})))
    assert sentence == "a recording is silent (s00): supply an audible one with `media asset:narration:segment[0]=@FILE`"


def test_a_view_that_stays() -> None:
    timeline = described(changed(pictures=[picture("a")], narration=speech(" ".join(["leaf"] * 60))))
    part = timeline["segments"][0]
    part["layers"] = [part["layers"][0] | {"duration_in_frames": part["duration_in_frames"]}]
    (sentence,) = RULES["views_change"](CheckedFilm(timeline))
    assert sentence.startswith("a picture is shown for more than 8 s without a change of view, in s00 for ")


def test_full_width_letters_are_read_more_slowly() -> None:
    chinese = described(changed(narration=speech(" ".join(["太阳 照在 叶子 上面 水滴"] * 4), word_ms=160, gap_ms=0)))
    assert "captions_can_be_read" in found_by(RULES, CheckedFilm(chinese))
