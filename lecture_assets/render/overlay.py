"""What is drawn over the pictures: captions with the current word marked, the title, and a note where speech is missing.

Only the timeline's words and times matter here, not the frames underneath.
"""

from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from lecture_assets.render.font import fitted
from lecture_assets.render.plane import Overlay, overlay_of
from lecture_assets.timeline.assemble import CAPTION_STYLE

_WHITE, _AMBER, _QUIET = (250, 250, 248), (255, 205, 92), (205, 210, 220)
_PLATE = (14, 17, 24, 176)
_SCRIM = (10, 13, 20, 170)
"""Behind the title: dark enough for white letters on any picture, transparent enough to show it."""
_FADE_IN, _FADE_OUT = 9, 18
_CAPTION_SHARES = {"small": 24, "medium": 19, "large": 15}
"""The size of captions is this fraction of the frame's shorter side: 38 pixels for medium ones at 720p, readable on a phone."""
_SIDE_MARGIN, _FOOT, _FOOT_UPRIGHT = 7, 6, 14
"""Margins in percent: of the width on each side, of the height below; in portrait, players put their buttons at the bottom."""


class Overlays:
    """The overlays of a lecture, frame by frame."""

    def __init__(self, timeline: Mapping[str, Any]) -> None:
        """Index captions by their start; nothing is drawn yet."""
        self._size = (timeline["width"], timeline["height"])
        self._fps = timeline["fps"]
        self._style = timeline.get("caption_style", CAPTION_STYLE)
        burned = timeline["segments"] if self._style["display"] == "burned" else []
        self._captions = [caption for segment in burned for caption in segment["captions"]]
        self._starts = [caption["start_ms"] for caption in self._captions]
        self._silent = [s["narration"] for s in timeline["segments"] if s["narration"]["type"] == "missing"]
        self._title = timeline["title"]
        self._caption_drawing = lru_cache(maxsize=4)(self._draw_caption)
        self._title_drawing = lru_cache(maxsize=1)(self._draw_title)
        self._note_drawing = lru_cache(maxsize=1)(self._draw_note)

    def at(self, frame: int) -> list[Overlay]:
        """The overlays of a frame, lowest first."""
        return [*self._title_at(frame), *self._caption_at(frame), *self._note_at(frame)]

    def _title_at(self, frame: int) -> list[Overlay]:
        since = frame - self._title["start_frame"]
        left = self._title["duration_in_frames"] - since
        if self._title["type"] == "missing" or left <= 0:
            return []
        share = min(1.0, (since + 1) / _FADE_IN, left / _FADE_OUT)
        return [self._title_drawing().faded(share)]

    def _caption_at(self, frame: int) -> list[Overlay]:
        now_ms = (2 * frame + 1) * 500 // self._fps  # the middle of the frame
        i = bisect_right(self._starts, now_ms) - 1
        if i < 0 or now_ms >= self._captions[i]["end_ms"]:
            return []
        word = bisect_right([word["start_ms"] for word in self._captions[i]["words"]], now_ms) - 1
        return [self._caption_drawing(i, word)]

    def _note_at(self, frame: int) -> list[Overlay]:
        for speech in self._silent:
            if 0 <= frame - speech["start_frame"] < speech["duration_in_frames"]:
                return [self._note_drawing(f"No narration: {speech['reason']}")]
        return []

    def _draw_caption(self, i: int, current: int) -> Overlay:
        words = [word["text"] for word in self._captions[i]["words"]]
        size = min(self._size) // _CAPTION_SHARES[self._style["size"]]
        font, lines = fitted(" ".join(words), size, "strong", self._plate_width(), 3)
        return self._plate(font, lines, current, self._style["place"])

    def _draw_note(self, text: str) -> Overlay:
        font, lines = fitted(text, min(self._size) // 26, "regular", self._plate_width(), 5)
        return self._plate(font, lines, None)

    def _plate_width(self) -> int:
        width: int = self._size[0] * (100 - 2 * _SIDE_MARGIN) // 100 - min(self._size) // 16
        return width

    def _plate(self, font: ImageFont.FreeTypeFont, lines: list[str], current: int | None, place: str = "bottom") -> Overlay:
        """Draw lines on a dark plate at the bottom or the top of the frame.

        current: number of the marked word; -1 for none yet; None for a note in a quiet colour
        """
        row, pad = round(font.size * 1.32), round(font.size * 0.5)
        width = _even(max(font.getlength(line) for line in lines) + 2 * pad + font.size * 0.3)
        height = _even(row * len(lines) + pad)
        drawing = Image.new("RGBA", (width, height), (*_PLATE[:3], 0))
        draw = ImageDraw.Draw(drawing)
        draw.rounded_rectangle((0, 0, width - 1, height - 1), round(font.size * 0.42), _PLATE)
        first = 0
        for number, line in enumerate(lines):
            y = pad // 2 + number * row + row // 2
            _draw_words(draw, line, font, (width / 2, y), None if current is None else current - first)
            first += len(line.split())
        foot = _FOOT_UPRIGHT if self._size[1] > self._size[0] else _FOOT
        y = self._size[1] * (100 - foot) // 100 - height if place == "bottom" else self._size[1] * foot // 100
        return overlay_of(drawing, _even((self._size[0] - width) / 2), _even(y))

    def _draw_title(self) -> Overlay:
        width, height = self._size
        drawing = Image.new("RGBA", self._size, _SCRIM)
        draw = ImageDraw.Draw(drawing)
        font, lines = fitted(self._title["text"], min(self._size) // 10, "heavy", width * 8 // 10, 4)
        row = round(font.size * 1.22)
        y = height * 46 // 100 - row * len(lines) // 2
        for line in lines:
            draw.text((width / 2, y), line, (*_WHITE, 255), font, anchor="ma")
            y += row
        bar = min(self._size) // 9
        y += round(font.size * 0.35)
        draw.rounded_rectangle((width / 2 - bar / 2, y, width / 2 + bar / 2, y + max(4, height // 160)), 3, (*_AMBER, 255))
        return overlay_of(drawing, 0, 0)


def _draw_words(
    draw: ImageDraw.ImageDraw, line: str, font: ImageFont.FreeTypeFont, middle: tuple[float, float], current: int | None
) -> None:
    """Draw a line's words around its middle, number `current` in amber. Positions follow from the whole line: no word moves."""
    words = line.split()
    ends = [0.0, *(font.getlength(" ".join(words[: i + 1])) for i in range(len(words)))]
    left = middle[0] - ends[-1] / 2
    for i, (word, (_, end)) in enumerate(zip(words, pairwise(ends), strict=True)):
        colour = _QUIET if current is None else _AMBER if i == current else _WHITE
        draw.text((left + end - font.getlength(word), middle[1]), word, (*colour, 255), font, anchor="lm")


def _even(value: float) -> int:
    """Round down to an even number: colour planes have half the size."""
    return int(value) // 2 * 2
