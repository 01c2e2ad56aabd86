"""A pen that records shapes: polygons and strokes in pixels, coloured by name. `ink.py` paints them, in a style.

A drawing works in its own box: x and y from -1 to 1, y downwards, with the ground it stands on at y = 1.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from lecture_media.chance import Chance

Point: TypeAlias = tuple[float, float]
_TURN = 2 * math.pi


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing to paint, in pixels.

    width:  of a stroke; 0 for a filled shape
    words:  text to be set with its middle at the only point, `width` high
    lifted: the first shape of a drawing, which casts a shadow of its own in paper styles
    """

    points: tuple[Point, ...]
    colour: str
    width: float = 0.0
    alpha: float = 1.0
    outlined: bool = True
    words: str = ""
    lifted: bool = False


class Pen:
    """Draws in a box of half-size `size` pixels around (x, y); pens made by `at` record on the same sheet."""

    def __init__(
        self, x: float, y: float, size: float, *, sheet: list[Shape] | None = None, chance: Chance | None = None
    ) -> None:
        """sheet: where shapes are recorded, in painting order."""
        self.x, self.y, self.size = x, y, size
        self.sheet: list[Shape] = [] if sheet is None else sheet
        self.chance = chance or Chance("pen")
        self.word = ""
        self._lift = True

    def at(self, x: float, y: float, scale: float) -> "Pen":
        """Return a pen for a smaller box inside this one."""
        inner = Pen(self.x + x * self.size, self.y + y * self.size, self.size * scale, sheet=self.sheet, chance=self.chance)
        inner.word = self.word
        return inner

    def lift(self) -> None:
        """Put what is drawn next on top of what was drawn before."""
        self._lift = True

    def poly(self, points: Sequence[Point], colour: str, alpha: float = 1.0, *, outlined: bool = True) -> None:
        """Draw a filled polygon."""
        self._write(Shape(tuple(points), colour, alpha=alpha, outlined=outlined))

    def curve(self, points: Sequence[Point], colour: str, alpha: float = 1.0, *, outlined: bool = True) -> None:
        """Draw a filled closed curve through the points."""
        self.poly(_through([*points, points[0]], closed=True), colour, alpha, outlined=outlined)

    def oval(self, middle: Point, radii: float | Point, colour: str = "ink", alpha: float = 1.0) -> None:
        """Draw a filled ellipse, outlined unless it is translucent. radii: across and down, or one for a circle."""
        (x, y), (rx, tall) = middle, radii if isinstance(radii, tuple) else (radii, radii)
        steps = max(14, min(64, int(math.sqrt(rx * self.size) * 4)))
        ring = [(x + rx * math.cos(_TURN * i / steps), y + tall * math.sin(_TURN * i / steps)) for i in range(steps)]
        self.poly(ring, colour, alpha, outlined=alpha >= 1)

    def rect(self, left_top: Point, right_bottom: Point, colour: str, corner: float = 0.0, alpha: float = 1.0) -> None:
        """Draw a filled rectangle. corner: the radius of its corners."""
        (left, top), (right, bottom) = left_top, right_bottom
        if not corner:
            self.poly([(left, top), (right, top), (right, bottom), (left, bottom)], colour, alpha, outlined=alpha >= 1)
            return
        ring: list[Point] = []
        for cx, cy, start in ((right, top, -0.25), (right, bottom, 0), (left, bottom, 0.25), (left, top, 0.5)):
            ox, oy = cx + (corner if cx == left else -corner), cy + (corner if cy == top else -corner)
            ring += [
                (ox + corner * math.cos(_TURN * (start + i / 24)), oy + corner * math.sin(_TURN * (start + i / 24)))
                for i in range(7)
            ]
        self.poly(ring, colour, alpha, outlined=alpha >= 1)

    def stroke(self, points: Sequence[Point], colour: str, width: float, alpha: float = 1.0, *, smooth: bool = True) -> None:
        """Draw a line, by default as a curve through the points. width: in the box's units."""
        path = _through(points, closed=False) if smooth and len(points) > 2 else points  # noqa: PLR2004 (two points are a line)
        self._write(Shape(tuple(path), colour, max(width * self.size, 1.0), alpha, outlined=False))

    def arc(
        self, circle: tuple[float, float, float], turns: tuple[float, float], colour: str, width: float, alpha: float = 1.0
    ) -> None:
        """Draw a part of a circle (x, y, radius) as a line, between two turns: 0 to the right, clockwise."""
        (x, y, radius), (start, end) = circle, turns
        steps = max(8, int(abs(end - start) * 48))
        path = [
            (x + radius * math.cos(_TURN * t), y + radius * math.sin(_TURN * t))
            for t in (start + (end - start) * i / steps for i in range(steps + 1))
        ]
        self.stroke(path, colour, width, alpha, smooth=False)

    def arrow(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a curved line with an arrowhead at its last point."""
        path = _through(points, closed=False) if len(points) > 2 else list(points)  # noqa: PLR2004 (two points are a line)
        (bx, by), head = path[-1], width * 3.2
        back = next((point for point in reversed(path) if math.dist(point, path[-1]) >= head), path[0])
        length = math.dist(back, path[-1]) or 1.0
        ux, uy = (bx - back[0]) / length, (by - back[1]) / length
        stem = [point for point in path if math.dist(point, path[-1]) > head * 0.9]
        self.stroke([*stem, (bx - ux * head * 0.8, by - uy * head * 0.8)], colour, width, smooth=False)
        wings = [(bx - ux * head - uy * head * 0.6, by - uy * head + ux * head * 0.6)]
        wings += [(bx, by), (bx - ux * head + uy * head * 0.6, by - uy * head - ux * head * 0.6)]
        self.poly(wings, colour, outlined=False)

    def star(self, middle: Point, radii: Point, tips: int, colour: str, turn: float = -0.25) -> None:
        """Draw a filled star. radii: of its tips and of its hollows; turn: where its first tip points, in turns."""
        (x, y), (outer, inner) = middle, radii
        ring: list[Point] = []
        for i in range(tips * 2):
            radius, angle = (inner if i % 2 else outer), _TURN * (turn + i / (2 * tips))
            ring.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
        self.poly(ring, colour)

    def text(self, x: float, y: float, height: float, words: str, colour: str = "ink") -> None:
        """Draw short text with its middle at (x, y)."""
        self._write(Shape(((x, y),), colour, height * self.size, outlined=False, words=words))

    def _write(self, shape: Shape) -> None:
        """Record a shape with points in the box's units."""
        placed = tuple((self.x + x * self.size, self.y + y * self.size) for x, y in shape.points)
        lifted, self._lift = self._lift and shape.alpha >= 1, self._lift and shape.alpha < 1
        self.sheet.append(replace(shape, points=placed, lifted=lifted))


def _through(points: Sequence[Point], *, closed: bool) -> list[Point]:
    """Return a Catmull-Rom curve through the points, with eight steps per segment."""
    last = len(points) - 1
    curve: list[Point] = []
    for i in range(last):
        p1, p2 = points[i], points[i + 1]
        p0 = points[i - 1] if i else (points[last - 1] if closed else p1)
        p3 = points[i + 2] if i + 2 <= last else (points[1] if closed else p2)
        for step in range(8):
            t = step / 8
            curve.append((_spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t)))
    return curve if closed else [*curve, points[last]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)
