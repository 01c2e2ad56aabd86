"""Refuse a sound or clip that ends before its container says it does: a recording, download or copy that was broken off.

    RIFF, FORM ─ chunks ─┐
    MP4 ─ boxes          ├─► bytes that the file says it has, and where it really ends
    Matroska ─ elements  │
    Ogg ─ pages          ┘   (and the last page of each stream)
    MP3, FLAC ─ frames, samples ─► `stated_seconds`, compared with what was decoded

Only what is beyond doubt is refused. A program that streams does not know the length: 0, all ones and the like say nothing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lecture_assets.intake.form import Form, Recognised
from lecture_assets.intake.unfit import UnfitMediumError

_UNKNOWN_FROM = 0x7FFF0000
"""Lengths of RIFF and FORM from here on are what streaming programs write: 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, some less."""
_MOST = 200_000
"""Chunks, boxes, elements or pages that are looked at."""
_BOXES = frozenset(
    name.encode()
    for name in "ftyp moov mdat moof mfra sidx styp free skip wide pnot uuid meta".split()  # noqa: SIM905
)
"""What an MP4 consists of; anything else is garbage behind it."""
_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_LAST_PAGE = 4
_SHORTER_S = 0.15
"""How much less may be decoded than was stated: encoders round to frames, and count their padding."""


def check_whole(path: Path, found: Recognised) -> None:
    """UnfitMediumError if the file is shorter than its container says."""
    size = path.stat().st_size
    with path.open("rb") as file:
        match found.form:
            case Form.WAV:
                end = _riff_end(file, size)
            case Form.AIFF:
                end = _iff_end(file, size)
            case Form.MP4:
                end = _boxes_end(file, size)
            case Form.MATROSKA:
                end = _elements_end(file, size)
            case Form.OGG:
                end = _pages_end(file, size)
            case _:
                return
    if end > size:
        _refuse(f"{size:,} of {end:,} bytes")


def check_length(stated_s: float | None, decoded_s: float) -> None:
    """UnfitMediumError if less was decoded than the file states."""
    if stated_s is not None and decoded_s < stated_s - _SHORTER_S:
        _refuse(f"{decoded_s:.1f} of {stated_s:.1f} seconds")


def stated_seconds(path: Path, found: Recognised) -> float | None:
    """Return how long an MP3 or FLAC says it is: by its first frame's count of frames, or its samples; None if it does not."""
    with path.open("rb") as file:
        file.seek(found.start)
        head = file.read(4_096)
    return _flac_seconds(head) if found.form is Form.FLAC else _mp3_seconds(head) if found.form is Form.MP3 else None


def _refuse(part: str) -> None:
    message = f"a file that ends too early: it holds {part} that it says it has"
    raise UnfitMediumError(message)


def _riff_end(file: BinaryIO, size: int) -> int:
    """Return where the samples end, by their chunk; of RF64 and BW64 by `ds64`."""
    file.seek(0)
    head = file.read(40)
    if head[:4] in {b"RF64", b"BW64"}:
        wide = int.from_bytes(head[28:36], "little") if head[12:16] == b"ds64" else 0
        return next((start + wide for name, start, _ in _chunks(file, size, "little") if name == b"data"), 0)
    return _data_end(file, size, b"data", "little")


def _iff_end(file: BinaryIO, size: int) -> int:
    return _data_end(file, size, b"SSND", "big")


def _data_end(file: BinaryIO, size: int, data: bytes, order: str) -> int:
    for name, start, says in _chunks(file, size, order):
        if name == data or start + says > size:
            return start + says if 0 < says < _UNKNOWN_FROM and name == data else 0
    return 0


def _chunks(file: BinaryIO, size: int, order: str) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and stated length of every chunk."""
    at = 12
    for _ in range(_MOST):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or at >= size:  # noqa: PLR2004 - a name and a length
            return
        says = int.from_bytes(head[4:], "little" if order == "little" else "big")
        yield head[:4], at + 8, says
        at += 8 + says + (says & 1)


def _boxes_end(file: BinaryIO, size: int) -> int:
    """Return where the last box ends; one of length 0 goes to the end of the file."""
    at = 0
    for _ in range(_MOST):
        file.seek(at)
        head = file.read(16)
        if head[4:8] not in _BOXES:
            break
        says = int.from_bytes(head[:4])
        says = int.from_bytes(head[8:]) if says == 1 and len(head) == 16 else says  # noqa: PLR2004 - a length of 64 bits
        if says < 8:  # noqa: PLR2004 - to the end, or no box
            break
        at += says
        if at >= size:
            return at
    return 0


def _elements_end(file: BinaryIO, size: int) -> int:
    """Return where the segment ends, or of one of unknown length its last cluster."""
    at = 0
    for _ in range(_MOST):
        file.seek(at)
        head = file.read(12)
        name, used = _number(head, keep=True)
        says, more = _number(head[used:], keep=False)
        if not used or not more:
            return 0
        start = at + used + more
        is_unknown = says == (1 << 7 * more) - 1
        if name in {_SEGMENT, _CLUSTER} and is_unknown:
            at = start
            continue
        if is_unknown or start + says > size:
            return 0 if is_unknown else start + says
        at = start + says
    return 0


def _number(head: bytes, *, keep: bool) -> tuple[int, int]:
    """Read a number of EBML, and how many bytes it has; 0 bytes if there is none. keep: with the bit that tells its length."""
    if not head or not head[0]:
        return 0, 0
    length = 9 - head[0].bit_length()
    if len(head) < length:
        return 0, 0
    value = int.from_bytes(head[:length])
    return (value if keep else value & ((1 << 7 * length) - 1)), length


def _pages_end(file: BinaryIO, size: int) -> int:
    """Return where the last page ends. UnfitMediumError if a stream has no last page, which each must have (RFC 3533, 6)."""
    at, is_open = 0, dict[bytes, bool]()
    for _ in range(_MOST):
        file.seek(at)
        head = file.read(27)
        if len(head) < 27 or head[:4] != b"OggS":  # noqa: PLR2004 - the fixed part of a page's head
            break
        lengths = file.read(head[26])
        end = at + 27 + head[26] + sum(lengths)
        if len(lengths) < head[26] or end > size:
            return max(end, size + 1)
        is_open[head[14:18]] = not head[5] & _LAST_PAGE
        at = end
    else:
        return 0
    if 0 < size - at < 27 or (at < size and _begins_page(file, at)):  # noqa: PLR2004
        return at + 27
    if any(is_open.values()):
        message = "a file that ends too early: its last page, which every Ogg stream has, is missing"
        raise UnfitMediumError(message)
    return at


def _begins_page(file: BinaryIO, at: int) -> bool:
    file.seek(at)
    return b"OggS".startswith(file.read(4))


def _flac_seconds(head: bytes) -> float | None:
    """Read STREAMINFO (RFC 9639, 8.2): rate in 20 bits, then channels and bits in 8, then samples in 36; 0 is unknown."""
    place = head.find(b"fLaC")
    info = head[place + 8 : place + 42]
    if place < 0 or len(info) < 18:  # noqa: PLR2004 - up to the samples
        return None
    rate = int.from_bytes(info[10:13]) >> 4
    samples = int.from_bytes(info[13:18]) & ((1 << 36) - 1)
    return samples / rate if rate and samples else None


def _mp3_seconds(head: bytes) -> float | None:
    """Read how many frames follow the first one, which is a `Xing`, `Info` or `VBRI` head."""
    if len(head) < 4 or head[0] != 0xFF:  # noqa: PLR2004
        return None
    version, rate_bits = head[1] >> 3 & 3, head[2] >> 2 & 3
    if version == 1 or rate_bits == 3:  # noqa: PLR2004 - reserved
        return None
    is_first = version == 3  # noqa: PLR2004 - MPEG-1
    rate = (44_100, 48_000, 32_000)[rate_bits] // {3: 1, 2: 2, 0: 4}[version]
    is_mono = head[3] >> 6 == 3  # noqa: PLR2004
    side = (17 if is_mono else 32) if is_first else (9 if is_mono else 17)
    mark = head[4 + side : 8 + side]
    frames = 0
    if mark in {b"Xing", b"Info"} and head[11 + side] & 1:
        frames = int.from_bytes(head[12 + side : 16 + side])
    elif head[36:40] == b"VBRI":
        frames = int.from_bytes(head[50:54])
    return frames * (1152 if is_first else 576) / rate if frames else None
