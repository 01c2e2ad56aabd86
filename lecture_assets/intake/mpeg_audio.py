"""Recognize MPEG audio by its frames: MP3, MP2, MP1, AAC in ADTS and in LOAS; and ID3v2 tags before them. Nothing is decoded.

All begin with ones; the two layer bits distinguish them (ISO/IEC 11172-3, 2.4.2.3; ISO/IEC 14496-3, 1.A.2 and 1.7.2): 00 is
ADTS. One header may be a coincidence; a second one where the first frame ends is not.
"""

from enum import Enum


class MpegLayer(Enum):
    """What a frame belongs to. The values of the first four are the layer bits."""

    ADTS = 0
    III = 1
    II = 2
    I = 3  # noqa: E741 - its official name
    LOAS = 4


LOAS = MpegLayer.LOAS
_KBITS = {
    (True, MpegLayer.I): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, MpegLayer.II): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, MpegLayer.III): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, MpegLayer.I): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, MpegLayer.II): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, MpegLayer.III): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By MPEG-1 (or 2, 2.5) and layer (ISO/IEC 11172-3 and 13818-3, table of bit_rate_index). 0 is the free format: no length."""
_RATES = (44_100, 48_000, 32_000)
_LOWER = {3: 1, 2: 2, 0: 4}
"""By version bits: divisor of the sampling rates (MPEG-1, 2, 2.5)."""
_RATES_OF_AAC = 13
_ID3_HEAD = 10
_FOOTER = 0x10


def chain(head: bytes, at: int, frames: int) -> MpegLayer | None:
    """Return the layer of this many consecutive frames at a position, or of fewer where the head ends; None if there are none."""
    first = frame = _frame(head, at)
    for _ in range(frames):
        if frame is None or first is None or frame[0] is not first[0]:
            return None
        at += frame[1]
        if at + 6 > len(head):
            return first[0]
        frame = _frame(head, at)
    return first[0] if first else None


def _frame(head: bytes, at: int) -> tuple[MpegLayer, int] | None:
    """Return the layer of the frame at a position and its length in bytes."""
    part = head[at : at + 6]
    if len(part) < 6:  # noqa: PLR2004 - length of the shortest header
        return None
    if part[0] == 0x56 and part[1] & 0xE0 == 0xE0:  # noqa: PLR2004 - eleven bits: 0x2B7
        length = ((part[1] & 0x1F) << 8 | part[2]) + 3
        return (LOAS, length) if length > 3 else None  # noqa: PLR2004
    if part[0] != 0xFF or part[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - eleven ones
        return None
    layer = MpegLayer(part[1] >> 1 & 3)
    length = _adts_length(part) if layer is MpegLayer.ADTS else _layer_length(part, layer)
    return (layer, length) if length else None


def _adts_length(part: bytes) -> int:
    length = (part[3] & 3) << 11 | part[4] << 3 | part[5] >> 5
    is_one = part[1] & 0x10 and (part[2] >> 2 & 0xF) < _RATES_OF_AAC and length > 7  # noqa: PLR2004 - bytes of its header
    return length if is_one else 0


def _layer_length(part: bytes, layer: MpegLayer) -> int:
    version, rate, kbits = part[1] >> 3 & 3, part[2] >> 2 & 3, part[2] >> 4
    if version not in _LOWER or rate == 3 or kbits in {0, 15}:  # noqa: PLR2004 - reserved values, and the free format
        return 0
    bits = _KBITS[version == 3, layer][kbits] * 1000  # noqa: PLR2004
    hertz, padding = _RATES[rate] // _LOWER[version], part[2] >> 1 & 1
    if layer is MpegLayer.I:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer is MpegLayer.III and version != 3 else 144) * bits // hertz + padding  # noqa: PLR2004


def tag_length(head: bytes) -> int:
    """Return the length of the ID3v2 tag (2.2, 2.3, 2.4) at the beginning, with header and footer; 0 if there is none."""
    size = head[6:_ID3_HEAD]
    if head[:3] != b"ID3" or len(size) < 4 or any(byte > 0x7F for byte in size):  # noqa: PLR2004 - seven bits per byte
        return 0
    inside = size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]
    return _ID3_HEAD + inside + (_ID3_HEAD if head[5] & _FOOTER and head[3] >= 4 else 0)  # noqa: PLR2004 - only 2.4 has one
