"""Turn notes into sound: a section of music as stereo samples, in a room with a soft echo. Prompts and files play no part here.

A section is a ring: what sounds past its end wraps around to its beginning, so sections join without a seam.
"""

import functools
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lecture_media.compose.score import BARS, BEATS, Note, seed_of

Samples: TypeAlias = NDArray[np.float32]
SAMPLE_RATE = 44_100
_TABLE = 8_192
_FAST_SIZE = 8_192
_HIGHEST_HZ = 14_000.0
_A4, _A4_HZ = 69, 440.0
_RING_S = {"piano": 2.6, "guitar": 1.9, "bells": 3.2, "electronic": 1.0}
"""How long a plucked tone is heard, in seconds."""
_SPECTRA: dict[str, tuple[float, ...]] = {
    "pad": tuple(1 / n**1.5 for n in range(1, 13)),
    "synth-pad": tuple(1 / n**1.1 for n in range(1, 25)),
    "strings": tuple((1.0 if n % 2 else 0.8) / n**1.05 for n in range(1, 21)),
    "bass": (1.0, 0.6, 0.3, 0.16, 0.08),
    "piano": (1.0, 0.8, 0.55, 0.5, 0.3, 0.25, 0.2, 0.12, 0.1, 0.07, 0.05, 0.03),
    "guitar": (1.0, 0.9, 0.8, 0.5, 0.5, 0.35, 0.3, 0.2, 0.18, 0.12, 0.1, 0.08, 0.06, 0.04),
    "bells": (1.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3, 0.0, 0.0, 0.0, 0.0, 0.12),
    "electronic": tuple(1 / n**0.8 if n % 2 else 0.0 for n in range(1, 24)),
}
"""Strength of each harmonic at the onset. Plucked tones lose the upper ones first."""
_ATTACK_S = {"pad": 0.5, "synth-pad": 0.35, "strings": 0.45, "bass": 0.02}
_ECHO_S, _ECHO_LEVEL = 1.6, 0.32
_PRESENCE_HZ, _PRESENCE_DB = 2_400.0, -3.0
"""A wide dip in the range of consonants, so that speech over it stays easy to follow."""


def render(notes: Sequence[Note], bpm: int, brightness: float) -> Samples:
    """Play one section, shape (2, samples), left and right, not normalized."""
    size = section_size(bpm)
    ring = np.zeros((2, size), np.float32)
    beat_s = size / SAMPLE_RATE / (BARS * BEATS)
    for note in notes:
        sound = _sound(note.instrument, note.pitch, round(note.beats * beat_s, 3))
        _add(ring, round(note.start * beat_s * SAMPLE_RATE), sound, note)
    return _in_room(ring, brightness)


def section_size(bpm: int) -> int:
    """Samples of a section at a tempo, which may change by up to 1 % to give a size with a fast Fourier transform."""
    return round(BARS * BEATS * 60 / bpm * SAMPLE_RATE / _FAST_SIZE) * _FAST_SIZE


def _add(ring: Samples, start: int, sound: Samples, note: Note) -> None:
    """Add a sound (1 or 2 rows) to the ring; its tail wraps around."""
    size = ring.shape[1]
    angle = (note.place + 1) * np.pi / 4
    gains = (np.cos(angle) * note.loudness * 1.4, np.sin(angle) * note.loudness * 1.4)
    for side, gain in enumerate(gains):
        row = sound[side % len(sound)][:size] * np.float32(gain)
        begin = start % size
        fits = min(len(row), size - begin)
        ring[side, begin : begin + fits] += row[:fits]
        ring[side, : len(row) - fits] += row[fits:]


@functools.lru_cache(maxsize=256)
def _sound(instrument: str, pitch: int, seconds: float) -> Samples:
    """Play one note at full level, shape (1 or 2, samples)."""
    if instrument in _RING_S:
        return _plucked(instrument, pitch)
    if instrument in _ATTACK_S:
        return _held(instrument, pitch, seconds)
    return _struck(instrument)


def _hertz(pitch: float) -> float:
    return float(_A4_HZ * 2 ** ((pitch - _A4) / 12))


@functools.lru_cache(maxsize=512)
def _wave(spectrum: tuple[float, ...], harmonics: int) -> Samples:
    """One period, made of the harmonics below the highest pitch worth hearing."""
    strengths = np.zeros(_TABLE // 2 + 1, np.complex64)
    kept = spectrum[: max(1, harmonics)]
    strengths[1 : len(kept) + 1] = -0.5j * _TABLE * np.asarray(kept, np.float32)
    period = np.fft.irfft(strengths, _TABLE).astype(np.float32)
    return np.asarray(period / np.abs(period).max(), np.float32)


def _tone(spectrum: tuple[float, ...], hertz: float, count: int) -> Samples:
    """A steady tone. The table is long enough to keep its steps 70 dB below the tone."""
    period = _wave(spectrum, int(_HIGHEST_HZ / hertz))
    steps = (np.arange(count, dtype=np.float64) * (hertz * _TABLE / SAMPLE_RATE)).astype(np.int64)
    tone: Samples = period[steps & (_TABLE - 1)]
    return tone


def _held(instrument: str, pitch: int, seconds: float) -> Samples:
    """A tone that swells and fades; for pads, two slightly detuned ones, one per ear."""
    release = 0.12 if instrument == "bass" else 0.9
    count = round((seconds + release) * SAMPLE_RATE)
    envelope = _swell(count, _ATTACK_S[instrument], release)
    if instrument == "bass":
        return (_tone(_SPECTRA[instrument], _hertz(pitch), count) * envelope)[None]
    cents = 0.05 if instrument == "pad" else 0.09
    sides = (_tone(_SPECTRA[instrument], _hertz(pitch + detune), count) for detune in (-cents, cents))
    middle = _tone(_SPECTRA[instrument], _hertz(pitch), count)
    return np.stack([(side + np.float32(0.6) * middle) * envelope * np.float32(0.6) for side in sides])


def _swell(count: int, attack_s: float, release_s: float) -> Samples:
    envelope = np.ones(count, np.float32)
    attack, release = (min(count // 2, round(seconds * SAMPLE_RATE)) for seconds in (attack_s, release_s))
    envelope[:attack] = np.sin(np.linspace(0, np.pi / 2, attack, dtype=np.float32)) ** 2
    envelope[count - release :] *= np.cos(np.linspace(0, np.pi / 2, release, dtype=np.float32)) ** 2
    return envelope


def _plucked(instrument: str, pitch: int) -> Samples:
    """A bright onset that decays fast over a plain tone that decays slowly; high tones are shorter."""
    seconds = _RING_S[instrument] * 2 ** ((60 - pitch) / 36)
    count = round(seconds * SAMPLE_RATE)
    spectrum = _SPECTRA[instrument]
    dull = tuple(strength / (1 + n) ** 0.7 for n, strength in enumerate(spectrum))
    along = np.linspace(0, 1, count, dtype=np.float32)
    bright = _tone(spectrum, _hertz(pitch), count) * np.exp(-18 * along)
    sound = (np.float32(0.5) * bright + np.float32(0.7) * _tone(dull, _hertz(pitch), count) * np.exp(-6 * along)) * (1 - along)
    onset = round(0.004 * SAMPLE_RATE)
    sound[:onset] *= np.linspace(0, 1, onset, dtype=np.float32)
    return np.asarray(sound, np.float32)[None]


def _struck(instrument: str) -> Samples:
    """The three drums: a falling tone, and two noises."""
    seconds = {"kick": 0.28, "brush": 0.22, "shaker": 0.09}[instrument]
    time = np.arange(round(seconds * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    if instrument == "kick":
        return (np.sin(2 * np.pi * (46 * time + 3.2 * (1 - np.exp(-22 * time)))) * np.exp(-15 * time)).astype(np.float32)[None]
    noise = seed_of("drum", instrument).standard_normal(len(time)).astype(np.float32)
    high = np.diff(noise, prepend=np.float32(0))
    decay = np.exp(-time * (18 if instrument == "brush" else 45)) * np.minimum(1, time * (400 if instrument == "brush" else 90))
    return np.asarray((noise * np.float32(0.5) + high * np.float32(0.4)) * decay, np.float32)[None]


def _in_room(ring: Samples, brightness: float) -> Samples:
    """Add a soft echo, remove rumble and reduce brightness where speech is, by circular convolution, so the ring stays one."""
    size = ring.shape[1]
    hertz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE).astype(np.float32)
    octaves = np.log2(np.maximum(hertz, 1) / _PRESENCE_HZ)
    gain = 10 ** (_PRESENCE_DB / 20 * np.exp(-(octaves**2) / 0.8))
    gain *= (1 - 1 / (1 + (hertz / 35) ** 4)) / np.sqrt(1 + (hertz / (6_500 * brightness)) ** 4)
    for ear, echo in zip(ring, _echo(size), strict=True):  # one channel at a time: a section is 10 MB, its spectrum as much again
        spectrum, room = np.fft.rfft(ear), np.fft.rfft(echo)
        room += 1
        spectrum *= gain
        spectrum *= room
        ear[:] = np.fft.irfft(spectrum, size)
    return ring


def forget_sounds() -> None:
    """Clear the cached notes of a composition: up to half a megabyte each."""
    _sound.cache_clear()
    _echo.cache_clear()


@functools.lru_cache(maxsize=1)
def _echo(size: int) -> Samples:
    """The room's response to an impulse, one row per ear: noise that grows duller and fades within two seconds."""
    count = min(size, round(_ECHO_S * SAMPLE_RATE))
    time = np.arange(count, dtype=np.float32) / SAMPLE_RATE
    noise = seed_of("room").standard_normal((2, count)).astype(np.float32)
    smooth = np.cumsum(noise, axis=1)
    dull = np.zeros_like(noise)
    width = 24
    dull[:, width:] = (smooth[:, width:] - smooth[:, :-width]) / width**0.5
    echo = dull * np.exp(-time * (4.6 / _ECHO_S)) * (time > 0.018)  # noqa: PLR2004 - the nearest wall is 3 m away
    echo *= _ECHO_LEVEL / np.sqrt((echo**2).sum(axis=1, keepdims=True))
    answer = np.zeros((2, size), np.float32)
    answer[:, :count] = echo
    return answer
