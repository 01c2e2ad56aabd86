"""Every version of a timeline that was ever made can be read again, by the first digits of its version."""

from pathlib import Path

import pytest

from lecture_assets.graph.errors import UnknownLectureError
from lecture_assets.runner.reading.timeline_version import UnknownTimelineError, read_timeline_version
from lecture_assets.timeline.validate import faults_of
from lecture_assets_tests.render.samples import Shelf
from lecture_assets_tests.runner.conftest import LECTURE, SmallLecture
from lecture_assets_tests.stored_timelines import SEGMENT, TIMELINE, TimelineStore


def test_an_earlier_version_is_what_it_was(small_lecture: SmallLecture, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    store = TimelineStore(small_lecture.lectures, LECTURE, shelf)
    values = [shelf.lecture(title=title) for title in ("First", "Second")]
    versions = [store.store(TIMELINE, value) for value in values]
    with small_lecture.lectures.context.database.read() as connection:
        for value, version in zip(values, versions, strict=True):
            found = read_timeline_version(connection, LECTURE, None, version[:16])
            assert (found.version, found.stored, found.playable) == (version, value, value)
        for unknown in ("0" * 16, versions[0][:11], "", "%" * 16, versions[0] + "0"):
            with pytest.raises(UnknownTimelineError, match=f"{LECTURE} never had the version '{unknown[:64]}' of {TIMELINE}"):
                read_timeline_version(connection, LECTURE, None, unknown)
        with pytest.raises(UnknownLectureError, match="nobody"):
            read_timeline_version(connection, "nobody", None, versions[0])


@pytest.mark.parametrize(("ratio", "size"), [("16:9", (1280, 720)), ("9:16", (720, 1280)), ("an older ratio", (1280, 720))])
def test_a_segment_plays_by_itself_in_the_size_it_was_assembled_for(
    small_lecture: SmallLecture, tmp_path: Path, ratio: str, size: tuple[int, int]
) -> None:
    shelf = Shelf(tmp_path / "shelf")
    store = TimelineStore(small_lecture.lectures, LECTURE, shelf)
    value, node = shelf.segment(1), SEGMENT.format(1)
    version = store.store(node, value, ratio)
    with small_lecture.lectures.context.database.read() as connection:
        found = read_timeline_version(connection, LECTURE, 1, version)
        with pytest.raises(UnknownTimelineError):
            read_timeline_version(connection, LECTURE, 0, version)
    assert (found.node, found.stored) == (node, value)
    assert faults_of(found.playable) == []
    assert (found.playable["width"], found.playable["height"]) == size
    assert [segment["slot"] for segment in found.playable["segments"]] == ["s01"]
