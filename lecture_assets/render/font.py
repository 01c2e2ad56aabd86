"""Texts broken into lines that fit a width. Letters and fonts are `typeface.py`'s; nothing is drawn here."""

from collections.abc import Sequence
from dataclasses import replace

from lecture_assets.render.typeface import Typeface
from lecture_assets.timeline.written import cut, spaced
from lecture_media.unspaced import words_of

_SMALLEST = 8
"""Pixels. Only a caption's word of some sixty letters needs this size."""
_CUT_BELOW = 2 / 3
"""A title's word that would make its letters smaller than this share of their size is cut."""


def spaced_words(text: str, language: str) -> list[str]:
    """Return the words of a text, each with the space before it, if it has one."""
    return spaced([word._asdict() for word in words_of(text, language)])


def line_of(words: Sequence[str]) -> str:
    """Return words with their spaces as a line."""
    return "".join(words).lstrip()


def wrapped_words(words: Sequence[str], face: Typeface, width: float) -> list[list[str]]:
    """Break words with their spaces into lines of at most `width` pixels; a wider word gets a line of its own."""
    lines: list[list[str]] = []
    for word in words:
        if lines and face.getlength(line_of([*lines[-1], word])) <= width:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


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
        if _fits(lines, face, width, most_lines) or face.size <= _SMALLEST:
            return face, _balanced(words, face, width, len(lines))
        face = _smaller(face)


def fitted(text: str, face: Typeface, width: float, most_lines: int) -> tuple[Typeface, list[str]]:
    """Return the largest face in which a text fits `most_lines` even lines, with those; a word much wider than a line is cut."""
    full, words = face.size, spaced_words(face.shown(text), face.language)
    while True:
        parts = words if face.size >= full * _CUT_BELOW else _cut(words, face, width)
        lines = wrapped_words(parts, face, width)
        if _fits(lines, face, width, most_lines) or face.size <= _SMALLEST:
            return face, [line_of(line) for line in _balanced(parts, face, width, len(lines))]
        face = _smaller(face)


def _smaller(face: Typeface) -> Typeface:
    return replace(face, size=max(_SMALLEST, face.size * 9 // 10))


def _fits(lines: Sequence[Sequence[str]], face: Typeface, width: float, most_lines: int) -> bool:
    return len(lines) <= most_lines and all(face.getlength(line_of(line)) <= width for line in lines)


def _cut(words: Sequence[str], face: Typeface, width: float) -> list[str]:
    """Cut the words that are wider than a line."""
    parts: list[str] = []
    for word in words:
        count = -(-face.getlength(word.strip()) // (width * 0.9))
        pieces = cut(word.strip(), max(2, int(len(word) // count))) if count > 1 else [(word.strip(), False)]
        parts += [("" if joins or not word.startswith(" ") else " ") + piece for piece, joins in pieces]
    return parts
