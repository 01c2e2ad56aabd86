"""Perceived loudness (ITU-R BS.1770-4, LUFS) of a sound that comes in blocks. Works on samples; no file is opened.

    blocks ──► K-weighting, 0.6 s at a time, each with what came before it ──► power of every 100 ms ──► gates ──► LUFS

An hour of sound keeps 36,000 powers.
"""

import numpy as np
import numpy.typing as npt

from lecture_media.listen.decode import RATE, Sound

SILENCE = -70.0
"""LUFS: the absolute gate of BS.1770; anything quieter does not count."""
STEP = RATE // 10
"""Samples for which one power is kept."""
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of the K-weighting at 48 kHz, BS.1770-4 tables 1 and 2: (numerator, denominator)."""
_BLOCK = 4
"""Steps of the blocks that loudness counts."""
_AT_ONCE = 6 * STEP
_BEFORE = 32_768 - _AT_ONCE
"""The filters' answer to an impulse has fallen by 170 dB after these 83 ms (their slowest pole has a radius of 0.995)."""


def _response(length: int) -> npt.NDArray[np.complex64]:
    """The K-weighting's gain at each frequency of a transform of `length`."""
    z = np.exp(-2j * np.pi * np.fft.fftfreq(length))
    gain = np.ones_like(z)
    for numerator, denominator in (_SHELF, _HIGH_PASS):
        gain *= np.polyval(numerator[::-1], z) / np.polyval(denominator[::-1], z)
    return np.asarray(gain, np.complex64)


_K_WEIGHTING = _response(_BEFORE + _AT_ONCE)


class Meter:
    """Measures a sound given in blocks of any size."""

    def __init__(self) -> None:
        """Nothing heard yet."""
        self.samples = 0
        self._window = np.zeros(_BEFORE + _AT_ONCE, np.complex64)
        self._filled = 0
        self._powers: list[npt.NDArray[np.float64]] = []

    def add(self, sound: Sound) -> None:
        """Hear the next samples."""
        self.samples += len(sound)
        heard = np.ascontiguousarray(sound, np.float32).view(np.complex64)[:, 0]  # left + i·right: one transform for both
        while len(heard):
            taken = heard[: _AT_ONCE - self._filled]
            place = _BEFORE + self._filled
            self._window[place : place + len(taken)] = taken
            self._filled += len(taken)
            heard = heard[len(taken) :]
            if self._filled == _AT_ONCE:
                self._powers.append(self._weighted_powers())
                self._window[:_BEFORE] = self._window[_AT_ONCE:]
                self._filled = 0

    def _weighted_powers(self) -> npt.NDArray[np.float64]:
        """The power of each step in the window, both channels together."""
        weighted = np.fft.ifft(np.fft.fft(self._window) * _K_WEIGHTING)[_BEFORE:]
        power: npt.NDArray[np.float64] = (weighted.real**2 + weighted.imag**2).reshape(-1, STEP).mean(axis=1, dtype=np.float64)
        return power

    def powers(self) -> npt.NDArray[np.float64]:
        """The power of every whole 100 ms heard until now."""
        rest = self._filled // STEP
        if not rest:
            return np.concatenate([np.zeros(0), *self._powers])
        self._window[_BEFORE + self._filled :] = 0
        return np.concatenate([*self._powers, self._weighted_powers()[:rest]])

    def _power_of_all(self) -> float:
        """The power of what was heard, if that is less than a block."""
        if not self.samples:
            return 0.0
        self._window[_BEFORE + self._filled :] = 0
        weighted = np.fft.ifft(np.fft.fft(self._window) * _K_WEIGHTING)[_BEFORE : _BEFORE + self._filled]
        return float((weighted.real**2 + weighted.imag**2).mean(dtype=np.float64))

    def loudness(self) -> float:
        """Return the integrated loudness in LUFS, gated twice; -70 for silence. Sound shorter than 400 ms counts whole."""
        if self.samples < _BLOCK * STEP:
            return max(SILENCE, float(lufs(self._power_of_all())))
        blocks = averaged(self.powers(), _BLOCK)
        loud = blocks[lufs(blocks) > SILENCE]
        if not loud.size:
            return SILENCE
        kept = loud[lufs(loud) > lufs(loud.mean()) - 10]
        return float(lufs(kept.mean()))

    def loudest(self) -> float:
        """Return the loudness in LUFS of the loudest three seconds (short-term, EBU Tech 3341); of all, if it is shorter."""
        if self.samples < _BLOCK * STEP:
            return self.loudness()
        powers = self.powers()
        spans = averaged(powers, min(30, len(powers)))
        return max(SILENCE, float(lufs(spans.max()))) if spans.size else SILENCE


def averaged(powers: npt.NDArray[np.float64], steps: int) -> npt.NDArray[np.float64]:
    """The mean power of each run of `steps`, one from every step on that has so many."""
    return np.convolve(powers, np.full(steps, 1 / steps), "valid") if 0 < steps <= len(powers) else np.zeros(0)


def lufs(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return power as loudness."""
    return -0.691 + 10 * np.log10(np.maximum(power, 1e-12))


def loudness(sound: Sound) -> float:
    """Return the integrated loudness in LUFS of a whole sound."""
    meter = Meter()
    meter.add(sound)
    return meter.loudness()
