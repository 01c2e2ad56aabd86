"""Drawings of land, water and weather."""

import math

from lecture_media.draw.pen import Pen


def sun(pen: Pen) -> None:
    """A disc in a glow, with rays."""
    pen.oval((0, 0), 1.0, "glow", 0.35)
    pen.oval((0, 0), 0.78, "glow", 0.5)
    pen.star((0, 0), (0.95, 0.58), 14, "sun")
    pen.oval((0, 0), 0.56, "gold")
    pen.oval((-0.05, -0.05), 0.46, "sun")


def light(pen: Pen) -> None:
    """Beams that fall from the upper left."""
    for i in range(5):
        x = -0.9 + i * 0.32
        pen.poly([(x, -1), (x + 0.16, -1), (x + 0.75, 1), (x + 0.38, 1)], "glow", 0.55, outlined=False)
    for i in range(3):
        x = -0.6 + i * 0.5
        pen.arrow([(x, -0.7), (x + 0.42, 0.75)], "sun", 0.06)


def drop(pen: Pen) -> None:
    """A drop of water with a highlight."""
    pen.curve([(0, -0.98), (0.34, -0.35), (0.62, 0.2), (0.5, 0.7), (0, 0.95), (-0.5, 0.7), (-0.62, 0.2), (-0.34, -0.35)], "water")
    pen.curve([(0.28, -0.15), (0.5, 0.3), (0.3, 0.72), (0, 0.84), (0.28, 0.4)], "water_dark", 0.5, outlined=False)
    pen.curve([(-0.26, -0.05), (-0.42, 0.3), (-0.3, 0.6), (-0.24, 0.3)], "snow", 0.8, outlined=False)


def vapour(pen: Pen) -> None:
    """Rising wavy threads with small drops."""
    for i, x in enumerate((-0.55, 0.0, 0.55)):
        top = -0.85 + 0.2 * (i % 2)
        pen.stroke([(x, 0.95), (x - 0.22, 0.55), (x + 0.18, 0.1), (x - 0.2, -0.35), (x, top)], "frost", 0.13)
        pen.arrow([(x - 0.08, top + 0.1), (x, top - 0.12)], "frost", 0.08)
    for x, y in ((-0.28, 0.3), (0.3, -0.1), (-0.3, -0.5), (0.28, 0.6), (0.8, 0.05), (-0.85, 0.1)):
        pen.oval((x, y), 0.07, "water")


def _cloud(pen: Pen, colour: str, shade: str) -> None:
    pen.curve([(-0.9, 0.35), (-0.98, 0.05), (-0.72, -0.18), (-0.5, -0.2), (-0.35, -0.52), (0.05, -0.6),
               (0.36, -0.4), (0.45, -0.22), (0.8, -0.22), (0.98, 0.1), (0.85, 0.36), (0.4, 0.42),
               (-0.4, 0.42)], colour)  # fmt: skip
    pen.curve(
        [(-0.85, 0.3), (-0.4, 0.2), (0.1, 0.26), (0.6, 0.16), (0.88, 0.25), (0.7, 0.38), (-0.5, 0.4)], shade, 0.6, outlined=False
    )


def cloud(pen: Pen) -> None:
    """A fair-weather cloud."""
    _cloud(pen, "cloud", "cloud_dark")


def rain(pen: Pen) -> None:
    """A dark cloud and slanting drops."""
    _cloud(pen.at(0, -0.4, 0.95), "cloud_dark", "rock")
    for i in range(9):
        x, y = -0.7 + (i % 5) * 0.36 + (i // 5) * 0.18, 0.2 + (i // 5) * 0.4
        pen.stroke([(x, y), (x - 0.1, y + 0.3)], "water", 0.06)


def snow(pen: Pen) -> None:
    """A snowflake with six arms."""
    pen.oval((0, 0), 0.95, "ice", 0.5)
    for arm in range(6):
        a = math.pi * arm / 3
        ux, uy = math.cos(a), math.sin(a)
        pen.stroke([(0, 0), (0.88 * ux, 0.88 * uy)], "frost", 0.09)
        for r in (0.42, 0.66):
            for side in (-1, 1):
                b = a + side * math.pi / 4
                pen.stroke([(r * ux, r * uy), (r * ux + 0.24 * math.cos(b), r * uy + 0.24 * math.sin(b))], "frost", 0.07)


def sea(pen: Pen) -> None:
    """Three rows of waves."""
    for row, colour in enumerate(("water_light", "water", "water_dark")):
        y = -0.25 + row * 0.36
        crest = [(-1 + i * 0.1, y + 0.08 * math.sin(i * 0.8 + row * 1.9)) for i in range(21)]
        pen.lift()
        pen.poly([*crest, (0.97, 0.75), (0.8, 0.95), (0, 1), (-0.8, 0.95), (-0.97, 0.75)], colour)
    for x, y in ((-0.6, 0.35), (0.35, 0.2), (0.7, 0.68)):
        pen.stroke([(x - 0.18, y), (x, y - 0.07), (x + 0.18, y)], "snow", 0.04)


def river(pen: Pen) -> None:
    """Water winding towards the viewer between low banks."""
    pen.curve([(-0.98, 1), (-0.9, 0.45), (-0.45, 0.12), (0.1, 0.05), (0.6, 0.16), (0.92, 0.48), (0.98, 1)], "leaf_light")
    left = [(0.02, 0.08), (-0.25, 0.2), (-0.02, 0.36), (-0.42, 0.58), (-0.3, 0.78), (-0.72, 1)]
    right = [(0.55, 1), (0.32, 0.78), (0.28, 0.58), (0.26, 0.38), (0.0, 0.22), (0.12, 0.08)]
    pen.curve([*left, *right], "water")
    for x, y in ((0.06, 0.36), (-0.12, 0.54), (0.02, 0.72), (-0.12, 0.9)):
        pen.stroke([(x - 0.12, y), (x, y - 0.04), (x + 0.14, y)], "snow", 0.035)


def mountain(pen: Pen) -> None:
    """Two peaks with snow."""
    for cx, top, half, colour in ((0.42, -0.35, 0.75, "rock"), (-0.25, -0.9, 0.95, "rock_dark")):
        pen.lift()
        pen.poly(
            [(cx - half, 1), (cx - half * 0.45, top * 0.5 + 0.45), (cx, top), (cx + half * 0.5, top * 0.5 + 0.4), (cx + half, 1)],
            colour,
        )
        s = half * 0.27
        pen.poly([(cx, top), (cx + s, top + s * 1.3), (cx + s * 0.4, top + s * 1.05), (cx, top + s * 1.6),
                  (cx - s * 0.4, top + s * 1.05), (cx - s, top + s * 1.35)], "snow")  # fmt: skip


def ice(pen: Pen) -> None:
    """A crag of ice with facets towards and away from the light."""
    pen.poly([(-0.95, 1), (-0.8, 0.2), (-0.5, -0.2), (-0.2, 0.05), (0.1, -0.9), (0.5, -0.3), (0.72, 0.15), (0.98, 1)], "ice")
    pen.poly([(0.1, -0.9), (0.5, -0.3), (0.72, 0.15), (0.98, 1), (0.3, 1), (0.22, 0.1)], "water_light")
    pen.poly([(-0.5, -0.2), (-0.2, 0.05), (-0.3, 1), (-0.62, 1), (-0.55, 0.3)], "water_light", 0.7, outlined=False)
    pen.poly([(0.1, -0.9), (0.22, 0.1), (-0.05, 0.5), (-0.12, -0.2)], "snow")
    for path in (((-0.75, 0.5), (-0.62, 0.75)), ((0.45, 0.0), (0.6, 0.45)), ((0.02, 0.6), (0.08, 0.85))):
        pen.stroke(path, "frost", 0.035)


def volcano(pen: Pen) -> None:
    """A cone with lava and smoke."""
    _cloud(pen.at(0.1, -0.75, 0.42), "cloud_dark", "rock")
    pen.poly([(-0.95, 1), (-0.25, -0.35), (0.25, -0.35), (0.95, 1)], "rock_dark")
    pen.curve([(-0.25, -0.35), (0.25, -0.35), (0.2, 0.1), (0.35, 0.6), (0.1, 0.25), (-0.05, 0.75), (-0.12, 0.1)], "flame")
    pen.star((0, -0.42), (0.3, 0.12), 7, "sun")


def air(pen: Pen) -> None:
    """Three curling gusts of wind."""
    for y, length, colour in ((-0.4, 0.75, "frost"), (0.05, 0.9, "snow"), (0.5, 0.6, "frost")):
        pen.stroke([(-0.95, y), (-0.3, y - 0.06), (length - 0.3, y), (length, y - 0.18), (length - 0.12, y - 0.36),
                    (length - 0.3, y - 0.24)], colour, 0.1)  # fmt: skip


def sky(pen: Pen) -> None:
    """A window of blue with a small sun, clouds and birds."""
    pen.oval((0, 0), 0.98, "sky_deep")
    pen.oval((0, 0.12), (0.84, 0.8), "sky", 0.7)
    pen.oval((0.38, -0.38), 0.2, "sun")
    _cloud(pen.at(-0.3, 0.02, 0.42), "cloud", "cloud_dark")
    _cloud(pen.at(0.36, 0.36, 0.34), "cloud", "cloud_dark")
    for x, y in ((-0.35, -0.5), (-0.1, -0.6)):
        pen.stroke([(x - 0.12, y - 0.06), (x, y), (x + 0.12, y - 0.06)], "ink", 0.035)


def lightning(pen: Pen) -> None:
    """A bolt of lightning out of a cloud."""
    _cloud(pen.at(0, -0.5, 0.9), "cloud_dark", "rock")
    pen.lift()
    pen.poly([(0.1, -0.35), (-0.35, 0.3), (-0.05, 0.3), (-0.22, 0.98), (0.4, 0.12), (0.08, 0.12), (0.34, -0.35)], "sun")


def fire(pen: Pen) -> None:
    """Flames in three colours over logs."""
    pen.curve([(0, -0.95), (0.35, -0.35), (0.6, 0.05), (0.5, 0.7), (0, 0.9), (-0.5, 0.7), (-0.6, 0.1), (-0.28, -0.2)], "ember")
    pen.curve([(0.05, -0.5), (0.3, 0), (0.4, 0.4), (0.25, 0.8), (-0.25, 0.8), (-0.4, 0.4), (-0.15, 0.05)], "flame")
    pen.curve([(0, 0), (0.2, 0.4), (0.12, 0.8), (-0.12, 0.8), (-0.2, 0.4)], "sun")
    for side in (-1, 1):
        pen.stroke([(-0.7 * side, 0.98), (0.7 * side, 0.75)], "bark", 0.16)
