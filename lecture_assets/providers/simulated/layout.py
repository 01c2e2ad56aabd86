"""Where each subject goes and how large it is, by view and by what the picture is of. Circles in pixels; it draws nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lecture_assets.providers.simulated.chance import Chance
from lecture_assets.providers.simulated.reading import Reading, View
from lecture_assets.providers.simulated.scenery import CUT_GROUND, HORIZON, SHORE
from lecture_assets.providers.simulated.subjects import Mention, Place, Spot

_SIZES = (0.37, 0.3, 0.26, 0.23, 0.205, 0.185, 0.17)
"""Half a subject's size, as a part of the picture's shorter side, for one to seven subjects."""
_ROUNDS = 60
"""Of pushing overlapping circles apart; scenes of seven settle in about thirty."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A subject in a circle of `size` pixels around (x, y). framed: in a round window of its own."""

    mention: Mention
    x: float
    y: float
    size: float
    framed: bool = False


def placed(reading: Reading, place: Place, size: tuple[int, int], chance: Chance) -> list[Placed]:
    """Every subject of the reading, the ones to paint first first."""
    if not reading.subjects:
        return []
    if reading.view is View.CLOSE:
        made = _close(reading.subjects, size)
    elif reading.view is View.ABOVE and len(reading.subjects) > 1:
        made = _ring(reading.subjects, size)
    elif reading.style.diagram and reading.view is View.WIDE:
        made = _flow(reading.subjects, size)
    elif reading.view is View.SECTION and place not in CUT_GROUND:
        made = _lens(reading.subjects, size)
    else:
        level = 0.49 if reading.view is View.SECTION and place in CUT_GROUND else HORIZON[place]
        made = _scene(reading, size, level, chance)
    return [replace(item, x=size[0] - item.x) for item in made] if reading.mirrored else made


def _close(subjects: Sequence[Mention], size: tuple[int, int]) -> list[Placed]:
    """The first subject large; up to three others in round windows beside it (below it where the picture is tall)."""
    wide, tall = size
    least, others = min(size), subjects[1:4]
    if wide >= tall * 1.2:
        main = Placed(subjects[0], wide * (0.36 if others else 0.5), tall * 0.52, least * 0.42)
        step = tall * 0.84 / max(len(others), 1)
        return [
            main,
            *(
                Placed(one, wide * 0.82, tall * 0.08 + step * (i + 0.5), min(step * 0.42, least * 0.19), framed=True)
                for i, one in enumerate(others)
            ),
        ]
    main = Placed(subjects[0], wide * 0.5, tall * (0.38 if others else 0.5), least * 0.42)
    step = wide * 0.9 / max(len(others), 1)
    return [
        main,
        *(
            Placed(one, wide * 0.05 + step * (i + 0.5), tall * 0.8, min(step * 0.42, least * 0.19), framed=True)
            for i, one in enumerate(others)
        ),
    ]


def _ring(subjects: Sequence[Mention], size: tuple[int, int]) -> list[Placed]:
    """All of them round an ellipse, in their order, from the top."""
    wide, tall = size
    count = len(subjects)
    rx, ry = wide * 0.33, tall * 0.31
    radius = min(min(size) * 0.2, 0.8 * math.pi * min(rx, ry) / count)
    return [
        Placed(
            one,
            wide / 2 + rx * math.sin(math.tau * i / count),
            tall / 2 - ry * math.cos(math.tau * i / count),
            radius,
            framed=True,
        )
        for i, one in enumerate(subjects)
    ]


def _lens(subjects: Sequence[Mention], size: tuple[int, int]) -> list[Placed]:
    """The first subject in the middle, to be seen through a lens; the others to both sides of it (above and below in a tall picture)."""
    wide, tall = size
    least, others = min(size), subjects[1:5]
    made = [Placed(subjects[0], wide / 2, tall / 2, least * 0.27)]
    for i, one in enumerate(others):
        side, row = (-1, 1)[i % 2], i // 2
        rows = (len(others) + 1 - i % 2) // 2
        along, radius = (row + 0.5) / rows, least * (0.17 if rows == 1 else 0.145)
        across = 0.5 + side * 0.385
        made.append(
            Placed(one, wide * across, tall * (0.1 + 0.8 * along), radius)
            if wide >= tall * 1.2
            else Placed(one, wide * (0.06 + 0.88 * along), tall * across, radius)
        )
    return made


def _flow(subjects: Sequence[Mention], size: tuple[int, int]) -> list[Placed]:
    """Rows that are read in turns, there and back."""
    wide, tall = size
    count = len(subjects)
    across = min(count, (3 if count <= 6 else 4) if wide >= tall * 1.2 else 2)  # noqa: PLR2004 (two rows of three)
    rows = math.ceil(count / across)
    cell = min(wide * 0.86 / across, tall * 0.86 / rows)
    made: list[Placed] = []
    for i, one in enumerate(subjects):
        row, column = divmod(i, across)
        here = across if row < rows - 1 else count - across * (rows - 1)
        turn = column if row % 2 == 0 else here - 1 - column
        made.append(
            Placed(one, wide * (turn + 0.5) / here, tall * 0.07 + tall * 0.86 * (row + 0.5) / rows, cell * 0.37, framed=True)
        )
    return made


def _scene(reading: Reading, size: tuple[int, int], level: float, chance: Chance) -> list[Placed]:
    """Each subject at the height it belongs to, the first one larger and off the middle, then pushed apart; far things first."""
    wide, tall = size
    subjects = reading.subjects
    usual = min(size) * _SIZES[min(len(subjects), len(_SIZES)) - 1]
    heights = {
        Spot.SKY: 0.23,
        Spot.FLOAT: 0.46,
        Spot.GROUND: min(level + 0.14, 0.86),
        Spot.SEA: 0.84,
        Spot.UNDER: min(level + 0.24, 0.83),
    }
    made: list[Placed] = []
    for mention, part in zip(subjects, _across(len(subjects)), strict=True):
        spot = mention.subject.spot
        grown = usual * (1.35 if mention is subjects[0] and len(subjects) > 1 else 1)
        sunk = grown if spot is Spot.GROUND else 0
        sway = (-0.09, 0.07)[len(made) % 2] if spot is Spot.FLOAT and len(subjects) > 2 else 0.0  # noqa: PLR2004 (two stand level)
        x = part + chance.between(-0.03, 0.03)
        made.append(
            Placed(mention, wide * (_ashore(x, spot) if reading.shore else x), tall * (heights[spot] + sway) - sunk, grown)
        )
    return sorted(_apart(made, size), key=lambda item: (item.mention.subject.spot is not Spot.SKY, item.y + item.size))


def _across(count: int) -> list[float]:
    """Places from left to right as parts of the width: the first subject takes one near a third, the rest keep their order."""
    places = [(i + 0.5) / count for i in range(count)]
    first = places.pop(round(0.35 * (count - 1)))
    return [first, *places]


def _ashore(x: float, spot: Spot) -> float:
    """What stands on land to the left of the coast, what floats on the sea to its right."""
    if spot in {Spot.GROUND, Spot.UNDER}:
        return 0.05 + x * (SHORE - 0.02)
    return SHORE + 0.2 + x * (0.7 - SHORE) if spot is Spot.SEA else x


def _apart(items: list[Placed], size: tuple[int, int]) -> list[Placed]:
    """The circles moved, and made smaller as far as they must be, until they hardly overlap and lie inside the picture."""
    for _ in range(_ROUNDS):
        moved = False
        for i in range(len(items)):
            for k in range(i):
                a, b = items[i], items[k]
                dx, dy = a.x - b.x or 0.5 + 0.1 * i, a.y - b.y
                near, wanted = math.hypot(dx, dy), (a.size + b.size) * 1.02
                if near < wanted:
                    push = (wanted - near) / 2 / near
                    items[i] = replace(a, x=a.x + dx * push, y=a.y + dy * push * 0.5, size=a.size * 0.995)
                    items[k] = replace(b, x=b.x - dx * push, y=b.y - dy * push * 0.5, size=b.size * 0.995)
                    moved = True
        items = [_inside(item, size) for item in items]
        if not moved:
            break
    return items


def _inside(item: Placed, size: tuple[int, int]) -> Placed:
    rim = min(size) * 0.05 + item.size
    return replace(item, x=min(max(item.x, rim), size[0] - rim), y=min(max(item.y, rim), size[1] - rim))
