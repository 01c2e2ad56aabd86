"""Surfaces: what makes a drawing look painted, cut, printed or lit. They work on whole pictures, whatever the subject."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from lecture_media.draw.style import Style, rgb

_WET_FROM, _GRAIN_FROM, _BARE_FROM, _WORN_FROM = 138, 70, 228, 222
"""Levels of noise or light: of wet paper, of a board that takes chalk, of paper without dots, of unprinted paper."""
Surface = Callable[[Image.Image, Image.Image, Style], Image.Image]


@lru_cache(maxsize=24)
def clouded(size: tuple[int, int], cells: int, seed: int) -> Image.Image:
    """Smooth noise (L): about `cells` blots across the shorter side."""
    step = max(1, min(size) // cells)
    grid = np.random.default_rng(seed).integers(0, 256, (size[1] // step + 3, size[0] // step + 3), dtype=np.uint8)
    return (
        Image.fromarray(grid)
        .resize((size[0] + 2 * step, size[1] + 2 * step), Image.Resampling.BICUBIC)
        .crop((step, step, size[0] + step, size[1] + step))
    )


@lru_cache(maxsize=16)
def grained(size: tuple[int, int], low: int, cell: int, seed: int) -> Image.Image:
    """Fine noise (L) from `low` to 255, in grains of `cell` pixels: a factor for paper."""
    grid = np.random.default_rng(seed).integers(low, 256, (size[1] // cell + 1, size[0] // cell + 1), dtype=np.uint8)
    return Image.fromarray(grid).resize((size[0], size[1]), Image.Resampling.BILINEAR)


def _levels(low: float, high: float) -> list[int]:
    """A table that maps 0 to 255 linearly to low to high."""
    return [round(low + (high - low) * level / 255) for level in range(256)]


def _times(image: Image.Image, factor: Image.Image) -> Image.Image:
    """Darken the image by a factor (L, 255 = unchanged)."""
    return ImageChops.multiply(image, Image.merge("RGB", (factor, factor, factor)))


def _blurred(image: Image.Image, radius: float) -> Image.Image:
    """Blur at half the size."""
    small = image.reduce(2).filter(ImageFilter.BoxBlur(max(1, radius / 2)))
    return small.resize(image.size, Image.Resampling.BILINEAR)


def _inked(image: Image.Image, lines: Image.Image, style: Style, strength: float = 1.0) -> Image.Image:
    """Draw the outlines over it."""
    if style.line and not style.own_line:
        image.paste(rgb(style.ink), None, lines if strength >= 1 else lines.point(_levels(0, 255 * strength)))
    return image


def plain(image: Image.Image, lines: Image.Image, style: Style) -> Image.Image:
    """Show only the outlines."""
    return _inked(image, lines, style)


def watercolour(image: Image.Image, lines: Image.Image, style: Style) -> Image.Image:
    """Washes that bleed into each other, darken at their edges, and stop short of the paper's edge."""
    size, ground = image.size, rgb(style.ground)
    unit = min(size) / 720
    wet = clouded(size, 7, 1).point([min(225, max(0, level - _WET_FROM) * 5) for level in range(256)])
    bled = Image.composite(_blurred(image, 9 * unit), image, wet)
    pooled = ImageChops.difference(bled.convert("L"), _blurred(bled.convert("L"), 5 * unit)).point(
        [255 - min(70, level * 2) for level in range(256)]
    )
    painted = _times(bled, pooled)
    thin = ImageChops.add(clouded(size, 4, 2).point(_levels(0, 58)), clouded(size, 26, 3).point(_levels(0, 30)))
    painted = Image.composite(Image.new("RGB", size, ground), painted, thin)
    painted = _inked(painted, lines, style, 0.62)
    sheet = Image.composite(painted, Image.new("RGB", size, ground), _torn(size))
    return _times(sheet, grained(size, 226, 3, 4))


@lru_cache(maxsize=6)
def _torn(size: tuple[int, int]) -> Image.Image:
    """Where the brush reached (L): everything but an uneven edge."""
    rim = round(min(size) * 0.035)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rectangle((rim, rim, size[0] - rim, size[1] - rim), fill=255)
    mask = _blurred(mask, rim * 0.9)
    rough = ImageChops.add(clouded(size, 16, 5).point(_levels(0, 150)), clouded(size, 60, 6).point(_levels(0, 100)))
    return ImageChops.add(mask, rough, 2).point([max(0, min(255, (level - 112) * 9)) for level in range(256)])


def paper(image: Image.Image, lines: Image.Image, style: Style) -> Image.Image:
    """Card under a warm light from the upper left."""
    size = image.size
    card = _times(image.point([min(255, round(level * 1.07)) for level in range(256)] * 3), grained(size, 236, 2, 7))
    lit = _slanting(size)
    shade = Image.merge("RGB", (lit.point(_levels(226, 255)), lit.point(_levels(216, 253)), lit.point(_levels(210, 246))))
    shine = lit.point([max(0, (level - 96) // 4) for level in range(256)])
    glow = Image.merge("RGB", (shine, shine.point(_levels(0, 205)), shine.point(_levels(0, 110))))
    return _inked(ImageChops.screen(ImageChops.multiply(card, shade), glow), lines, style)


@lru_cache(maxsize=6)
def _slanting(size: tuple[int, int]) -> Image.Image:
    """Light (L) that decreases from the upper left corner to the lower right one."""
    across, down = np.linspace(0, 1, 64, dtype=np.float32)[None, :], np.linspace(0, 1, 64, dtype=np.float32)[:, None]
    return Image.fromarray((255 * (1 - (0.6 * across + 0.4 * down))).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)


def pencil(image: Image.Image, lines: Image.Image, style: Style) -> Image.Image:
    """Hatched tints under dark, uneven lines."""
    size = image.size
    tinted = Image.composite(Image.new("RGB", size, rgb(style.ground)), image, _hatch(size))
    lines = ImageChops.lighter(lines, ImageChops.offset(lines, 2, 1).point(_levels(0, 170)))
    uneven = ImageChops.multiply(lines, clouded(size, 90, 8).point(_levels(120, 255)))
    return _times(_inked(tinted, uneven, style), grained(size, 232, 2, 9))


@lru_cache(maxsize=6)
def _hatch(size: tuple[int, int]) -> Image.Image:
    """Slanting strokes (L)."""
    across = np.arange(size[0], dtype=np.float32)[None, :] + 0.55 * np.arange(size[1], dtype=np.float32)[:, None]
    period = max(5.0, min(size) / 110)
    wave: npt.NDArray[np.float32] = np.sin(across * (2 * np.pi / period), dtype=np.float32)
    return ImageChops.multiply(
        Image.fromarray(((wave + 1) * 100).astype(np.uint8)), clouded(size, 12, 10).point(_levels(130, 255))
    )


def chalk(image: Image.Image, _lines: Image.Image, style: Style) -> Image.Image:
    """Chalk broken up by the board's grain, on a wiped board."""
    size = image.size
    broken = clouded(size, 200, 11).point([min(255, max(0, level - _GRAIN_FROM) * 5) for level in range(256)])
    bare = Image.new("RGB", size, rgb(style.ground))
    wiped = Image.composite(Image.new("RGB", size, (70, 92, 80)), bare, clouded(size, 5, 12).point(_levels(0, 110)))
    return ImageChops.lighter(Image.composite(image, Image.blend(image, bare, 0.4), broken), wiped)


def neon(image: Image.Image, _lines: Image.Image, _style: Style) -> Image.Image:
    """Light that spills around every line."""
    small = image.reduce(4)
    near, far = small.filter(ImageFilter.GaussianBlur(2)), small.filter(ImageFilter.GaussianBlur(9))
    glow = ImageChops.add(near, far, 1.25).resize(image.size, Image.Resampling.BILINEAR)
    return ImageChops.screen(image, glow.point(_levels(0, 190) * 3))


def comic(image: Image.Image, lines: Image.Image, style: Style) -> Image.Image:
    """Printed dots in the shade, and a bold line."""
    dots = ImageChops.lighter(
        _dots(image.size), image.convert("L").point([255 if level > _BARE_FROM else 214 + level // 8 for level in range(256)])
    )
    return _inked(_times(image, dots), lines, style)


@lru_cache(maxsize=6)
def _dots(size: tuple[int, int]) -> Image.Image:
    """A screen of dots (L)."""
    period = max(6.0, min(size) / 80)
    x = np.arange(size[0], dtype=np.float32)[None, :] * (np.pi / period)
    y = np.arange(size[1], dtype=np.float32)[:, None] * (np.pi / period)
    screen: npt.NDArray[np.float32] = np.sin(x + y) * np.sin(x - y)
    return Image.fromarray(np.clip(200 + screen * 160, 170, 255).astype(np.uint8))


def gouache(image: Image.Image, lines: Image.Image, style: Style) -> Image.Image:
    """Opaque paint with the trace of a broad brush."""
    size = image.size
    brushed = clouded((size[0], size[1] // 6 + 1), 60, 13).resize(size, Image.Resampling.BILINEAR).point(_levels(230, 255))
    painted = _times(image, ImageChops.multiply(brushed, clouded(size, 5, 14).point(_levels(226, 255))))
    return _inked(painted, lines, style, 0.7)


def poster(image: Image.Image, lines: Image.Image, style: Style) -> Image.Image:
    """A worn print with patches of missing ink."""
    size = image.size
    worn = clouded(size, 160, 15).point([190 if level > _WORN_FROM else 0 for level in range(256)]).filter(ImageFilter.BoxBlur(1))
    patchy = ImageChops.multiply(worn, clouded(size, 6, 16))
    return Image.composite(Image.new("RGB", size, rgb(style.ground)), _inked(image, lines, style), patchy)


def solid(image: Image.Image, lines: Image.Image, style: Style) -> Image.Image:
    """Rounded forms: edges towards the light brighten, those away from it darken."""
    grey = _blurred(image.convert("L"), 8 * min(image.size) / 720)
    by = max(3, round(min(image.size) / 110))
    relief = ImageChops.subtract(grey, ImageChops.offset(grey, by, by), 1.4, 128)
    shade = relief.point([min(255, 255 - max(0, 128 - level) * 2) for level in range(256)])
    shine = relief.point([min(120, max(0, level - 128) * 2) for level in range(256)])
    lit = ImageChops.add(_times(image, shade), Image.merge("RGB", (shine, shine, shine)))
    return _inked(_vignetted(lit, 225), lines, style)


def photo(image: Image.Image, lines: Image.Image, style: Style) -> Image.Image:
    """Soft relief, a lens that darkens at the edge, and grain."""
    return _times(_vignetted(solid(image, lines, style), 205), grained(image.size, 236, 2, 17))


def _vignetted(image: Image.Image, rim: int) -> Image.Image:
    return _times(
        image,
        Image.radial_gradient("L")
        .resize(image.size, Image.Resampling.BILINEAR)
        .point([255 - max(0, level - 90) * (255 - rim) // 165 for level in range(256)]),
    )


FINISHES: Mapping[str, Surface] = {
    "plain": plain, "watercolour": watercolour, "paper": paper, "pencil": pencil, "chalk": chalk, "neon": neon, "comic": comic,
    "gouache": gouache, "poster": poster, "solid": solid, "photo": photo,
}  # fmt: skip
"""The surface of each finish a style may name: (fills, outlines, style) -> picture."""
