"""Make a small JPEG of a picture, or of the first frame of a clip, to show where the medium itself is too large."""

import io
from pathlib import Path

import av
from PIL import Image

from lecture_assets.render.plane import on_white

_WIDTH = 320
"""Pixels; a 1280 × 720 slide comes to about 8 kB and takes 6 ms."""
_QUALITY = 70


def thumbnail(path: Path, media_type: str) -> bytes:
    """Return a JPEG about 320 pixels wide. OSError if the file is not such a medium, or damaged."""
    try:
        picture = _first_frame(path) if media_type.startswith("video/") else Image.open(path)
        with picture:
            small = on_white(picture).reduce(max(1, picture.width // _WIDTH))
    except (av.FFmpegError, StopIteration, SyntaxError, ValueError) as error:  # what PyAV and Pillow raise for damaged files
        message = f"{path.name} is not a readable {media_type}: {error}"
        raise OSError(message) from error
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _first_frame(path: Path) -> Image.Image:
    with av.open(path) as clip:
        frame: Image.Image = next(clip.decode(video=0)).to_image()  # type: ignore[no-untyped-call]
    return frame
