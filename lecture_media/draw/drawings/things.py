"""Drawings of things people make and use: on the road, in the kitchen, for play and for art."""

import math

from lecture_media.draw.pen import Pen, Point


def _wheel(pen: Pen, middle: Point, radius: float, spokes: int) -> None:
    """A rim with spokes, open between them."""
    x, y = middle
    for i in range(spokes):
        a = math.tau * i / spokes
        pen.stroke([middle, (x + radius * math.cos(a), y + radius * math.sin(a))], "steel", radius * 0.05)
    pen.arc((x, y, radius), (0, 1), "ink", radius * 0.16)
    pen.oval(middle, radius * 0.12, "steel_dark")


def bicycle(pen: Pen) -> None:
    """A bicycle from the side."""
    back, front, saddle, head, pedal = (-0.54, 0.5), (0.54, 0.5), (-0.26, -0.3), (0.36, -0.26), (-0.08, 0.5)
    for hub in (back, front):
        _wheel(pen, hub, 0.42, 10)
    for path in ((back, pedal), (back, saddle), (pedal, saddle), (pedal, head), (saddle, head), (front, head)):
        pen.stroke(path, "ember", 0.075)
    pen.stroke([head, (0.3, -0.52), (0.46, -0.6), (0.58, -0.54)], "steel_dark", 0.07)
    pen.stroke([saddle, (-0.3, -0.44)], "steel_dark", 0.06)
    pen.curve([(-0.5, -0.5), (-0.3, -0.54), (-0.08, -0.48), (-0.28, -0.4)], "bark")
    pen.oval(pedal, 0.11, "gold")
    pen.stroke([(-0.2, 0.62), (0.04, 0.38)], "steel_dark", 0.05)


def train(pen: Pen) -> None:
    """A steam engine on its rails."""
    pen.stroke([(-1, 0.98), (1, 0.98)], "steel_dark", 0.05)
    for x, y, r in ((0.62, -0.62, 0.13), (0.42, -0.78, 0.17), (0.14, -0.88, 0.12)):
        pen.oval((x, y), r, "cloud_dark")
    pen.rect((-0.9, -0.4), (-0.3, 0.62), "ember", 0.04)
    pen.rect((-0.78, -0.25), (-0.44, 0.08), "glass", 0.03)
    pen.rect((-1, -0.52), (-0.2, -0.38), "roof", 0.04)
    pen.rect((-0.34, -0.08), (0.78, 0.6), "cloth", 0.12)
    pen.poly([(0.5, -0.05), (0.44, -0.48), (0.76, -0.48), (0.7, -0.05)], "steel_dark")
    pen.poly([(0.74, 0.55), (0.98, 0.92), (0.6, 0.92)], "gold")
    pen.rect((-0.92, 0.56), (0.8, 0.7), "steel_dark", 0.03)
    for x in (-0.66, -0.16, 0.34):
        pen.oval((x, 0.74), 0.22, "ink")
        pen.oval((x, 0.74), 0.1, "gold")


def bridge(pen: Pen) -> None:
    """A bridge that hangs from two towers."""
    pen.stroke([(-1, 0.9), (-0.4, 0.86), (0.3, 0.92), (1, 0.88)], "water", 0.12)
    for side in (-1, 1):
        pen.stroke([(side * 0.45, -0.72), (side, 0.36)], "steel_dark", 0.05)
        pen.rect((side * 0.45 - 0.08, -0.8), (side * 0.45 + 0.08, 0.92), "brick", 0.02)
    hang = [(x / 10 * 0.45, 0.24 - 0.96 * (x / 10) ** 2) for x in range(-10, 11)]
    pen.stroke(hang, "steel_dark", 0.05)
    for x, y in hang[2:-2:2]:
        pen.stroke([(x, y), (x, 0.42)], "steel_dark", 0.025)
    pen.rect((-1, 0.36), (1, 0.5), "steel")


def robot(pen: Pen) -> None:
    """A friendly robot."""
    pen.stroke([(0, -0.6), (0, -0.9)], "steel_dark", 0.05)
    pen.oval((0, -0.9), 0.08, "ember")
    for side in (-1, 1):
        pen.stroke([(side * 0.5, 0.05), (side * 0.78, 0.3), (side * 0.7, 0.55)], "steel", 0.12)
        pen.rect((side * 0.24 - 0.13, 0.66), (side * 0.24 + 0.13, 1), "steel_dark", 0.05)
    pen.rect((-0.52, -0.05), (0.52, 0.72), "teal", 0.1)
    pen.rect((-0.45, -0.66), (0.45, -0.02), "steel", 0.12)
    pen.rect((-0.34, -0.54), (0.34, -0.14), "screen", 0.08)
    for side in (-1, 1):
        pen.oval((side * 0.16, -0.38), 0.075, "glow")
    pen.arc((0, -0.32, 0.13), (0.08, 0.42), "glow", 0.035)
    for i, colour in enumerate(("sun", "ember", "leaf_light")):
        pen.oval((-0.22 + i * 0.22, 0.28), 0.075, colour)


def guitar(pen: Pen) -> None:
    """A leaning guitar."""
    pen.stroke([(-0.1, 0.1), (0.68, -0.72)], "bark", 0.16)
    pen.poly([(0.62, -0.84), (0.8, -0.66), (0.98, -0.84), (0.8, -1)], "soil_dark")
    pen.curve([(-0.78, 0.3), (-0.5, -0.02), (-0.2, 0.06), (0.0, -0.12), (0.26, 0.16), (0.1, 0.36), (0.16, 0.66), (-0.2, 0.96),
               (-0.66, 0.84)], "wood")  # fmt: skip
    pen.oval((-0.16, 0.2), 0.15, "soil_dark")
    pen.stroke([(-0.52, 0.5), (-0.36, 0.66)], "soil_dark", 0.07)
    for shift in (-0.03, 0.0, 0.03):
        pen.stroke([(-0.44 + shift, 0.58 + shift), (0.78 + shift, -0.78 + shift)], "glow", 0.014)


def palette(pen: Pen) -> None:
    """A painter's palette and a brush."""
    pen.curve([(-0.92, 0.1), (-0.6, -0.55), (0.1, -0.7), (0.75, -0.45), (0.9, 0.05), (0.5, 0.28), (0.34, 0.62), (-0.2, 0.75),
               (-0.72, 0.55)], "wood")  # fmt: skip
    pen.oval((0.1, 0.35), (0.14, 0.11), "paper")
    for x, y, colour in (
        (-0.58, 0.1, "ember"),
        (-0.42, -0.26, "sun"),
        (-0.04, -0.42, "leaf"),
        (0.36, -0.36, "water"),
        (0.6, -0.06, "violet"),
    ):
        pen.oval((x, y), (0.15, 0.13), colour)
    pen.stroke([(-0.3, 0.55), (0.72, -0.72)], "bark", 0.06)
    pen.poly([(0.66, -0.74), (0.76, -0.64), (0.95, -0.98)], "teal")


def pencil(pen: Pen) -> None:
    """A pencil that has drawn a line."""
    pen.stroke([(-0.95, 0.85), (-0.55, 0.7), (-0.2, 0.92), (0.25, 0.76), (0.7, 0.88)], "cloth", 0.05)
    pen.poly([(-0.66, 0.62), (-0.58, 0.28), (-0.32, 0.54)], "sand")
    pen.poly([(-0.66, 0.62), (-0.63, 0.5), (-0.54, 0.59)], "ink")
    pen.poly([(-0.58, 0.28), (0.5, -0.8), (0.76, -0.54), (-0.32, 0.54)], "sun")
    pen.poly([(-0.45, 0.41), (0.63, -0.67), (0.76, -0.54), (-0.32, 0.54)], "gold", 0.8, outlined=False)
    pen.poly([(0.5, -0.8), (0.64, -0.94), (0.9, -0.68), (0.76, -0.54)], "rose")


def cup(pen: Pen) -> None:
    """A steaming cup on a saucer."""
    for x in (-0.26, 0.02, 0.3):
        pen.stroke([(x, -0.3), (x - 0.1, -0.5), (x + 0.08, -0.7), (x, -0.92)], "cloud_dark", 0.06)
    pen.arc((0.52, 0.2, 0.25), (0, 1), "teal", 0.12)
    pen.curve([(-0.6, -0.12), (0.6, -0.12), (0.52, 0.5), (0.26, 0.78), (-0.26, 0.78), (-0.52, 0.5)], "teal")
    pen.oval((0, -0.12), (0.6, 0.14), "glass")
    pen.oval((0, -0.1), (0.5, 0.1), "bark")
    pen.oval((0, 0.86), (0.9, 0.12), "steel")


def bread(pen: Pen) -> None:
    """A loaf with three cuts, and an ear of grain."""
    pen.stroke([(-0.9, -0.1), (-0.5, -0.5), (-0.2, -0.92)], "gold", 0.05)
    for i in range(5):
        x, y = -0.74 + i * 0.12, -0.26 - i * 0.13
        pen.oval((x - 0.09, y - 0.03), (0.06, 0.1), "sun")
        pen.oval((x + 0.11, y + 0.05), (0.1, 0.06), "sun")
    pen.curve([(-0.8, 0.75), (-0.95, 0.3), (-0.55, -0.02), (0.2, -0.1), (0.8, 0.1), (0.95, 0.5), (0.7, 0.8)], "wood")
    for x in (-0.45, 0.0, 0.45):
        pen.stroke([(x - 0.1, 0.42), (x + 0.02, 0.2), (x + 0.18, 0.12)], "sand", 0.1)


def ball(pen: Pen) -> None:
    """A football."""
    pen.oval((0, 0), 0.9, "cloud_dark")
    pen.oval((-0.02, -0.02), 0.86, "snow")
    pen.star((0, 0), (0.32, 0.26), 5, "ink")
    for i in range(5):
        a = math.tau * (i / 5 - 0.25)
        pen.stroke([(0.3 * math.cos(a), 0.3 * math.sin(a)), (0.62 * math.cos(a), 0.62 * math.sin(a))], "ink", 0.04)
        spread = ((-0.28, 0.64), (0, 0.56), (0.28, 0.64), (0.2, 0.84), (-0.2, 0.84))
        pen.poly([(r * math.cos(a + turn * 0.8), r * math.sin(a + turn * 0.8)) for turn, r in spread], "ink")


def hand(pen: Pen) -> None:
    """An open hand."""
    for x, top, lean in ((-0.42, -0.5, -0.1), (-0.16, -0.84, -0.03), (0.12, -0.88, 0.03), (0.38, -0.66, 0.1)):
        pen.stroke([(x, 0.2), (x + lean, top)], "skin", 0.2)
    pen.stroke([(-0.42, 0.5), (-0.72, 0.2), (-0.84, 0.0)], "skin", 0.2)
    pen.curve([(-0.54, 0.1), (0.5, 0.1), (0.5, 0.55), (0.3, 0.9), (0.3, 1), (-0.3, 1), (-0.34, 0.88), (-0.54, 0.5)], "skin")
    pen.stroke([(-0.35, 0.35), (0.05, 0.42), (0.38, 0.3)], "skin_dark", 0.03)
    pen.stroke([(-0.2, 0.85), (-0.1, 0.6), (-0.35, 0.42)], "skin_dark", 0.03)


def ear(pen: Pen) -> None:
    """An ear with waves reaching it."""
    pen.curve(
        [(-0.1, 0.9), (-0.3, 0.5), (-0.42, -0.2), (-0.1, -0.78), (0.4, -0.8), (0.72, -0.3), (0.5, 0.25), (0.3, 0.6), (0.2, 0.9)],
        "skin",
    )
    pen.stroke(
        [(-0.18, 0.1), (-0.2, -0.3), (0.12, -0.56), (0.44, -0.3), (0.3, 0.08), (0.06, 0.2), (0.1, 0.45)], "skin_dark", 0.08
    )
    for i, radius in enumerate((0.2, 0.4, 0.6)):
        pen.arc((-0.4, 0, radius), (0.4, 0.6), ("teal", "cloth", "water_light")[i], 0.06)


def pyramid(pen: Pen) -> None:
    """Two pyramids, each with one side in the shade."""
    for x, top, half in ((0.5, 0.0, 0.5), (-0.2, -0.7, 0.8)):
        pen.lift()
        pen.poly([(x - half, 1), (x, top), (x + half * 0.3, 1)], "sand")
        pen.poly([(x, top), (x + half, 1), (x + half * 0.3, 1)], "root")
        for i in range(1, 4):
            y = top + (1 - top) * i / 4
            pen.stroke([(x - half * i / 4, y), (x + half * 0.3 * i / 4, y)], "gold", 0.02)


def mushroom(pen: Pen) -> None:
    """A mushroom with its threads in the ground."""
    for side, reach in ((-1, 0.6), (1, 0.7), (-1, 0.25), (1, 0.3)):
        pen.stroke([(0, 0.78), (side * reach * 0.5, 0.88), (side * reach, 1)], "root", 0.04)
    pen.curve([(-0.2, 0.82), (-0.14, 0.0), (0.14, 0.0), (0.2, 0.82), (0, 0.88)], "paper")
    pen.curve([(-0.85, 0.05), (-0.6, -0.55), (0, -0.8), (0.6, -0.55), (0.85, 0.05), (0, 0.16)], "ember")
    for x, y, r in ((-0.4, -0.3, 0.13), (0.1, -0.52, 0.12), (0.42, -0.18, 0.14), (-0.05, -0.12, 0.1)):
        pen.oval((x, y), (r, r * 0.8), "snow")
