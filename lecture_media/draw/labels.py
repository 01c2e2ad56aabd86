"""Short names beside the things they name, with a line to each. Nothing longer is ever written in a picture."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from PIL import Image, ImageDraw

from lecture_media.draw.ink import font
from lecture_media.draw.layout import Placed
from lecture_media.draw.pen import Point, Shape
from lecture_media.draw.stage import Box, Stage
from lecture_media.draw.style import Style, rgb
from lecture_media.words import in_type

LONGEST = 22
"""Letters of a label; a longer word gets none."""
_LEAST_HEIGHT = 11
_COVERED = 0.9
"""Share of a drawing's box that a label must avoid, since most drawings are round."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A subject and the shapes it was drawn with."""

    item: Placed
    shapes: tuple[Shape, ...]

    @property
    def edges(self) -> list[tuple[Point, Point]]:
        """The outlines of everything opaque; a line across its circle if nothing is."""
        found = [
            edge
            for shape in self.shapes
            if shape.alpha >= 1 and not shape.words
            for edge in pairwise([*shape.points, shape.points[-1 if shape.width else 0]])
        ]
        item = self.item
        return found or [((item.x - item.size, item.y - item.size), (item.x + item.size, item.y + item.size))]

    @property
    def box(self) -> Box:
        """The box it covers."""
        across, down = zip(*(point for edge in self.edges for point in edge), strict=True)
        return min(across), min(down), max(across), max(down)


@dataclass(frozen=True, slots=True)
class _Board:
    """What labels are written on.

    height:  of the letters, in pixels
    covered: by drawings
    taken:   by labels so far
    """

    brush: ImageDraw.ImageDraw
    style: Style
    height: int
    stage: Stage
    covered: Sequence[Box]
    taken: list[Box] = field(default_factory=list)


def label(picture: Image.Image, items: Sequence[Drawn], style: Style, stage: Stage) -> list[Box]:
    """Write each subject's word, as its text has it, next to its drawing, unless there is no free place for it.

    Returns the boxes of what was written.
    """
    height = max(_LEAST_HEIGHT, round(min(picture.size) * 0.036))
    board = _Board(ImageDraw.Draw(picture), style, height, stage, [drawn.box for drawn in items])
    for drawn in items:
        mention = drawn.item.mention
        words = " ".join(word if word.isupper() else word.lower() for word in (in_type(mention.word) or "").split())
        if words and len(words) <= LONGEST and mention.subject.name != "banner":
            _write(board, drawn, words)
    return board.taken


def _write(board: _Board, drawn: Drawn, words: str) -> None:
    length = board.brush.textlength(words, font(board.height))
    box = next((box for box in _around(board, drawn, length) if _is_free(board, box)), None)
    if box is None:
        return
    board.taken.append(box)
    ink, ground = rgb(board.style.ink), rgb(board.style.ground)
    if not drawn.item.framed:
        _lead(board, drawn, box)
    board.brush.text(
        ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2),
        words,
        fill=ink,
        font=font(board.height),
        anchor="mm",
        stroke_width=max(2, board.height // 6),
        stroke_fill=ground,
    )


def _lead(board: _Board, drawn: Drawn, box: Box) -> None:
    """A line from the label to the nearest edge of the drawing, with a dot slightly inside."""
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    edge = min((_nearest(ends, middle) for ends in drawn.edges), key=lambda point: math.dist(point, middle))
    inner = (drawn.box[0] + drawn.box[2]) / 2, (drawn.box[1] + drawn.box[3]) / 2
    end = (edge[0] + (inner[0] - edge[0]) * 0.12, edge[1] + (inner[1] - edge[1]) * 0.12)
    start = (min(max(end[0], box[0]), box[2]), min(max(end[1], box[1]), box[3]))
    ink, dot = rgb(board.style.ink), max(2, board.height // 9)
    board.brush.line([start, end], fill=ink, width=max(1, board.height // 12))
    board.brush.ellipse((end[0] - dot, end[1] - dot, end[0] + dot, end[1] + dot), fill=ink)


def _nearest(ends: tuple[Point, Point], point: Point) -> Point:
    """The point of a line that is nearest to another point."""
    (ax, ay), (bx, by) = ends
    length = (bx - ax) ** 2 + (by - ay) ** 2 or 1.0
    part = max(0.0, min(1.0, ((point[0] - ax) * (bx - ax) + (point[1] - ay) * (by - ay)) / length))
    return ax + (bx - ax) * part, ay + (by - ay) * part


def _around(board: _Board, drawn: Drawn, length: float) -> Iterator[Box]:
    """Places for a label: below, above and beside the drawing, nearer ones first; moved onto the stage if that is a short way."""
    left, top, right, bottom = drawn.box
    stage, half, tall = board.stage, length / 2 + 4, board.height * 0.6
    for away in (0.3, 1.0, 2.4) if drawn.item.framed else (0.75, 1.6, 3.0):
        gap = board.height * away
        for x, y in (
            ((left + right) / 2, bottom + gap + tall),
            ((left + right) / 2, top - gap - tall),
            (right + gap + half, (top + bottom) / 2),
            (left - gap - half, (top + bottom) / 2),
            (right + half, bottom + gap),
            (left - half, bottom + gap),
            (right + half, top - gap),
            (left - half, top - gap),
        ):
            inside = min(max(x, stage.left + half), stage.right - half)
            yield (inside - half, y - tall, inside + half, y + tall)


def _is_free(board: _Board, box: Box) -> bool:
    """Whether a place is on the stage and covers neither a drawing nor another label."""
    return (
        board.stage.holds(box)
        and not any(_meets(box, other) for other in board.taken)
        and not any(_meets(box, _core(other)) for other in board.covered)
    )


def _core(box: Box) -> Box:
    across, down = (box[2] - box[0]) * (1 - _COVERED) / 2, (box[3] - box[1]) * (1 - _COVERED) / 2
    return (box[0] + across, box[1] + down, box[2] - across, box[3] - down)


def _meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
