"""The sound as people hear it: decoded from the file that is written."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lecture_assets.render.sound import decoded
from lecture_assets.render.sound_file import true_peak_db, write_sound
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.render.samples import Shelf
from lecture_media.listen.decode import RATE
from lecture_media.listen.loudness import loudness

SECONDS = 2


def voice(seed: int, gain: float) -> Any:
    """Syllables of a buzz with breath, as uneven as speech."""
    at = np.arange(SECONDS * 24_000) / 24_000
    buzz = sum(np.sin(2 * np.pi * 120 * k * at + k * k) / k for k in range(1, 20))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * at + seed), 0, 1) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.7 * at))
    return (buzz * syllables * 0.2 + np.random.default_rng(seed).standard_normal(len(at)) * 0.002) * gain


def music(gain: float) -> Any:
    """Beats with a chord: sharp attacks."""
    at = np.arange(7 * RATE) / RATE
    beats = np.exp(-((at * 2.2) % 1) * 6)
    chord = sum(np.sin(2 * np.pi * f * at) for f in (220, 277, 330, 2200)) / 4
    return np.stack([chord * beats, np.roll(chord, 300) * beats], 1) * gain


FILMS = {
    "a plain, a quiet and a clipped voice over loud music": ((1.0, 0.02, 12.0), 3.0),
    "as a recorder should be set": ((1.0, 1.0), 0.5),
    "quiet music": ((1.0,), 0.01),
    "everything clipped": ((30.0,), 8.0),
}
"""How much each segment's voice, and the music, was turned up before it was recorded."""


@pytest.mark.slow
@pytest.mark.parametrize("name", FILMS if THOROUGH else list(FILMS)[:1])
def test_it_is_as_loud_as_platforms_ask_for_and_its_peaks_stay_below_minus_one(shelf: Shelf, tmp_path: Path, name: str) -> None:
    said, played = FILMS[name]
    narrations = [shelf.sound(voice(slot, gain), 24_000, "one two") for slot, gain in enumerate(said)]
    segments = [shelf.segment(slot, narration=narration) for slot, narration in enumerate(narrations)]
    timeline = shelf.lecture(*segments, music=shelf.sound(music(played), RATE))
    peak = write_sound(timeline, tmp_path / "sound.m4a", shelf)
    assert peak == pytest.approx(true_peak_db(tmp_path / "sound.m4a"), abs=1e-6)
    assert peak <= -1.0
    sound = decoded(tmp_path / "sound.m4a")
    assert abs(len(sound) - timeline["duration_in_frames"] * 1600) < 2_048
    assert -16.5 < loudness(sound) < -15.5
    starts = [segment["narration"]["start_ms"] * 48 for segment in timeline["segments"]]
    spoken = [loudness(sound[start : start + SECONDS * RATE]) for start in starts]
    assert max(spoken) - min(spoken) < 0.3, "everybody is equally loud"
    assert max(spoken) < -14 + 0.3


@pytest.mark.slow
def test_what_coding_adds_is_taken_away_by_another_attempt(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a first attempt that is limited above what is allowed."""
    monkeypatch.setattr("lecture_assets.render.sound_file._FIRST_DBTP", 0.5)
    clicks = np.where(np.arange(SECONDS * 24_000) % 9_000, 0, 0.5)
    timeline = shelf.lecture(shelf.segment(narration=shelf.sound(voice(1, 0.1) + clicks, 24_000, "one")))
    assert -2 < write_sound(timeline, tmp_path / "sound.m4a", shelf) <= -1.0


@pytest.mark.slow
def test_the_voice_ends_before_the_music_and_the_music_before_the_film(shelf: Shelf, tmp_path: Path) -> None:
    timeline = shelf.lecture(shelf.segment(narration=shelf.sound(voice(1, 1), 24_000, "one two")), music=shelf.tone(20, 2000))
    write_sound(timeline, tmp_path / "sound.m4a", shelf)
    sound = decoded(tmp_path / "sound.m4a")
    speech = timeline["segments"][0]["narration"]
    said = (speech["start_ms"] + speech["duration_ms"]) * 48
    assert timeline["duration_in_frames"] * 1600 - said >= 1.5 * RATE
    after = [np.abs(sound[start : start + 4_800]).max() for start in range(said, len(sound) - 4_800, 4_800)]
    highest = int(np.argmax(after))
    assert 4 <= highest <= 9, "the music rises when the voice has ended"
    assert all(later <= earlier * 1.02 for earlier, later in zip(after[highest:], after[highest + 1 :], strict=False))
    assert np.abs(sound[-2_400:]).max() < 0.004
