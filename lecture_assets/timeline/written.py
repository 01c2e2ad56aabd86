"""How the words of a caption are written: with or without spaces between them, in parts where one is too long. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from lecture_assets.timeline.text_width import width_of

_SEAMS = "-/._–"


def spaced(words: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the words of a caption, each with the space before it, if it has one: joined they are the caption's text."""
    return [
        word["text"] if place == 0 or word.get("no_space_before", False) else f" {word['text']}"
        for place, word in enumerate(words)
    ]


def text_of(words: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of words, which may be none."""
    return "".join(spaced(words))


def cut(word: str, longest: int) -> list[tuple[str, bool]]:
    """Cut a word into even parts of at most `longest` columns: (part, whether it joins the one before), with a hyphen in letters.

    At a hyphen, slash or full stop near the even place, as in addresses of pages.
    """
    wide = width_of(word)
    if wide <= longest:
        return [(word, False)]
    count = -(-wide // (longest - 1))
    parts: list[tuple[str, bool]] = []
    rest = word
    for left in range(count, 1, -1):
        place = _place(rest, width_of(rest) // left)
        hyphen = "-" if _is_hyphened(rest[place - 1], rest[place]) else ""
        parts.append((rest[:place] + hyphen, bool(parts)))
        rest = rest[place:]
    return [*parts, (rest, True)]


def _place(text: str, columns: int) -> int:
    """Return where to cut off about so many columns, before no mark that stands on another letter."""
    even = next(place for place in range(1, len(text) + 1) if width_of(text[:place]) >= columns)
    near = range(max(1, even * 2 // 3), even + 1)
    place = max([place for place in near if text[place - 1] in _SEAMS] or [p for p in near if _is_seam(text, p)] or [even])
    while place < len(text) - 1 and not width_of(text[place]):
        place += 1
    return min(place, len(text) - 1)


def _is_seam(text: str, place: int) -> bool:
    """Whether a syllable may begin there: one consonant before a vowel, two letters from either end."""
    if not 2 <= place <= len(text) - 2 or not text[place - 1 : place + 2].isalpha():  # noqa: PLR2004
        return False
    return not _is_vowel(text[place]) and _is_vowel(text[place + 1])


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter)[0].lower() in "aeiouyаеёиоуыэюяіїєαεηιουω"


def _is_hyphened(before: str, after: str) -> bool:
    """Whether both are letters of a script with capitals, which hyphenates."""
    return all(letter.isalpha() and letter.lower() != letter.upper() for letter in (before, after))
