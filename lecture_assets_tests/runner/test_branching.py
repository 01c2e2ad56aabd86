"""Lectures from other lectures: copies that share, imports that buy nothing, proofs of what was left alone."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.adopted import read_adopted
from lecture_assets.graph.errors import RefusedError, WrongInputError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.proof import proof_document
from lecture_assets_tests.intake import samples
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures
from lecture_assets_tests.servers.homes import copy_home
from lecture_assets_tests.store.media_folder import folder_of

SAID, IMAGE = "content:narration-text:segment[0]", "asset:image:segment[0]:image[0]"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the lecture made, to be copied."""
    home = tmp_path_factory.mktemp("made") / "home"
    with open_quick_lectures(home, Mood()) as lectures:
        lectures.create(BRIEF, LECTURE)
        lectures.regenerate(LECTURE)
    return home


@pytest.fixture
def lectures(made: Path, tmp_path: Path) -> Iterator[Lectures]:
    copy_home(made, tmp_path / "home")
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        yield lectures


def statuses(lectures: Lectures, lecture: str) -> set[str]:
    nodes: Any = lectures.status(lecture)["nodes"]
    return {node["status"] for node in nodes}


@pytest.mark.slow
def test_a_copy_is_made_already_and_pays_for_what_is_different(lectures: Lectures) -> None:
    lectures.edit(LECTURE, [f"text {SAID}=Rain falls.", f"reroll {IMAGE}"])
    lectures.regenerate(LECTURE)
    lectures.edit(LECTURE, [f"take {IMAGE}=1"])
    lectures.regenerate(LECTURE)
    assert lectures.copy(LECTURE, "same")["stale"] == []
    assert statuses(lectures, "same") == {"fresh"}
    assert lectures.holdings("same") == lectures.holdings(LECTURE)
    copied = lectures.copy(LECTURE, "voiced", ["set voice=teacher"])
    assert lectures.plan("voiced")["calls"] == {"speech": 2}
    assert "asset:narration:segment[0]" in copied["stale"]
    report: Any = lectures.regenerate("voiced")
    assert report["calls"] == {"speech": 2}
    assert lectures.edit("voiced", [f"take {IMAGE}=2"])["version"] == 2
    assert statuses(lectures, LECTURE) == {"fresh"}
    assert lectures.history("voiced")[0]["edits"] == [f"copy of {LECTURE}, version 3", "set voice=teacher"]


@pytest.mark.slow
def test_a_copy_of_a_new_lecture_shares_what_is_bought_later(lectures: Lectures) -> None:
    lectures.create(BRIEF.model_copy(update={"prompt": "Explain snow."}), "snow")
    lectures.copy("snow", "snow-square", ["set aspect_ratio=1:1"])
    lectures.regenerate("snow")
    report: Any = lectures.regenerate("snow-square")
    assert report["calls"] == {"image": 2}


def test_a_lecture_is_no_copy_of_itself_and_a_workspace_has_a_possible_name(tmp_path: Path) -> None:
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        lectures.create(BRIEF, LECTURE)
        with pytest.raises(WrongInputError, match="NEW: found 'rain'; allowed: another id"):
            lectures.copy(LECTURE, LECTURE)
        with pytest.raises(WrongInputError, match="--workspace: found 'Bad W'; allowed: 1 to 63"):
            lectures.costs(workspace="Bad W")


@pytest.mark.slow
def test_the_same_copy_again_is_the_same_and_another_is_refused(lectures: Lectures) -> None:
    assert lectures.copy(LECTURE, "twin", ["set voice=teacher"])["created"] is True
    assert lectures.copy(LECTURE, "twin", ["set voice=teacher"])["created"] is False
    with pytest.raises(RefusedError, match="already exists and is not this copy"):
        lectures.copy(LECTURE, "twin", ["set voice=student"])
    with pytest.raises(WrongInputError, match="another id than that of the lecture itself"):
        lectures.copy(LECTURE, LECTURE, ["set voice=student"])
    with pytest.raises(RefusedError, match="in its original state"):
        lectures.undo("twin")


@pytest.mark.slow
def test_a_proof_says_what_was_left_alone(lectures: Lectures) -> None:
    before = lectures.holdings(LECTURE)
    lectures.edit(LECTURE, [f"text {SAID}=Rain falls."])
    report = lectures.regenerate(LECTURE)
    proof: Any = proof_document(before, lectures.holdings(LECTURE), report)
    assert set(proof["changed"]) == {*report["made"], SAID}
    assert {*proof["changed"], *proof["untouched"]} == proof["after"].keys()
    shas = [held["sha256"] for held in proof["after"].values() if held["sha256"]]
    assert len(shas) == 5
    sizes = sum(medium.size for medium in lectures.context.artifacts.listing())
    assert 0 < report["made_bytes"] + report["kept_bytes"] < sizes


@pytest.mark.slow
def test_a_proof_reads_the_bytes_and_not_their_names(lectures: Lectures) -> None:
    before: Any = lectures.holdings(LECTURE)
    path = folder_of(lectures.context.artifacts).path(before[IMAGE]["sha256"])
    path.write_bytes(b"somebody was here")
    assert lectures.holdings(LECTURE)[IMAGE] != before[IMAGE]
    path.unlink()
    assert lectures.holdings(LECTURE)[IMAGE]["sha256"] is None


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A lecture that was made elsewhere: two segments with all that belongs to them."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    samples.picture(folder / "a.png")
    samples.picture(folder / "b.tif")
    samples.tone(folder / "said.wav")
    samples.clip(folder / "moving.mov", "mov", "mpeg4")
    document = {
        "schema": "lecture-import/1",
        "id": "Old lecture",
        "title": "Rain, as it was",
        "summary": "About rain.",
        "brief": {"image_style": "ink", "voice": "teacher", "segment_length": 5},
        "segments": [
            {"narration": "The sun warms the sea.", "recording": "said.wav", "images": [{"prompt": "A sea", "file": "a.png"}]},
            {"narration": "Drops fall.", "effect": "fade", "recording": "said.wav", "images": [{"file": "b.tif"}]},
        ],
        "music": {"prompt": "Calm", "file": "said.wav"},
    }
    (folder / "old.json").write_text(json.dumps(document))
    return folder / "old.json"


def changed(old: Path, **keys: Any) -> Path:
    old.write_text(json.dumps(json.loads(old.read_text()) | keys))
    return old


@pytest.mark.slow
def test_an_adopted_lecture_is_made_and_nothing_of_it_is_bought(lectures: Lectures, old: Path) -> None:
    document = lectures.adopt(read_adopted(old))
    assert (document["lecture"], document["created"], document["missing"]) == ("old-lecture", True, [])
    assert statuses(lectures, "old-lecture") == {"fresh"}
    assert lectures.plan("old-lecture")["nodes"] == []
    report: Any = lectures.regenerate("old-lecture")
    assert (report["made"], report["calls"]) == ([], {})
    timeline: Any = lectures.draft("old-lecture")
    assert [layer["type"] for segment in timeline["segments"] for layer in segment["layers"]] == ["image", "image"]
    assert timeline["segments"][1]["captions"][0]["text"] == "Drops fall."
    assert lectures.costs("old-lecture")["spent_usd_micros"] == 0


@pytest.mark.slow
def test_an_edit_of_an_adopted_lecture_remakes_its_own_part_alone(lectures: Lectures, old: Path) -> None:
    lectures.adopt(read_adopted(old), "old")
    lectures.edit("old", ["text content:narration-text:segment[1]=Drops fall on hills."])
    report: Any = lectures.regenerate("old")
    assert report["calls"] == {"speech": 1}
    assert set(report["made"]) == {"asset:narration:segment[1]", "assembler:segment-timeline:segment[1]", "assembler:timeline"}
    lectures.edit("old", ["set image_style=oil"])
    assert lectures.regenerate("old")["calls"] == {"text": 2, "image": 2}


@pytest.mark.slow
def test_what_an_adopted_lecture_does_not_have_is_pending_and_made_when_it_is_asked_for(lectures: Lectures, old: Path) -> None:
    segments = [{"narration": "The sun warms the sea.", "recording": "said.wav"}, {"narration": "Drops fall."}]
    document: Any = lectures.adopt(read_adopted(changed(old, segments=segments, music={})))
    assert {node for node in document["missing"] if node.startswith("asset:")} == {
        "asset:music",
        "asset:narration:segment[1]",
        "asset:image:segment[0]:image[0]",
        "asset:image:segment[1]:image[0]",
    }
    report: Any = lectures.regenerate("old-lecture")
    assert report["calls"] == {"image": 2, "speech": 1, "music": 1}
    explained: Any = lectures.explain("old-lecture", "asset:narration:segment[0]")
    assert explained["made_by"] == "import"


@pytest.mark.slow
def test_clips_are_adopted_too(lectures: Lectures, old: Path) -> None:
    segment = {
        "narration": "It moves.",
        "recording": "said.wav",
        "starting_image": {"file": "a.png"},
        "clip": {"file": "moving.mov"},
    }
    assert lectures.adopt(read_adopted(changed(old, segments=[segment])))["missing"] == []
    timeline: Any = lectures.draft("old-lecture")
    assert timeline["segments"][0]["layers"][0]["type"] == "video"


@pytest.mark.slow
def test_the_same_file_again_is_the_same_lecture_and_another_is_refused(lectures: Lectures, old: Path) -> None:
    lectures.adopt(read_adopted(old))
    lectures.edit("old-lecture", ["set image_style=oil"])
    assert lectures.adopt(read_adopted(old))["created"] is False
    with pytest.raises(RefusedError, match="already exists and is not this one"):
        lectures.adopt(read_adopted(changed(old, title="Snow")))


@pytest.mark.parametrize(
    ("keys", "faults"),
    [
        ({"schema": "lecture-import/2"}, ["schema: found 'lecture-import/2'"]),
        ({"title": ""}, ["title: found an empty text; allowed: at least 1 character"]),
        ({"title": "a\0b"}, ["title: found a control character (U+0000"]),
        ({"segments": [{"narration": "\x1b[2J"}]}, ["segments.0.narration: found a control character (U+001B"]),
        ({"colour": "red"}, ["colour: found an unknown key; allowed: one of "]),
        ({"segments": []}, ["segments: found none; allowed: at least 1 entry"]),
        ({"segments": [{}]}, ["segments.0.narration: found nothing"]),
        ({"segments": [{"narration": "x", "effect": "spin"}]}, ["segments.0.effect: found 'spin'"]),
        (
            {"segments": [{"narration": "x", "images": [{}] * 5}]},
            ["segments.0.images: found 5 entries; allowed: at most 4"],
        ),
        ({"brief": {"colour": 1, "duration": "long"}}, ["brief.colour: found an unknown key", "brief.duration: found 'long'"]),
        ({"brief": {"num_segments": 3}}, ["brief.num_segments: found 3; allowed: 2, to match the segments"]),
        ({"brief": {"models": {"smell": "x"}}}, ["brief.models.smell: found an unknown role"]),
    ],
)
def test_every_fault_of_a_wrong_file_is_reported_by_its_key(old: Path, keys: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(WrongInputError) as wrong:
        read_adopted(changed(old, **keys))
    told = [re.sub(rf"^{re.escape(str(old))}(:\d+)?: ", "", str(fault)) for fault in wrong.value.faults]
    assert len(told) == len(faults)
    assert all(line.startswith(start) for line, start in zip(told, faults, strict=True)), told


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_what_is_no_json_object_is_told(old: Path, content: bytes) -> None:
    old.write_bytes(content)
    with pytest.raises(WrongInputError):
        read_adopted(old)


@pytest.mark.slow
def test_every_wrong_medium_is_told_and_nothing_is_kept(lectures: Lectures, old: Path) -> None:
    artifacts = lectures.context.home / "artifacts"
    before = sorted(path.name for path in artifacts.rglob("*"))
    segments = [
        {"narration": "One.", "recording": "a.png", "images": [{"file": "none.png"}]},
        {"narration": "Two.", "recording": "said.wav", "images": [{"file": "https://localhost/x.png"}]},
    ]
    with pytest.raises(WrongInputError) as wrong:
        lectures.adopt(read_adopted(changed(old, segments=segments)))
    assert [fault.where for fault in wrong.value.faults] == [
        "segments.0.images.0.file",
        "segments.0.recording",
        "segments.1.images.0.file",
    ]
    assert [lecture["lecture"] for lecture in lectures.all()] == [LECTURE]
    assert sorted(path.name for path in artifacts.rglob("*")) == before
    shutil.rmtree(old.parent)
