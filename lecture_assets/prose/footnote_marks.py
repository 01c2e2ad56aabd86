"""Superscript digits that mark a footnote instead of a power: years.³, “so”², word¹. They are not spoken."""

import re
from collections.abc import Container

_AFTER_SENTENCE = re.compile(r"[.,;:!?…”’»\"'“。」]$")
_WORD = re.compile(r"(?<![\w^/])[^\W\d_][^\W\d_A-Z]{2,}(?P<bracket>[)\]]?)$")
"""An ordinary word: three letters or more, without capitals inside."""
_FUNCTIONS = re.compile(r"(?:arc)?(?:sin|cos|tan|cot)h?|sec|csc|log|exp|lim|max|min|sup|inf|det|grad|rot|div")
_FIGURES = re.compile(r"[1-9]\d?")
_POWERS = frozenset({"2", "3"})


def is_footnote_mark(before: str, figures: str, units: Container[str]) -> bool:
    """Whether superscript digits after `before` mark a footnote.

    units: units, which look like words: mol², bar²
    """
    if not _FIGURES.fullmatch(figures):
        return False
    if _AFTER_SENTENCE.search(before):
        return any(letter.isalnum() for letter in before)
    found = _WORD.search(before)
    if not found or _FUNCTIONS.fullmatch(found[0]) or found[0] in units:
        return False
    return not (found["bracket"] and figures in _POWERS)
