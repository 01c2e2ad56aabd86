"""The simulated image model: `paint` draws what a prompt names, in its style and view, and returns PNG bytes.

It is not a real model: it knows the subjects in `subjects.py`, and writes as text what it cannot draw.

    reading (what is wanted) -> scenery + layout (where) -> drawings (shapes) -> ink (pixels) -> finish (surface) -> text -> PNG
"""

import io
from collections.abc import Sequence

from PIL import Image

from lecture_media.chance import Chance
from lecture_media.draw.drawings import DRAWINGS
from lecture_media.draw.emblem import emblem
from lecture_media.draw.finish import FINISHES
from lecture_media.draw.ink import FINER, lettered, painted
from lecture_media.draw.joints import joined
from lecture_media.draw.labels import Drawn, label
from lecture_media.draw.layout import Placed, placed
from lecture_media.draw.pen import Pen
from lecture_media.draw.reading import PictureView, Reading, read
from lecture_media.draw.scenery import CUT_GROUND, backdrop, place_of, scenery
from lecture_media.draw.sequence import hosts_and_messages
from lecture_media.draw.stage import Size, stage_of
from lecture_media.draw.style import rgb
from lecture_media.draw.subjects import Place, Spot

_IS_GROUND = {"river", "mountain", "ice", "volcano"}
"""Subjects that cast no shadow on the ground, since they are ground."""
COLOURS_KEPT = 256
"""A palette makes a file a quarter as large as full colour, and the papers' grain hides its steps."""


def paint(prompt: str, width: int, height: int, key: str) -> bytes:
    """Return a PNG of exactly width × height pixels. Equal arguments give equal bytes; another key gives another arrangement."""
    reading, chance, size = read(prompt), Chance("paint", prompt, key), (width, height)
    place = place_of(reading)
    pen = Pen(width / 2, height / 2, min(size) / 2, chance=chance)
    scenery(pen, place, reading, size, chance)
    items = _drawn(pen, reading, place, size)
    fills, lines = painted(pen.sheet, backdrop(place, reading, (width * FINER, height * FINER)), reading.style)
    picture = FINISHES[reading.style.finish](fills, lines, reading.style)
    lettered(picture, pen.sheet, reading.style)
    if reading.style.labelled:
        label(picture, items, reading.style, stage_of(size, roomy=reading.roomy))
    return _png(picture, (*rgb(reading.style.ink), *rgb(reading.style.ground)))


def _png(picture: Image.Image, kept: Sequence[int]) -> bytes:
    """Reduce to a palette. kept: colours that must stay exact, since small text covers too little of a picture to earn one."""
    held = io.BytesIO()
    palette = picture.reduce(4).quantize(COLOURS_KEPT - len(kept) // 3, method=Image.Quantize.MEDIANCUT)
    palette.putpalette([*(palette.getpalette() or []), *kept])
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(held, "PNG", compress_level=4)
    return held.getvalue()


def _drawn(pen: Pen, reading: Reading, place: Place, size: Size) -> list[Drawn]:
    """Draw every subject in its place; return the drawings, for the labels."""
    if not reading.subjects:
        emblem(pen, reading.key_words)
        return []
    if reading.hosts and reading.view is not PictureView.CLOSE:
        items = hosts_and_messages(pen, reading, size)
    else:
        items = placed(reading, place, size, pen.chance)
        joined(pen, items, reading, place, size)
    made: list[Drawn] = []
    for item in items:
        before = len(pen.sheet)
        if not _is_scenery(item, reading, place):
            _draw(pen, item, reading, place)
        made.append(Drawn(item, tuple(pen.sheet[before:])))
    return made


def _is_scenery(item: Placed, reading: Reading, place: Place) -> bool:
    """Whether the scenery shows it already, as in a wide view of the sea."""
    return (
        item.mention.subject.name == "sea" and place is Place.SEA and reading.view is PictureView.WIDE and reading.style.scenery
    )


def _draw(pen: Pen, item: Placed, reading: Reading, place: Place) -> None:
    own = Pen(item.x, item.y, item.size, sheet=pen.sheet, chance=pen.chance)
    subject = item.mention.subject
    if item.framed:
        dark = reading.style.dark
        own.oval((0, 0), 1.0, "steel_dark" if dark else "sand")
        own.oval((0, 0), 0.94, "night" if dark else "sky" if subject.spot is Spot.SKY else "paper")
    elif reading.style.diagram and reading.view is PictureView.CLOSE:
        own.oval((0, 0), 1.0, "screen" if reading.style.dark else "sky_deep", 0.45)
    elif subject.spot is Spot.GROUND and place in CUT_GROUND and reading.style.scenery and subject.name not in _IS_GROUND:
        own.oval((0.05, 0.98), (0.8, 0.1), "soil_dark", 0.25)
    inner = own.at(0, 0, 0.66) if item.framed else own
    inner.word = item.mention.word
    DRAWINGS[subject.name](inner)
