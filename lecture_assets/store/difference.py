"""The difference between two JSON objects as a third object, and applying it. Pure.

{"=": {key: value, …}, "-": [key, …], "/": {key: difference, …}}     set · dropped · nested difference

Numbers and booleans that are equal in Python (1, 1.0, true) differ here. The order of keys is not kept; nothing depends on it.
"""

from collections.abc import Mapping
from typing import Any

Object = Mapping[str, Any]


def difference(before: Object, after: Object) -> dict[str, Any]:
    """Return the changes that turn `before` into `after`; empty if they are equal."""
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
    """Return `before` with the changes applied; `before` itself is not modified."""
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
