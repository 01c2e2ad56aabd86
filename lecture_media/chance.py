"""Pseudo-random numbers that are the same on every machine: drawn from SHA-256, seeded by words.

Not for secrets. hash() and the random module are avoided, since their results differ between processes and versions.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def number_of(*seed: object) -> int:
    """Return a 64-bit number that depends on every part of the seed and on nothing else."""
    written = "\x1f".join(str(part) for part in seed)
    return int.from_bytes(hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()[:8], "big")


class Chance:
    """A sequence of draws from one seed."""

    def __init__(self, *seed: object) -> None:
        """Equal seeds give equal draws; each part is converted by str()."""
        self._seed = number_of(*seed)
        self._drawn = 0

    def draw(self) -> float:
        """Return the next number in [0, 1)."""
        self._drawn += 1
        return (number_of(self._seed, self._drawn) >> 11) / (1 << 53)

    def between(self, low: float, high: float) -> float:
        """Return the next number in [low, high)."""
        return low + (high - low) * self.draw()

    def choose(self, options: Sequence[T]) -> T:
        """Return one of the options, which must not be empty."""
        return options[int(self.draw() * len(options))]
