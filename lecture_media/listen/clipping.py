"""For how long a sound is clipped: louder than its recorder could hold, so that its peaks are flat. Works on frames of samples.

A sound touches its own peak for a sample or two; one that was clipped stays there, also when it was made softer later. MP3, Opus
and, most of all, AAC round flat peaks, and make some louder than full scale, which are found.
"""

import av
import numpy as np
import numpy.typing as npt

_FULL = 32_768
"""Full scale: samples are compared as 16 bits hold them."""
_FLAT = 4
"""Samples of a flat peak. At 48 kHz, a sine of 100 Hz has three within one level at its top."""
_LEAST = _FULL // 2
"""What peaks lower than half of full scale was not clipped where people record."""
_NEAR = 2
"""Levels by which flat peaks of one recording differ: those below and above zero, and rounding."""
_STEP_MS = 10


class ClippingMeter:
    """Measures a sound given in frames as they were stored: at another rate, flat peaks are flat no more."""

    def __init__(self) -> None:
        """Nothing heard yet."""
        self._plain = av.AudioResampler(format="fltp")
        self._samples = 0
        self._peak = 0
        self._flat: dict[int, int] = {}

    def add(self, frame: av.AudioFrame) -> None:
        """Hear the next frame."""
        for plain in self._plain.resample(frame):
            levels = np.abs(np.rint(plain.to_ndarray() * _FULL))
            self._peak = max(self._peak, min(_FULL, int(levels.max(initial=0))))
            for places, found in map(_flat_peaks, levels):
                steps = (self._samples + places) * (1000 // _STEP_MS) // plain.sample_rate
                for step, level in zip(steps.tolist(), found.tolist(), strict=True):
                    self._flat[step] = max(level, self._flat.get(step, 0))
            self._samples += plain.samples

    def milliseconds(self) -> int:
        """Return the time in which the sound is clipped, in steps of 10 ms."""
        return _STEP_MS * sum(level >= self._peak - _NEAR for level in self._flat.values())


def _flat_peaks(levels: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """Return where samples stay at one high level, or are louder than full scale, and their levels."""
    is_flat = np.zeros(len(levels), bool)
    if len(levels) >= _FLAT:
        same = np.abs(np.diff(levels)) <= 1
        is_flat[: -_FLAT + 1] = np.lib.stride_tricks.sliding_window_view(same, _FLAT - 1).all(axis=1)
    places = np.flatnonzero((is_flat & (levels >= _LEAST)) | (levels > _FULL))
    return places, levels[places]
