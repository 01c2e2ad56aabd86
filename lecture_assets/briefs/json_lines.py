"""On which line of a JSON text a value is. For messages: the text was read before, and is valid JSON."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from json.decoder import scanstring  # type: ignore[attr-defined]

from lecture_assets.graph.errors import Fault

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def with_lines(faults: Iterable[Fault], text: str) -> list[Fault]:
    """Return the faults of a JSON document with the lines of their places, like `segments.0.recording`, in its text."""
    return [
        replace(fault, line=line_of(text, [int(p) if p.isdigit() else p for p in fault.where.split(".")])) for fault in faults
    ]


def line_of(text: str, place: Sequence[str | int]) -> int | None:
    """Return the line, from 1, of the value at a place of keys and indices, or of the innermost part that is there."""
    try:
        at = _space(text, 1 if text.startswith("\ufeff") else 0)
        for part in place:
            inner = _of_key(text, at, part) if isinstance(part, str) else _of_index(text, at, part)
            if inner is None:
                break
            at = inner
    except (ValueError, RecursionError, IndexError):
        return None
    return text.count("\n", 0, at) + 1


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _of_key(text: str, at: int, key: str) -> int | None:
    """Return where the value of a key begins: the last one of that name, as it is the one that counts."""
    found, at = None, _space(text, at + 1) if text[at] == "{" else len(text)
    while text[at : at + 1] == '"':
        name, at = scanstring(text, at + 1)
        at = _space(text, _space(text, at) + 1)
        found = at if name == key else found
        _, at = _DECODER.raw_decode(text, at)
        at = _space(text, at)
        at = _space(text, at + 1) if text[at] == "," else len(text)
    return found


def _of_index(text: str, at: int, index: int) -> int | None:
    at = _space(text, at + 1) if text[at] == "[" else len(text)
    for number in range(index + 1):
        if at >= len(text) or text[at] == "]":
            return None
        if number == index:
            return at
        _, at = _DECODER.raw_decode(text, at)
        at = _space(text, at)
        at = _space(text, at + 1) if text[at] == "," else len(text)
    return None
