"""How large the table is, and the lectures of the tests: stated here alone, so that a new row changes one file of the tests."""

from dataclasses import dataclass

INPUTS, MADE = 27, 29
"""Rows of the table: inputs, and kinds that a run makes."""

ONCE, A_SEGMENT, AN_IMAGE, A_CLIP = 8, 7, 3, 5
"""Nodes that a run makes per lecture, per segment without its pictures, per image, per segment's clip."""

FILM_ONCE, FILM_A_SEGMENT = 3, 2
"""Nodes that are made when a film is asked for, per lecture and per segment."""


def made_nodes(segments: int, images: int) -> int:
    """The nodes that a run makes of a lecture of pictures."""
    return ONCE + segments * (A_SEGMENT + images * AN_IMAGE)


def film_nodes(segments: int) -> int:
    """The nodes that are made on demand."""
    return FILM_ONCE + segments * FILM_A_SEGMENT


@dataclass(frozen=True, slots=True)
class Size:
    """nodes: those that a run makes; inputs: those that it does not; calls: by role."""

    nodes: int
    calls: dict[str, int]
    inputs: int = INPUTS

    @property
    def all_calls(self) -> int:
        """Calls of any role."""
        return sum(self.calls.values())


EXAMPLES = {
    "photosynthesis": Size(47, {"text": 9, "speech": 3, "image": 6, "music": 1}),
    "tcp-handshake": Size(58, {"text": 8, "speech": 5, "image": 5, "music": 1}),
    "water-cycle-video": Size(56, {"text": 7, "speech": 4, "image": 4, "video": 4, "music": 1}),
}
RAIN = Size(28, {"text": 5, "speech": 2, "image": 2, "music": 1})
"""Two segments of one picture each."""
