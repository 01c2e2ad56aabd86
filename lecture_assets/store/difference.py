"""What differs between two JSON objects, as a third one; and the second one again, from the first and that. Pure.

{"=": {key: value, …}, "-": [key, …], "/": {key: difference, …}}     set · dropped · an object that differs within

Numbers and booleans that Python takes for equal (1, 1.0, true) differ. The order of keys may change; nothing reads it.
"""

from collections.abc import Mapping
from typing import Any

Object = Mapping[str, Any]


def difference(before: Object, after: Object) -> dict[str, Any]:
    """What makes `after` of `before`; empty where they are equal."""
    within = {
        key: inner
        for key in before.keys() & after.keys()
        if _are_objects(before[key], after[key]) and (inner := difference(before[key], after[key]))
    }
    changed = {
        key: value
        for key, value in after.items()
        if key not in before or not (_are_objects(before[key], value) or _are_equal(before[key], value))
    }
    parts = {"=": changed, "-": sorted(before.keys() - after.keys()), "/": within}
    return {name: part for name, part in parts.items() if part}


def applied(before: Object, changes: Object) -> dict[str, Any]:
    """The object that `changes` makes of `before`, which stays as it is."""
    dropped = set(changes.get("-", ()))
    after: dict[str, Any] = {key: value for key, value in before.items() if key not in dropped}
    after.update(changes.get("=", {}))
    after.update({key: applied(before[key], inner) for key, inner in changes.get("/", {}).items()})
    return after


def _are_objects(one: Any, other: Any) -> bool:
    return isinstance(one, Mapping) and isinstance(other, Mapping)


def _are_equal(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, Mapping):
        return not difference(one, other)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_are_equal, one, other))
    return bool(one == other)
