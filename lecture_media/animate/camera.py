"""The camera of a clip: which part of the picture is visible when, read from the direction's words. Nothing is drawn."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

_NEAR, _SLIGHT = 1.18, 1.05
_SWAY, _SWAY_S = 0.06, 7.0
"""The sway of a hand-held camera, as a share of the free margin, and its period in seconds."""


@dataclass(frozen=True, slots=True)
class Move:
    """A camera move from its first frame to its last.

    zoom: magnification
    x, y: the centre of the view within the margin that the zoom leaves, -1 left or top, 1 right or bottom
    """

    zoom: tuple[float, float]
    x: tuple[float, float] = (0.0, 0.0)
    y: tuple[float, float] = (0.0, 0.0)

    def box(self, progress: float, seconds: float, width: int, height: int) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom of the visible part at a progress from 0 to 1, in fractional pixels of the picture."""
        eased = 0.5 * progress + 0.5 * progress * progress * (3 - 2 * progress)
        zoom = _between(self.zoom, eased)
        seen_width, seen_height = width / zoom, height / zoom
        sway = _SWAY * math.sin(2 * math.pi * seconds / _SWAY_S)
        x = min(1.0, max(-1.0, _between(self.x, eased) + sway))
        y = min(1.0, max(-1.0, _between(self.y, eased) + 0.7 * sway))
        left, top = (width - seen_width) * (1 + x) / 2, (height - seen_height) * (1 + y) / 2
        return left, top, left + seen_width, top + seen_height


_IN = Move((1.02, _NEAR))
_MOVES: Mapping[str, Move] = {
    r"pull\w* (back|out|away)|zoom\w* (out|back)|widen\w*|wide shot|reveal\w*|away from": Move((_NEAR, 1.02)),
    r"push\w* (in|forward|closer)|zoom\w* (in|closer)|closer|dolly|approach\w*|close in": _IN,
    r"(pan\w*|track\w*|slid\w*|drift\w*|mov\w*|sweep\w*)( \w+){0,3} left|left(wards?)? pan|to the left": Move(
        (_NEAR, _NEAR), x=(0.95, -0.95)
    ),
    r"(pan\w*|track\w*|slid\w*|drift\w*|mov\w*|sweep\w*)( \w+){0,3} right|right(wards?)? pan|to the right": Move(
        (_NEAR, _NEAR), x=(-0.95, 0.95)
    ),
    r"(drift\w*|tilt\w*|ris\w*|crane\w*|mov\w*|pan\w*)( \w+){0,2} (up|upwards?)": Move((_NEAR, _NEAR), y=(0.95, -0.95)),
    r"(drift\w*|tilt\w*|sink\w*|crane\w*|mov\w*|pan\w*)( \w+){0,2} (down|downwards?)": Move((_NEAR, _NEAR), y=(-0.95, 0.95)),
    r"static|still camera|locked|no camera": Move((_SLIGHT, _SLIGHT)),
}
"""The one whose words come first in the direction is used; a slow push in if none matches."""


def find_move(prompt: str) -> Move:
    """Return the first move that a direction asks for."""
    text = prompt.lower()
    found = [(match.start(), move) for words, move in _MOVES.items() if (match := re.search(rf"\b({words})\b", text))]
    return min(found, key=lambda place: place[0])[1] if found else _IN


def _between(ends: tuple[float, float], part: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * part
