"""Lost media become placeholders, and what is left is a timeline that fits its schema and has no gaps."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lecture_assets.timeline.export import media_names, with_sources
from lecture_assets.timeline.lost_media import LOST, media_of, without_media
from lecture_assets.timeline.schema import json_schema
from lecture_assets.timeline.validate import faults_of
from lecture_assets_tests.timeline.samples import clip, lecture, lectures, music, picture, segment, sha, speech

CHECKER = Draft202012Validator(json_schema())


@settings(max_examples=10)
@given(lectures(), st.data())
def test_whatever_is_lost_a_timeline_has_no_gap_and_fits_its_schema(timeline: Any, data: Any) -> None:
    before = json.dumps(timeline)
    there = sorted(set(media_of(timeline)))
    assert set(there) == set(media_names(timeline))
    lost = data.draw(st.sets(st.sampled_from(there)) if there else st.just(set()))
    left = without_media(timeline, lost)
    assert faults_of(left) == []
    assert [error.message for error in CHECKER.iter_errors(with_sources(left, media_names(left)))] == []
    assert set(media_of(left)) == set(there) - lost
    assert json.dumps(timeline) == before
    assert lost or left == timeline


def test_a_lost_picture_is_a_placeholder_with_the_reason_in_the_same_place() -> None:
    timeline = lecture()
    left = without_media(timeline, [sha("a")])
    shown, kept = (of["segments"][1]["layers"] for of in (left, timeline))
    assert shown[0] == {
        "type": "missing",
        "start_frame": kept[0]["start_frame"],
        "duration_in_frames": kept[0]["duration_in_frames"],
        "fade_in_frames": kept[0]["fade_in_frames"],
        "medium": "image",
        "image": 0,
        "reason": LOST,
    }
    assert shown[1] == kept[1]


def test_a_segment_whose_recording_is_lost_keeps_its_captions() -> None:
    left = without_media(lecture(), [speech(name="speech 1")["sha256"], music()["sha256"]])
    assert [segment["captions"] for segment in left["segments"]] == [segment["captions"] for segment in lecture()["segments"]]
    assert left["segments"][1]["narration"]["reason"] == LOST
    assert left["music"].keys() == {"type", "start_frame", "duration_in_frames", "reason"}


def test_the_views_of_a_lost_picture_are_one_placeholder_and_so_are_a_clip_and_its_last_frame() -> None:
    for shown, medium in (({"pictures": [picture("a"), picture("b")]}, "image"), ({"pictures": [], "clip": clip()}, "video")):
        timeline = lecture({0: segment(strategy="fixed-length", segment_length_s=30, **shown)})
        assert len(timeline["segments"][0]["layers"]) > 3
        left = without_media(timeline, [sha("a"), sha("b"), sha("clip")])
        placed = left["segments"][0]["layers"]
        assert [layer["medium"] for layer in placed] == [medium] * (2 if medium == "image" else 1)
        assert faults_of(left) == []


def test_a_segment_s_own_timeline_is_treated_alike() -> None:
    alone = segment(pictures=[], clip=clip())
    assert set(media_of(alone)) == {clip()["sha256"], speech()["sha256"]}
    left = without_media(alone, [clip()["sha256"]])
    assert left == segment(pictures=[], clip=None, missing={"video": LOST})
    assert (
        without_media(segment(), [picture("a")["sha256"]])["layers"][0]
        == segment(pictures=[None, picture("b")], missing={"image[0]": LOST})["layers"][0]
    )
