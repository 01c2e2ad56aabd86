"""Everything a person can change about a lecture, one class per edit. `apply_edits.py` applies them.

Values arrive already checked for type and range (`briefs/`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Editable
from lecture_assets.graph.lecture import KINDS

MAX_TEXT = 20_000
"""The most characters in one text written by a person: about twenty minutes of speech, far beyond any vendor's prompt limit."""
MEDIA_KINDS = ", ".join(kind.name for kind in KINDS.values() if kind.editable is Editable.MEDIA)
"""The kinds that a person may replace with their own media, as messages list them."""


@dataclass(frozen=True, slots=True)
class SetInput:
    """Change the value of an input; `name` is without `config:`."""

    name: str
    value: Json


@dataclass(frozen=True, slots=True)
class SetText:
    """Replace the text of a `content:` node with a person's own; pins the node."""

    node: str
    text: str


@dataclass(frozen=True, slots=True)
class SetMedia:
    """Replace the medium of an `asset:` node with a person's own; pins the node. `value` is one of the types in `content.py`."""

    node: str
    value: Json


@dataclass(frozen=True, slots=True)
class ChooseTake:
    """Pin a node to an earlier take, numbered from 1."""

    node: str
    number: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Settle a conflict by keeping the pinned value, whatever the model wrote since."""

    node: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Settle a conflict by merging the person's changes and the model's into one text, where the two do not overlap."""

    node: str


@dataclass(frozen=True, slots=True)
class SetModel:
    """Use another model for one node."""

    node: str
    model: str


@dataclass(frozen=True, slots=True)
class Reroll:
    """Buy another result from the same inputs."""

    node: str


@dataclass(frozen=True, slots=True)
class Unpin:
    """Return to the made value."""

    node: str


@dataclass(frozen=True, slots=True)
class AddSegment:
    """Add a segment after the slot `after`, or at the end if it is None."""

    after: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveSegment:
    """Take a slot out of the play order; everything made for it is kept."""

    slot: int


@dataclass(frozen=True, slots=True)
class MoveSegment:
    """Move a slot to another position in the play order, counted from 0."""

    slot: int
    position: int


NodeEdit: TypeAlias = SetText | SetMedia | ChooseTake | Keep | Merge | SetModel | Reroll | Unpin
Edit: TypeAlias = SetInput | NodeEdit | AddSegment | RemoveSegment | MoveSegment
Base: TypeAlias = Mapping[str, Json]
"""The `value` and `fingerprint` of the made value that a person's own was written against."""


def _unknown(_node: str) -> Base | None:
    return None


def _any_take(_node: str, _number: int) -> Json:
    return "any"


@dataclass(frozen=True, slots=True)
class Moment:
    """What an edit needs to know about the state it is applied to; the functions take node ids.

    revision: the number of the new revision
    held:     the value a node holds
    seen:     the made value a person sees when pinning the node: the current one, or the one in conflict with their own
    made:     the value a pinned node would hold if unpinned; None if something must be made first to know it
    take:     the value of a take, by its number; raises WrongInputError for an unknown one
    """

    revision: int
    held: Callable[[str], Json]
    seen: Callable[[str], Base | None] = _unknown
    made: Callable[[str], Base | None] = _unknown
    take: Callable[[str, int], Json] = _any_take
