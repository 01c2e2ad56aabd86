from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.timeline.repeats import CROSS_FADE_FRAMES, parts_of
from lecture_assets_tests.timeline.samples import measures


def test_a_piece_that_is_too_short_goes_on_with_its_steady_part_and_leaves_out_its_fades() -> None:
    first, again, last = parts_of(20_000, measures(-2000, 1500, 16_500), 1200)
    assert (first["source_start_ms"], first["duration_in_frames"]) == (0, 495), "its own beginning, up to its last fade"
    assert (again["start_frame"], again["source_start_ms"], again["duration_in_frames"]) == (465, 1500, 450)
    assert (last["start_frame"], last["duration_in_frames"]) == (885, 315)
    assert [(part["fade_in_frames"], part["fade_out_frames"]) for part in (first, again, last)] == [(0, 30), (30, 30), (30, 0)]


def test_a_piece_that_is_long_enough_plays_once() -> None:
    assert parts_of(20_000, measures(-2000, 1500, 16_500), 600) == [
        {"start_frame": 0, "duration_in_frames": 600, "source_start_ms": 0, "fade_in_frames": 0, "fade_out_frames": 0}
    ]


def test_a_piece_of_two_seconds_plays_once_and_one_without_a_frame_never() -> None:
    assert [part["duration_in_frames"] for part in parts_of(2_000, None, 600)] == [60]
    assert parts_of(20, None, 600) == []


@given(st.integers(1, 60_000), st.data(), st.integers(1, 20_000))
def test_parts_cover_the_lecture_and_never_leave_their_piece(source_ms: int, data: st.DataObject, duration: int) -> None:
    start, end = sorted((data.draw(st.integers(0, source_ms)), data.draw(st.integers(0, source_ms))))
    parts = parts_of(source_ms, data.draw(st.none() | st.just(measures(-2000, start, end))), duration)
    for part in parts:
        assert part["duration_in_frames"] >= part["fade_in_frames"]
        assert part["source_start_ms"] + part["duration_in_frames"] * 1000 // 30 <= source_ms
    for part, following in pairwise(parts):
        overlap = part["start_frame"] + part["duration_in_frames"] - following["start_frame"]
        assert overlap == part["fade_out_frames"] == following["fade_in_frames"] == CROSS_FADE_FRAMES
    reached = parts[-1]["start_frame"] + parts[-1]["duration_in_frames"] if parts else 0
    assert reached == duration or len(parts) <= 1
