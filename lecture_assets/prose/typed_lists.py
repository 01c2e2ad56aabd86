"""Lists that are typed with signs Markdown does not know: • one, – one, a) one, (i) one. Each item is a sentence.

Two lines at least make a list. Lines with a dash that are sentences already are what people say to each other, and stay.
"""

import re
from collections.abc import Callable, Sequence

_BULLET = re.compile(r"(?P<indent>[ \t]*)[•‣◦▪●][ \t]*(?=\S)")
_DASH = re.compile(r"(?P<indent>[ \t]*)[–—][ \t]+(?=\S)")
_LETTERED = re.compile(r"[ \t]*(?:\((?:\d{1,2}|[ivx]{1,4}|[A-Za-z])\)|(?:[ivx]{1,4}|[A-Za-z])\))[ \t]+(?=\S)")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_ENDED = re.compile(r"(?:[.!?…:;。]\W*|\b(?:and|or|und|oder|et|ou|y|o|e|en|of))$")
"""How a line ends that needs no full stop."""
_PATTERNS = (item.pattern.replace("?P<indent>", "?:") for item in (_BULLET, _DASH, _LETTERED))
_TYPED = re.compile("|".join(f"^{pattern}" for pattern in _PATTERNS), re.MULTILINE)
"""Where a line may be an item."""


def with_lists(text: str) -> str:
    """The text with such lists as Markdown's, or, where items have letters, with a full stop behind each."""
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
"""What becomes of the lines of each sort."""
