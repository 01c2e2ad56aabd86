"""Parse what a vendor sent as JSON: the one place where its bytes become values. Pure.

read_json(bytes) ─► plain values: nested no deeper than any vendor's answer, with finite numbers and whole characters
at(document, "choices", 0, "message") ─► the value there, or None; it never raises, whatever the answer looks like
one_object("```json {…} ```") ─► the one object that a model wrote, whatever surrounds it
"""

import json
import math
import re
from typing import Any

from lecture_assets.graph.fingerprint import Json

_DEEPEST = 64
"""The deepest answer we use has 9 levels: a list of predictions whose input is an object of objects."""
_MOST_STARTS = 50
"""Opening braces at which an object is looked for in other text. Prose has few, and each may cost a scan of all that follows."""
_LONGEST_NAME = 200
_NAME = re.compile(rf"[A-Za-z0-9._:-]{{1,{_LONGEST_NAME}}}")
_SURROGATE = re.compile("[\ud800-\udfff]")


class UnreadableAnswerError(ValueError):
    """Bytes that are not JSON as vendors send it. The message says why."""


def read_json(content: bytes | str, secret: str = "") -> Json:
    """Parse a document. UnreadableAnswerError if it is not JSON, or nested too deep.

    Lone surrogates, which no file can store, become U+FFFD; NaN and infinity become None; `secret` is removed from every string.
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return _plain(json.loads(text, parse_constant=_nothing, parse_float=_finite), secret, 0)
    except RecursionError:
        raise UnreadableAnswerError(_too_deep()) from None
    except ValueError as error:
        raise UnreadableAnswerError(str(error)[:100]) from None


def at(document: Json, *path: str | int) -> Json:
    """Return the value at a path of keys and indices; None if there is none, whatever the document is."""
    found: Any = document
    for step in path:
        if isinstance(step, str):
            found = found.get(step) if isinstance(found, dict) else None
        else:
            found = found[step] if isinstance(found, list) and step < len(found) else None
    return found  # type: ignore[no-any-return]


def text_at(document: Json, *path: str | int) -> str:
    """Return the string at a path; empty if there is none."""
    found = at(document, *path)
    return found if isinstance(found, str) else ""


def listed(document: Json, *path: str | int) -> list[Json]:
    """Return the list at a path; empty if there is none."""
    found = at(document, *path)
    return found if isinstance(found, list) else []


def name_of(value: Json) -> str | None:
    """Return an id if it is one a vendor could have issued; None if it could not safely be part of a URL or a line of text."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def one_object(text: str) -> Json:
    """Parse the JSON that a model wrote: all of the text, or the one object in it. UnreadableAnswerError for none or several."""
    try:
        return read_json(text)
    except UnreadableAnswerError:
        found = _objects(text)
    if len(found) != 1:
        message = f"{len(found)} objects" if found else "no object"
        raise UnreadableAnswerError(message)
    return found[0]


def _objects(text: str) -> list[Json]:
    decoder, found, place = json.JSONDecoder(parse_constant=_nothing, parse_float=_finite), list[Json](), text.find("{")
    for _ in range(_MOST_STARTS):
        if place < 0:
            return found
        try:
            value, end = decoder.raw_decode(text, place)
            found.append(_plain(value, "", 0))
        except RecursionError:
            return []
        except ValueError:
            end = place + 1
        place = text.find("{", end)
    return []


def _plain(value: Any, secret: str, depth: int) -> Json:
    if depth > _DEEPEST:
        raise UnreadableAnswerError(_too_deep())
    if isinstance(value, str):
        whole = _SURROGATE.sub("\ufffd", value)
        return whole.replace(secret, "…") if secret else whole
    if isinstance(value, list):
        return [_plain(part, secret, depth + 1) for part in value]
    if isinstance(value, dict):
        return {_plain(key, secret, depth): _plain(part, secret, depth + 1) for key, part in value.items()}  # type: ignore[misc]
    return value  # type: ignore[no-any-return]


def _too_deep() -> str:
    return f"nested more than {_DEEPEST} times"


def _nothing(_text: str) -> None:
    """Replace NaN and infinity, which JSON does not have."""


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None
