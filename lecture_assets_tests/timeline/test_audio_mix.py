"""What the sound of a film depends on: an edit that is only seen leaves it as it is."""

from typing import Any

import pytest

from lecture_assets.timeline.audio_mix import audio_mix
from lecture_assets_tests.timeline.samples import lecture, measures, picture, segment, speech

_SAID = speech("All bees dance.") | {"measured": measures(-2000)}


def made(**changes: Any) -> dict[str, Any]:
    own = {"narration": _SAID, "pictures": [picture("a")]} | changes
    return lecture({0: segment(**own), 1: segment(slot=1, narration=_SAID)})


@pytest.mark.parametrize(
    "seen",
    [{"pictures": [picture("b")]}, {"effect": "pan-left"}, {"narration": _SAID | {"words": speech("All wasps fly.")["words"]}}],
)
def test_what_is_only_seen_or_read_changes_nothing(seen: dict[str, Any]) -> None:
    assert made(**seen) != made()
    assert audio_mix(made(**seen)) == audio_mix(made())


@pytest.mark.parametrize(
    "heard",
    [
        {"narration": _SAID | {"sha256": "1" * 64}},
        {"narration": _SAID | {"duration_ms": _SAID["duration_ms"] + 500}},
        {"narration": _SAID | {"measured": measures(-2500)}},
        {"narration": None},
    ],
)
def test_another_recording_length_or_gain_changes_it(heard: dict[str, Any]) -> None:
    assert audio_mix(made(**heard)) != audio_mix(made())


def test_it_has_all_that_a_mixer_reads() -> None:
    mix = audio_mix(made())
    assert (mix["fps"], mix["duration_in_frames"]) == (30, made()["duration_in_frames"])
    assert [one["narration"]["start_ms"] for one in mix["segments"]] == [
        one["narration"]["start_ms"] for one in made()["segments"]
    ]
    assert mix["music"] == made()["music"]
