"""Drawings of computers, networks and machines."""

import math

from lecture_media.draw.pen import Pen, Point


def computer(pen: Pen) -> None:
    """A laptop with lines of text on its screen."""
    pen.rect((-0.72, -0.7), (0.72, 0.35), "steel_dark", 0.08)
    pen.rect((-0.62, -0.6), (0.62, 0.25), "screen")
    for i, (length, colour) in enumerate(((0.7, "teal"), (0.45, "sun"), (0.85, "water_light"), (0.3, "teal"))):
        pen.rect((-0.5, -0.48 + i * 0.17), (-0.5 + length, -0.41 + i * 0.17), colour)
    pen.poly([(-0.72, 0.38), (0.72, 0.38), (0.98, 0.66), (0.9, 0.74), (-0.9, 0.74), (-0.98, 0.66)], "steel")
    pen.rect((-0.2, 0.56), (0.2, 0.64), "steel_dark")


def server(pen: Pen) -> None:
    """Three drawers with lamps."""
    for i in range(3):
        y = -0.88 + i * 0.6
        pen.lift()
        pen.rect((-0.72, y), (0.72, y + 0.5), "steel_dark", 0.07)
        pen.rect((-0.62, y + 0.1), (0.1, y + 0.4), "screen", 0.03)
        for k in range(4):
            pen.stroke([(-0.52 + k * 0.16, y + 0.17), (-0.52 + k * 0.16, y + 0.33)], "steel", 0.05)
        for k, colour in enumerate(("leaf_light", "sun", "teal")):
            pen.oval((0.28 + k * 0.16, y + 0.25), 0.055, colour)


def packet(pen: Pen) -> None:
    """An envelope."""
    pen.rect((-0.9, -0.58), (0.9, 0.6), "paper", 0.06)
    pen.poly([(-0.86, -0.54), (0.86, -0.54), (0, 0.18)], "sand")
    pen.stroke([(-0.86, 0.55), (-0.28, 0.02)], "soil", 0.035)
    pen.stroke([(0.86, 0.55), (0.28, 0.02)], "soil", 0.035)
    pen.oval((0, 0.12), 0.15, "ember")


def bytes(pen: Pen) -> None:  # noqa: A001 (a drawing is named after its subject)
    """A stream of numbered blocks."""
    for i in range(5):
        x, y = -0.8 + i * 0.4, 0.22 * math.sin(i * 1.3)
        pen.lift()
        pen.rect((x - 0.17, y - 0.17), (x + 0.17, y + 0.17), ("teal", "cloth", "sun", "flame", "teal")[i], 0.04)
        pen.text(x, y, 0.2, str(i + 1), "snow" if i != 2 else "ink")  # noqa: PLR2004 (the light block)
    pen.arrow([(-0.95, 0.62), (0.0, 0.7), (0.95, 0.58)], "steel", 0.05)


def network(pen: Pen) -> None:
    """Nodes joined to a hub and to each other."""
    ring = [(0.78 * math.cos(math.tau * (i / 6 + 0.04)), 0.78 * math.sin(math.tau * (i / 6 + 0.04))) for i in range(6)]
    for i, (x, y) in enumerate(ring):
        pen.stroke([(0, 0), (x, y)], "steel", 0.05)
        if i % 2:
            pen.stroke([(x, y), ring[(i + 1) % 6]], "steel", 0.04)
    for i, (x, y) in enumerate(ring):
        pen.oval((x, y), 0.17, ("teal", "sun", "flame", "cloth", "leaf", "violet")[i])
    pen.oval((0, 0), 0.26, "water")


def lock(pen: Pen) -> None:
    """A padlock."""
    pen.arc((0, -0.2, 0.38), (0.5, 1.0), "steel", 0.16)
    for x in (-0.38, 0.38):
        pen.stroke([(x, -0.22), (x, 0.05)], "steel", 0.16)
    pen.rect((-0.62, -0.02), (0.62, 0.9), "gold", 0.1)
    pen.oval((0, 0.34), 0.13, "ink")
    pen.poly([(-0.06, 0.38), (0.06, 0.38), (0.09, 0.68), (-0.09, 0.68)], "ink", outlined=False)


def key(pen: Pen) -> None:
    """A key."""
    pen.stroke([(-0.2, 0.1), (0.85, -0.5)], "gold", 0.15)
    for t in (0.7, 0.95):
        x, y = -0.2 + 1.05 * t, 0.1 - 0.6 * t
        pen.stroke([(x, y), (x + 0.13, y + 0.24)], "gold", 0.12)
    pen.oval((-0.48, 0.25), 0.4, "gold")
    pen.oval((-0.5, 0.26), 0.19, "paper")


def attacker(pen: Pen) -> None:
    """A hooded figure with bright eyes."""
    pen.curve([(-0.9, 1), (-0.75, 0.35), (-0.35, 0.1), (0.35, 0.1), (0.75, 0.35), (0.9, 1)], "night")
    pen.curve([(0, -0.95), (0.5, -0.6), (0.56, 0.0), (0.3, 0.3), (-0.3, 0.3), (-0.56, 0.0), (-0.5, -0.6)], "violet")
    pen.curve([(0, -0.6), (0.34, -0.35), (0.32, 0.05), (0, 0.22), (-0.32, 0.05), (-0.34, -0.35)], "ink")
    for x in (-0.14, 0.14):
        pen.oval((x, -0.16), (0.075, 0.05), "sun")
    pen.rect((-0.4, 0.55), (0.4, 0.95), "steel_dark", 0.05)


def cookie(pen: Pen) -> None:
    """A cookie with a bite taken."""
    pen.oval((0, 0), 0.85, "wood")
    pen.oval((-0.03, -0.04), 0.76, "sand")
    for x, y in ((-0.4, -0.3), (0.05, -0.45), (-0.1, 0.05), (-0.45, 0.3), (0.2, 0.4), (0.4, 0.02)):
        pen.oval((x, y), (0.11, 0.09), "soil_dark")


def clock(pen: Pen) -> None:
    """A clock at ten past ten."""
    pen.oval((0, 0), 0.92, "cloth")
    pen.oval((0, 0), 0.78, "paper")
    for i in range(12):
        a = math.tau * i / 12
        pen.stroke([(0.64 * math.cos(a), 0.64 * math.sin(a)), (0.72 * math.cos(a), 0.72 * math.sin(a))], "ink", 0.05)
    pen.stroke([(0, 0), (-0.34, -0.26)], "ink", 0.09)
    pen.stroke([(0, 0), (0.5, -0.32)], "ink", 0.06)
    pen.oval((0, 0), 0.07, "ember")


def code(pen: Pen) -> None:
    """A window with lines of code."""
    pen.rect((-0.9, -0.75), (0.9, 0.8), "screen", 0.08)
    pen.rect((-0.9, -0.75), (0.9, -0.52), "steel_dark", 0.08)
    for i, colour in enumerate(("ember", "sun", "leaf")):
        pen.oval((-0.75 + i * 0.17, -0.63), 0.06, colour)
    rows = ((0, 0.5, "violet"), (1, 0.7, "teal"), (1, 0.4, "sun"), (2, 0.6, "water_light"), (1, 0.3, "teal"), (0, 0.25, "violet"))
    for i, (indent, length, colour) in enumerate(rows):
        pen.rect((-0.72 + indent * 0.2, -0.36 + i * 0.18), (-0.72 + indent * 0.2 + length, -0.27 + i * 0.18), colour, 0.03)


def _cog(pen: Pen, middle: Point, radius: float, teeth: int, colour: str) -> None:
    """A toothed wheel."""
    x, y = middle
    ring = []
    for i in range(teeth * 4):
        r = radius if i % 4 in {1, 2} else radius * 0.8
        a = math.tau * (i - 0.5) / (teeth * 4)
        ring.append((x + r * math.cos(a), y + r * math.sin(a)))
    pen.lift()
    pen.poly(ring, colour)
    pen.oval((x, y), radius * 0.5, "paper")
    pen.oval((x, y), radius * 0.2, "steel_dark")


def gear(pen: Pen) -> None:
    """Two interlocking gears."""
    _cog(pen, (-0.28, 0.2), 0.66, 10, "steel")
    _cog(pen, (0.5, -0.46), 0.46, 8, "flame")


def factory(pen: Pen) -> None:
    """A factory with smoking stacks."""
    for x in (-0.6, -0.25):
        for i in range(3):
            pen.oval((x + 0.14 * i, -0.62 - 0.14 * i), 0.12 + 0.05 * i, "cloud_dark")
        pen.poly([(x - 0.1, -0.5), (x + 0.1, -0.5), (x + 0.14, 1), (x - 0.14, 1)], "brick")
    pen.poly(
        [(-0.85, 1), (-0.85, 0.35), (-0.3, 0.05), (-0.3, 0.35), (0.25, 0.05), (0.25, 0.35), (0.85, 0.05), (0.85, 1)], "steel_dark"
    )
    for x in (-0.7, -0.25, 0.2, 0.6):
        pen.rect((x, 0.5), (x + 0.22, 0.75), "glow")


def car(pen: Pen) -> None:
    """A car from the side."""
    pen.curve(
        [(-0.95, 0.75), (-0.9, 0.4), (-0.5, 0.3), (-0.25, -0.05), (0.35, -0.05), (0.6, 0.32), (0.95, 0.45), (0.95, 0.75)], "ember"
    )
    pen.poly([(-0.4, 0.3), (-0.2, 0.05), (0.05, 0.05), (0.05, 0.3)], "glass")
    pen.poly([(0.12, 0.3), (0.12, 0.05), (0.32, 0.05), (0.48, 0.3)], "glass")
    for x in (-0.52, 0.55):
        pen.oval((x, 0.78), 0.22, "ink")
        pen.oval((x, 0.78), 0.1, "steel")


def plane(pen: Pen) -> None:
    """A climbing aeroplane."""
    pen.poly([(-0.1, 0.05), (-0.45, -0.7), (-0.2, -0.7), (0.4, -0.1)], "steel")
    pen.curve([(-0.95, 0.3), (-0.2, -0.02), (0.6, -0.3), (0.95, -0.3), (0.75, -0.05), (0, 0.28), (-0.8, 0.42)], "snow")
    pen.poly([(-0.9, 0.3), (-0.98, -0.15), (-0.75, -0.12), (-0.55, 0.2)], "ember")
    pen.poly([(0.0, 0.12), (-0.3, 0.85), (-0.05, 0.85), (0.45, -0.02)], "steel")


def ship(pen: Pen) -> None:
    """A sailing ship."""
    pen.stroke([(0, 0.4), (0, -0.9)], "bark", 0.06)
    pen.curve([(0.06, -0.85), (0.6, -0.2), (0.65, 0.2), (0.06, 0.25)], "paper")
    pen.curve([(-0.06, -0.7), (-0.4, -0.2), (-0.5, 0.2), (-0.06, 0.25)], "sand")
    pen.curve([(-0.85, 0.4), (0.9, 0.4), (0.65, 0.85), (-0.6, 0.85)], "brick")
    pen.poly([(0, -0.95), (0.3, -0.86), (0, -0.78)], "ember")
