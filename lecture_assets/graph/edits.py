"""Edits: pure functions from Settings to Settings, all of a list or none. What is stale afterwards is `staleness.py`'s to say.

Values arrive checked for type and range (`briefs/` knows each input); here it is checked that the lecture has what is edited.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

from lecture_assets.graph.build import build
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import KINDS, MAX_SEGMENTS, Editable
from lecture_assets.graph.node import Node, node_id
from lecture_assets.graph.queries import get_node
from lecture_assets.graph.settings import NodeSettings, Settings, check_size

MAX_TEXT = 20_000
"""Characters of one text that a person puts in: about twenty minutes of speech, far above any prompt a vendor takes."""
_UNWRITABLE = {"Cc", "Cs"}
"""Unicode categories of control characters and surrogates. Joiners and no-break spaces are words' own: Persian, French, emoji."""


@dataclass(frozen=True, slots=True)
class SetInput:
    """Another value for an input; `name` is without `config:`."""

    name: str
    value: Json


@dataclass(frozen=True, slots=True)
class SetText:
    """A person's words in place of a `content:` node's; the node is pinned."""

    node: str
    text: str


@dataclass(frozen=True, slots=True)
class SetModel:
    """Another model for one node."""

    node: str
    model: str


@dataclass(frozen=True, slots=True)
class Reroll:
    """Another result from the same inputs."""

    node: str


@dataclass(frozen=True, slots=True)
class Unpin:
    """The made value counts again."""

    node: str


@dataclass(frozen=True, slots=True)
class AddSegment:
    """A new segment after the slot `after`, at the end where it is None."""

    after: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveSegment:
    """A slot leaves the play order; what was made for it is kept."""

    slot: int


@dataclass(frozen=True, slots=True)
class MoveSegment:
    """A slot to another position of the play order, counted from 0."""

    slot: int
    position: int


Edit: TypeAlias = SetInput | SetText | SetModel | Reroll | Unpin | AddSegment | RemoveSegment | MoveSegment


@dataclass(frozen=True, slots=True)
class Moment:
    """What an edit needs to know of when it is made. revision: the number it will have; held: values by node id."""

    revision: int
    held: Callable[[str], Json]


def apply_edits(settings: Settings, edits: Sequence[Edit], moment: Moment) -> Settings:
    """The settings after all edits, in order. WrongInputError with every fault found; then nothing is changed."""
    faults: list[Fault] = []
    for edit in edits:
        try:
            settings = apply_edit(settings, edit, moment)
        except WrongInputError as error:
            faults += error.faults
    if faults:
        raise WrongInputError(faults)
    return settings


def apply_edit(settings: Settings, edit: Edit, moment: Moment) -> Settings:
    """The settings after one edit."""
    match edit:
        case SetInput():
            return _set_input(settings, edit, moment)
        case AddSegment(after):
            return _add(settings, after, moment)
        case RemoveSegment(slot):
            return _remove(settings, slot)
        case MoveSegment(slot, position):
            return _move(settings, slot, position)
        case _:
            node = get_node(build(settings), edit.node)
            return settings.with_node(edit.node, _node_edit(node, settings.of_node(edit.node), edit, moment))


def _node_edit(node: Node, before: NodeSettings, edit: SetText | SetModel | Reroll | Unpin, moment: Moment) -> NodeSettings:
    match edit:
        case SetText(_, text):
            return replace(before, pinned=_checked_text(node, text))
        case SetModel(_, model):
            _require(node.kind.role is not None, "model", node.id, "a node made by a model (llm: and asset: nodes)")
            return replace(before, model=model)
        case Reroll():
            _require(node.kind.role is not None, "reroll", node.id, "a node made by a model (llm: and asset: nodes)")
            _require(before.pinned is None, "reroll", f"{node.id}, which is pinned", "a node that is not pinned (unpin it first)")
            return replace(before, reroll=moment.revision)
        case Unpin():  # pragma: no branch - mypy proves that there is no other
            _require(before.pinned is not None, "unpin", node.id, "a node that is pinned")
            return replace(before, pinned=None)


def _checked_text(node: Node, text: str) -> str:
    editable = ", ".join(kind.name for kind in KINDS.values() if kind.editable is Editable.TEXT)
    _require(node.kind.editable is Editable.TEXT, "text", node.id, f"a node whose text a person may change: {editable}")
    visible = any(character.isprintable() and character != " " for character in text)
    _require(visible, f"text {node.id}", "an empty text", "words (or `unpin` to take the made text again)")
    _require(len(text) <= MAX_TEXT, f"text {node.id}", f"{len(text)} characters", f"at most {MAX_TEXT}")
    clean = all(character in "\n\t" or unicodedata.category(character) not in _UNWRITABLE for character in text)
    _require(clean, f"text {node.id}", "control characters or text that is not Unicode", "words, spaces and line breaks")
    return text


def _require(holds: bool, where: str, found: str, allowed: str) -> None:  # noqa: FBT001 - reads as a sentence at each call
    if not holds:
        raise WrongInputError([Fault(where, found, allowed)])


def _set_input(settings: Settings, edit: SetInput, moment: Moment) -> Settings:
    known = ", ".join(kind.name.partition(":")[2] for kind in KINDS.values() if kind.is_input)
    _require(f"config:{edit.name}" in KINDS, "set", edit.name, known)
    _require(edit.name != "segment-order", "set", "segment-order", "segments move:S:POSITION")
    after = replace(settings, inputs={**settings.inputs, edit.name: edit.value})
    check_size(after.wanted_segments(), after.images)
    if edit.name == "num-segments":
        return _resize(after, after.wanted_segments(), moment)
    return _resize(after, len(after.order) + after.wanted_segments() - settings.wanted_segments(), moment)


def _resize(settings: Settings, count: int, moment: Moment) -> Settings:
    """Adds or removes at the end; a slot that was removed comes back before a new one is made."""
    count = max(count, 1)
    check_size(count, settings.images)
    settings = replace(settings, order=settings.order[:count])
    removed = sorted(set(settings.slots) - set(settings.order))
    settings = replace(settings, order=(*settings.order, *removed[: count - len(settings.order)]))
    while len(settings.order) < count:
        settings = _add(settings, None, moment)
    return settings


def _add(settings: Settings, after: int | None, moment: Moment) -> Settings:
    slot = len(settings.slots)
    _require(
        slot < MAX_SEGMENTS,
        "segments add",
        f"all {MAX_SEGMENTS} slots used, removed ones included",
        "a segment that was removed: `set num_segments=N` brings removed ones back, in their order",
    )
    position = len(settings.order) if after is None else _position(settings, "segments add", after) + 1
    before, behind = settings.order[:position], settings.order[position:]
    place: dict[str, Json] = {
        "previous": _said(before[-1:], moment),
        "next": _said(behind[:1], moment),
    }
    settings = replace(settings, order=(*before, slot, *behind), added=(*settings.added, slot))
    return settings.with_node(node_id("llm:segment-script", slot), NodeSettings(place=place))


def _said(slots: Sequence[int], moment: Moment) -> Json:
    return moment.held(node_id("content:narration-text", slots[0])) if slots else None


def _remove(settings: Settings, slot: int) -> Settings:
    _position(settings, "segments remove", slot)
    _require(len(settings.order) > 1, "segments remove", "the only segment", "a lecture has at least one segment")
    return replace(settings, order=tuple(other for other in settings.order if other != slot))


def _move(settings: Settings, slot: int, position: int) -> Settings:
    _position(settings, "segments move", slot)
    last = len(settings.order) - 1
    _require(0 <= position <= last, "segments move", f"position {position}", f"0 to {last}")
    order = [other for other in settings.order if other != slot]
    order.insert(position, slot)
    return replace(settings, order=tuple(order))


def _position(settings: Settings, where: str, slot: int) -> int:
    slots = ", ".join(f"s{other:02}" for other in settings.order)
    _require(slot in settings.order, where, f"segment {slot}", f"a slot of this lecture: {slots}")
    return settings.order.index(slot)


def newly_pinned(before: Settings, after: Settings) -> Mapping[str, Json]:
    """The values that an edit put in place of made ones, by node id. They are takes at once, made by a person."""
    return {
        node: cast("Json", settings.pinned)
        for node, settings in after.nodes.items()
        if settings.pinned is not None and settings.pinned != before.of_node(node).pinned
    }
