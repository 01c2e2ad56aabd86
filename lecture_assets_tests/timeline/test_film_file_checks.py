"""A picture that stands still is told with a remedy that fits what is shown; what a title darkens is not looked at."""

from typing import Any

import pytest

from lecture_assets.timeline.film_file_checks import RULES, RenderedFilm
from lecture_assets_tests.timeline.samples import clip, lecture, segment, speech


def filmed(title: str | None, effect: str = "zoom-in", **keys: Any) -> dict[str, Any]:
    parts = {0: segment(effect=effect, narration=speech(word_ms=460), **keys)}
    timeline: dict[str, Any] = lecture(parts, music=None)
    timeline["title"] = {"display": title or "none", "text": "Rain" if title else "", "duration_in_frames": 90}
    return timeline


def still(timeline: dict[str, Any], *spans: list[int]) -> list[str]:
    return list(RULES["film_does_not_freeze"](RenderedFilm(timeline, {"s00": {"frozen_ms": list(spans)}}, {})))


@pytest.mark.parametrize(
    ("title", "spans", "said"),
    [
        ("over", [[500, 2_900]], 0),
        ("over", [[1_900, 3_900]], 0),
        ("over", [[1_900, 4_200]], 1),
        ("card", [[0, 3_000]], 0),
        (None, [[500, 2_000]], 1),
    ],
)
def test_the_time_of_the_title_is_left_out(title: str | None, spans: list[list[int]], said: int) -> None:
    assert len(still(filmed(title), *spans)) == said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"effect": "none"}, "s00 for 1.5 s: choose an effect other than none, or a picture with more to see in it"),
        (
            {},
            "s00 for 1.5 s: its effect moves it, but nothing in it can be seen to move: order another picture with",
        ),
        ({"pictures": [], "clip": clip(20_000)}, "s00 for 1.5 s: supply a clip that moves"),
    ],
)
def test_the_remedy_fits_what_is_shown(keys: dict[str, Any], said: str) -> None:
    (note,) = still(filmed(None, **keys), [500, 2_000])
    assert said in note
