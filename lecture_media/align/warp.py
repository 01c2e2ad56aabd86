"""Dynamic time warping: which frame of a reference sounds most like each frame of a recording, in order.

    both halved until they are short ─ the whole plane ─► path ─ doubled, a band around it ─► path ─ … ─► path

Memory and time grow with the length, not with its square: at most PLANE frames are compared with all others.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lecture_media.align.features import Features

Path: TypeAlias = NDArray[np.int64]
"""(frames of the recording,) the reference's frame for each, never falling."""
_PLANE = 2_000
"""The most frames that are compared with all others: 4 MB, 20 s of speech at full resolution."""
_ROWS = 64
"""Frames whose distances are computed at once."""
_REACH = 100
"""Half the width of the band in frames: 1 s at full resolution, twice as much at each step before."""
_MOST_AHEAD = 3
"""The most frames that the reference advances in a frame of the recording."""
_SKIPPED = 0.5
"""What a frame of the reference that is passed over costs, as a share of its distance."""


def warp(recording: Features, reference: Features) -> tuple[Path, float]:
    """Return the path and its mean distance. Both have at least one frame; the path runs from first to last."""
    if len(recording) <= _PLANE:
        low = np.zeros(len(recording), np.int64)
        return _cheapest(recording, reference, low, len(reference))
    rough, _ = warp(halved(recording), halved(reference))
    middle = np.repeat(rough * 2, 2)[: len(recording)]
    if len(middle) < len(recording):
        middle = np.append(middle, len(reference) - 1)
    low = np.clip(middle - _REACH, 0, max(0, len(reference) - 2 * _REACH))
    return _cheapest(recording, reference, low, 2 * _REACH)


def halved(frames: Features) -> Features:
    """Return the means of each two frames; of an odd number, the last is dropped."""
    pairs = len(frames) // 2
    return np.asarray(frames[: pairs * 2].reshape(pairs, 2, -1).mean(axis=1), np.float32)


def _cheapest(recording: Features, reference: Features, low: Path, width: int) -> tuple[Path, float]:
    """Return the cheapest path where row i has columns low[i] to low[i] + width, and its mean distance."""
    columns = len(reference)
    costs = np.full(columns + _MOST_AHEAD, np.inf, np.float32)  # of the row before; column j is at j + _MOST_AHEAD
    advance = np.zeros((len(recording), min(width, columns)), np.uint8)
    for first in range(0, len(recording), _ROWS):
        rows = range(first, min(first + _ROWS, len(recording)))
        left = int(low[first])
        passing = _passing(recording[rows.start : rows.stop], reference[left : int(low[rows[-1]]) + width])
        for row in rows:
            start = int(low[row])
            end = min(start + width, columns)
            distances = [part[row - first, start - left : end - left] for part in passing]
            if row == 0:
                best = (np.cumsum(distances[0]) + distances[0]) * _SKIPPED
            else:
                best = _step(costs[start : end + _MOST_AHEAD], distances, advance[row, : end - start])
                costs[int(low[row - 1]) + _MOST_AHEAD : start + _MOST_AHEAD] = np.inf
            costs[start + _MOST_AHEAD : end + _MOST_AHEAD] = best
    path = np.empty(len(recording), np.int64)
    column = columns - 1
    for row in range(len(recording) - 1, -1, -1):
        path[row] = column
        column = max(0, column - int(advance[row, min(column - low[row], width - 1)]))
    return path, float(costs[-1]) / len(recording)


def _passing(rows: Features, reference: Features) -> list[NDArray[np.float32]]:
    """Return what each column of each row costs if it is 1, 2 or 3 columns ahead: its distance, and a share of those passed."""
    squares = (rows**2).sum(axis=1)[:, None] + (reference**2).sum(axis=1)
    distance = np.sqrt(np.maximum(squares - 2 * (rows @ reference.T), 0))
    costs = [distance]
    for passed in range(1, _MOST_AHEAD):
        cost = costs[-1].copy()
        cost[:, passed:] += distance[:, :-passed] * _SKIPPED
        costs.append(cost)
    return costs


def _step(before: NDArray[np.float32], distances: list[NDArray[np.float32]], advance: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the costs of a row, and write how far each of its columns is ahead of the row before.

    before: the costs of the row before, from _MOST_AHEAD columns further left
    """
    best = before[_MOST_AHEAD:] + distances[0]
    for ahead, distance in enumerate(distances, 1):
        cost = before[_MOST_AHEAD - ahead : len(before) - ahead] + distance
        np.copyto(advance, np.uint8(ahead), where=cost < best)
        np.minimum(best, cost, out=best)
    return best
