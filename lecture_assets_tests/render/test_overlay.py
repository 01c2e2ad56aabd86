from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lecture_assets.render.font import Room, ended, fitted, line_of, wrapped, wrapped_words
from lecture_assets.render.layer import open_layer
from lecture_assets.render.letters import can_shape
from lecture_assets.render.overlay import Overlays
from lecture_assets.render.typeface import Typeface
from lecture_assets.timeline.assemble import ASPECT_RATIOS
from lecture_assets_tests.timeline.samples import lecture, segment, speech

LONG = "Photosynthesis, electroencephalographically misunderstood, Donaudampfschifffahrtsgesellschaft! " + "W" * 60


def made(text: str, ratio: str = "16:9", **changes: Any) -> dict[str, Any]:
    size = ASPECT_RATIOS[ratio]
    return lecture({0: segment(narration=speech(text), size=size)}, size=size, **changes)


def test_a_caption_is_there_while_it_is_spoken_and_gone_before_and_after() -> None:
    timeline = made("one two", title=None)
    overlays = Overlays(timeline)
    (caption,) = timeline["segments"][0]["captions"]
    seen = [frame for frame in range(timeline["duration_in_frames"]) if overlays.at(frame)]
    assert seen[0] == pytest.approx(caption["start_ms"] * 30 / 1000, abs=1)
    assert seen[-1] + 1 == pytest.approx(caption["end_ms"] * 30 / 1000, abs=1)
    assert len(seen) == seen[-1] - seen[0] + 1


def test_only_the_spoken_word_is_marked_and_no_word_moves() -> None:
    overlays = Overlays(made("alpha beta gamma", title=None))
    plates = [overlays.at(frame)[0] for frame in (10, 22, 32)]
    assert len({(plate.x, plate.y, plate.mask.size) for plate in plates}) == 1
    yellow = [np.asarray(plate.planes.blue).astype(int) < 100 for plate in plates]
    marked = [np.flatnonzero(mask.any(axis=0)) for mask in yellow]
    assert all(a.max() < b.min() for a, b in pairwise(marked)), "amber goes from word to word"
    letters = [np.asarray(plate.planes.light).astype(int) > 120 for plate in plates]
    assert np.mean(letters[0] != letters[1]) < 0.03


@pytest.mark.slow
@pytest.mark.parametrize("ratio", ASPECT_RATIOS)
def test_captions_titles_and_notes_stay_inside_safe_margins_at_every_aspect_ratio(ratio: str) -> None:
    width, height = ASPECT_RATIOS[ratio]
    silent = segment(slot=1, narration=None, missing={"narration": LONG}, size=(width, height))
    spoken = segment(narration=speech(LONG), size=(width, height))
    overlays = Overlays(lecture({0: spoken, 1: silent}, size=(width, height), title=LONG))
    for frame in (30, 60, 120, 300, 400):
        for overlay in overlays.at(frame):
            left, _, right, bottom = overlay.mask.getbbox() or (0, 0, 0, 0)
            assert overlay.x >= 0 <= overlay.y
            assert overlay.x + right <= width
            assert overlay.y + bottom <= height
            if overlay.mask.size != (width, height):
                assert overlay.x + left >= width * 0.05
                assert overlay.y + bottom <= height * 0.96
            assert overlay.x % 2 == overlay.y % 2 == overlay.mask.width % 2 == overlay.mask.height % 2 == 0


def test_the_title_comes_and_goes_softly_and_a_missing_one_is_not_drawn() -> None:
    quiet = segment(narration=speech("") | {"duration_ms": 5000})
    overlays = Overlays(lecture({0: quiet}, title="How plants eat light"))
    strength = [max((np.asarray(o.mask).max() for o in overlays.at(frame)), default=0) for frame in (0, 40, 90, 95, 96)]
    assert strength[0] < strength[1] == 255 > strength[2] > strength[3] > strength[4] == 0
    assert Overlays(made("", title=None)).at(20) == []


def test_missing_speech_is_noted_where_it_would_be_heard() -> None:
    timeline = lecture({0: segment(narration=None, missing={"narration": "queued"})}, title=None)
    overlays = Overlays(timeline)
    (note,) = overlays.at(60)
    assert note.y + note.mask.height < 0.15 * timeline["height"], "at the top, away from captions"
    assert overlays.at(timeline["duration_in_frames"] - 2) == []


@pytest.mark.skipif(not can_shape(), reason="FriBiDi is not installed")
@pytest.mark.parametrize(("language", "text"), [("ar", "واحد 97% (HTML) اثنان"), ("he", "אחד 97% (HTML) שתיים")])
def test_words_from_right_to_left_are_marked_from_right_to_left(language: str, text: str) -> None:
    size = ASPECT_RATIOS["16:9"]
    part = segment(narration=speech(text), size=size, language=language)
    overlays = Overlays(lecture({0: part}, size=size, title=None, language=language))
    marked = []
    for frame in (10, 22, 32, 42):
        (plate,) = overlays.at(frame)
        marked.append(np.flatnonzero((np.asarray(plate.planes.blue).astype(int) < 100).any(axis=0)))
    assert all(after.max() < before.min() for before, after in pairwise(marked)), "amber goes from right to left"


@pytest.mark.skipif(not can_shape(), reason="FriBiDi is not installed")
def test_a_mixed_line_marks_the_words_of_a_number_and_a_name_where_they_stand() -> None:
    face = Typeface(38, "strong", "he", "rtl")
    line = "שנת 2024 NASA Ames כאן"
    (year,), (nasa,), (ames,), (here,) = (face.spans(line, *_place(line, word)) for word in ("2024", "NASA", "Ames", "כאן"))
    assert here[1] < year[0], "the line runs from right to left"
    assert nasa[1] < ames[0], "two Latin words from left to right"


def _place(line: str, word: str) -> tuple[int, int]:
    return line.index(word), line.index(word) + len(word)


@pytest.mark.slow
@pytest.mark.parametrize("ratio", ASPECT_RATIOS)
def test_no_text_lies_over_another_in_a_lecture_of_which_only_the_words_exist(ratio: str) -> None:
    """Title, captions, the note that speech is missing and the words of placeholders."""
    size = ASPECT_RATIOS[ratio]
    silent = segment(narration=None, pictures=[None], expected={**speech(f"{LONG} " * 6), "duration_ms": 9_000}, size=size)
    timeline = lecture({0: silent}, size=size, title=f"{LONG} How plants eat light and what comes of it in the end")
    overlays, layer = Overlays(timeline), timeline["segments"][0]["layers"][0]
    placeholder = open_layer(layer, size, lambda _sha256: Path(), timeline["title"]["duration_in_frames"])
    for frame, texts in ((10, 3), (60, 3), (95, 3), (110, 3), (200, 3)):
        boxes = sorted([*(_letters(overlay) for overlay in overlays.at(frame)), *_worded(placeholder.at(frame), size)])
        assert len(boxes) == texts
        assert all(upper[1] < lower[0] for upper, lower in pairwise(boxes)), boxes


def _letters(overlay: Any) -> tuple[int, int]:
    """The rows from the first to the last that something is drawn on; a title's scrim is not counted."""
    mask = np.asarray(overlay.mask)
    rows = np.flatnonzero((mask > mask.max() * 0.8).any(axis=1))
    return overlay.y + int(rows[0]), overlay.y + int(rows[-1])


def _worded(shown: Any, size: tuple[int, int]) -> list[tuple[int, int]]:
    rows = np.flatnonzero(np.ptp(np.asarray(shown.light).astype(int), axis=1) > 20)
    assert len(rows) == 0 or size[1] * 0.2 < rows[0]
    return [(int(rows[0]), int(rows[-1]))] if len(rows) else []


def test_text_is_broken_between_words_and_made_smaller_until_it_fits() -> None:
    lines = wrapped("one two three four", Typeface(40), 200)
    assert " ".join(lines) == "one two three four"
    assert len(lines) > 1
    face, lines = fitted("W" * 40, Typeface(60, "heavy"), Room(600, 100, 1.22, 8))
    assert all(face.getlength(line) <= 600 for line in lines)
    assert len(lines) * face.row(1.22) <= 100


def test_a_word_wider_than_a_title_is_cut_before_its_letters_become_small() -> None:
    face, lines = fitted("Donaudampfschifffahrtsgesellschaftskapitänsmütze", Typeface(72, "heavy"), Room(700, 360, 1.22, 30))
    assert face.size >= 40
    assert all(line.endswith("-") for line in lines[:-1])
    assert "".join(lines).replace("-", "") == "Donaudampfschifffahrtsgesellschaftskapitänsmütze"


def test_a_title_without_spaces_is_broken_between_phrases() -> None:
    face, lines = fitted(
        "水は地球の表面の約70%を覆っていますが、飲める水はわずかです", Typeface(72, "heavy", "ja"), Room(1000, 360, 1.22, 30)
    )
    assert len(lines) > 1
    assert face.size == 72
    assert not [line for line in lines if line[0] in "、。%ー"]


def test_a_title_of_two_lines_has_no_single_word_on_the_last() -> None:
    face, lines = fitted("The longest journey of a raindrop", Typeface(72, "heavy"), Room(1024, 360, 1.22, 30))
    assert lines == ["The longest journey", "of a raindrop"]
    assert face.size == 72


LONG_TITLES = {
    "German": "Über die Entwicklung der mitteleuropäischen Stadtgesellschaften zwischen Spätmittelalter und Frühneuzeit unter "
    "besonderer Berücksichtigung der Handelswege, Zünfte, Währungen und Verwaltungsreformen",
    "one word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "wide letters": "W" * 200,
    "Japanese": "コンピューターサイエンティフィックアドミニストレーション、" * 7,
    "wide words": "WWWWWWWW " * 22,
    "one letter that is a sentence": "﷽" * 40,
    "address": "https://example.org/" + "a/long_path-of.pages/" * 9,
}


@pytest.mark.slow
@pytest.mark.parametrize("ratio", ASPECT_RATIOS)
@pytest.mark.parametrize("name", LONG_TITLES)
def test_a_long_title_is_readable_in_every_frame(name: str, ratio: str) -> None:
    text, (width, height) = LONG_TITLES[name], ASPECT_RATIOS[ratio]
    size = min(width, height)
    room = Room(width * 0.8, height * 0.5, 1.22, size // 24)
    face, lines = fitted(text, Typeface(size // 10, "heavy", "ja" if name == "Japanese" else "en"), room)
    assert face.size >= size // 24, "as large as small captions"
    assert all(face.getlength(line) <= room.width for line in lines)
    assert len(lines) * face.row(1.22) <= room.height
    shown = "".join(lines).replace(" ", "").replace("-", "")
    is_whole = shown == text.replace(" ", "").replace("-", "")
    assert is_whole is not lines[-1].endswith("…")
    assert is_whole or name in {"wide letters", "wide words", "Japanese", "one letter that is a sentence"}
    assert not [line for line in lines if line[0] in "ィッョーェ、"]
    drawn = Overlays(made("a", ratio, title=text)).at(40)[0]
    assert drawn.mask.size == (width, height)


def test_a_hyphen_of_a_cut_is_at_the_end_of_a_line_alone() -> None:
    _, lines = fitted(LONG_TITLES["one word"], Typeface(72, "heavy"), Room(1024, 360, 1.22, 30))
    assert len(lines) > 2
    assert not [line for line in lines if "-" in line[:-1]]
    assert line_of([" Donau\u00ad", "dampf\u00ad", "schiff\u00ad"]) == "Donaudampfschiff-"
    assert line_of(["Donau\u00addampf"]) == "Donaudampf"


def test_a_line_begins_with_no_sign_that_belongs_to_the_word_before() -> None:
    face = Typeface(40, "heavy", "ja")
    lines = wrapped_words(["水水水", "「", "水水", "、", "", "水", "ー"], face, face.getlength("水水水") + 2)
    assert [line_of(line) for line in lines] == ["水水水", "「水水、", "水ー"]


def test_a_text_ends_with_an_ellipsis_and_between_letters() -> None:
    face = Typeface(40)
    assert ended("short", face, 500) == "short"
    assert ended("one two three", face, face.getlength("one two …")) == "one two…"
    assert ended("é" * 9, face, face.getlength("ééé…")) == "ééé…"
    assert ended("wide", face, 1) == ""


@pytest.mark.parametrize("title", ["🎉🎉", "\u3164", "", "🇩🇪 👩🏽‍🔬"])
def test_a_title_that_shows_nothing_darkens_no_picture(title: str) -> None:
    timeline = made("", title="Title")
    timeline["title"]["text"] = title
    assert Overlays(timeline).at(20) == []


def test_a_caption_without_words_is_not_drawn_and_one_with_emoji_has_no_gap() -> None:
    assert Overlays(made("🎉 🎉🎉", title=None)).at(12) == []
    with_emoji, without = (Overlays(made(text, title=None)).at(12)[0] for text in ("Hello 🎉 world 🌍!", "Hello world!"))
    assert with_emoji.mask.size[1] == without.mask.size[1]
    assert "".join(Typeface(38).shown_words(["🎉", " Hi", " 😀!"])) == "Hi!"
