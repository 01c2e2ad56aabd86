"""What media are, by their bytes: how loud three seconds of a sound are, how large pictures and clips are."""

from pathlib import Path

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.render.measure import SILENCE_DBFS, clip_size, picture_size, speech_level
from lecture_assets_tests.intake import samples

FULL_DBFS = -3.2
"""RMS of a sine whose peaks are at 32,000 of 32,768."""


@pytest.mark.parametrize("loudness", [1.0, 0.1, 0.01])
def test_the_level_of_a_tone_is_its_rms(tmp_path: Path, loudness: float) -> None:
    level = speech_level(samples.tone(tmp_path / "tone.wav", loudness=loudness), 0)
    assert level == pytest.approx(FULL_DBFS + 20 * {1.0: 0, 0.1: -1, 0.01: -2}[loudness], abs=0.3)


@pytest.mark.parametrize(("form", "codec"), [("mp3", "libmp3lame"), ("ogg", "libopus"), ("ipod", "aac")])
def test_every_form_of_the_store_is_measured(tmp_path: Path, form: str, codec: str) -> None:
    assert speech_level(samples.sound(tmp_path / "sound", form, codec), 0) == pytest.approx(-13.5, abs=1)


def test_silence_has_a_level_too(tmp_path: Path) -> None:
    assert speech_level(samples.tone(tmp_path / "silence.wav", loudness=0), -60) == SILENCE_DBFS


@pytest.mark.slow
def test_a_voice_that_comes_late_is_heard(tmp_path: Path) -> None:
    quiet, loud = (samples.tone(tmp_path / f"{name}.wav", 3, loudness=volume) for name, volume in (("q", 0.0), ("l", 0.3)))
    both = tmp_path / "both.wav"
    header = 44
    both.write_bytes(quiet.read_bytes()[:header] + quiet.read_bytes()[header:] + loud.read_bytes()[header:])
    both.write_bytes(_with_length(both.read_bytes()))
    assert speech_level(both, -60) > -60


def _with_length(wav: bytes) -> bytes:
    """A WAV whose header counts all of its bytes."""
    return wav[:4] + (len(wav) - 8).to_bytes(4, "little") + wav[8:40] + (len(wav) - 44).to_bytes(4, "little") + wav[44:]


def test_pictures_and_clips_have_the_size_in_their_files(tmp_path: Path) -> None:
    assert picture_size(samples.picture(tmp_path / "picture.png", size=(64, 48))) == (64, 48)
    assert clip_size(samples.clip(tmp_path / "clip.mp4", size=(96, 64))) == (96, 64)


def test_what_is_no_medium_is_refused_in_a_sentence(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no medium")
    for measure, name in ((picture_size, "picture"), (clip_size, "clip"), (lambda path: speech_level(path, 0), "sound")):
        with pytest.raises(WrongInputError, match=rf"found a {name} that cannot be read"):
            measure(text)
