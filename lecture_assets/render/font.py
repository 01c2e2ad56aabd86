"""Fonts for text on video: Noto Sans from its wheel, and the system's own fonts for letters it lacks. Nothing is drawn."""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from PIL import ImageFont

_WEIGHTS = {"regular": 420, "strong": 600, "heavy": 750}
_OTHERS = ("NotoSansCJK-Regular.ttc", "NotoSans-Regular.ttf", "DejaVuSans.ttf", "Arial Unicode.ttf", "Arial.ttf", "msgothic.ttc")
"""Files in systems' font folders, those with the most letters first."""


@lru_cache(maxsize=64)
def noto(size: int, weight: str = "regular") -> ImageFont.FreeTypeFont:
    """Noto Sans (Latin, Greek, Cyrillic, Devanagari) at a size in pixels. weight: regular, strong or heavy."""
    path = files("fontpkg_noto_sans").joinpath("files/NotoSans[wdth,wght].ttf")
    font = ImageFont.truetype(str(path), size)
    font.set_variation_by_axes([_WEIGHTS[weight], 100])
    return font


def font_for(text: str, size: int, weight: str = "regular") -> ImageFont.FreeTypeFont:
    """Noto Sans if it has every letter of the text, else the first of the system's fonts that does; else Noto Sans."""
    letters = {letter for letter in text if not letter.isspace()}
    own = noto(size, weight)
    return next((font for font in (own, *_system_fonts(size)) if _has(font, letters)), own)


@lru_cache(maxsize=16)
def _system_fonts(size: int) -> tuple[ImageFont.FreeTypeFont, ...]:
    fonts = []
    for name in _OTHERS:
        try:
            fonts.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return tuple(fonts)


def _has(font: ImageFont.FreeTypeFont, letters: Iterable[str]) -> bool:
    """Whether the font has every letter, so that none is drawn as the box for a missing one."""
    box = bytes(font.getmask("\U0010fffd"))
    return all(bytes(font.getmask(letter)) != box for letter in letters)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break into lines of at most `width` pixels between words; a wider word gets a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _balanced(text: str, font: ImageFont.FreeTypeFont, width: int, count: int) -> list[str]:
    """Break into the same number of lines, with the widest as narrow as possible, so that no last line holds a single word."""
    narrow = 0
    while width - narrow > max(1, font.size / 4):
        middle = (narrow + width) // 2
        narrow, width = (narrow, middle) if len(wrapped(text, font, middle)) <= count else (middle, width)
    return wrapped(text, font, width)


def fitted(text: str, size: int, weight: str, width: int, most_lines: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest font up to `size` in which the text fits `most_lines` even lines of `width` pixels, with those lines."""
    while True:
        font = font_for(text, size, weight)
        lines = wrapped(text, font, width)
        fits = len(lines) <= most_lines and all(font.getlength(line) <= width for line in lines)
        if fits or size <= _SMALLEST:
            return font, _balanced(text, font, width, len(lines))
        size = max(_SMALLEST, size * 9 // 10)


_SMALLEST = 8
"""Pixels. Only a word of some sixty letters needs this size; a longer one runs over."""
