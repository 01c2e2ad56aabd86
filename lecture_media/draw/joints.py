"""What the composition draws between subjects: arrows of a diagram, threads to details, a lens and its pointers."""

import math
from collections.abc import Sequence

from lecture_media.draw.layout import Placed, lens_radius
from lecture_media.draw.pen import Pen, Point
from lecture_media.draw.reading import PictureView, Reading
from lecture_media.draw.scenery import CUT_GROUND
from lecture_media.draw.stage import Size, Stage, stage_of
from lecture_media.draw.subjects import Place

_SHORTEST_ARROW = 0.05
"""As a share of the distance between two subjects; a shorter arrow would be all head."""


def joined(pen: Pen, items: Sequence[Placed], reading: Reading, place: Place, size: Size) -> None:
    """Draw what joins the items in this view. Call it before they are drawn, since it lies under them."""
    sheet, stage = Pen(0, 0, 1, sheet=pen.sheet), stage_of(size, roomy=reading.roomy)
    if reading.view is PictureView.CLOSE:
        for item in items[1:]:
            sheet.stroke(_between(items[0], item, 0.9, 1.0), "steel", stage.unit * 0.007)
    elif reading.view is PictureView.ABOVE:
        _chain(sheet, items, stage, reading, closed=len(items) > 2)  # noqa: PLR2004 (two do not make a ring)
    elif reading.style.diagram and reading.view is PictureView.WIDE:
        _chain(sheet, items, stage, reading, closed=False)
    elif reading.view is PictureView.SECTION and place not in CUT_GROUND:
        for item in items[1:]:
            sheet.stroke(_between(items[0], item, 1.0, 0.9), "steel", stage.unit * 0.007)
        _lens(pen, items[0], lens_radius(stage), "night" if reading.style.dark or place is Place.SPACE else "paper")


def _lens(pen: Pen, middle: Placed, radius: float, within: str) -> None:
    """A round window with a rim."""
    lens = Pen(middle.x, middle.y, radius, sheet=pen.sheet)
    for part, colour in ((1.0, "steel_dark"), (0.965, "glass"), (0.93, within)):
        lens.oval((0, 0), part, colour)
    lens.arc((0, 0, 0.86), (0.55, 0.7), "glass", 0.03)


def _chain(sheet: Pen, items: Sequence[Placed], stage: Stage, reading: Reading, *, closed: bool) -> None:
    """A line from each item to the next, and from the last to the first if it is closed; with arrowheads if requested."""
    for here, after in zip(items, [*items[1:], *(items[:1] if closed else [])], strict=False):
        start, end = _between(here, after, 1.08, 1.12)
        way = math.dist((here.x, here.y), (after.x, after.y))
        if way * (1 - _SHORTEST_ARROW) < (here.size + after.size) * 1.1:
            continue
        if reading.ordered:
            sheet.arrow([start, end], "flame", stage.unit * 0.012)
        else:
            sheet.stroke([start, end], "steel", stage.unit * 0.008)


def _between(here: Placed, after: Placed, leaving: float, arriving: float) -> tuple[Point, Point]:
    """The ends of a line between two circles, as multiples of their radii."""
    dx, dy = after.x - here.x, after.y - here.y
    far = math.hypot(dx, dy) or 1.0
    a, b = here.size * leaving / far, 1 - after.size * arriving / far
    return (here.x + dx * a, here.y + dy * a), (here.x + dx * b, here.y + dy * b)
