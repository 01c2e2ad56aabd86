"""Text of both directions in one line: the Unicode Bidirectional Algorithm (UAX #9) without explicit embeddings. Pure.

    letters ──► levels: even from left to right, odd from right to left ──► runs of one level, in the order in which they stand

`readable.py` removes embeddings and isolates from all texts, so only the implicit rules are here: W1–W7, N0–N2, I1, I2, L1, L2.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Direction = Literal["ltr", "rtl"]
_NEUTRALS = frozenset({"B", "S", "WS", "ON", "BN", "NSM", "ES", "ET", "CS"})
_PAIRS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "⟨": "⟩",
    "〈": "〉",
    "《": "》",
    "「": "」",
    "『": "』",
    "【": "】",
    "（": "）",
    "⁅": "⁆",
    "⁽": "⁾",
}
_CLOSING = {close: opening for opening, close in _PAIRS.items()}


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring letters of one level. start, end: their place in the text."""

    start: int
    end: int
    direction: Direction


def direction_of_line(text: str, usual: Direction) -> Direction:
    """Return the direction of a line: that of its first letter, or, in a text from right to left, of any letter."""
    strong = [kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}]
    if not strong:
        return usual
    if usual == "rtl":
        return "rtl" if any(kind != "L" for kind in strong) else "ltr"
    return "ltr" if strong[0] == "L" else "rtl"


def runs_of(text: str, direction: Direction) -> list[Run]:
    """Return the runs of a line, from the leftmost to the rightmost (rules L1 and L2)."""
    levels = levels_of(text, direction)
    runs: list[tuple[int, int, int]] = []
    for level, places in groupby(range(len(text)), levels.__getitem__):
        run = list(places)
        runs.append((level, run[0], run[-1] + 1))
    for least in range(max(levels, default=0), 0, -1):
        runs = list(_turned(runs, least))
    return [Run(start, end, "rtl" if level % 2 else "ltr") for level, start, end in runs]


def _turned(runs: Sequence[tuple[int, int, int]], least: int) -> Iterator[tuple[int, int, int]]:
    """Reverse every sequence of runs of a level or more."""
    for is_high, group in groupby(runs, lambda run: run[0] >= least):
        part = list(group)
        yield from reversed(part) if is_high else part


def levels_of(text: str, direction: Direction) -> list[int]:
    """Return the embedding level of each letter of a line."""
    base = 1 if direction == "rtl" else 0
    edge = "R" if base else "L"
    kinds = [unicodedata.bidirectional(letter) or "L" for letter in text]
    original = list(kinds)
    _weak(kinds, edge)
    _brackets(text, kinds, edge, original)
    _neutral(kinds, edge)
    levels = [_level(kind, base) for kind in kinds]
    place = len(text)
    while place and original[place - 1] in {"WS", "BN", "S", "B"}:
        place -= 1
        levels[place] = base
    return [base if original[place] in {"S", "B"} else level for place, level in enumerate(levels)]


def _level(kind: str, base: int) -> int:
    """Rules I1 and I2."""
    if base:
        return 1 if kind == "R" else 2
    return {"L": 0, "R": 1}.get(kind, 2)


def _weak(kinds: list[str], edge: str) -> None:
    """Rules W1 to W7, in place: marks take the kind of their letter, signs beside numbers become part of them."""
    before, strong = edge, edge
    for i, kind in enumerate(kinds):
        if kind in {"NSM", "BN"}:
            kinds[i] = before if kind == "NSM" else kind
        elif kind == "EN" and strong == "AL":
            kinds[i] = "AN"
        if kinds[i] in {"L", "R", "AL"}:
            strong = kinds[i]
        before = kinds[i] if kinds[i] != "BN" else before
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for i in range(1, len(kinds) - 1):
        left, kind, right = kinds[i - 1 : i + 2]
        if left == right and ((kind == "CS" and left in {"EN", "AN"}) or (kind == "ES" and left == "EN")):
            kinds[i] = left
    _terminators(kinds)
    kinds[:] = ["ON" if kind in {"ES", "ET", "CS"} else kind for kind in kinds]
    strong = edge
    for i, kind in enumerate(kinds):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[i] = "L"


def _terminators(kinds: list[str]) -> None:
    """Rule W5: %, ° and money beside a number belong to it."""
    place = 0
    for kind, group in groupby(list(kinds), lambda kind: kind in {"ET", "BN"}):
        length = len(list(group))
        end = place + length
        beside = {kinds[place - 1] if place else "", kinds[end] if end < len(kinds) else ""}
        if kind and "EN" in beside and "ET" in kinds[place:end]:
            kinds[place:end] = ["EN"] * length
        place = end


def _side(kind: str) -> str:
    """What a kind is beside neutrals: numbers count as from right to left."""
    return "R" if kind in {"R", "EN", "AN"} else kind


def _brackets(text: str, kinds: list[str], edge: str, original: Sequence[str]) -> None:
    """Rule N0: a pair of brackets has the direction of what is in it, or of what is before it."""
    for opening, closing in _bracket_pairs(text, kinds):
        inside = {_side(kind) for kind in kinds[opening + 1 : closing] if kind not in _NEUTRALS}
        if edge in inside:
            found = edge
        elif inside:
            before = next((_side(kind) for kind in reversed(kinds[:opening]) if kind not in _NEUTRALS), edge)
            found = before if before in inside else edge
        else:
            continue
        for place in (opening, closing):
            kinds[place] = found
            following = place + 1
            while following < len(kinds) and original[following] == "NSM":
                kinds[following] = found
                following += 1


def _bracket_pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of matching brackets in order (BD16)."""
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for place, letter in enumerate(text):
        if kinds[place] != "ON":
            continue
        if letter in _PAIRS:
            opened.append((letter, place))
        elif letter in _CLOSING:
            match = next((i for i in range(len(opened) - 1, -1, -1) if opened[i][0] == _CLOSING[letter]), None)
            if match is not None:
                pairs.append((opened[match][1], place))
                del opened[match:]
    return sorted(pairs)


def _neutral(kinds: list[str], edge: str) -> None:
    """Rules N1 and N2: what stands between two letters of one direction has it, anything else the line's."""
    place = 0
    for is_neutral, group in groupby(list(kinds), lambda kind: kind in _NEUTRALS):
        end = place + len(list(group))
        if is_neutral:
            left = _side(kinds[place - 1]) if place else edge
            right = _side(kinds[end]) if end < len(kinds) else edge
            kinds[place:end] = [left if left == right else edge] * (end - place)
        place = end
