import copy
from typing import Any

import pytest

from lecture_assets.timeline.validate import faults_of
from lecture_assets_tests.timeline.samples import lecture, music


def segment_1(timeline: Any) -> Any:
    return timeline["segments"][1]


FAULTS = [
    ("starts at frame", lambda t: segment_1(t).update(start_frame=1)),
    ("has position 5", lambda t: segment_1(t).update(position=5)),
    ("the segments end at frame", lambda t: t.update(duration_in_frames=10**6)),
    ("slot s00 occurs 2 times", lambda t: segment_1(t).update(slot="s00")),
    ("layers do not cover it", lambda t: segment_1(t)["layers"][0].update(start_frame=0)),
    ("two layers overlap by", lambda t: segment_1(t)["layers"][1].update(fade_in_frames=1)),
    ("a layer lasts 0 frames", lambda t: segment_1(t)["layers"][0].update(duration_in_frames=0)),
    ("fades over 999", lambda t: segment_1(t)["layers"][0].update(fade_in_frames=999)),
    ("shows the edge", lambda t: segment_1(t)["layers"][0]["motion"]["to"].update(x_permille=900)),
    ("narration (frames 0", lambda t: segment_1(t)["narration"].update(start_frame=0)),
    ("segment s01: captions: times out of order", lambda t: segment_1(t)["captions"][0].update(start_ms=0)),
    ("times out of order", lambda t: segment_1(t)["captions"][0]["words"][0].update(end_ms=10**9)),
    ("are not its text", lambda t: segment_1(t)["captions"][0].update(text="other")),
    ("title ends at frame", lambda t: t["title"].update(start_frame=10**6)),
    ("music ends at frame", lambda t: t["music"].update(start_frame=1)),
    ("its envelope runs from frame", lambda t: t["music"]["envelope"].pop()),
    ("the part at frame 870 does not follow", lambda t: t["music"]["parts"][1].update(fade_in_frames=3)),
    ("music: the part at frame 0 ends at frame", lambda t: t["music"]["parts"][0].update(duration_in_frames=10**6)),
    ("envelope out of order", lambda t: t["music"]["envelope"][1].update(frame=10**6)),
    (
        "timeline.segments[0].layers[0].fade_in_frames is the float 12.0",
        lambda t: t["segments"][0]["layers"][0].update(fade_in_frames=12.0),
    ),
]


def test_a_card_hides_what_comes_before_the_first_picture_and_nothing_else_may() -> None:
    timeline = lecture(title_display="card")
    assert timeline["segments"][0]["layers"][0]["start_frame"] == 78
    assert faults_of(timeline) == []
    assert any("layers do not cover it" in fault for fault in faults_of(timeline | {"title": lecture()["title"]}))


def test_a_sound_timeline_has_no_fault() -> None:
    assert faults_of(lecture()) == []


@pytest.mark.parametrize(("sentence", "damage"), FAULTS, ids=[sentence for sentence, _ in FAULTS])
def test_a_damaged_timeline_is_named_with_the_place(sentence: Any, damage: Any) -> None:
    timeline = copy.deepcopy(lecture(music=music(30_000)))
    damage(timeline)
    assert any(sentence in fault for fault in faults_of(timeline)), faults_of(timeline)
