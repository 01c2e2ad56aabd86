"""A letter that no font has is named with what to install, before a film is written; nothing else is."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.render.contact_sheet import contact_sheet
from lecture_assets.render.font_files import noto
from lecture_assets.render.letters import _PLAIN, is_plain, letters_without_font, remedy, without_unknown
from lecture_assets.render.mp4 import render_mp4
from lecture_assets_tests.render.samples import Shelf
from lecture_assets_tests.timeline.samples import lecture, segment, speech

LINEAR_A = "\U00010600"


def test_letters_that_are_not_looked_up_are_all_in_noto_sans() -> None:
    letters = [
        chr(code) for code in range(0x3000) if is_plain(chr(code)) and unicodedata.category(chr(code)) not in {"Cc", "Cf", "Cn"}
    ]
    assert len(letters) > 900
    assert [letter for letter in letters if not letter.isspace() and not noto().has(letter)] == []
    assert not re.search(_PLAIN.pattern[1:-2], "≈"), "the class is of letters, and no more"


def test_a_letter_is_known_pictographs_and_joiners_are_no_letters() -> None:
    assert letters_without_font("Füße ≈ √2 می‌شود شمس 水 한국어 🌱👩🏽‍🔬 ❤️") == []
    assert letters_without_font(f"a {LINEAR_A} b {LINEAR_A}") == [LINEAR_A]


@pytest.mark.parametrize(
    ("letter", "named"),
    [("水", "lecture-assets[cjk]"), ("か", "lecture-assets[cjk]"), ("한", "lecture-assets[cjk]"), ("、", "lecture-assets[cjk]"),
     ("ગ", "lecture-assets[fonts]"), ("Հ", "lecture-assets[fonts]"), (LINEAR_A, "fonts-noto-core")],
)  # fmt: skip
def test_what_to_install_is_named(letter: str, named: str) -> None:
    assert named in remedy([letter])


@pytest.mark.parametrize("place", ["caption", "title"])
def test_a_film_or_sheet_with_a_letter_without_font_is_refused_and_not_written(tmp_path: Path, place: str) -> None:
    part = segment(narration=speech(f"one {LINEAR_A} two" if place == "caption" else "one two"), pictures=[None])
    timeline: dict[str, Any] = lecture({0: part}, title=LINEAR_A if place == "title" else "Title", music=None)
    with pytest.raises(WrongInputError, match=r"U\+10600"):
        render_mp4(timeline, tmp_path / "lecture.mp4", Shelf(tmp_path))
    with pytest.raises(WrongInputError, match=r"captions of segment 1" if place == "caption" else "title"):
        contact_sheet(timeline, Shelf(tmp_path))
    assert list(tmp_path.glob("*.mp4")) == []


def test_messages_of_others_stop_no_film() -> None:
    assert without_unknown(f"vendor said {LINEAR_A}!", "en") == "vendor said ?!"
