"""A contact sheet: a lecture on one picture, with a frame of each segment, its number and time; of one segment, its pictures.

A frame is drawn at the size at which it is shown, without captions, in the middle of its layer, where no other fades in.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from lecture_assets.languages import DEFAULT_LANGUAGE
from lecture_assets.render.font import ended
from lecture_assets.render.layer import open_layer
from lecture_assets.render.letters import check_letters
from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.plane import picture_of
from lecture_assets.render.typeface import Typeface, Weight
from lecture_assets.timeline.written import text_of

_WIDTH, _WIDTH_ALONE = 540, 440
"""Pixels of a lecture's sheet, and of a segment's: what a partition's page has for it in Dagster's UI, in a window 1,280 wide."""
_COLUMNS = ((2, 2), (12, 3), (99, 4))
"""How many frames of 16:9 are side by side, for so many frames at most. Frames of other shapes have the same area."""
_GAP, _QUALITY = 16, 85
_GROUND, _INK, _QUIET = (24, 28, 38), (236, 240, 247), (160, 170, 190)
_LETTERS, _LINE = 15, 22
"""The height of letters and of a line, in pixels."""
_TITLE_LETTERS, _TITLE_LINE = 20, 34
_CLIP_FRAMES = 3
"""The frames of a clip on the sheet of one segment."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A frame of the sheet: of a layer, at its frame `at`. facts: `1`, `0:00`, …; words: what is said from then on."""

    layer: Mapping[str, Any]
    at: int
    facts: tuple[str, ...]
    words: str


def contact_sheet(timeline: Mapping[str, Any], open_media: OpenMedia) -> bytes:
    """Return the sheet of a timeline as JPEG. WrongInputError for a medium that cannot be read, or a letter without a font.

    open_media: returns a file for each SHA-256
    """
    check_letters(timeline)
    segments = timeline["segments"]
    cells = list(_pictures(segments[0], timeline["fps"])) if len(segments) == 1 else [_cell(s, timeline["fps"]) for s in segments]
    sheet = _Sheet(timeline, len(cells))
    for number, cell in enumerate(cells):
        sheet.draw(number, cell, _frame(cell, sheet.frame, open_media))
    out = io.BytesIO()
    sheet.picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _cell(segment: Mapping[str, Any], fps: int) -> _Cell:
    """Return the cell of a segment: its first picture, with the segment's number, start and slot."""
    layer = segment["layers"][0]
    facts = (str(segment["position"] + 1), _clock(segment["start_frame"], fps), segment["slot"])
    return _Cell(layer, _shown(layer, fps) // 2, facts, _words(segment, 0, fps))


def _pictures(segment: Mapping[str, Any], fps: int) -> Iterator[_Cell]:
    """Yield the cells of a segment's layers: one of a picture, several of a clip."""
    for number, layer in enumerate(_distinct(segment["layers"]), 1):
        frames = _CLIP_FRAMES if layer["type"] == "video" else 1
        for part in range(frames):
            at = _shown(layer, fps) * (2 * part + 1) // (2 * frames)
            frame = layer["start_frame"] + (at if part else 0)
            yield _Cell(layer, at, (str(number), _clock(frame, fps)), _words(segment, frame, fps))


def _distinct(layers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the first view of each picture, and of a clip its moving part."""
    shown = {layer.get("image", number): layer for number, layer in reversed(list(enumerate(layers)))}
    return [layer for _, layer in sorted(shown.items()) if layer.get("playback_rate_permille") != 0]


def _words(segment: Mapping[str, Any], frame: int, fps: int) -> str:
    """Return the caption lines of a segment that end after a frame."""
    lines = (caption["words"] for caption in segment["captions"] if caption["end_ms"] * fps > frame * 1000)
    return text_of([word for words in lines for word in words])


def _shown(layer: Mapping[str, Any], fps: int) -> int:
    """Return for how many frames something new is shown: a clip may end before its layer does."""
    frames: int = layer["duration_in_frames"]
    if layer["type"] != "video":
        return frames
    source_ms, rate = layer["source_duration_ms"], layer.get("playback_rate_permille") or 1000
    return min(frames, int(source_ms * fps // rate))


def _clock(frame: int, fps: int) -> str:
    seconds = frame // fps
    return f"{seconds // 60}:{seconds % 60:02}"


def _frame(cell: _Cell, size: tuple[int, int], open_media: OpenMedia) -> Image.Image:
    with closing(open_layer(cell.layer, size, open_media)) as layer:
        return picture_of(layer.at(cell.at))


class _Sheet:
    """The picture: a title, if the timeline has one, and cells in rows."""

    def __init__(self, timeline: Mapping[str, Any], cells: int) -> None:
        """Prepare an empty sheet for so many cells."""
        most_wide = (_WIDTH if len(timeline["segments"]) > 1 else _WIDTH_ALONE) - _GAP
        columns = next((columns for most, columns in _COLUMNS if cells <= most), _COLUMNS[-1][1])
        wide = most_wide // columns - _GAP
        scale = (wide * wide * 9 / 16 / (timeline["width"] * timeline["height"])) ** 0.5
        self.frame = (_even(timeline["width"] * scale), _even(timeline["height"] * scale))
        self._columns = min(cells, most_wide // (self.frame[0] + _GAP))
        self._pitch = (self.frame[0] + _GAP, self.frame[1] + 2 * _LINE + _GAP)
        self._language, self._direction = timeline.get("language", DEFAULT_LANGUAGE), timeline.get("direction", "ltr")
        title = timeline["title"].get("text", "")
        self._top = _GAP + (_TITLE_LINE if title else 0)
        rows = -(-cells // self._columns)
        size = (_GAP + self._columns * self._pitch[0], self._top + rows * self._pitch[1])
        self.picture = Image.new("RGB", size, _GROUND)
        self._pen = ImageDraw.Draw(self.picture)
        if title:
            length = _clock(timeline["duration_in_frames"] + timeline["fps"] // 2, timeline["fps"])
            self._write((_GAP, _GAP - 4), size[0] - 2 * _GAP, (title, length), _TITLE_LETTERS)

    def draw(self, number: int, cell: _Cell, frame: Image.Image) -> None:
        """Draw a cell in its place."""
        row, column = divmod(number, self._columns)
        x, y = _GAP + column * self._pitch[0], self._top + row * self._pitch[1]
        self.picture.paste(frame, (x, y))
        below = y + self.frame[1] + 4
        self._write((x, below), self.frame[0], cell.facts, _LETTERS)
        self._write((x, below + _LINE), self.frame[0], ("", cell.words), _LETTERS)

    def _write(self, place: tuple[int, int], width: int, parts: Sequence[str], size: int) -> None:
        """Write the parts of a line, one after the other, the first one strong; what does not fit is cut off."""
        x, y = place
        end = x + width
        for number, text in enumerate(parts):
            weight: Weight = "regular" if number else "strong"
            colour = _QUIET if number else _INK
            face = Typeface(size, weight, self._language, self._direction)
            line = ended(face.shown(text), face, end - x)
            face.write(self._pen, (x, y), line, colour)
            x += round(face.getlength(line)) + (size if line else 0)


def _even(length: float) -> int:
    """The nearest even number below: planes of colour are half as large."""
    return 2 * int(length / 2 + 1e-6)
