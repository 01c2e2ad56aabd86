"""Correct the headers of WAV files whose lengths are wrong, unknown or 64-bit. Nothing is decoded.

A program that streams a WAV does not know its length and writes 0 or 0xFFFFFFFF; editors believe that, and show hours.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lecture_assets.intake.unfit import UnfitMediumError

_PLAIN = {1: "PCM", 3: "float", 6: "A-law", 7: "µ-law"}
_EXTENSIBLE = 0xFFFE
_UNKNOWN = frozenset({0, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000})
"""Lengths that mean "until the end"."""
_CHUNK = 1 << 20
_MOST_CHUNKS = 10_000
_FORMAT = struct.Struct("<HHIIHH")


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A chunk.

    start: where its bytes begin
    says:  how many it claims to have
    """

    name: bytes
    start: int
    says: int


@dataclass(frozen=True, slots=True)
class _Format:
    """The `fmt ` chunk, with its derived fields corrected. more: its bytes after the first 16."""

    tag: int
    channels: int
    rate: int
    bits: int
    more: bytes

    @property
    def frame(self) -> int:
        """Bytes of one sample of all channels."""
        return self.channels * ((self.bits + 7) // 8)

    def packed(self) -> bytes:
        """Encode the chunk."""
        return _FORMAT.pack(self.tag, self.channels, self.rate, self.rate * self.frame, self.frame, self.bits) + self.more


def with_true_header(path: Path, folder: Path) -> Path | None:
    """Return the file itself if its header is right, else a corrected copy in `folder`; None if its samples are compressed.

    UnfitMediumError if it holds no samples, or describes them in an impossible way.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(4)
        says = int.from_bytes(file.read(4), "little")
        chunks = list(_chunks(file, size))
        given = _given_format(file, chunks)
        if given is None:
            return None
        form, is_true = given
        data = next((chunk for chunk in chunks if chunk.name == b"data"), None)
        length = _length(file, data, size) if data else 0
        if data is None or length < form.frame:
            found = "a WAV without a single sample"
            raise UnfitMediumError(found)
        last = chunks[-1]
        ends = last.start + last.says
        whole = ends + (ends & 1) == size or ends == size
        if is_true and whole and says == size - 8 and data.says == length and length % form.frame == 0:
            return path
        return _written(file, form, data.start, length - length % form.frame, folder / "sound.wav")


def _chunks(file: BinaryIO, size: int) -> Iterator[_Chunk]:
    """Yield every chunk that fits the file; one that claims to go beyond the end is the last."""
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:  # noqa: PLR2004 - a name and a length
            return
        chunk = _Chunk(head[:4], at + 8, int.from_bytes(head[4:], "little"))
        yield chunk
        if chunk.start + chunk.says > size or (chunk.name == b"data" and chunk.says in _UNKNOWN):
            return
        at = chunk.start + chunk.says + (chunk.says & 1)


def _given_format(file: BinaryIO, chunks: list[_Chunk]) -> tuple[_Format, bool] | None:
    """Return the format, and whether the header's own arithmetic is right; None if the samples are compressed."""
    chunk = next((chunk for chunk in chunks if chunk.name == b"fmt "), None)
    if chunk is None or not 16 <= chunk.says <= 1024:  # noqa: PLR2004 - what all have, and more than any has
        found = "a WAV that does not state its sample format"
        raise UnfitMediumError(found)
    file.seek(chunk.start)
    written = file.read(chunk.says)
    tag, channels, rate, _, _, bits = _FORMAT.unpack_from(written.ljust(16, b"\0"))
    form = _Format(tag, channels, rate, bits, written[16:])
    kind = int.from_bytes(written[24:26], "little") if tag == _EXTENSIBLE else tag
    if kind not in _PLAIN:
        return None
    if not (channels and rate and bits):
        found = f"a WAV with {channels} channels, {rate} samples per second and {bits} bits"
        raise UnfitMediumError(found)
    return form, form.frame <= 0xFFFF and rate * form.frame <= 0xFFFFFFFF and written == form.packed()  # noqa: PLR2004


def _length(file: BinaryIO, data: _Chunk, size: int) -> int:
    """Bytes of samples: as the chunk claims, if that is possible; for RF64 as `ds64` claims; else everything to the end."""
    rest = size - data.start
    file.seek(0)
    if file.read(4) in {b"RF64", b"BW64"}:
        file.seek(12)
        head = file.read(32)
        wide = int.from_bytes(head[16:24], "little") if head[:4] == b"ds64" else 0
        return wide if 0 < wide <= rest else rest
    return rest if data.says in _UNKNOWN or data.says > rest else data.says


def _written(file: BinaryIO, form: _Format, start: int, length: int, target: Path) -> Path:
    try:
        head = form.packed()
    except struct.error:
        found = f"a WAV with {form.channels:,} channels and {form.rate:,} samples per second"
        raise UnfitMediumError(found) from None
    padding = length & 1
    whole = 4 + 8 + len(head) + (len(head) & 1) + 8 + length + padding
    with target.open("wb") as sink:
        sink.write(b"RIFF" + struct.pack("<I", whole) + b"WAVE")
        sink.write(b"fmt " + struct.pack("<I", len(head)) + head + bytes(len(head) & 1))
        sink.write(b"data" + struct.pack("<I", length))
        file.seek(start)
        while length and (part := file.read(min(_CHUNK, length))):
            sink.write(part)
            length -= len(part)
        sink.write(bytes(padding))
    return target
