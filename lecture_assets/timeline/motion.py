"""Motion of still pictures: slow, even, never showing an edge. Maps effects to moves; nothing is drawn here."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.timeline.schema import Fit, Motion, View

EFFECTS: Mapping[str, tuple[str, str]] = {
    "none": ("in", "out"),
    "fade": ("in", "out"),
    "zoom-in": ("in", "out"),
    "zoom-out": ("out", "in"),
    "pan-left": ("left", "right"),
    "pan-right": ("right", "left"),
}
"""The moves of a segment's even and odd pictures, which alternate so that the motion does not repeat."""
QUIET = "none"
"""The effect under which pictures move least: a picture that stands still looks like a player that hangs."""
_PERMILLE_A_SECOND = 9
_QUIET_PERMILLE_A_SECOND = 4
"""Moving 0.9 % of the frame per second is visible without distracting (tried on 5 s pictures at 720p); 0.4 % hardly."""
_SMALLEST, _LARGEST = 24, 44
"""Bounds of a whole move in permille: a smaller one looks like a glitch, a larger one cuts off labels at the edges (64 did)."""
_QUIET_SMALLEST = 12
"""The least whole move under the effect `none`."""
_CUT_ALLOWED_PERMILLE = 250
"""A picture may lose up to a quarter to fill the frame; more extreme shapes are shown whole."""
_WIDE, _CLOSE = 1000, 1200
"""The scale of a picture's first, third, … view, and of those between, in permille. A change to less than a fifth closer looks
like a fault; what is cut off was seen in the view before."""
_FOCUS = (0, -70, 70)
"""Where close views lie, one after the other: how far the picture is moved to the right, in permille of the frame's width."""


def fit_of(medium: Mapping[str, Any], size: tuple[int, int]) -> Fit:
    """Return whether a medium fills a frame of that size or is shown whole in it."""
    one, other = medium["width"] * size[1], size[0] * medium["height"]
    smaller, larger = sorted((one, other))
    return "cover" if 1000 * (larger - smaller) <= _CUT_ALLOWED_PERMILLE * larger else "contain"


def motion_of(effect: str, picture: int, duration_ms: int, fit: Fit, view: int = 0) -> Motion:
    """Return the move of a segment's picture number `picture` in its view number `view`, shown for `duration_ms`.

    Views are wide and close in turn. A picture that is shown whole moves within the frame, and is whole in its wide views.

    Raise KeyError for an unknown effect.
    """
    move = EFFECTS[effect][(picture + view // 2 + view % 2) % 2]
    pace, least = (_QUIET_PERMILLE_A_SECOND, _QUIET_SMALLEST) if effect == QUIET else (_PERMILLE_A_SECOND, _SMALLEST)
    reach = max(least, min(_LARGEST, duration_ms * pace // 1000))
    is_close = view % 2 == 1
    base = _CLOSE if is_close else _WIDE if fit == "cover" else _WIDE - reach
    x = _FOCUS[view // 2 % len(_FOCUS)] if is_close else 0
    near, wide = _view(base + reach, x), _view(base, x)
    left, right = _view(base + reach, x + reach // 2), _view(base + reach, x - reach // 2)
    if fit == "contain" and not is_close:
        left, right = _view(base, reach // 2), _view(base, -(reach // 2))
    return {
        "in": _motion(wide, near),
        "out": _motion(near, wide),
        "left": _motion(right, left),
        "right": _motion(left, right),
    }[move]


def onward(duration_ms: int, fit: Fit) -> Motion:
    """Return the move of a clip's last frame, which begins as the clip ended: fitted to the frame."""
    reach = max(_QUIET_SMALLEST, min(_LARGEST, duration_ms * _PERMILLE_A_SECOND // 1000))
    return _motion(_view(_WIDE), _view(_WIDE + reach if fit == "cover" else _WIDE - reach))


def _motion(start: View, end: View) -> Motion:
    return {"from": start, "to": end}


def _view(scale: int, x: int = 0) -> View:
    return {"scale_permille": scale, "x_permille": x, "y_permille": 0}
