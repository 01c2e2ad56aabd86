"""A patch turns the first document into the second one, whatever the two are, and is small where little changed."""

import copy
import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.timeline.patch import patch
from lecture_assets_tests.timeline.apply_patch import applied

SLOTS = st.sampled_from(["s00", "s01", "s02", "s03", "s04", "s05", 1, None])
"""A slot is a text; whatever else it might be, the patch is right."""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0]) | st.text("~/a", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["", "~", "/", "a", "slot", "~1"]), inner, max_size=4)
        | st.lists(
            st.fixed_dictionaries({"slot": SLOTS, "b": inner}),
            max_size=5,
        )
    ),
    max_leaves=16,
)


def exactly(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def length(value: Any) -> int:
    return len(exactly(value))


@given(before=VALUES, after=VALUES)
def test_a_patch_makes_the_second_document_of_the_first(before: Any, after: Any) -> None:
    kept = exactly(before)
    assert exactly(applied(before, patch(before, after))) == exactly(after)
    assert exactly(before) == kept


@given(value=VALUES)
def test_equal_documents_have_an_empty_patch(value: Any) -> None:
    assert patch(value, json.loads(json.dumps(value))) == []


@given(before=VALUES, after=VALUES)
def test_a_patch_is_at_most_as_long_as_replacing_everything(before: Any, after: Any) -> None:
    assert length(patch(before, after)) <= length([{"op": "replace", "path": "", "value": after}])


def segment(slot: int, words: int = 12) -> dict[str, Any]:
    captions = [{"text": f"word {slot} {number}", "start_ms": 100 * number} for number in range(words)]
    return {"slot": f"s{slot:02}", "position": slot, "start_frame": 150 * slot, "captions": captions, "effect": "none"}


def timeline(order: list[int]) -> dict[str, Any]:
    segments = [segment(slot) | {"position": place} for place, slot in enumerate(order)]
    return {"schema": "lecture-timeline/1", "segments": segments, "music": {"type": "audio"}}


def test_one_changed_frame_is_one_operation() -> None:
    before, after = timeline([0, 1, 2]), timeline([0, 1, 2])
    after["segments"][1]["start_frame"] = 151
    assert patch(before, after) == [{"op": "replace", "path": "/segments/1/start_frame", "value": 151}]


def test_what_a_key_holds_is_escaped_in_a_path() -> None:
    assert patch({"a/b~": 1, "c": 2}, {"a/b~": 2, "c": 2})[0]["path"] in {"/a~1b~0", ""}


def test_an_inserted_segment_does_not_repeat_those_after_it() -> None:
    before, after = timeline([0, 1, 2, 3]), timeline([0, 9, 1, 2, 3])
    operations = patch(before, after)
    assert [one["path"] for one in operations if one["op"] == "add"] == ["/segments/1"]
    assert length(operations) < length(segment(9)) + 4 * 80
    assert applied(before, operations) == after


def test_a_moved_segment_is_the_only_one_that_is_said_again() -> None:
    for order in ([1, 2, 3, 4, 0], [4, 0, 1, 2, 3]):
        before, after = timeline([0, 1, 2, 3, 4]), timeline(order)
        operations = patch(before, after)
        assert sorted(one["op"] for one in operations if one["op"] != "replace") == ["add", "remove"]
        assert applied(before, operations) == after


def test_segments_shuffled_and_changed_at_random() -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    for _ in range(60):
        before = timeline(chance.sample(range(9), chance.randint(0, 9)))
        after = timeline(chance.sample(range(9), chance.randint(0, 9)))
        for changed in after["segments"]:
            changed["captions"] = changed["captions"][: chance.randint(0, 12)]
            if chance.random() < 0.5:
                changed["effect"] = chance.choice(["fade", 1, True, None])
        operations = patch(before, after)
        assert exactly(applied(before, copy.deepcopy(operations))) == exactly(after)


def test_a_shorter_list_without_slots_keeps_both_ends() -> None:
    before = [{"text": f"a word that is long enough {number}"} for number in range(9)]
    assert patch(before, [*before[:3], *before[5:]]) == [{"op": "remove", "path": "/4"}, {"op": "remove", "path": "/3"}]
