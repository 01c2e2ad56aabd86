"""What a node is made from, as one SHA-256. A fingerprint is a storage format: its digests are pinned in the tests.

Canonical JSON is RFC 8785, which writes `1.0` as `1`; a float is therefore tagged first, so that 1, "1", 1.0 and true differ.
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
    """RFC 8785 bytes: keys sorted by UTF-16, no space, one spelling a value.

    Raises ValueError for a NaN or an infinity, an integer beyond ±2^53, or text that is not Unicode (a lone surrogate).
    """
    return rfc8785.dumps(_tag_floats(value))


def digest(value: Json) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits: a node's version, or the fingerprint of a recipe."""
    return hashlib.sha256(canonical(value)).hexdigest()


def same_recipe(recipe: Recipe, written: str) -> bool:
    """Whether a recipe is the one that canonical JSON was written of.

    The quick comparison can only say yes where it is true: equal JSON text without a tag is equal JSON. (It takes a quarter of
    the time of a digest: 5 µs against 20; a lecture of 99 × 4 compares 1,889.)
    """
    quick = '"$' not in written and _QUICK(recipe) == written
    return quick or canonical(recipe) == written.encode()


_QUICK = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _tag_floats(value: Json) -> Json:
    """Floats as `{"$float": "1.0"}`; a person's own key `$…` gets one more `$`, so that nothing else reads like a tag."""
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
