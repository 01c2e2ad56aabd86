"""Perceived loudness (ITU-R BS.1770-4, LUFS) and a limiter. Works on samples; no file is opened.

Sound is float32 of shape (samples, 2) at 48 kHz, full scale ±1.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Sound: TypeAlias = npt.NDArray[np.float32]

RATE = 48_000
"""Samples per second, the rate of video sound."""
CEILING = 0.84
"""-1.5 dBFS: peaks that AAC adds stay below full scale."""
_SILENCE = -70.0
"""LUFS: the absolute gate of BS.1770; anything quieter does not count."""
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of the K-weighting at 48 kHz, BS.1770-4 tables 1 and 2: (numerator, denominator)."""
_STEP = RATE // 10
"""Blocks of 400 ms begin every 100 ms."""


def loudness(sound: Sound) -> float:
    """Return the integrated loudness in LUFS, gated twice; -70 for silence and for sound shorter than 400 ms."""
    powers = _block_powers(sound)
    loud = powers[_lufs(powers) > _SILENCE]
    if not loud.size:
        return _SILENCE
    kept = loud[_lufs(loud) > _lufs(loud.mean()) - 10]
    return float(_lufs(kept.mean()))


def _lufs(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return -0.691 + 10 * np.log10(np.maximum(power, 1e-12))


def _block_powers(sound: Sound) -> npt.NDArray[np.float64]:
    """Power of the K-weighted sound in each block of 400 ms, summed over channels."""
    if len(sound) < 4 * _STEP:
        return np.zeros(0)
    power = (_weighted(sound) ** 2).sum(axis=1)
    steps = power[: len(power) // _STEP * _STEP].reshape(-1, _STEP).mean(axis=1)
    return np.convolve(steps, np.full(4, 0.25), "valid")


def _weighted(sound: Sound) -> npt.NDArray[np.float64]:
    """Apply K-weighting by the filters' frequency response: exact but for the wrap-around, which a second of zeros absorbs."""
    length = len(sound) + RATE
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(length))
    response = np.ones_like(z)
    for numerator, denominator in (_SHELF, _HIGH_PASS):
        response *= np.polyval(numerator[::-1], z) / np.polyval(denominator[::-1], z)
    spectrum = np.fft.rfft(sound, length, axis=0) * response[:, None]
    return np.asarray(np.fft.irfft(spectrum, length, axis=0)[: len(sound)])


def levelled(sound: Sound, target: float) -> Sound:
    """Bring the sound to `target` LUFS with its peaks limited to CEILING; silence stays silence."""
    heard = loudness(sound)
    if heard <= _SILENCE:
        return sound
    return limited(sound * np.float32(10 ** ((target - heard) / 20)))


_BLOCK = RATE // 1000
_REACH = 5
"""The limiter looks 5 ms ahead and releases over 5 ms, in blocks of one."""


def limited(sound: Sound) -> Sound:
    """Bring every peak to CEILING or below by smooth gain changes around it, without clipping."""
    if not len(sound) or float(np.abs(sound).max()) <= CEILING:
        return sound
    padded = np.pad(np.abs(sound).max(axis=1), (0, -len(sound) % _BLOCK))
    wanted = np.minimum(1.0, CEILING / np.maximum(padded.reshape(-1, _BLOCK).max(axis=1), CEILING))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, 2 * _REACH, mode="edge"), 2 * _REACH + 1).min(axis=1)
    window = np.hanning(2 * _REACH + 3)[1:-1]
    smooth = np.convolve(around, window / window.sum(), "valid")
    gain = np.interp(np.arange(len(sound)), (np.arange(len(smooth)) + 0.5) * _BLOCK, smooth)
    turned_down = sound * gain[:, None].astype(np.float32)
    return np.clip(turned_down, -CEILING, CEILING)
