"""Shown words get the times of what was said for them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.timeline.shown_words import shown_words


def timed(text: str, *times: int) -> list[dict[str, Any]]:
    """Words that begin at these times, and end 10 ms before the next one, or at the last time."""
    words = text.split()
    return [{"text": word, "start_ms": times[n], "end_ms": times[n + 1] - 10} for n, word in enumerate(words)]


def spans(found: list[Any]) -> list[tuple[str, int, int]]:
    return [(word["text"], word["start_ms"], word["end_ms"]) for word in found]


def test_a_word_lasts_as_long_as_all_that_is_said_for_it() -> None:
    said = timed("say ess cue ell now", 0, 100, 200, 300, 400, 500)
    assert spans(shown_words(said, ["say", "SQL", "now"], ["say", "ess cue ell", "now"])) == [
        ("say", 0, 90),
        ("SQL", 100, 390),
        ("now", 400, 490),
    ]


def test_words_that_are_said_together_share_the_time_by_length() -> None:
    said = timed("in noo yawk", 0, 100, 200, 310)
    assert spans(shown_words(said, ["in", "New", "York."], ["in", "noo yawk.", ""])) == [
        ("in", 0, 90),
        ("New", 100, 175),
        ("York.", 175, 300),
    ]


def test_a_voice_that_counts_its_words_otherwise_is_understood_by_letters() -> None:
    said = timed("the ess-cue ell now", 0, 100, 300, 400, 500)
    assert spans(shown_words(said, ["the", "SQL,", "now"], ["the", "ess cue ell,", "now"]))[1] == ("SQL,", 100, 390)
    one = [{"text": "everything", "start_ms": 0, "end_ms": 1_000}]
    assert spans(shown_words(one, ["a", "SQL"], ["a", "ess cue ell"])) == [("a", 0, 100), ("SQL", 100, 1_000)]


def test_without_anything_said_there_is_no_time() -> None:
    assert spans(shown_words([], ["a", "b"], ["", ""])) == [("a", 0, 0), ("b", 0, 0)]


_WORDS = st.lists(st.sampled_from(["a", "bee", "cee dee", "", "…", "naïve"]), min_size=1, max_size=8)


@given(_WORDS, st.lists(st.integers(0, 300), min_size=1, max_size=9))
def test_every_shown_word_has_a_time_in_order_however_the_voice_counts(say: list[str], lengths: list[int]) -> None:
    say = ["first", *say]
    show = [f"word{n}" for n in range(len(say))]
    said, at = [], 0
    for n, length in enumerate(lengths):
        said.append({"text": "x" * (n + 1), "start_ms": at, "end_ms": at + length})
        at += length + 5
    found = spans(shown_words(said, show, say))
    assert [text for text, _, _ in found] == show
    times = [time for _, start, end in found for time in (start, end)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= at
