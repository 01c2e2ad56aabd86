"""Drawings of living things, whole and through the microscope."""

import math

from lecture_media.draw.pen import Pen, Point


def leaf(pen: Pen) -> None:
    """A leaf with its veins."""
    edge = [
        (-0.9, 0.62),
        (-0.62, 0.0),
        (-0.1, -0.5),
        (0.5, -0.75),
        (0.95, -0.8),
        (0.86, -0.3),
        (0.55, 0.25),
        (0.0, 0.66),
        (-0.5, 0.76),
    ]
    pen.stroke([(-0.98, 0.98), (-0.72, 0.62)], "leaf_dark", 0.07)
    pen.curve(edge, "leaf")
    pen.curve(
        [(-0.88, 0.64), (-0.1, 0.1), (0.9, -0.76), (0.55, 0.25), (0.0, 0.64), (-0.5, 0.74)], "leaf_light", 0.6, outlined=False
    )
    pen.stroke([(-0.88, 0.66), (-0.1, 0.1), (0.88, -0.74)], "leaf_dark", 0.045)
    for t in (0.0, 0.25, 0.5, 0.75):
        x, y = -0.62 + 1.25 * t, 0.46 - 0.95 * t
        pen.stroke([(x, y), (x + 0.1, y - 0.28 + 0.12 * t)], "leaf_dark", 0.03)
        pen.stroke([(x, y), (x + 0.3 - 0.1 * t, y + 0.06)], "leaf_dark", 0.03)


def _blade(pen: Pen, foot: Point, reach: Point, colour: str) -> None:
    """A small leaf from base to tip."""
    (x, y), (dx, dy) = foot, reach
    nx, ny = -dy * 0.32, dx * 0.32
    pen.curve([(x, y), (x + dx * 0.5 + nx, y + dy * 0.5 + ny), (x + dx, y + dy), (x + dx * 0.5 - nx, y + dy * 0.5 - ny)], colour)
    pen.stroke([(x, y), (x + dx * 0.8, y + dy * 0.8)], "leaf_dark", 0.025)


def plant(pen: Pen) -> None:
    """A young plant with pairs of leaves."""
    pen.stroke([(0, 1), (-0.04, 0.4), (0.03, -0.3), (0, -0.75)], "leaf_dark", 0.08)
    for y, size in ((0.55, 0.62), (0.1, 0.7), (-0.35, 0.5)):
        _blade(pen, (0, y), (size, -size * 0.5), "leaf")
        _blade(pen, (0, y + 0.08), (-size, -size * 0.45), "leaf_light")
    _blade(pen, (0, -0.6), (0.08, -0.4), "leaf_light")


def tree(pen: Pen) -> None:
    """A broad tree."""
    pen.poly([(-0.14, 1), (-0.09, 0.1), (-0.3, -0.15), (0, 0), (0.28, -0.2), (0.09, 0.15), (0.17, 1)], "bark")
    crowns = (
        (-0.42, -0.12, 0.42, "leaf_dark"),
        (0.42, -0.1, 0.42, "leaf_dark"),
        (0, -0.5, 0.52, "leaf"),
        (-0.3, -0.38, 0.36, "leaf"),
        (0.32, -0.42, 0.34, "leaf_light"),
        (-0.08, -0.66, 0.26, "leaf_light"),
    )
    for x, y, r, colour in crowns:
        pen.oval((x, y), (r, r * 0.86), colour)


def wood(pen: Pen) -> None:
    """A log with its rings visible."""
    pen = pen.at(0, 0.5, 1)
    pen.poly([(-0.3, -0.42), (0.8, -0.5), (0.95, 0.1), (0.8, 0.42), (-0.3, 0.46)], "bark")
    for y in (-0.25, 0.0, 0.22):
        pen.stroke([(0.1, y), (0.8, y - 0.04)], "soil_dark", 0.03)
    for r, colour in ((0.46, "wood"), (0.36, "sand"), (0.26, "wood"), (0.17, "sand"), (0.08, "wood")):
        pen.oval((-0.42, 0.02), (r * 0.9, r), colour)


def root(pen: Pen) -> None:
    """Spreading roots with a shoot."""
    pen.stroke([(0, -0.6), (0.02, 0), (0, 0.9)], "root", 0.13)
    for side, y, dx, dy in ((1, -0.35, 0.75, 0.5), (-1, -0.3, 0.8, 0.45), (1, 0.1, 0.55, 0.6), (-1, 0.15, 0.5, 0.65)):
        pen.stroke([(0, y), (side * dx * 0.5, y + dy * 0.4), (side * dx, y + dy)], "root", 0.07)
        pen.stroke([(side * dx * 0.5, y + dy * 0.4), (side * dx * 0.6, y + dy * 1.1)], "root", 0.035)
    _blade(pen, (0, -0.55), (0.4, -0.35), "leaf")
    _blade(pen, (0, -0.55), (-0.36, -0.38), "leaf_light")


def seed(pen: Pen) -> None:
    """An opening seed."""
    pen.curve([(-0.6, 0.3), (-0.4, -0.2), (0.1, -0.3), (0.55, 0.1), (0.5, 0.55), (0, 0.75), (-0.45, 0.65)], "bark")
    pen.curve([(-0.42, 0.25), (-0.2, -0.05), (0.1, -0.1), (0.0, 0.3)], "root", 0.8, outlined=False)
    pen.stroke([(0.1, -0.25), (0.05, -0.5), (0.2, -0.75)], "leaf", 0.07)
    _blade(pen, (0.18, -0.7), (0.35, -0.2), "leaf_light")


def flower(pen: Pen) -> None:
    """Six petals on a stem."""
    pen.stroke([(0, 1), (0.05, 0.5), (0, -0.2)], "leaf_dark", 0.07)
    _blade(pen, (0.03, 0.65), (0.5, -0.3), "leaf")
    for i in range(6):
        a = math.pi * i / 3
        pen.oval((0.33 * math.cos(a), -0.4 + 0.33 * math.sin(a)), 0.25, "petal")
    pen.oval((0, -0.4), 0.2, "sun")


def animal(pen: Pen) -> None:
    """A deer."""
    for x in (-0.45, -0.28, 0.22, 0.36):
        pen.poly([(x - 0.06, 0.3), (x + 0.06, 0.3), (x + 0.03, 1), (x - 0.03, 1)], "fur_dark")
    pen.curve([(-0.62, 0.1), (-0.3, -0.02), (0.3, -0.02), (0.5, 0.12), (0.42, 0.42), (-0.1, 0.5), (-0.55, 0.42)], "fur")
    pen.poly([(0.22, 0.15), (0.42, -0.55), (0.62, -0.5), (0.5, 0.2)], "fur")
    pen.curve([(0.38, -0.62), (0.58, -0.72), (0.92, -0.5), (0.88, -0.4), (0.6, -0.4)], "fur")
    pen.oval((0.6, -0.57), 0.035, "ink")
    for side in (0.0, 0.14):
        pen.stroke([(0.46 + side, -0.66), (0.38 + side, -0.86), (0.46 + side, -1.0)], "bark", 0.045)
        pen.stroke([(0.4 + side, -0.84), (0.3 + side, -0.96)], "bark", 0.04)
    pen.oval((-0.64, 0.14), 0.08, "snow")


def bird(pen: Pen) -> None:
    """A bird with raised wings."""
    pen.curve([(-0.75, 0.3), (-0.2, 0.0), (0.35, -0.05), (0.62, 0.12), (0.35, 0.36), (-0.2, 0.36)], "cloth")
    pen.curve([(-0.1, 0.05), (-0.45, -0.75), (0.1, -0.5), (0.3, 0.05)], "water_light")
    pen.poly([(0.58, 0.06), (0.85, 0.14), (0.58, 0.2)], "gold")
    pen.oval((0.45, 0.08), 0.04, "ink")


def fish(pen: Pen) -> None:
    """A fish."""
    pen.poly([(-0.45, 0), (-0.92, -0.4), (-0.82, 0), (-0.92, 0.4)], "flame")
    pen.curve([(-0.55, 0), (-0.1, -0.42), (0.5, -0.35), (0.88, 0), (0.5, 0.35), (-0.1, 0.42)], "flame")
    pen.curve([(-0.4, 0.08), (0.2, 0.05), (0.8, 0.1), (0.45, 0.32), (-0.1, 0.36)], "sun", 0.6, outlined=False)
    pen.oval((0.55, -0.1), 0.08, "snow")
    pen.oval((0.57, -0.1), 0.04, "ink")


def bee(pen: Pen) -> None:
    """A bee."""
    for x, turn in ((-0.12, -0.3), (0.2, 0.2)):
        pen.curve([(x, -0.15), (x + turn - 0.15, -0.85), (x + turn + 0.2, -0.8), (x + 0.15, -0.2)], "glass", 0.9)
    pen.oval((0, 0.15), (0.7, 0.42), "sun")
    for x in (-0.3, 0.0, 0.3):
        pen.stroke([(x, -0.22), (x + 0.05, 0.15), (x, 0.52)], "ink", 0.12)
    pen.oval((0.62, 0.1), 0.25, "soil_dark")
    pen.stroke([(0.7, -0.1), (0.85, -0.35)], "ink", 0.04)


def chloroplast(pen: Pen) -> None:
    """A chloroplast with its stacks."""
    pen.oval((0, 0), (0.98, 0.62), "leaf_dark")
    pen.oval((0, 0), (0.88, 0.52), "leaf_light")
    for x, tall in ((-0.55, 3), (-0.18, 4), (0.2, 4), (0.57, 3)):
        for i in range(tall):
            pen.oval((x, (i - (tall - 1) / 2) * 0.17), (0.15, 0.07), "leaf")
    pen.stroke([(-0.42, 0.0), (-0.3, 0.05), (-0.3, 0.0)], "leaf_dark", 0.03)


def cell(pen: Pen) -> None:
    """A cell with its nucleus and small parts."""
    pen.curve(
        [(-0.95, 0.1), (-0.7, -0.65), (0, -0.9), (0.75, -0.6), (0.95, 0.1), (0.6, 0.75), (-0.1, 0.9), (-0.75, 0.65)], "cell"
    )
    pen.oval((-0.15, -0.1), 0.36, "violet")
    pen.oval((-0.2, -0.15), 0.15, "petal")
    for x, y, c in ((0.45, -0.3, "leaf"), (0.5, 0.3, "flame"), (-0.45, 0.5, "leaf"), (0.1, 0.58, "flame"), (-0.6, -0.15, "sun")):
        pen.oval((x, y), (0.17, 0.1), c)


def stoma(pen: Pen) -> None:
    """Two guard cells around a pore."""
    pen.oval((0, 0), (0.98, 0.72), "leaf_light")
    for s in (-1, 1):
        pen.curve([(-0.75, 0), (-0.4, s * 0.46), (0.4, s * 0.46), (0.75, 0), (0.35, s * 0.14), (-0.35, s * 0.14)], "leaf")
        for x in (-0.35, 0, 0.35):
            pen.oval((x, s * 0.3), 0.06, "leaf_dark")
    pen.curve([(-0.5, 0), (0, -0.14), (0.5, 0), (0, 0.14)], "ink")


def bacteria(pen: Pen) -> None:
    """A rod with flagella."""
    pen.stroke([(-0.6, 0.2), (-0.85, 0.4), (-0.75, 0.65), (-0.98, 0.85)], "teal", 0.05)
    pen.stroke([(-0.6, 0.1), (-0.95, 0.1), (-0.98, 0.4)], "teal", 0.05)
    pen.curve([(-0.65, 0.3), (-0.6, -0.05), (0.4, -0.5), (0.75, -0.35), (0.72, 0.0), (-0.3, 0.5)], "teal")
    for x, y in ((-0.35, 0.2), (0, 0.0), (0.35, -0.2)):
        pen.oval((x, y), 0.08, "cell")


def virus(pen: Pen) -> None:
    """A sphere with spikes."""
    for i in range(12):
        a = math.pi * i / 6
        pen.stroke([(0.5 * math.cos(a), 0.5 * math.sin(a)), (0.82 * math.cos(a), 0.82 * math.sin(a))], "ember", 0.06)
        pen.oval((0.86 * math.cos(a), 0.86 * math.sin(a)), 0.1, "flame")
    pen.oval((0, 0), 0.58, "ember")
    pen.oval((-0.12, -0.14), 0.36, "rose", 0.7)


def antibody(pen: Pen) -> None:
    """Two Y-shaped antibodies."""
    for x, y, s in ((-0.35, 0.1, 0.8), (0.5, -0.1, 0.6)):
        for side in (-1, 1):
            pen.stroke([(x, y + s * 0.9), (x, y), (x + side * s * 0.55, y - s * 0.75)], "teal", 0.16 * s, smooth=False)
            pen.stroke([(x + side * s * 0.3, y - s * 0.75 + 0.08), (x + side * s * 0.12, y - s * 0.35)], "sun", 0.1 * s)


def dna(pen: Pen) -> None:
    """A double helix."""
    for i in range(11):
        y = -0.9 + i * 0.18
        x = 0.45 * math.sin(i * 0.75)
        pen.stroke([(-x, y), (0, y)], "gold", 0.06)
        pen.stroke([(0, y), (x, y)], "rose", 0.06)
    for side, colour in ((-1, "cloth"), (1, "teal")):
        pen.stroke([(side * 0.45 * math.sin(t * 0.375), -0.9 + t * 0.09) for t in range(21)], colour, 0.11)


def neuron(pen: Pen) -> None:
    """A nerve cell with its long arm."""
    for i in range(6):
        a = math.pi * (0.5 + i / 4)
        pen.stroke([(-0.45, -0.2), (-0.45 + 0.35 * math.cos(a), -0.2 + 0.4 * math.sin(a)),
                    (-0.45 + 0.5 * math.cos(a + 0.3), -0.2 + 0.6 * math.sin(a + 0.3))], "violet", 0.07)  # fmt: skip
    pen.stroke([(-0.4, -0.15), (0.1, 0.2), (0.6, 0.3), (0.95, 0.65)], "violet", 0.08)
    for x, y in ((-0.02, 0.12), (0.28, 0.26), (0.58, 0.31)):
        pen.oval((x, y), (0.12, 0.08), "glow")
    pen.oval((-0.45, -0.2), 0.3, "violet")
    pen.oval((-0.47, -0.22), 0.12, "sun")


def blood(pen: Pen) -> None:
    """Red blood cells."""
    for x, y, r in ((-0.4, -0.3, 0.42), (0.42, -0.1, 0.46), (-0.1, 0.5, 0.4)):
        pen.lift()
        pen.oval((x, y), (r, r * 0.8), "ember")
        pen.oval((x, y), (r * 0.5, r * 0.36), "blood")


def bone(pen: Pen) -> None:
    """A bone."""
    pen.stroke([(-0.6, 0.45), (0.6, -0.45)], "sand", 0.24)
    for x, y in ((-0.72, 0.36), (-0.55, 0.62), (0.55, -0.62), (0.74, -0.38)):
        pen.oval((x, y), 0.19, "sand")


def apple(pen: Pen) -> None:
    """An apple with a leaf."""
    pen.curve(
        [
            (0, -0.4),
            (0.4, -0.55),
            (0.8, -0.2),
            (0.68, 0.45),
            (0.3, 0.88),
            (0, 0.78),
            (-0.3, 0.88),
            (-0.68, 0.45),
            (-0.8, -0.2),
            (-0.4, -0.55),
        ],
        "ember",
    )
    pen.curve([(-0.5, -0.3), (-0.6, 0.1), (-0.45, 0.4), (-0.42, 0.0)], "snow", 0.5, outlined=False)
    pen.stroke([(0, -0.42), (0.05, -0.75), (0.15, -0.9)], "bark", 0.07)
    _blade(pen, (0.08, -0.68), (0.5, -0.15), "leaf")
