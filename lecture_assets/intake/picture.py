"""A person's own picture: PNG, JPEG and WebP as they are, others as PNG; upright, and of a size that a frame can show."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFile, ImageOps

from lecture_assets.content import Pixels
from lecture_assets.intake.form import Form
from lecture_assets.intake.unfit import UnfitMediumError

MAX_SIDE = 8192
MIN_SIDE = 16
_KEPT = {Form.PNG: "image/png", Form.JPEG: "image/jpeg", Form.WEBP: "image/webp"}
_PLAIN = {"RGB", "RGBA", "L", "LA", "P"}
_ORIENTATION = 0x0112


def take_picture(path: Path, form: Form, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The file to be kept (in `folder` where it was written anew) and its media type, width and height in pixels.

    UnfitMediumError where it cannot be decoded to its end, or a side is not 16 to 8,192 pixels: looked at before it is decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a large picture is refused by its sides, a strange tag is no fault
            with Image.open(path, formats=[form.value]) as picture:
                _check_sides(*picture.size)
                return _kept(picture, path, form, folder)
    except Image.DecompressionBombError as error:
        found = f"a picture of too many pixels (each side may have {MIN_SIDE} to {MAX_SIDE:,})"
        raise UnfitMediumError(found) from error
    except (OSError, ValueError, SyntaxError) as error:
        found = f"a picture that cannot be read to its end ({error})"
        raise UnfitMediumError(found) from error


def _check_sides(width: Pixels, height: Pixels) -> None:
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in (width, height)):
        found = f"a picture of {width:,} × {height:,} pixels (each side may have {MIN_SIDE} to {MAX_SIDE:,})"
        raise UnfitMediumError(found)


def _kept(picture: ImageFile.ImageFile, path: Path, form: Form, folder: Path) -> tuple[Path, dict[str, Any]]:
    is_upright = picture.getexif().get(_ORIENTATION, 1) == 1
    picture.load()
    if form in _KEPT and picture.mode in _PLAIN and is_upright and not getattr(picture, "is_animated", False):
        return path, {"media_type": _KEPT[form], "width": picture.width, "height": picture.height}
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I;16"):
        upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))  # convert() would only cut off
    anew = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    target = folder / "picture.png"
    anew.save(target, "PNG")
    return target, {"media_type": "image/png", "width": anew.width, "height": anew.height}
