"""What a vendor sent, read as JSON: the one place where its bytes become values. Pure.

read_json(bytes) ─► plain values: no deeper than any answer of a vendor's API, finite numbers, whole letters
at(document, "choices", 0, "message") ─► what is there, or None: of whatever form the answer is, nothing is raised
one_object("```json {…} ```") ─► the one object that a model wrote, whatever stands around it
"""

import json
import math
import re
from typing import Any

from lecture_assets.graph.fingerprint import Json

_DEEPEST = 64
"""The deepest answer that is read has 9 levels: a list of predictions whose input is an object of objects."""
_MOST_STARTS = 50
"""Braces from which an object among other words is looked for: prose has few, and each may cost a look at all that follows."""
_LONGEST_NAME = 200
_NAME = re.compile(rf"[A-Za-z0-9._:-]{{1,{_LONGEST_NAME}}}")
_SURROGATE = re.compile("[\ud800-\udfff]")


class UnreadableAnswerError(ValueError):
    """Bytes that are no JSON as vendors send it; the message says why."""


def read_json(content: bytes | str, secret: str = "") -> Json:
    """A document. UnreadableError where it is none, or too deep.

    Half characters (lone surrogates), which no file takes, become U+FFFD, numbers that are none nothing (None); `secret` is
    taken out of every text.
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return _plain(json.loads(text, parse_constant=_nothing, parse_float=_finite), secret, 0)
    except RecursionError:
        raise UnreadableAnswerError(_too_deep()) from None
    except ValueError as error:
        raise UnreadableAnswerError(str(error)[:100]) from None


def at(document: Json, *path: str | int) -> Json:
    """What lies at a path of keys and positions; None where there is nothing, whatever the document is."""
    found: Any = document
    for step in path:
        if isinstance(step, str):
            found = found.get(step) if isinstance(found, dict) else None
        else:
            found = found[step] if isinstance(found, list) and step < len(found) else None
    return found  # type: ignore[no-any-return]


def text_at(document: Json, *path: str | int) -> str:
    """The text at a path; an empty one where there is none."""
    found = at(document, *path)
    return found if isinstance(found, str) else ""


def listed(document: Json, *path: str | int) -> list[Json]:
    """The list at a path; an empty one where there is none."""
    found = at(document, *path)
    return found if isinstance(found, list) else []


def name_of(value: Json) -> str | None:
    """An id as vendors write them; None for anything that could not be part of an address or of a line."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def one_object(text: str) -> Json:
    """The JSON that a model wrote: all of the text, or the one object in it. UnreadableError where there is none, or are more."""
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
    """NaN and infinity, which JSON has not."""


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None
