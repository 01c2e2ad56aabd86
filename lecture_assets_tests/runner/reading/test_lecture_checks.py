"""A finished lecture passes every check; each thing that can be wrong with it fails exactly one, in a sentence with a remedy."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.lecture_checks import RULES, TIMELINE, CheckFinding, read_checked
from lecture_assets.store import records
from lecture_assets.store.schema import takes
from lecture_assets.timeline import film_checks, film_file_checks
from lecture_assets_tests.intake import samples
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE, SmallLecture, open_small_lecture
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures
from lecture_assets_tests.servers.homes import copy_home
from lecture_assets_tests.store.media_folder import folder_of

IMAGE = "asset:image:segment[0]:image[0]"
NARRATION = "asset:narration:segment[1]"
OF_MEDIA = {name: rule for name, rule in RULES.items() if name not in {**film_checks.RULES, **film_file_checks.RULES}}
"""Rules that look at files and at the ledger; `test_film_notes.py` has those on the film."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a finished lecture, which tests copy."""
    home = tmp_path_factory.mktemp("made") / "home"
    with open_small_lecture(home) as small_lecture:
        small_lecture.regenerate()
    return home


@pytest.fixture
def small(made: Path, tmp_path: Path) -> Iterator[SmallLecture]:
    copy_home(made, tmp_path / "home")
    with open_small_lecture(tmp_path / "home") as small_lecture:
        yield small_lecture


def findings(lectures: Lectures) -> dict[str, CheckFinding]:
    checked = read_checked(lectures.context, LECTURE)
    return {name: rule(checked) for name, rule in OF_MEDIA.items()}


def faults(lectures: Lectures) -> dict[str, tuple[str, ...]]:
    """What is wrong, by check."""
    return {name: finding.faults for name, finding in findings(lectures).items() if finding.faults}


def only_fault(small: SmallLecture, check: str) -> str:
    """The one sentence of the one check that fails."""
    found = faults(small.lectures)
    assert list(found) == [check], found
    (sentence,) = found[check]
    return sentence


@pytest.mark.slow
def test_a_finished_lecture_passes_and_the_figures_are_those_of_its_media(small: SmallLecture) -> None:
    found = findings(small.lectures)
    assert {name: finding.faults for name, finding in found.items()} == dict.fromkeys(OF_MEDIA, ())
    plays, heard, shown, paid = (finding.figures for finding in found.values())
    assert (plays["segments"], plays["media"], plays["missing_media"]) == (2, 5, 0)
    assert plays["seconds"] == pytest.approx(small.lectures.draft(LECTURE)["duration_in_frames"] / 30, abs=0.01)
    assert heard["narrations"] == 2
    assert -30 < heard["quietest_dbfs"] < -15
    assert (shown["pictures"], shown["smallest_width"], shown["smallest_height"]) == (2, 1280, 720)
    assert paid["spent_usd"] == small.lectures.costs(LECTURE)["spent_usd_micros"] / 1e6 > 0
    assert paid["in_takes_usd"] == paid["spent_usd"]


def test_a_lecture_without_a_timeline_fails_with_what_makes_it(tmp_path: Path) -> None:
    with open_small_lecture(tmp_path / "home") as small:
        sentence = f"{LECTURE} has no timeline yet: `lectures regenerate {LECTURE}` makes it"
        found = faults(small.lectures)
        assert found == dict.fromkeys(["plays_without_gaps", "narration_is_audible", "pictures_fit"], (sentence,))


@pytest.mark.slow
def test_a_narration_that_nobody_hears(small: SmallLecture) -> None:
    small.edit(f"media {NARRATION}=@{samples.tone(small.home / 'quiet.wav', loudness=0.0002)}")
    small.regenerate()
    sentence = only_fault(small, "narration_is_audible")
    assert sentence.startswith(f"{NARRATION} is at most -78 dBFS loud")
    assert sentence.endswith(f"supply another with `media {NARRATION}=@FILE`, or let a model make it with `unpin {NARRATION}`")


def test_a_square_picture_in_a_wide_lecture(small: SmallLecture) -> None:
    small.edit(f"media {IMAGE}=@{samples.picture(small.home / 'square.png', size=(600, 600))}")
    small.regenerate()
    assert only_fault(small, "pictures_fit").startswith(f"{IMAGE} has 600×600 pixels, the lecture 1280×720, so it does not fill")


def test_a_picture_that_is_cut_a_little_fits(small: SmallLecture) -> None:
    small.edit(f"media {IMAGE}=@{samples.picture(small.home / 'photo.png', size=(960, 640))}")
    small.regenerate()
    assert faults(small.lectures) == {}


def test_what_a_node_says_of_its_picture_does_not_count(small: SmallLecture) -> None:
    """The bytes do: the record says that the square picture is wide, and the frame is filled with a small part of it."""
    small.edit(f"media {IMAGE}=@{samples.picture(small.home / 'square.png', size=(600, 600))}")
    small.regenerate()
    view = {"scale_permille": 1000, "x_permille": 0, "y_permille": 0}
    cover = {"fit": "cover", "motion": {"from": view, "to": view}}
    rewrite(small, TIMELINE, lambda timeline: timeline["segments"][0]["layers"][0].update(cover))
    rewrite(small, IMAGE, lambda picture: picture.update(width=1280, height=720))
    assert "600×600" in only_fault(small, "pictures_fit")


@pytest.mark.parametrize("loss", [Path.unlink, lambda path: path.write_bytes(b"other bytes")])
def test_a_medium_that_is_gone_or_overwritten_is_a_gap(small: SmallLecture, loss: Callable[[Path], Any]) -> None:
    loss(file_of(small, NARRATION))
    sentence = only_fault(small, "plays_without_gaps")
    remedy = f"`lectures regenerate {LECTURE}` makes it again"
    assert sentence == f"the file of {NARRATION} is missing from the store, or damaged: {remedy}"
    assert findings(small.lectures)["plays_without_gaps"].figures["missing_media"] == 1


@pytest.mark.parametrize(("node", "check"), [(NARRATION, "narration_is_audible"), (IMAGE, "pictures_fit")])
def test_bytes_that_the_disk_damaged_cannot_be_read(small: SmallLecture, node: str, check: str) -> None:
    file = file_of(small, node)
    was = file.stat()
    file.write_bytes(bytes(was.st_size))
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    sentence = only_fault(small, check)
    assert sentence.startswith(f"the file of {node} is a ")
    assert sentence.endswith(f"`lectures edit {LECTURE} 'reroll {node}'` orders another")


def _shorten(timeline: Any) -> None:
    timeline["segments"][0]["layers"][0]["duration_in_frames"] -= 10


def _silence(timeline: Any) -> None:
    timeline["segments"][1]["captions"] = []


def _lose(timeline: Any) -> None:
    timeline["music"] = {"type": "missing", "reason": "not made yet", "start_frame": 0, "duration_in_frames": 1}


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (_shorten, "assembler:timeline: segment s00: its layers do not cover it"),
        (_silence, "assembler:timeline: segment s01 is spoken but has no captions"),
        (_lose, "asset:music is missing from the timeline (not made yet)"),
    ],
)
def test_a_timeline_with_a_gap(small: SmallLecture, tamper: Callable[[Any], None], said: str) -> None:
    rewrite(small, TIMELINE, tamper)
    assert only_fault(small, "plays_without_gaps").startswith(said)


def file_of(small: SmallLecture, node: str) -> Path:
    """The file of a node's medium."""
    sha256 = small.lectures.holdings(LECTURE)[node]["sha256"]
    return folder_of(small.lectures.context.artifacts).path(str(sha256))


def rewrite(small: SmallLecture, node: str, change: Callable[[Any], None]) -> None:
    """Change what the store says that a node holds, as no command does."""
    with small.lectures.context.database.write() as connection:
        (value,) = records.load_values(connection, LECTURE, [node]).values()
        change(value)
        connection.execute(takes.update().where(takes.c.node == node).values(value=value))


@pytest.mark.slow
def test_clips_are_measured_as_they_are_shown(tmp_path: Path) -> None:
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        lectures.create(BRIEF.model_copy(update={"use_video": True}), LECTURE)
        for slot, size in enumerate(((640, 360), (360, 640))):
            clip = samples.clip(tmp_path / f"{slot}.mp4", size=size, frames=3)
            lectures.edit(LECTURE, [f"media asset:video:segment[{slot}]=@{clip}"])
        lectures.regenerate(LECTURE)
        (fault,) = findings(lectures)["pictures_fit"].faults
    assert fault.startswith("asset:video:segment[1] has 360×640 pixels, the lecture 1280×720")
