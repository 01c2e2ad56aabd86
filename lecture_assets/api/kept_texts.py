"""Texts that many are told, put into words once: the last ones are kept, up to a number of bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

_MOST_BYTES = 8_000_000
"""A text of an event has some hundred bytes; one with the patch of a long timeline may have a million."""


class KeptTexts:
    """The last texts. Of one event loop."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        """most_bytes: of all texts together; a longer one is kept until the next."""
        self._most_bytes, self._bytes = most_bytes, 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return the text that `make` made for this key."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        made = self._kept[key] = make()
        self._bytes += len(made)
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            self._bytes -= len(self._kept.popitem(last=False)[1])
        return made
