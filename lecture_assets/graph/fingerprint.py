"""Canonical JSON and its SHA-256. Fingerprints are a storage format: tests pin their digests.

RFC 8785 writes `1.0` as `1`, so floats are tagged first; 1, "1", 1.0 and true then differ.
"""

import hashlib
import json
import math
from typing import TypeAlias, cast

import rfc8785

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Recipe: TypeAlias = dict[str, Json]
_TAG = "$float"


def canonical(value: Json) -> bytes:
    """Encode a value as RFC 8785 bytes: keys sorted by UTF-16, no spaces, one spelling per value.

    Raise ValueError for NaN or infinity, an integer beyond ±2^53, or text with a lone surrogate.
    """
    return rfc8785.dumps(_tag_floats(value))


def digest(value: Json) -> str:
    """Return the SHA-256 of the canonical JSON as 64 hexadecimal digits: a node's version, or a recipe's fingerprint."""
    return hashlib.sha256(canonical(value)).hexdigest()


def same_recipe(recipe: Recipe, written: str) -> bool:
    """Compare a recipe with stored canonical JSON.

    The quick comparison has no false positives: equal JSON text without a tag is equal JSON. It takes a quarter of the time of a
    digest (5 µs instead of 20), and a lecture of 99 × 4 compares 1,889 recipes.
    """
    quick = '"$' not in written and _QUICK(recipe) == written
    return quick or canonical(recipe) == written.encode()


_QUICK = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _tag_floats(value: Json) -> Json:
    """Write floats as `{"$float": "1.0"}`. Keys that begin with `$` get another `$`, so that nothing else looks like a tag."""
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is dict:
        mapping = cast("dict[str, Json]", value)
        return {f"${key}" if key.startswith("$") else key: _tag_floats(item) for key, item in mapping.items()}
    if kind is list:
        return [_tag_floats(item) for item in cast("list[Json]", value)]
    if kind is float:
        if not math.isfinite(cast("float", value)):
            message = f"{value!r} cannot be hashed"
            raise ValueError(message)
        return {_TAG: repr(value)}
    return value
