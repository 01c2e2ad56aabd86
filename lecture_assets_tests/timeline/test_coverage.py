"""What covers the time of a segment: clips at their pace, slowed, and followed by their last frame; views of a picture."""

from itertools import pairwise
from typing import Any

import pytest

from lecture_assets.timeline.coverage import ClipCover, clip_cover, covered
from lecture_assets_tests.timeline.samples import PORTRAIT, TEXT, clip, lecture, picture, segment, speech

CLIP_MS = 81 * 1000 // 16
"""The shortest clip of the shipped video model: 81 frames at 16 a second."""


def fixed(seconds: int, **changes: Any) -> Any:
    return segment(strategy="fixed-length", segment_length_s=seconds, narration=speech("Short."), **changes)


@pytest.mark.parametrize(
    ("clip_ms", "length_ms", "rate", "moving_ms"),
    [
        (10_000, 10_000, 1000, 10_000),
        (40_000, 10_000, 1000, 10_000),
        (8_000, 10_000, 800, 10_000),
        (6_250, 10_000, 625, 10_000),
        (CLIP_MS, 10_000, 625, 8_099),
        (1, 10_000, 625, 1),
        (9_999, 10_000, 999, 10_000),
    ],
)
def test_a_clip_is_slowed_as_little_as_needed_and_to_1_6_times_at_most(
    clip_ms: int, length_ms: int, rate: int, moving_ms: int
) -> None:
    assert clip_cover(clip_ms, length_ms) == ClipCover(rate, moving_ms)


def test_a_clip_that_is_too_short_goes_on_as_its_last_frame_which_starts_where_it_ended() -> None:
    playing, last = fixed(10, pictures=[], clip=clip(CLIP_MS))["layers"]
    assert (playing["playback_rate_permille"], playing["source_start_ms"]) == (625, 0)
    assert (last["playback_rate_permille"], last["source_start_ms"]) == (0, CLIP_MS - 1)
    assert last["motion"]["from"] == {"scale_permille": 1000, "x_permille": 0, "y_permille": 0}
    assert last["motion"]["to"]["scale_permille"] > 1010
    assert playing["offset_ms"] + playing["duration_ms"] - last["offset_ms"] == last["fade_in_ms"] == 400
    assert playing["media"] == last["media"], "nothing is bought for it"


def test_the_last_frame_of_a_clip_shown_whole_moves_away_so_that_it_stays_whole() -> None:
    tall = {**clip(CLIP_MS), "width": 720, "height": 1280}
    last = fixed(10, pictures=[], clip=tall)["layers"][1]
    assert last["fit"] == "contain"
    assert last["motion"]["to"]["scale_permille"] < last["motion"]["from"]["scale_permille"] == 1000


def test_a_clip_may_hold_its_last_frame_for_half_a_second_but_no_longer() -> None:
    assert len(fixed(10, pictures=[], clip=clip(5_940))["layers"]) == 1
    assert len(fixed(10, pictures=[], clip=clip(5_930))["layers"]) == 2


def test_at_the_end_of_a_lecture_a_clip_is_slowed_for_the_closing_or_its_last_frame_moves_on() -> None:
    for clip_ms, layers in ((10_000, [851]), (6_250, [625, 0]), (40_000, [1000])):
        timeline = lecture({0: fixed(10, pictures=[], clip=clip(clip_ms)), 1: fixed(10, slot=1, pictures=[], clip=clip(clip_ms))})
        rates = [[layer["playback_rate_permille"] for layer in part["layers"]] for part in timeline["segments"]]
        assert rates[1] == layers
        assert rates[0] == layers[:1] or clip_ms == 10_000


def test_a_long_picture_is_shown_wide_and_closer_in_turn_changing_where_sentences_end() -> None:
    text = " ".join(f"word{i}{'.' if i % 7 == 6 else ''}" for i in range(54))
    made = segment(narration=speech(text), pictures=[picture()])
    assert 19_000 < made["duration_ms"] < 20_500
    assert [layer["image"] for layer in made["layers"]] == [0] * 4
    widths = [min(view["scale_permille"] for view in layer["motion"].values()) for layer in made["layers"]]
    assert widths == [1000, 1200, 1000, 1200]
    ends = {200 + (i + 1) * 360 - 20 for i in range(54) if i % 7 == 6}
    changes = [layer["offset_ms"] + layer["fade_in_ms"] // 2 for layer in made["layers"][1:]]
    assert set(changes) <= ends
    assert all(2_000 <= after - before <= 5_700 for before, after in pairwise([0, *changes, made["duration_ms"]]))


def test_a_picture_of_five_seconds_is_one_view_and_a_placeholder_never_changes() -> None:
    assert len(fixed(5, pictures=[picture()])["layers"]) == 1
    assert len(fixed(60, pictures=[None])["layers"]) == 1


@pytest.mark.parametrize("effect", ["none", "fade", "zoom-in", "zoom-out", "pan-left", "pan-right"])
def test_every_view_moves_under_every_effect_and_what_is_shown_whole_is_whole_in_its_wide_views(effect: str) -> None:
    for shape in (picture(), picture("tall", PORTRAIT)):
        for number, layer in enumerate(fixed(40, effect=effect, pictures=[shape])["layers"]):
            views = list(layer["motion"].values())
            assert views[0] != views[1]
            if layer["fit"] == "contain" and number % 2 == 0:
                assert all(view["scale_permille"] + 2 * abs(view["x_permille"]) <= 1001 for view in views)


def test_views_of_the_same_picture_fade_quickly_even_where_pictures_fade_slowly() -> None:
    layers = fixed(40, effect="fade", pictures=[picture("a"), picture("b")])["layers"]
    assert [layer["fade_in_ms"] for layer in layers if layer["image"] == 1] == [1000, 400, 400, 400]


def test_what_covers_a_segment_is_told_in_milliseconds() -> None:
    parts = {
        0: fixed(10, pictures=[], clip=clip(CLIP_MS)),
        1: fixed(10, slot=1, pictures=[picture(), None]),
        2: fixed(10, slot=2, pictures=[], clip=clip(20_000)),
    }
    short, pictures, long = covered(lecture(parts))
    assert (short.slot, short.length_ms, short.source_ms, short.rate_permille) == ("s00", 10_000, CLIP_MS, 625)
    assert (short.clip_ms, short.last_frame_ms) == (8_100, 1_900)
    assert (pictures.picture_ms, pictures.missing_ms, pictures.clip_ms) == (5_000, 5_000, 0)
    assert 5_000 <= pictures.longest_view_ms <= 5_200
    assert (long.clip_ms, long.last_frame_ms, long.length_ms, long.longest_view_ms) == (11_766, 0, 11_766, 0)


def test_a_text_without_speech_is_shown_for_as_long_as_it_is_expected_to_take() -> None:
    expected = {"duration_ms": 7_000, "words": speech(TEXT)["words"]}
    made = segment(narration=None, expected=expected, segment_length_s=20, missing={"narration": "no voice"})
    assert made["duration_ms"] == 7_500
    assert made["narration"] == {"type": "missing", "reason": "no voice", "offset_ms": 200, "duration_ms": 7_000}
    assert made["captions"][0]["text"].startswith("Plants make")


def test_a_clip_of_a_frame_or_two_is_shown_as_a_picture() -> None:
    for layer in fixed(10, pictures=[], clip=clip(40))["layers"]:
        assert (layer["playback_rate_permille"], layer["source_start_ms"]) == (0, 0)
