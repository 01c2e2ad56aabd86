"""What an MP4 file says of itself: title, description, language and chapters. Sound and pictures are written elsewhere.

describe          before the first packet: title, description, chapters
tag_language      before the first packet: the language of a stream
tag_chapter_track once the file is written: FFmpeg (7.1) has no option for this track's language and writes English
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av

from lecture_assets.render.language_code import language_code
from lecture_assets.timeline.chapter import chapters_of

_LETTER_BITS, _BEFORE_A = 5, 0x60
"""A language is three letters of five bits each, counted from the sign before `a` (ISO 14496-12, mdhd)."""
_CONTAINERS = (b"moov", b"trak", b"mdia")
_CHAPTERS = b"text"
"""The handler of a QuickTime text track; captions are of `sbtl`."""
_HEADER = 8
_LONG_HEADER = 16
_TIMES = {0: 16, 1: 28}
"""By the version of an `mdhd` box: bytes of creation time, modification time, timescale and duration, before the language."""


def describe(container: av.container.OutputContainer, timeline: Mapping[str, Any]) -> None:
    """Set title, description and chapters."""
    container.metadata["title"] = timeline["title"].get("text", "")
    if description := timeline.get("description"):
        container.metadata["description"] = container.metadata["comment"] = description
    base = Fraction(1, timeline["fps"])
    container.set_chapters(
        [
            {
                "id": number,
                "start": chapter.start_frame,
                "end": chapter.start_frame + chapter.duration_in_frames,
                "time_base": base,
                "metadata": {"title": chapter.name},
            }
            for number, chapter in enumerate(chapters_of(timeline))
        ]
    )


def tag_language(stream: Any, timeline: Mapping[str, Any]) -> None:
    """Set the language of a stream of the output, in ISO 639-2; `und` if the timeline has none."""
    stream.metadata["language"] = language_code(timeline.get("language", ""))


def tag_chapter_track(path: Path, timeline: Mapping[str, Any]) -> None:
    """Set the language of the track with the names of the chapters in a complete file, in place."""
    code = language_code(timeline.get("language", ""))
    packed = 0
    for letter in code.encode("ascii"):
        packed = packed << _LETTER_BITS | (letter - _BEFORE_A)
    with path.open("r+b") as file:
        for place in list(_chapter_languages(file)):
            file.seek(place)
            file.write(packed.to_bytes(2, "big"))


def _chapter_languages(file: BinaryIO) -> Iterator[int]:
    """Yield where the file has the language of each chapter track."""
    language = 0
    for kind, start in _boxes(file, 0, file.seek(0, 2)):
        if kind == b"mdhd":
            file.seek(start)
            language = start + 4 + _TIMES[file.read(1)[0]]
        elif kind == b"hdlr":  # of the same track: it comes after mdhd
            file.seek(start + 8)
            if file.read(4) == _CHAPTERS:
                yield language


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int]]:
    """Yield the kind of each box and where its content starts, those within `moov`, `trak` and `mdia` too."""
    while start + _HEADER <= end:
        file.seek(start)
        size, kind = int.from_bytes(file.read(4), "big"), file.read(4)
        header = _LONG_HEADER if size == 1 else _HEADER
        size = int.from_bytes(file.read(8), "big") if size == 1 else size or end - start
        if kind in _CONTAINERS:
            yield from _boxes(file, start + header, start + size)
        else:
            yield kind, start + header
        start += max(size, header)
