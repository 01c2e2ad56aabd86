"""What OpenTimelineIO's own reader finds in what we write."""

import json
from typing import Any

import opentimelineio as otio
from hypothesis import given

from lecture_assets.timeline.chapter import chapters_of
from lecture_assets.timeline.export import media_names
from lecture_assets.timeline.otio import to_otio
from lecture_assets_tests.timeline.samples import clip, lecture, lectures, music, picture, segment, speech


def read(timeline: Any) -> tuple[dict[str, Any], Any]:
    written = to_otio(timeline, media_names(timeline))
    return written, otio.adapters.read_from_string(json.dumps(written), "otio_json")


def track(found: Any, name: str) -> Any:
    return next(track for track in found.tracks if track.name == name)


def frames(time_range: Any) -> tuple[float, float]:
    return time_range.start_time.value, time_range.duration.value


def without_nothing(value: Any) -> Any:
    """What is written, without what means nothing: nulls, which the reader's writer leaves out or adds."""
    if isinstance(value, dict):
        return {key: without_nothing(item) for key, item in value.items() if item is not None}
    return [without_nothing(item) for item in value] if isinstance(value, list) else value


def kept(written: Any, again: Any, place: str = "") -> None:
    """Everything written is there again; the reader may add defaults."""
    if isinstance(written, dict):
        for key, value in without_nothing(written).items():
            kept(value, again[key], f"{place}.{key}")
    elif isinstance(written, list):
        assert len(written) == len(again), place
        for number, value in enumerate(written):
            kept(value, again[number], f"{place}[{number}]")
    else:
        assert written == again, place


@given(lectures())
def test_every_timeline_is_read_back_as_it_was_written(timeline: Any) -> None:
    written, found = read(timeline)
    kept(written, json.loads(otio.adapters.write_to_string(found, "otio_json")))
    assert track(found, "V1").trimmed_range().duration.value == timeline["duration_in_frames"]
    assert all(
        child.duration().value > 0 for part in found.tracks for child in part if not isinstance(child, otio.schema.Transition)
    )


def test_pictures_are_cut_in_the_middle_of_their_dissolve_and_refer_to_their_files() -> None:
    timeline: Any = lecture({0: segment(pictures=[picture("a") | {"alt": "A leaf."}, picture("b")], narration=speech("Short."))})
    _, found = read(timeline)
    first, second = timeline["segments"][0]["layers"]
    half = (first["duration_in_frames"] - second["start_frame"]) // 2
    a, dissolve, b = track(found, "V1")
    assert (dissolve.in_offset.value, dissolve.out_offset.value) == (half, second["fade_in_frames"] - half)
    assert frames(a.source_range) == (0, second["start_frame"] + half)
    assert frames(b.source_range) == (half, second["duration_in_frames"] - half)
    assert a.media_reference.target_url == "media/s00-image-0.png"
    assert a.metadata["lecture"]["alt"] == "A leaf."


def test_speech_stands_at_its_time_with_its_captions_as_markers() -> None:
    timeline: Any = lecture({slot: segment(slot=slot, narration=speech("One two. Three four.")) for slot in range(2)})
    _, found = read(timeline)
    spoken = track(found, "A1")
    for part in timeline["segments"]:
        talk = next(item for item in spoken if item.name == f"{part['slot']}-narration")
        assert spoken.range_of_child(talk).start_time.value == part["narration"]["start_frame"]
        assert talk.duration().value == part["narration"]["duration_in_frames"]
        assert [marker.name for marker in talk.markers] == [caption["text"] for caption in part["captions"]]
    assert [marker.name for marker in found.tracks.markers] == [chapter.name for chapter in chapters_of(timeline)]
    assert [frames(marker.marked_range)[0] for marker in found.tracks.markers] == [
        part["start_frame"] for part in timeline["segments"]
    ]


def test_a_clip_that_is_too_short_is_slowed_or_holds_its_last_frame() -> None:
    timeline: Any = lecture({0: segment(pictures=[], clip=clip(3000))})
    playing = timeline["segments"][0]["layers"][0]
    plays, *others = track(read(timeline)[1], "V1")
    assert plays.effects[0].time_scalar == playing["playback_rate_permille"] / 1000
    holds = [item for item in others if isinstance(item, otio.schema.Clip)]
    assert all(isinstance(item.effects[0], otio.schema.FreezeFrame) for item in holds)
    assert sum(item.duration().value for item in (plays, *holds)) == timeline["duration_in_frames"]


def test_music_is_repeated_to_the_end_and_by_its_parts_if_there_are_some() -> None:
    timeline: Any = lecture(music=music(10_000))
    parts = timeline["music"].pop("parts")
    assert parts
    pieces = track(read(timeline)[1], "A2")
    assert [piece.duration().value for piece in pieces][:-1] == [300] * (len(pieces) - 1)
    assert pieces.trimmed_range().duration.value == timeline["duration_in_frames"]
    end = timeline["duration_in_frames"]
    timeline["music"]["parts"] = [
        {"start_frame": 0, "duration_in_frames": 290, "source_start_ms": 0, "fade_in_frames": 0, "fade_out_frames": 20},
        {"start_frame": 270, "duration_in_frames": end - 270, "source_start_ms": 500, "fade_in_frames": 20, "fade_out_frames": 0},
    ]
    first, _, second = track(read(timeline)[1], "A2")
    assert (first.duration().value, second.duration().value) == (280, end - 280)
    assert second.source_range.start_time.value == 15 + 10
    timeline["music"] = {"type": "none", "start_frame": 0, "duration_in_frames": end}
    assert "A2" not in {part.name for part in read(timeline)[1].tracks}


def test_what_is_missing_is_a_missing_reference_that_says_why() -> None:
    timeline = lecture({0: segment(narration=None, pictures=[None], missing={"image[0]": "HTTP 503"})}, music=None, title=None)
    _, found = read(timeline)
    assert track(found, "V1")[0].media_reference.metadata["lecture"]["reason"] == "HTTP 503"
    assert {part.name for part in found.tracks} == {"V1", "A1"}
