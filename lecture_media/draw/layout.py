"""Where each subject is placed and how large it is, by view and by subject matter. Circles in pixels; nothing is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lecture_media.chance import Chance
from lecture_media.draw.reading import PictureView, Reading
from lecture_media.draw.scenery import CUT_GROUND, CUT_LEVEL, HORIZON, SHORE
from lecture_media.draw.stage import Size, Stage, stage_of
from lecture_media.draw.subjects import Mention, Place, Spot

_SIZES = (0.37, 0.3, 0.26, 0.23, 0.205, 0.185, 0.17)
"""Half a subject's size, as a share of the stage's unit, for one to seven subjects."""
_RING_STEP = 2.3
"""The least distance of neighbours in a ring, as a multiple of their radii."""
_FIRST = 0.35
"""Where the first subject usually is, from 0 at the left to 1 at the right: off the middle."""
_IN_A_ROW = 4
"""The largest size in a landscape picture."""
_ROUNDS = 60
"""Rounds of pushing overlapping circles apart; scenes of seven settle in about thirty."""
_APART = 1.05
"""Distance of two circles that do not touch, as a multiple of the sum of their radii."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A subject in a circle of `size` pixels around (x, y). framed: in a round window of its own."""

    mention: Mention
    x: float
    y: float
    size: float
    framed: bool = False


def placed(reading: Reading, place: Place, size: Size, chance: Chance) -> list[Placed]:
    """Place every subject of the reading; return them in painting order."""
    stage = stage_of(size, roomy=reading.roomy)
    if not reading.subjects:
        return []
    if reading.view is PictureView.CLOSE:
        made = _close(reading.subjects, stage)
    elif reading.view is PictureView.ABOVE and len(reading.subjects) > 1:
        made = _ring(reading.subjects, stage)
    elif reading.style.diagram and reading.view is PictureView.WIDE:
        made = _flow(reading.subjects, stage)
    elif reading.view is PictureView.SECTION and place not in CUT_GROUND:
        made = _lens(reading.subjects, stage)
    else:
        level = CUT_LEVEL if reading.view is PictureView.SECTION and place in CUT_GROUND else HORIZON[place]
        made = _scene(reading, stage, level * size[1], chance)
    return [replace(item, x=size[0] - item.x) for item in made] if reading.mirrored else made


def _close(subjects: Sequence[Mention], stage: Stage) -> list[Placed]:
    """The first subject large; up to three others in round windows beside it (below it in portrait)."""
    others = subjects[1:4]
    if not others:
        return [Placed(subjects[0], *stage.at(0.5, 0.5), stage.unit * 0.44)]
    if stage.lying:
        step, radius = 1 / len(others), min(stage.height / len(others) * 0.36, stage.unit * 0.19)
        main = Placed(subjects[0], *stage.at(0.36, 0.51), stage.unit * 0.42)
        return [main, *(Placed(one, *stage.at(0.84, step * (i + 0.44)), radius, framed=True) for i, one in enumerate(others))]
    step, radius = 1 / len(others), min(stage.width / len(others) * 0.38, stage.height * 0.13)
    main = Placed(subjects[0], *stage.at(0.5, 0.34), min(stage.width * 0.46, stage.height * 0.31))
    return [main, *(Placed(one, *stage.at(step * (i + 0.5), 0.81), radius, framed=True) for i, one in enumerate(others))]


def _ring(subjects: Sequence[Mention], stage: Stage) -> list[Placed]:
    """All of them around an ellipse, in their order, from the top."""
    radius = min(stage.unit * 0.18, stage.width * 0.16)
    made = _circled(subjects, stage, radius)
    while min(math.dist((a.x, a.y), (b.x, b.y)) for a, b in pairwise([*made, made[0]])) < radius * _RING_STEP:
        radius *= 0.95
        made = _circled(subjects, stage, radius)
    return made


def _circled(subjects: Sequence[Mention], stage: Stage, radius: float) -> list[Placed]:
    """Place around the ellipse that leaves room for a label under each."""
    rx, ry = 0.5 - 1.5 * radius / stage.width, 0.5 - 1.3 * radius / stage.height
    middle = 0.5 - 0.2 * radius / stage.height
    turns = [math.tau * i / len(subjects) for i in range(len(subjects))]
    return [
        Placed(one, *stage.at(0.5 + rx * math.sin(turn), middle - ry * math.cos(turn)), radius, framed=True)
        for one, turn in zip(subjects, turns, strict=True)
    ]


def lens_radius(stage: Stage) -> float:
    """The lens through which cross-sections of small things are seen."""
    return min(stage.unit * 0.38, max(stage.width, stage.height) * 0.3)


def _lens(subjects: Sequence[Mention], stage: Stage) -> list[Placed]:
    """The first subject in the middle, seen through a lens; the others beside it (above and below in portrait)."""
    others, beside = subjects[1:5], stage.width >= stage.height
    lens = lens_radius(stage)
    free = max(stage.width, stage.height) / 2 - lens
    made = [Placed(subjects[0], *stage.at(0.5, 0.5), lens * 0.7)]
    for i, one in enumerate(others):
        side, row, rows = (-1, 1)[i % 2], i // 2, (len(others) + 1 - i % 2) // 2
        across = 0.5 + side * (0.5 - free * 0.47 / max(stage.width, stage.height))
        along, radius = 0.06 + 0.84 * (row + 0.5) / rows, min(free * 0.42, stage.unit * (0.17 if rows == 1 else 0.145))
        made.append(Placed(one, *(stage.at(across, along) if beside else stage.at(along, across)), radius))
    return made


def _flow(subjects: Sequence[Mention], stage: Stage) -> list[Placed]:
    """Rows that are read in alternating directions."""
    count = len(subjects)
    rows = math.ceil(count / (_IN_A_ROW if stage.lying else 2))
    across = math.ceil(count / rows)
    radius = min(stage.width / across, stage.height / rows) * 0.36
    made: list[Placed] = []
    for i, one in enumerate(subjects):
        row, column = divmod(i, across)
        here = across if row < rows - 1 else count - across * (rows - 1)
        turn = column if row % 2 == 0 else here - 1 - column
        made.append(Placed(one, *stage.at((turn + 0.5) / here, (row + 0.45) / rows), radius, framed=True))
    return made


def _scene(reading: Reading, stage: Stage, level: float, chance: Chance) -> list[Placed]:
    """Each subject at its proper height, the first one larger and off the middle, then pushed apart; distant things first.

    level: the horizon in pixels
    """
    subjects = reading.subjects
    usual = stage.unit * _SIZES[min(len(subjects), len(_SIZES)) - 1]
    leading = 1.6 if reading.style.sole else 1.35
    foot = min(level + 0.18 * stage.height, stage.bottom)
    heights = {
        Spot.SKY: stage.top + 0.2 * stage.height,
        Spot.FLOAT: stage.top + 0.48 * stage.height,
        Spot.GROUND: foot,
        Spot.SEA: stage.bottom,
        Spot.UNDER: level + 0.3 * stage.height,
    }
    made: list[Placed] = []
    for mention, part in zip(subjects, _across(len(subjects), 1.0 if reading.turned else _FIRST), strict=True):
        spot = mention.subject.spot
        grown = usual * (leading if mention is subjects[0] and len(subjects) > 1 else 1)
        sunk = grown if spot is Spot.GROUND else 0
        sway = (-0.1, 0.08)[len(made) % 2] if spot is Spot.FLOAT and len(subjects) > 2 else 0.0  # noqa: PLR2004 (two stand level)
        x = part + chance.between(-0.03, 0.03)
        x = stage.at(_ashore(x, spot) if reading.shore else x, 0)[0]
        made.append(Placed(mention, x, heights[spot] + sway * stage.height - sunk, grown))
    return sorted(_apart(made, stage), key=lambda item: (item.mention.subject.spot is not Spot.SKY, item.y + item.size))


def _across(count: int, where: float) -> list[float]:
    """Positions from left to right as shares of the width: the first subject at `where`, the rest in their order."""
    places = [(i + 0.5) / count for i in range(count)]
    first = places.pop(round(where * (count - 1)))
    return [first, *places]


def _ashore(x: float, spot: Spot) -> float:
    """Put what stands on land to the left of the coast, and what floats on the sea to its right."""
    if spot in {Spot.GROUND, Spot.UNDER}:
        return 0.05 + x * (SHORE - 0.02)
    return SHORE + 0.2 + x * (0.7 - SHORE) if spot is Spot.SEA else x


def _apart(items: list[Placed], stage: Stage) -> list[Placed]:
    """Move the circles, and shrink them as far as necessary, until they hardly overlap and lie on the stage."""
    for _ in range(_ROUNDS):
        moved = False
        for i in range(len(items)):
            for k in range(i):
                a, b = items[i], items[k]
                dx, dy = a.x - b.x or 0.5 + 0.1 * i, a.y - b.y
                near, wanted = math.hypot(dx, dy), (a.size + b.size) * _APART
                if near < wanted:
                    push = (wanted - near) / 2 / near
                    items[i] = replace(a, x=a.x + dx * push, y=a.y + dy * push * 0.5, size=a.size * 0.995)
                    items[k] = replace(b, x=b.x - dx * push, y=b.y - dy * push * 0.5, size=b.size * 0.995)
                    moved = True
        items = [_inside(item, stage) for item in items]
        if not moved:
            break
    return items


def _inside(item: Placed, stage: Stage) -> Placed:
    size = item.size
    return replace(
        item,
        x=min(max(item.x, stage.left + size), stage.right - size),
        y=min(max(item.y, stage.top + size), stage.bottom - size),
    )
