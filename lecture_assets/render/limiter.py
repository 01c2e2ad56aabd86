"""Keeps the peaks of a sound under a ceiling, without clipping. Works on samples that come in blocks.

Peaks are true peaks: between samples, too, by oversampling four times (ITU-R BS.1770-4, annex 2), since a player's converter and
lossy codecs make them audible.

    blocks ──► one second, with what lies around it ──► peak of each millisecond ──► gain: least around, smoothed ──► × ──► blocks
"""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from lecture_media.listen.decode import RATE, Sound

_CELL = RATE // 1000
_REACH = 10
"""The gain begins to fall 10 ms before a peak and is back 10 ms after it, in cells of one."""
_AROUND = (2 * _REACH + 4) * _CELL
"""What a sample's gain depends on, before and after it."""
_AT_ONCE = RATE
_PHASES, _TAPS = 4, 24
_QUIET = 0.5
"""Samples this far below the ceiling have no peak between them that reaches it (6 dB; a sine at a quarter of the rate has 3)."""


def _between() -> npt.NDArray[np.float32]:
    """Filters that say what is a quarter, a half and three quarters after a sample: windowed sines, one row each."""
    places = np.arange(_TAPS) - _TAPS // 2 + 1
    rows = []
    for phase in range(1, _PHASES):
        away = phase / _PHASES - places
        row = np.sinc(away) * np.cos(np.pi * away / (_TAPS + 1)) ** 2
        rows.append(row / row.sum())
    return np.asarray(rows, np.float32)


_BETWEEN = _between()


def true_peaks(sound: Sound, ignored: float = 0.0) -> npt.NDArray[np.float32]:
    """Return the height at each sample or between it and the next, of both channels.

    Runs without a sample above `ignored` are not looked into: they have their samples' height.
    """
    heights = np.abs(sound).max(axis=1, initial=0.0)
    for start in range(0, len(sound), _CELL * 100):
        stop = min(start + _CELL * 100, len(sound))
        if heights[start:stop].max(initial=0.0) <= ignored:
            continue
        around = sound[max(0, start - _TAPS) : stop + _TAPS]
        offset = start - max(0, start - _TAPS)
        for channel in around.T:
            for row in _BETWEEN:
                finer = np.convolve(channel, row[::-1])[_TAPS // 2 :][offset : offset + stop - start]
                np.maximum(heights[start : start + len(finer)], np.abs(finer), out=heights[start : start + len(finer)])
    return np.asarray(heights, np.float32)


def limited(pieces: Iterable[Sound], ceiling: float) -> Iterator[Sound]:
    """Yield the sound in blocks of a second, the last one shorter, with every true peak at `ceiling` (of full scale) or below."""
    waiting, before = np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32)
    for piece in pieces:
        waiting = np.concatenate([waiting, piece])
        while len(waiting) >= _AT_ONCE + _AROUND:
            yield _turned_down(before, waiting[:_AT_ONCE], waiting[_AT_ONCE : _AT_ONCE + _AROUND], ceiling)
            before, waiting = waiting[_AT_ONCE - _AROUND : _AT_ONCE], waiting[_AT_ONCE:]
    for start in range(0, len(waiting), _AT_ONCE):
        end = start + _AT_ONCE
        yield _turned_down(before, waiting[start:end], waiting[end : end + _AROUND], ceiling)
        before = waiting[end - _AROUND : end]


def _turned_down(before: Sound, block: Sound, after: Sound, ceiling: float) -> Sound:
    """Return a block with its peaks turned down. before: nothing, or a whole number of cells."""
    sound = np.concatenate([before, block, after])
    if not len(block) or float(np.abs(sound).max()) <= ceiling * _QUIET:
        return block
    heights = true_peaks(sound, ceiling * _QUIET)
    cells = np.pad(heights, (0, -len(heights) % _CELL)).reshape(-1, _CELL).max(axis=1)
    if float(cells.max()) <= ceiling:
        return block
    wanted = np.minimum(1.0, ceiling / np.maximum(cells, ceiling))
    least = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, _REACH + 1, mode="edge"), 2 * _REACH + 3).min(axis=1)
    window = np.hanning(2 * _REACH + 3)[1:-1]
    smooth = np.convolve(np.pad(least, _REACH, mode="edge"), window / window.sum(), "valid")
    places = np.arange(len(before), len(before) + len(block))
    gain = np.interp(places, (np.arange(len(smooth)) + 0.5) * _CELL, smooth).astype(np.float32)
    return np.asarray(np.clip(block * gain[:, None], -ceiling, ceiling), np.float32)
