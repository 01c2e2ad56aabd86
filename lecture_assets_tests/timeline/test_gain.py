"""What a film is amplified by for its pauses."""

from typing import Any

import pytest

from lecture_assets.timeline.gain import pauses_gain, spoken_frames
from lecture_assets_tests.timeline.samples import lecture

LOUD = {"loudness_millibel": -1200, "loudest_millibel": -1000}
SILENT = {"loudness_millibel": -7000, "loudest_millibel": -7000}


def film(spoken: list[tuple[int, int]], permille: int = 0, plays: int = 3000) -> dict[str, Any]:
    """100 seconds: narrations from frame to frame, music of one volume during the first frames."""
    narrations = [{"type": "audio", "start_frame": start, "duration_in_frames": end - start} for start, end in spoken]
    envelope = [{"frame": 0, "gain_permille": permille}, {"frame": 3000, "gain_permille": permille}]
    music = {"type": "audio", "parts": [{"start_frame": 0, "duration_in_frames": plays}], "envelope": envelope}
    return {"segments": [{"narration": each} for each in narrations], "duration_in_frames": 3000, "music": music}


def test_frames_of_the_narrations_that_exist() -> None:
    timeline = lecture()
    speech = timeline["segments"][1]["narration"]
    timeline["segments"][0]["narration"]["type"] = "missing"
    assert spoken_frames(timeline["segments"])[0] == (speech["start_frame"], speech["start_frame"] + speech["duration_in_frames"])


def test_a_film_without_speech_stays_as_it_is() -> None:
    assert pauses_gain(film([])) == 0
    assert pauses_gain(film([], 100), LOUD) == 0


def test_speech_from_end_to_end_leaves_nothing_to_amplify() -> None:
    assert pauses_gain(film([(0, 3000)])) == 0


def test_silence_at_both_ends_is_not_counted_but_blocks_that_are_half_speech_are() -> None:
    assert pauses_gain(film([(30, 2970)])) == 0
    assert pauses_gain(film([(30, 60)])) == 150, "a film of one word"


@pytest.mark.parametrize("music", [None, SILENT])
def test_silence_between_two_words_takes_more_the_longer_it_is(music: dict[str, int] | None) -> None:
    films = [film([(at, at + 15) for at in range(0, 3000, every)], 1000) for every in (15, 17, 19, 30)]
    gains = [pauses_gain(each, music) for each in films]
    assert gains == sorted(set(gains))
    assert (gains[0], gains[-1]) == (0, 200)


def test_music_counts_where_it_plays_and_is_not_much_softer_than_speech() -> None:
    said = [(at, at + 90) for at in range(0, 3000, 300)]
    assert pauses_gain(film(said, 1000), LOUD) == 0, "it fills pauses"
    assert pauses_gain(film(said, 250), LOUD) == 200, "never more than this"
    assert pauses_gain(film(said, 50), LOUD) == pauses_gain(film(said)) == 50
    assert pauses_gain(film(said, 250, plays=90), LOUD) == 50
