"""What is behind the subjects: gradients for the air, and ground, sea, stars or a wall as shapes. No subject is placed."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from lecture_media.chance import Chance
from lecture_media.draw.drawings import DRAWINGS
from lecture_media.draw.pen import Pen, Point
from lecture_media.draw.reading import PictureView, Reading
from lecture_media.draw.style import Style, rgb
from lecture_media.draw.subjects import Place, Spot

HORIZON = {Place.LAND: 0.66, Place.SEA: 0.68, Place.TOWN: 0.74, Place.ROOM: 0.76, Place.SPACE: 1.0, Place.MICRO: 1.0}
"""Where the ground begins, as a share of the height."""
CUT_GROUND = frozenset({Place.LAND, Place.SEA, Place.TOWN})
"""Places whose cross-section shows the layers of the ground; the others are viewed through a lens."""
CUT_LEVEL = 0.49
"""Where ground in cross-section begins."""
SHORE = 0.56
"""Where the land ends and the sea begins, as a share of the width."""
_AIR = {
    Place.LAND: ("sky_deep", "sky", "sky_low"),
    Place.SEA: ("sky_deep", "sky", "sky_low"),
    Place.TOWN: ("sky", "sky_low", "sky_low"),
    Place.ROOM: ("wall", "paper", "wall"),
    Place.SPACE: ("night", "night", "night_low"),
    Place.MICRO: ("micro", "cell", "micro"),
}
WARM_AIR = 0.3
"""From this warmth of a style on, the sun is low."""
_MORNING = ("sky", "sky_low", "glow")
_EVENING = ("violet", "petal", "glow")


def place_of(reading: Reading) -> Place:
    """The place most of the subjects belong to; the first one counts double."""
    votes: dict[Place, float] = {}
    for rank, mention in enumerate(reading.subjects):
        place = mention.subject.place
        votes[place] = votes.get(place, 0) + (2 if rank == 0 else 1) * (0.6 if place is Place.ROOM else 1)
    if reading.shore:
        return Place.SEA
    first = max(votes, key=lambda place: votes[place]) if votes else Place.ROOM
    return Place.LAND if first is Place.SEA and _stands(reading) else first


def _stands(reading: Reading) -> bool:
    """Whether a subject needs ground under it."""
    return any(mention.subject.spot in {Spot.GROUND, Spot.UNDER} for mention in reading.subjects)


def backdrop(place: Place, reading: Reading, size: tuple[int, int]) -> Image.Image:
    """The air: a smooth vertical gradient, in the bare ground's colour if the style paints no scenery."""
    style = reading.style
    if not style.scenery:
        return Image.new("RGB", size, rgb(style.ground))
    morning = style.warm >= WARM_AIR and place in {Place.LAND, Place.SEA, Place.TOWN}
    names = _MORNING if morning else _AIR[place]
    names = _EVENING if reading.evening and place in {Place.LAND, Place.SEA, Place.TOWN} else names
    stops = np.array([_dimmed(style, name) for name in names], dtype=np.float32)
    down = np.linspace(0, 1, size[1])
    column = np.stack([np.interp(down, (0, 0.55, 1), stops[:, band]) for band in range(3)], axis=1)
    return Image.fromarray(column.astype(np.uint8)[:, None, :]).resize(size, Image.Resampling.NEAREST)


def _dimmed(style: Style, name: str) -> tuple[float, ...]:
    """A colour of the air; on a dark ground, mostly that of the ground."""
    shown, bare = style.colour(name), rgb(style.ground)
    return (
        tuple(a + (b - a) * 0.8 for a, b in zip(shown, bare, strict=True)) if style.dark else tuple(float(part) for part in shown)
    )


@dataclass(frozen=True, slots=True)
class _Field:
    """What the ground is drawn on. wide, tall: half the picture's sides in the pen's units, centred on the picture."""

    pen: Pen
    wide: float
    tall: float
    chance: Chance

    def level(self, place: Place) -> float:
        """The horizon's y."""
        return self.tall * (2 * HORIZON[place] - 1)

    def anywhere(self, top: float | None = None) -> Point:
        """A random point of the picture, below `top` if that is given."""
        return self.chance.between(-self.wide, self.wide), self.chance.between(-self.tall if top is None else top, self.tall)


def scenery(pen: Pen, place: Place, reading: Reading, size: tuple[int, int], chance: Chance) -> None:
    """Draw the ground as shapes. pen: its box is the middle square of the picture."""
    field = _Field(pen, size[0] / (2 * pen.size), size[1] / (2 * pen.size), chance)
    if not reading.style.scenery:
        _grid(field)
    elif reading.view is PictureView.CLOSE or reading.view is PictureView.ABOVE:
        _lights(field, place)
    elif reading.view is PictureView.SECTION and place in CUT_GROUND:
        _strata(field)
    else:
        if place in CUT_GROUND and not any(mention.subject.spot is Spot.SKY for mention in reading.subjects):
            _clouds(field)
        _GROUNDS[place](field)
        if reading.shore:
            _shore(field)


def _clouds(field: _Field) -> None:
    """Three small clouds high up."""
    for _ in range(3):
        x, y = field.chance.between(-field.wide, field.wide), -field.chance.between(0.45, 0.8) * field.tall
        DRAWINGS["cloud"](field.pen.at(x, y, 0.17))


def _rolling(field: _Field, level: float, swell: float, colour: str, phase: float) -> None:
    """A line of hills across the picture, filled to the bottom."""
    wide, tall = field.wide * 1.05, field.tall * 1.05
    turns = [i * 0.42 + phase for i in range(25)]
    crest = [
        (wide * (2 * i / 24 - 1), level + swell * math.sin(turn) + swell * 0.4 * math.sin(i * 0.9 + phase * 2))
        for i, turn in enumerate(turns)
    ]
    field.pen.lift()
    field.pen.poly([*crest, (wide, tall), (-wide, tall)], colour)


def _land(field: _Field) -> None:
    level, tall = field.level(Place.LAND), field.tall
    phase = field.chance.between(0, 6)
    _rolling(field, level - 0.16 * tall, 0.09, "hill_far", phase)
    _rolling(field, level, 0.07, "hill", phase + 2)
    _rolling(field, level + 0.2 * tall, 0.05, "grass", phase + 4)
    for _ in range(16):
        x, y = field.anywhere(level + 0.32 * tall)
        field.pen.stroke([(x - 0.02, y), (x, y - 0.06), (x + 0.02, y)], "leaf", 0.012)


def _sea(field: _Field) -> None:
    level, phase = field.level(Place.SEA), field.chance.between(0, 6)
    wide, tall = field.wide * 1.05, field.tall
    for row, colour in enumerate(("water_light", "water", "water_dark")):
        y, swell = level + row * 0.24 * tall, 0.018 + 0.012 * row
        crest = [(wide * (2 * i / 40 - 1), y + swell * math.sin(i * (1.3 - 0.25 * row) + phase + row)) for i in range(41)]
        field.pen.lift()
        field.pen.poly([*crest, (wide, tall * 1.05), (-wide, tall * 1.05)], colour)
    for _ in range(12):
        x, y = field.anywhere(level + 0.06)
        field.pen.stroke([(x - 0.07, y), (x, y - 0.02), (x + 0.07, y)], "snow", 0.012, 0.8)


def _shore(field: _Field) -> None:
    """Land on the left that slopes to the sea, with a beach."""
    level, edge = field.level(Place.SEA), field.wide * (2 * SHORE - 1)
    far, low = -field.wide * 1.2, field.tall * 1.3
    for reach, rise, colour in ((0.14, 0.0, "sand"), (0.0, 0.05, "grass")):
        top, end = level - 0.12 - rise, edge + reach
        slope = [(far, top), (far / 2, top), (end - 0.4, level - 0.02 - rise), (end, level + 0.14)]
        field.pen.lift()
        field.pen.curve([*slope, (end - 0.1, field.tall * 0.9), (end, low), (far, low)], colour)


def _town(field: _Field) -> None:
    level, x = field.level(Place.TOWN), -field.wide
    while x < field.wide:
        width, height = field.chance.between(0.12, 0.26), field.chance.between(0.15, 0.5)
        walls = [(x, level + 0.1), (x, level - height), (x + width, level - height), (x + width, level + 0.1)]
        field.pen.poly(walls, "cloud_dark", 0.6, outlined=False)
        x += width * field.chance.between(0.9, 1.3)
    _rolling(field, level, 0.015, "floor", field.chance.between(0, 6))


def _room(field: _Field) -> None:
    level, wide, tall = field.level(Place.ROOM), field.wide * 1.05, field.tall
    x = field.chance.between(-0.4, 0.4) * field.wide
    for radius, alpha in ((1.05, 0.22), (0.78, 0.26), (0.5, 0.3)):
        field.pen.oval((x, -0.1 * tall), radius, "glow", alpha)
    field.pen.lift()
    field.pen.poly([(-wide, level), (wide, level), (wide, tall * 1.05), (-wide, tall * 1.05)], "floor")
    for i in range(3):
        y = level + (tall - level) * (0.25 + 0.3 * i)
        field.pen.stroke([(-wide, y), (wide, y + 0.01)], "wood", 0.008, 0.6)


def _space(field: _Field) -> None:
    between = field.chance.between
    for colour in ("violet", "cloth", "rose"):
        field.pen.oval(field.anywhere(), (between(0.6, 1.1), between(0.3, 0.6)), colour, 0.13)
    for i in range(90):
        field.pen.oval(field.anywhere(), 0.004 + 0.004 * (i % 3), "snow", 0.9 - 0.2 * (i % 3))


def _micro(field: _Field) -> None:
    for i in range(26):
        middle, r = field.anywhere(), field.chance.between(0.08, 0.34)
        colour = ("leaf_light", "cell", "water_light", "glow")[i % 4]
        field.pen.oval(middle, (r, r * field.chance.between(0.7, 1)), colour, 0.4)


def _grid(field: _Field) -> None:
    """The dots of drawing paper."""
    step, half = 0.125, 0.004
    columns, rows = int(field.wide / step), int(field.tall / step)
    for i in range(-columns, columns + 1):
        for k in range(-rows, rows + 1):
            x, y = i * step, k * step
            field.pen.poly([(x - half, y), (x, y - half), (x + half, y), (x, y + half)], "steel", 0.4, outlined=False)


def _lights(field: _Field, place: Place) -> None:
    """A background out of focus."""
    tints = _TINTS.get(place, ("glow", "sand", "paper", "petal"))
    for i in range(22):
        field.pen.oval(field.anywhere(), field.chance.between(0.12, 0.5), tints[i % len(tints)], 0.3)


def _strata(field: _Field) -> None:
    """Ground in cross-section, with stones in it."""
    phase, top = field.chance.between(0, 6), (2 * CUT_LEVEL - 1) * field.tall
    for row, (colour, depth) in enumerate((("grass", 0), ("soil", 0.14), ("soil_dark", 0.5), ("rock_dark", 0.82))):
        _rolling(field, top + depth * field.tall, 0.03, colour, phase + row)
    for _ in range(24):
        middle, r = field.anywhere(top + 0.3 * field.tall), field.chance.between(0.012, 0.04)
        field.pen.oval(middle, (r, r * 0.7), "sand", 0.6)


_TINTS = {
    Place.LAND: ("leaf_light", "grass", "glow", "sky"),
    Place.SEA: ("water_light", "sky", "ice", "water"),
    Place.SPACE: ("violet", "night_low", "cloth", "rose"),
    Place.MICRO: ("cell", "leaf_light", "glow", "water_light"),
}
_GROUNDS: Mapping[Place, Callable[[_Field], None]] = {
    Place.LAND: _land,
    Place.SEA: _sea,
    Place.TOWN: _town,
    Place.ROOM: _room,
    Place.SPACE: _space,
    Place.MICRO: _micro,
}
