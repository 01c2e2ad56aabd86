"""Speak a text: a WAV file, and the time of each word. `espeak.py` speaks, `voices.py` has the voices.

    text -> words as they are spoken (`reader`) -> samples, word events -> normalized samples, times of our own words

Our words are those of `unspaced.py`; espeak-ng counts differently (a number is many words, `in the` is one, a dash none).
"""

import unicodedata
import wave
from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lecture_media.speak.espeak import SAMPLE_RATE, Manner, Utterance, has_word_for, say
from lecture_media.speak.voices import find_language, find_voice
from lecture_media.unspaced import WrittenWord, words_of

Signal: TypeAlias = NDArray[np.float32]
LEAD_IN_MS = 120
"""Silence before the first word, so that a player that starts late misses nothing."""
LEAD_OUT_MS = 80
PEAK = 10 ** (-3 / 20)
"""Loudest sample: -3 dBFS, which leaves headroom for lossy codecs."""
_AUDIBLE = 10 ** (-42 / 20)
"""Share of the peak below which a frame counts as silence. espeak-ng's pauses are digital zeros, its quietest consonants at
-35 dB.
"""
_FRAME_MS = 10
_LOWEST_HZ, _DULL_FROM_HZ = 70.0, 5_500.0
"""There is no speech below the first; above the second, espeak-ng's consonants hiss."""


Reader: TypeAlias = Callable[[str, str, Callable[[str], bool]], Sequence[str]]
"""(text, language, whether the voice has a word for a sign) -> one string per word of the text: what is spoken for it."""


class NothingToSayError(ValueError):
    """A text with nothing to pronounce."""

    kind, code = "validation", "nothing-to-say"

    def __init__(self, text: str) -> None:
        """Show as much of the text as fits a line."""
        shown = text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004
        super().__init__(f"there is nothing to pronounce in {shown!r}; write the narration in words of its language")


def as_written(text: str, language: str, _has_word_for: Callable[[str], bool]) -> list[str]:
    """Speak each word as it is written."""
    return [word.text for word in words_of(text, language)]


def speak(text: str, voice: str, language: str, out: Path, reader: Reader = as_written) -> dict[str, Any]:
    """Write the speech of a text to `out`: WAV, mono, 22,050 Hz, 16 bit. Equal input gives equal bytes.

    Returns {duration_ms, words: [{text, start_ms, end_ms}]} with one entry per word of the text, in order, without overlaps;
    a word that follows another one without a space, as in Chinese, has `no_space_before: true`.
    UnknownNameError for an unknown voice or language; NothingToSayError if there is nothing to pronounce.
    """
    manner = manner_of(voice, language)
    words = words_of(text, language)
    read = reader(text, language, lambda sign: has_word_for(sign, manner.voice))
    pieces = [piece if word.no_space_before else f" {piece}" for word, piece in zip(words, read, strict=True)]
    signal, times = sound_of(pieces, manner)
    if signal is None:
        raise NothingToSayError(text)
    duration_ms = write_wav(signal, out)
    return {"duration_ms": duration_ms, "words": timed(words, times)}


def manner_of(voice: str, language: str) -> Manner:
    """Return how a voice speaks a language. UnknownNameError for an unknown voice or language."""
    chosen = find_voice(voice)
    return Manner(f"{find_language(language)}+{chosen.variant}", chosen.pitch, chosen.words_per_minute)


def sound_of(read: Sequence[str], manner: Manner) -> tuple[Signal | None, list[tuple[int, int]]]:
    """Return the sound of words at SAMPLE_RATE, and start and end of each in ms; no sound if none can be pronounced.

    read: what is pronounced for each word, with the space before it, if it has one
    """
    if not any(is_pronounced(word) for word in read):
        return None, []
    said = say("".join(read).removeprefix(" "), manner)
    signal, audible = _finish(said)
    if not audible.any():
        return None, []
    return signal, _word_times(read, said, audible, len(signal) * 1000 // SAMPLE_RATE)


def write_wav(signal: Signal, out: Path) -> int:
    """Write a sound from -1 to 1 as 16-bit WAV, and return its length in ms."""
    samples = (signal * 32767).round().astype("<i2")
    with wave.open(str(out), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return len(samples) * 1000 // SAMPLE_RATE


def timed(words: Sequence[WrittenWord], times: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return words with their times, as `content.Word` has them."""
    return [
        {"text": word.text, "start_ms": start, "end_ms": end} | ({"no_space_before": True} if word.no_space_before else {})
        for word, (start, end) in zip(words, times, strict=True)
    ]


def is_pronounced(word: str) -> bool:
    """Whether anything is pronounced: letters, digits, and signs with a name (%, €, +) are."""
    return any(_is_said(letter) for letter in word)


def _is_said(letter: str) -> bool:
    return letter.isalnum() or letter in "%&@" or unicodedata.category(letter) in {"Sc", "Sm"}


def _finish(said: Utterance) -> tuple[Signal, NDArray[np.bool_]]:
    """Return the signal from -PEAK to PEAK between its lead-in and lead-out, and for every 10 ms whether it is audible."""
    raw = np.frombuffer(said.pcm, "<i2").astype(np.float32)
    signal = _filtered(raw) if raw.any() else raw
    frame = SAMPLE_RATE * _FRAME_MS // 1000
    last = _audible_frames(signal, frame).nonzero()[0]
    end = min(len(signal), (int(last[-1]) + 1) * frame) if len(last) else 0
    lead_in, lead_out = (np.zeros(SAMPLE_RATE * ms // 1000, np.float32) for ms in (LEAD_IN_MS, LEAD_OUT_MS))
    whole = np.concatenate([lead_in, signal[:end], lead_out])
    whole *= PEAK / max(float(np.abs(whole).max()), 1e-9)
    return whole, _audible_frames(whole, frame)


def _audible_frames(signal: Signal, frame: int) -> NDArray[np.bool_]:
    frames = signal[: len(signal) // frame * frame].reshape(-1, frame)
    loudness = np.sqrt((frames**2).mean(axis=1))
    return np.asarray(loudness > _AUDIBLE * max(float(np.abs(signal).max(initial=0.0)), 1e-9))


def _filtered(signal: Signal) -> Signal:
    """Remove offset and rumble and roll off the hiss at 12 dB per octave; phases stay the same."""
    size = 1 << (len(signal) - 1).bit_length()
    spectrum = np.fft.rfft(signal, size)
    hertz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE).astype(np.float32)
    above, below = (hertz / _LOWEST_HZ) ** 2, (hertz / _DULL_FROM_HZ) ** 2
    spectrum *= (1 - 1 / (1 + above * above)) / np.sqrt(1 + below * below)
    return np.fft.irfft(spectrum, size)[: len(signal)].astype(np.float32, copy=False)


def _word_times(read: Sequence[str], said: Utterance, audible: NDArray[np.bool_], duration_ms: int) -> list[tuple[int, int]]:
    """Return start and end of each word in ms. A word without a time from espeak-ng shares that of the word before it."""
    starts = _event_times(read, said)
    heads = [i for i in range(len(read)) if i in starts]
    bounds = [min(starts[i] + LEAD_IN_MS, duration_ms) for i in heads] + [duration_ms]
    groups = [0, *heads[1:], len(read)]
    times: list[tuple[int, int]] = []
    for k in range(len(heads)):
        end = _last_audible_ms(audible, bounds[k], bounds[k + 1])
        times += _share(read[groups[k] : groups[k + 1]], bounds[k], end)
    return times


def _event_times(read: Sequence[str], said: Utterance) -> dict[int, int]:
    """Return the ms at which espeak-ng began each word (by its index), never earlier than the word before.

    An event on a dash is the beginning of the word after it.
    """
    offsets, place = [], -1  # what is said does not begin with the first word's space
    for word in read:
        offsets.append(place + word.startswith(" "))
        place += len(word)
    starts: dict[int, int] = {}
    for position, ms in said.words:
        index = bisect_right(offsets, position) - 1
        while index < len(read) and not is_pronounced(read[index]):
            index += 1
        if index < len(read):
            starts.setdefault(index, ms)
    latest = 0
    for index in sorted(starts):
        latest = starts[index] = max(latest, starts[index])
    return starts or {0: 0}


def _last_audible_ms(audible: NDArray[np.bool_], start_ms: int, end_ms: int) -> int:
    """Where the sound between two times ends: at the first pause, if there is one."""
    heard = audible[start_ms // _FRAME_MS : end_ms // _FRAME_MS].nonzero()[0]
    if not len(heard):
        return end_ms
    return min(end_ms, max(start_ms, (start_ms // _FRAME_MS + int(heard[-1]) + 1) * _FRAME_MS))


def _share(words: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """Divide a span of time among words by their letters; what is not pronounced gets no length."""
    weights = [sum(_is_said(letter) for letter in word) for word in words]
    total, done = max(sum(weights), 1), 0
    times = []
    for weight in weights:
        begun = start + (end - start) * done // total
        done += weight
        times.append((begun, start + (end - start) * done // total))
    return times
