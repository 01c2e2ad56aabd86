"""What speech sounds like every 10 ms, as mel-frequency cepstral coefficients, which tell what is said rather than who says it.

Sound is read block by block, so that two hours take no more memory than their coefficients: 35 MB.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Features: TypeAlias = NDArray[np.float32]
"""(frames, CEPSTRA)"""
RATE = 22_050
"""Hz of the sound that is read, as espeak-ng speaks."""
HOP = 220
"""Samples from one frame to the next: 9.98 ms."""
CEPSTRA = 13
_WINDOW, _SIZE = 512, 1024
"""Samples of a frame (23 ms), and of its Fourier transform."""
_MELS, _LOWEST_HZ, _HIGHEST_HZ = 32, 80.0, 7_000.0
_FRAMES_AT_ONCE = 1024


def features(blocks: Iterable[NDArray[np.float32]], tract: float = 1.0) -> tuple[Features, NDArray[np.float32]]:
    """Return the coefficients of a mono sound at RATE, and the level of each frame in dB.

    tract: hear it as from a mouth whose resonances are this many times as high
    """
    filters = _filters(tract)
    found, levels = [np.zeros((0, CEPSTRA), np.float32)], [np.zeros(0, np.float32)]
    window = np.hanning(_WINDOW).astype(np.float32)
    for part in _overlapping(blocks):
        frames = np.lib.stride_tricks.sliding_window_view(part, _WINDOW)[::HOP] * window
        power = np.abs(np.fft.rfft(frames, _SIZE)) ** 2
        mels = np.log(power @ filters + 1e-7)
        found.append((mels @ _COSINES).astype(np.float32))
        levels.append((10 * np.log10((frames**2).mean(axis=1) + 1e-10)).astype(np.float32))
    return np.concatenate(found), np.concatenate(levels)


def _overlapping(blocks: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """Yield parts that have a whole number of frames, each beginning a hop after the last frame of the part before it."""
    rest = np.zeros(_WINDOW // 2, np.float32)  # so that frame i is centred at i hops
    for block in (*blocks, np.zeros(_WINDOW // 2, np.float32)):
        rest = np.concatenate([rest, block])
        while len(rest) >= _WINDOW:
            count = min((len(rest) - _WINDOW) // HOP + 1, _FRAMES_AT_ONCE)
            yield rest[: (count - 1) * HOP + _WINDOW]
            rest = rest[count * HOP :]


@cache
def _filters(tract: float) -> NDArray[np.float32]:
    """Return triangles of equal width in mel (2595 log10(1 + f/700)): (bins, _MELS)."""
    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (_LOWEST_HZ, _HIGHEST_HZ))
    centres = 700 * (10 ** (np.linspace(low, high, _MELS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(_SIZE, 1 / RATE)[:, None] * tract
    rising = (hertz - centres[:-2]) / (centres[1:-1] - centres[:-2])
    falling = (centres[2:] - hertz) / (centres[2:] - centres[1:-1])
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def _cosines() -> NDArray[np.float32]:
    """Return the discrete cosine transform of _MELS values to CEPSTRA."""
    angles = np.pi / _MELS * (np.arange(_MELS) + 0.5)[:, None] * np.arange(CEPSTRA)
    return np.asarray(np.cos(angles) * np.sqrt(2 / _MELS), np.float32)


_COSINES = _cosines()
