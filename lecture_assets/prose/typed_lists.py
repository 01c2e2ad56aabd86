"""Lists typed with signs unknown to Markdown: • one, – one, a) one, (i) one. Each item becomes a sentence.

A list has at least two lines. Lines with a dash that are complete sentences are dialogue and stay unchanged.
"""

import re
from collections.abc import Callable, Sequence

_BULLET = re.compile(r"(?P<indent>[ \t]*)[•‣◦▪●][ \t]*(?=\S)")
_DASH = re.compile(r"(?P<indent>[ \t]*)[–—][ \t]+(?=\S)")
_LETTERED = re.compile(r"[ \t]*(?:\((?:\d{1,2}|[ivx]{1,4}|[A-Za-z])\)|(?:[ivx]{1,4}|[A-Za-z])\))[ \t]+(?=\S)")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_ENDED = re.compile(r"(?:[.!?…:;。]\W*|\b(?:and|or|und|oder|et|ou|y|o|e|en|of))$")
"""Line ends that need no full stop."""
_PATTERNS = (item.pattern.replace("?P<indent>", "?:") for item in (_BULLET, _DASH, _LETTERED))
_TYPED = re.compile("|".join(f"^{pattern}" for pattern in _PATTERNS), re.MULTILINE)
"""Finds lines that may be items."""


def with_lists(text: str) -> str:
    """Rewrite such lists as Markdown; lists with letters keep them and get a full stop after each item."""
    if not _TYPED.search(text) or _FENCE.search(text):
        return text
    return "\n\n".join(_listed(part) for part in text.split("\n\n"))


def _listed(paragraph: str) -> str:
    lines = paragraph.split("\n")
    for item, written in _WRITTEN:
        places = [place for place, line in enumerate(lines) if item.match(line)]
        if len(places) > 1:
            lines = written(lines, places)
    return "\n".join(lines)


def _bullets(lines: Sequence[str], places: Sequence[int]) -> list[str]:
    return [_BULLET.sub(r"\g<indent>- ", line, count=1) if place in places else line for place, line in enumerate(lines)]


def _dashes(lines: Sequence[str], places: Sequence[int]) -> list[str]:
    if all(_ENDED.search(lines[place]) for place in places):
        return list(lines)
    return [_DASH.sub(r"\g<indent>- ", line, count=1) if place in places else line for place, line in enumerate(lines)]


def _lettered(lines: Sequence[str], places: Sequence[int]) -> list[str]:
    ends = {place - 1 for place in places} | {len(lines) - 1}
    return [
        f"{line.rstrip().rstrip(',')}." if place in ends and not _ENDED.search(line) and line.strip() else line
        for place, line in enumerate(lines)
    ]


_WRITTEN: Sequence[tuple[re.Pattern[str], Callable[[Sequence[str], Sequence[int]], list[str]]]] = (
    (_BULLET, _bullets),
    (_DASH, _dashes),
    (_LETTERED, _lettered),
)
"""How the lines of each kind of list are rewritten."""
