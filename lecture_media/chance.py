"""Chance that is the same on every machine: numbers drawn from SHA-256, seeded by words.

It is no source of secrets, and it does not use hash() or the random module, whose answers differ between processes and versions.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def number_of(*seed: object) -> int:
    """A number of 64 bits that depends on every part of the seed and on nothing else."""
    written = "\x1f".join(str(part) for part in seed)
    return int.from_bytes(hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()[:8], "big")


class Chance:
    """A sequence of draws from one seed."""

    def __init__(self, *seed: object) -> None:
        """Equal seeds give equal draws; the parts are read as their str()."""
        self._seed = number_of(*seed)
        self._drawn = 0

    def draw(self) -> float:
        """The next number of [0, 1)."""
        self._drawn += 1
        return (number_of(self._seed, self._drawn) >> 11) / (1 << 53)

    def between(self, low: float, high: float) -> float:
        """The next number of [low, high)."""
        return low + (high - low) * self.draw()

    def choose(self, options: Sequence[T]) -> T:
        """One of the options, which must not be empty."""
        return options[int(self.draw() * len(options))]
