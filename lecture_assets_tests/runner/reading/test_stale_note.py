"""An export of a lecture that was changed says what it plays in an older version; others say nothing."""

import pytest

from lecture_assets_tests.runner.conftest import LECTURE, SmallLecture

TEXT = "text content:narration-text:segment[1]=Snow falls."


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([], None),
        ([TEXT], "the export has older versions of s01: `lectures regenerate rain` makes them again"),
        (["set voice=teacher"], "the export has older versions of s00 and s01: "),
        (["set image_style=ink"], "the export may have older versions of s00 and s01: "),
        (["set music_prompt_mod=loud"], "the export may have older versions of the music: "),
        (["set captions=soft", "set title_display=card", "segments move:1:0"], None),
        (["segments add"], None),
    ],
)
def test_what_an_edit_leaves_old_in_exports_is_named(made_lecture: SmallLecture, edits: list[str], said: str | None) -> None:
    if edits:
        made_lecture.edit(*edits)
    found = made_lecture.lectures.stale_notes(LECTURE)
    assert len(found) == (said is not None), found
    assert all(note.startswith(said or "") for note in found)


def test_a_lecture_of_which_nothing_was_made_has_no_older_version(small_lecture: SmallLecture) -> None:
    small_lecture.edit(TEXT)
    assert small_lecture.lectures.stale_notes(LECTURE) == []
