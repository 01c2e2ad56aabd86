"""Applies a JSON Patch strictly as RFC 6902 and 6901 say, as a client's library does. Knows nothing of how patches are made."""

import copy
from typing import Any


def applied(document: Any, operations: Any) -> Any:
    """The patched document; the given one stays as it is."""
    holder = {"": copy.deepcopy(document)}
    for operation in operations:
        _apply(holder, operation)
    return holder[""]


def _apply(holder: dict[str, Any], operation: Any) -> None:
    path = operation["path"]
    assert path == "" or path.startswith("/")
    *parents, last = [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")]
    inner: Any = holder
    for token in parents:
        inner = inner[_index(token, len(inner) - 1) if isinstance(inner, list) else token]
    match operation["op"]:
        case "add" if isinstance(inner, list):
            inner.insert(_index(last, len(inner)), operation["value"])
        case "add":
            inner[last] = operation["value"]
        case "replace" if isinstance(inner, list):
            inner[_index(last, len(inner) - 1)] = operation["value"]
        case "replace":
            assert last in inner
            inner[last] = operation["value"]
        case "remove" if isinstance(inner, list):
            del inner[_index(last, len(inner) - 1)]
        case "remove":
            del inner[last]
        case other:
            raise AssertionError(other)


def _index(token: str, most: int) -> int:
    assert token == str(int(token)), token
    assert 0 <= int(token) <= most
    return int(token)
