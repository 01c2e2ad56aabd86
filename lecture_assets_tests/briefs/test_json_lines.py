"""Faults of an import name the line of the value."""

import json
from pathlib import Path

import pytest

from lecture_assets.briefs.adopted import read_adopted
from lecture_assets.briefs.json_lines import line_of
from lecture_assets.graph.errors import WrongInputError

TEXT = """{
  "schema": "lecture-import/1", "title": "old",
  "title": "Rain",
  "brief": {"duration": 1},
  "segments": [
    {"narration": "It \\"rains\\".", "images": []},

    {"narration": "It snows.",
     "images": [{"file": "a.png"},
                {"file": "../b.png"}]}
  ]
}"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (["schema"], 2),
        (["title"], 3),
        (["brief", "duration"], 4),
        (["segments"], 5),
        (["segments", 0], 6),
        (["segments", 1, "narration"], 8),
        (["segments", 1, "images", 1, "file"], 10),
        (["segments", 1, "recording"], 8),
        (["segments", 7], 5),
        ([], 1),
    ],
)
def test_a_place_has_its_line(place: list[str | int], line: int) -> None:
    assert line_of(TEXT, place) == line_of(f"\ufeff{TEXT}", place) == line


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": "x" * 202}, "title: found 202 characters; allowed: at most 200 characters"),
        ({"title": 3}, "title: found 3; allowed: a text"),
        ({"titel": "Rain"}, "titel: found an unknown key; allowed: a known key; did you mean title?"),
        ({"segments": []}, "segments: found none; allowed: at least 1 entry"),
        ({"segments": {}}, "segments: found a mapping; allowed: a list"),
        ({"segments": [{}]}, "segments.0.narration: found nothing; allowed: a value, which is required"),
        (
            {"segments": [{"narration": "x", "image": []}]},
            "segments.0.image: found an unknown key; allowed: a known key; did you mean",
        ),
        ({"segments": ["x"]}, "segments.0: found 'x'; allowed: an object with keys"),
        (
            {"segments": [{"narration": "x", "effect": "spin"}]},
            "segments.0.effect: found 'spin'; allowed: one of 'none'",
        ),
        ({"schema": "x"}, "schema: found 'x'; allowed: one of 'lecture-import/1'"),
        ({"brief": {"duration": 1}}, "brief.duration: found 1; allowed: a whole number of seconds"),
        ({"brief": []}, "brief: found a list; allowed: an object with keys"),
        (
            {"segments": [{"narration": "x", "recording": "../a.wav"}]},
            "segments.0.recording: found '../a.wav', a path",
        ),
    ],
)
def test_what_is_wrong_with_an_import_has_a_line_and_plain_words(tmp_path: Path, change: dict[str, object], said: str) -> None:
    document = {"schema": "lecture-import/1", "title": "Rain", "segments": [{"narration": "It rains."}], **change}
    file = tmp_path / "old.json"
    file.write_text(json.dumps(document, indent=1))
    with pytest.raises(WrongInputError) as wrong:
        read_adopted(file)
    (fault,) = wrong.value.faults
    assert str(fault).startswith(f"{file}:{fault.line}: {said}")
    assert fault.line is not None
    assert fault.line > 1
