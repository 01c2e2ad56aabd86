"""What a segment's clip depends on: its own frames, what they fade over, and the title where it reaches; nothing else."""

from typing import Any

import pytest

from lecture_assets.timeline.segment_frames import SEGMENT_FRAMES_SCHEMA, segment_frames
from lecture_assets_tests.timeline.samples import lecture, music, picture, segment, speech

_WORDS = "One idea a segment, in an order that a listener can follow."


def four(**changes: Any) -> dict[str, Any]:
    """A lecture of four segments with still pictures, the second with other words or of another length if asked."""
    second = changes.pop("second", {})
    given = [{"narration": speech(_WORDS), "pictures": [picture(f"{slot}")], "effect": "none"} for slot in range(4)]
    given[1] |= second
    made = [segment(slot=slot, **one) for slot, one in enumerate(given)]
    return lecture(dict(enumerate(made)), **changes)


def seen(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [segment_frames(made, one["slot"]) for one in made["segments"]]


def test_the_frames_of_a_segment_are_a_timeline_of_one_segment_from_frame_0() -> None:
    made = four()
    second = seen(made)[1]
    assert (second["schema"], second["duration_in_frames"]) == (SEGMENT_FRAMES_SCHEMA, made["segments"][1]["duration_in_frames"])
    assert [one["start_frame"] for one in second["segments"]] == [0]
    assert second["segments"][0]["captions"][0]["start_ms"] < 1000
    assert (second["width"], second["height"]) == (made["width"], made["height"])
    assert "music" not in second
    with pytest.raises(KeyError):
        segment_frames(made, "s07")


def test_a_longer_segment_changes_its_own_frames_and_those_that_fade_over_its_picture_which_has_moved_farther() -> None:
    before, after = seen(four()), seen(four(second={"narration": speech(f"{_WORDS} And then it ends.")}))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, False, True]


def test_another_picture_changes_also_the_frames_that_fade_over_it() -> None:
    before, after = seen(four()), seen(four(second={"pictures": [picture("new")]}))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, False, True]


def test_what_is_only_heard_or_read_changes_no_frame() -> None:
    made = four()
    other = {**made, "music": music(9_000), "segments": [dict(one) for one in made["segments"]]}
    for one in other["segments"]:
        one["narration"] = {**one["narration"], "media": {"sha256": "0" * 64, "media_type": "audio/wav"}}
        one |= {"effect": "fade", "background_music": "loud", "layers": [{**layer, "alt": "a leaf"} for layer in one["layers"]]}
    assert seen(other) == seen(made)


def test_a_segment_in_another_place_has_the_same_frames_but_for_what_is_before_it() -> None:
    made, moved = seen(four(title="Leaves")), seen(four(order=[2, 0, 1, 3], title="Leaves"))
    assert moved[2] == made[1], "it still comes after the same picture"
    assert "under" not in made[0], "the first segment fades over black"
    for frames in (moved[1], made[0]):
        frames |= {"under": None, "title": None}
        frames["segments"][0]["layers"][0]["fade_in_frames"] = 0  # a lecture's first picture is there at once
    assert moved[1] == made[0]


def test_the_title_is_in_the_frames_of_every_segment_that_it_reaches() -> None:
    short = [segment(slot=slot, narration=speech("Yes."), pictures=[picture(f"{slot}")]) for slot in range(4)]
    made = lecture(dict(enumerate(short)), title="Yes")
    begins = [one["start_frame"] for one in made["segments"]]
    titles = [frames["title"] for frames in seen(made)]
    assert [title["type"] for title in titles] == ["title" if at < 96 else "missing" for at in begins]
    assert titles[1]["start_frame"] == -begins[1]


@pytest.mark.parametrize("display", ["soft", "off"])
def test_captions_that_are_not_burned_in_change_no_frame(display: str) -> None:
    style = {"display": display, "place": "top", "size": "large"}
    made = four(caption_style=style)
    first = seen(made)[0]
    assert first["segments"][0]["captions"] == []
    assert "caption_style" not in first
    words = _WORDS.replace("listener", "spectator")
    assert seen(four(caption_style=style, second={"narration": speech(words)})) == seen(made)
    assert seen(four(second={"narration": speech(words)})) != seen(four())


def test_a_layer_that_has_not_faded_in_yet_shows_what_is_under_it() -> None:
    made = four()
    layer = made["segments"][1]["layers"][-1]
    layer["fade_in_frames"] = layer["duration_in_frames"]
    under = seen(made)[2]["under"]
    assert under["layers"][0]["media"] == layer["media"]
    assert under["under"]["layers"][0]["media"] == made["segments"][0]["layers"][-1]["media"]
