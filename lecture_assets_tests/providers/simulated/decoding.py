"""Media files as arrays, for tests of their content."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray


def sound(path: Path) -> tuple[NDArray[np.float64], int]:
    """Samples from -1 to 1, shape (channels, samples), and their rate in Hz."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        planar = av.AudioResampler("fltp", stream.layout, stream.rate)
        frames = [part.to_ndarray() for frame in container.decode(stream) for part in planar.resample(frame)]
        return np.concatenate(frames, axis=1).astype(np.float64), stream.rate


def film(path: Path) -> NDArray[np.uint8]:
    """Every frame's luma, shape (frames, height, width)."""
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format="gray") for frame in container.decode(video=0)])


def decibels(signal: NDArray[np.float64]) -> float:
    """Loudness relative to full scale."""
    return float(20 * np.log10(max(np.sqrt((signal**2).mean()), 1e-9)))
