"""Files made to harm whoever opens them: decompression bombs, false headers, tricks that make a library open other files."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
from PIL import Image

from lecture_assets.graph.kind import Holds
from lecture_assets_tests.intake import samples

Writer: TypeAlias = Callable[[Path], bytes]
PICTURE, CLIP, SPEECH, MUSIC = Holds.PICTURE, Holds.CLIP, Holds.SPEECH, Holds.MUSIC
SECRET = "/etc/passwd"  # noqa: S105 - what a trick would have us read


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png(width: int, height: int, data: bytes, *more: bytes) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _zeros(count: int) -> bytes:
    """This many megabytes of zeros, compressed a thousandfold. One block is compressed, the others are copies (RFC 1950)."""
    packer = zlib.compressobj(9)
    head, block = packer.compress(b"") or b"\x78\xda", packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = block.removeprefix(b"\x78\xda")
    adler = (count % 65_521) << 16 | 1
    return head + block * (count >> 20) + b"\x03\x00" + struct.pack(">I", adler)


def _saved(form: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (200, 150), "red").save(file, form, **options)
    return file.getvalue()


def _wav(rate: int, channels: int, data: bytes, claims: int) -> bytes:
    width = channels * 2 & 0xFFFF
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * width & 0xFFFFFFFF, width, 16)
    return (
        b"RIFF"
        + struct.pack("<I", claims)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + b"data"
        + struct.pack("<I", claims)
        + data
    )


def _box(name: bytes, data: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", len(data) + 8 if size is None else size) + name + data


def _sample(name: str, **options: object) -> Callable[[Path], bytes]:
    """A file of samples, to be damaged."""

    def write(folder: Path) -> bytes:
        path = folder / name
        if path.suffix == ".mp4":
            samples.clip(path, **options)  # type: ignore[arg-type]
        else:
            samples.sound(path, **options)  # type: ignore[arg-type]
        content = path.read_bytes()
        path.unlink()
        return content

    return write


def _zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(50_000_000))
    return file.getvalue()


def _flipped(content: bytes, after: bytes) -> bytes:
    """Flip a bit at an offset after a name."""
    at = content.index(after) + 12
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _many_samples(content: bytes) -> bytes:
    """A film whose table of sizes claims two billion pictures."""
    at = content.index(b"stsz") + 12
    return content[:at] + struct.pack(">I", 2_000_000_000) + content[at + 4 :]


_JPEG_HEAD = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_FILM = _sample("a.mp4")


def _large(form: str, side: int = 8192, mode: str = "RGB", **options: Any) -> Writer:
    """A square picture of one colour, with this many pixels per side."""

    def write(_: Path) -> bytes:
        file = io.BytesIO()
        Image.new(mode, (side, side)).save(file, form, **options)
        return file.getvalue()

    return write


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def _progressive(side: int) -> bytes:
    """The beginning of a JPEG with three components at full resolution."""
    sides = struct.pack(">HH", side, side)
    scan = b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"
    return _JPEG_HEAD + b"\xff\xc2\x00\x11\x08" + sides + b"\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01" + scan + bytes(999)


def _scans(count: int) -> bytes:
    """A progressive picture that repeats its last scan."""
    content = _large("JPEG", 1000, "L", progressive=True)(Path())
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + last * count + content[-2:]


def _repeated(  # noqa: PLR0913, PLR0917 - what films differ in
    form: str, codec: str, size: tuple[int, int], count: int, rate: int, last: int = 1, *, pix_fmt: str = "yuv420p"
) -> Writer:
    """A film of one picture, encoded once and repeated; the last one comes `last` pictures after the one before."""

    def write(folder: Path) -> bytes:
        path = folder / "film"
        with av.open(str(path), "w", format=form) as sink:
            stream: Any = sink.add_stream(codec, rate=rate, options={"preset": "ultrafast"} if codec == "libx264" else {})
            stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
            stream.codec_context.gop_size = 1
            frame = av.VideoFrame(*size, pix_fmt)
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            content = bytes([*stream.encode(frame), *stream.encode(None)][0])
            for number in range(count):
                packet = av.Packet(content)
                packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, rate), True
                packet.pts = packet.dts = number if number < count - 1 else number + last - 1
                packet.duration = 1
                sink.mux(packet)
        content = path.read_bytes()
        path.unlink()
        return content

    return write


def _small_outside(folder: Path) -> bytes:
    """A film of 8,192 × 8,192 pixels that claims 64 × 64."""
    content = _repeated("mov", "mjpeg", (8192, 8192), 2, 30, pix_fmt="yuvj420p")(folder)
    at = content.index(b"jpeg", content.index(b"stsd"))
    return content[: at + 28] + struct.pack(">HH", 64, 64) + content[at + 32 :]


def _frames_of_mp3(seconds: int) -> bytes:
    """Silent frames of 72 ms and 72 bytes (MPEG 2.5, 8 kbit/s, 8 kHz)."""
    frame = b"\xff\xe3\x18\xc4" + bytes(68)
    return frame * (seconds * 1000 // 72)


def _with_attachment(folder: Path) -> bytes:
    path = folder / "film"
    with av.open(str(path), "w", format="matroska") as sink:
        stream: Any = sink.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        sink.add_attachment("a.ttf", "application/x-truetype-font", bytes(40_000_000))
        sink.mux([*stream.encode(av.VideoFrame(64, 48, "yuv420p")), *stream.encode(None)])
    content = path.read_bytes()
    path.unlink()
    return content


HOSTILE: Mapping[str, tuple[Holds, Writer]] = {
    "png of 60,000 × 60,000": (PICTURE, lambda _: _png(60_000, 60_000, _zeros(2**26))),
    "png of 8,192 × 8,193": (PICTURE, lambda _: _png(8192, 8193, _zeros(2**26))),
    "png of too few lines that unpacks to a gigabyte": (PICTURE, lambda _: _png(8000, 8000, _zeros(2**20) + _zeros(2**30))),
    "png with a text of a gigabyte": (PICTURE, lambda _: _png(16, 16, b"", _chunk(b"zTXt", b"a\0\0" + _zeros(2**30)))),
    "png with a profile of a gigabyte": (PICTURE, lambda _: _png(16, 16, b"", _chunk(b"iCCP", b"a\0\0" + _zeros(2**30)))),
    "png with a wrong sum": (PICTURE, lambda _: _flipped(_saved("PNG"), b"IDAT")),
    "png of nothing": (PICTURE, lambda _: _png(0, 0, b"")),
    "png of negative height": (PICTURE, lambda _: _png(16, 2**32 - 1, _zeros(100))),
    "jpeg of 65,535 × 65,535": (
        PICTURE,
        lambda _: _JPEG_HEAD + b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01",
    ),
    "jpeg that is a page": (PICTURE, lambda _: _JPEG_HEAD + b"<script>alert(1)</script>" * 9),
    "jpeg that ends early": (PICTURE, lambda _: _saved("JPEG")[:400]),
    "gif of 65,535 × 65,535": (
        PICTURE,
        lambda _: b"GIF89a\xff\xff\xff\xff\x80\x00\x00" + bytes(6) + b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;",
    ),
    "webp of 16,383 × 16,383": (PICTURE, lambda _: b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xfe\x3f\0\xfe\x3f\0" + bytes(8)),
    "bmp of 30,000 × 30,000": (
        PICTURE,
        lambda _: b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0),
    ),
    "tiff that names itself for ever": (PICTURE, lambda _: b"II*\0\x08\0\0\0\x01\0\x00\x01\x04\0\x01\0\0\0\x10\0\0\0\x08\0\0\0"),
    "svg that laughs": (
        PICTURE,
        lambda _: b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "&b;&b;"><!ENTITY b "&c;&c;">]><svg>&a;</svg>',
    ),
    "postscript": (PICTURE, lambda _: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n"),
    "zip bomb": (PICTURE, lambda _: _zip_bomb()),
    "program": (PICTURE, lambda _: b"\x7fELF\x02\x01\x01" + bytes(500)),
    "nothing": (PICTURE, lambda _: b""),
    "playlist that names a file": (SPEECH, lambda _: f"#EXTM3U\n#EXTINF:1,\nfile://{SECRET}\n#EXT-X-ENDLIST\n".encode()),
    "script that joins files": (SPEECH, lambda _: f"ffconcat version 1.0\nfile '{SECRET}'\n".encode()),
    "wav that claims four gigabytes": (SPEECH, lambda _: _wav(48_000, 1, b"", 2**32 - 1)),
    "wav of 65,535 channels": (SPEECH, lambda _: _wav(48_000, 65_535, bytes(2**17), 2**17)),
    "wav of a rate of 0": (SPEECH, lambda _: _wav(0, 1, bytes(2**12), 2**12)),
    "wav of four gigahertz": (MUSIC, lambda _: _wav(2**32 - 1, 2, bytes(2**12), 2**12)),
    "mp3 of noise": (MUSIC, lambda _: b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"\xff\xfb\x90\x44" * 9),
    "flac with a picture of 16 megabytes that is not there": (MUSIC, lambda _: b"fLaC\x86\xff\xff\xff" + bytes(64)),
    "ogg of pages without an end": (MUSIC, lambda _: (b"OggS\0\0" + bytes(20) + b"\xff" + b"\xff" * 255) * 40),
    "film of 2,000,000,000 pictures": (CLIP, lambda folder: _many_samples(_FILM(folder))),
    "film with a box of four gigabytes": (
        CLIP,
        lambda _: _box(b"ftyp", b"isom\0\0\0\0isom") + _box(b"moov", bytes(64), 2**32 - 1),
    ),
    "film that contains itself": (CLIP, lambda _: _box(b"ftyp", b"isom\0\0\0\0isom") + b"\0\0\0\x08moov" * 50_000),
    "film that ends early": (CLIP, lambda folder: _FILM(folder)[:900]),
    "avi with a playlist for a title": (
        CLIP,
        lambda _: b"RIFF\xff\xff\0\0AVI LIST" + b"GAB2\0\x02\0" + f"#EXTM3U\nfile://{SECRET}".encode(),
    ),
    "matroska of unknown length": (
        CLIP,
        lambda _: b"\x1aE\xdf\xa3\x01" + b"\xff" * 7 + b"\x42\x82\x84webm" + b"\x18S\x80g\x01" + b"\xff" * 7,
    ),
    "png of 8,192 × 8,192": (PICTURE, lambda _: _png(8192, 8192, _zeros(2**20))),
    "progressive jpeg of 8,192 × 8,192": (PICTURE, lambda _: _progressive(8192)),
    "progressive jpeg of 2,000 scans": (PICTURE, lambda _: _scans(2_000)),
    "webp of 8,192 × 8,192": (PICTURE, lambda _: b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xff\x1f\0\xff\x1f\0" + bytes(8)),
    "bmp of 7,000 × 7,000": (
        PICTURE,
        lambda _: b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 7_000, 7_000, 1, 24, 0, 0, 0, 0, 0, 0),
    ),
    "film of 8,192 × 8,192": (CLIP, _repeated("mov", "mjpeg", (8192, 8192), 8, 30, pix_fmt="yuvj420p")),
    "film of 8,192 × 8,192 that says 64 × 64": (CLIP, _small_outside),
    "film of ten minutes at 80 a second": (CLIP, _repeated("mp4", "libx264", (64, 48), 40_000, 80)),
    "film of ten minutes of 4K": (CLIP, _repeated("mp4", "libx264", (3840, 2160), 6_000, 30)),
    "film of two pictures, eleven minutes apart": (CLIP, _repeated("mp4", "libx264", (64, 48), 2, 30, last=20_000)),
    "mp3 of three hours": (MUSIC, lambda _: _frames_of_mp3(3 * 3600)),
    "wav of 384 kHz": (MUSIC, lambda _: _wav(384_000, 2, bytes(2**20), 2**20)),
    "wav of 64 channels": (MUSIC, lambda _: _wav(48_000, 64, bytes(2**20), 2**20)),
}
"""By name: what it claims to be, and the function that writes it."""

COSTLY: Mapping[str, tuple[Holds, Writer]] = {
    "jpeg of 8,192 × 8,192": (PICTURE, _large("JPEG")),
    "jpeg of 8,192 × 8,192, to be turned": (PICTURE, _large("JPEG", exif=_turned())),
    "jpeg of 8,191 × 8,191, to be turned": (PICTURE, _large("JPEG", 8191, exif=_turned())),
    "cmyk jpeg of 8,192 × 8,192": (PICTURE, _large("JPEG", mode="CMYK")),
    "progressive jpeg of 12 megapixels, to be turned": (
        PICTURE,
        _large("JPEG", 3464, progressive=True, subsampling=0, exif=_turned()),
    ),
    "png of 25 megapixels": (PICTURE, _large("PNG", 5000)),
    "png of 24 megapixels that shines through": (PICTURE, _large("PNG", 4900, "RGBA")),
    "deep png of 16 megapixels": (PICTURE, _large("PNG", 4000, "I;16")),
    "webp of 12 megapixels": (PICTURE, _large("WEBP", 3464, quality=50, method=0)),
    "tiff of 8,192 × 8,192 in strips of a line": (PICTURE, _large("TIFF", compression="packbits", tiffinfo={278: 1})),
    "apng of 8,192 × 8,192": (PICTURE, _large("PNG", save_all=True, append_images=[Image.new("RGB", (8192, 8192), "red")])),
    "matroska film of 8,192 × 8,192": (CLIP, _repeated("matroska", "mjpeg", (8192, 8192), 8, 30, pix_fmt="yuvj420p")),
    "film of 4,096 × 4,096": (CLIP, _repeated("mov", "mjpeg", (4096, 4096), 8, 30, pix_fmt="yuvj420p")),
    "gif of 8,000 × 8,000": (PICTURE, _large("GIF", 8000, "P")),
    "black and white tiff of 8,192 × 8,192": (PICTURE, _large("TIFF", mode="1", compression="group4")),
    "film of many references": (CLIP, _sample("a.mp4", size=(1920, 1088), frames=24)),
    "film with an attachment of 40 megabytes": (CLIP, _with_attachment),
}
"""Valid files, as far as they go, that would be expensive to decode without checks."""
IN_CI = ("jpeg of 8,191 × 8,191, to be turned", "png of 24 megapixels that shines through", "webp of 12 megapixels")
"""The expensive ones that CI writes; writing all of them takes a minute."""
