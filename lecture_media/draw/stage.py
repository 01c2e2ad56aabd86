"""Where in a picture things may stand: off the rim, which a moving camera cuts, and above the band where captions lie."""

from dataclasses import dataclass

Size = tuple[int, int]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_RIM, _WIDE_RIM = 0.04, 0.08
"""Parts of a side: slow motion of stills cuts 3 % from each side, a push in of a clip 8 %."""
_FOOT, _FOOT_UPRIGHT, _FOOT_PUSHED = 0.82, 0.77, 0.78
"""Where the captions begin, as a part of the height: one line of them reaches from 84 % to 94 %, in upright pictures
from 78 % (4:5) or 81 % (9:16) to 86 %; a push in of a clip moves what is at 78 % there."""
LYING = 1.2
"""Width through height from which on things stand side by side rather than below each other."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A box inside a picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels down."""
        return self.bottom - self.top

    @property
    def unit(self) -> float:
        """What sizes are parts of: a little more than the shorter side."""
        return 1.1 * min(self.width, self.height)

    @property
    def lying(self) -> bool:
        """Whether it is clearly wider than high."""
        return self.width >= LYING * self.height

    def at(self, across: float, down: float) -> tuple[float, float]:
        """A point by its parts of the width and the height."""
        return self.left + self.width * across, self.top + self.height * down

    def holds(self, box: Box) -> bool:
        """Whether a box lies inside."""
        return self.left <= box[0] and self.top <= box[1] and box[2] <= self.right and box[3] <= self.bottom


def stage_of(size: Size, *, roomy: bool = False) -> Stage:
    """The stage of a picture of width × height; a roomy one leaves what a camera that pushes in would cut."""
    rim = _WIDE_RIM if roomy else _RIM
    foot = _FOOT_UPRIGHT if size[1] > size[0] else _FOOT_PUSHED if roomy else _FOOT
    return Stage(size[0] * rim, size[1] * rim, size[0] * (1 - rim), size[1] * foot)
