"""A recording of a vendor gets the words of its text where they are said, and estimated ones where listening to it fails."""

from pathlib import Path

import pytest

from lecture_assets.intake.word_times import aligned_words, words_with_times
from lecture_assets.timeline.spread import spread
from lecture_assets_tests.intake import samples
from lecture_media.speak.speech import speak

TEXT = "Plants make their own food, out of light, water and the air that animals breathe out."


@pytest.mark.slow
def test_words_are_where_they_are_said(tmp_path: Path) -> None:
    said = speak(TEXT, "student", "en", tmp_path / "speech.wav")
    words = words_with_times(tmp_path / "speech.wav", TEXT, "en", said["duration_ms"])
    assert [word["text"] for word in words] == TEXT.split()  # type: ignore[index, call-overload]
    off = [abs(word["start_ms"] - heard["start_ms"] - 30) for word, heard in zip(words, said["words"], strict=True)]  # type: ignore[index, call-overload]
    assert sum(ms <= 80 for ms in off) >= 0.9 * len(off), off


@pytest.mark.slow
@pytest.mark.parametrize("content", ["tone", "no sound"])
def test_what_cannot_be_aligned_is_spread(content: str, tmp_path: Path) -> None:
    path = samples.tone(tmp_path / "speech.wav", 5.0)
    if content == "no sound":
        path.write_bytes(b"This is no sound.")
    assert aligned_words(path, TEXT, "en", 5000) is None
    assert words_with_times(path, TEXT, "en", 5000) == spread(TEXT, 5000)
