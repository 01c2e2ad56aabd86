"""Three-way merge of texts, word by word: combines a person's changes and a model's changes to the same text."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

_WORDS = re.compile(r"\S+|\s+")
_MOST = 4_000
"""The most words and spaces compared; beyond it, texts that repeat one word take seconds."""

_Change: TypeAlias = tuple[int, int, tuple[str, ...]]
"""Start and end in the base text, and the replacement."""


def merge_texts(base: str, mine: str, theirs: str) -> str | None:
    """Apply both sets of changes to `base`. Return None if they change the same words or the texts are too long to compare."""
    words, own, other = (_WORDS.findall(text) for text in (base, mine, theirs))
    if max(len(words), len(own), len(other)) > _MOST:
        return None
    ours, others = set(_changes(words, own)), set(_changes(words, other))
    if any(_touch(one, another) for one in ours - others for another in others - ours):
        return None
    for start, end, instead in sorted(ours | others, reverse=True):
        words[start:end] = instead
    return "".join(words)


def changed_words(before: str, after: str) -> list[tuple[str, str]]:
    """Return the parts of a text that changed, as (before, after); the whole texts if they are too long to compare.

    A part in which words were only added or removed includes the neighbouring words.
    """
    words, now = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(words), len(now)) > _MOST:
        return [(before, after)]
    parts = []
    for start, end, instead in _changes(words, now):
        old, new = "".join(words[start:end]), "".join(instead)
        if not old.strip() or not new.strip():
            left, right = "".join(words[max(start - 2, 0) : start]), "".join(words[end : end + 2])
            old, new = left + old + right, left + new + right
        parts.append((old.strip(), new.strip()))
    return parts


def _changes(before: Sequence[str], after: Sequence[str]) -> list[_Change]:
    """Return the changes. Two changes separated by a single space are joined, so that a rewritten sentence is one change."""
    changes: list[_Change] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if changes and i1 - changes[-1][1] == 1 and before[i1 - 1].isspace():
            start, _, instead = changes.pop()
            changes.append((start, i2, (*instead, before[i1 - 1], *after[j1:j2])))
        else:
            changes.append((i1, i2, tuple(after[j1:j2])))
    return changes


def _touch(one: _Change, other: _Change) -> bool:
    """Whether two changes affect the same or neighbouring words."""
    return one[0] <= other[1] + 1 and other[0] <= one[1] + 1
