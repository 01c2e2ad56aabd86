"""Transparency in every format is shown on white, and inspecting a picture stays within its limits."""

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lecture_assets.graph.kind import Holds
from lecture_assets.intake.own_medium import take_medium

SIDE = 32
INK = (0, 0, 200)


def drawing(through: int = 0) -> Image.Image:
    """Its left half is ink, its right half black with this alpha."""
    drawn = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, through))
    drawn.paste((*INK, 255), (0, 0, SIDE // 2, SIDE))
    return drawn


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(depth: int, colours: int, row: bytes, key: bytes, palette: bytes = b"") -> bytes:
    """A PNG of equal rows, by hand: Pillow writes no transparent colour at 2, 4 or 16 bits."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, depth, colours, 0, 0, 0))
    rows = zlib.compress((b"\0" + row) * SIDE)
    more = (_chunk(b"PLTE", palette) if palette else b"") + (_chunk(b"tRNS", key) if key else b"")
    return b"\x89PNG\r\n\x1a\n" + head + more + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _palette(through: int) -> bytes:
    drawn = drawing().convert("RGB").quantize(4)
    colours = drawn.getpalette() or []
    alphas = bytes(255 if tuple(colours[at : at + 3]) == INK else through for at in range(0, len(colours), 3))
    return saved(drawn, "PNG", transparency=alphas)


def _bmp() -> bytes:
    """32 bits per pixel, with the masks of a BITMAPV4HEADER, as Windows writes transparency."""
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    head = struct.pack("<IiiHHIIiiII", 108, SIDE, SIDE, 1, 32, 3, 0, 0, 0, 0, 0) + masks + bytes(52)
    row = bytes((*INK[::-1], 255)) * HALF + bytes(4) * HALF
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 14 + len(head)) + head + row * SIDE


HALF = SIDE // 2
CLEAR: Mapping[str, tuple[Callable[[], bytes], int]] = {
    "png rgba": (lambda: saved(drawing(), "PNG"), 255),
    "png rgba, half seen": (lambda: saved(drawing(128), "PNG"), 127),
    "png grey and alpha": (lambda: saved(drawing().convert("LA"), "PNG"), 255),
    "png grey and alpha of 16 bits": (lambda: png(16, 4, b"\x20\x00\xff\xff" * HALF + b"\0\0\0\0" * HALF, b""), 255),
    "png rgba of 16 bits": (lambda: png(16, 6, b"\0\0\0\0\xc8\0\xff\xff" * HALF + bytes(8) * HALF, b""), 255),
    "png palette": (lambda: _palette(0), 255),
    "png palette, half seen": (lambda: _palette(128), 127),
    "png palette of 1 bit": (lambda: png(1, 3, b"\xff\xff\0\0", b"\0", b"\0\0\0" + bytes(INK)), 255),
    "png palette of 4 bits": (lambda: png(4, 3, b"\x11" * 8 + b"\0" * 8, b"\0", b"\0\0\0" + bytes(INK)), 255),
    "png grey of 2 bits with a key": (lambda: png(2, 0, b"\x00" * 4 + b"\x55" * 4, b"\0\x01"), 255),
    "png grey of 4 bits with a key": (lambda: png(4, 0, b"\x00" * 8 + b"\x33" * 8, b"\0\x03"), 255),
    "png grey of 8 bits with a key": (lambda: png(8, 0, b"\x20" * HALF + b"\x33" * HALF, b"\0\x33"), 255),
    "png grey of 16 bits with a key": (lambda: png(16, 0, b"\x20\x01" * HALF + b"\x33\x44" * HALF, b"\x33\x44"), 255),
    "png rgb with a key": (lambda: png(8, 2, bytes(INK) * HALF + b"\1\2\3" * HALF, b"\0\1\0\2\0\3"), 255),
    "png rgb of 16 bits with a key": (
        lambda: png(16, 2, b"\0\0\0\0\xc8\0" * HALF + b"\1\2\3\4\5\6" * HALF, b"\1\2\3\4\5\6"),
        255,
    ),
    "apng": (lambda: saved(drawing(), "PNG", save_all=True, append_images=[drawing(255)]), 255),
    "webp without loss": (lambda: saved(drawing(), "WEBP", lossless=True, exact=True), 255),
    "webp, half seen": (lambda: saved(drawing(128), "WEBP", lossless=True, exact=True), 127),
    "webp with loss": (lambda: saved(drawing(), "WEBP", quality=95), 255),
    "webp that moves": (lambda: saved(drawing(), "WEBP", lossless=True, save_all=True, append_images=[drawing(128)]), 255),
    "gif": (lambda: saved(drawing(), "GIF"), 255),
    "gif that moves": (lambda: saved(drawing(), "GIF", save_all=True, append_images=[drawing(255)]), 255),
    "tiff": (lambda: saved(drawing(), "TIFF"), 255),
    "tiff, half seen": (lambda: saved(drawing(128), "TIFF", compression="tiff_lzw"), 127),
    "tiff grey and alpha": (lambda: saved(drawing().convert("LA"), "TIFF"), 255),
    "bmp with a mask for alpha": (_bmp, 255),
}


@pytest.mark.parametrize("name", CLEAR)
def test_transparency_is_shown_on_white(tmp_path: Path, name: str) -> None:
    write, ground = CLEAR[name]
    (tmp_path / "given").write_bytes(write())
    with Image.open(take_medium(tmp_path / "given", Holds.PICTURE, tmp_path).path) as kept:
        assert not kept.has_transparency_data
        seen = kept.convert("RGB")
    left, right = seen.getpixel((4, 8)), seen.getpixel((SIDE - 4, 8))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert all(abs(part - ground) <= 3 for part in right), right
    assert max(left[:2]) < 50, left


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA"), ("PNG", "P")])
def test_a_picture_whose_alpha_is_full_everywhere_stays_byte_for_byte(tmp_path: Path, form: str, mode: str) -> None:
    options: dict[str, Any] = {"transparency": b"\xff" * 200} if mode == "P" else {}
    (tmp_path / "given").write_bytes(saved(drawing(255).convert(mode), form, lossless=True, **options))
    assert take_medium(tmp_path / "given", Holds.PICTURE, tmp_path).is_given


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_of_every_camera_orientation_are_turned_upright(tmp_path: Path, orientation: int) -> None:
    upright = Image.new("RGB", (64, 48), "white")
    upright.paste((255, 0, 0), (0, 0, 16, 16))
    lying = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    (tmp_path / "given").write_bytes(saved(upright if lying is None else upright.transpose(lying), "JPEG", exif=exif, quality=95))
    medium = take_medium(tmp_path / "given", Holds.PICTURE, tmp_path)
    assert (medium.facts["width"], medium.facts["height"]) == (64, 48)
    with Image.open(medium.path) as kept:
        red, green, _ = kept.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert (red > 200, green < 60) == (True, True)


@pytest.mark.parametrize(("mode", "white"), [("I", 65_535), ("F", 1.0), ("F", 255.0)])
def test_pixels_of_32_bits_keep_their_shades(tmp_path: Path, mode: str, white: float) -> None:
    grey = Image.fromarray(np.full((SIDE, SIDE), white / 4, np.int32 if mode == "I" else np.float32))
    grey.paste(int(white) if mode == "I" else white, (0, 0, 4, 4))
    grey.save(tmp_path / "given.tif")
    with Image.open(take_medium(tmp_path / "given.tif", Holds.PICTURE, tmp_path).path) as kept:
        shade = kept.convert("L").getpixel((20, 20))
    assert isinstance(shade, (int, float))
    assert abs(shade - 64) <= 1
