import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_media.listen.decode import RATE, Sound
from lecture_media.listen.loudness import SILENCE, Meter, loudness


def sine(hertz: int, decibels: float, seconds: float = 5.0) -> Sound:
    wave = 10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


@pytest.mark.parametrize("decibels", [-23.0, -33.0])
def test_loudness_agrees_with_the_broadcasters_test_signal(decibels: float) -> None:
    """EBU Tech 3341, signals 1 and 2: a stereo sine of 1 kHz at -23 dBFS is -23 LUFS."""
    assert abs(loudness(sine(1000, decibels)) - decibels) < 0.1


def test_pauses_do_not_make_speech_count_as_quiet() -> None:
    """EBU Tech 3341, signal 3: -36 LUFS around a minute of -23 is gated out."""
    quiet, loud = sine(1000, -36, 2), sine(1000, -23, 10)
    assert abs(loudness(np.concatenate([quiet, loud, quiet])) + 23) < 0.3


def test_low_rumble_counts_less_than_a_voice() -> None:
    assert loudness(sine(30, -20)) < loudness(sine(1000, -20)) - 8


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.35, 0.399, 0.4, 0.45])
def test_a_short_sound_is_measured_over_what_there_is(seconds: float) -> None:
    meter = Meter()
    meter.add(sine(1000, -20, seconds))
    assert abs(meter.loudness() + 20) < 0.5
    assert abs(meter.loudest() + 20) < 0.5


def test_silence_has_the_least_loudness() -> None:
    assert loudness(np.zeros((RATE, 2), np.float32)) == loudness(np.zeros((RATE // 50, 2), np.float32)) == SILENCE
    assert (Meter().loudness(), Meter().loudest()) == (SILENCE, SILENCE)


def test_the_loudest_three_seconds_are_found() -> None:
    meter = Meter()
    meter.add(np.concatenate([sine(1000, -30, 4), sine(1000, -20, 4), sine(1000, -30, 4)]))
    assert abs(meter.loudest() + 20) < 0.1


@settings(max_examples=10)
@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=6))
def test_blocks_of_any_size_measure_the_same(sizes: list[int]) -> None:
    sound = (np.random.default_rng(0).standard_normal((sum(sizes) + 60_000, 2)) * 0.1).astype(np.float32)
    meter, place = Meter(), 0
    for size in [*sizes, 60_000]:
        meter.add(sound[place : place + size])
        place += size
    assert meter.loudness() == pytest.approx(loudness(sound), abs=1e-4)
    assert meter.samples == len(sound)
