"""Three-way merges of texts: both changes are there, or there is no merge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.merge import changed_words, merge_texts

BASE = "The sun warms the sea and water rises. Drops fall on the mountains."
HILLS = BASE.replace("mountains", "hills")


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (BASE, BASE, BASE),
        (BASE.replace("sun", "star"), BASE, BASE.replace("sun", "star")),
        (
            BASE.replace("sun", "star"),
            BASE.replace("mountains", "hills"),
            "The star warms the sea and water rises. Drops fall on the hills.",
        ),
        (BASE.replace("sun", "star"), BASE.replace("sun", "star"), BASE.replace("sun", "star")),
        (BASE.replace("sun", "star"), BASE.replace("sun", "fire"), None),
        (BASE.replace("the sea", "the wide sea"), BASE.replace("the sea", "the blue sea"), None),
        (f"First. {BASE}", f"{BASE} Last.", f"First. {BASE} Last."),
        (
            BASE.replace("The sun ", ""),
            BASE.replace("mountains", "hills"),
            "warms the sea and water rises. Drops fall on the hills.",
        ),
        (BASE.replace("warms the sea", "heats the wide ocean"), BASE.replace("the sea", "the lake"), None),
    ],
)
def test_changes_of_other_words_are_both_made_and_of_the_same_words_none(mine: str, theirs: str, merged: str | None) -> None:
    assert merge_texts(BASE, mine, theirs) == merged
    assert merge_texts(BASE, theirs, mine) == merged


TEXTS = st.lists(st.sampled_from(["sun", "sea", "rain", "wind"]), min_size=1, max_size=12).map(" ".join)


@given(TEXTS, TEXTS)
def test_what_one_alone_changed_is_the_merge(base: str, mine: str) -> None:
    assert merge_texts(base, mine, base) == mine
    assert merge_texts(base, base, mine) == mine
    assert merge_texts(base, mine, mine) == mine


@given(TEXTS, TEXTS, TEXTS)
def test_a_merge_does_not_depend_on_who_is_who(base: str, mine: str, theirs: str) -> None:
    assert merge_texts(base, mine, theirs) == merge_texts(base, theirs, mine)


def test_texts_too_long_to_be_compared_are_not_merged() -> None:
    book = "word " * 5_000
    assert merge_texts(book, book, book) is None
    assert changed_words(book, "word") == [(book, "word")]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("It is nine", "It is ten", [("nine", "ten")]),
        ("It is nine o'clock", "It is ten past", [("nine o'clock", "ten past")]),
        ("The sun warms", "The hot sun warms", [("The sun", "The hot sun")]),
        ("The hot sun warms", "The sun warms", [("The hot sun", "The sun")]),
        ("same", "same", []),
        ("one", "one two", [("one", "one two")]),
    ],
)
def test_the_words_that_changed(before: str, after: str, changed: list[tuple[str, str]]) -> None:
    assert changed_words(before, after) == changed
