"""Speech is audible, is the same every time, and comes with the time of each word."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.content import Word
from lecture_assets.ports import FailureKind
from lecture_assets.prose.readable import readable
from lecture_assets.prose.spoken import as_said
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.simulated.decoding import decibels, sound
from lecture_media.speak.speech import LEAD_IN_MS, NothingToSayError, speak
from lecture_media.speak.voices import LANGUAGES, VOICES, UnknownNameError, find_language, find_voice

TRICKY = (
    "— Plants make 1,234 *tiny* bodies — in the leaf, e.g. (called “chloroplasts”) 🌞. "
    "Dr. Smith says: H2O … is 3.5 % - well-known!"
)


def spoken(text: str, voice: str, language: str, out: Path) -> dict[str, Any]:
    """Speak as the simulated vendor does."""
    return speak(text, voice, language, out, as_said)


def timed(details: dict[str, Any]) -> list[Word]:
    return [Word(**word) for word in details["words"]]


def assert_times_fit(text: str, details: dict[str, Any]) -> None:
    words = timed(details)
    assert [word.text for word in words] == text.split()
    assert all(0 <= word.start_ms <= word.end_ms <= details["duration_ms"] for word in words)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(words))


@pytest.mark.parametrize("voice", VOICES)
def test_every_voice_is_heard_without_clipping_or_offset(voice: str, tmp_path: Path) -> None:
    out = tmp_path / "speech.wav"
    details = spoken("The caught light splits water into hydrogen and oxygen.", voice, "en", out)
    (signal,), rate = sound(out)
    assert rate == 22_050
    assert len(signal) * 1000 // rate == details["duration_ms"]
    assert 2_500 < details["duration_ms"] < 5_500
    assert np.abs(signal).max() == pytest.approx(10 ** (-3 / 20), abs=0.001)
    assert -30 < decibels(signal) < -15
    assert abs(signal.mean()) < 1e-4
    assert not signal[: rate * LEAD_IN_MS // 1000].any()


@pytest.mark.slow
def test_equal_input_gives_equal_bytes_whatever_was_said_before(tmp_path: Path) -> None:
    first, other, again = (tmp_path / name for name in "abc")
    spoken(TRICKY, "narrator", "en", first)
    spoken("Etwas ganz anderes.", "teacher", "de", other)
    spoken(TRICKY, "narrator", "en", again)
    assert first.read_bytes() == again.read_bytes() != other.read_bytes()


@pytest.mark.parametrize("voice", ["teacher", "storyteller"])
def test_another_voice_sounds_different(voice: str, tmp_path: Path) -> None:
    spoken("One and the same text.", "narrator", "en", tmp_path / "a")
    spoken("One and the same text.", voice, "en", tmp_path / "b")
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


def test_words_of_a_tricky_text_are_timed_as_written(tmp_path: Path) -> None:
    details = spoken(TRICKY, "narrator", "en", tmp_path / "speech.wav")
    assert_times_fit(TRICKY, details)
    lengths = {word.text: word.end_ms - word.start_ms for word in timed(details)}
    assert lengths["—"] == lengths["…"] == lengths["-"] == 0
    assert lengths["1,234"] > 3 * lengths["make"]
    assert min(lengths[word] for word in ("the", "in", "%", "H2O", "well-known!")) > 30


def test_a_word_is_loud_while_it_is_said_and_a_pause_is_not(tmp_path: Path) -> None:
    out = tmp_path / "speech.wav"
    words = timed(spoken("Light. Water. Sugar.", "narrator", "en", out))
    (signal,), rate = sound(out)
    for word, after in pairwise(words):
        assert decibels(signal[word.start_ms * rate // 1000 : word.end_ms * rate // 1000]) > -32
        assert after.start_ms - word.end_ms > 100
        assert decibels(signal[word.end_ms * rate // 1000 : after.start_ms * rate // 1000]) < -40


TEXTS = st.lists(st.text(min_size=1, max_size=12).map(readable), min_size=1, max_size=8)


@pytest.mark.slow
@given(TEXTS.map(lambda words: " ".join(["light", *words])))
def test_any_text_is_timed_word_by_word(text: str) -> None:
    assert_times_fit(text, spoken(text, "narrator", "en", Path("/dev/null")))


@pytest.mark.parametrize("text", ["", " \n", "…", "— 🌞 !!", "***"])
def test_a_text_without_words_is_refused_in_a_sentence(text: str, tmp_path: Path) -> None:
    with pytest.raises(NothingToSayError, match="nothing to pronounce") as wrong:
        spoken(text, "narrator", "en", tmp_path / "speech.wav")
    assert (wrong.value.kind, wrong.value.code) == (FailureKind.VALIDATION, "nothing-to-say")
    assert not (tmp_path / "speech.wav").exists()


@pytest.mark.slow
@pytest.mark.parametrize("language", sorted(LANGUAGES) if THOROUGH else sorted(LANGUAGES)[::6])
def test_every_language_of_the_list_is_spoken(language: str, tmp_path: Path) -> None:
    text = {"zh": "植物 自己", "ar": "النباتات تصنع", "ru": "Растения сами"}.get(language, "alfa 12 beta")
    assert_times_fit(text, spoken(text, "narrator", language, tmp_path / "speech.wav"))


@pytest.mark.parametrize("language", ["en", "EN-gb", "en_US", "en-ZA", "de-AT", "pt-BR", "zh-Hant-TW"])
def test_a_language_tag_with_an_unknown_region_is_its_language(language: str) -> None:
    assert find_language(language)


def test_an_unknown_voice_or_language_is_refused_with_a_list_of_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"voice: found 'Hal'; allowed: one of narrator"):
        find_voice("Hal")
    with pytest.raises(UnknownNameError, match=r"language: found 'tlh'; allowed: .*pt-BR"):
        find_language("tlh")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2*3", "2 times 3"),
        ("6×10^23", "6 times 10 to the power of 23"),
        ("100 °C", "100 degrees Celsius"),
        ("2^10", "2 to the power of 10"),
    ],
)
def test_signs_are_spoken_as_the_words_they_stand_for(written: str, read: str, tmp_path: Path) -> None:
    signs, words = spoken(written, "narrator", "en", tmp_path / "a"), spoken(read, "narrator", "en", tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert [word["text"] for word in signs["words"]] == written.split(), "captions keep the signs"
    assert signs["words"][-1]["end_ms"] == words["words"][-1]["end_ms"]


def test_chinese_is_timed_word_by_word(tmp_path: Path) -> None:
    text = "我们每天都喝水。水从天上来，流进大海。"
    details = spoken(text, "narrator", "zh", tmp_path / "speech.wav")
    words = timed(details)
    assert "".join(word.text for word in words) == text
    assert [word.no_space_before for word in words] == [False] + [True] * (len(words) - 1)
    assert len({word.start_ms for word in words}) == len(words) > 8
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(words))
    assert max(word.end_ms - word.start_ms for word in words) < 1_200
