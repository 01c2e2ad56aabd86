"""The files of fonts: from wheels, from extras that may be installed, then from the system; and which letters each has.

Noto Sans and its sisters (OFL) for most scripts, FiraGO (OFL) for Georgian, Noto's symbols. Nothing is drawn here.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import pymupdf_fonts
from fontTools.ttLib import TTFont
from PIL import ImageFont

from lecture_assets.languages import base_of

_WEIGHTS = {"regular": 420, "strong": 600, "heavy": 750}
_BOLD = 550
"""From this weight on, a family without a variable weight is drawn in bold."""
_NORMAL_WIDTH = 100


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font that is installed. The name is that of its file; a font without variable weight has a bold one beside it."""

    name: str
    read: Callable[[bool], bytes | str]

    def at(self, size: int, weight: str) -> ImageFont.FreeTypeFont:
        """Open it at a size in pixels. weight: regular, strong or heavy."""
        return _opened(self, size, weight)

    def has(self, letter: str) -> bool:
        """Whether it has a glyph for a letter."""
        return ord(letter) in _letters(self)


@lru_cache(maxsize=128)
def _opened(file: FontFile, size: int, weight: str) -> ImageFont.FreeTypeFont:
    heaviness = _WEIGHTS[weight]
    source = file.read(heaviness >= _BOLD)
    font = ImageFont.truetype(io.BytesIO(source) if isinstance(source, bytes) else source, size)
    try:
        axes = [axis["name"] for axis in font.get_variation_axes()]
    except OSError:  # not a variable font
        return font
    font.set_variation_by_axes([heaviness if axis == b"Weight" else _NORMAL_WIDTH for axis in axes])
    return font


@lru_cache(maxsize=64)
def _letters(file: FontFile) -> frozenset[int]:
    source = file.read(False)  # noqa: FBT003 - the regular one
    with TTFont(io.BytesIO(source) if isinstance(source, bytes) else source, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap())


def _in_wheel(package: str, *paths: str) -> FontFile:
    """A font of a wheel: one variable file, or a regular and a bold one."""
    found = [Path(str(files(package).joinpath(path))) for path in paths]
    return FontFile(found[0].name, lambda bold: str(found[-1 if bold else 0]))


def _in_pack(package: str, *names: str) -> list[FontFile]:
    """The fonts of a pack of `justmytype`; none if it is not installed."""
    try:
        return [_in_wheel(package, f"fonts/ofl/{name.partition('[')[0].lower()}/{name}.ttf") for name in names]
    except ModuleNotFoundError:
        return []


def _bundled(regular: str, bold: str) -> FontFile:
    return FontFile(regular, lambda is_bold: pymupdf_fonts.myfont(bold if is_bold else regular))


SYMBOLS = (_bundled("math", "math"), _bundled("symbol1", "symbol1"), _bundled("symbol2", "symbol2"))
"""Noto Sans Math, Symbols and Symbols 2."""


@lru_cache(maxsize=1)
def noto() -> FontFile:
    """Noto Sans: Latin, Greek, Cyrillic, Devanagari."""
    return _in_wheel("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf")


@lru_cache(maxsize=1)
def _by_script() -> tuple[FontFile, ...]:
    return (
        *_in_pack("justmytype_intl_rtl", "NotoSansArabic[wdth,wght]", "NotoSansHebrew[wdth,wght]"),
        *_in_pack("justmytype_intl_south_asia", *(f"NotoSans{name}[wdth,wght]" for name in ("Bengali", "Tamil", "Telugu"))),
        *_in_pack("justmytype_intl_south_asia", "NotoSansDevanagari[wdth,wght]"),
        *_in_pack("justmytype_intl_sea", *(f"NotoSans{name}[wdth,wght]" for name in ("Thai", "Lao", "Khmer", "Myanmar"))),
        *_in_pack("justmytype_intl_africa", "NotoSansEthiopic[wdth,wght]"),
        _bundled("figo", "figbo"),
        *SYMBOLS,
    )


_EAST_ASIAN: Mapping[str, str] = {"zh": "SC", "ja": "JP", "ko": "KR", "zh-hant": "TC", "yue": "TC"}


@lru_cache(maxsize=4)
def _east_asian(region: str) -> tuple[FontFile, ...]:
    """The fonts of the extra `cjk`, that of a region first: the same letter is drawn otherwise in China and Japan."""
    regions = dict.fromkeys((region, "SC", "JP", "KR", "TC"))
    return tuple(_in_pack("justmytype_intl_cjk", *(f"NotoSans{name}[wght]" for name in regions)))


@lru_cache(maxsize=1)
def _others() -> tuple[FontFile, ...]:
    """Kurinto of the extra `fonts`, for some sixty more scripts, then what systems have."""
    try:
        folder = "static/weblate_fonts/kurinto/ttf"
        kurinto = [_in_wheel("weblate_fonts", f"{folder}/KurintoSans-Rg.ttf", f"{folder}/KurintoSans-Bd.ttf")]
    except ModuleNotFoundError:
        kurinto = []
    return (*kurinto, *(found for name in _OF_SYSTEMS if (found := _of_system(name))))


_OF_SYSTEMS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSans-Regular.ttf",
    "DejaVuSans.ttf",
    "Arial Unicode.ttf",
    "Arial.ttf",
    "msgothic.ttc",
)
"""Files in systems' font folders, those with the most letters first."""


def _of_system(name: str) -> FontFile | None:
    try:
        path = str(ImageFont.truetype(name, 10).path)
    except OSError:
        return None
    return FontFile(name, lambda _bold: path)


_OF_LANGUAGE: Mapping[str, str] = {
    **dict.fromkeys(("ar", "fa", "ur", "ps", "sd", "ug", "ckb"), "NotoSansArabic"),
    **dict.fromkeys(("he", "yi"), "NotoSansHebrew"),
    **dict.fromkeys(("bn", "as"), "NotoSansBengali"),
    **dict.fromkeys(("am", "ti"), "NotoSansEthiopic"),
    "ta": "NotoSansTamil",
    "te": "NotoSansTelugu",
    "th": "NotoSansThai",
    "lo": "NotoSansLao",
    "km": "NotoSansKhmer",
    "my": "NotoSansMyanmar",
}
"""Sisters of Noto Sans with the same Latin letters and digits, so that a line is drawn in one font."""


@lru_cache(maxsize=32)
def fonts_for(language: str) -> tuple[FontFile, ...]:
    """Return all fonts in the order in which letters are looked for: first the font of the language."""
    base = base_of(language)
    parts = set(language.lower().replace("_", "-").split("-"))
    is_traditional = base == "yue" or (base == "zh" and parts & {"hant", "tw", "hk", "mo"})
    region = "TC" if is_traditional else _EAST_ASIAN.get(base, "SC")
    own = [font for font in _by_script() if font.name.partition("[")[0] == _OF_LANGUAGE.get(base)]
    east_asian = _east_asian(region)
    first = east_asian[:1] if base in _EAST_ASIAN else own
    return tuple(dict.fromkeys((*first, noto(), *_by_script(), *east_asian, *_others())))


@lru_cache(maxsize=32)
def fonts_of_packages(language: str) -> tuple[FontFile, ...]:
    """Return those of `fonts_for` that are not the system's."""
    return tuple(font for font in fonts_for(language) if font.name not in _OF_SYSTEMS)
