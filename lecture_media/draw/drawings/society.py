"""Drawings of people and what they build."""

from lecture_media.draw.pen import Pen


def _figure(pen: Pen, x: float, height: float, cloth: str, skin: str) -> None:
    """A standing person, feet at y = 1."""
    h, top = height, 1 - height
    pen.lift()
    for side in (-1, 1):
        pen.poly(
            [(x, 1 - h * 0.42), (x + side * h * 0.13, 1 - h * 0.42), (x + side * h * 0.12, 1), (x + side * h * 0.04, 1)],
            "steel_dark",
        )
        pen.stroke([(x + side * h * 0.13, top + h * 0.32), (x + side * h * 0.2, top + h * 0.6)], skin, h * 0.055)
    pen.curve(
        [
            (x - h * 0.14, 1 - h * 0.4),
            (x - h * 0.16, top + h * 0.3),
            (x, top + h * 0.23),
            (x + h * 0.16, top + h * 0.3),
            (x + h * 0.14, 1 - h * 0.4),
        ],
        cloth,
    )
    pen.oval((x, top + h * 0.12), h * 0.105, skin)
    pen.curve(
        [
            (x - h * 0.11, top + h * 0.11),
            (x - h * 0.07, top),
            (x + h * 0.07, top),
            (x + h * 0.11, top + h * 0.11),
            (x, top + h * 0.06),
        ],
        "soil_dark",
    )


def person(pen: Pen) -> None:
    """One person."""
    _figure(pen, 0, 1.9, "cloth", "skin")


def people(pen: Pen) -> None:
    """Five people."""
    figures = (
        (-0.72, 1.2, "teal", "skin_dark"),
        (0.7, 1.25, "flame", "skin"),
        (-0.35, 1.5, "violet", "skin"),
        (0.36, 1.45, "leaf", "skin_dark"),
        (0, 1.7, "cloth", "skin"),
    )
    for x, height, cloth, skin in figures:
        _figure(pen, x, height, cloth, skin)


def house(pen: Pen) -> None:
    """A house with a door and two windows."""
    pen.rect((0.35, -0.75), (0.52, -0.2), "brick")
    pen.rect((-0.65, -0.1), (0.65, 1), "sand")
    pen.poly([(-0.85, -0.05), (0, -0.85), (0.85, -0.05)], "roof")
    pen.rect((-0.14, 0.4), (0.14, 1), "bark")
    for x in (-0.5, 0.27):
        pen.rect((x, 0.15), (x + 0.24, 0.42), "glow")


def city(pen: Pen) -> None:
    """Towers with lit windows."""
    towers = (
        (-0.9, -0.1, 0.4, "steel"),
        (0.5, -0.3, 0.42, "steel"),
        (-0.55, -0.6, 0.42, "cloth"),
        (0.1, -0.85, 0.45, "steel_dark"),
        (-0.2, 0.1, 0.38, "brick"),
    )
    for x, top, wide, colour in towers:
        pen.lift()
        pen.rect((x, top), (x + wide, 1), colour)
        rows = int((1 - top) / 0.28)
        for i in range(rows):
            for k in range(2):
                pen.rect(
                    (x + 0.07 + k * 0.17, top + 0.1 + i * 0.27),
                    (x + 0.16 + k * 0.17, top + 0.22 + i * 0.27),
                    "glow" if (i + k) % 3 else "night",
                )


def castle(pen: Pen) -> None:
    """Walls, two towers and a gate."""
    pen.rect((-0.6, 0.1), (0.6, 1), "rock")
    for x in (-0.7, 0.4):
        pen.lift()
        pen.rect((x, -0.45), (x + 0.32, 1), "rock_dark")
        pen.poly([(x - 0.07, -0.42), (x + 0.16, -0.9), (x + 0.39, -0.42)], "roof")
        pen.rect((x + 0.11, -0.15), (x + 0.21, 0.1), "glow")
    for i in range(5):
        pen.rect((-0.34 + i * 0.15, -0.02), (-0.25 + i * 0.15, 0.12), "rock")
    pen.curve([(-0.2, 1), (-0.2, 0.55), (0, 0.38), (0.2, 0.55), (0.2, 1)], "soil_dark")


def crown(pen: Pen) -> None:
    """A crown with stones."""
    pen.poly([(-0.8, 0.6), (-0.92, -0.4), (-0.45, 0.05), (0, -0.65), (0.45, 0.05), (0.92, -0.4), (0.8, 0.6)], "gold")
    pen.rect((-0.8, 0.42), (0.8, 0.72), "sun")
    for x, y, colour in ((-0.92, -0.46, "ember"), (0, -0.72, "water"), (0.92, -0.46, "ember")):
        pen.oval((x, y), 0.12, colour)
    for x, colour in ((-0.45, "water"), (0, "ember"), (0.45, "leaf")):
        pen.oval((x, 0.57), 0.1, colour)


def flag(pen: Pen) -> None:
    """A flag of three bands in the wind."""
    pen.stroke([(-0.78, -0.92), (-0.78, 1)], "bark", 0.08)
    for i, colour in enumerate(("cloth", "snow", "ember")):
        a, b = -0.74 + i * 0.54, -0.74 + (i + 1) * 0.54
        sway = (0.0, 0.1, 0.02, 0.12)
        pen.poly([(a, -0.85 + sway[i]), (b, -0.85 + sway[i + 1]), (b, 0.15 + sway[i + 1]), (a, 0.15 + sway[i])], colour)
    pen.oval((-0.78, -0.95), 0.08, "gold")


def sword(pen: Pen) -> None:
    """Two crossed swords."""
    for s in (-1, 1):
        pen.lift()
        pen.poly([(s * 0.8, -0.9), (s * 0.72, -0.62), (-s * 0.4, 0.55), (-s * 0.5, 0.45), (s * 0.62, -0.75)], "steel")
        pen.stroke([(-s * 0.2, 0.62), (-s * 0.66, 0.22)], "gold", 0.09)
        pen.stroke([(-s * 0.48, 0.5), (-s * 0.75, 0.82)], "bark", 0.11)
