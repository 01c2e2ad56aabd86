"""Turn shapes into pixels: at twice the size, then halved, so that edges are smooth. Styles are known here, subjects are not."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from lecture_media.draw.pen import Point, Shape
from lecture_media.draw.style import Rgb, Style, rgb

FINER = 2
"""Shapes are drawn at this multiple of the final size."""
WIDE_LINE = 5
"""Corners of a line at least this wide in pixels are rounded, which takes most of the time of drawing it."""
_BOLD = 650
"""Weight of text that is part of a drawing."""
_COARSER = 4
"""Shadows are soft, so a mask of a quarter of the size is enough."""


@lru_cache(maxsize=64)
def font(height: int, weight: int = 440) -> ImageFont.FreeTypeFont:
    """Noto Sans from its wheel, the same on every machine. weight: 100 to 900."""
    made = ImageFont.truetype(str(files("fontpkg_noto_sans").joinpath("files/NotoSans[wdth,wght].ttf")), max(8, height))
    made.set_variation_by_axes([weight, 100])
    return made


def painted(sheet: Sequence[Shape], backdrop: Image.Image, style: Style) -> tuple[Image.Image, Image.Image]:
    """Return the fills on the backdrop (RGB), and the outlines as a separate mask (L), both at the picture's size.

    backdrop: FINER times as wide and high as the picture
    """
    fills = backdrop.copy()
    lines = Image.new("L", fills.size, 0)
    easel = _Easel(fills, lines, style, min(fills.size) / FINER / 1000)
    for group in _groups(sheet):
        if style.shadow and group[0].lifted:
            _cast_shadow(fills, group, style, easel.unit)
        for shape in group:
            if not shape.words:
                easel.paint(shape)
    return fills.reduce(FINER), lines.reduce(FINER)


def _groups(sheet: Sequence[Shape]) -> Iterator[list[Shape]]:
    """Group the shapes into runs that lie in one layer of paper."""
    group: list[Shape] = []
    for shape in sheet:
        if shape.lifted and group:
            yield group
            group = []
        group.append(shape)
    if group:
        yield group


class _Easel:
    """The two images that are painted on."""

    def __init__(self, fills: Image.Image, lines: Image.Image, style: Style, unit: float) -> None:
        self.style, self.unit = style, unit
        self.fills, self.lines = ImageDraw.Draw(fills, "RGBA"), ImageDraw.Draw(lines)
        self.line_width = max(1, round(style.line * unit * FINER)) if style.line else 0
        self.joint = "curve" if self.line_width > WIDE_LINE else None
        self.known: dict[str, Rgb] = {}

    def paint(self, shape: Shape) -> None:
        colour = self.known.setdefault(shape.colour, self.style.colour(shape.colour))
        points = [
            (x * FINER, y * FINER)
            for x, y in _strayed(shape.points, self.style.wobble * self.unit, self.unit, closed=not shape.width)
        ]
        if shape.width:
            self._stroke(points, shape, colour)
        else:
            self._fill(points, shape, colour)

    def _brighter(self, colour: Rgb) -> Rgb:
        """Blend a colour towards white, for what glows or is chalk on a dark ground."""
        red, green, blue = (round(part + (255 - part) * self.style.bright) for part in colour)
        return (red, green, blue)

    def _fill(self, points: list[Point], shape: Shape, colour: Rgb) -> None:
        opacity = shape.alpha * (self.style.fill if shape.outlined or self.style.own_line else 1)
        self.fills.polygon(points, fill=(*colour, round(255 * opacity)))
        if shape.alpha >= 1 and self.line_width:
            self.lines.polygon(points, fill=0)
        if self.line_width and shape.outlined:
            ring = [*points, points[0], points[1]]
            if self.style.own_line:
                self.fills.line(ring, fill=(*self._brighter(colour), 255), width=self.line_width, joint=self.joint)
            else:
                self.lines.line(ring, fill=235, width=self.line_width, joint=self.joint)

    def _stroke(self, points: list[Point], shape: Shape, colour: Rgb) -> None:
        width = max(1, round(shape.width * FINER))
        shown = self._brighter(colour) if self.style.own_line else colour
        self.fills.line(
            points, fill=(*shown, round(255 * shape.alpha)), width=width, joint="curve" if width > WIDE_LINE else None
        )
        if width > 3 * FINER and shape.alpha >= 1:
            for x, y in (points[0], points[-1]):
                self.fills.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=(*shown, 255))
        if self.line_width:
            self.lines.line(points, fill=0, width=width)


def lettered(picture: Image.Image, sheet: Sequence[Shape], style: Style) -> None:
    """Write the words of a drawing over its finished surface, since a wash would run through small text."""
    brush = ImageDraw.Draw(picture)
    for shape in sheet:
        if shape.words:
            face = font(round(shape.width * 1.25), _BOLD)
            colour = rgb(style.ink) if style.own_line else style.colour(shape.colour)
            brush.text(shape.points[0], shape.words, fill=colour, font=face, anchor="mm")


def _strayed(points: Sequence[Point], by: float, unit: float, *, closed: bool) -> Sequence[Point]:
    """Move the points as an unsteady hand would, with extra points on long edges. Neighbours move alike."""
    if by <= 0:
        return points
    reach, fine = 26 * unit, (0.009 / unit, 0.021 / unit)
    path: list[Point] = []
    ends = [*points[1:], points[0]] if closed else points[1:]
    for (ax, ay), (bx, by_) in zip(points, ends, strict=False):
        steps = max(1, min(60, int(math.hypot(bx - ax, by_ - ay) / reach)))
        path += [(ax + (bx - ax) * i / steps, ay + (by_ - ay) * i / steps) for i in range(steps)]
    if not closed:
        path.append(points[-1])
    return [
        (
            x + by * (math.sin(x * fine[0] + y * fine[1] + 1.3) + 0.6 * math.sin(y * fine[1] * 1.7 - x * fine[1])),
            y + by * (math.sin(y * fine[0] - x * fine[1] + 4.1) + 0.6 * math.sin(x * fine[1] * 1.6 + y * fine[0])),
        )
        for x, y in path
    ]


def _cast_shadow(fills: Image.Image, group: Sequence[Shape], style: Style, unit: float) -> None:
    """Softly darken what is below and to the right of a layer."""
    drop, soft = 9 * unit, 7 * unit
    solid = [shape for shape in group if shape.alpha >= 1 and not shape.words]
    xs = [x for shape in solid for x, _ in shape.points]
    ys = [y for shape in solid for _, y in shape.points]
    if not xs:
        return
    reach = drop + 3 * soft
    size = fills.size[0] / FINER, fills.size[1] / FINER
    left, top = max(0.0, min(xs) - reach), max(0.0, min(ys) - reach)
    right, bottom = min(size[0], max(xs) + reach), min(size[1], max(ys) + reach)
    if right - left < 2 * _COARSER or bottom - top < 2 * _COARSER:
        return
    mask = Image.new("L", (int((right - left) / _COARSER), int((bottom - top) / _COARSER)), 0)
    brush = ImageDraw.Draw(mask)
    for shape in solid:
        points = [((x - left + drop * 0.7) / _COARSER, (y - top + drop) / _COARSER) for x, y in shape.points]
        if shape.width:
            brush.line(points, fill=255, width=max(1, round(shape.width / _COARSER)))
        else:
            brush.polygon(points, fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(soft / _COARSER)).point([round(level * style.shadow) for level in range(256)])
    box = (round(left * FINER), round(top * FINER), round(right * FINER), round(bottom * FINER))
    mask = mask.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BILINEAR)
    fills.paste((38, 26, 30), box, mask)
