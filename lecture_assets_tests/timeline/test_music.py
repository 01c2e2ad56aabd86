from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.timeline.music import DUCKED_PERMILLE, OPEN_PERMILLE, envelope_of


def gain_at(envelope: Any, frame: Any) -> Any:
    for a, b in pairwise(envelope):
        if a["frame"] <= frame <= b["frame"]:
            share = (frame - a["frame"]) / (b["frame"] - a["frame"])
            return a["gain_permille"] + share * (b["gain_permille"] - a["gain_permille"])
    raise AssertionError(frame)


def test_music_is_down_while_somebody_speaks_up_in_a_long_pause_and_silent_at_both_ends() -> None:
    envelope = envelope_of([(60, 300), (500, 700)], 1000)
    assert [gain_at(envelope, frame) for frame in (0, 1000)] == [0, 0]
    assert {gain_at(envelope, frame) for frame in (60, 180, 300, 500, 700)} == {DUCKED_PERMILLE}
    assert {gain_at(envelope, frame) for frame in (30, 400, 800)} == {OPEN_PERMILLE}


def test_after_the_last_word_the_music_rises_and_then_fades_without_a_dip() -> None:
    envelope = envelope_of([(6, 540)], 600)
    tail = [gain_at(envelope, frame) for frame in range(540, 601)]
    assert tail[:25] == sorted(tail[:25])
    assert tail[24:] == sorted(tail[24:], reverse=True)
    assert (tail[0], tail[24], tail[-1]) == (DUCKED_PERMILLE, OPEN_PERMILLE, 0)


def test_where_there_is_no_time_to_rise_the_music_fades_from_where_it_is() -> None:
    envelope = envelope_of([(6, 570)], 600)
    tail = [gain_at(envelope, frame) for frame in range(560, 601)]
    assert tail == sorted(tail, reverse=True)
    assert tail[10] == DUCKED_PERMILLE


def test_a_volume_multiplies_the_whole_curve() -> None:
    assert [p["gain_permille"] for p in envelope_of([(60, 300)], 900, 200)] == [
        2 * p["gain_permille"] for p in envelope_of([(60, 300)], 900)
    ]


def test_music_stays_down_between_two_sentences() -> None:
    envelope = envelope_of([(60, 300), (314, 700)], 1000)
    assert gain_at(envelope, 307) == DUCKED_PERMILLE


def test_music_without_speech_is_open() -> None:
    assert gain_at(envelope_of([], 900), 450) == OPEN_PERMILLE


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 400)), max_size=8), st.integers(1, 200))
def test_the_envelope_runs_from_the_first_frame_to_the_last_and_never_masks_speech(parts: Any, tail: Any) -> None:
    speech, now = [], 0
    for gap, length in parts:
        speech.append((now + gap, now + gap + length))
        now += gap + length
    envelope = envelope_of(speech, now + tail)
    frames = [point["frame"] for point in envelope]
    assert (frames[0], frames[-1]) == (0, now + tail)
    assert frames == sorted(set(frames))
    for start, end in speech:
        assert all(gain_at(envelope, f) <= DUCKED_PERMILLE for f in (start, (start + end) // 2, end))
