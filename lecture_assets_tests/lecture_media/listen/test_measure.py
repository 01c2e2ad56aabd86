import wave
from pathlib import Path

import numpy as np
import pytest

from lecture_media.listen.decode import RATE, Sound
from lecture_media.listen.loudness import Meter
from lecture_media.listen.measure import measure, steady


def piece(*levels: float) -> Sound:
    """Noise with a level, in decibels, that moves evenly from each of these to the next within two seconds."""
    places = np.linspace(0, len(levels) - 1, (len(levels) - 1) * 2 * RATE)
    noise = np.random.default_rng(3).standard_normal((len(places), 1)) * np.array([[1, 1]])
    return np.asarray(noise * 10 ** (np.interp(places, range(len(levels)), levels) / 20)[:, None], np.float32)


def heard(sound: Sound) -> Meter:
    meter = Meter()
    meter.add(sound)
    return meter


def test_the_steady_part_lies_between_the_fades() -> None:
    start, end = steady(heard(piece(-70, -20, -20, -20, -20, -20, -20, -70)))
    assert 1_500 <= start <= 2_300
    assert 11_700 <= end <= 12_500


def test_both_ends_of_the_steady_part_are_equally_loud() -> None:
    sound = piece(-60, -18, -18, -20, -21, -22, -22, -60)
    start, end = steady(heard(sound))
    first, last = (sound[at * 48 : (at + 1000) * 48] for at in (start, end - 1000))
    assert abs(20 * np.log10(first.std() / last.std())) < 2
    assert end - start > 6_000


def test_a_piece_without_a_steady_part_is_repeated_whole() -> None:
    assert steady(heard(piece(-20, -20)[:RATE])) == (0, 1000)
    assert steady(Meter()) == (0, 0)
    assert steady(heard(piece(-20, -60, -60, -60, -60))) == (0, 8000)


def test_a_file_is_measured_as_players_hear_it(tmp_path: Path) -> None:
    """A mono sine of 1 kHz at -20 dBFS: one channel, so 3 dB below what both would have (BS.1770-4)."""
    samples = np.sin(2 * np.pi * 1000 * np.arange(5 * 24_000) / 24_000) * 0.1
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, 24_000, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    found = measure(tmp_path / "a.wav")
    assert found["loudness_millibel"] == pytest.approx(-2300, abs=10)
    assert found["loudest_millibel"] == pytest.approx(-2300, abs=10)
    assert (found["steady_from_ms"], found["steady_to_ms"]) == (0, 5000)
