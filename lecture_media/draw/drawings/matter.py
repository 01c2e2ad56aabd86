"""Drawings of matter: molecules, crystals, glassware and what moves through them."""

import math

from lecture_media.draw.pen import Pen, Point


def _ball(pen: Pen, middle: Point, radius: float, colour: str, words: str = "") -> None:
    """An atom: a ball with a highlight."""
    x, y = middle
    pen.oval((x, y), radius, colour)
    pen.oval((x - radius * 0.3, y - radius * 0.35), radius * 0.28, "snow", 0.55)
    if words:
        pen.text(x, y, radius * 0.8, words, "snow")


def oxygen(pen: Pen) -> None:
    """Two atoms of oxygen, and a smaller pair behind."""
    for x, y, s in ((0.55, -0.6, 0.42), (-0.02, 0.1, 1.15)):
        pen.lift()
        for dy in (-0.05, 0.05):
            pen.stroke([(x - 0.36 * s, y + dy * s), (x + 0.36 * s, y + dy * s)], "steel_dark", 0.045 * s)
        _ball(pen, (x - 0.36 * s, y), 0.36 * s, "ember", "O")
        _ball(pen, (x + 0.36 * s, y), 0.36 * s, "ember", "O")


def hydrogen(pen: Pen) -> None:
    """Two atoms of hydrogen, twice."""
    for x, y, s in ((-0.25, 0.3, 1.0), (0.4, -0.5, 0.7)):
        pen.lift()
        pen.stroke([(x - 0.28 * s, y), (x + 0.28 * s, y)], "steel_dark", 0.07 * s)
        _ball(pen, (x - 0.3 * s, y), 0.27 * s, "cloth", "H")
        _ball(pen, (x + 0.3 * s, y), 0.27 * s, "cloth", "H")


def carbon(pen: Pen) -> None:
    """Carbon dioxide: one carbon between two oxygens."""
    for side in (-1, 1):
        for dy in (-0.06, 0.06):
            pen.stroke([(0, dy), (side * 0.6, dy)], "steel_dark", 0.05)
    _ball(pen, (-0.64, 0), 0.32, "ember", "O")
    _ball(pen, (0.64, 0), 0.32, "ember", "O")
    _ball(pen, (0, 0), 0.36, "steel_dark", "C")


def molecule(pen: Pen) -> None:
    """A bent molecule of three kinds of atoms."""
    ends = ((-0.62, 0.42, 0.26, "cloth"), (0.62, 0.46, 0.26, "cloth"), (0.5, -0.5, 0.3, "flame"), (-0.5, -0.5, 0.22, "teal"))
    for x, y, _, _ in ends:
        pen.stroke([(0, 0), (x, y)], "steel_dark", 0.08)
    for x, y, radius, colour in ends:
        _ball(pen, (x, y), radius, colour)
    _ball(pen, (0, 0), 0.4, "ember")


def sugar(pen: Pen) -> None:
    """A ring of six with its arms, as sugar is drawn."""
    ring = [(0.55 * math.cos(math.pi * (i / 3 + 1 / 6)), 0.55 * math.sin(math.pi * (i / 3 + 1 / 6))) for i in range(6)]
    for i, (x, y) in enumerate(ring):
        arm = 1.55 if i % 2 else 1.45
        pen.stroke([(x, y), (x * arm, y * arm)], "gold", 0.06)
        pen.oval((x * arm, y * arm), 0.09, "snow")
    pen.poly(ring, "gold")
    pen.poly([(x * 0.78, y * 0.78) for x, y in ring], "glow")
    for i, (x, y) in enumerate(ring):
        pen.oval((x, y), 0.13, "ember" if i == 0 else "steel_dark")


def dust(pen: Pen) -> None:
    """Specks of many sizes."""
    for i in range(16):
        a, r = i * 2.4, 0.12 + 0.05 * i
        pen.oval((r * math.cos(a), r * math.sin(a)), 0.05 + 0.045 * (i % 3), ("soil", "sand", "rock")[i % 3])


def salt(pen: Pen) -> None:
    """Cubes of salt."""
    for x, y, s in ((-0.4, 0.3, 0.5), (0.45, 0.4, 0.38), (0.08, -0.3, 0.44)):
        pen.lift()
        pen.poly([(x - s, y - s * 0.3), (x, y - s * 0.75), (x + s * 0.9, y - s * 0.35), (x, y + s * 0.1)], "snow")
        pen.poly([(x - s, y - s * 0.3), (x, y + s * 0.1), (x, y + s), (x - s, y + s * 0.5)], "ice")
        pen.poly([(x, y + s * 0.1), (x + s * 0.9, y - s * 0.35), (x + s * 0.9, y + s * 0.45), (x, y + s)], "cloud_dark")


def atom(pen: Pen) -> None:
    """A nucleus with three orbits."""
    for k in range(3):
        a = math.pi * k / 3
        path = []
        for i in range(41):
            t = math.tau * i / 40
            x, y = 0.95 * math.cos(t), 0.34 * math.sin(t)
            path.append((x * math.cos(a) - y * math.sin(a), x * math.sin(a) + y * math.cos(a)))
        pen.stroke(path, "cloth", 0.045, smooth=False)
        x, y = path[6 + 9 * k]
        _ball(pen, (x, y), 0.1, "sun")
    for x, y, colour in ((-0.09, -0.05, "ember"), (0.09, -0.06, "steel_dark"), (0, 0.1, "ember"), (0.02, -0.0, "flame")):
        _ball(pen, (x, y), 0.14, colour)


def flask(pen: Pen) -> None:
    """A flask half full, with bubbles."""
    pen.poly([(-0.16, -0.9), (0.16, -0.9), (0.16, -0.3), (0.7, 0.8), (0.55, 1), (-0.55, 1), (-0.7, 0.8), (-0.16, -0.3)], "glass")
    pen.poly([(-0.4, 0.25), (0.4, 0.25), (0.66, 0.8), (0.53, 0.95), (-0.53, 0.95), (-0.66, 0.8)], "teal")
    pen.rect((-0.24, -0.98), (0.24, -0.84), "steel", 0.05)
    for x, y, r in ((-0.2, 0.6, 0.1), (0.15, 0.75, 0.07), (0.1, 0.42, 0.06), (-0.02, 0.05, 0.06)):
        pen.oval((x, y), r, "glow")


def magnet(pen: Pen) -> None:
    """A horseshoe magnet with its field."""
    for r in (0.3, 0.5, 0.7):
        pen.arc((0, -0.55, r), (0.55, 0.95), "cloth", 0.035)
    pen.arc((0, 0.25, 0.5), (0, 0.5), "ember", 0.34)
    for x in (-0.5, 0.5):
        pen.rect((x - 0.17, -0.2), (x + 0.17, 0.27), "ember")
        pen.rect((x - 0.17, -0.48), (x + 0.17, -0.16), "steel")
    pen.text(-0.5, -0.32, 0.22, "N")
    pen.text(0.5, -0.32, 0.22, "S")


def wave(pen: Pen) -> None:
    """Two waves, a long one and a short one."""
    for y, turns, height, colour in ((-0.4, 2.0, 0.34, "flame"), (0.42, 4.5, 0.26, "cloth")):
        pen.stroke(
            [(-0.95 + 1.9 * i / 60, y + height * math.sin(math.tau * turns * i / 60)) for i in range(61)],
            colour,
            0.09,
            smooth=False,
        )


def prism(pen: Pen) -> None:
    """A prism that spreads a beam into colours."""
    pen.stroke([(-1, 0.25), (-0.2, 0.05)], "snow", 0.07)
    for i, colour in enumerate(("ember", "flame", "sun", "leaf", "water", "violet")):
        y = 0.06 * i
        pen.poly(
            [(0.15, -0.1 + y * 0.5), (1, -0.25 + i * 0.16), (1, -0.08 + i * 0.16), (0.15, -0.06 + y * 0.5)],
            colour,
            outlined=False,
        )
    pen.poly([(0, -0.7), (0.62, 0.5), (-0.62, 0.5)], "glass", 0.85)
    pen.poly([(0, -0.7), (0.62, 0.5), (0.2, 0.5)], "water_light", 0.6, outlined=False)


def thermometer(pen: Pen) -> None:
    """A thermometer, half risen."""
    pen.rect((-0.18, -0.95), (0.18, 0.6), "glass", 0.18)
    pen.oval((0, 0.65), 0.32, "ember")
    pen.rect((-0.08, -0.2), (0.08, 0.6), "ember")
    for i in range(6):
        pen.stroke([(0.26, -0.75 + i * 0.2), (0.42 + 0.12 * (i % 2), -0.75 + i * 0.2)], "ink", 0.04)


def battery(pen: Pen) -> None:
    """A battery."""
    pen.rect((-0.18, -0.9), (0.18, -0.7), "steel", 0.04)
    pen.rect((-0.45, -0.75), (0.45, 0.95), "steel_dark", 0.1)
    for i, colour in enumerate(("sun", "leaf", "leaf")):
        pen.rect((-0.34, -0.55 + i * 0.48), (0.34, -0.17 + i * 0.48), colour, 0.05)
    pen.poly([(0.08, -0.45), (-0.2, 0.2), (0.0, 0.2), (-0.1, 0.7), (0.22, 0.02), (0.03, 0.02)], "snow")
