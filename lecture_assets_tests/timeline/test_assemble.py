import copy
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lecture_assets.content import Effect
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.timeline.assemble import ASPECT_RATIOS, size_of
from lecture_assets.timeline.clock import frame_at
from lecture_assets.timeline.export import media_names, with_sources
from lecture_assets.timeline.motion import EFFECTS
from lecture_assets.timeline.schema import json_schema
from lecture_assets.timeline.validate import faults_of
from lecture_assets_tests.timeline.samples import (
    LANDSCAPE,
    PORTRAIT,
    clip,
    lecture,
    measures,
    music,
    picture,
    segment,
    speech,
)

CHECKER = Draft202012Validator(json_schema())


def test_the_schema_is_itself_a_schema_and_refuses_a_timeline_with_an_unknown_key_or_a_float() -> None:
    Draft202012Validator.check_schema(json_schema())
    timeline = lecture()
    exported = with_sources(timeline, media_names(timeline))
    assert CHECKER.is_valid(exported)
    assert not CHECKER.is_valid(timeline), "a stored timeline has no src"
    assert not CHECKER.is_valid(exported | {"surprise": 1})
    assert not CHECKER.is_valid(exported | {"duration_in_frames": 10.5})
    assert next(iter(exported)) == "schema"


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=30))
def test_a_segment_starts_at_the_frame_where_the_ones_before_it_end_each_of_whole_tenths_of_a_second(lengths: Any) -> None:
    segments = {
        i: segment(slot=i, narration=speech("word") | {"duration_ms": ms}, pictures=[picture()]) for i, ms in enumerate(lengths)
    }
    placed = lecture(segments)["segments"]
    before_ms = 0
    for i, ms in enumerate(lengths):
        assert placed[i]["start_frame"] * 1000 == before_ms * 30
        before_ms += math.ceil((ms + 450) / 100) * 100


def test_a_narration_led_segment_lasts_as_long_as_its_speech_plus_a_breath() -> None:
    spoken = speech()
    assert (spoken["duration_ms"], segment(narration=spoken)["duration_ms"]) == (11_520, 12_000)


@pytest.mark.parametrize(
    ("speech_ms", "expected"), [(4000, 10_000), (9_900, 10_000), (10_000, 10_000), (10_001, 10_500), (13_000, 13_500)]
)
def test_a_fixed_length_segment_is_longer_only_where_its_speech_is(speech_ms: Any, expected: Any) -> None:
    made = segment(narration=speech("one") | {"duration_ms": speech_ms}, strategy="fixed-length", segment_length_s=10)
    assert made["duration_ms"] == expected
    assert made["narration"]["offset_ms"] + speech_ms <= expected


def test_pictures_change_at_the_full_stop_near_an_equal_share() -> None:
    text = "one two three four five six. seven eight nine ten eleven twelve thirteen"
    first, second = segment(narration=speech(text))["layers"]
    middle = second["offset_ms"] + second["fade_in_ms"] // 2
    end_of_six, start_of_seven = 200 + 6 * 360 - 40, 200 + 6 * 360
    assert end_of_six <= middle <= start_of_seven
    assert first["offset_ms"] + first["duration_ms"] == second["offset_ms"] + second["fade_in_ms"]


def test_pictures_change_between_words_where_no_sentence_ends_and_at_equal_shares_without_words() -> None:
    gapless = segment(narration=speech("one two three four five six", gap_ms=0))["layers"][1]
    assert (gapless["offset_ms"] + 200 - 200) % 320 == 0
    silent = segment(narration=speech("") | {"duration_ms": 5000})["layers"][1]
    assert silent["offset_ms"] + 200 == 5500 // 2


def test_pictures_of_one_segment_move_in_turn_and_a_strange_shape_is_shown_whole() -> None:
    firsts = {layer["image"]: layer for layer in reversed(segment(pictures=[picture("a"), picture("b")])["layers"])}
    zooms = [firsts[number]["motion"] for number in range(2)]
    assert [m["from"]["scale_permille"] < m["to"]["scale_permille"] for m in zooms] == [True, False]
    tall, *_closer = segment(pictures=[picture("a", PORTRAIT)])["layers"]
    assert tall["fit"] == "contain"
    assert max(view["scale_permille"] for view in tall["motion"].values()) == 1000


def test_every_effect_of_the_script_has_a_motion() -> None:
    assert set(EFFECTS) == {str(effect) for effect in Effect}


@pytest.mark.parametrize("effect", [str(effect) for effect in Effect])
def test_under_every_effect_a_picture_moves_and_keeps_its_edges_covered(effect: str) -> None:
    for length in (3, 20):
        layers = segment(effect=effect, pictures=[picture(), picture()], strategy="fixed-length", segment_length_s=length)[
            "layers"
        ]
        for move in (layer["motion"] for layer in layers):
            scales = [view["scale_permille"] for view in move.values()]
            assert move["from"] != move["to"]
            assert max(scales) - (1000 if min(scales) < 1200 else 1200) <= 44


def test_an_effect_of_fade_comes_in_slower_than_the_others() -> None:
    pictures = [picture("a"), picture("b")]
    assert segment(effect="fade", pictures=pictures)["layers"][1]["fade_in_ms"] == 1000
    assert segment(effect="none", pictures=pictures)["layers"][1]["fade_in_ms"] == 400


def test_a_clip_fills_its_segment_and_says_that_its_last_frame_is_held() -> None:
    made = segment(pictures=[], clip=clip(20_000))
    (layer,) = made["layers"]
    assert (layer["type"], layer["duration_ms"], layer["after_end"]) == ("video", made["duration_ms"], "hold")


def test_what_is_missing_is_there_with_its_reason_and_the_length_it_is_expected_to_have() -> None:
    reasons = {"narration": "generating", "image[1]": "refused by the vendor"}
    made = segment(narration=None, pictures=[picture(), None], segment_length_s=8, missing=reasons)
    assert made["duration_ms"] == 8000
    assert made["narration"]["reason"] == "generating"
    assert made["layers"][1] == {
        "type": "missing",
        "medium": "image",
        "image": 1,
        "reason": "refused by the vendor",
        **{key: made["layers"][1][key] for key in ("offset_ms", "duration_ms", "fade_in_ms")},
    }
    (video,) = segment(pictures=[], missing={"video": "queued"})["layers"]
    assert (video["type"], video["medium"], video["reason"]) == ("missing", "video", "queued")


def test_a_lecture_of_which_nothing_exists_still_has_its_length_and_a_reason_everywhere() -> None:
    missing = {"segment[4]": "s04 is being written", "music": "no music yet", "title": "no title yet"}
    timeline = lecture({4: None}, order=[4, 7], music=None, title=None, missing=missing, estimated_segment_ms=5000)
    assert faults_of(timeline) == []
    assert timeline["duration_in_frames"] == 353, "5 + 5 + 1.75 s"
    assert [s["slot"] for s in timeline["segments"]] == ["s04", "s07"]
    assert timeline["segments"][0]["layers"][0]["reason"] == "s04 is being written"
    assert timeline["segments"][1]["layers"][0]["reason"] == "not made yet"
    assert (timeline["music"]["reason"], timeline["title"]["reason"]) == ("no music yet", "no title yet")


def test_moving_a_segment_changes_places_and_keeps_slots() -> None:
    segments = {slot: segment(slot=slot) for slot in range(3)}
    timeline = lecture(segments, order=[2, 0, 1])
    assert [(s["slot"], s["position"]) for s in timeline["segments"]] == [("s02", 0), ("s00", 1), ("s01", 2)]
    assert timeline == lecture(segments, order=[2, 0, 1])


def test_speech_begins_within_half_a_second_under_the_title() -> None:
    timeline = lecture()
    assert timeline["title"]["start_frame"] == 0
    assert 0 < timeline["segments"][0]["narration"]["start_ms"] <= 500


def test_a_title_alone_is_read_before_anything_is_heard_and_the_pictures_come_when_it_goes() -> None:
    over, card = lecture(), lecture(title_display="card")
    title, first, later = card["title"], card["segments"][0], over["segments"][0]
    assert (title["display"], title["colour"], title["duration_in_frames"]) == ("card", "#22344f", 96)
    assert first["narration"]["start_frame"] >= 96
    assert first["captions"][0]["start_ms"] >= 3200
    assert first["layers"][0]["start_frame"] == 96 - title["fade_out_frames"]
    assert first["narration"]["start_ms"] - later["narration"]["start_ms"] == 3200
    assert card["duration_in_frames"] - over["duration_in_frames"] == 96
    assert [s["duration_in_frames"] for s in card["segments"][1:]] == [s["duration_in_frames"] for s in over["segments"][1:]]


def test_a_title_that_is_not_shown_has_its_words_and_no_frame_and_a_missing_one_is_no_card() -> None:
    hidden = lecture(title_display="none")
    assert hidden["title"] | {"text": "", "display": ""} == lecture()["title"] | {
        "text": "",
        "display": "",
        "duration_in_frames": 0,
    }
    assert hidden["title"]["text"] == "How plants eat light"
    assert lecture(title=None, title_display="card")["segments"] == lecture(title=None)["segments"]


def test_the_first_picture_is_there_at_once_and_the_last_one_fades_two_seconds_after_the_last_word() -> None:
    timeline = lecture()
    fades = [layer["fade_in_frames"] for part in timeline["segments"] for layer in part["layers"]]
    assert (fades[0], set(fades[1:])) == (0, {12})
    last = timeline["segments"][-1]
    outs = [layer.get("fade_out_frames") for part in timeline["segments"] for layer in part["layers"]]
    assert (set(outs[:-1]), outs[-1]) == ({None}, 30)
    spoken = last["narration"]["start_frame"] + last["narration"]["duration_in_frames"]
    assert 60 <= timeline["duration_in_frames"] - spoken <= 63  # a segment lasts whole tenths of a second


def test_gains_bring_what_was_measured_to_the_loudness_of_a_film() -> None:
    said = speech() | {"measured": measures(-2310)}
    swelling = music() | {"measured": {**measures(-2200), "loudest_millibel": -1500}}
    timeline = lecture({0: segment(narration=said), 1: segment(slot=1)}, music=swelling)
    for_pauses = timeline["segments"][0]["narration"]["gain_millibel"] - 710
    assert 0 < for_pauses <= 100
    assert "gain_millibel" not in timeline["segments"][1]["narration"], "it was stored before sounds were measured"
    assert timeline["music"]["gain_millibel"] == -1600 + 1800 + for_pauses
    silent = lecture({0: segment(narration=speech() | {"measured": measures(-7000)})}, music=None)
    assert silent["segments"][0]["narration"]["gain_millibel"] == 0


def test_music_is_as_loud_as_was_asked_for_or_not_there() -> None:
    loudest = [max(p["gain_permille"] for p in lecture(music_volume_percent=v)["music"]["envelope"]) for v in (1, 100, 200)]
    half = lecture(music_volume_percent=50)["music"]["envelope"]
    assert loudest == [max(1, loudest[1] // 100), loudest[1], 2 * loudest[1]]
    assert [p["frame"] for p in half] == [p["frame"] for p in lecture()["music"]["envelope"]]
    off = lecture(music_volume_percent=0, music=None)
    assert off["music"] == {"type": "none", "start_frame": 0, "duration_in_frames": off["duration_in_frames"]}


def test_words_keep_their_recordings_times_on_the_lectures_clock() -> None:
    spoken = speech("one two three")
    segments = {0: segment(), 1: segment(slot=1, narration=spoken)}
    second = lecture(segments)["segments"][1]
    start_ms = segments[0]["duration_ms"] + 200
    assert second["narration"]["start_ms"] == start_ms
    assert [w["start_ms"] - start_ms for c in second["captions"] for w in c["words"]] == [0, 360, 720]
    assert second["narration"]["start_frame"] == frame_at(start_ms)


def test_assembling_leaves_its_inputs_alone() -> None:
    segments = {0: segment()}
    before = copy.deepcopy(segments)
    lecture(segments, music=music(5))
    assert segments == before


def test_aspect_ratios_are_even_and_an_unknown_one_names_those_there_are() -> None:
    assert size_of("16:9") == LANDSCAPE == (1280, 720)
    assert all(side % 2 == 0 for size in ASPECT_RATIOS.values() for side in size)
    with pytest.raises(WrongInputError, match="found '16:10'; allowed: 16:9, 9:16, 1:1, 4:3, 4:5"):
        size_of("16:10")
