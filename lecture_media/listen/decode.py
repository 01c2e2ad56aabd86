"""Decode a sound file in blocks: stereo at 48 kHz, whatever it was.

A mono recording is heard from both sides at 0.707, which keeps its power: as FFmpeg, and so Remotion, mix it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
import numpy.typing as npt

Sound: TypeAlias = npt.NDArray[np.float32]
"""Shape (samples, 2), full scale ±1."""
RATE = 48_000
"""Samples per second, the rate of video sound."""


def blocks(path: Path, hear: Callable[[av.AudioFrame], None] = lambda _: None) -> Iterator[Sound]:
    """Yield all of a file's sound in blocks of the size in which it is stored. FFmpegError or IndexError if it has none.

    hear: is given each frame as it was stored
    """
    resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            hear(frame)
            yield from _samples(resampler.resample(frame))
        yield from _samples(resampler.resample(None))


def _samples(frames: list[av.AudioFrame]) -> Iterator[Sound]:
    for frame in frames:
        yield frame.to_ndarray().reshape(-1, 2).astype(np.float32, copy=False)
