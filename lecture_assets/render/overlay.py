"""What is drawn over the pictures: captions with the current word marked, the title, and a note where speech is missing.

Only the timeline's words and times matter here, not the frames underneath.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw

from lecture_assets.graph.blank import is_blank
from lecture_assets.languages import DEFAULT_LANGUAGE
from lecture_assets.render.font import Room, fitted, fitted_words, line_of
from lecture_assets.render.plane import Overlay, overlay_of
from lecture_assets.render.typeface import Typeface, Weight
from lecture_assets.timeline.assemble import CAPTION_STYLE
from lecture_assets.timeline.written import SOFT_HYPHEN, spaced

_WHITE, _AMBER, _QUIET = (250, 250, 248), (255, 205, 92), (205, 210, 220)
_PLATE = (14, 17, 24, 176)
_SCRIM = (10, 13, 20, 170)
"""Behind the title: dark enough for white letters on any picture, transparent enough to show it."""
_FADE_IN, _FADE_OUT = 9, 18
"""Of a title that does not say them: in timelines of earlier releases."""
_CAPTION_SHARES = {"small": 24, "medium": 19, "large": 15}
"""The size of captions is this fraction of the frame's shorter side: 38 pixels for medium ones at 720p, readable on a phone."""
_TITLE_SHARE, _TITLE_ROW, _TITLE_HEIGHT = 10, 1.22, 50
"""Of titles: their size as such a fraction, a row as a share of the size, and the percentage of the height that lines may take.
Its letters are never smaller than those of small captions."""
_NO_NARRATION = "No narration yet"
"""What a silent segment says at the top of the frame, or at the bottom where captions are at the top."""
_HEAD = 4
"""The margin above that note, in percent of the height."""
_SIDE_MARGIN, _FOOT, _FOOT_UPRIGHT = 7, 6, 14
"""Margins in percent: of the width on each side, of the height below; in portrait, players put their buttons at the bottom."""


class Overlays:
    """The overlays of a lecture, frame by frame."""

    def __init__(self, timeline: Mapping[str, Any]) -> None:
        """Index captions by their start; nothing is drawn yet."""
        self._size = (timeline["width"], timeline["height"])
        self._fps = timeline["fps"]
        self._language = timeline.get("language", DEFAULT_LANGUAGE)
        self._direction = timeline.get("direction", "ltr")
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
        """The overlays of a frame, lowest first. None lies over another: each has its own part of the frame."""
        return [*self._title_at(frame), *self._caption_at(frame), *self._note_at(frame)]

    def _title_at(self, frame: int) -> list[Overlay]:
        since = frame - self._title["start_frame"]
        left = self._title["duration_in_frames"] - since
        if left <= 0 or is_blank(self._shown_title()):
            return []
        fade_in, fade_out = self._title.get("fade_in_frames", _FADE_IN), self._title.get("fade_out_frames", _FADE_OUT)
        share = min(1.0, (since + 1) / max(1, fade_in), left / max(1, fade_out))
        return [self._title_drawing().faded(share)]

    def _shown_title(self) -> str:
        return self._face(_TITLE_SHARE, "heavy").shown(self._title.get("text", ""))

    def _caption_at(self, frame: int) -> list[Overlay]:
        now_ms = (2 * frame + 1) * 500 // self._fps  # the middle of the frame
        i = bisect_right(self._starts, now_ms) - 1
        if i < 0 or now_ms >= self._captions[i]["end_ms"]:
            return []
        word = bisect_right([word["start_ms"] for word in self._captions[i]["words"]], now_ms) - 1
        drawing = self._caption_drawing(i, word)
        return [drawing] if drawing else []

    def _note_at(self, frame: int) -> list[Overlay]:
        for speech in self._silent:
            if 0 <= frame - speech["start_frame"] < speech["duration_in_frames"]:
                return [self._note_drawing()]
        return []

    def _draw_caption(self, i: int, current: int) -> Overlay | None:
        """Draw a caption, if it has more than emoji without a font."""
        face = self._face(_CAPTION_SHARES[self._style["size"]], "strong")
        words = [word.replace(SOFT_HYPHEN, "") for word in face.shown_words(spaced(self._captions[i]["words"]))]
        if is_blank("".join(words)):
            return None
        face, lines = fitted_words(words, face, self._plate_width(), 3)
        return self._plate(face, lines, current, self._style["place"])

    def _draw_note(self) -> Overlay:
        note = self._plate(self._face(26, "regular"), [[_NO_NARRATION]], None)
        return note if self._style["place"] == "top" else replace(note, y=_even(self._size[1] * _HEAD / 100))

    def _face(self, share: int, weight: Weight) -> Typeface:
        """Letters whose size is a fraction of the frame's shorter side."""
        return Typeface(min(self._size) // share, weight, self._language, self._direction)

    def _plate_width(self) -> int:
        width: int = self._size[0] * (100 - 2 * _SIDE_MARGIN) // 100 - min(self._size) // 16
        return width

    def _plate(self, face: Typeface, lines: list[list[str]], current: int | None, place: str = "bottom") -> Overlay:
        """Draw lines on a dark plate at the bottom or the top of the frame.

        lines:   the words of each line, with the spaces between them
        current: number of the marked word; -1 for none yet; None for a note in a quiet colour
        """
        row, pad = face.row(1.32), round(face.size * 0.5)
        width = _even(max(face.getlength(line_of(line)) for line in lines) + 2 * pad + face.size * 0.3)
        height = _even(row * len(lines) + pad)
        drawing = Image.new("RGBA", (width, height), (*_PLATE[:3], 0))
        draw = ImageDraw.Draw(drawing)
        draw.rounded_rectangle((0, 0, width - 1, height - 1), round(face.size * 0.42), _PLATE)
        first = 0
        for number, line in enumerate(lines):
            middle = (width / 2, pad // 2 + number * row + row // 2)
            _draw_words(drawing, line, face, middle, None if current is None else current - first)
            first += len(line)
        foot = _FOOT_UPRIGHT if self._size[1] > self._size[0] else _FOOT
        y = self._size[1] * (100 - foot) // 100 - height if place == "bottom" else self._size[1] * foot // 100
        return overlay_of(drawing, _even((self._size[0] - width) / 2), _even(y))

    def _draw_title(self) -> Overlay:
        width, height = self._size
        drawing = Image.new("RGBA", self._size, self._title.get("colour", _SCRIM))
        draw = ImageDraw.Draw(drawing)
        smallest = min(self._size) // _CAPTION_SHARES["small"]
        room = Room(width * 8 // 10, height * _TITLE_HEIGHT / 100, _TITLE_ROW, smallest)
        face, lines = fitted(self._title["text"], self._face(_TITLE_SHARE, "heavy"), room)
        row = face.row(_TITLE_ROW)
        y = height * 46 // 100 - row * len(lines) // 2
        for line in lines:
            face.write(draw, (width / 2, y), line, (*_WHITE, 255), align="middle")
            y += row
        bar = min(self._size) // 9
        y += round(face.size * 0.35)
        draw.rounded_rectangle((width / 2 - bar / 2, y, width / 2 + bar / 2, y + max(4, height // 160)), 3, (*_AMBER, 255))
        return overlay_of(drawing, 0, 0)


def _draw_words(drawing: Image.Image, words: list[str], face: Typeface, middle: tuple[float, float], current: int | None) -> None:
    """Draw a line around its middle, word number `current` in amber. The line is shaped as a whole: only colours differ."""
    line = line_of(words)
    mask = Image.new("L", drawing.size)
    ascent, descent = face.font.getmetrics()
    top = round(middle[1] - (ascent + descent) / 2)
    face.write(ImageDraw.Draw(mask), (middle[0], top), line, 255, align="middle")
    colours = Image.new("RGBA", drawing.size, (*(_QUIET if current is None else _WHITE), 255))
    if current is not None and 0 <= current < len(words):
        left = middle[0] - face.getlength(line) / 2
        for start, end in _marked(words, current, face):
            ImageDraw.Draw(colours).rectangle((round(left + start), 0, round(left + end) - 1, drawing.height), (*_AMBER, 255))
    drawing.paste(colours, mask=mask)


def _marked(words: list[str], current: int, face: Typeface) -> list[tuple[float, float]]:
    """Return the stretches of a line, in pixels from its left edge, that one word takes, with half of the spaces beside it."""
    line = line_of(words)
    bare = words[current].strip()
    end = len("".join(words[: current + 1]).lstrip())
    start = end - len(bare)
    is_apart = line[start - 1 : start] in {"", " "} and line[end : end + 1] in {"", " "}
    half_space = face.size / 8 if is_apart else 0.0
    return [(low - half_space, high + half_space) for low, high in face.spans(line, start, end)]


def _even(value: float) -> int:
    """Round down to an even number: colour planes have half the size."""
    return int(value) // 2 * 2
