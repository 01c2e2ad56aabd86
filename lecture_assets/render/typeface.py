"""Lines of text in the fonts that have their letters, each letter in its place whatever the directions in the line.

    line ── runs of one font and one direction (prose/bidi.py), from the leftmost ──► parts: text, font, place ──► drawn by raqm

A line that one font has is one part: raqm shapes it as a whole.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Literal

from PIL import ImageDraw, ImageFont

from lecture_assets.prose.bidi import Direction, direction_of_line, runs_of
from lecture_assets.render.font_files import FontFile, fonts_for, noto
from lecture_assets.render.letters import can_shape, font_of, has_no_form, is_plain, shown, shown_words

Weight = Literal["regular", "strong", "heavy"]
_ROW = 0.75
"""A row is at least this share of what the font's highest and lowest letters need."""
_ONLY_REGULAR = "\ufdfd"
"""A letter that is a whole sentence, with more curves than FreeType can draw in a heavier weight."""
Colour = tuple[int, ...] | int


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a line in one font. start, end: its letters' places in the line; x: pixels from the line's left edge."""

    start: int
    end: int
    font: ImageFont.FreeTypeFont
    direction: Direction
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Typeface:
    """The letters of one lecture at one size in pixels. direction: in which its language is written."""

    size: int
    weight: Weight = "regular"
    language: str = "en"
    direction: Direction = "ltr"

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        """The font of its language, on whose baseline all others stand."""
        return fonts_for(self.language)[0].at(self.size, self.weight)

    @property
    def ascent(self) -> int:
        """Pixels from the top of a line to its baseline."""
        return self.font.getmetrics()[0]

    def row(self, share: float) -> int:
        """Return the height of a row: a share of the size, more for scripts with marks above and below."""
        return round(max(share * self.size, _ROW * sum(self.font.getmetrics())))

    def shown(self, text: str) -> str:
        """Return a text without the emoji that no font has."""
        return shown(text, self.language)

    def shown_words(self, words: Sequence[str]) -> list[str]:
        """Return words, each with the space before it, without the emoji that no font has; a word may become empty."""
        return shown_words(words, self.language)

    def getlength(self, line: str) -> float:
        """Return the width of a line in pixels."""
        parts = self.parts(line)
        return max((part.x + part.width for part in parts), default=0.0)

    def parts(self, line: str) -> list[Part]:
        """Return the parts of a line, from the leftmost."""
        if not line:
            return []
        way = direction_of_line(line, self.direction)
        fonts = _fonts(line, self.language)
        if len(set(fonts)) == 1:
            font = fonts[0].at(self.size, self._weight_of(line))
            return [Part(0, len(line), font, way, 0.0, length_of(line, font, way, self.language))]
        parts, x = [], 0.0
        for start, end, way_of_part in _pieces(line, fonts, way):
            font = fonts[start].at(self.size, self._weight_of(line[start:end]))
            width = length_of(line[start:end], font, way_of_part, self.language)
            parts.append(Part(start, end, font, way_of_part, x, width))
            x += width
        return parts

    def _weight_of(self, text: str) -> Weight:
        return "regular" if _ONLY_REGULAR in text else self.weight

    def spans(self, line: str, start: int, end: int) -> list[tuple[float, float]]:
        """Return where some letters of a line stand: one or more stretches (left, right), in pixels from its left edge."""
        found = []
        for part in self.parts(line):
            x = part.x
            text = line[part.start : part.end]
            for run in runs_of(text, part.direction):
                width = self._length(part, text, run.start, run.end, run.direction)
                low, high = max(start, part.start + run.start), min(end, part.start + run.end)
                if low < high:
                    a, b = (self._length(part, text, run.start, place - part.start, run.direction) for place in (low, high))
                    found.append((x + a, x + b) if run.direction == "ltr" else (x + width - b, x + width - a))
                x += width
        return found

    def _length(self, part: Part, text: str, start: int, end: int, direction: Direction) -> float:
        return length_of(text[start:end], part.font, direction, self.language) if start < end else 0.0

    def write(
        self,
        draw: ImageDraw.ImageDraw,
        place: tuple[float, float],
        line: str,
        colour: Colour,
        *,
        align: Literal["left", "middle", "right"] = "left",
    ) -> None:
        """Draw a line. place: of its left edge, middle or right edge, and of its top."""
        parts = self.parts(line)
        length = max((part.x + part.width for part in parts), default=0.0)
        left = place[0] - {"left": 0.0, "middle": length / 2, "right": length}[align]
        for part in parts:
            at = (left + part.x, place[1] + self.ascent)
            text = line[part.start : part.end]
            if can_shape():
                way, tongue = part.direction, self.language
                draw.text(at, text, colour, part.font, anchor="ls", direction=way, language=tongue)
            else:
                draw.text(at, text, colour, part.font, anchor="ls")


@lru_cache(maxsize=8192)
def length_of(text: str, font: ImageFont.FreeTypeFont, direction: Direction, language: str) -> float:
    """Return the width of a text in one font, in pixels."""
    return font.getlength(text, direction=direction, language=language) if can_shape() else font.getlength(text)


@lru_cache(maxsize=1024)
def _fonts(line: str, language: str) -> tuple[FontFile, ...]:
    """Return the font of each letter: a letter's marks are in its font, signs in the one before them if it has them."""
    usual = fonts_for(language)[0]
    if usual is noto() and is_plain(line):
        return (usual,) * len(line)
    fonts: list[FontFile] = []
    for cluster in _clusters(line):
        before = fonts[-1] if fonts else usual
        kept = usual if cluster.isspace() else before if not cluster[0].isalnum() and _has_all(before, cluster) else None
        every = (font for font in fonts_for(language) if _has_all(font, cluster))
        found = kept or next(every, None) or font_of(cluster[0], language) or usual
        fonts += [found] * len(cluster)
    return tuple(fonts)


def _has_all(font: FontFile, cluster: str) -> bool:
    return all(
        font.has(letter) or letter.isspace() or unicodedata.category(letter) == "Cf" or has_no_form(letter) for letter in cluster
    )


def _clusters(line: str) -> Iterator[str]:
    """Yield letters, each with its marks and joiners."""
    start = 0
    for place in range(1, len(line)):
        if unicodedata.category(line[place])[0] != "M" and line[place] not in "\u200c\u200d" and line[place - 1] != "\u200d":
            yield line[start:place]
            start = place
    yield line[start:]


def _pieces(line: str, fonts: Sequence[FontFile], direction: Direction) -> Iterator[tuple[int, int, Direction]]:
    """Yield (start, end, direction) of what is drawn at once, from the leftmost: of one direction, and in one font."""
    for run in runs_of(line, direction):
        pieces = []
        for _, places in groupby(range(run.start, run.end), fonts.__getitem__):
            group = list(places)
            pieces.append((group[0], group[-1] + 1, run.direction))
        yield from pieces if run.direction == "ltr" else reversed(pieces)
