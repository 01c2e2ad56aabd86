"""Words in the pictures of a clip that it never shows whole: cut off by the frame that a picture fills, or by a close view.

    layers of each picture ─► windows on it, at the beginning and the end of each view ─► words that lie in none of them

Only a picture of which some part is never seen is read, and only where the extra `ocr` is installed.
"""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from PIL import Image

from lecture_assets.render.layer import open_picture
from lecture_assets.render.open_media import OpenMedia
from lecture_media.picture_text import PlacedWord, is_installed, words_in

_LOG = logging.getLogger(__name__)
_SLACK = 2.0
"""Pixels of the picture that may be missing beside a word: its own edge is soft."""


class _Window(NamedTuple):
    """The part of a picture that is seen, in pixels of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    def shows(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether all of a box is seen."""
        return (
            self.left - _SLACK <= left
            and self.top - _SLACK <= top
            and right <= self.right + _SLACK
            and bottom <= self.bottom + _SLACK
        )


def cut_words(frames: Mapping[str, Any], open_media: OpenMedia) -> list[dict[str, str]]:
    """Return the `content.CutWord`s of a segment's frames. WrongInputError if a picture cannot be read.

    If tesseract fails, the log says so and none are returned: a check costs nobody a film.
    """
    try:
        return _cut_words(frames, open_media) if is_installed() else []
    except RuntimeError as error:
        _LOG.warning("words in pictures are not checked, since tesseract failed: %s", error)
        return []


def _cut_words(frames: Mapping[str, Any], open_media: OpenMedia) -> list[dict[str, str]]:
    views: dict[str, list[Mapping[str, Any]]] = {}
    for layer in frames["segments"][0]["layers"]:
        if layer["type"] == "image":
            views.setdefault(layer["media"]["sha256"], []).append(layer)
    size = (frames["width"], frames["height"])
    return [
        {"sha256": sha256, "text": word.text}
        for sha256, layers in views.items()
        for word in _cut(open_picture(open_media(sha256)), layers, size)
    ]


def _cut(picture: Image.Image, layers: list[Mapping[str, Any]], size: tuple[int, int]) -> list[PlacedWord]:
    windows = [_window(picture.size, size, layer["fit"], layer["motion"][end]) for layer in layers for end in ("from", "to")]
    if any(window.shows(0, 0, *picture.size) for window in windows):
        return []
    return [word for word in words_in(picture) if not any(window.shows(*word[1:]) for window in windows)]


def _window(picture: tuple[int, int], size: tuple[int, int], fit: str, view: Mapping[str, int]) -> _Window:
    scales = [frame / side for frame, side in zip(size, picture, strict=True)]
    scale = (max(scales) if fit == "cover" else min(scales)) * view["scale_permille"] / 1000
    sides = []
    for side, frame, moved in zip(picture, size, (view["x_permille"], view["y_permille"]), strict=True):
        middle = side / 2 - moved / 1000 * frame / scale
        sides.append((middle - frame / scale / 2, middle + frame / scale / 2))
    (left, right), (top, bottom) = sides
    return _Window(left, top, right, bottom)
