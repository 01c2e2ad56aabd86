"""Layers of a timeline as frames: moving pictures, clips (`playing_clip.py`), placeholders for what is missing. No captions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from PIL import Image, UnidentifiedImageError

from lecture_assets.render.fitting import backdrop, covering, whole_size
from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.placeholder import empty, placeholder
from lecture_assets.render.plane import Planes, blended, on_white, planes_of
from lecture_assets.render.playing_clip import PlayingClip, frame_of
from lecture_assets.render.unreadable import unreadable

_LARGEST_STEP = 0.85
"""Pixels by which a picture's edge may move between two drawn frames; the frames between are blends of both. A blend of two
pictures less than a pixel apart is what a linear filter would have drawn, at a tenth of the cost."""
_WORDS_FADE = 9
"""Frames in which a placeholder's words fade in."""
_BEYOND = 2
"""Pixels that a picture's own edge is drawn beyond it, so that no dark line surrounds it where it lies between two pixels."""
_LARGE, _ENOUGH = 16_000_000, 2_048
"""A picture with more pixels is decoded smaller, to this length of its shorter side: the largest frame has 1,440, and its
closest view shows a fifth less of the picture."""
Window = tuple[float, float, float, float]
"""Left, top, width and height, in pixels of a sheet's light plane."""


class VisualLayer(Protocol):
    """What is on screen for a while. Frames count from the layer's start and are requested in ascending order."""

    def at(self, frame: int) -> Planes:
        """Return the picture at a frame; after the end, the last one."""

    def close(self) -> None:
        """Close files."""


def open_layer(layer: Mapping[str, Any], size: tuple[int, int], open_media: OpenMedia, silent_frames: int = 0) -> VisualLayer:
    """Open a layer of a timeline for playing at (width, height). WrongInputError if its medium cannot be read.

    silent_frames: for how many frames a placeholder is empty, because a title is shown over it
    """
    if layer["type"] == "missing":
        return Awaited(layer["medium"], size, silent_frames)
    path, rate = open_media(layer["media"]["sha256"]), layer.get("playback_rate_permille", 1000)
    if layer["type"] == "video" and rate:
        return PlayingClip(path, layer["fit"], size, rate, layer.get("source_start_ms", 0))
    picture = frame_of(path, layer["source_start_ms"]) if layer["type"] == "video" else open_picture(path)
    moving = Moving if layer["fit"] == "cover" else MovingInside
    return moving(picture, layer["motion"], layer["duration_in_frames"], size)


def open_picture(path: Path) -> Image.Image:
    """Return a picture on white, without transparency. WrongInputError if it cannot be read."""
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _LARGE:
                picture.draft("RGB", (_ENOUGH, _ENOUGH))  # only for a JPEG; what is not needed is not even decoded
            return on_white(picture)
    except (UnidentifiedImageError, OSError) as error:
        raise unreadable(path, "a picture that cannot be read", "PNG, JPEG or WebP") from error


class Awaited:
    """A placeholder, whose symbol and words fade in when nothing else is to be read."""

    def __init__(self, medium: str, size: tuple[int, int], silent_frames: int) -> None:
        """Draw it."""
        self._worded = planes_of(placeholder(medium, size))
        self._empty = planes_of(empty(size)) if silent_frames else self._worded
        self._silent_frames = silent_frames

    def at(self, frame: int) -> Planes:
        """Return it as it is at a frame."""
        return blended(self._empty, self._worded, (frame + 1 - self._silent_frames) / _WORDS_FADE)

    def close(self) -> None:
        """Do nothing: no file is open."""


class Moving:
    """A picture in slow motion, drawn at fractions of a pixel from a sheet as large as its closest view needs."""

    _margin = 1.0
    """How many frames wide and high the sheet is, at the picture's fitted size."""

    def __init__(self, picture: Image.Image, motion: Mapping[str, Any], frames: int, size: tuple[int, int]) -> None:
        """Prepare the sheet. frames: length of the motion."""
        self._views = [
            [motion[end][key] / 1000 for key in ("scale_permille", "x_permille", "y_permille")] for end in ("from", "to")
        ]
        self._last, self._size = max(1, frames - 1), size
        self._closest = max(view[0] for view in self._views)
        self._sheet = self._prepared(picture)
        self._step = self._drawn_every()
        self._drawn: dict[int, Planes] = {}

    def _prepared(self, picture: Image.Image) -> Planes:
        return planes_of(covering(picture, self._sheet_size()))

    def _sheet_size(self) -> tuple[int, int]:
        width, height = (2 * round(side * self._margin * self._closest / 2) for side in self._size)
        return width, height

    def _drawn_every(self) -> int:
        """Frames from one drawn frame to the next; all of them if nothing moves."""
        (scale, x, y), (to_scale, to_x, to_y) = self._views
        travel = max(abs(to_scale - scale) / 2 + abs(to_x - x), abs(to_scale - scale) / 2 + abs(to_y - y)) * max(self._size)
        return max(1, int(_LARGEST_STEP * self._last / travel)) if travel else self._last

    def at(self, frame: int) -> Planes:
        """Draw the view at a frame."""
        frame = 0 if self._views[0] == self._views[1] else min(frame, self._last)
        before = frame - frame % self._step
        return blended(self._draw(before), self._draw(min(before + self._step, self._last)), self._between(frame, before))

    def _between(self, frame: int, before: int) -> float:
        length = min(before + self._step, self._last) - before
        return (frame - before) / length if length else 0.0

    def _draw(self, frame: int) -> Planes:
        if frame not in self._drawn:
            self._drawn = {key: planes for key, planes in self._drawn.items() if key >= frame - self._step}
            self._drawn[frame] = self._view(self._window_at(frame / self._last))
        return self._drawn[frame]

    def _window_at(self, progress: float) -> Window:
        """Return the part of the sheet that is seen."""
        scale, x, y = (start + (end - start) * progress for start, end in zip(*self._views, strict=True))
        width, height = (side * self._closest / scale for side in self._size)
        left = (self._margin * self._closest * self._size[0] - width) / 2 - x * width
        top = (self._margin * self._closest * self._size[1] - height) / 2 - y * height
        return left, top, width, height

    def _view(self, window: Window) -> Planes:
        return Planes(
            _cut(self._sheet.light, self._size, window, 1.0),
            _cut(self._sheet.blue, self._size, window, 0.5),
            _cut(self._sheet.red, self._size, window, 0.5),
        )

    def close(self) -> None:
        """Do nothing: no file is open."""


class MovingInside(Moving):
    """A picture of an unusual shape, whole or nearly so, in slow motion before a still and blurred copy of itself."""

    _margin = 1.25

    def _prepared(self, picture: Image.Image) -> Planes:
        self._ground = planes_of(backdrop(picture, self._size))
        size = self._sheet_size()
        whole = picture.resize(
            whole_size(picture, (self._size[0] * self._closest, self._size[1] * self._closest)), Image.Resampling.LANCZOS
        )
        left, top = (size[0] - whole.width) // 2, (size[1] - whole.height) // 2
        sheet, self._mask = Image.new("RGB", size), Image.new("L", size)
        beyond = whole.resize((whole.width + 2 * _BEYOND, whole.height + 2 * _BEYOND))
        sheet.paste(beyond, (left - _BEYOND, top - _BEYOND))
        sheet.paste(whole, (left, top))
        self._mask.paste(255, (left, top, left + whole.width, top + whole.height))
        self._half_mask = self._mask.reduce(2)
        return planes_of(sheet)

    def _view(self, window: Window) -> Planes:
        picture = super()._view(window)
        mask, half_mask = _cut(self._mask, self._size, window, 1.0), _cut(self._half_mask, self._size, window, 0.5)
        return Planes(
            Image.composite(picture.light, self._ground.light, mask),
            Image.composite(picture.blue, self._ground.blue, half_mask),
            Image.composite(picture.red, self._ground.red, half_mask),
        )


def _cut(plane: Image.Image, size: tuple[int, int], window: Window, scale: float) -> Image.Image:
    """Cut a window out of a plane that is stored at `scale`; draw it at size × scale."""
    left, top, width, height = (value * scale for value in window)
    box = (max(0.0, left), max(0.0, top), min(plane.width, left + width), min(plane.height, top + height))
    sharp = Image.Resampling.BICUBIC if scale == 1 else Image.Resampling.BILINEAR
    return plane.resize((int(size[0] * scale), int(size[1] * scale)), sharp, box=box)
