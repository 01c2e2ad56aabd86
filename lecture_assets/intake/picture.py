"""A person's own picture: opaque PNG, JPEG and WebP are kept unchanged; others become PNG, upright and on white.

The cost of inspecting one is known before any pixel is decoded: bytes per pixel, by format. A JPEG that is too large is decoded
at a half, a quarter or an eighth of its sides, which also proves it complete; in other formats it is rejected.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageFile

from lecture_assets.intake.form import Form, Recognised
from lecture_assets.intake.unfit import UnfitMediumError, UnreadableMediumError

MAX_SIDE = 8192
MIN_SIDE = 16
MAX_DECODED = 110_000_000
"""Bytes that the pixels of one picture may take during inspection, so that it needs at most 128 MB."""
MAX_WRITTEN = 4_000_000
"""Pixels of a converted picture; a larger one is halved until it fits. A frame of a lecture has 921,600."""
_KEPT = {Form.PNG: "image/png", Form.JPEG: "image/jpeg", Form.WEBP: "image/webp"}
_PLAIN = {"RGB", "RGBA", "L", "LA", "P"}
_ORIENTATION = 0x0112
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By the orientation that a camera recorded (Exif 2.3, 4.6.4): what turns the picture upright."""
_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2}
"""Bytes per pixel in Pillow's memory, by mode; 4 in every other mode."""
_BYTES_OF_WEBP, _BYTES_OF_STILL_WEBP = 16, 8
"""Bytes per pixel, measured: libwebp holds two canvases once Pillow opens a file, and four while it is decoded."""
_ALPHA_OR_MOVES = 0x12
"""Flags of a VP8X chunk (RFC 9649, 2.7.1)."""
_MAX_SCANS = 100
"""Scans of a progressive JPEG; encoders write about ten. Each is a pass over the whole picture."""
_ROWS = 128
_OPAQUE = 255
_DEPTH_AT = 24
"""Offset of the bits per sample in a PNG (PNG specification, 11.2.2)."""


def take_picture(path: Path, found: Recognised, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Return the file to keep (in `folder` if it was converted), with media type, width and height in pixels.

    UnfitMediumError if it cannot be decoded to its end, a side is not 16 to 8,192 pixels, or inspecting it would take too much.
    """
    form = found.form
    assert form is not None  # noqa: S101 - promised by the caller; this is for mypy
    if form is Form.WEBP:
        _check_webp(path)
    with _open(path, form) as picture:
        size = picture.size
        _check_sides(*size)
        scale = _scale(picture, path, form)
        is_upright = picture.getexif().get(_ORIENTATION, 1) not in _TURNED
        is_kept = form in _KEPT and picture.mode in _PLAIN and is_upright and not getattr(picture, "is_animated", False)
        if form is Form.WEBP and is_kept and not picture.has_transparency_data:
            _decode_webp(path, size)
        else:
            if scale > 1:
                picture.draft(None, (size[0] // scale, size[1] // scale))
            picture.load()
            if form is Form.PNG:
                _scale_transparent_colour(picture, path)
            if not (is_kept and _is_opaque(picture)):
                return _converted(picture, folder / "picture.png")
        return path, {"media_type": _KEPT[form], "width": size[0], "height": size[1]}


@contextmanager
def _open(path: Path, form: Form) -> Iterator[ImageFile.ImageFile]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a large picture is rejected by its sides, and a strange tag is not a fault
            with Image.open(path, formats=[form.value]) as picture:
                yield picture
    except Image.DecompressionBombError as error:
        found = f"a picture of too many pixels (each side may have {MIN_SIDE} to {MAX_SIDE:,})"
        raise UnfitMediumError(found) from error
    except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, av.FFmpegError) as error:
        raise UnreadableMediumError(what="a picture") from error


def _check_sides(width: int, height: int) -> None:
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in (width, height)):
        found = f"a picture of {width:,} × {height:,} pixels (each side may have {MIN_SIDE} to {MAX_SIDE:,})"
        raise UnfitMediumError(found)


def _scale(picture: ImageFile.ImageFile, path: Path, form: Form) -> int:
    """The divisor of its sides for decoding: 1, or more for a large JPEG. UnfitMediumError if every divisor takes too much."""
    pixels, needed = picture.width * picture.height, 0
    a_pixel = 4 if form is Form.WEBP else _BYTES.get(picture.mode, 4)
    held = 0
    if form is Form.JPEG and picture.info.get("progressive"):
        held = _coefficients(picture)
        _check_scans(path)
    for scale in (1, 2, 4, 8) if form is Form.JPEG else (1,):
        decoded = pixels // scale**2
        written = decoded // _step(picture.width // scale, picture.height // scale) ** 2
        needed = held + decoded * a_pixel + written * 4
        if needed <= MAX_DECODED:
            return scale
    most = pixels * MAX_DECODED // needed // 1_000_000
    found = f"a picture of {picture.width:,} × {picture.height:,} pixels (the limit for its kind: {most} million)"
    raise UnfitMediumError(found)


def _step(width: int, height: int) -> int:
    """The divisor of the sides of a converted picture: a power of two."""
    step = 1
    while width * height // step**2 > MAX_WRITTEN and min(width, height) // step >= 2 * MIN_SIDE:
        step *= 2
    return step


def _check_scans(path: Path) -> None:
    scans, before = 0, b""
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            scans += (before + part).count(b"\xff\xda")
            before = part[-1:]
    if scans > _MAX_SCANS:
        found = f"a progressive JPEG of {scans:,} scans"
        raise UnfitMediumError(found)


def _coefficients(picture: Any) -> int:
    """Bytes that libjpeg holds of a progressive JPEG until its last scan: two per sample of each component."""
    layers = [(layer[1], layer[2]) for layer in picture.layer]
    most = max((h * v for h, v in layers), default=1)
    return sum(picture.width * picture.height * 2 * h * v // most for h, v in layers)


def _check_webp(path: Path) -> None:
    """Check a WebP by its header, since Pillow allocates memory as soon as it opens one. UnfitMediumError if that is too much."""
    with path.open("rb") as file:
        head = file.read(30)
    if int.from_bytes(head[4:8], "little") + 8 > path.stat().st_size:
        raise UnreadableMediumError(what="a picture")
    width, height, a_pixel = _webp(head)
    _check_sides(width, height)
    if width * height * a_pixel > MAX_DECODED:
        found = (
            f"a picture of {width:,} × {height:,} pixels (the limit for its kind: {MAX_DECODED // a_pixel // 1_000_000} million)"
        )
        raise UnfitMediumError(found)


def _webp(head: bytes) -> tuple[int, int, int]:
    """Width, height and the bytes per pixel to inspect it: more if it is animated or transparent (RFC 9649, 2.5 to 2.7)."""
    kind, bits = head[12:16], int.from_bytes(head[21:25], "little")
    if kind == b"VP8X":
        sides = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        return (*sides, _BYTES_OF_WEBP if head[20] & _ALPHA_OR_MOVES else _BYTES_OF_STILL_WEBP)  # type: ignore[return-value]
    if kind == b"VP8L":
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, _BYTES_OF_WEBP if bits >> 28 & 1 else _BYTES_OF_STILL_WEBP
    width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return width, height, _BYTES_OF_STILL_WEBP


def _decode_webp(path: Path, size: tuple[int, int]) -> None:
    """Decode a still WebP to its end with FFmpeg, which needs a quarter of the memory."""
    with path.open("rb") as file:
        source: Any
        with av.open(file, format="webp_pipe", options={"threads": "1"}) as source:
            source.streams.video[0].codec_context.thread_count = 1
            frame = next(iter(source.decode(video=0)), None)
        if frame is None or (frame.width, frame.height) != size:
            raise UnreadableMediumError(what="a picture")


def _is_opaque(picture: Image.Image) -> bool:
    """Whether the picture has no alpha, or full alpha everywhere."""
    if not picture.has_transparency_data:
        return True
    if "A" in picture.getbands():
        return all(rows.getchannel("A").getextrema()[0] == _OPAQUE for rows in _rows(picture))
    alphas = picture.info.get("transparency")
    if picture.mode == "P" and isinstance(alphas, bytes):
        used = (index for _, index in picture.getcolors(256) or ())
        return all(index >= len(alphas) or alphas[index] == _OPAQUE for index in used if isinstance(index, int))
    return False


def _converted(picture: ImageFile.ImageFile, target: Path) -> tuple[Path, dict[str, Any]]:
    """Convert to PNG: upright, on white, and no larger than can be seen; composed a few rows at a time."""
    orientation = picture.getexif().get(_ORIENTATION, 1)
    width, height = picture.size
    step = _step(width, height)
    converted = Image.new("RGB", (-(-width // step), -(-height // step)))
    for number, rows in enumerate(_rows(picture)):
        shown = _on_white(rows)
        converted.paste(shown.reduce(step) if step > 1 else shown, (0, number * _ROWS // step))
    picture.close()
    if orientation in _TURNED:
        converted = converted.transpose(_TURNED[orientation])
    converted.save(target, "PNG")
    return target, {"media_type": "image/png", "width": converted.width, "height": converted.height}


def _rows(picture: Image.Image) -> Iterator[Image.Image]:
    """Yield the picture a few rows at a time."""
    for top in range(0, picture.height, _ROWS):
        yield picture.crop((0, top, picture.width, min(picture.height, top + _ROWS)))


def _on_white(picture: Image.Image) -> Image.Image:
    """Convert a picture of any mode to RGB, transparent parts on white, as viewers and browsers show it."""
    if picture.mode.startswith("I;16"):
        return _from_16_bits(picture)
    if not picture.has_transparency_data:
        return _in_8_bits(picture).convert("RGB")
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture.convert("RGBA"))
    return ground.convert("RGB")


def _from_16_bits(picture: Image.Image) -> Image.Image:
    """Convert 16-bit grey by its upper eight bits (`convert` would only clip), and the transparent grey to white."""
    deep = np.asarray(picture)
    grey = (deep >> 8).astype(np.uint8)
    if isinstance(key := picture.info.get("transparency"), int):
        grey[deep == key] = _OPAQUE
    return Image.fromarray(grey).convert("RGB")


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """Convert 32-bit samples, which Pillow would only clip: integers as 16 bits, fractions as shares of white."""
    if picture.mode == "I":
        deep = np.asarray(picture)
        return Image.fromarray((deep >> (8 if deep.max(initial=0) > _OPAQUE else 0)).clip(0, _OPAQUE).astype(np.uint8))
    if picture.mode == "F":
        shares = np.nan_to_num(np.asarray(picture))
        return Image.fromarray((shares * (1 if shares.max(initial=0) > 1 else _OPAQUE)).clip(0, _OPAQUE).astype(np.uint8))
    return picture


def _scale_transparent_colour(picture: ImageFile.ImageFile, path: Path) -> None:
    """Scale the transparent colour of a PNG to the eight bits of Pillow's pixels (Pillow scales those, but not this)."""
    key = picture.info.get("transparency")
    with path.open("rb") as file:
        depth = file.read(_DEPTH_AT + 1)[_DEPTH_AT]
    if picture.mode == "L" and isinstance(key, int) and depth < 8:  # noqa: PLR2004 - bits
        picture.info["transparency"] = key * _OPAQUE // (2**depth - 1)
    if picture.mode == "RGB" and isinstance(key, tuple) and depth > 8:  # noqa: PLR2004 - bits
        picture.info["transparency"] = tuple(part >> 8 for part in key)
