"""Bodies are parsed as Python parses them, up to as many values as are allowed; one with more is not parsed at all."""

import json
from typing import Any

import pytest

from lecture_assets.api.bodies import MOST_VALUES, parsed_json
from lecture_assets.api.cost_limits import TooMuchError

MANY = 10 * MOST_VALUES


@pytest.mark.parametrize(
    "document",
    [
        [1] * MOST_VALUES,
        [[]] * (MOST_VALUES // 2) + [{}] * (MOST_VALUES // 2),
        ["text"] * MOST_VALUES,
        {str(number): "text" for number in range(MOST_VALUES // 2)},
        ["a, b: [c], {d}, \\" * MANY],
        ['"' * MANY, '\\"' * MANY],
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32-be"])
def test_as_many_values_as_are_allowed_are_parsed_whatever_their_texts_hold(document: Any, encoding: str) -> None:
    text = json.dumps(document)
    assert parsed_json(text.encode(encoding)) == parsed_json(text) == document


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([1] * MANY),
        json.dumps([""] * MANY),
        json.dumps([{"a": 1}] * MANY),
        json.dumps({str(number): [] for number in range(MANY)}),
        "[" * MANY,
        "," * MANY,
        '["' + "," * MANY + '",' + "1," * MANY,
    ],
)
def test_many_more_are_refused_even_if_they_are_no_json(text: str) -> None:
    with pytest.raises(TooMuchError, match="more than 20,000 values"):
        parsed_json(text.encode())


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\xff", b"[" * 5_000, b'"' * MANY, b'"' + b"," * MANY])
def test_what_is_no_json_is_an_error(body: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        parsed_json(body)
