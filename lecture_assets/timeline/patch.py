"""The difference of two JSON documents as a JSON Patch (RFC 6902), with which a client keeps its timeline current. Pure.

    {"op": "replace", "path": "/segments/2/start_frame", "value": 412}     add · remove · replace

A value is replaced whole where that is shorter than saying what changed in it. Lists of objects that have a `slot` each are
compared by slot, others from both ends: an inserted segment does not change those after it. Numbers and booleans that are equal
in Python (1, 1.0, true) differ here.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NotRequired

from typing_extensions import TypedDict


class PatchOperation(TypedDict):
    """One operation of a JSON Patch: `add`, `remove` or `replace`. value: of `add` and `replace`."""

    op: str
    path: str
    value: NotRequired[Any]


_KEY = "slot"
"""What identifies an object within a list."""


def patch(before: Any, after: Any) -> list[PatchOperation]:
    """Return the operations that turn one document into the other, in order; none if they are equal."""
    return list(_changes("", before, after))


def _changes(path: str, before: Any, after: Any) -> Iterator[PatchOperation]:
    if _is_same(before, after):
        return
    whole: PatchOperation = {"op": "replace", "path": path, "value": after}
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        parts = list(_of_objects(path, before, after))
    elif isinstance(before, list) and isinstance(after, list):
        parts = list(_of_lists(path, before, after))
    else:
        parts = [whole]
    yield from parts if _length(parts) < _length([whole]) else [whole]


def _of_objects(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[PatchOperation]:
    for key in sorted(before.keys() - after.keys()):
        yield {"op": "remove", "path": f"{path}/{_escaped(key)}"}
    for key, value in after.items():
        inner = f"{path}/{_escaped(key)}"
        if key in before:
            yield from _changes(inner, before[key], value)
        else:
            yield {"op": "add", "path": inner, "value": value}


def _of_lists(path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[PatchOperation]:
    """Remove what is gone, the last first; then add and change, the first first, so that each index is already the final one."""
    kept = _by_slot(before, after) if _have_slots(before) and _have_slots(after) else _from_both_ends(before, after)
    for index in sorted(set(range(len(before))) - set(kept.values()), reverse=True):
        yield {"op": "remove", "path": f"{path}/{index}"}
    for index, value in enumerate(after):
        if index in kept:
            yield from _changes(f"{path}/{index}", before[kept[index]], value)
        else:
            yield {"op": "add", "path": f"{path}/{index}", "value": value}


def _by_slot(before: Sequence[Any], after: Sequence[Any]) -> dict[int, int]:
    """Return, by index in `after`, the index in `before` of the most objects whose slots are in both in the same order."""
    places = {item[_KEY]: index for index, item in enumerate(before)}
    common = [index for index, item in enumerate(after) if item[_KEY] in places]
    in_order = _longest_increasing([places[after[index][_KEY]] for index in common])
    return {common[index]: places[after[common[index]][_KEY]] for index in in_order}


def _longest_increasing(numbers: Sequence[int]) -> list[int]:
    """Return the indexes of a longest increasing part of different numbers."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number, key=numbers.__getitem__)
        before[place] = ends[length - 1] if length else None
        ends[length : length + 1] = [place]
    found: list[int] = []
    index = ends[-1] if ends else None
    while index is not None:
        found.append(index)
        index = before[index]
    return found[::-1]


def _from_both_ends(before: Sequence[Any], after: Sequence[Any]) -> dict[int, int]:
    """Return, by index in `after`, the index in `before` to compare with: equal items at both ends, then one after the other."""
    least = min(len(before), len(after))
    head = next((index for index in range(least) if not _is_same(before[index], after[index])), least)
    tail = next((n for n in range(least - head) if not _is_same(before[-1 - n], after[-1 - n])), least - head)
    between = {index: index for index in range(head, least - tail)}
    ends = {len(after) - n: len(before) - n for n in range(1, tail + 1)}
    return {index: index for index in range(head)} | between | ends


def _have_slots(items: Sequence[Any]) -> bool:
    """Whether each is an object with a slot of its own: a timeline's are texts like `s02`."""
    slots = [item.get(_KEY) for item in items if isinstance(item, Mapping)]
    return len(slots) == len(items) and all(isinstance(slot, str) for slot in slots) and len(set(slots)) == len(slots)


def _is_same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other and _written(one) == _written(other)


def _length(operations: Sequence[PatchOperation]) -> int:
    return len(_written(operations))


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _escaped(key: str) -> str:
    """A key as part of a path (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
