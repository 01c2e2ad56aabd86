"""A difference makes the second object of the first one, whatever the two are, and is small where little changed."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.store.difference import applied, difference

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0]) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("=-/ab"), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from("=-/ab"), VALUES, max_size=5)


def exactly(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@given(before=OBJECTS, after=OBJECTS)
def test_a_difference_makes_the_second_of_the_first_and_leaves_the_first_as_it_is(before: Any, after: Any) -> None:
    kept = exactly(before)
    assert exactly(applied(before, difference(before, after))) == exactly(after)
    assert exactly(before) == kept


@given(value=OBJECTS)
def test_what_is_equal_differs_in_nothing(value: Any) -> None:
    assert difference(value, json.loads(json.dumps(value))) == {}


def test_one_text_of_many_is_all_that_a_difference_says() -> None:
    before = {"nodes": {f"n{number}": {"pinned": "x" * 300, "base": None} for number in range(99)}, "order": [1, 2]}
    after = {**before, "nodes": {**before["nodes"], "n7": {"pinned": "new", "base": None}}}  # type: ignore[dict-item]
    assert difference(before, after) == {"/": {"nodes": {"/": {"n7": {"=": {"pinned": "new"}}}}}}
