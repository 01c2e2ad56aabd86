import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.render.folder import MANIFEST, UnsoundTimelineError, copy_film, write_film, write_timeline
from lecture_assets.render.mp4 import RenderedParts
from lecture_assets.timeline.schema import json_schema
from lecture_assets_tests.render.samples import RED, Shelf


def names(out: Path) -> set[str]:
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}


WHOLE = {
    MANIFEST,
    "captions.vtt",
    "lecture.mp4",
    "media/music.wav",
    "media/s00-image-0.png",
    "media/s00-image-1.png",
    "media/s00-narration.wav",
    "poster.jpg",
    "timeline.json",
}


@pytest.mark.slow
def test_an_export_is_a_whole_folder_whose_timeline_fits_its_schema_and_finds_its_media(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "lecture"
    assert write_timeline(shelf.lecture(), out, shelf) == out / "timeline.json"
    write_film(shelf.lecture(), out, shelf, RenderedParts())
    assert names(out) == WHOLE
    text = (out / "timeline.json").read_text()
    timeline = json.loads(text)
    Draft202012Validator(json_schema()).validate(timeline)
    assert text.startswith('{\n  "schema": "lecture-timeline/1"')
    narration = timeline["segments"][0]["narration"]
    assert (out / narration["src"]).read_bytes() == shelf(narration["media"]["sha256"]).read_bytes()
    assert (out / "captions.vtt").read_text().startswith("WEBVTT\n\n00:00:00.200 --> ")


def test_the_same_timeline_again_writes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    def states() -> dict[str, tuple[int, int]]:
        return {name: ((tmp_path / "out" / name).stat().st_ino, (tmp_path / "out" / name).stat().st_mtime_ns) for name in written}

    write_timeline(shelf.lecture(), tmp_path / "out", shelf)
    written = names(tmp_path / "out")
    before = states()
    write_timeline(shelf.lecture(), tmp_path / "out", shelf)
    assert states() == before


def test_a_second_export_keeps_equal_files_repairs_others_and_deletes_leftovers(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "lecture"
    write_timeline(shelf.lecture(shelf.segment()), out, shelf)
    kept = (out / "media/s00-image-0.png").stat()
    speech = out / "media/s00-narration.wav"
    speech.write_bytes(b"\0" * speech.stat().st_size)
    (out / "notes.txt").write_text("mine")
    (out / "media/mine.png").write_text("mine")
    write_timeline(shelf.lecture(shelf.segment(pictures=[shelf.picture(RED)])), out, shelf)
    again = (out / "media/s00-image-0.png").stat()
    assert (again.st_ino, again.st_mtime_ns) == (kept.st_ino, kept.st_mtime_ns)
    assert speech.read_bytes()[:4] == b"RIFF"
    assert names(out) == WHOLE - {"lecture.mp4", "poster.jpg", "media/s00-image-1.png"} | {"notes.txt", "media/mine.png"}


def test_a_timeline_with_contradictory_times_is_never_written(shelf: Shelf, tmp_path: Path) -> None:
    timeline = shelf.lecture()
    timeline["segments"][0]["start_frame"] += 1
    with pytest.raises(UnsoundTimelineError, match=r"segment s00 starts at frame 1, .*; the timeline was not written"):
        write_timeline(timeline, tmp_path / "lecture", shelf)
    assert not (tmp_path / "lecture").exists()


def test_changing_an_export_leaves_the_stored_media_alone(shelf: Shelf, tmp_path: Path) -> None:
    timeline = shelf.lecture()
    write_timeline(timeline, tmp_path / "lecture", shelf)
    stored = shelf(timeline["music"]["media"]["sha256"])
    before = stored.read_bytes()
    with (tmp_path / "lecture/media/music.wav").open("r+b") as file:
        file.write(b"scribble")
    assert stored.read_bytes() == before


def test_every_step_of_a_lecture_in_progress_is_a_folder_that_plays(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "lecture"
    for segments in ((None, None), (shelf.segment(0), None), (shelf.segment(0), shelf.segment(1))):
        write_timeline(shelf.lecture(*segments), out, shelf)
        timeline = json.loads((out / "timeline.json").read_text())
        Draft202012Validator(json_schema()).validate(timeline)
    assert "lecture.mp4" not in names(out)


def test_a_folder_with_other_files_is_refused_and_left_unchanged(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "photos"
    out.mkdir()
    (out / "cat.jpg").write_text("a cat")
    with pytest.raises(
        WrongInputError, match=r"contains files that are not part of an export \(cat.jpg\); allowed: a new or empty folder"
    ):
        write_timeline(shelf.lecture(), out, shelf)
    assert names(out) == {"cat.jpg"}


def test_a_file_of_another_program_is_not_overwritten(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "lecture"
    write_timeline(shelf.lecture(), out, shelf)
    (out / "lecture.mp4").write_text("my own cut")
    write_timeline(shelf.lecture(), out, shelf)
    with pytest.raises(WrongInputError, match=r"lecture\.mp4, which this software did not write"):
        write_film(shelf.lecture(), out, shelf, RenderedParts())
    assert (out / "lecture.mp4").read_text() == "my own cut"


def test_an_out_that_is_a_file_is_refused_with_what_to_do(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(WrongInputError, match="which is a file; allowed: a folder"):
        write_timeline(shelf.lecture(), tmp_path / "out", shelf)
    with pytest.raises(WrongInputError, match="not writable"):
        write_timeline(shelf.lecture(), tmp_path / "out" / "deeper", shelf)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_out_without_permission_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(WrongInputError, match="no permission to write"):
        write_timeline(shelf.lecture(), tmp_path / "locked" / "out", shelf)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": "other", "files": []}', '{"format": "lecture-export/1", "files": ["media/../../home"]}',
             '{"format": "lecture-export/1", "files": ["media/.."]}', '{"format": "lecture-export/1", "files": [7]}']
)  # fmt: skip
def test_an_invalid_manifest_or_one_that_points_outside_deletes_nothing(shelf: Shelf, tmp_path: Path, text: str) -> None:
    out = tmp_path / "lecture"
    out.mkdir()
    (out / MANIFEST).write_text(text)
    with pytest.raises(WrongInputError, match="no valid list of an export's files"):
        write_timeline(shelf.lecture(), out, shelf)


def test_every_missing_medium_is_named_and_nothing_is_written(shelf: Shelf, tmp_path: Path) -> None:
    timeline = shelf.lecture()
    lost = [timeline["music"]["media"]["sha256"], timeline["segments"][0]["narration"]["media"]["sha256"]]
    for sha256 in lost:
        shelf(sha256).unlink()
    with pytest.raises(WrongInputError, match="how to get it back") as caught:
        write_timeline(timeline, tmp_path / "lecture", shelf)
    assert {fault.where for fault in caught.value.faults} == {"media/music.wav", "media/s00-narration.wav"}
    assert not (tmp_path / "lecture").exists()


def test_a_film_that_is_there_is_not_written_again(shelf: Shelf, tmp_path: Path) -> None:
    out, film = tmp_path / "lecture", tmp_path / "film.mp4"
    film.write_bytes(b"a film")
    timeline = shelf.lecture()
    write_timeline(timeline, out, shelf)
    copy_film(timeline, film, out, shelf)
    before = (out / "lecture.mp4").stat()
    copy_film(timeline, film, out, shelf)
    after = (out / "lecture.mp4").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    film.write_bytes(b"another film")
    copy_film(timeline, film, out, shelf)
    assert (out / "lecture.mp4").read_bytes() == b"another film"
