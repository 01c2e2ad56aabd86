"""Timelines of any content: both strategies, pictures and clips, effects, recordings, and anything missing anywhere.

What must be true is counted here frame by frame, without the code that validates timelines, which is held to the same result.
"""

import json
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from lecture_assets.graph.fingerprint import digest
from lecture_assets.timeline.assemble import CLOSING_MS
from lecture_assets.timeline.coverage import HOLD_MS, LONGEST_SHOT_MS, LONGEST_VIEW_MS, SLOWEST_PERMILLE, covered
from lecture_assets.timeline.export import media_names, with_sources
from lecture_assets.timeline.schema import json_schema
from lecture_assets.timeline.segment import SLOW_FADE_MS
from lecture_assets.timeline.validate import faults_of
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.timeline.samples import lectures

CHECKER = Draft202012Validator(json_schema())
FRAME_MS = 1000 / 30


@settings(max_examples=10_000 if THOROUGH else 40, suppress_health_check=[HealthCheck.too_slow])
@given(lectures())
def test_every_frame_is_covered_and_nothing_overlaps_leaves_its_segment_or_stands_still(timeline: Any) -> None:
    assert faults_of(timeline) == []
    exported = with_sources(timeline, media_names(timeline))
    assert [error.message for error in CHECKER.iter_errors(exported)] == []
    assert json.loads(json.dumps(exported)) == exported
    assert len(digest(timeline)) == 64, "nothing in it is a float"
    assert sum(segment["duration_in_frames"] for segment in timeline["segments"]) == timeline["duration_in_frames"]
    end = 0
    for segment in timeline["segments"]:
        assert segment["start_frame"] == end
        end += segment["duration_in_frames"]
        assert end > segment["start_frame"]
        _check_layers(segment, end, timeline["title"])
        _check_captions(segment, end)
    _check_facts(timeline)


def _check_layers(segment: Any, end: int, title: Any) -> None:
    is_card = segment["start_frame"] == 0 and title.get("display") == "card"
    goes = title["fade_out_frames"] if is_card else 0
    shown = set(range(title["duration_in_frames"] - goes)) if is_card else set[int]()
    for layer in segment["layers"]:
        frames = range(layer["start_frame"], layer["start_frame"] + layer["duration_in_frames"])
        assert frames
        assert segment["start_frame"] <= frames.start < frames.stop <= end
        assert 0 <= layer["fade_in_frames"] <= len(frames)
        shown |= set(frames)
        _check_motion(layer, goes if layer is segment["layers"][0] else 0)
    assert len(shown) == segment["duration_in_frames"]
    for first, third in zip(segment["layers"], segment["layers"][2:], strict=False):
        assert first["start_frame"] + first["duration_in_frames"] <= third["start_frame"], "at most two layers at a time"


def _check_motion(layer: Any, under_card: int) -> None:
    """A picture moves, and not for too long; a clip plays, at 1.6 times its length at most, until its last half second.

    under_card: the frames of the layer in which a title card goes
    """
    length_ms = layer["duration_in_frames"] * FRAME_MS
    if layer["type"] == "image" or layer.get("playback_rate_permille") == 0:
        assert layer["motion"]["from"] != layer["motion"]["to"]
        assert length_ms <= LONGEST_VIEW_MS + FRAME_MS
    elif layer["type"] == "video":
        assert SLOWEST_PERMILLE <= layer["playback_rate_permille"] <= 1000
        plays_ms = layer["source_duration_ms"] * 1000 / layer["playback_rate_permille"]
        assert length_ms <= plays_ms + HOLD_MS + (under_card + 2) * FRAME_MS


def _check_captions(segment: Any, end: int) -> None:
    for caption in segment["captions"]:
        assert segment["start_frame"] * FRAME_MS - FRAME_MS <= caption["start_ms"] <= caption["end_ms"] <= (end + 1) * FRAME_MS
    for before, after in pairwise(segment["captions"]):
        assert before["end_ms"] <= after["start_ms"]


def _check_facts(timeline: Any) -> None:
    for part, segment in zip(covered(timeline), timeline["segments"], strict=True):
        lengths = (part.clip_ms, part.last_frame_ms, part.picture_ms, part.missing_ms)
        assert min(lengths) >= 0
        assert sum(lengths) == part.length_ms == segment["duration_in_frames"] * 1000 // 30
        assert part.longest_view_ms <= LONGEST_VIEW_MS + FRAME_MS
        has_missing = any(layer["type"] == "missing" for layer in segment["layers"])
        assert has_missing == (part.missing_ms > 0)


def test_the_end_of_a_lecture_is_within_what_a_view_leaves_for_it() -> None:
    """A view is planned before it is known that it is the last one."""
    assert CLOSING_MS <= LONGEST_VIEW_MS - LONGEST_SHOT_MS - SLOW_FADE_MS // 2
