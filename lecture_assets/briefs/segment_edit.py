"""Edits of the play order: `add:AFTER`, `remove:S`, `move:S:POSITION`. Whether the lecture has the slot is checked elsewhere."""

import re
from dataclasses import dataclass

from lecture_assets.briefs.rules import refuse, shown
from lecture_assets.graph.edits import AddSegment, MoveSegment, RemoveSegment
from lecture_assets.graph.lecture import MAX_SEGMENTS

SEGMENT_FORMS = ("segments add[:AFTER]", "segments remove:S", "segments move:S:POSITION")
_SLOT = re.compile(r"(?:[sS](?=[0-9]{2}$))?([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers in an edit of `segments`."""

    form: str
    texts: tuple[str, ...]

    def slot(self, index: int) -> int:
        match = _SLOT.fullmatch(self.texts[index])
        if match is None or int(match[1]) >= MAX_SEGMENTS:
            refuse(self.form, shown(self.texts[index]), f"a slot: 0 to {MAX_SEGMENTS - 1}, or s00 to s{MAX_SEGMENTS - 1}")
        return int(match[1])

    def position(self, index: int) -> int:
        if not re.fullmatch("[0-9]{1,2}", self.texts[index]):
            refuse(self.form, shown(self.texts[index]), "a position in the play order, counted from 0")
        return int(self.texts[index])


def parse_segments(text: str) -> AddSegment | RemoveSegment | MoveSegment:
    """Parse the edit after the word `segments`. Raise WrongInputError if it is not one."""
    word, *rest = text.split(":")
    numbers = _Numbers(f"segments {word}", tuple(part.strip() for part in rest))
    match word, len(rest):
        case "add", 0:
            return AddSegment()
        case "add", 1:
            return AddSegment(numbers.slot(0))
        case "remove", 1:
            return RemoveSegment(numbers.slot(0))
        case "move", 2:
            return MoveSegment(numbers.slot(0), numbers.position(1))
    return refuse("segments", shown(text) if text else "nothing", " · ".join(SEGMENT_FORMS))
