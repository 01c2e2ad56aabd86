"""Motion of still pictures: slow, even, never showing an edge. Which effect means which move; nothing is drawn here."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.timeline.schema import Fit, Motion, View

EFFECTS: Mapping[str, tuple[str, str]] = {
    "none": ("still", "still"),
    "fade": ("in", "out"),
    "zoom-in": ("in", "out"),
    "zoom-out": ("out", "in"),
    "pan-left": ("left", "right"),
    "pan-right": ("right", "left"),
}
"""The move of even and of odd pictures of a segment: alternating, so that two pictures do not pump the same way."""
_PERMILLE_A_SECOND = 9
"""A move of 0.9 % of the frame a second is seen and does not distract (tried on 5 s pictures at 720p)."""
_SMALLEST, _LARGEST = 24, 44
"""Bounds of a whole move in permille: below it looks like a fault, above it cuts labels off at the edges (64 did)."""
_CUT_ALLOWED_PERMILLE = 250
"""A picture loses at most a quarter to fill the frame; a stranger shape is shown whole."""


def fit_of(medium: Mapping[str, Any], size: tuple[int, int]) -> Fit:
    """Whether a medium of width × height fills a frame of that size, or is shown whole in it."""
    one, other = medium["width"] * size[1], size[0] * medium["height"]
    smaller, larger = sorted((one, other))
    return "cover" if 1000 * (larger - smaller) <= _CUT_ALLOWED_PERMILLE * larger else "contain"


def motion_of(effect: str, picture: int, duration_ms: int, fit: Fit) -> Motion:
    """The move of picture number `picture` of a segment that is seen for `duration_ms`; one shown whole stays still.

    Raises KeyError for an unknown effect.
    """
    move = EFFECTS[effect][picture % 2] if fit == "cover" else "still"
    reach = max(_SMALLEST, min(_LARGEST, duration_ms * _PERMILLE_A_SECOND // 1000))
    near, wide = _view(1000 + reach), _view(1000)
    left, right = _view(1000 + reach, reach // 2), _view(1000 + reach, -(reach // 2))
    return {
        "still": _motion(wide, wide),
        "in": _motion(wide, near),
        "out": _motion(near, wide),
        "left": _motion(right, left),
        "right": _motion(left, right),
    }[move]


def _motion(start: View, end: View) -> Motion:
    return {"from": start, "to": end}


def _view(scale: int, x: int = 0) -> View:
    return {"scale_permille": scale, "x_permille": x, "y_permille": 0}
