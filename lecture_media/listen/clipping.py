"""For how long a sound is clipped: louder than its recorder could hold, so that its peaks are flat. Works on frames of samples.

A sound touches its own peak for a sample or two; one that was clipped stays there, also if it was made softer later (but not by
half). MP3, Opus and, most of all, AAC round flat peaks, and make some much louder than full scale, which are found.
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
_OVER = 1.02
"""Of full scale. After MP3, AAC or Opus of 16 to 128 kbit/s, speech that a limiter held at full scale is louder for less than 1.4
percent of its time, speech that was clipped by 6 dB for 1 to 5, by 12 dB for 9 to 24."""
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
        """The highest flat level of each 10 ms that has one."""

    def add(self, frame: av.AudioFrame) -> None:
        """Hear the next frame."""
        is_lossy = frame.format.name == "fltp"  # what decodes MP3, AAC, Opus and Vorbis; a WAV's floats are not planar
        for plain in self._plain.resample(frame):
            levels = np.abs(plain.to_ndarray()) * _FULL
            highest = float(levels.max(initial=0))
            self._peak = max(self._peak, min(_FULL, round(highest)) if is_lossy else round(highest))
            if highest >= _LEAST:
                for channel in np.rint(levels):
                    self._note(_flat_peaks(channel, is_lossy=is_lossy), channel, plain.sample_rate)
            self._samples += plain.samples

    def _note(self, places: npt.NDArray[np.intp], levels: npt.NDArray[np.float32], rate: int) -> None:
        steps, first = np.unique((self._samples + places) * (1000 // _STEP_MS) // rate, return_index=True)
        highest = np.maximum.reduceat(levels[places], first) if len(first) else first
        for step, level in zip(steps.tolist(), highest.tolist(), strict=True):
            self._flat[step] = max(level, self._flat.get(step, 0))

    def milliseconds(self) -> int:
        """Return the time in which the sound is clipped, in steps of 10 ms."""
        return _STEP_MS * sum(level >= self._peak - _NEAR for level in self._flat.values())


def _flat_peaks(levels: npt.NDArray[np.float32], *, is_lossy: bool) -> npt.NDArray[np.intp]:
    """Return where samples stay at one high level, or, encoded with a loss, are much louder than full scale."""
    is_flat = np.zeros(len(levels), bool)
    if len(levels) >= _FLAT:
        same = np.abs(np.diff(levels)) <= 1
        is_flat[: -_FLAT + 1] = same[:-2] & same[1:-1] & same[2:]  # _FLAT samples have three steps between them
    is_clipped = is_flat & (levels >= _LEAST)
    return np.flatnonzero(is_clipped | (levels > _OVER * _FULL) if is_lossy else is_clipped)
