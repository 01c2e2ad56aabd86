"""The simulated image model: `paint` draws what a prompt names, in its style and view, as PNG bytes.

It is no model of pictures: it knows the subjects of `subjects.py`, and sets as type what it cannot draw.

    reading (what is asked) -> scenery + layout (where) -> drawings (shapes) -> ink (pixels) -> finish (surface) -> labels -> PNG
"""

import io
import math
from collections.abc import Sequence

from PIL import Image

from lecture_assets.providers.simulated.chance import Chance
from lecture_assets.providers.simulated.drawings import DRAWINGS
from lecture_assets.providers.simulated.finish import FINISHES
from lecture_assets.providers.simulated.ink import FINER, painted
from lecture_assets.providers.simulated.labels import label
from lecture_assets.providers.simulated.layout import Placed, placed
from lecture_assets.providers.simulated.pen import Pen
from lecture_assets.providers.simulated.reading import Reading, View, read
from lecture_assets.providers.simulated.scenery import CUT_GROUND, backdrop, place_of, scenery
from lecture_assets.providers.simulated.sequence import hosts_and_messages
from lecture_assets.providers.simulated.subjects import Place, Spot

_IS_GROUND = {"river", "mountain", "ice", "volcano"}
"""Subjects that cast no shadow on the ground, being ground."""
COLOURS_KEPT = 256
"""A palette makes a file a quarter as large as full colour, and the papers' grain hides its steps."""


def paint(prompt: str, width: int, height: int, key: str) -> bytes:
    """A PNG of exactly width × height pixels; equal arguments give equal bytes, another key another arrangement."""
    reading, chance, size = read(prompt), Chance("paint", prompt, key), (width, height)
    place = place_of(reading)
    pen = Pen(width / 2, height / 2, min(size) / 2, chance=chance)
    scenery(pen, place, reading, size, chance)
    items = _arranged(pen, reading, place, size, chance)
    fills, lines = painted(pen.sheet, backdrop(place, reading, (width * FINER, height * FINER)), reading.style)
    picture = FINISHES[reading.style.finish](fills, lines, reading.style)
    if reading.style.labelled:
        label(picture, items, reading.style)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    held = io.BytesIO()
    palette = picture.reduce(4).quantize(COLOURS_KEPT, method=Image.Quantize.MEDIANCUT)
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(held, "PNG", compress_level=4)
    return held.getvalue()


def _arranged(pen: Pen, reading: Reading, place: Place, size: tuple[int, int], chance: Chance) -> list[Placed]:
    """Draw every subject where it belongs; what is where, for the labels."""
    if not reading.subjects:
        _emblem(pen, reading, size, chance)
        return []
    if reading.hosts and reading.view is not View.CLOSE:
        items = hosts_and_messages(pen, reading, size)
    else:
        items = placed(reading, place, size, chance)
        _joined(pen, items, reading, place, size)
    for item in items:
        if (
            item.mention.subject.name != "sea"
            or place is not Place.SEA
            or reading.view is not View.WIDE
            or not reading.style.scenery
        ):
            _drawn(pen, item, reading, place)
    return items


def _drawn(pen: Pen, item: Placed, reading: Reading, place: Place) -> None:
    own = Pen(item.x, item.y, item.size, sheet=pen.sheet, chance=pen.chance)
    if item.framed:
        dark = reading.style.dark
        own.oval(0, 0, 1.0, colour="steel_dark" if dark else "sand")
        own.oval(0, 0, 0.94, colour="night" if dark else "paper")
    elif (
        item.mention.subject.spot is Spot.GROUND
        and place in CUT_GROUND
        and reading.style.scenery
        and item.mention.subject.name not in _IS_GROUND
    ):
        own.oval(0.05, 0.98, 0.8, 0.1, "soil_dark", 0.25)
    inner = own.at(0, 0, 0.66) if item.framed else own
    inner.word = item.mention.word
    DRAWINGS[item.mention.subject.name](inner)


def _joined(pen: Pen, items: Sequence[Placed], reading: Reading, place: Place, size: tuple[int, int]) -> None:
    """The lines and arrows between subjects that the composition asks for."""
    sheet = Pen(0, 0, 1, sheet=pen.sheet)
    unit = min(size)
    ring = reading.view is View.ABOVE and len(items) > 1
    if reading.view is View.CLOSE:
        for item in items[1:]:
            sheet.stroke([(items[0].x, items[0].y), (item.x, item.y)], "steel", unit * 0.006)
    elif ring or (reading.style.diagram and reading.view is View.WIDE):
        for here, after in zip(items, [*items[1:], *(items[:1] if ring and len(items) > 2 else [])], strict=False):  # noqa: PLR2004 (two make no ring)
            _arrow_between(sheet, here, after, unit)
    elif reading.view is View.SECTION and place not in CUT_GROUND:
        for item in items[1:]:
            sheet.stroke([(item.x, item.y), (size[0] / 2, size[1] / 2)], "steel", unit * 0.006)
        _lens(pen, size, unit * 0.39, "night" if reading.style.dark or place is Place.SPACE else "paper")


def _lens(pen: Pen, size: tuple[int, int], radius: float, within: str) -> None:
    """A round window with a rim, in the middle of the picture."""
    lens = Pen(size[0] / 2, size[1] / 2, radius, sheet=pen.sheet)
    for part, colour in ((1.0, "steel_dark"), (0.965, "glass"), (0.93, within)):
        lens.oval(0, 0, part, colour=colour)
    lens.arc(0, 0, 0.86, 0.55, 0.7, "glass", 0.03)


def _arrow_between(sheet: Pen, here: Placed, after: Placed, unit: float) -> None:
    dx, dy = after.x - here.x, after.y - here.y
    far = math.hypot(dx, dy) or 1.0
    a, b = here.size * 1.08 / far, 1 - after.size * 1.12 / far
    if b - a > 0.05:  # noqa: PLR2004 (less would be all head)
        sheet.arrow([(here.x + dx * a, here.y + dy * a), (here.x + dx * b, here.y + dy * b)], "flame", unit * 0.011)


def _emblem(pen: Pen, reading: Reading, size: tuple[int, int], chance: Chance) -> None:
    """For what cannot be drawn: a rosette with the key words on ribbons."""
    petals = 6 + int(chance.between(0, 7))
    colours = ("teal", "cloth", "flame", "violet", "leaf", "gold", "rose")
    first = int(chance.between(0, len(colours)))
    for ring in range(4):
        pen.lift()
        turn, radius = chance.between(0, 1), 0.86 - 0.19 * ring
        pen.star(0, -0.06, radius, radius * (0.72 + 0.08 * (ring % 2)), petals, colours[(first + ring * 2) % len(colours)], turn)
    pen.oval(0, -0.06, 0.2, colour="paper")
    for i, word in enumerate(reading.key_words[:3]):
        ribbon = Pen(
            size[0] / 2,
            size[1] / 2 + pen.size * (0.5 * i - 0.02 if len(reading.key_words) > 1 else 0.3),
            pen.size * (0.72 - 0.12 * i),
            sheet=pen.sheet,
        )
        ribbon.word = word
        DRAWINGS["banner"](ribbon)
