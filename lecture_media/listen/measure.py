"""What is stored of a recording or of a piece of music, so that whoever plays it need not listen to it first."""

from pathlib import Path

import numpy as np

from lecture_media.listen.clipping import ClippingMeter
from lecture_media.listen.decode import RATE, blocks
from lecture_media.listen.loudness import Meter, averaged, lufs

_SECOND = 10
"""Steps of a second: a join is heard as long as that."""
_MOMENT = 4
"""Steps of 400 ms."""
_FADED_LU, _DIPPED_LU = 3.0, 5.0
"""A second this far below the whole belongs to a fade, or to a pause; so does one with a moment so far below."""
_SEARCHED = 200
"""Both ends are looked for within twenty seconds."""
_EVEN_LU = 1.5
"""How far the levels of both ends may differ: half of what an ear notices in music (3 dB)."""


def measure(path: Path) -> dict[str, int]:
    """Return the measures of a file. FFmpegError, ValueError or IndexError if it cannot be decoded."""
    meter, clipping = Meter(), ClippingMeter()
    for block in blocks(path, clipping.add):
        meter.add(block)
    return measures(meter, clipping)


def measures(meter: Meter, clipping: ClippingMeter) -> dict[str, int]:
    """Return what the meters heard.

    loudness_millibel: integrated loudness, in hundredths of LUFS; -7000 for silence
    loudest_millibel:  the same of the loudest three seconds
    steady_from_ms, steady_to_ms: what lies between the fades at both ends, for a piece that is played again and again; the first
                       second and the last one of it are equally loud
    clipped_ms:        for how long peaks are flat; left out if never
    """
    start, end = steady(meter)
    return {
        "loudness_millibel": round(100 * meter.loudness()),
        "loudest_millibel": round(100 * meter.loudest()),
        "steady_from_ms": start,
        "steady_to_ms": end,
        **({"clipped_ms": clipped} if (clipped := clipping.milliseconds()) else {}),
    }


def steady(meter: Meter) -> tuple[int, int]:
    """Return where the steady part begins and ends, in milliseconds; all of a piece that has none of two seconds."""
    whole = (0, meter.samples * 1000 // RATE)
    powers, loudness = meter.powers(), meter.loudness()
    if len(powers) < 2 * _SECOND:
        return whole
    seconds, moments = lufs(averaged(powers, _SECOND)), lufs(averaged(powers, _MOMENT))
    quietest = np.lib.stride_tricks.sliding_window_view(moments, _SECOND - _MOMENT + 1).min(axis=1)
    loud = np.flatnonzero((seconds >= loudness - _FADED_LU) & (quietest >= loudness - _DIPPED_LU))
    if not loud.size or loud[-1] - loud[0] < _SECOND:
        return whole
    starts = loud[(loud < loud[0] + _SEARCHED) & (loud < (loud[0] + loud[-1]) / 2)]
    ends = loud[(loud > loud[-1] - _SEARCHED) & (loud >= starts[-1] + _SECOND)]
    if not ends.size:
        return whole
    apart = np.abs(seconds[starts][:, None] - seconds[ends][None, :])
    cost = (starts - starts[0])[:, None] + (ends[-1] - ends)[None, :] + np.where(apart <= _EVEN_LU, 0.0, 1e6 * apart)
    first, last = np.unravel_index(int(cost.argmin()), cost.shape)
    return int(starts[first]) * 100, (int(ends[last]) + _SECOND) * 100
