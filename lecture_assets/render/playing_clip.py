"""Clips as frames: played at their own pace or slower, and single frames of them. Their sound, if any, is not played."""

import math
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import av
from av.video.reformatter import Colorspace
from PIL import Image

from lecture_assets.render.fitting import contained
from lecture_assets.render.plane import Planes, blended, planes_of
from lecture_assets.render.unreadable import unreadable
from lecture_assets.timeline.clock import FPS

_BT709 = 1
"""AVCOL_SPC_BT709."""
_OWN_PACE = 1000


class PlayingClip:
    """A video clip. Frames are requested in ascending order; after its end, the clip shows its last one.

    At its own pace each frame of the film is the clip's frame that is due then. A slowed clip has too few frames for that
    (16 a second, slowed to 10), which jerks: there, a frame of the film is a blend of the two that it lies between.
    """

    def __init__(self, path: Path, fit: str, size: tuple[int, int], rate_permille: int = _OWN_PACE, start_ms: int = 0) -> None:
        """Open the clip. rate_permille: its pace, over 0; start_ms: where it begins. WrongInputError if it has no frame."""
        self._fitted, self._size = (_contained_frame if fit == "contain" else _covering_frame), size
        self._pace, self._start, self._is_slow = rate_permille / 1000 / FPS, start_ms / 1000, rate_permille < _OWN_PACE
        self._frames = _decoded(path)
        self._shown, self._next = _first(self._frames, path), next(self._frames, None)
        self._planes: Planes | None = None
        self._next_planes: Planes | None = None

    def at(self, frame: int) -> Planes:
        """Return what is due at a frame of the film, by the clip's own time stamps."""
        due = (frame if self._is_slow else frame + 0.5) * self._pace + self._start
        while self._next is not None and _time(self._next) <= due:
            self._shown, self._planes = self._next, self._next_planes
            self._next, self._next_planes = next(self._frames, None), None
        if self._planes is None:
            self._planes = self._fitted(self._shown, self._size)
        if not self._is_slow or self._next is None:
            return self._planes
        if self._next_planes is None:
            self._next_planes = self._fitted(self._next, self._size)
        began = _time(self._shown)
        return blended(self._planes, self._next_planes, (due - began) / (_time(self._next) - began))

    def close(self) -> None:
        """Close the file."""
        self._frames.close()


def frame_of(path: Path, at_ms: int) -> Image.Image:
    """Return the frame of a clip that is shown at a time, or its last one, as RGB. WrongInputError if it has none."""
    with closing(_decoded(path, at_ms)) as frames:
        shown = _first(frames, path)
        for frame in frames:
            if _time(frame) * 1000 > at_ms:
                break
            shown = frame
    return _rgb(shown)


def _first(frames: Generator[av.VideoFrame, None, None], path: Path) -> av.VideoFrame:
    first = next(frames, None)
    if first is None:
        raise unreadable(path, "a video without a frame", "an MP4 video")
    return first


def _time(frame: av.VideoFrame) -> float:
    return frame.time or 0.0


def _colours(frame: av.VideoFrame) -> Colorspace:
    """Untagged colours are taken for BT.601, which is what FFmpeg writes by default."""
    return Colorspace.ITU709 if frame.colorspace == _BT709 else Colorspace.ITU601


def _rgb(frame: av.VideoFrame) -> Image.Image:
    return Image.fromarray(frame.to_ndarray(format="rgb24", src_colorspace=_colours(frame)))


def _contained_frame(frame: av.VideoFrame, size: tuple[int, int]) -> Planes:
    return planes_of(contained(_rgb(frame), size))


def _covering_frame(frame: av.VideoFrame, size: tuple[int, int]) -> Planes:
    """Scale a frame in its own planes (a third of the cost of RGB) and crop it to the size."""
    scale = max(size[0] / frame.width, size[1] / frame.height)
    width, height = (2 * math.ceil(side * scale / 2 - 1e-6) for side in (frame.width, frame.height))
    scaled = frame.reformat(width, height, "yuv420p", src_colorspace=_colours(frame), dst_colorspace=Colorspace.ITU709)
    rows = scaled.to_ndarray().reshape(-1)
    light = width * height
    left, top = (width - size[0]) // 4, (height - size[1]) // 4  # in pixels of the colour planes
    planes = (rows[:light].reshape(height, width), *rows[light:].reshape(2, height // 2, width // 2))
    return Planes(
        Image.fromarray(planes[0][2 * top : 2 * top + size[1], 2 * left : 2 * left + size[0]]),
        *(Image.fromarray(plane[top : top + size[1] // 2, left : left + size[0] // 2]) for plane in planes[1:]),
    )


def _decoded(path: Path, from_ms: int = 0) -> Generator[av.VideoFrame, None, None]:
    """Yield the frames of a clip, from the last keyframe before a time."""
    try:
        with closing(av.open(str(path))) as container:
            if from_ms:
                container.seek(from_ms * 1000)  # microseconds; backward is the default
            yield from container.decode(video=0)
    except (av.FFmpegError, IndexError) as error:
        raise unreadable(path, "a video that cannot be read", "an MP4 video") from error
