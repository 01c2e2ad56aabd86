"""How the words of a caption are written: with or without spaces between them, in parts where one is too long. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from lecture_assets.prose.emoji import SEQUENCES
from lecture_assets.timeline.text_width import width_of
from lecture_media.unspaced import may_break

_SEAMS = "-/._–"
SOFT_HYPHEN = "\u00ad"
_VIRAMA = 9
"""The combining class of marks that join a consonant to the next one."""
_MARKS_OF_LETTER = 4
"""More characters in a column are not looked at."""
_REACH = 16
"""Characters on either side of a place among which an emoji of several is looked for."""


class WordPart(NamedTuple):
    """A part of a word that is longer than a line. is_hyphenated: a hyphen was added at its end."""

    text: str
    no_space_before: bool = False
    is_hyphenated: bool = False


def spaced(words: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the words of a caption, each with the space before it, if it has one: joined they are the caption's text.

    A word that goes on in the next word loses its hyphen.
    """
    ends = [word["text"][:-1] if word.get("hyphenated") else word["text"] for word in words[:-1]]
    return [
        text if place == 0 or word.get("no_space_before", False) else f" {text}"
        for place, (word, text) in enumerate(zip(words, [*ends, *(word["text"] for word in words[-1:])], strict=True))
    ]


def text_of(words: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of words, which may be none."""
    return "".join(spaced(words))


def cut(word: str, longest: int) -> list[WordPart]:
    """Cut a word into even parts of at most `longest` columns, with a hyphen in letters of a script that hyphenates.

    At a soft hyphen, or a hyphen, slash or full stop near the even place, as in addresses of pages, else before a syllable; in
    Chinese and Japanese where a line may end.
    """
    parts: list[WordPart] = []
    rest = word
    while width_of(rest) > longest and len(rest) > 1:
        count = max(2, -(-width_of(rest) // max(1, longest - 1)))
        place = _place(rest, width_of(rest) // count, longest)
        is_hyphenated = _is_hyphened(rest[:place], rest[place])
        parts.append(WordPart(rest[:place].rstrip(SOFT_HYPHEN) + "-" * is_hyphenated, bool(parts), is_hyphenated))
        rest = rest[place:]
    return [*parts, WordPart(rest, bool(parts))]


def _place(text: str, columns: int, longest: int) -> int:
    """Return where to cut off about so many columns, and at most the longest."""
    reached = list(accumulate(map(width_of, text[: longest * _MARKS_OF_LETTER]), initial=0))
    fitting = [place for place, width in enumerate(reached) if 0 < place < len(text) and width < longest]
    places = [place for place in fitting if _may_part(text, place)]
    near = [place for place in places if columns * 2 // 3 <= reached[place] <= columns * 4 // 3]
    for good in (
        [place for place in near if text[place - 1] == SOFT_HYPHEN],
        [place for place in near if text[place - 1] in _SEAMS],
        [place for place in near if reached[place] <= columns + 1 and _is_seam(text, place)],
        [place for place in places if reached[place] <= columns + 1],
        places,
        [place for place in range(1, min(len(text), len(reached))) if width_of(text[place])],
    ):
        if good:
            return min(good, key=lambda place: (abs(reached[place] - columns), place))
    return len(text) - 1


def _may_part(text: str, place: int) -> bool:
    """Whether the letters on both sides may be on two lines: not within joined letters or an emoji, nor before a mark or `ー`."""
    before, after = text[place - 1], text[place]
    is_joined = before in "\u200d\u2060" or unicodedata.combining(before) == _VIRAMA
    if is_joined or not width_of(after) or not may_break(before, after) or after in _SEAMS:
        return False
    first = max(0, place - _REACH)
    return not any(found.start() < place - first < found.end() for found in SEQUENCES.finditer(text[first : place + _REACH]))


def _is_seam(text: str, place: int) -> bool:
    """Whether a syllable may begin there: one consonant before a vowel, two letters from either end."""
    if not 2 <= place <= len(text) - 2 or not text[place - 1 : place + 2].isalpha():  # noqa: PLR2004
        return False
    return not _is_vowel(text[place]) and _is_vowel(text[place + 1])


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter)[0].lower() in "aeiouyаеёиоуыэюяіїєαεηιουω"


def _is_hyphened(before: str, after: str) -> bool:
    """Whether a part ends with a soft hyphen, or between two letters of a script with capitals, which hyphenates."""
    letters = (next((letter for letter in reversed(before) if width_of(letter)), ""), after)
    return before[-1] == SOFT_HYPHEN or all(letter.isalpha() and letter.lower() != letter.upper() for letter in letters)
