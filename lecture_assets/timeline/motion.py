"""Motion of still pictures: slow, even, never showing an edge. Maps effects to moves; nothing is drawn here."""

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
"""The moves of a segment's even and odd pictures, which alternate so that the motion does not repeat."""
_PERMILLE_A_SECOND = 9
"""Moving 0.9 % of the frame per second is visible without distracting (tried on 5 s pictures at 720p)."""
_SMALLEST, _LARGEST = 24, 44
"""Bounds of a whole move in permille: a smaller one looks like a glitch, a larger one cuts off labels at the edges (64 did)."""
_CUT_ALLOWED_PERMILLE = 250
"""A picture may lose up to a quarter to fill the frame; more extreme shapes are shown whole."""


def fit_of(medium: Mapping[str, Any], size: tuple[int, int]) -> Fit:
    """Return whether a medium fills a frame of that size or is shown whole in it."""
    one, other = medium["width"] * size[1], size[0] * medium["height"]
    smaller, larger = sorted((one, other))
    return "cover" if 1000 * (larger - smaller) <= _CUT_ALLOWED_PERMILLE * larger else "contain"


def motion_of(effect: str, picture: int, duration_ms: int, fit: Fit) -> Motion:
    """Return the move of a segment's picture number `picture`, shown for `duration_ms`; pictures shown whole stay still.

    Raise KeyError for an unknown effect.
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
