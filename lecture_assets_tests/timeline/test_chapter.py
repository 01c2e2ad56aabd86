from typing import Any

from lecture_assets.timeline.chapter import chapters_of, paragraphs_of
from lecture_assets_tests.timeline.samples import lecture, segment, speech


def names(timeline: Any) -> list[str]:
    return [chapter.name for chapter in chapters_of(timeline)]


def test_a_chapter_is_named_by_its_first_sentence_and_the_first_one_by_the_title() -> None:
    said = ["The oldest clock is the sky. It turns.", "A water clock works in the dark, at night and in rain too. Why?"]
    timeline = lecture({slot: segment(slot=slot, narration=speech(text)) for slot, text in enumerate(["Hello.", *said])})
    assert names(timeline) == [
        "How plants eat light",
        "The oldest clock is the sky.",
        "A water clock works in the dark, at night and in rain too.",
    ]


def test_a_long_sentence_ends_after_a_word() -> None:
    timeline = lecture(
        {0: segment(narration=speech("With the energy stored from the light, the plant joins carbon dioxide."))}, title=None
    )
    assert names(timeline) == ["With the energy stored from the light, the plant joins…"]


def test_chapters_have_the_places_of_segments_and_a_number_where_nothing_is_said() -> None:
    timeline = lecture({0: segment(narration=None), 1: segment(slot=1, narration=None)}, title=None)
    assert names(timeline) == ["1", "2"]
    places = [(part["start_frame"], part["duration_in_frames"]) for part in timeline["segments"]]
    assert [(chapter.start_frame, chapter.duration_in_frames) for chapter in chapters_of(timeline)] == places


def test_words_written_without_a_space_before_them_are_joined() -> None:
    timeline: Any = lecture({0: segment(narration=speech("光合 作用。"))}, title=None)
    timeline["segments"][0]["captions"][0]["words"][1]["no_space_before"] = True
    assert names(timeline) == ["光合作用。"]


def test_paragraphs_hold_every_word_once_sentence_by_sentence() -> None:
    timeline = lecture({0: segment(narration=speech("One two. Three!")), 1: segment(slot=1, narration=None)})
    assert [[[word["text"] for word in sentence] for sentence in said] for _, said in paragraphs_of(timeline)] == [
        [["One", "two."], ["Three!"]],
        [],
    ]
