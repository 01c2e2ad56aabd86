"""What a value should have been, in words of our own: libraries speak of their classes and types. Pure.

a fault of pydantic ─► found: `202 characters`;  allowed: `at most 200 characters`
a ReadTimeout       ─► `read timeout`
"""

import re
from collections.abc import Mapping
from typing import Any

_KINDS = {
    "string": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "finite": "a number that is not infinite",
    "dict": "an object with keys",
    "mapping": "an object with keys",
    "model": "an object with keys",
    "dataclass": "an object with keys",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen": "a list",
    "iterable": "a list",
    "none": "nothing",
}
"""By the first word of pydantic's types of faults: `string_type`, `int_parsing`, `model_attributes_type`."""
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_LENGTHS = {
    "string_too_long": ("max_length", "at most"),
    "too_long": ("max_length", "at most"),
    "string_too_short": ("min_length", "at least"),
    "too_short": ("min_length", "at least"),
}
_SAID = {
    "literal_error": "one of {expected}",
    "enum": "one of {expected}",
    "value_error": "{error}",
    "assertion_error": "{error}",
    "missing": "a value, which is required",
    "extra_forbidden": "no other keys than the known ones",
    "string_pattern_mismatch": "a text of another form",
    "string_unicode": "whole characters",
    "multiple_of": "a multiple of {multiple_of}",
}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def allowed_by(fault: Mapping[str, Any]) -> str:
    """Return what is allowed where one of pydantic's faults was found."""
    kind, about = str(fault["type"]), fault.get("ctx", {})
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        limit = about[bound]
        return f"{words} {int(limit) if isinstance(limit, float) and limit.is_integer() else limit}"
    if kind in _LENGTHS:
        bound, words = _LENGTHS[kind]
        return f"{words} {_counted(about[bound], fault.get('input'))}"
    said = _SAID.get(kind)
    return said.format(**about) if said else _KINDS.get(kind.partition("_")[0], "another value")


def found_by(fault: Mapping[str, Any]) -> str | None:
    """Return what was found instead, if that is not the value itself."""
    kind, value = str(fault["type"]), fault.get("input")
    if kind == "missing":
        return "nothing"
    if kind == "extra_forbidden":
        return "an unknown key"
    if kind in _LENGTHS and isinstance(value, str | list | tuple | dict):
        return _counted(len(value), value) if value else "an empty text" if isinstance(value, str) else "none"
    return None


def _counted(number: int, value: Any) -> str:
    one, more = ("character", "characters") if isinstance(value, str) else ("entry", "entries")
    return f"{number:,} {one if number == 1 else more}"


def plain_name(error: BaseException) -> str:
    """Return the name of an error in words: `read timeout` for ReadTimeout."""
    return _CAMEL.sub(" ", type(error).__name__).replace("_", " ").strip().lower()
