"""Word times that a vendor tells are believed where they can be of the recording, and nothing else is."""

from pathlib import Path
from typing import Any

import pytest

from lecture_assets.ports import MediaFile, MediaUrl
from lecture_assets.runner.calls.media_ingest import _vendor_words

DURATION_MS = 1_000
BEES = {"text": "Bees", "start_ms": 0, "end_ms": 400}
DANCE = {"text": "dance.", "start_ms": 400, "end_ms": 900}


def told(words: Any) -> Any:
    return _vendor_words(MediaFile(Path("speech.wav"), "audio/wav", None, words), DURATION_MS)


def nested() -> Any:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    return value


def test_word_times_of_the_recording_are_kept_and_end_with_it() -> None:
    assert told([BEES, DANCE]) == [BEES, DANCE]
    assert told([BEES, DANCE | {"end_ms": 1_020}]) == [BEES, DANCE | {"end_ms": 1_000}]
    assert told([BEES | {"text": "Be\x1bes"}]) == [BEES]


@pytest.mark.parametrize(
    "words",
    [
        None,
        [],
        "Bees dance.",
        {"words": [BEES]},
        [{"text": "Bees"}],
        [BEES | {"start_ms": -1}],
        [BEES | {"start_ms": 1.5}],
        [BEES | {"start_ms": "soon"}],
        [BEES | {"text": 5}],
        [BEES | {"start_ms": 500}],
        [DANCE, BEES],
        [BEES, DANCE | {"start_ms": 300}],
        [DANCE | {"start_ms": 1_000, "end_ms": 1_100}],
    ],
    ids=str,
)
def test_what_cannot_be_word_times_of_it_is_none(words: Any) -> None:
    assert told(words) is None


def test_lists_within_lists_are_none() -> None:
    assert told(nested()) is None


def test_a_url_tells_none() -> None:
    assert _vendor_words(MediaUrl("https://example.com/speech.wav", frozenset()), DURATION_MS) is None
