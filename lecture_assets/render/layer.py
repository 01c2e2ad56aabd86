"""Layers of a timeline as frames: pictures in motion, clips, and placeholders for what is missing. No captions."""

import math
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import av
from av.video.reformatter import Colorspace
from PIL import Image, ImageFilter, UnidentifiedImageError

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.render.placeholder import placeholder
from lecture_assets.render.plane import Planes, blended, on_white, planes_of
from lecture_assets.timeline.clock import FPS

OpenMedia = Callable[[str], Path]
"""Returns a file with the bytes of a SHA-256."""
_LARGEST_STEP = 0.85
"""Pixels by which a picture's edge may move between two drawn frames; the frames between are blends of both. A blend of two
pictures less than a pixel apart is what a linear filter would have drawn, at a tenth of the cost."""
_BACKDROP_DIM = 0.45
_LARGE, _ENOUGH = 16_000_000, 2_048
"""A picture with more pixels is decoded smaller, to this length of its shorter side; a frame has at most 1,280."""
_BT709 = 1
"""AVCOL_SPC_BT709."""


class VisualLayer(Protocol):
    """What is on screen for a while. Frames count from the layer's start and are requested in ascending order."""

    def at(self, frame: int) -> Planes:
        """Return the picture at a frame; after the end, the last one."""

    def close(self) -> None:
        """Close files."""


def open_layer(layer: Mapping[str, Any], size: tuple[int, int], open_media: OpenMedia) -> VisualLayer:
    """Open a layer of a timeline for playing at (width, height). WrongInputError if its medium cannot be read."""
    if layer["type"] == "missing":
        return Still(planes_of(placeholder(layer["medium"], size)))
    path, rate = open_media(layer["media"]["sha256"]), layer.get("playback_rate_permille", 1000)
    if layer["type"] == "video" and rate:
        return PlayingClip(path, layer["fit"], size, rate)
    picture = frame_of(path, layer["source_start_ms"]) if layer["type"] == "video" else _open_picture(path)
    moving = Moving if layer["fit"] == "cover" else MovingInside
    return moving(picture, layer["motion"], layer["duration_in_frames"], size)


def _open_picture(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _LARGE:
                picture.draft("RGB", (_ENOUGH, _ENOUGH))  # only for a JPEG; what is not needed is not even decoded
            return on_white(picture)
    except (UnidentifiedImageError, OSError) as error:
        raise WrongInputError([Fault(str(path), f"a picture that cannot be read ({error})", "PNG, JPEG or WebP")]) from error


def contained(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The whole picture in front of a blurred and dimmed copy of itself."""
    small = covering(picture, (size[0] // 8, size[1] // 8)).filter(ImageFilter.GaussianBlur(6))
    backdrop = Image.blend(Image.new("RGB", size), small.resize(size, Image.Resampling.BICUBIC), 1 - _BACKDROP_DIM)
    scale = min(size[0] / picture.width, size[1] / picture.height)
    whole = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
    backdrop.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return backdrop


def covering(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of a picture, filling the size."""
    scale = max(size[0] / picture.width, size[1] / picture.height)
    width, height = (
        min(size[0] / scale, picture.width),
        min(size[1] / scale, picture.height),
    )  # a box beyond by a rounding error is refused
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    return picture.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))


class Still:
    """One still picture."""

    def __init__(self, picture: Planes) -> None:
        """picture: shown at every frame."""
        self._picture = picture

    def at(self, frame: int) -> Planes:  # noqa: ARG002 - it is the same at every frame
        """Return the picture."""
        return self._picture

    def close(self) -> None:
        """Do nothing: no file is open."""


class Moving:
    """A picture in slow motion, drawn at fractions of a pixel from a copy as large as its closest view needs."""

    def __init__(self, picture: Image.Image, motion: Mapping[str, Any], frames: int, size: tuple[int, int]) -> None:
        """Prepare the enlarged copy. frames: length of the motion."""
        self._views = [
            [motion[end][key] / 1000 for key in ("scale_permille", "x_permille", "y_permille")] for end in ("from", "to")
        ]
        self._last, self._size = max(1, frames - 1), size
        self._closest = max(view[0] for view in self._views)
        enlarged = (2 * round(size[0] * self._closest / 2), 2 * round(size[1] * self._closest / 2))
        self._source = planes_of(covering(picture, enlarged))
        self._step = self._drawn_every()
        self._drawn: dict[int, Planes] = {}

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
            self._drawn[frame] = self._view(frame / self._last)
        return self._drawn[frame]

    def _view(self, progress: float) -> Planes:
        scale, x, y = (start + (end - start) * progress for start, end in zip(*self._views, strict=True))
        width, height = (side * self._closest / scale for side in self._size)
        left = (self._closest * self._size[0] - width) / 2 - x * self._size[0] * self._closest / scale
        top = (self._closest * self._size[1] - height) / 2 - y * self._size[1] * self._closest / scale
        return Planes(
            _window(self._source.light, self._size, (left, top, width, height), 1.0),
            _window(self._source.blue, self._size, (left, top, width, height), 0.5),
            _window(self._source.red, self._size, (left, top, width, height), 0.5),
        )

    def close(self) -> None:
        """Do nothing: no file is open."""


def _window(plane: Image.Image, size: tuple[int, int], window: tuple[float, float, float, float], scale: float) -> Image.Image:
    """Cut a window (left, top, width, height, in pixels of the light plane) out of a plane at `scale`, drawn at size × scale."""
    left, top, width, height = (value * scale for value in window)
    box = (max(0.0, left), max(0.0, top), min(plane.width, left + width), min(plane.height, top + height))
    sharp = Image.Resampling.BICUBIC if scale == 1 else Image.Resampling.BILINEAR
    return plane.resize((int(size[0] * scale), int(size[1] * scale)), sharp, box=box)


class PlayingClip:
    """A video clip. Its last frame is held, and its sound, if any, is not played."""

    def __init__(self, path: Path, fit: str, size: tuple[int, int]) -> None:
        """Open the clip at its first frame. WrongInputError if it has none."""
        self._fitted, self._size = (_contained_frame if fit == "contain" else _covering_frame), size
        self._frames = _decoded(path)
        first = next(self._frames, None)
        if first is None:
            raise WrongInputError([Fault(str(path), "a video without a frame", "an MP4 video")])
        self._shown, self._next = first, next(self._frames, None)
        self._planes: Planes | None = None

    def at(self, frame: int) -> Planes:
        """Return the frame that is due by the clip's own time stamps."""
        while self._next is not None and (self._next.time or 0.0) <= (frame + 0.5) / FPS:
            self._shown, self._next, self._planes = self._next, next(self._frames, None), None
        if self._planes is None:
            self._planes = self._fitted(self._shown, self._size)
        return self._planes

    def close(self) -> None:
        """Close the file."""
        self._frames.close()


def _contained_frame(frame: av.VideoFrame, size: tuple[int, int]) -> Planes:
    return planes_of(contained(Image.fromarray(frame.to_ndarray(format="rgb24")), size))


def _covering_frame(frame: av.VideoFrame, size: tuple[int, int]) -> Planes:
    """Scale a frame in its own planes (a third of the cost of RGB) and crop it to the size.

    Untagged colours are taken for BT.601, which is what FFmpeg writes by default.
    """
    scale = max(size[0] / frame.width, size[1] / frame.height)
    width, height = (2 * math.ceil(side * scale / 2 - 1e-6) for side in (frame.width, frame.height))
    source = Colorspace.ITU709 if frame.colorspace == _BT709 else Colorspace.ITU601
    scaled = frame.reformat(width, height, "yuv420p", src_colorspace=source, dst_colorspace=Colorspace.ITU709)
    rows = scaled.to_ndarray().reshape(-1)
    light = width * height
    left, top = (width - size[0]) // 4, (height - size[1]) // 4  # in pixels of the colour planes
    planes = (rows[:light].reshape(height, width), *rows[light:].reshape(2, height // 2, width // 2))
    return Planes(
        Image.fromarray(planes[0][2 * top : 2 * top + size[1], 2 * left : 2 * left + size[0]]),
        *(Image.fromarray(plane[top : top + size[1] // 2, left : left + size[0] // 2]) for plane in planes[1:]),
    )


def _decoded(path: Path) -> Generator[av.VideoFrame, None, None]:
    try:
        with closing(av.open(str(path))) as container:
            yield from container.decode(video=0)
    except (av.FFmpegError, IndexError) as error:
        raise WrongInputError([Fault(str(path), f"a video that cannot be read ({error})", "an MP4 video")]) from error
