from typing import Any

import numpy as np
import pytest

from lecture_assets.render.sound import Mixer
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.render.samples import Shelf
from lecture_media.listen.decode import RATE, Sound
from lecture_media.listen.loudness import loudness


def mixed(timeline: Any, shelf: Shelf, samples: int = RATE) -> Sound:
    return np.concatenate(list(Mixer(timeline, shelf).pieces(samples)))


def noise(seconds: float, level: float = 0.1, seed: int = 1) -> Any:
    return np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2)) * level


def decibels(sound: Any) -> float:
    return float(10 * np.log10(np.mean(np.square(sound)) + 1e-12))


@pytest.mark.slow
def test_the_mix_is_the_same_in_pieces_of_any_length(shelf: Shelf) -> None:
    timeline = shelf.lecture(shelf.segment(0, 1.0), shelf.segment(1, 1.3), music=shelf.sound(noise(4), RATE))
    assert len(timeline["music"]["parts"]) > 1
    whole, *rest = Mixer(timeline, shelf).pieces(10**9)
    assert not rest
    assert len(whole) == timeline["duration_in_frames"] * RATE // 30
    assert np.allclose(mixed(timeline, shelf, 7_001), whole, atol=1e-5)


def test_what_has_been_played_is_closed(shelf: Shelf) -> None:
    mixer = Mixer(shelf.lecture(*(shelf.segment(slot, 1.0) for slot in range(4)), music=None), shelf)
    held = [len(mixer.playing) for _ in mixer.pieces(RATE // 2)]
    assert (max(held), held[-1]) == (1, 0)


def test_the_timelines_gains_and_nothing_else_decide_how_loud_it_is(shelf: Shelf) -> None:
    """What another renderer hears that knows the timeline alone."""
    timeline = shelf.lecture(shelf.segment(0, 2.0, narration=shelf.sound(noise(2, 0.01), RATE, "one two")))
    before = mixed(timeline, shelf)
    speech = timeline["segments"][0]["narration"]
    assert -16.2 < loudness(before) < -15.8
    speech["gain_millibel"] -= 600
    timeline["music"]["gain_millibel"] -= 600
    assert np.allclose(mixed(timeline, shelf), before * 10 ** (-6 / 20), atol=1e-6)


@pytest.mark.slow
def test_a_timeline_of_an_earlier_release_sounds_the_same(shelf: Shelf) -> None:
    timeline = shelf.lecture(shelf.segment(0, 3.0), music=shelf.sound(noise(4, 0.02), RATE))
    plain = mixed(timeline, shelf)
    del timeline["segments"][0]["narration"]["gain_millibel"]
    del timeline["music"]["gain_millibel"], timeline["music"]["parts"]
    assert np.allclose(mixed(timeline, shelf), plain, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("fades", [0.0, 1.5] if THOROUGH else [1.5])
def test_music_that_is_too_short_goes_on_without_a_hole(shelf: Shelf, fades: float) -> None:
    """Fades at both ends of the piece, and noise, of which two halves are never alike."""
    piece = noise(12) * np.clip(np.minimum(np.arange(12 * RATE), np.arange(12 * RATE)[::-1]) / (fades * RATE + 1), 0, 1)[:, None]
    silent = shelf.segment(0, 1.0, narration=None, strategy="fixed-length", segment_length_s=30)
    timeline = shelf.lecture(silent, music=shelf.sound(piece, RATE))
    sound = mixed(timeline, shelf)[3 * RATE : -4 * RATE]
    assert len(timeline["music"]["parts"]) >= 3
    levels = [decibels(sound[start : start + RATE // 2]) for start in range(0, len(sound) - RATE // 2, RATE // 10)]
    assert max(levels) - min(levels) < 3


@pytest.mark.slow
def test_speech_lies_well_over_the_music_even_where_that_swells(shelf: Shelf) -> None:
    """A piece of which a quarter is 9 dB louder."""
    piece = np.concatenate([noise(8, 0.05), noise(4, 0.14), noise(4, 0.05)])
    segments = [shelf.segment(slot, narration=shelf.sound(noise(4, 0.03, slot), RATE, "one two")) for slot in range(3)]
    timeline = shelf.lecture(*segments, music=shelf.sound(piece, RATE))
    music = mixed(timeline | {"segments": [s | {"narration": {"type": "missing"}} for s in timeline["segments"]]}, shelf)
    speech = mixed(timeline | {"music": {"type": "none"}}, shelf)
    for segment in timeline["segments"]:
        start = segment["narration"]["start_ms"] * 48
        said = loudness(speech[start : start + 4 * RATE])
        assert -16.1 < said < -15
        assert loudness(music[start : start + 4 * RATE]) < said - 15
