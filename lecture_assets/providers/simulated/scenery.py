"""What is behind the subjects: gradients of the air, and ground, sea, stars or a wall as shapes. It places no subject."""

import math

import numpy as np
from PIL import Image

from lecture_assets.providers.simulated.chance import Chance
from lecture_assets.providers.simulated.drawings import DRAWINGS
from lecture_assets.providers.simulated.pen import Pen
from lecture_assets.providers.simulated.reading import Reading, View
from lecture_assets.providers.simulated.style import Style, rgb
from lecture_assets.providers.simulated.subjects import Place, Spot

HORIZON = {Place.LAND: 0.66, Place.SEA: 0.68, Place.TOWN: 0.74, Place.ROOM: 0.76, Place.SPACE: 1.0, Place.MICRO: 1.0}
"""Where the ground begins, as a part of the height."""
CUT_GROUND = frozenset({Place.LAND, Place.SEA, Place.TOWN})
"""Places whose cross-section shows the layers of the ground; the others are looked at through a lens."""
SHORE = 0.56
"""Where the land ends and the sea begins, as a part of the width."""
_AIR = {
    Place.LAND: ("sky_deep", "sky", "sky_low"),
    Place.SEA: ("sky_deep", "sky", "sky_low"),
    Place.TOWN: ("sky", "sky_low", "sky_low"),
    Place.ROOM: ("wall", "paper", "wall"),
    Place.SPACE: ("night", "night", "night_low"),
    Place.MICRO: ("micro", "cell", "micro"),
}
WARM_AIR = 0.3
"""Of a style's warmth: from here on the sun stands low."""
_MORNING = ("sky", "sky_low", "glow")
_EVENING = ("violet", "petal", "glow")


def place_of(reading: Reading) -> Place:
    """The place most of the subjects belong to, the first one counting double."""
    votes: dict[Place, float] = {}
    for rank, mention in enumerate(reading.subjects):
        place = mention.subject.place
        votes[place] = votes.get(place, 0) + (2 if rank == 0 else 1) * (0.6 if place is Place.ROOM else 1)
    if reading.shore:
        return Place.SEA
    return max(votes, key=lambda place: votes[place]) if votes else Place.ROOM


def backdrop(place: Place, reading: Reading, size: tuple[int, int]) -> Image.Image:
    """The air: a smooth gradient from top to bottom, of the bare ground's colour where the style paints no scenery."""
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
    """A colour of the air; on a dark ground mostly the ground."""
    shown, bare = style.colour(name), rgb(style.ground)
    return (
        tuple(a + (b - a) * 0.8 for a, b in zip(shown, bare, strict=True)) if style.dark else tuple(float(part) for part in shown)
    )


def scenery(pen: Pen, place: Place, reading: Reading, size: tuple[int, int], chance: Chance) -> None:
    """The ground as shapes. pen: its box is the middle square of the picture."""
    wide, tall = size[0] / (2 * pen.size), size[1] / (2 * pen.size)
    if not reading.style.scenery:
        _grid(pen, wide, tall)
    elif reading.view is View.CLOSE or reading.view is View.ABOVE:
        _lights(pen, wide, tall, place, chance)
    elif reading.view is View.SECTION and place in CUT_GROUND:
        _strata(pen, wide, tall, chance)
    else:
        if place in CUT_GROUND and not any(mention.subject.spot is Spot.SKY for mention in reading.subjects):
            for _ in range(3):
                high = Pen(
                    pen.x + chance.between(-wide, wide) * pen.size,
                    pen.y - chance.between(0.45, 0.8) * tall * pen.size,
                    pen.size * 0.17,
                    sheet=pen.sheet,
                )
                DRAWINGS["cloud"](high)
        _GROUNDS[place](pen, wide, tall, chance)
        if reading.shore:
            _shore(pen, wide, tall)


def _rolling(pen: Pen, wide: float, tall: float, level: float, swell: float, colour: str, phase: float) -> None:
    """A hill line across the picture, filled to the bottom."""
    pen.lift()
    crest = [
        (
            -wide * 1.05 + wide * 2.1 * i / 24,
            level + swell * math.sin(i * 0.42 + phase) + swell * 0.4 * math.sin(i * 0.9 + phase * 2),
        )
        for i in range(25)
    ]
    pen.poly([*crest, (wide * 1.05, tall * 1.05), (-wide * 1.05, tall * 1.05)], colour)


def _land(pen: Pen, wide: float, tall: float, chance: Chance) -> None:
    level = tall * (2 * HORIZON[Place.LAND] - 1)
    phase = chance.between(0, 6)
    _rolling(pen, wide, tall, level - 0.16 * tall, 0.09, "hill_far", phase)
    _rolling(pen, wide, tall, level, 0.07, "hill", phase + 2)
    _rolling(pen, wide, tall, level + 0.2 * tall, 0.05, "grass", phase + 4)
    for _ in range(16):
        x, y = chance.between(-wide, wide), chance.between(level + 0.32 * tall, tall)
        pen.stroke([(x - 0.02, y), (x, y - 0.06), (x + 0.02, y)], "leaf", 0.012)


def _sea(pen: Pen, wide: float, tall: float, chance: Chance) -> None:
    level, phase = tall * (2 * HORIZON[Place.SEA] - 1), chance.between(0, 6)
    pen.lift()
    for row, colour in enumerate(("water_light", "water", "water_dark")):
        y = level + row * 0.24 * tall
        crest = [
            (-wide * 1.05 + wide * 2.1 * i / 40, y + (0.018 + 0.012 * row) * math.sin(i * (1.3 - 0.25 * row) + phase + row))
            for i in range(41)
        ]
        pen.lift()
        pen.poly([*crest, (wide * 1.05, tall * 1.05), (-wide * 1.05, tall * 1.05)], colour)
    for _ in range(12):
        x, y = chance.between(-wide, wide), chance.between(level + 0.06, tall)
        pen.stroke([(x - 0.07, y), (x, y - 0.02), (x + 0.07, y)], "snow", 0.012, 0.8)


def _shore(pen: Pen, wide: float, tall: float) -> None:
    """Land on the left that slopes to the sea, with a beach."""
    level, edge = tall * (2 * HORIZON[Place.SEA] - 1), wide * (2 * SHORE - 1)
    for reach, rise, colour in ((0.14, 0.0, "sand"), (0.0, 0.05, "grass")):
        pen.lift()
        pen.curve([(-wide * 1.2, level - 0.12 - rise), (-wide * 0.6, level - 0.12 - rise), (edge - 0.4 + reach, level - 0.02 - rise),
                   (edge + reach, level + 0.14), (edge + reach - 0.1, tall * 0.9), (edge + reach, tall * 1.3), (-wide * 1.2, tall * 1.3)], colour)  # fmt: skip


def _town(pen: Pen, wide: float, tall: float, chance: Chance) -> None:
    level = tall * (2 * HORIZON[Place.TOWN] - 1)
    x = -wide
    while x < wide:
        width, height = chance.between(0.12, 0.26), chance.between(0.15, 0.5)
        pen.poly(
            [(x, level + 0.1), (x, level - height), (x + width, level - height), (x + width, level + 0.1)],
            "cloud_dark",
            0.6,
            outlined=False,
        )
        x += width * chance.between(0.9, 1.3)
    _rolling(pen, wide, tall, level, 0.015, "floor", chance.between(0, 6))


def _room(pen: Pen, wide: float, tall: float, chance: Chance) -> None:
    level = tall * (2 * HORIZON[Place.ROOM] - 1)
    x = chance.between(-0.4, 0.4) * wide
    for radius, alpha in ((1.05, 0.22), (0.78, 0.26), (0.5, 0.3)):
        pen.oval(x, -0.1 * tall, radius, colour="glow", alpha=alpha)
    pen.lift()
    pen.poly([(-wide * 1.05, level), (wide * 1.05, level), (wide * 1.05, tall * 1.05), (-wide * 1.05, tall * 1.05)], "floor")
    for i in range(3):
        y = level + (tall - level) * (0.25 + 0.3 * i)
        pen.stroke([(-wide, y), (wide, y + 0.01)], "wood", 0.008, 0.6)


def _space(pen: Pen, wide: float, tall: float, chance: Chance) -> None:
    for colour in ("violet", "cloth", "rose"):
        pen.oval(
            chance.between(-wide, wide),
            chance.between(-tall, tall),
            chance.between(0.6, 1.1),
            chance.between(0.3, 0.6),
            colour,
            0.13,
        )
    for i in range(90):
        pen.oval(
            chance.between(-wide, wide),
            chance.between(-tall, tall),
            0.004 + 0.004 * (i % 3),
            colour="snow",
            alpha=0.9 - 0.2 * (i % 3),
        )


def _micro(pen: Pen, wide: float, tall: float, chance: Chance) -> None:
    for i in range(26):
        x, y, r = chance.between(-wide, wide), chance.between(-tall, tall), chance.between(0.08, 0.34)
        pen.oval(x, y, r, r * chance.between(0.7, 1), ("leaf_light", "cell", "water_light", "glow")[i % 4], 0.4)


def _grid(pen: Pen, wide: float, tall: float) -> None:
    """The dots of drawing paper."""
    step = 0.125
    for i in range(-int(wide / step), int(wide / step) + 1):
        for k in range(-int(tall / step), int(tall / step) + 1):
            x, y = i * step, k * step
            pen.poly([(x - 0.004, y), (x, y - 0.004), (x + 0.004, y), (x, y + 0.004)], "steel", 0.4, outlined=False)


def _lights(pen: Pen, wide: float, tall: float, place: Place, chance: Chance) -> None:
    """A background out of focus."""
    tints = {
        Place.LAND: ("leaf_light", "grass", "glow", "sky"),
        Place.SEA: ("water_light", "sky", "ice", "water"),
        Place.SPACE: ("violet", "night_low", "cloth", "rose"),
        Place.MICRO: ("cell", "leaf_light", "glow", "water_light"),
    }.get(place, ("glow", "sand", "paper", "petal"))
    for i in range(22):
        pen.oval(
            chance.between(-wide, wide),
            chance.between(-tall, tall),
            chance.between(0.12, 0.5),
            colour=tints[i % len(tints)],
            alpha=0.3,
        )


def _strata(pen: Pen, wide: float, tall: float, chance: Chance) -> None:
    """Ground cut open, with stones in it."""
    phase, top = chance.between(0, 6), -0.02 * tall
    for row, colour in enumerate(("grass", "soil", "soil_dark", "rock_dark")):
        _rolling(pen, wide, tall, top + (0, 0.14, 0.5, 0.82)[row] * tall, 0.03, colour, phase + row)
    for _ in range(24):
        x, y, r = chance.between(-wide, wide), chance.between(top + 0.3 * tall, tall), chance.between(0.012, 0.04)
        pen.oval(x, y, r, r * 0.7, "sand", 0.6)


_GROUNDS = {Place.LAND: _land, Place.SEA: _sea, Place.TOWN: _town, Place.ROOM: _room, Place.SPACE: _space, Place.MICRO: _micro}
