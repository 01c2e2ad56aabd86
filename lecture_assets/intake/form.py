"""What a file is, by its first bytes. Its name says nothing, and no library is let guess: some forms name other files."""

from enum import StrEnum


class Form(StrEnum):
    """The forms that are taken in; the values are what Pillow and FFmpeg call them."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    WAV = "wav"
    MP3 = "mp3"
    OGG = "ogg"
    FLAC = "flac"
    AIFF = "aiff"
    MP4 = "mov"
    MATROSKA = "matroska"


PICTURES = frozenset({Form.PNG, Form.JPEG, Form.WEBP, Form.GIF, Form.BMP, Form.TIFF})
SOUNDS = frozenset({Form.WAV, Form.MP3, Form.OGG, Form.FLAC, Form.AIFF, Form.MP4, Form.MATROSKA})
CLIPS = frozenset({Form.MP4, Form.MATROSKA})
HEAD = 16
"""Bytes that are needed to tell."""

_BEGINNINGS = (
    (0, b"\x89PNG\r\n\x1a\n", Form.PNG),
    (0, b"\xff\xd8\xff", Form.JPEG),
    (8, b"WEBP", Form.WEBP),
    (0, b"GIF87a", Form.GIF),
    (0, b"GIF89a", Form.GIF),
    (0, b"BM", Form.BMP),
    (0, b"II*\x00", Form.TIFF),
    (0, b"MM\x00*", Form.TIFF),
    (8, b"WAVE", Form.WAV),
    (0, b"ID3", Form.MP3),
    (0, b"OggS", Form.OGG),
    (0, b"fLaC", Form.FLAC),
    (8, b"AIFF", Form.AIFF),
    (8, b"AIFC", Form.AIFF),
    (4, b"ftyp", Form.MP4),
    (0, b"\x1a\x45\xdf\xa3", Form.MATROSKA),
)
_MP3_SYNC = (0xFF, 0xE0)


def form_of(head: bytes) -> Form | None:
    """The form of a file that begins so; None where it is none that is taken in."""
    for offset, mark, form in _BEGINNINGS:
        if head[offset : offset + len(mark)] == mark:
            return form
    is_mp3 = len(head) > 1 and head[0] == _MP3_SYNC[0] and head[1] & _MP3_SYNC[1] == _MP3_SYNC[1]
    return Form.MP3 if is_mp3 else None
