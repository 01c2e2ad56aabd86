"""The width of text in columns: as many as a terminal would use. Pure."""

import unicodedata

_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})


def width_of(text: str) -> int:
    """Return the columns of a text: 2 for a full-width letter, 0 for a mark above or below another, else 1."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
