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
_PLANE = 4_000
"""The most frames that are compared with all others: 16 MB, 40 s of speech at full resolution."""
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
    return frames[: pairs * 2].reshape(pairs, 2, -1).mean(axis=1)


def _cheapest(recording: Features, reference: Features, low: Path, width: int) -> tuple[Path, float]:
    """Return the cheapest path where row i has columns low[i] to low[i] + width, and its mean distance."""
    columns = len(reference)
    squares = (reference**2).sum(axis=1)
    own = (recording**2).sum(axis=1)
    costs = np.full(columns + _MOST_AHEAD, np.inf, np.float32)  # of the row before; column j is at j + _MOST_AHEAD
    advance = np.zeros((len(recording), min(width, columns)), np.uint8)
    for row, start in enumerate(low):
        end = min(int(start) + width, columns)
        distance = np.sqrt(np.maximum(squares[start:end] + own[row] - 2 * (reference[start:end] @ recording[row]), 0))
        if row == 0:
            best = (np.cumsum(distance) + distance) * _SKIPPED
        else:
            best = _step(costs[start : end + _MOST_AHEAD], distance, advance[row, : end - start])
            before = int(low[row - 1])
            costs[before + _MOST_AHEAD : start + _MOST_AHEAD] = np.inf
        costs[start + _MOST_AHEAD : end + _MOST_AHEAD] = best
    path = np.empty(len(recording), np.int64)
    column = columns - 1
    for row in range(len(recording) - 1, -1, -1):
        path[row] = column
        column = max(0, column - int(advance[row, min(column - low[row], width - 1)]))
    return path, float(costs[-1]) / len(recording)


def _step(before: NDArray[np.float32], distance: NDArray[np.float32], advance: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the costs of a row, and write how far each of its columns is ahead of the row before.

    before: the costs of the row before, from _MOST_AHEAD columns further left
    """
    best = before[_MOST_AHEAD:] + distance
    passed = distance
    for ahead in range(1, _MOST_AHEAD + 1):
        cost = before[_MOST_AHEAD - ahead : len(before) - ahead] + passed
        cheaper = cost < best
        best = np.where(cheaper, cost, best)
        advance[cheaper] = ahead
        skipped = np.zeros_like(distance)
        skipped[ahead:] = distance[:-ahead] * _SKIPPED if ahead < len(distance) else 0
        passed = passed + skipped
    return best
