"""Texts broken into lines that fit a width. Letters and fonts are `typeface.py`'s; nothing is drawn here."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lecture_assets.render.typeface import Typeface
from lecture_assets.timeline.written import SOFT_HYPHEN, WordPart, cut, spaced
from lecture_media.unspaced import may_break, words_of

_SMALLEST = 8
"""Pixels. Only a caption's word of some sixty letters needs this size."""
_CUT_BELOW = 2 / 3
"""A title's word that would make its letters smaller than this share of their size is cut."""
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Room:
    """Where a text is to fit: its width and height in pixels, the height of a row, and the smallest size of letters.

    row: a share of the size of letters
    """

    width: float
    height: float
    row: float
    smallest: int

    def lines(self, face: Typeface) -> int:
        """Return how many lines of a face there is room for."""
        return max(1, int(self.height // face.row(self.row)))


def spaced_words(text: str, language: str) -> list[str]:
    """Return the words of a text, each with the space before it, if it has one."""
    return spaced([word._asdict() for word in words_of(text, language)])


def line_of(words: Sequence[str]) -> str:
    """Return words with their spaces as a line. A soft hyphen at its end is a hyphen, all others are not seen."""
    line = "".join(words).lstrip()
    return line.replace(SOFT_HYPHEN, "") + "-" * line.endswith(SOFT_HYPHEN) if SOFT_HYPHEN in line else line


def wrapped_words(words: Sequence[str], face: Typeface, width: float) -> list[list[str]]:
    """Break words with their spaces into lines of at most `width` pixels; a wider word gets a line of its own."""
    lines: list[list[str]] = []
    for unit in _units(words):
        if lines and face.getlength(line_of([*lines[-1], *unit])) <= width:
            lines[-1] += unit
        else:
            lines.append(unit)
    return lines


def _units(words: Sequence[str]) -> list[list[str]]:
    """Return words with those that belong to the same line: ones that are empty, or may not begin a line."""
    units: list[list[str]] = []
    for word in words:
        before = line_of(units[-1])[-1:] if units else ""
        if units and (not word or not before or (not word.startswith(" ") and not may_break(before, word[0]))):
            units[-1].append(word)
        else:
            units.append([word])
    return units


def wrapped(text: str, face: Typeface, width: float) -> list[str]:
    """Break a text into lines of at most `width` pixels between words."""
    return [line_of(line) for line in wrapped_words(spaced_words(text, face.language), face, width)]


def _balanced(words: Sequence[str], face: Typeface, width: float, count: int) -> list[list[str]]:
    """Break into the same number of lines, with the widest as narrow as possible, so that no last line holds a single word."""
    narrow = 0.0
    while width - narrow > max(1, face.size / 4):
        middle = (narrow + width) / 2
        narrow, width = (narrow, middle) if len(wrapped_words(words, face, middle)) <= count else (middle, width)
    return wrapped_words(words, face, width)


def fitted_words(words: Sequence[str], face: Typeface, width: float, most_lines: int) -> tuple[Typeface, list[list[str]]]:
    """Return the largest face up to the given size in which the words fit `most_lines` even lines, with each line's words."""
    while True:
        lines = wrapped_words(words, face, width)
        if (len(lines) <= most_lines and _fits(lines, face, width)) or face.size <= _SMALLEST:
            return face, _balanced(words, face, width, len(lines))
        face = _smaller(face, _SMALLEST)


def fitted(text: str, face: Typeface, room: Room) -> tuple[Typeface, list[str]]:
    """Return the largest face in which a text fits a room, with its even lines; a word much wider than a line is cut.

    A text that does not fit in the smallest letters ends with an ellipsis; they are smaller only for a letter wider than a line.
    """
    words = spaced_words(face.shown(text), face.language)
    small = replace(face, size=round(face.size * _CUT_BELOW))
    is_cut = any(small.getlength(word.strip()) > room.width for word in words)
    while True:
        parts = _cut(words, face, room.width) if is_cut else words
        lines = wrapped_words(parts, face, room.width)
        most = room.lines(face)
        fits = _fits(lines, face, room.width)
        if fits and len(lines) <= most:
            return face, [line_of(line) for line in _balanced(parts, face, room.width, len(lines))]
        if face.size <= room.smallest and (fits or face.size <= _SMALLEST):
            return face, _ended_lines(lines, face, room.width, most)
        face = _smaller(face, room.smallest if face.size > room.smallest else _SMALLEST)


def _ended_lines(lines: Sequence[Sequence[str]], face: Typeface, width: float, most: int) -> list[str]:
    """Return at most so many lines, the last one with an ellipsis if that is not all."""
    if len(lines) <= most:
        return [line_of(line) for line in lines]
    rest = line_of([word for line in lines[most - 1 :] for word in line])
    return [*(line_of(line) for line in lines[: most - 1]), ended(rest, face, width)]


def ended(text: str, face: Typeface, width: float) -> str:
    """Return as much of a text as fits into a width, with an ellipsis if that is not all."""
    if face.getlength(text) <= width:
        return text
    places = [place for place in range(len(text)) if not unicodedata.category(text[place]).startswith("M")]
    least, most = 0, len(places) - 1
    while least < most:
        middle = (least + most + 1) // 2
        fits = face.getlength(text[: places[middle]].rstrip() + _ELLIPSIS) <= width
        least, most = (middle, most) if fits else (least, middle - 1)
    return text[: places[least]].rstrip() + _ELLIPSIS if least else ""


def _smaller(face: Typeface, smallest: int) -> Typeface:
    return replace(face, size=max(smallest, face.size * 9 // 10))


def _fits(lines: Sequence[Sequence[str]], face: Typeface, width: float) -> bool:
    return all(face.getlength(line_of(line)) <= width for line in lines)


def _cut(words: Sequence[str], face: Typeface, width: float) -> list[str]:
    """Cut the words that are wider than a line; a part that goes on has a soft hyphen at its end."""
    return [
        (" " if word.startswith(" ") and not part.no_space_before else "") + _softened(part)
        for word in words
        for part in _parts(word.strip(), face, width)
    ]


def _parts(word: str, face: Typeface, width: float) -> list[WordPart]:
    """Return the largest parts of a word that fit a width, or its letters."""
    columns = max(2, 2 * len(word))
    parts = [WordPart(word)]
    while columns > 1 and any(face.getlength(part.text) > width for part in parts):
        columns = min(columns - 1, columns * 9 // 10)
        parts = cut(word, columns)
    return parts


def _softened(part: WordPart) -> str:
    return part.text[:-1] + SOFT_HYPHEN if part.is_hyphenated else part.text
