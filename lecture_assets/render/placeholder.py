"""The picture for something that does not exist yet. Why it does not is told by `status`, to those who make the lecture."""

from PIL import Image, ImageDraw

from lecture_assets.languages import DEFAULT_LANGUAGE
from lecture_assets.render.typeface import Typeface

_TOP, _BOTTOM = (52, 60, 78), (30, 35, 48)
_LINE, _TEXT = (120, 132, 158), (232, 236, 244)
_WORDS = {"image": "No picture yet", "video": "No clip yet"}


def placeholder(medium: str, size: tuple[int, int]) -> Image.Image:
    """Draw a placeholder of width × height for a missing `image` or `video`: a symbol and, below it, three words."""
    width, height = size
    picture = empty(size)
    draw = ImageDraw.Draw(picture)
    unit = min(size) // 12
    centre_x, centre_y = width // 2, height // 2 - 2 * unit
    _symbol(draw, medium, centre_x, centre_y, unit)
    face = Typeface(min(size) // 15, "strong", DEFAULT_LANGUAGE)
    face.write(draw, (centre_x, centre_y + 2 * unit), _WORDS[medium], _TEXT, align="middle")
    return picture


def empty(size: tuple[int, int]) -> Image.Image:
    """Draw the ground of placeholders, for as long as a title is to be read over it."""
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
