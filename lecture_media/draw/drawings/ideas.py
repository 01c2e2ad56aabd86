"""Drawings for thought: signs, tools of study, and things one reads, counts and hears."""

import math

from lecture_media.draw.pen import Pen


def cycle(pen: Pen) -> None:
    """Three arrows chasing each other in a circle."""
    for i, colour in enumerate(("water", "leaf", "flame")):
        path = [
            (0.72 * math.cos(math.tau * t), 0.72 * math.sin(math.tau * t))
            for t in (i / 3 - 0.2 + 0.25 * step / 8 for step in range(9))
        ]
        pen.lift()
        pen.arrow(path, colour, 0.13)


def number(pen: Pen) -> None:
    """Cards with ascending numbers."""
    for i in range(3):
        x, y = -0.58 + i * 0.58, 0.25 - i * 0.25
        pen.lift()
        pen.rect((x - 0.32, y - 0.42), (x + 0.32, y + 0.42), ("teal", "sun", "flame")[i], 0.07)
        pen.text(x, y, 0.5, str(i + 1), "snow" if i != 1 else "ink")
    pen.arrow([(-0.75, 0.85), (0.2, 0.72), (0.9, 0.3)], "steel", 0.05)


def book(pen: Pen) -> None:
    """An open book."""
    pen.poly([(-0.98, -0.38), (-0.98, 0.62), (0, 0.8), (0.98, 0.62), (0.98, -0.38), (0, -0.2)], "brick")
    for s in (-1, 1):
        pen.curve([(0, -0.25), (s * 0.4, -0.48), (s * 0.9, -0.42), (s * 0.9, 0.5), (s * 0.4, 0.46), (0, 0.68)], "paper")
        for i in range(4):
            pen.stroke([(s * 0.16, -0.12 + i * 0.17), (s * 0.45, -0.24 + i * 0.17), (s * 0.76, -0.22 + i * 0.17)], "steel", 0.035)


def bulb(pen: Pen) -> None:
    """A shining light bulb."""
    for i in range(9):
        a = math.tau * (0.5 + i / 16)
        pen.stroke(
            [(0.72 * math.cos(a), -0.2 + 0.72 * math.sin(a)), (0.95 * math.cos(a), -0.2 + 0.95 * math.sin(a))], "sun", 0.07
        )
    pen.curve(
        [
            (0, -0.75),
            (0.4, -0.6),
            (0.55, -0.2),
            (0.38, 0.18),
            (0.22, 0.48),
            (-0.22, 0.48),
            (-0.38, 0.18),
            (-0.55, -0.2),
            (-0.4, -0.6),
        ],
        "glow",
    )
    pen.stroke([(-0.14, 0.45), (-0.18, 0.0), (0, 0.12), (0.18, 0.0), (0.14, 0.45)], "flame", 0.05)
    for i in range(3):
        pen.rect((-0.22 + i * 0.02, 0.5 + i * 0.14), (0.22 - i * 0.02, 0.61 + i * 0.14), "steel_dark", 0.04)


def brain(pen: Pen) -> None:
    """A brain with its folds."""
    pen.curve([(-0.9, 0.1), (-0.8, -0.4), (-0.4, -0.72), (0.1, -0.75), (0.6, -0.58), (0.92, -0.1), (0.8, 0.35),
               (0.45, 0.5), (0.35, 0.85), (0.15, 0.85), (0.1, 0.5), (-0.5, 0.5)], "rose")  # fmt: skip
    folds = (
        ((-0.7, -0.1), (-0.4, -0.3), (-0.2, 0.0), (-0.45, 0.2)),
        ((-0.1, -0.6), (0.1, -0.35), (-0.1, -0.1), (0.15, 0.1)),
        ((0.5, -0.4), (0.35, -0.1), (0.65, 0.05), (0.5, 0.3)),
        ((-0.5, -0.55), (-0.3, -0.5), (-0.25, -0.35)),
    )
    for path in folds:
        pen.stroke(path, "blood", 0.05)


def magnifier(pen: Pen) -> None:
    """A magnifying glass."""
    pen.stroke([(0.3, 0.3), (0.88, 0.88)], "bark", 0.2)
    pen.oval((-0.18, -0.18), 0.66, "steel_dark")
    pen.oval((-0.18, -0.18), 0.53, "glass")
    pen.arc((-0.18, -0.18, 0.38), (0.52, 0.72), "snow", 0.08)


def microscope(pen: Pen) -> None:
    """A microscope."""
    pen.rect((-0.6, 0.82), (0.65, 1), "steel_dark", 0.06)
    pen.arc((0.0, 0.25, 0.55), (-0.2, 0.22), "steel_dark", 0.14)
    pen.rect((-0.55, 0.42), (0.28, 0.52), "steel", 0.03)
    pen.poly([(-0.32, -0.85), (-0.05, -0.95), (0.2, 0.1), (-0.05, 0.18)], "cloth")
    pen.poly([(-0.02, 0.18), (0.16, 0.12), (0.16, 0.32), (0.04, 0.35)], "steel")
    pen.rect((-0.3, 0.36), (0.2, 0.42), "glow")


def telescope(pen: Pen) -> None:
    """A telescope on three legs."""
    for x in (-0.45, 0.05, 0.5):
        pen.stroke([(0, 0.15), (x, 1)], "bark", 0.07)
    pen.poly([(-0.75, 0.35), (-0.65, 0.55), (0.9, -0.35), (0.7, -0.75)], "cloth")
    pen.poly([(0.62, -0.72), (0.85, -0.28), (0.95, -0.36), (0.74, -0.8)], "gold")


def eye(pen: Pen) -> None:
    """An open eye."""
    pen.curve([(-0.98, 0.02), (-0.5, -0.42), (0, -0.55), (0.5, -0.42), (0.98, 0.02), (0.5, 0.42), (0, 0.5), (-0.5, 0.42)], "snow")
    pen.oval((0, -0.02), 0.45, "water")
    pen.oval((0, -0.02), 0.22, "ink")
    pen.oval((-0.13, -0.16), 0.1, "snow")
    pen.stroke([(-0.98, -0.02), (-0.5, -0.46), (0, -0.6), (0.5, -0.46), (0.98, -0.02)], "ink", 0.06)


def heart(pen: Pen) -> None:
    """A heart."""
    pen.curve(
        [
            (0, 0.9),
            (-0.6, 0.35),
            (-0.88, -0.15),
            (-0.7, -0.6),
            (-0.3, -0.65),
            (0, -0.32),
            (0.3, -0.65),
            (0.7, -0.6),
            (0.88, -0.15),
            (0.6, 0.35),
        ],
        "ember",
    )
    pen.curve([(-0.6, -0.4), (-0.42, -0.5), (-0.55, -0.2), (-0.66, -0.1)], "snow", 0.6, outlined=False)


def chart(pen: Pen) -> None:
    """Rising bars with a line above them."""
    pen.rect((-0.95, -0.85), (0.95, 0.9), "paper", 0.06)
    for i in range(4):
        pen.rect((-0.65 + i * 0.38, 0.45 - i * 0.26), (-0.42 + i * 0.38, 0.7), ("teal", "cloth", "sun", "flame")[i])
    pen.stroke([(-0.8, 0.72), (0.82, 0.72)], "ink", 0.05)
    pen.arrow([(-0.6, 0.2), (-0.2, 0.05), (0.2, -0.3), (0.7, -0.65)], "ember", 0.06)


def map(pen: Pen) -> None:  # noqa: A001 (a drawing is named after its subject)
    """A folded map with a marked route."""
    for i in range(3):
        x, dip = -0.95 + i * 0.63, 0.14 * (i % 2)
        pen.poly([(x, -0.6 + dip), (x + 0.63, -0.74 + 2 * 0.14 * ((i + 1) % 2) - 0.0),
                  (x + 0.63, 0.66 + 0.14 * ((i + 1) % 2)), (x, 0.66 + dip)], ("sand", "paper", "sand")[i])  # fmt: skip
    pen.curve([(-0.8, 0.0), (-0.5, -0.3), (-0.25, 0.1), (-0.5, 0.45)], "leaf_light", 0.8, outlined=False)
    pen.stroke([(-0.6, 0.4), (-0.2, 0.1), (0.1, 0.3), (0.5, -0.2)], "ember", 0.05)
    pen.oval((0.5, -0.3), 0.15, "ember")
    pen.oval((0.5, -0.3), 0.06, "snow")


def note(pen: Pen) -> None:
    """Two notes under one beam."""
    pen.poly([(-0.32, -0.65), (0.62, -0.85), (0.62, -0.6), (-0.32, -0.4)], "ink")
    for x, y in ((-0.5, 0.55), (0.44, 0.35)):
        pen.stroke([(x + 0.18, y), (x + 0.18, y - 1.05)], "ink", 0.08)
        pen.oval((x, y), (0.24, 0.18), "violet")


def question(pen: Pen) -> None:
    """A question mark in a bubble."""
    pen.curve(
        [
            (-0.9, -0.2),
            (-0.6, -0.75),
            (0, -0.88),
            (0.6, -0.75),
            (0.9, -0.2),
            (0.6, 0.4),
            (0.0, 0.52),
            (-0.3, 0.5),
            (-0.6, 0.95),
            (-0.55, 0.38),
        ],
        "sun",
    )
    pen.stroke([(-0.26, -0.42), (-0.1, -0.66), (0.2, -0.62), (0.28, -0.38), (0.04, -0.14), (0.0, 0.06)], "ink", 0.13)
    pen.oval((0, 0.27), 0.085, "ink")


def speech(pen: Pen) -> None:
    """Two speech bubbles."""
    for x, y, s, side, colour in ((0.3, 0.25, 0.66, 1, "teal"), (-0.3, -0.3, 0.68, -1, "paper")):
        pen.lift()
        pen.rect((x - s, y - s * 0.62), (x + s, y + s * 0.5), colour, 0.16)
        pen.poly(
            [(x + side * s * 0.5, y + s * 0.45), (x + side * s * 0.85, y + s * 0.95), (x + side * s * 0.15, y + s * 0.48)],
            colour,
            outlined=False,
        )
        for i in range(3):
            pen.oval((x - s * 0.45 + i * s * 0.45, y - 0.05), 0.075, "ink" if colour == "paper" else "snow")


def mistake(pen: Pen) -> None:
    """A cross in a ring."""
    pen.oval((0, 0), 0.85, "ember")
    pen.oval((0, 0), 0.7, "paper")
    for s in (-1, 1):
        pen.stroke([(-0.38, -0.38 * s), (0.38, 0.38 * s)], "ember", 0.2)


def scales(pen: Pen) -> None:
    """Scales in balance."""
    pen.stroke([(0, 0.85), (0, -0.75)], "gold", 0.09)
    pen.poly([(-0.4, 0.95), (0.4, 0.95), (0.2, 0.78), (-0.2, 0.78)], "gold")
    pen.stroke([(-0.75, -0.5), (0, -0.68), (0.75, -0.5)], "gold", 0.08)
    for x in (-0.7, 0.7):
        pen.stroke([(x, -0.5), (x - 0.24, 0.12)], "steel_dark", 0.03)
        pen.stroke([(x, -0.5), (x + 0.24, 0.12)], "steel_dark", 0.03)
        pen.curve([(x - 0.32, 0.12), (x + 0.32, 0.12), (x + 0.15, 0.32), (x - 0.15, 0.32)], "gold")


def scroll(pen: Pen) -> None:
    """A written scroll with a seal."""
    pen.rect((-0.62, -0.75), (0.62, 0.75), "paper")
    for y in (-0.8, 0.8):
        pen.rect((-0.75, y - 0.12), (0.75, y + 0.12), "sand", 0.12)
    for i in range(5):
        pen.stroke([(-0.42, -0.5 + i * 0.2), (0.42 - 0.2 * (i % 2), -0.5 + i * 0.2)], "soil", 0.04)
    pen.star((0.34, 0.52), (0.2, 0.15), 10, "ember")


def syringe(pen: Pen) -> None:
    """A syringe with a drop at its needle."""
    p = [(-0.75, 0.75), (-0.45, 0.45)]
    pen.stroke(p, "steel", 0.05)
    pen.poly([(-0.55, 0.38), (-0.38, 0.55), (0.45, -0.28), (0.28, -0.45)], "glass")
    pen.poly([(-0.55, 0.38), (-0.38, 0.55), (0.12, 0.05), (-0.05, -0.12)], "teal")
    pen.stroke([(0.2, -0.55), (0.55, -0.2)], "steel_dark", 0.09)
    pen.stroke([(0.38, -0.38), (0.72, -0.72)], "steel", 0.09)
    pen.stroke([(0.55, -0.88), (0.88, -0.55)], "steel_dark", 0.1)
    pen.oval((-0.85, 0.88), (0.08, 0.1), "teal")


def shield(pen: Pen) -> None:
    """A shield with a cross-stripe."""
    pen.curve(
        [
            (0, -0.92),
            (0.4, -0.75),
            (0.8, -0.72),
            (0.76, 0.1),
            (0.45, 0.6),
            (0, 0.95),
            (-0.45, 0.6),
            (-0.76, 0.1),
            (-0.8, -0.72),
            (-0.4, -0.75),
        ],
        "cloth",
    )
    pen.curve([(0, -0.7), (0.6, -0.55), (0.56, 0.08), (0, 0.72), (-0.56, 0.08), (-0.6, -0.55)], "water_light")
    pen.stroke([(-0.3, 0.0), (-0.06, 0.26), (0.36, -0.3)], "snow", 0.15, smooth=False)


def coin(pen: Pen) -> None:
    """Stacks of coins."""
    for x, tall in ((-0.5, 3), (0.12, 5), (0.65, 2)):
        pen.lift()
        for i in range(tall):
            pen.oval((x, 0.72 - i * 0.2), (0.32, 0.15), "gold")
        pen.oval((x, 0.7 - (tall - 1) * 0.2), (0.22, 0.09), "sun")


def banner(pen: Pen) -> None:
    """A ribbon with a word on it."""
    for s in (-1, 1):
        pen.poly([(s * 0.72, -0.1), (s, -0.1), (s * 0.88, 0.16), (s, 0.42), (s * 0.72, 0.42)], "roof")
    pen.lift()
    pen.rect((-0.86, -0.3), (0.86, 0.28), "ember", 0.05)
    pen.stroke([(-0.78, -0.21), (0.78, -0.21)], "sun", 0.025)
    pen.stroke([(-0.78, 0.19), (0.78, 0.19)], "sun", 0.025)
    pen.text(0, -0.01, min(0.24, 2.1 / max(len(pen.word), 1)), pen.word, "snow")
