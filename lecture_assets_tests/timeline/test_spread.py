"""Words without times share a recording in proportion to their length."""

from typing import Any

from lecture_assets.timeline.spread import spread, with_words

RECORDING: dict[str, Any] = {"sha256": "ab", "media_type": "audio/wav", "duration_ms": 1000, "words": []}


def test_words_follow_each_other_without_gaps_to_the_end() -> None:
    assert spread("A bee hums", 1100) == [
        {"text": "A", "start_ms": 0, "end_ms": 200},
        {"text": "bee", "start_ms": 200, "end_ms": 600},
        {"text": "hums", "start_ms": 600, "end_ms": 1100},
    ]
    assert spread(" \n", 1100) == []


def test_a_recording_gets_the_words_of_the_text_as_shown_and_without_a_text_keeps_its_own() -> None:
    assert [word["text"] for word in with_words(RECORDING, "*Bees* dance.")["words"]] == ["Bees", "dance."]
    assert with_words(RECORDING, None) is RECORDING


def test_words_without_spaces_share_the_time_by_their_letters() -> None:
    words: Any = spread("水从天上来。 好", 1600, "zh")
    assert "".join(word["text"] for word in words) == "水从天上来。好"
    assert [word.get("no_space_before", False) for word in words] == [False, *[True] * (len(words) - 2), False]
    assert (words[0]["start_ms"], words[-1]["end_ms"]) == (0, 1600)


def test_words_that_were_heard_keep_their_times_and_others_share_the_time_between() -> None:
    heard = [
        {"text": "All", "start_ms": 100, "end_ms": 300},
        {"text": "bees", "start_ms": 400, "end_ms": 600},
        {"text": "dance.", "start_ms": 700, "end_ms": 950},
    ]
    recording = {**RECORDING, "heard": heard}
    assert with_words(recording, "All *bees* dance.")["words"] == heard
    edited = with_words(recording, "All wasps do dance.")["words"]
    assert (edited[0], edited[-1]) == (heard[0], heard[2])
    assert [(word["text"], word["start_ms"], word["end_ms"]) for word in edited[1:-1]] == [("wasps", 300, 566), ("do", 566, 700)]
    longer = with_words(recording, "So all bees dance. All")["words"]
    assert [word["text"] for word in longer] == ["So", "all", "bees", "dance.", "All"]
    assert longer[2] == heard[1]
    assert longer[-1] == {"text": "All", "start_ms": 950, "end_ms": 1000}
    assert with_words(recording, "bees")["words"] == [heard[1]]
