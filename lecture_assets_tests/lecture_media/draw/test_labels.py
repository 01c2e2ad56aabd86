"""Labels name what is drawn, in the text's own words, if there is room."""

from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from lecture_media.draw.labels import Drawn, label
from lecture_media.draw.layout import Placed
from lecture_media.draw.pen import Shape
from lecture_media.draw.stage import Box, stage_of
from lecture_media.draw.style import rgb, style_of
from lecture_media.draw.subjects import SUBJECTS, Mention

SIZE = (640, 360)
STYLE = style_of("flat diagram")
STAGE = stage_of(SIZE)


def block(box: Box, word: str = "chloroplasts", subject: str = "leaf") -> Drawn:
    """A subject that covers a box exactly."""
    left, top, right, bottom = box
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    item = Placed(Mention(SUBJECTS[subject], word), (left + right) / 2, (top + bottom) / 2, (right - left) / 2)
    return Drawn(item, (Shape(corners, "leaf"),))


def written(*items: Drawn) -> tuple[list[Box], Image.Image]:
    picture = Image.new("RGB", SIZE, rgb(STYLE.ground))
    return label(picture, items, STYLE, STAGE), picture


CORNERS = {
    "upper left": block((26, 15, 90, 60)),
    "upper right": block((550, 15, 614, 60)),
    "lower left": block((26, 240, 90, 294)),
    "lower right": block((550, 240, 614, 294)),
    "all across the top": block((26, 15, 614, 120)),
    "all across the foot": block((26, 200, 614, 295)),
}


@pytest.mark.parametrize("item", CORNERS.values(), ids=CORNERS)
def test_a_label_stays_on_the_stage_wherever_its_subject_is(item: Drawn) -> None:
    (box,), picture = written(item)
    assert STAGE.holds(box)
    rows, columns = (np.asarray(picture.convert("L")) < 120).nonzero()
    assert len(rows) > 100, "dark letters were written"
    assert (columns.min(), columns.max()) >= (STAGE.left, 0)
    assert columns.max() < STAGE.right
    assert rows.max() < STAGE.bottom


def test_neither_labels_nor_what_they_name_are_covered_by_labels() -> None:
    items = [block((60 + 90 * i, 100 + 30 * (i % 2), 130 + 90 * i, 170 + 30 * (i % 2)), f"carbohydrate {i}") for i in range(6)]
    boxes, _ = written(*items)
    assert len(boxes) == 6
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for box in boxes:
        for item in items:
            middle = item.item.x, item.item.y
            assert not (box[0] < middle[0] < box[2] and box[1] < middle[1] < box[3])


def test_where_there_is_no_room_nothing_is_written() -> None:
    boxes, picture = written(block((0, 0, *SIZE)))
    assert boxes == []
    assert len(picture.getcolors() or []) == 1


@pytest.mark.parametrize(
    ("word", "subject", "labelled"),
    [
        ("leaf", "leaf", True),
        ("Blätter", "leaf", True),
        ("", "leaf", False),
        ("Donaudampfschifffahrtsgesellschaft", "leaf", False),
        ("лист", "leaf", True),
        ("φύλλο", "leaf", True),
        ("葉", "leaf", False),
        ("🌱", "leaf", False),
        ("Marx and Hegel", "banner", False),
    ],
)
def test_a_word_is_written_if_it_is_short_new_and_its_letters_are_available(
    word: str,
    subject: str,
    labelled: bool,  # noqa: FBT001 - a table
) -> None:
    boxes, _ = written(block((200, 100, 300, 200), word, subject))
    assert bool(boxes) is labelled


def test_a_translucent_drawing_has_its_label_around_its_circle() -> None:
    item = Placed(Mention(SUBJECTS["light"], "light"), 300, 150, 50)
    (box,), _ = written(Drawn(item, (Shape(((290, 140), (310, 140), (300, 160)), "glow", alpha=0.5),)))
    assert box[1] >= 200
