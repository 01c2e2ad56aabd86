"""Recognize a file's format by its bytes. Its name proves nothing, and libraries must not guess: some formats name other files.

A signature that several formats share is never enough: a RIFF names its kind, an `ftyp` its brands, and MPEG audio has a second
frame where the first one ends. Known formats that are not accepted have names here, so that a rejection can name them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from lecture_assets.intake.mpeg_audio import LOAS, MpegLayer, chain, tag_length


class Form(StrEnum):
    """The accepted formats. The values are Pillow's and FFmpeg's names for them."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    WAV = "wav"
    MP3 = "mp3"
    AAC = "aac"
    OGG = "ogg"
    FLAC = "flac"
    AIFF = "aiff"
    MP4 = "mov"
    MATROSKA = "matroska"


PICTURES = frozenset({Form.PNG, Form.JPEG, Form.WEBP, Form.GIF, Form.BMP, Form.TIFF})
SOUNDS = frozenset({Form.WAV, Form.MP3, Form.AAC, Form.OGG, Form.FLAC, Form.AIFF, Form.MP4, Form.MATROSKA})
CLIPS = frozenset({Form.MP4, Form.MATROSKA})
HEAD = 1 << 16
"""Bytes that are read to recognize a format; the first 16 suffice for most."""
_MOST_TAGS = 8
_FRAMES, _FRAMES_IN_GARBAGE = 2, 4
"""Consecutive frames that prove MPEG audio: at the beginning of a file, and after other data."""
_ZEROS = 1 << 24
"""Most bytes of padding after a tag."""
_PACKET, _PACKET_WITH_TIME = 188, 192
"""Bytes per packet of an MPEG transport stream, and of one from a Blu-ray or a camcorder."""

_MARKS: tuple[tuple[int, bytes, Form], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", Form.PNG),
    (0, b"\xff\xd8\xff", Form.JPEG),
    (0, b"GIF87a", Form.GIF),
    (0, b"GIF89a", Form.GIF),
    (0, b"II*\x00", Form.TIFF),
    (0, b"MM\x00*", Form.TIFF),
    (0, b"OggS", Form.OGG),
    (0, b"fLaC", Form.FLAC),
)
_KINDS_OF_RIFF = {b"WAVE": Form.WAV, b"WEBP": Form.WEBP}
_KINDS_OF_FORM = {b"AIFF": Form.AIFF, b"AIFC": Form.AIFF}
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
"""How an MP4 begins, or a QuickTime film from before `ftyp` existed."""
_LENGTHS_OF_BMP = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
"""Lengths of a BMP's second header: two letters alone could be the beginning of a text."""
_BRANDS = {
    b"heic": "an HEIC picture (.heic)",
    b"heix": "an HEIC picture (.heic)",
    b"heim": "an HEIC picture (.heic)",
    b"heis": "an HEIC picture (.heic)",
    b"hevc": "an HEIC picture (.heic)",
    b"avif": "an AVIF picture (.avif)",
    b"avis": "an AVIF picture (.avif)",
    b"mif1": "an HEIF picture (.heif)",
    b"msf1": "an HEIF picture (.heif)",
    b"crx ": "a camera's raw picture (.cr3)",
}
_NAMES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\x0a", "a JPEG XL picture (.jxl)"),
    (4, b"JXL \r\n", "a JPEG XL picture (.jxl)"),
    (4, b"jP  \r\n", "a JPEG 2000 picture (.jp2)"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture (.j2k)"),
    (0, b"\x8aMNG\r\n\x1a\n", "an MNG picture (.mng)"),
    (0, b"\x8bJNG\r\n\x1a\n", "a JNG picture (.jng)"),
    (0, b"II+\x00", "a BigTIFF picture (.tif)"),
    (0, b"MM\x00+", "a BigTIFF picture (.tif)"),
    (0, b"8BPS", "a Photoshop picture (.psd)"),
    (0, b"\x00\x00\x01\x00", "an icon (.ico)"),
    (0, b"qoif", "a QOI picture (.qoi)"),
    (0, b"DDS ", "a DDS picture (.dds)"),
    (0, b"%PDF", "a PDF document"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"\xc5\xd0\xd3\xc6", "a PostScript document (.eps)"),
    (0, b"ADIF", "an AAC stream with one header for all (ADIF)"),
    (0, b"#!AMR", "an AMR sound (.amr)"),
    (0, b".snd", "a Sun sound (.au)"),
    (0, b"caff", "a Core Audio sound (.caf)"),
    (0, b"MAC ", "a Monkey's Audio sound (.ape)"),
    (0, b"wvpk", "a WavPack sound (.wv)"),
    (0, b"MPCK", "a Musepack sound (.mpc)"),
    (0, b"MP+", "a Musepack sound (.mpc)"),
    (0, b"TTA1", "a True Audio sound (.tta)"),
    (0, b"DSD ", "a DSD sound (.dsf)"),
    (0, b"riff\x2e\x91\xcf\x11", "a Sony Wave64 sound (.w64)"),
    (0, b"RIFX", "a big-endian WAV sound"),
    (0, b"MThd", "a MIDI file (.mid), which holds notes, not sound"),
    (0, b"\x0b\x77", "an AC-3 sound (.ac3)"),
    (0, b"\x7f\xfe\x80\x01", "a DTS sound (.dts)"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file (.wma, .wmv)"),
    (0, b".RMF", "a RealMedia file (.rm)"),
    (0, b"FLV\x01", "a Flash film (.flv)"),
    (0, b"\x00\x00\x01\xba", "an MPEG program stream (.mpg, .vob)"),
    (0, b"\x00\x00\x01\xb3", "an MPEG film without a container (.m2v)"),
    (0, b"\x00\x00\x00\x01", "a film without a container (.h264, .h265)"),
    (0, b"PK\x03\x04", "a ZIP archive, or a document in one"),
    (0, b"PK\x05\x06", "a ZIP archive, or a document in one"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
)
_NAMES_OF_RIFF = {
    b"AVI ": "an AVI film (.avi)",
    b"AVIX": "an AVI film (.avi)",
    b"RMID": "a MIDI file (.rmi), which holds notes, not sound",
    b"ACON": "an animated cursor (.ani)",
    b"CDXA": "a film from a Video CD (.dat)",
}
_PAGES = ((b"<svg", "an SVG drawing (.svg)"), (b"<!doctype html", "a web page"), (b"<html", "a web page"))


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognized.

    form:  None if the format is not accepted
    name:  the name of a format that is not accepted, with its article; empty if unknown
    start: the byte at which the medium begins, after tags and garbage
    clean: everything before it consists of tags, which players skip
    """

    form: Form | None
    name: str = ""
    start: int = 0
    clean: bool = True


def form_of(head: bytes) -> Form | None:
    """Return the format of a file that begins with these bytes (at least 16); None if it is not accepted."""
    found = _at_the_beginning(head)
    if found is None and head[:3] == b"ID3":
        return Form.MP3
    return found.form if found else None


def recognise(file: BinaryIO) -> Recognised:
    """Recognize an open file. Reads its first 64 kB, and 64 kB after each tag; the position is undefined afterwards."""
    start = 0
    for _ in range(_MOST_TAGS):
        head = _read(file, start)
        length = tag_length(head)
        if not length:
            break
        start = _behind_zeros(file, start + length)
    found = _at_the_beginning(head)
    if found:
        behind_tags = found.form in {Form.MP3, Form.AAC, Form.FLAC} or found.form is None
        return Recognised(found.form, found.name, start) if behind_tags or not start else Recognised(None)
    return _behind_garbage(head, start)


def _read(file: BinaryIO, start: int) -> bytes:
    file.seek(start)
    return file.read(HEAD)


def _behind_zeros(file: BinaryIO, start: int) -> int:
    """Return where padding after a tag ends that is longer than the tag states."""
    for at in range(start, start + _ZEROS, HEAD):
        part = _read(file, at)
        if rest := part.lstrip(b"\0"):
            return at + len(part) - len(rest)
        if not part:
            break
    return start


def _behind_garbage(head: bytes, start: int) -> Recognised:
    """Look for MPEG audio that begins late in a file not otherwise recognized."""
    at = head.find(b"\xff")
    while at >= 0:
        if layer := chain(head, at, _FRAMES_IN_GARBAGE):
            return Recognised(_form_of_layer(layer), _name_of_layer(layer), start + at, clean=False)
        at = head.find(b"\xff", at + 1)
    return Recognised(None)


def _at_the_beginning(head: bytes) -> Recognised | None:
    """Recognize a format by the beginning of a file; None if it is unknown."""
    form = next((form for offset, mark, form in _MARKS if head[offset : offset + len(mark)] == mark), None)
    if form:
        is_raw = form is Form.TIFF and head[8:10] == b"CR"
        return Recognised(None, "a camera's raw picture (.cr2)") if is_raw else Recognised(form)
    return next((found for found in _candidates(head) if found), None)


def _candidates(head: bytes) -> Iterator[Recognised | None]:
    yield _iff(head)
    yield _box(head)
    yield _matroska(head)
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _LENGTHS_OF_BMP | ({0} if len(head) < 18 else set()):  # noqa: PLR2004
        yield Recognised(Form.BMP)
    if layer := chain(head, 0, _FRAMES):
        yield Recognised(_form_of_layer(layer), _name_of_layer(layer))
    if name := next((name for offset, mark, name in _NAMES if head[offset : offset + len(mark)] == mark), ""):
        yield Recognised(None, name)
    yield _transport(head)
    text = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text[:1] == b"<" and (name := next((name for mark, name in _PAGES if mark in text), "")):
        yield Recognised(None, name)


def _iff(head: bytes) -> Recognised | None:
    """Recognize RIFF (and RF64 and BW64, with 64-bit lengths) and IFF by the kind at offset 8."""
    kind = head[8:12]
    if head[:4] in {b"RIFF", b"RF64", b"BW64"}:
        form = _KINDS_OF_RIFF.get(kind)
        return Recognised(form, "" if form else _NAMES_OF_RIFF.get(kind, "another kind of RIFF file"))
    if head[:4] == b"FORM":
        return Recognised(_KINDS_OF_FORM.get(kind), "" if kind in _KINDS_OF_FORM else "another kind of IFF file")
    return None


def _box(head: bytes) -> Recognised | None:
    """Recognize MP4 and related formats by the brands they name."""
    if head[4:8] not in _BOXES:
        return None
    if head[4:8] != b"ftyp":
        return Recognised(Form.MP4)
    length = int.from_bytes(head[:4])
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(length, len(head)), 4))]
    pictures = [_BRANDS[brand] for brand in (brands[0], *brands[1:]) if brand in _BRANDS]
    if brands[0] not in _BRANDS:
        return Recognised(Form.MP4)
    precise = [name for name in pictures if "HEIF" not in name]
    return Recognised(None, (precise or pictures)[0])


def _matroska(head: bytes) -> Recognised | None:
    """Recognize Matroska and WebM among EBML files; if the head is too short to tell, assume so."""
    if head[:4] != b"\x1a\x45\xdf\xa3":
        return None
    at = head.find(b"\x42\x82", 4, 256)
    kind = head[at + 3 : at + 3 + (head[at + 2] & 0x7F)] if 0 <= at < len(head) - 2 else b"webm"
    is_film = kind.rstrip(b"\0") in {b"webm", b"matroska"}
    return Recognised(Form.MATROSKA) if is_film else Recognised(None, "another kind of EBML file")


def _transport(head: bytes) -> Recognised | None:
    for first, step in ((0, _PACKET), (4, _PACKET_WITH_TIME)):
        if len(head) > first + 2 * step and {head[first + packet * step] for packet in range(3)} == {0x47}:
            return Recognised(None, "an MPEG transport stream (.ts, .m2ts)")
    return None


def _form_of_layer(layer: MpegLayer) -> Form | None:
    return {LOAS: None, MpegLayer.ADTS: Form.AAC}.get(layer, Form.MP3)


def _name_of_layer(layer: MpegLayer) -> str:
    return "an AAC stream in LOAS frames (LATM)" if layer is LOAS else ""
