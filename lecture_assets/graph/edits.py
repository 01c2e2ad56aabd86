"""Edits: pure functions from Settings to Settings, all of a list or none. What is stale afterwards is `staleness.py`'s to say.

Values arrive checked for type and range (`briefs/` knows each input); here it is checked that the lecture has what is edited.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never, cast

from lecture_assets.graph.build import build
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json, canonical
from lecture_assets.graph.lecture import ADDED_SCRIPT, KINDS, MAX_SEGMENTS, NARRATION, Editable
from lecture_assets.graph.merge import merge_texts
from lecture_assets.graph.node import Node, node_id
from lecture_assets.graph.queries import get_node
from lecture_assets.graph.settings import NodeSettings, Settings, check_size

MAX_TEXT = 20_000
"""Characters of one text that a person puts in: about twenty minutes of speech, far above any prompt a vendor takes."""
MEDIA_KINDS = ", ".join(kind.name for kind in KINDS.values() if kind.editable is Editable.MEDIA)
"""The kinds in whose place a person's own medium may stand."""
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
class SetMedia:
    """A person's own medium in place of an `asset:` node's; the node is pinned. value: as `content.py` has it."""

    node: str
    value: Json


@dataclass(frozen=True, slots=True)
class ChooseTake:
    """An earlier take, by its number from 1; the node is pinned to it."""

    node: str
    number: int


@dataclass(frozen=True, slots=True)
class Keep:
    """The pinned value stays, whatever the model says now: a conflict is settled."""

    node: str


@dataclass(frozen=True, slots=True)
class Merge:
    """The person's changes and the model's in one text: a conflict is settled. Only where the two do not overlap."""

    node: str


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


NodeEdit: TypeAlias = SetText | SetMedia | ChooseTake | Keep | Merge | SetModel | Reroll | Unpin
Edit: TypeAlias = SetInput | NodeEdit | AddSegment | RemoveSegment | MoveSegment
Base: TypeAlias = Mapping[str, Json]
"""`value` and `fingerprint` of a made value that a person's was written against."""


def _unknown(_node: str) -> Base | None:
    return None


def _any_take(_node: str, _number: int) -> Json:
    return "any"


@dataclass(frozen=True, slots=True)
class Moment:
    """What an edit needs to know of when it is made, all by node id.

    revision: the number it will have          held: what nodes hold
    seen:     what a person who pins a node now has before them: the made value that counts, or that they are in conflict with
    made:     what a pinned node would hold if it were not, None where that cannot be known before something is made again
    take:     the value of a take, by its number; WrongInputError where there is none
    """

    revision: int
    held: Callable[[str], Json]
    seen: Callable[[str], Base | None] = _unknown
    made: Callable[[str], Base | None] = _unknown
    take: Callable[[str, int], Json] = _any_take


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


def _node_edit(node: Node, before: NodeSettings, edit: NodeEdit, moment: Moment) -> NodeSettings:
    match edit:
        case SetText(_, text):
            after = _pinned(before, node, _checked_text(node, text), moment)
        case SetMedia(_, value):
            _require(node.kind.editable is Editable.MEDIA, "media", node.id, f"a node that holds a medium: {MEDIA_KINDS}")
            after = _pinned(before, node, value, moment)
        case ChooseTake(_, number):
            choosable = node.kind.role is not None or node.kind.editable is not Editable.NO
            _require(choosable, "take", node.id, "a node whose value a model makes or a person may change")
            after = replace(_pinned(before, node, moment.take(node.id, number), moment), take=number)
        case Keep():
            _require(before.pinned is not None, "keep", node.id, "a node that is pinned")
            after = replace(before, base=_made_now("keep", node, moment))
        case Merge():
            base = _made_now("merge", node, moment)
            after = replace(before, pinned=_checked_text(node, _merged(node, before, base)), take=0, base=base)
        case SetModel(_, model):
            _require(node.kind.role is not None, "model", node.id, "a node made by a model (llm: and asset: nodes)")
            after = replace(before, model=model)
        case Reroll():
            _require(node.kind.role is not None, "reroll", node.id, "a node made by a model (llm: and asset: nodes)")
            _require(before.pinned is None, "reroll", f"{node.id}, which is pinned", "a node that is not pinned (unpin it first)")
            after = replace(before, reroll=moment.revision)
        case Unpin():
            _require(before.pinned is not None, "unpin", node.id, "a node that is pinned")
            after = replace(before, pinned=None, take=0, base=None)
        case _:  # pragma: no cover - mypy proves that there is no other
            assert_never(edit)
    return after


def _pinned(before: NodeSettings, node: Node, value: Json, moment: Moment) -> NodeSettings:
    return replace(before, pinned=value, take=0, base=moment.seen(node.id))


def _made_now(verb: str, node: Node, moment: Moment) -> Base:
    made = moment.made(node.id)
    if made is None:
        above = "what is above it made first: `lectures regenerate --only` with the node that it reads"
        raise WrongInputError([Fault(f"{verb} {node.id}", "a node of which the model's new value is not known yet", above)])
    return made


def _merged(node: Node, before: NodeSettings, made: Base) -> str:
    mine, base, theirs = before.pinned, (before.base or {}).get("value"), made["value"]
    texts = isinstance(mine, str) and isinstance(base, str) and isinstance(theirs, str)
    _require(texts, "merge", node.id, "a pinned text that was written in place of a model's")
    merged = merge_texts(cast("str", base), cast("str", mine), cast("str", theirs))
    if merged is None:
        remedy = "`keep` it, `unpin` it, or write the text that should be there with `text`"
        raise WrongInputError([Fault(f"merge {node.id}", "changes of the same words by both", remedy)])
    return merged


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
        "previous": _said(settings, before[-1:], moment),
        "next": _said(settings, behind[:1], moment),
    }
    settings = replace(settings, order=(*before, slot, *behind), added=(*settings.added, slot))
    return settings.with_node(node_id(ADDED_SCRIPT, slot), NodeSettings(place=place))


def _said(settings: Settings, slots: Sequence[int], moment: Moment) -> Json:
    """What is said in a slot, an edit of the same revision included."""
    if not slots:
        return None
    node = node_id(NARRATION, slots[0])
    return settings.of_node(node).pinned or moment.held(node)


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


def newly_pinned(before: Settings, after: Settings) -> Mapping[str, NodeSettings]:
    """The settings of the nodes whose value an edit chose or put in place of the made one. That value counts at once."""
    return {
        node: settings
        for node, settings in after.nodes.items()
        if settings.pinned is not None and _pin(settings) != _pin(before.of_node(node))
    }


def _pin(settings: NodeSettings) -> tuple[bytes, int]:
    return canonical(settings.pinned), settings.take


def restored(then: Settings, now: Settings) -> Settings:
    """Earlier settings as the newest ones. A slot that was added since is a removed one now: its number is never given again."""
    since = [slot for slot in now.added if slot not in then.added]
    places = {name: now.of_node(name) for name in (node_id(ADDED_SCRIPT, slot) for slot in since)}
    frozen = {name: NodeSettings(place=settings.place) for name, settings in places.items()}
    return replace(then, added=(*then.added, *since), nodes={**then.nodes, **frozen})
