import io
from typing import Any

import numpy as np
from PIL import Image

from lecture_assets.render.poster import poster
from lecture_assets.render.preview import preview
from lecture_assets_tests.render.samples import RED, SIZE, Shelf


def drawn(shelf: Shelf, dark: int) -> dict[str, Any]:
    """A picture of two halves: `dark` is the light of one, the other one has 40 more."""
    path = shelf.root / "drawn.png"
    light = np.full((SIZE[1], SIZE[0], 3), dark, np.uint8)
    light[:, SIZE[0] // 2 :] += 40
    Image.fromarray(light).save(path)
    return {"sha256": shelf.bytes(path.read_bytes()), "media_type": "image/png", "width": SIZE[0], "height": SIZE[1]}


def seen(timeline: Any, shelf: Shelf) -> Image.Image:
    picture = Image.open(io.BytesIO(poster(timeline, shelf)))
    assert (picture.format, picture.size) == ("JPEG", SIZE)
    return picture


def test_the_first_picture_that_is_neither_dark_nor_empty_is_the_poster(shelf: Shelf) -> None:
    pictures = [shelf.picture((4, 4, 4)), shelf.picture(RED), drawn(shelf, 120), drawn(shelf, 200)]
    light = np.asarray(seen(shelf.lecture(shelf.segment(pictures=pictures), title="Light"), shelf).convert("L"))
    assert (abs(int(light[90, 40]) - 120) < 5, abs(int(light[90, 280]) - 160) < 5) == (True, True)


def test_without_a_good_one_it_is_the_best_and_a_placeholder_only_if_there_is_nothing_else(shelf: Shelf) -> None:
    timeline = shelf.lecture(shelf.segment(pictures=[None, shelf.picture((4, 4, 4)), shelf.picture(RED)]))
    colour = np.asarray(seen(timeline, shelf))[90, 160]
    assert np.abs(colour.astype(int) - RED).max() < 6, "as plain as the other one, but lighter"
    assert np.asarray(seen(shelf.lecture(None), shelf)).std() > 5, "what is missing is written on it"


def test_a_clip_is_shown_in_the_middle_of_what_it_plays(shelf: Shelf) -> None:
    dark = (0, 0, 0)
    timeline = shelf.lecture(shelf.segment(seconds=6, pictures=[], clip=shelf.clip([dark, RED, dark])))
    assert np.abs(np.asarray(seen(timeline, shelf))[90, 160].astype(int) - RED).max() < 12


def test_a_preview_has_a_frame_for_each_segment(shelf: Shelf) -> None:
    timeline = shelf.lecture(shelf.segment(), shelf.segment(1, pictures=[drawn(shelf, 90)]))
    with Image.open(io.BytesIO(preview(timeline, shelf))) as picture:
        assert (picture.format, picture.size, getattr(picture, "n_frames", 1)) == ("GIF", (480, 270), 2)
