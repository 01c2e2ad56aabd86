"""A picture depends only on its prompt, size and key, shows what the prompt names, and keeps clear of the captions."""

import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from lecture_assets.graph.fingerprint import Json
from lecture_assets.providers.simulated.writer import VIEWS, write
from lecture_assets.render.overlay import Overlays
from lecture_assets.timeline.clock import ASPECT_RATIOS
from lecture_assets_tests.timeline.samples import lecture, segment, speech
from lecture_media.draw.painter import paint
from lecture_media.draw.stage import stage_of
from lecture_media.draw.subjects import SUBJECTS

SMALL = (320, 180)
BEES = "Wide view. A bee on a flower under the sun. Style: "
CROWDED = "The sun, a tree, a house, a bee, water, a cell and a crown. Style: flat diagram"
HOSTILE = {
    "ten thousand letters": "photosynthesis " * 667,
    "one word without end": "x" * 10_000,
    "emoji": "🌱🌞💧👩‍🔬" * 20,
    "right to left": "التمثيل الضوئي يصنع الغذاء",
    "right to left marks": "\u202eplants eat light\u202c\u200f",
    "only punctuation": "?!… — ;;; ***",
    "nothing": "",
    "blanks": " \n\t ",
    "half of a pair": "\ud83c leaf \x00",
    "brackets": "[(*+?{\\",
    "only style": "Style: neon",
    "hosts that say nothing": "Style: flat diagram, two hosts and arrows",
}


def pixels(prompt: str, size: tuple[int, int] = SMALL, key: str = "key") -> NDArray[np.int16]:
    """Shape (height, width, 3)."""
    with Image.open(BytesIO(paint(prompt, *size, key))) as picture:
        return np.asarray(picture.convert("RGB")).astype(np.int16)


def image_prompt(facts: dict[str, Json]) -> str:
    """What the vendor's own writer requests of the painter."""
    answer = write("image-prompt", facts, "key")
    assert isinstance(answer, dict)
    return str(answer["text"])


def changed(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    """The share of pixels that differ clearly."""
    return float((np.abs(one - other).max(axis=2) > 24).mean())


def drawn(prompt: str, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Where a flat diagram is not blank: its ground is one colour with faint dots."""
    picture = pixels(prompt, size)
    ground = np.median(picture, axis=(0, 1))
    return np.asarray(np.abs(picture - ground).max(axis=2) > 40)


@pytest.mark.parametrize("style", ["watercolour, labelled", "neon", "paper cut-out", "photo", "an unheard-of look"])
def test_equal_arguments_give_equal_bytes(style: str) -> None:
    assert paint(BEES + style, *SMALL, "key") == paint(BEES + style, *SMALL, "key")


@pytest.mark.slow
def test_another_process_paints_the_same_bytes() -> None:
    prompt = BEES + "watercolour, labelled"
    code = f"""
from hashlib import sha256
from lecture_media.draw.painter import paint
print(sha256(paint({prompt!r}, 320, 180, "key")).hexdigest())
"""
    ran = subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": "1"}, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == sha256(paint(prompt, *SMALL, "key")).hexdigest()


def test_another_key_rearranges_the_same_subjects() -> None:
    assert changed(pixels(BEES + "flat"), pixels(BEES + "flat", key="another")) > 0.02


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 2), (2, 3)])
def test_two_pictures_of_a_segment_differ_visibly(one: int, other: int) -> None:
    facts: dict[str, Json] = {"visual": "Roots drink water from the soil", "image-style": "flat"}
    assert changed(*(pixels(image_prompt(facts | {"image": image})) for image in (one, other))) > 0.2


def test_each_remake_of_a_picture_differs_visibly_from_the_last() -> None:
    facts: dict[str, Json] = {"visual": "A fish in the sea", "image-style": "watercolour", "image": 0}
    made = [pixels(image_prompt(facts | {"reroll": reroll})) for reroll in range(4)]
    assert all(changed(before, after) > 0.08 for before, after in pairwise(made))


@pytest.mark.parametrize("ratio", ASPECT_RATIOS)
@pytest.mark.parametrize("style", ["watercolour", "comic", "neon"])
def test_a_picture_has_exactly_the_requested_size(ratio: str, style: str) -> None:
    size = ASPECT_RATIOS[ratio]
    small = (size[0] // 3 + 1, size[1] // 3)
    with Image.open(BytesIO(paint(BEES + style, *small, "key"))) as picture:
        assert (picture.format, picture.size) == ("PNG", small)


@pytest.mark.parametrize("prompt", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_the_prompt_a_picture_is_drawn(prompt: str) -> None:
    picture = pixels(prompt)
    assert picture.shape == (180, 320, 3)
    assert picture.reshape(-1, 3).std(axis=0).max() > 6
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 12


def test_words_that_name_nothing_known_still_give_a_distinct_picture() -> None:
    one, other = (pixels(f"{words}. Style: flat") for words in ("Zorblax hums", "Quivvle rests"))
    assert changed(one, other) > 0.02
    assert changed(one, pixels("Style: flat")) > 0.02


def test_words_in_a_script_without_a_font_still_give_a_distinct_picture() -> None:
    assert changed(*(pixels(f"{words}。 Style: flat") for words in ("量子力学", "民主主義"))) > 0.02


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_every_subject_is_drawn_large_when_it_is_alone(subject: object) -> None:
    word = getattr(subject, "called")[0].replace("_", " ")  # noqa: B009 - the parameter is typed by its table
    seen = drawn(f"Close-up. {word}. Style: flat diagram", (160, 90))
    assert seen.mean() > 0.02


@pytest.mark.parametrize(
    ("word", "colour"),
    [("leaf", "green"), ("apple", "red"), ("water", "blue"), ("blood", "red"), ("tree", "green"), ("clock", "blue")],
)
def test_a_thing_has_its_colour(word: str, colour: str) -> None:
    picture = pixels(f"Close-up. {word}. Style: flat diagram")
    red, green, blue = picture.reshape(-1, 3)[drawn(f"Close-up. {word}. Style: flat diagram", SMALL).reshape(-1)].mean(axis=0)
    assert {"red": red, "green": green, "blue": blue}[colour] == max(red, green, blue)


def test_a_wide_view_of_the_sea_is_blue_below_and_one_of_the_land_green() -> None:
    sea, land = (pixels(f"Wide view. {words}. Style: flat")[-20:].mean(axis=(0, 1)) for words in ("A ship on the sea", "A tree"))
    assert sea[2] > sea[0] + 40
    assert land[1] > land[2] + 20


def test_evening_changes_the_sky_and_not_the_ground() -> None:
    day, evening = (pixels(f"Wide view{when}. A tree. Style: flat") for when in ("", ", in the evening"))
    assert np.abs(day[:10].mean(axis=(0, 1)) - evening[:10].mean(axis=(0, 1))).max() > 40
    assert np.abs(day[-10:].mean(axis=(0, 1)) - evening[-10:].mean(axis=(0, 1))).max() < 12


@pytest.mark.parametrize("ratio", ASPECT_RATIOS)
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_drawn_or_written_off_the_stage(view: str, ratio: str) -> None:
    size = (ASPECT_RATIOS[ratio][0] // 2, ASPECT_RATIOS[ratio][1] // 2)
    rows, columns = drawn(f"{view}. {CROWDED}", size).nonzero()
    stage, slack = stage_of(size), min(size) * 0.03
    assert stage.left - slack <= columns.min()
    assert columns.max() <= stage.right + slack
    assert stage.top - slack <= rows.min()
    assert rows.max() <= stage.bottom + slack / 2


@pytest.mark.parametrize("ratio", ASPECT_RATIOS)
def test_a_message_diagram_keeps_clear_of_the_captions(ratio: str) -> None:
    size = (ASPECT_RATIOS[ratio][0] // 2, ASPECT_RATIOS[ratio][1] // 2)
    told = "The client sends SYN. The server answers SYN and ACK. The client sends ACK. An attacker waits, a clock ticks."
    rows, _ = drawn(f"Wide view. {told} Style: flat diagram, two hosts", size).nonzero()
    assert size[1] * 0.6 < rows.max() <= stage_of(size).bottom + 4


@pytest.mark.parametrize("ratio", ASPECT_RATIOS)
def test_captions_of_one_line_begin_below_the_stage(ratio: str) -> None:
    size = ASPECT_RATIOS[ratio]
    timeline = lecture({0: segment(narration=speech("leaves look green"), size=size)}, size=size, title=None)
    tops = [plate.y for frame in range(timeline["duration_in_frames"]) for plate in Overlays(timeline).at(frame)]
    assert tops
    assert stage_of(size).bottom <= min(tops)


def test_an_opening_frame_leaves_room_for_a_camera_that_comes_closer() -> None:
    rows, columns = drawn(f"Opening frame, wide view. {CROWDED}", SMALL).nonzero()
    stage = stage_of(SMALL, roomy=True)
    assert stage.left <= columns.min()
    assert columns.max() <= stage.right
    assert rows.max() <= stage.bottom < stage_of(SMALL).bottom
