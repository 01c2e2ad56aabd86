from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_assets.render.limiter import limited, true_peaks
from lecture_media.listen.decode import RATE, Sound

CEILING = 0.8


def sine(hertz: float, height: float, seconds: float = 0.2, phase: float = 0.0) -> Sound:
    wave = height * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE + phase)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


def whole(*pieces: Sound) -> Sound:
    return np.concatenate([pieces[0][:0], *limited(pieces, CEILING)])


def test_a_peak_between_samples_is_seen() -> None:
    """A quarter of the rate, sampled an eighth of a turn beside its peaks: 3 dB above its samples."""
    sound = sine(RATE / 4, 0.5, phase=np.pi / 4)
    assert abs(float(np.abs(sound).max()) - 0.354) < 0.001
    assert abs(float(true_peaks(sound)[100:-100].max()) - 0.5) < 0.01


def test_such_a_peak_is_turned_down_and_what_is_below_the_ceiling_left_alone() -> None:
    sound = sine(RATE / 4, 0.99, phase=np.pi / 4)
    assert float(true_peaks(whole(sound))[100:-100].max()) < CEILING * 1.01
    quiet = sine(RATE / 4, 0.79, phase=np.pi / 4)
    assert np.array_equal(whole(quiet), quiet)
    assert len(whole(sound[:0])) == 0


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 9_000), st.floats(-4, 4)), max_size=12))
def test_no_peak_passes_and_what_is_far_from_one_stays_as_it_is(peaks: list[tuple[int, float]]) -> None:
    sound = sine(300, 0.1)
    for place, height in peaks:
        sound[place] = height
    made = whole(sound)
    assert float(true_peaks(made).max(initial=0)) <= CEILING * 1.02
    far = np.ones(len(sound), bool)
    for place, _ in peaks:
        far[max(0, place - 1_500) : place + 1_500] = False
    assert np.allclose(made[far], sound[far], atol=1e-6)


def test_blocks_of_any_size_are_limited_alike() -> None:
    sound = np.random.default_rng(2).standard_normal((3 * RATE + 77, 2)).astype(np.float32) * 0.3
    parts: list[Any] = [sound[start : start + 7_777] for start in range(0, len(sound), 7_777)]
    assert np.array_equal(whole(*parts), whole(sound))
    assert float(true_peaks(whole(sound)).max()) <= CEILING * 1.02
