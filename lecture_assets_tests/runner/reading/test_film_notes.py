"""Edits of a real lecture lead to one line each in reports and plans; the shipped examples are said nothing wrong of."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from lecture_assets.cli.arguments import Source
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.lecture_checks import RULES, read_checked
from lecture_assets_tests.intake import samples
from lecture_assets_tests.processes import run_command
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import LECTURE, open_small_lecture
from lecture_assets_tests.servers.homes import home_environ

SPEECH, TEXT = "asset:narration:segment[1]", "text content:narration-text:segment[{}]={}"


def own(node: str, loudness: float) -> Callable[[Path], str]:
    """A recording of one's own with a sine; above 1 it is clipped."""
    return lambda folder: f"media {node}=@{samples.tone(folder / 'own.wav', loudness=loudness)}"


ROWS: dict[str, tuple[Callable[[Path], str], str]] = {
    "recordings_are_loud_enough": (own(SPEECH, 0.005), "a recording is so quiet that noise is heard once amplified (s01 "),
    "recordings_are_not_clipped": (own(SPEECH, 1.4), "a recording is clipped, which is heard as crackling (s01 for "),
    "captions_can_be_read": (own(SPEECH, 0.2), "faster than people read (letters a second: s01 "),
}
"""Silent recordings and music of one's own are refused as such when they are given."""


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS if THOROUGH else list(ROWS)[:1])
def test_an_edit_that_spoils_the_film_is_one_line_of_the_report_and_one_check(tmp_path: Path, name: str) -> None:
    edit, said = ROWS[name]
    with open_small_lecture(tmp_path / "home") as small:
        small.edit(edit(tmp_path))
        report = small.lectures.regenerate(LECTURE)
        assert [sentence for sentence in report["warnings"] if said in sentence] != []
        assert RULES[name](read_checked(small.lectures.context, LECTURE)).faults != ()


@pytest.mark.slow
@pytest.mark.thorough("renders a film")
def test_what_is_wrong_with_a_film_is_said_by_the_export_that_renders_it_and_by_each_run_after(tmp_path: Path) -> None:
    Image.new("RGB", (1280, 720), "black").save(tmp_path / "black.png")
    with open_small_lecture(tmp_path / "home") as small:
        small.edit(f"media asset:image:segment[0]:image[0]=@{tmp_path / 'black.png'}")
        assert not [sentence for sentence in small.lectures.regenerate(LECTURE)["warnings"] if "black" in sentence]
        words = ("export", LECTURE, "--format", "mp4", "--out", str(tmp_path / "rain.mp4"), "--json")
        exported = run_command(*words, environ=home_environ(tmp_path / "home"))
        (said,) = (
            sentence for sentence in json.loads(exported.stdout)["warnings"] if sentence.startswith("the picture is black")
        )
        assert f"note: {said}" in exported.stderr
        assert small.lectures.regenerate(LECTURE)["warnings"].count(said) == 1


def test_texts_that_a_person_wrote_are_measured_against_their_slots_before_anything_is_bought(tmp_path: Path) -> None:
    with open_small_lecture(tmp_path / "home") as small:
        fixed = small.lectures.plan(
            LECTURE, [TEXT.format(0, "Rain."), "set assembly_strategy=fixed-length", "set segment_length=30"]
        )
        assert [w for w in fixed["warnings"] if w.startswith("speech will fill less than 60 % of 1 segment of 30 s (s00 ")] != []
        long = small.lectures.plan(LECTURE, [TEXT.format(slot, "Rain falls on the hills. " * 9) for slot in (0, 1)])
        assert [w for w in long["warnings"] if w.startswith("the narrations take about ")] != []


@pytest.mark.slow
@pytest.mark.thorough("makes and renders the three examples: two minutes")
@pytest.mark.parametrize("example", ["photosynthesis", "tcp-handshake", "water-cycle-video"])
def test_nothing_wrong_is_said_of_the_examples(tmp_path: Path, example: str) -> None:
    """But one thing that is true: notes of 42 s for a film of 30 s are narrated in full."""
    asked = Source(None, example, None).read()
    with Lectures.open(home_environ(tmp_path / "home")) as lectures:
        lectures.create(asked.brief, example)
        report = lectures.regenerate(example)
        timeline = lectures.export(example, tmp_path / "film")
        seen = lectures.film_notes(example, timeline)
    said = [
        sentence for sentence in report["warnings"] if not sentence.startswith("the film lasts 44 s, 45 % longer than the 30 s")
    ]
    assert (said, seen.sentences, seen.is_broken) == ([], [], False)
