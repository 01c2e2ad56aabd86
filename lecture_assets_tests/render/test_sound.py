import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.render.loudness import CEILING, RATE, Sound, levelled, limited, loudness
from lecture_assets.render.sound import Mixer, looping
from lecture_assets_tests.render.samples import Shelf


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


def test_sound_is_levelled_and_its_peaks_stay_under_the_ceiling() -> None:
    assert abs(loudness(levelled(sine(500, -40), -16)) + 16) < 0.1
    clicks = sine(500, -30)
    clicks[::4800] = 0.9
    made = levelled(clicks, -16)
    assert float(np.abs(made).max()) <= CEILING


def test_silence_and_a_click_too_short_to_measure_are_left_alone() -> None:
    silence = np.zeros((RATE, 2), np.float32)
    assert np.array_equal(levelled(silence, -16), silence)
    click = sine(1000, -20, 0.1)
    assert np.array_equal(levelled(click, -16), click)
    assert limited(np.zeros((0, 2), np.float32)).shape == (0, 2)


@given(st.lists(st.tuples(st.integers(0, 9_000), st.floats(-4, 4)), max_size=12))
def test_the_limiter_never_lets_a_peak_through_and_leaves_what_is_far_from_it(peaks: list[tuple[int, float]]) -> None:
    sound = sine(300, -20, 0.2)
    for place, height in peaks:
        sound[place] = height
    made = limited(sound)
    assert float(np.abs(made).max(initial=0)) <= CEILING + 1e-6
    far = np.ones(len(sound), bool)
    for place, _ in peaks:
        far[max(0, place - 960) : place + 960] = False
    assert np.allclose(made[far], sound[far], atol=1e-6)


def test_the_mix_is_the_same_in_pieces_of_any_length(shelf: Shelf) -> None:
    timeline = shelf.lecture(shelf.segment(0, 1.0), shelf.segment(1, 1.3))
    whole, *rest = Mixer(timeline, shelf).pieces(10**9)
    assert not rest
    assert len(whole) == timeline["duration_in_frames"] * RATE // 30
    parts = np.concatenate(list(Mixer(timeline, shelf).pieces(7_001)))
    assert np.allclose(parts, whole, atol=1e-5)


def test_speech_that_has_been_played_is_released(shelf: Shelf) -> None:
    mixer = Mixer(shelf.lecture(*(shelf.segment(slot, 1.0) for slot in range(4))), shelf)
    held = [len(mixer._speaking) for _ in mixer.pieces(RATE // 2)]
    assert max(held) <= 1


def test_a_short_piece_of_music_begins_again_without_a_click() -> None:
    music = sine(440, -20, 2.013)
    twice = np.concatenate([looping(music)] * 2)
    steps = np.abs(np.diff(twice[:, 0]))
    assert steps.max() < 1.5 * np.abs(np.diff(music[:, 0])).max()
    assert looping(music[:1]).shape == (1, 2)
