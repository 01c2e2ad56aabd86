from typing import Any

from hypothesis import given

from lecture_assets.timeline.caption import captions_of, ends_clause, ends_sentence, line_length, spoken_words
from lecture_assets_tests.timeline.samples import LANDSCAPE, PORTRAIT, speech, speeches


def lines(text: str, longest: int = 42) -> list[str]:
    spoken = speech(text)
    return [c["text"] for c in captions_of(spoken_words(spoken["words"], 0, spoken["duration_ms"]), longest, 10**6)]


def test_lines_break_at_full_stops_and_commas_and_are_even() -> None:
    text = "Plants make their own food. In the leaf, inside tiny green bodies called chloroplasts, the pigment catches sunlight."
    assert lines(text) == [
        "Plants make their own food.",
        "In the leaf, inside tiny green",
        "bodies called chloroplasts,",
        "the pigment catches sunlight.",
    ]


def test_no_line_is_one_lonely_last_word() -> None:
    assert lines("aaaa bbbb cccc dddd eeee", 20) == ["aaaa bbbb", "cccc dddd eeee"]


def test_a_long_pause_ends_a_line() -> None:
    words = speech("one two")["words"]
    words[1] |= {"start_ms": 2000, "end_ms": 2300}
    first, second = captions_of(spoken_words(words, 0, 3000), 42, 3000)
    assert (first["text"], second["text"]) == ("one", "two")
    assert first["end_offset_ms"] == 320 + 700, "it lingers, and does not stay through the pause"


def test_a_word_longer_than_a_line_stands_alone_and_is_kept_whole() -> None:
    assert lines("see " + "x" * 50 + " now") == ["see", "x" * 50, "now"]


def test_upright_and_square_frames_have_shorter_lines() -> None:
    assert (line_length(LANDSCAPE), line_length(PORTRAIT), line_length((960, 960))) == (42, 28, 28)


def test_quotes_do_not_hide_the_end_of_a_sentence_or_a_clause() -> None:
    assert ends_sentence("hello.”")
    assert ends_clause("hello,’")
    assert not ends_sentence("hello”")


@given(speeches())
def test_captions_say_every_word_once_in_order_within_the_recording(spoken: Any) -> None:
    words = spoken_words(spoken["words"], 200, spoken["duration_ms"])
    captions = captions_of(words, 28, spoken["duration_ms"] + 450)
    assert [w for c in captions for w in c["words"]] == words
    assert all(len(c["text"]) <= 28 or len(c["words"]) == 1 for c in captions)
    times = [t for c in captions for t in (c["offset_ms"], c["end_offset_ms"])]
    assert times == sorted(times)
    assert all(200 <= t <= spoken["duration_ms"] + 450 for t in times)
    assert " ".join(w["text"] for w in words).split() == " ".join(w["text"] for w in spoken["words"]).split()
