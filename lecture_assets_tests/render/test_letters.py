"""A letter that no font has is named with what to install, before a film is written; nothing else is."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.prose.emoji import without_emoji
from lecture_assets.render.contact_sheet import contact_sheet
from lecture_assets.render.font_files import fonts_of_packages, noto
from lecture_assets.render.letters import (
    _PLAIN,
    font_of,
    is_plain,
    letters_without_font,
    remedy,
    shown,
    shown_words,
    without_unknown,
)
from lecture_assets.render.mp4 import render_mp4
from lecture_assets_tests.render.samples import Shelf
from lecture_assets_tests.timeline.samples import lecture, segment, speech

KEYCAP = "\u20e3"
LINEAR_A = "\U00010600"


def test_letters_that_are_not_looked_up_are_all_in_noto_sans() -> None:
    letters = [
        chr(code) for code in range(0x3000) if is_plain(chr(code)) and unicodedata.category(chr(code)) not in {"Cc", "Cf", "Cn"}
    ]
    assert len(letters) > 900
    assert [letter for letter in letters if not letter.isspace() and not noto().has(letter)] == []
    assert not re.search(_PLAIN.pattern[1:-2], "≈"), "the class is of letters, and no more"


@pytest.mark.slow
def test_a_letter_is_known_pictographs_and_joiners_are_no_letters() -> None:
    assert letters_without_font("Füße ≈ √2 می‌شود شمس 水 한국어 🌱👩🏽‍🔬 ❤️ 1️⃣ 🇩🇪 葛\U000e0100 \u3164") == []
    assert letters_without_font(f"a {LINEAR_A} b {LINEAR_A}") == [LINEAR_A]
    assert letters_without_font(f"{LINEAR_A}\ufe0f 🦄\ufe0e") == [LINEAR_A, "🦄"], "U+FE0E asks for text"


@pytest.mark.parametrize("category", ["So", "Sk", "Sc", "Sm", "No", "Nl", "Me", "Po", "Pd"])
def test_a_sign_is_drawn_if_a_font_has_it_and_named_if_none_has_and_only_an_emoji_is_left_out(category: str) -> None:
    signs = [chr(code) for code in range(0x80, 0x20000) if unicodedata.category(chr(code)) == category]
    text = [sign for sign in signs if without_emoji(f"a{sign}") == f"a{sign}"]
    assert len(text) > 0.8 * len(signs) or category in {"So", "Me"}
    assert "".join(shown_words([f" a{sign}" for sign in text], "en")) == "".join(f" a{sign}" for sign in text)
    assert letters_without_font("a".join(text)) == [sign for sign in text if font_of(sign, "en") is None]
    emoji = [sign for sign in signs if sign not in text]
    drawn = {sign for sign in emoji if sign != KEYCAP and any(font.has(sign) for font in fonts_of_packages("en"))}
    assert [shown(f"a {sign} b", "en") for sign in emoji] == [f"a {sign} b" if sign in drawn else "a b" for sign in emoji]


@pytest.mark.parametrize(
    "text", ["100 °C", "© 2024 Acme™ Inc®", "№ 7, ℃, ℉, ⅓ µm", "─│┌┐ ░▒▓ ■▲●", "㎞ ㈱ ℗ 〒 ¦", "① Ⓐ ㊙", "⚠ ☎ ✓ ★ ♪ ⌘"]
)
def test_signs_are_in_the_picture_as_they_are_in_the_text(text: str) -> None:
    assert shown(text, "en") == text
    assert letters_without_font(text) == []


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
