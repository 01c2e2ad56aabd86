"""How the words of a caption are written: with or without spaces between them, in parts where one is too long. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lecture_assets.prose.emoji import SEQUENCES
from lecture_assets.timeline.text_width import width_of
from lecture_media.unspaced import may_break

_SEAMS = "-/._–"
SOFT_HYPHEN = "\u00ad"
_VIRAMA = 9
"""The combining class of marks that join a consonant to the next one."""
_REACH = 16
"""Characters on either side of a place among which an emoji of several is looked for."""


class Part(NamedTuple):
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


def cut(word: str, longest: int) -> list[Part]:
    """Cut a word into even parts of at most `longest` columns, with a hyphen in letters of a script that hyphenates.

    At a soft hyphen, or a hyphen, slash or full stop near the even place, as in addresses of pages, else before a syllable; in
    Chinese and Japanese where a line may end.
    """
    wide = width_of(word)
    if wide <= longest:
        return [Part(word)]
    count = -(-wide // max(1, longest - 1))
    parts: list[Part] = []
    rest = word
    for left in range(count, 1, -1):
        if len(rest) < 2:  # noqa: PLR2004 - nothing to cut
            break
        place = _place(rest, width_of(rest) // left)
        is_hyphenated = _is_hyphened(rest[:place], rest[place])
        parts.append(Part(rest[:place].rstrip(SOFT_HYPHEN) + "-" * is_hyphenated, bool(parts), is_hyphenated))
        rest = rest[place:]
    return [*parts, Part(rest, bool(parts))]


def _place(text: str, columns: int) -> int:
    """Return where to cut off about so many columns."""
    even = next(place for place in range(1, len(text) + 1) if width_of(text[:place]) >= columns)
    even = min(even, len(text) - 1)
    near = [place for place in range(max(1, even * 2 // 3), even + 1) if _may_part(text, place)]
    for good in (
        [place for place in near if text[place - 1] == SOFT_HYPHEN],
        [place for place in near if text[place - 1] in _SEAMS],
        [place for place in near if _is_seam(text, place)],
        near,
    ):
        if good:
            return good[-1]
    others = (*range(even, 0, -1), *range(even + 1, len(text)))
    return next((place for place in others if _may_part(text, place)), even)


def _may_part(text: str, place: int) -> bool:
    """Whether the letters on both sides may be on two lines: not within joined letters or an emoji, nor before a mark or `ー`."""
    before, after = text[place - 1], text[place]
    is_joined = before in "\u200d\u2060" or unicodedata.combining(before) == _VIRAMA
    if is_joined or not width_of(after) or not may_break(before, after):
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
