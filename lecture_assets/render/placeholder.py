"""The picture for something that does not exist yet, with the timeline's reason."""

from PIL import Image, ImageDraw

from lecture_assets.languages import DEFAULT_LANGUAGE
from lecture_assets.render.font import fitted
from lecture_assets.render.letters import without_unknown
from lecture_assets.render.typeface import Typeface, Weight

_TOP, _BOTTOM = (52, 60, 78), (30, 35, 48)
_LINE, _TEXT, _QUIET = (120, 132, 158), (232, 236, 244), (170, 180, 202)
_WORDS = {"image": "Picture to come", "video": "Clip to come"}


def placeholder(medium: str, reason: str, size: tuple[int, int], language: str = DEFAULT_LANGUAGE) -> Image.Image:
    """Draw a placeholder of width × height for a missing `image` or `video`, with the reason under it.

    language: whose fonts come first
    """
    width, height = size
    picture = _gradient(size)
    draw = ImageDraw.Draw(picture)
    unit = min(size) // 12
    centre_x, centre_y = width // 2, height // 2 - 2 * unit
    _symbol(draw, medium, centre_x, centre_y, unit)
    y = centre_y + 2 * unit
    parts: tuple[tuple[str, int, Weight, tuple[int, int, int]], ...] = (
        (_WORDS[medium], 15, "strong", _TEXT),
        (reason, 24, "regular", _QUIET),
    )
    for text, share, weight, colour in parts:
        face = Typeface(min(size) // share, weight, language)
        face, lines = fitted(without_unknown(text, language), face, width * 7 // 10, 3 if width > height else 7)
        for line in lines:
            face.write(draw, (centre_x, y), line, colour, align="middle")
            y += face.row(1.35)
        y += unit // 4
    return picture


def _gradient(size: tuple[int, int]) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size, Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", size, _BOTTOM), Image.new("RGB", size, _TOP), ramp)


def _symbol(draw: ImageDraw.ImageDraw, medium: str, x: int, y: int, unit: int) -> None:
    """A picture frame with hills and a sun, or a screen with a triangle."""
    stroke = max(2, unit // 12)
    box = (x - 2 * unit, y - unit * 4 // 3, x + 2 * unit, y + unit * 4 // 3)
    draw.rounded_rectangle(box, unit // 3, outline=_LINE, width=stroke)
    if medium == "video":
        half = unit * 2 // 3
        draw.polygon([(x - half * 2 // 3, y - half), (x - half * 2 // 3, y + half), (x + half, y)], _LINE)
        return
    draw.ellipse((x + unit * 2 // 3, y - unit * 5 // 6, x + unit * 7 // 6, y - unit // 3), _LINE)
    floor = y + unit * 5 // 6
    draw.polygon([(x - unit * 3 // 2, floor), (x - unit // 2, y - unit // 3), (x + unit // 2, floor)], _LINE)
    draw.polygon([(x - unit // 8, floor), (x + unit // 2, y + unit // 8), (x + unit * 3 // 2, floor)], _LINE)
