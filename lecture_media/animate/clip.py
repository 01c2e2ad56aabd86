"""Make a clip from its starting image: an MP4 without sound. `camera.py` decides what is visible, `weather.py` what moves in it.

picture -> luma and chroma planes, once -> per frame: the camera's box resampled between pixels, light, weather -> H.264
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.codec.context import Flags
from numpy.typing import NDArray
from PIL import Image, ImageOps

from lecture_media.animate.camera import find_move
from lecture_media.animate.weather import BRIGHT_PICTURE, Light, Mist, Weather

FPS = 30
_LARGEST_SOURCE = 1.3
"""Size of the picture that frames are taken from, as a multiple of the clip's: more would take time without being visible."""
_LOOKAHEAD, _SAMPLERS = 6, 2
_SAMPLING = (Image.Resampling.BICUBIC, Image.Resampling.BILINEAR, Image.Resampling.BILINEAR)
"""Subpixel steps, so that a slow move does not jump; colour is seen less sharply than light."""
_BT709 = 1
_X264 = {"preset": "ultrafast", "crf": "20", "g": "60", "x264-params": "threads=1:lookahead-threads=1:sliced-threads=0"}
"""One thread, since the bytes depend on the number of threads, and workers share the cores."""

Planes: TypeAlias = tuple[Image.Image, Image.Image, Image.Image]


def animate(  # noqa: PLR0913, PLR0917 - a video request's own fields
    image: Path, prompt: str, seconds: int, width: int, height: int, out: Path
) -> dict[str, Any]:
    """Write a clip of `seconds` to `out`: H.264, yuv420p, 30 fps. Equal input gives equal bytes on one machine.

    width, height: pixels; an odd one is made even (H.264 needs it)

    Returns {width, height, duration_ms}. Raises OSError if the image is invalid.
    """
    width, height = width // 2 * 2, height // 2 * 2
    take = _frame_taker(image, prompt, seconds, width, height)
    with ThreadPoolExecutor(_SAMPLERS) as pool, av.open(str(out), "w", format="mp4", options=_container_options()) as container:
        stream = container.add_stream("libx264", rate=FPS, options=_X264)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.thread_count = 1
        context.flags |= Flags.bitexact
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = 1
        for number, planes in enumerate(_ahead(pool, take, seconds * FPS)):
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return {"width": width, "height": height, "duration_ms": seconds * 1000}


def _container_options() -> dict[str, str]:
    return {"fflags": "+bitexact", "movflags": "+faststart"}


def _frame_taker(image: Path, prompt: str, seconds: int, width: int, height: int) -> Callable[[int], NDArray[np.uint8]]:
    """Return the function that makes frame n: its three planes stacked, shape (height × 3/2, width)."""
    planes = _planes(image, width, height)
    move = find_move(prompt)
    bright = float(np.median(np.asarray(planes[0].resize((64, 64))))) > BRIGHT_PICTURE
    light = Light(prompt, width, height)
    mist = Mist(prompt, width, height, bright=bright)
    weather = Weather(prompt, width, height, bright=bright)
    last = max(1, seconds * FPS - 1)

    sizes = ((width, height), (width // 2, height // 2), (width // 2, height // 2))

    def take(number: int) -> NDArray[np.uint8]:
        now = number / FPS
        luma, *chroma = [
            np.array(plane.resize(size, how, box=move.box(number / last, now, *plane.size)))
            for plane, size, how in zip(planes, sizes, _SAMPLING, strict=True)
        ]
        for living in (light, mist, weather):
            living.draw(luma, now)
        return np.concatenate([luma, *(plane.reshape(-1, width) for plane in chroma)])

    return take


def _planes(image: Path, width: int, height: int) -> Planes:
    """Return Y, Cb and Cr of the picture, filling the clip's shape, in video form (BT.709, limited range, chroma halved)."""
    with Image.open(image) as opened:
        picture = opened.convert("RGB")
    scale = min(_LARGEST_SOURCE, max(1.0, min(picture.width / width, picture.height / height)))
    size = (round(width * scale / 2) * 2, round(height * scale / 2) * 2)
    rgb = np.asarray(ImageOps.fit(picture, size, Image.Resampling.LANCZOS), np.float32)
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    y = _plane(16 + luma * (219 / 255))
    cb = _plane(128 + (blue - luma) * (224 / 255 / 1.8556))
    cr = _plane(128 + (red - luma) * (224 / 255 / 1.5748))
    return y, cb.reduce(2), cr.reduce(2)


def _plane(levels: NDArray[np.float32]) -> Image.Image:
    return Image.fromarray((levels + 0.5).astype(np.uint8))


def _ahead(pool: ThreadPoolExecutor, make: Callable[[int], NDArray[np.uint8]], count: int) -> Iterator[NDArray[np.uint8]]:
    """Yield the frames in order; some are made while earlier ones are encoded."""
    waiting: deque[Future[NDArray[np.uint8]]] = deque()
    for number in range(count):
        waiting.append(pool.submit(make, number))
        if len(waiting) > _LOOKAHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
