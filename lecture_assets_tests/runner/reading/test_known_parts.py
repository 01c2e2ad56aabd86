"""What plans and edits say of a real lecture follows from what is there and what is still to be bought."""

import json
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.adopted import read_adopted
from lecture_assets_tests.intake import samples
from lecture_assets_tests.runner.conftest import LECTURE, SmallLecture

RECORDING = "asset:narration:segment[0]"


def said(notes: list[str], start: str) -> list[str]:
    return [note for note in notes if note.startswith(start)]


def test_a_recording_far_too_short_is_told_when_it_is_given(made_lecture: SmallLecture, tmp_path: Path) -> None:
    edit = f"media {RECORDING}=@{samples.tone(tmp_path / 'tiny.wav', 0.02)}"
    planned = made_lecture.lectures.plan(LECTURE, [edit])["warnings"]
    edited = made_lecture.lectures.edit(LECTURE, [edit])["warnings"]
    for notes in (planned, edited, made_lecture.lectures.plan(LECTURE)["warnings"]):
        assert len(said(notes, "a recording of your own is too short for the text (s00 with ")) == 1, notes
    long = f"media {RECORDING}=@{samples.tone(tmp_path / 'long.wav', 6.0)}"
    assert said(made_lecture.lectures.plan(LECTURE, [long])["warnings"], "a recording of your own") == []


def test_a_plan_names_what_own_clips_do_not_cover(made_lecture: SmallLecture, tmp_path: Path) -> None:
    clip = samples.clip(tmp_path / "own.mp4", frames=30)
    edits = ["set use_video=true", f"media asset:video:segment[1]=@{clip}"]
    (note,) = said(
        made_lecture.lectures.plan(LECTURE, edits)["warnings"], "a clip of your own is too short even when slowed to 1.6 times"
    )
    assert "in s01 for about " in note
    assert "supply a longer one with `media asset:video:segment[1]=@FILE`" in note


@pytest.mark.parametrize("language", ["he", "th", "ja"])
def test_an_import_whose_narrations_exist_gets_no_notes_on_a_writer(
    small_lecture: SmallLecture, tmp_path: Path, language: str
) -> None:
    """Also with a duration that its own number of segments does not fit."""
    text = {"he": "השמש מחממת את הים.", "th": "ดวงอาทิตย์ทำให้ทะเลอุ่น", "ja": "太陽が海を温めます。"}[language]
    samples.tone(tmp_path / "a.wav", 5.0)
    segments = [{"narration": text, "recording": "a.wav"}, {"narration": f"{text} 2", "recording": "a.wav"}]
    document: dict[str, Any] = {"schema": "lecture-import/1", "title": text, "segments": segments}
    document["brief"] = {"language": language, "duration": 11}
    (tmp_path / "old.json").write_text(json.dumps(document), encoding="utf-8")
    lectures = small_lecture.lectures
    lectures.adopt(read_adopted(tmp_path / "old.json"))
    notes = lectures.plan("old")["warnings"]
    assert [note for note in notes if not note.startswith("no video can be written: ")] == []
    rerolled = lectures.plan("old", ["reroll llm:script-generation"])["warnings"]
    assert said(rerolled, "the simulated writer has no sentences of its own in ") != []
