from typing import Any

import pytest

from lecture_assets.timeline.film_checks import RULES, CheckedFilm
from lecture_assets_tests.timeline.samples import clip, lecture, segment, speech


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
        ((6_250, 7_000), []),
        ((5_062, 11_000), ["a clip is too short even when slowed to 1.6 times, so a last frame moves on: in s00 for 1.9 s"]),
        (
            (5_062, 2_500),
            ["2 clips are too short even when slowed to 1.6 times, so a last frame moves on: in s00 for 1.9 s and s01 for 7.0 s"],
        ),
    ],
)
def test_the_seconds_that_no_clip_covers_are_named(clips_ms: Any, notes: list[str]) -> None:
    assert list(RULES["clips_are_long_enough"](CheckedFilm(filmed(*clips_ms)))) == notes


def test_many_segments_are_counted() -> None:
    (note,) = RULES["clips_are_long_enough"](CheckedFilm(filmed(*[5_062] * 9)))
    assert note.endswith("s03 for 1.9 s, s04 for 1.9 s and 4 more")
