"""Style words determine colours, lines and surface; unknown ones have an effect too, each its own."""

import numpy as np
import pytest
from numpy.typing import NDArray

from lecture_assets_tests.lecture_media.draw.test_painter import changed, pixels
from lecture_media.draw.finish import FINISHES
from lecture_media.draw.style import COLOURS, style_of

SCENE = "Wide view. A tree beside a house under the sun. Style: "
KNOWN = (
    "watercolour",
    "paper cut-out",
    "chalk on a blackboard",
    "neon",
    "blueprint",
    "pencil sketch",
    "comic",
    "flat diagram",
    "flat illustration",
    "ghibli",
    "clay",
    "photo",
    "oil painting",
    "vintage poster",
)


def light(picture: NDArray[np.int16]) -> NDArray[np.float64]:
    return np.asarray(picture.mean(axis=2))


def strength(picture: NDArray[np.int16]) -> NDArray[np.int16]:
    """How far each pixel is from grey."""
    return np.asarray(picture.max(axis=2) - picture.min(axis=2))


def roughness(picture: NDArray[np.int16]) -> float:
    """How much neighbouring pixels differ at the top, where there is only sky."""
    return float(np.abs(np.diff(light(picture)[20:50], axis=1)).mean())


@pytest.mark.slow
def test_any_two_known_styles_differ_at_a_glance() -> None:
    made = {style: pixels(SCENE + style) for style in KNOWN}
    alike = [(one, other) for one in KNOWN for other in KNOWN if one < other and changed(made[one], made[other]) < 0.08]
    assert not alike


def test_watercolour_leaves_the_edge_of_the_paper_bare() -> None:
    picture = light(pixels(SCENE + "soft watercolour"))
    rim = np.concatenate([picture[:3].ravel(), picture[-3:].ravel(), picture[:, :3].ravel(), picture[:, -3:].ravel()])
    assert np.percentile(rim, 5) > 205
    assert picture[20:-20, 20:-20].min() < 150


def test_a_dark_background_is_dark_and_what_is_in_front_is_not() -> None:
    picture = light(pixels("Close-up. computer and server. Style: flat diagram, dark background"))
    assert np.median(picture) < 50
    assert np.percentile(picture, 97) > 110
    assert np.median(light(pixels("Close-up. computer and server. Style: flat diagram"))) > 220


def test_neon_glows_in_strong_colours_on_black() -> None:
    picture = pixels(SCENE + "neon", (640, 360))
    assert np.median(light(picture)) < 60
    glowing = strength(picture) > 120
    assert 0.01 < glowing.mean() < 0.15
    rows, columns = glowing.nonzero()
    beside = light(picture)[rows, np.minimum(columns + 6, 639)]
    assert np.median(beside) > np.median(light(picture)[:, -30:]) + 15, "light spills beyond the lines"


def under_the_apple(style: str) -> float:
    """How much darker it is right below an apple than to its left, in levels."""
    picture = pixels("Close-up. apple. Style: " + style)
    rows, columns = (picture[:, :, 0] - picture[:, :, 1] > 90).nonzero()
    below, middle = light(picture)[rows.max() + 2 : rows.max() + 6], int(columns.mean())
    return float(below[:, 2:20].mean() - below[:, middle : middle + 20].mean())


def test_paper_casts_shadows_and_a_flat_picture_none() -> None:
    assert under_the_apple("paper cut-out") > under_the_apple("flat") + 15


def test_paint_has_a_grain_and_a_flat_picture_has_none() -> None:
    smooth = roughness(pixels(SCENE + "flat"))
    assert all(roughness(pixels(SCENE + style)) > smooth + 0.5 for style in ("watercolour", "photo", "pencil sketch"))


def test_black_and_white_has_hardly_any_colour() -> None:
    assert np.percentile(strength(pixels(SCENE + "photo, black and white")), 99) < 40
    assert np.percentile(strength(pixels(SCENE + "photo")), 99) > 80


def test_warm_words_redden_and_cold_ones_turn_blue() -> None:
    warm, plain, cold = (pixels(SCENE + "comic" + mood).mean(axis=(0, 1)) for mood in (", golden", "", ", winter"))
    assert warm[0] - warm[2] > plain[0] - plain[2] > cold[0] - cold[2]


@pytest.mark.parametrize("one", ["hazy lavender dreams", "brutalist", "im Stil von Tante Erna"])
def test_unknown_style_words_change_the_colours_each_in_its_own_way(one: str) -> None:
    shown = {style_of(words).colour(name) for words in (one, one + " but softly", "") for name in ("leaf",)}
    assert len(shown) == 3
    assert changed(pixels(SCENE + one), pixels(SCENE + one + " but different")) > 0.05
    assert style_of(one) == style_of(one)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("soft watercolor, labelled like a field notebook", "watercolour"),
        ("flat diagram, two hosts and arrows, dark background", "diagram"),
        ("clean flat illustration, soft colours, one clear subject", "flat"),
        ("paper cut-out, morning light", "paper"),
        ("Aquarell", "watercolour"),
        ("3-D render", "solid"),
        ("a photograph of the time", "photo"),
        ("whatever you like", "plain"),
    ],
)
def test_a_style_is_known_by_its_words(words: str, name: str) -> None:
    assert style_of(words).name == name


def test_only_diagrams_and_those_that_ask_for_it_are_labelled() -> None:
    assert [style_of(words).labelled for words in ("flat diagram", "watercolour, annotated", "watercolour")] == [
        True,
        True,
        False,
    ]


def test_every_style_names_an_existing_surface() -> None:
    assert {style_of(words).finish for words in (*KNOWN, "", "abc", "def", "ghi")} <= set(FINISHES)


@pytest.mark.parametrize("words", [*KNOWN, "flat, dark", "comic, winter", "unheard of"])
def test_every_style_shows_every_colour_in_bytes(words: str) -> None:
    style = style_of(words)
    assert all(0 <= part <= 255 for name in COLOURS for part in style.colour(name))
