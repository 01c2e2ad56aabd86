"""A film that was rendered of real media: what is wrong is found in its files, one line each, and what is meant is not."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lecture_assets.render.clip import render_clip
from lecture_assets.render.film_measures import clip_measures, sound_measures
from lecture_assets.render.sound_file import true_peak_db, write_sound
from lecture_assets.timeline.film_checks import found_by
from lecture_assets.timeline.film_file_checks import RULES, RenderedFilm
from lecture_assets.timeline.segment_frames import segment_frames
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.render.samples import BLUE, GREEN, RED, Shelf

BLACK = (0, 0, 0)
MOVING = [RED, GREEN, BLUE, RED, GREEN, BLUE, RED, GREEN]
HEAVY: list[Any] = [
    (
        [RED, BLUE, BLACK, BLACK, *MOVING],
        0.2,
        {"film_is_not_black": "the picture is black in s00 for 1.0 s: look at its pictures"},
    ),
    (
        [*MOVING, RED, BLUE, GREEN, RED],
        0.0,
        {"film_is_not_silent": "nothing is heard in s00 for 4.0 s", "film_is_as_loud_as_platforms_ask": "the film has -70.0"},
    ),
]


def rendered(shelf: Shelf, folder: Path, timeline: dict[str, Any]) -> RenderedFilm:
    clips = {}
    for segment in timeline["segments"]:
        frames, out = segment_frames(timeline, segment["slot"]), folder / f"{segment['slot']}.mp4"
        render_clip(frames, out, shelf)
        clips[segment["slot"]] = clip_measures(out, frames)
    peak = write_sound(timeline, folder / "sound.m4a", shelf)
    return RenderedFilm(timeline, clips, {"peak_millibel": round(100 * peak), **sound_measures(folder / "sound.m4a")})


def spoken(shelf: Shelf, colours: list[tuple[int, int, int]], level: float = 0.2, seconds: float = 4.0) -> dict[str, Any]:
    speech = shelf.tone(seconds, 500, level, "Rain falls on the hills and runs to the sea.")
    return shelf.lecture(shelf.segment(narration=speech, clip=shelf.clip(colours), pictures=[]), music=None, title=None)


@pytest.mark.slow
def test_a_film_that_moves_and_is_heard_breaks_no_rule(shelf: Shelf, tmp_path: Path) -> None:
    """Its end is black and silent, as it is meant to be."""
    film = rendered(shelf, tmp_path, spoken(shelf, [*MOVING, RED, BLUE, GREEN, RED]))
    assert film.clips["s00"]["black_ms"] != []
    assert found_by(RULES, film) == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("colours", "level", "found"),
    [
        ([RED] * 12, 0.2, {"film_does_not_freeze": "the picture stands still in s00 for "}),
        *HEAVY[: 2 * THOROUGH],
        (
            [BLACK, *MOVING, RED, BLUE, GREEN],
            0.2,
            {"film_is_not_black": "the picture is black", "first_frame_is_light": "the first frame is dark (0 of 255)"},
        ),
    ],
)
def test_each_fault_is_one_line(shelf: Shelf, tmp_path: Path, colours: Any, level: float, found: dict[str, str]) -> None:
    sentences = found_by(RULES, rendered(shelf, tmp_path, spoken(shelf, colours, level)))
    assert sentences.keys() == found.keys(), sentences
    for name, begin in found.items():
        (sentence,) = sentences[name]
        assert sentence.startswith(begin)


def test_a_sound_that_peaks(shelf: Shelf) -> None:
    """Measured of a file that our limiter has not written."""
    loud = shelf(shelf.sound(np.sign(np.sin(np.arange(48_000) / 20)), 48_000)["sha256"])
    film = RenderedFilm(spoken(shelf, MOVING), {}, {"peak_millibel": round(100 * true_peak_db(loud))})
    (sentence,) = RULES["film_does_not_peak"](film)
    assert sentence.startswith("the sound's true peak is ")


@pytest.mark.parametrize(
    ("loudness", "said"), [(-1_711, "-17.1 LUFS, quieter"), (-1_704, ""), (-1_496, ""), (-1_489, "-14.9 LUFS, louder")]
)
def test_a_film_is_at_16_lufs_and_1_more_or_less_is_accepted(shelf: Shelf, loudness: int, said: str) -> None:
    sentences = list(
        RULES["film_is_as_loud_as_platforms_ask"](RenderedFilm(shelf.lecture(), {}, {"loudness_millibel": loudness}))
    )
    assert len(sentences) == bool(said)
    assert all(said in sentence for sentence in sentences)


def test_a_title_card_stands_still_and_so_may_be_dark(shelf: Shelf) -> None:
    timeline = spoken(shelf, [*MOVING, RED, BLUE, GREEN, RED])
    card = {"type": "title", "start_frame": 0, "duration_in_frames": 60, "display": "card", "text": "Rain"}
    still = {"s00": {"frozen_ms": [[0, 2000]], "black_ms": [], "first_light": 5}}
    assert found_by(RULES, RenderedFilm({**timeline, "title": card}, still, {})) == {}
    assert list(found_by(RULES, RenderedFilm(timeline, still, {}))) == ["film_does_not_freeze", "first_frame_is_light"]
