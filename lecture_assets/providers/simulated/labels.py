"""Short names beside the things they name, with a line to each. Nothing longer is ever set in a picture."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from lecture_assets.providers.simulated.ink import font
from lecture_assets.providers.simulated.layout import Placed
from lecture_assets.providers.simulated.style import Style, rgb
from lecture_assets.providers.simulated.words import in_ascii

LONGEST = 22
"""Letters of a label; a longer word is left out."""
Box = tuple[float, float, float, float]


def label(picture: Image.Image, items: Sequence[Placed], style: Style) -> None:
    """Write each subject's word, as its text has it, next to its drawing; where no free place is left, it stays without."""
    brush = ImageDraw.Draw(picture)
    height = max(11, round(min(picture.size) * 0.036))
    taken: list[Box] = []
    for item in items:
        words = item.mention.word and in_ascii(item.mention.word if item.mention.word.isupper() else item.mention.word.lower())
        if words and len(words) <= LONGEST and item.mention.subject.name != "banner":
            _write(picture, brush, words, item, items, taken, style, height)


def _write(
    picture: Image.Image,
    brush: ImageDraw.ImageDraw,
    words: str,
    item: Placed,
    items: Sequence[Placed],
    taken: list[Box],
    style: Style,
    height: int,
) -> None:
    length = brush.textlength(words, font(height))
    box = _free(item, length, height, picture.size, items, taken)
    if box is None:
        return
    taken.append(box)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    start = (min(max(item.x, box[0]), box[2]), min(max(item.y, box[1]), box[3]))
    end = (start[0] + (item.x - start[0]) * 0.55, start[1] + (item.y - start[1]) * 0.55)
    ink, ground = rgb(style.ink), rgb(style.ground)
    if not item.framed:
        brush.line([start, end], fill=ink, width=max(1, height // 12))
        dot = max(2, height // 9)
        brush.ellipse((end[0] - dot, end[1] - dot, end[0] + dot, end[1] + dot), fill=ink)
    brush.text((x, y), words, fill=ink, font=font(height), anchor="mm", stroke_width=max(2, height // 6), stroke_fill=ground)


def _free(
    item: Placed, length: float, height: int, size: tuple[int, int], items: Sequence[Placed], taken: Sequence[Box]
) -> Box | None:
    """The first place around the drawing (below, above, beside it) that is inside the picture and covers nothing."""
    rim, r = min(size) * 0.03, item.size
    reach = 1.12 if item.framed else 1.05
    for dx, dy in (
        (0, reach),
        (0, -reach),
        (reach, 0.3),
        (-reach, 0.3),
        (reach, -0.4),
        (-reach, -0.4),
        (0.8, 0.9),
        (-0.8, 0.9),
        (0.8, -0.9),
        (-0.8, -0.9),
    ):
        x = item.x + dx * r + (dx > 0) * length / 2 - (dx < 0) * length / 2
        y = item.y + dy * r + (height * 0.7 if dy > 0.5 else -height * 0.7 if dy < -0.5 else 0)  # noqa: PLR2004 (well above or below)
        x = min(max(x, rim + length / 2), size[0] - rim - length / 2)
        box = (x - length / 2 - 4, y - height * 0.6, x + length / 2 + 4, y + height * 0.6)
        if rim < box[1] and box[3] < size[1] - rim and not any(_meets(box, other) for other in taken):
            others = [other for other in items if other is not item]
            if not any(_meets(box, _core(other)) for other in [*others, item]):
                return box
    return None


def _core(item: Placed) -> Box:
    r = item.size * (0.95 if item.framed else 0.78)
    return (item.x - r, item.y - r, item.x + r, item.y + r)


def _meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
