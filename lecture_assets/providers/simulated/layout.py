"""Where each subject goes and how large it is, by view and by what the picture is of. Circles in pixels; it draws nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lecture_assets.providers.simulated.chance import Chance
from lecture_assets.providers.simulated.reading import Reading, View
from lecture_assets.providers.simulated.scenery import HORIZON
from lecture_assets.providers.simulated.subjects import Mention, Place, Spot

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
    elif reading.style.diagram:
        made = _flow(reading.subjects, size)
    else:
        level = 0.49 if reading.view is View.SECTION and place in {Place.LAND, Place.SEA, Place.TOWN} else HORIZON[place]
        made = _scene(reading, size, level, chance)
    return [replace(item, x=size[0] - item.x) for item in made] if reading.mirrored else made


def _close(subjects: Sequence[Mention], size: tuple[int, int]) -> list[Placed]:
    """The first subject large; up to three others in round windows beside it (below it where the picture is tall)."""
    wide, tall = size
    least, others = min(size), subjects[1:4]
    if wide >= tall * 1.2:
        main = Placed(subjects[0], wide * (0.36 if others else 0.5), tall * 0.52, least * 0.42)
        step = tall * 0.84 / max(len(others), 1)
        return [main, *(Placed(one, wide * 0.82, tall * 0.08 + step * (i + 0.5), min(step * 0.42, least * 0.19), framed=True) for i, one in enumerate(others))]
    main = Placed(subjects[0], wide * 0.5, tall * (0.38 if others else 0.5), least * 0.42)
    step = wide * 0.9 / max(len(others), 1)
    return [main, *(Placed(one, wide * 0.05 + step * (i + 0.5), tall * 0.8, min(step * 0.42, least * 0.19), framed=True) for i, one in enumerate(others))]


def _ring(subjects: Sequence[Mention], size: tuple[int, int]) -> list[Placed]:
    """All of them round an ellipse, in their order, from the top."""
    wide, tall = size
    count = len(subjects)
    rx, ry = wide * 0.33, tall * 0.31
    radius = min(min(size) * 0.2, 0.8 * math.pi * min(rx, ry) / count)
    return [
        Placed(one, wide / 2 + rx * math.sin(math.tau * i / count), tall / 2 - ry * math.cos(math.tau * i / count), radius, framed=True)
        for i, one in enumerate(subjects)
    ]


def _flow(subjects: Sequence[Mention], size: tuple[int, int]) -> list[Placed]:
    """Rows that are read in turns, there and back."""
    wide, tall = size
    count = len(subjects)
    across = min(count, 3 if wide >= tall * 1.2 else 2)
    rows = math.ceil(count / across)
    cell = min(wide * 0.92 / across, tall * 0.86 / rows)
    made: list[Placed] = []
    for i, one in enumerate(subjects):
        row, column = divmod(i, across)
        here = across if row < rows - 1 else count - across * (rows - 1)
        turn = column if row % 2 == 0 else here - 1 - column
        made.append(Placed(one, wide * (turn + 0.5) / here, tall * 0.07 + tall * 0.86 * (row + 0.5) / rows, cell * 0.33, framed=True))
    return made


def _scene(reading: Reading, size: tuple[int, int], level: float, chance: Chance) -> list[Placed]:
    """Each subject in the band it belongs to, the first one larger, then pushed apart; far things first."""
    wide, tall = size
    least = min(size)
    count = len(reading.subjects)
    usual = least * (0.31, 0.25, 0.21, 0.185, 0.165, 0.15, 0.14)[min(count, 7) - 1]
    heights = {Spot.SKY: 0.2, Spot.FLOAT: 0.46, Spot.GROUND: min(level + 0.1, 0.8), Spot.SEA: 0.84, Spot.UNDER: min(level + 0.24, 0.83)}
    bands: dict[Spot, list[Mention]] = {}
    for mention in reading.subjects:
        bands.setdefault(mention.subject.spot, []).append(mention)
    made: list[Placed] = []
    for spot, band in bands.items():
        shift = chance.between(-0.1, 0.1)
        for i, mention in enumerate(band):
            grown = usual * (1.4 if mention is reading.subjects[0] else 1)
            x = wide * ((i + 0.5) / len(band) + (shift if len(band) < 3 else shift * 0.3))  # noqa: PLR2004 (a full band has no room)
            sunk = grown * 0.75 if spot is Spot.GROUND else 0
            made.append(Placed(mention, x, tall * heights[spot] - sunk, grown))
    return sorted(_apart(made, size), key=lambda item: (item.mention.subject.spot is not Spot.SKY, item.y + item.size))


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
