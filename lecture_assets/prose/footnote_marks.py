"""Raised figures that are no power but the mark of a footnote: years.³, “so”², word¹. Nobody says them."""

import re
from collections.abc import Container

_AFTER_SENTENCE = re.compile(r"[.,;:!?…”’»\"'“。」]$")
_WORD = re.compile(r"(?<![\w^/])[^\W\d_][^\W\d_A-Z]{2,}(?P<bracket>[)\]]?)$")
"""An ordinary word: three letters or more, no capitals within it."""
_FUNCTIONS = re.compile(r"(?:arc)?(?:sin|cos|tan|cot)h?|sec|csc|log|exp|lim|max|min|sup|inf|det|grad|rot|div")
_FIGURES = re.compile(r"[1-9]\d?")
_POWERS = frozenset({"2", "3"})


def is_footnote_mark(before: str, figures: str, units: Container[str]) -> bool:
    """Whether raised figures behind `before` are the mark of a footnote.

    units: what is a unit rather than a word: mol², bar².
    """
    if not _FIGURES.fullmatch(figures):
        return False
    if _AFTER_SENTENCE.search(before):
        return any(letter.isalnum() for letter in before)
    found = _WORD.search(before)
    if not found or _FUNCTIONS.fullmatch(found[0]) or found[0] in units:
        return False
    return not (found["bracket"] and figures in _POWERS)
