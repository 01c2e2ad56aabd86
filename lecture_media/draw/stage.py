"""The part of a picture where things may be placed: off the edge, which a moving camera crops, and above the captions."""

from dataclasses import dataclass

Size = tuple[int, int]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_RIM, _WIDE_RIM = 0.04, 0.08
"""Shares of a side: slow motion of stills crops 3 % on each side, a push in of a clip 8 %."""
_FOOT, _FOOT_UPRIGHT, _FOOT_PUSHED = 0.82, 0.77, 0.78
"""Where the captions begin, as a share of the height: one line of them is between 84 % and 94 %, in portrait between 78 % (4:5)
or 81 % (9:16) and 86 %; a push in of a clip moves what is at 78 % there."""
LYING = 1.2
"""Aspect ratio from which on things are placed side by side rather than one below the other."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A box inside a picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.bottom - self.top

    @property
    def unit(self) -> float:
        """The unit of sizes: slightly more than the shorter side."""
        return 1.1 * min(self.width, self.height)

    @property
    def lying(self) -> bool:
        """Whether it is clearly wider than high."""
        return self.width >= LYING * self.height

    def at(self, across: float, down: float) -> tuple[float, float]:
        """The point at these shares of the width and the height."""
        return self.left + self.width * across, self.top + self.height * down

    def holds(self, box: Box) -> bool:
        """Whether a box lies inside."""
        return self.left <= box[0] and self.top <= box[1] and box[2] <= self.right and box[3] <= self.bottom


def stage_of(size: Size, *, roomy: bool = False) -> Stage:
    """The stage of a picture of width × height. roomy: leave out what a camera that pushes in would crop."""
    rim = _WIDE_RIM if roomy else _RIM
    foot = _FOOT_UPRIGHT if size[1] > size[0] else _FOOT_PUSHED if roomy else _FOOT
    return Stage(size[0] * rim, size[1] * rim, size[0] * (1 - rim), size[1] * foot)
