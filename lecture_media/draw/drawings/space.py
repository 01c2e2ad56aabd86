"""Drawings of things beyond the air."""

import math

from lecture_media.draw.pen import Pen


def earth(pen: Pen) -> None:
    """The earth with its continents and clouds."""
    pen.oval((0, 0), 0.98, "water_light", 0.35)
    pen.oval((0, 0), 0.88, "water")
    pen.curve([(-0.6, -0.5), (-0.2, -0.7), (0.05, -0.45), (-0.15, -0.2), (-0.3, 0.05), (-0.55, -0.1)], "leaf")
    pen.curve([(-0.25, 0.1), (0.05, 0.2), (0.0, 0.5), (-0.15, 0.75), (-0.28, 0.45)], "leaf")
    pen.curve([(0.35, -0.5), (0.68, -0.35), (0.78, 0.0), (0.6, 0.4), (0.4, 0.1), (0.25, -0.15)], "leaf_light")
    for points in (
        ((-0.75, 0.2), (-0.4, 0.28), (0.0, 0.22)),
        ((0.1, -0.62), (0.4, -0.66), (0.6, -0.55)),
        ((0.2, 0.6), (0.45, 0.62), (0.6, 0.5)),
    ):
        pen.stroke(list(points), "snow", 0.08, 0.85)
    pen.curve(
        [(0.3, -0.83), (0.75, -0.45), (0.88, 0.05), (0.7, 0.53), (0.3, 0.82), (0.62, 0.3), (0.66, -0.3)],
        "night",
        0.3,
        outlined=False,
    )


def planet(pen: Pen) -> None:
    """A planet with a ring."""
    ring = [(0.98 * math.cos(math.tau * i / 40), 0.26 * math.sin(math.tau * i / 40)) for i in range(41)]
    tilted = [(x * 0.96 + y * 0.28, y * 0.96 - x * 0.28) for x, y in ring]
    pen.stroke(tilted[20:], "sand", 0.1, smooth=False)
    pen.oval((0, 0), 0.58, "flame")
    for y, w in ((-0.28, 0.42), (0.0, 0.52), (0.26, 0.44)):
        pen.stroke([(-w, y + 0.06), (0, y), (w, y - 0.1)], "sand", 0.09)
    pen.stroke(tilted[:21], "sand", 0.1, smooth=False)


def moon(pen: Pen) -> None:
    """A moon with craters."""
    pen.oval((0, 0), 0.95, "glow", 0.25)
    pen.oval((0, 0), 0.75, "cloud")
    for x, y, r in ((-0.3, -0.25, 0.18), (0.2, 0.25, 0.22), (0.3, -0.35, 0.1), (-0.25, 0.4, 0.1), (-0.05, -0.5, 0.08)):
        pen.oval((x, y), (r, r * 0.9), "cloud_dark")


def star(pen: Pen) -> None:
    """A star and two small ones."""
    pen.oval((0, 0), 0.95, "glow", 0.25)
    pen.star((-0.05, 0.05), (0.8, 0.34), 5, "sun")
    pen.star((0.72, -0.66), (0.24, 0.1), 5, "glow")
    pen.star((-0.78, -0.55), (0.18, 0.07), 5, "glow")


def galaxy(pen: Pen) -> None:
    """A spiral of stars."""
    pen.oval((0, 0), (0.95, 0.62), "violet", 0.25)
    for arm in range(2):
        path = []
        for i in range(26):
            a, r = math.pi * arm + i * 0.2, 0.1 + i * 0.034
            path.append((r * math.cos(a), 0.62 * r * math.sin(a)))
        pen.stroke(path, "petal", 0.16, 0.6)
        pen.stroke(path[2:-2], "glow", 0.06, 0.9)
    pen.oval((0, 0), (0.3, 0.2), "glow", 0.7)
    pen.oval((0, 0), (0.17, 0.12), "snow")
    for i in range(22):
        a, r = i * 2.4, 0.25 + 0.03 * i
        pen.oval((r * math.cos(a), 0.7 * r * math.sin(a)), 0.022, "snow", 0.95)


def black_hole(pen: Pen) -> None:
    """A black disc in a glowing ring, with light bent over it."""
    pen.oval((0, 0), (1.0, 0.5), "flame", 0.2)
    disc = [(0.98 * math.cos(math.tau * i / 60), 0.2 * math.sin(math.tau * i / 60)) for i in range(61)]
    for width, colour in ((0.3, "ember"), (0.18, "flame"), (0.08, "glow")):
        pen.stroke(disc[30:], colour, width, 0.85, smooth=False)
        pen.arc((0, 0, 0.5), (0, 1), colour, width * 0.8, 0.85)
    pen.oval((0, 0), 0.44, "void")
    for width, colour in ((0.3, "ember"), (0.18, "flame"), (0.08, "glow")):
        pen.stroke(disc[:31], colour, width, 0.85, smooth=False)


def rocket(pen: Pen) -> None:
    """A rising rocket."""
    pen.curve([(-0.22, 0.5), (0.22, 0.5), (0.16, 0.8), (0, 1.05), (-0.16, 0.8)], "flame")
    pen.curve([(-0.1, 0.5), (0.1, 0.5), (0, 0.85)], "sun")
    for s in (-1, 1):
        pen.poly([(s * 0.26, 0.05), (s * 0.6, 0.6), (s * 0.24, 0.48)], "ember")
    pen.curve([(0, -0.98), (0.26, -0.55), (0.32, 0.0), (0.24, 0.52), (-0.24, 0.52), (-0.32, 0.0), (-0.26, -0.55)], "snow")
    pen.curve([(0, -0.98), (0.24, -0.6), (0, -0.52), (-0.24, -0.6)], "ember")
    pen.oval((0, -0.15), 0.17, "steel_dark")
    pen.oval((0, -0.15), 0.12, "water_light")
