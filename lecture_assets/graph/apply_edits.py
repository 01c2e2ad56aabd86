"""Apply edits to settings: pure functions, all edits of a list or none. What becomes stale is up to `staleness.py`.

Checks that the lecture has what is being edited. Edits to the play order are in `play_order.py`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never, cast

from lecture_assets.graph.blank import is_blank
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import (
    MAX_TEXT,
    MEDIA_KINDS,
    AddSegment,
    Base,
    ChooseTake,
    Edit,
    Keep,
    Merge,
    Moment,
    MoveSegment,
    NodeEdit,
    RemoveSegment,
    Reroll,
    SetInput,
    SetMedia,
    SetModel,
    SetText,
    Unpin,
)
from lecture_assets.graph.errors import Fault, WrongInputError, require
from lecture_assets.graph.fingerprint import Json, canonical
from lecture_assets.graph.kind import Editable
from lecture_assets.graph.lecture import ADDED_SCRIPT, KINDS
from lecture_assets.graph.merge import merge_texts
from lecture_assets.graph.node import Node, node_id
from lecture_assets.graph.play_order import add_segment, move_segment, remove_segment, resize
from lecture_assets.graph.queries import get_node
from lecture_assets.graph.settings import LENGTHS, NodeSettings, Settings, check_size

_UNWRITABLE = {"Cc", "Cs"}
"""Unicode categories of control characters and surrogates. Joiners and no-break spaces stay: Persian, French, emoji need them."""


def apply_edits(settings: Settings, edits: Sequence[Edit], moment: Moment) -> Settings:
    """Return the settings after all edits, in order. Raise WrongInputError listing every fault; then nothing is changed."""
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
    """Return the settings after one edit."""
    match edit:
        case SetInput():
            return _set_input(settings, edit, moment)
        case AddSegment(after):
            return add_segment(settings, after, moment)
        case RemoveSegment(slot):
            return remove_segment(settings, slot)
        case MoveSegment(slot, position):
            return move_segment(settings, slot, position)
        case _:
            node = get_node(build(settings), edit.node)
            return settings.with_node(edit.node, _node_edit(node, settings.of_node(edit.node), edit, moment))


def _node_edit(node: Node, before: NodeSettings, edit: NodeEdit, moment: Moment) -> NodeSettings:
    match edit:
        case SetText(_, text):
            after = _pinned(before, node, _checked_text(node, text), moment)
        case SetMedia(_, value):
            require(node.kind.editable is Editable.MEDIA, "media", node.id, f"a node that holds media: {MEDIA_KINDS}")
            after = _pinned(before, node, value, moment)
        case ChooseTake(_, number):
            choosable = node.kind.role is not None or node.kind.editable is not Editable.NO
            require(choosable, "take", node.id, "a node that a model makes or a person may change")
            after = replace(_pinned(before, node, moment.take(node.id, number), moment), take=number)
        case Keep():
            require(before.pinned is not None, "keep", node.id, "a pinned node")
            after = replace(before, base=_made_now("keep", node, moment))
        case Merge():
            require(node.kind.editable is Editable.TEXT, "merge", node.id, "a pinned text that replaced a model's text")
            base = _made_now("merge", node, moment)
            after = replace(before, pinned=_checked_text(node, _merged(node, before, base)), take=0, base=base)
        case SetModel(_, model):
            require(node.kind.role is not None, "model", node.id, "a node made by a model (llm: and asset: nodes)")
            after = replace(before, model=model)
        case Reroll():
            require(node.kind.role is not None, "reroll", node.id, "a node made by a model (llm: and asset: nodes)")
            require(before.pinned is None, "reroll", f"{node.id}, which is pinned", "an unpinned node (`unpin` it first)")
            after = replace(before, reroll=moment.revision)
        case Unpin():
            require(before.pinned is not None, "unpin", node.id, "a pinned node")
            after = replace(before, pinned=None, take=0, base=None)
        case _:  # pragma: no cover - mypy proves the match exhaustive
            assert_never(edit)
    return after


def _pinned(before: NodeSettings, node: Node, value: Json, moment: Moment) -> NodeSettings:
    return replace(before, pinned=value, take=0, base=moment.seen(node.id))


def _made_now(verb: str, node: Node, moment: Moment) -> Base:
    made = moment.made(node.id)
    if made is None:
        remedy = "a node whose inputs are up to date: first make the nodes that it reads, and no others"
        raise WrongInputError([Fault(f"{verb} {node.id}", "a node whose new value from the model is not known yet", remedy)])
    return made


def _merged(node: Node, before: NodeSettings, made: Base) -> str:
    mine, base, theirs = before.pinned, (before.base or {}).get("value"), made["value"]
    texts = isinstance(mine, str) and isinstance(base, str) and isinstance(theirs, str)
    require(texts, "merge", node.id, "a pinned text that replaced a model's text")
    merged = merge_texts(cast("str", base), cast("str", mine), cast("str", theirs))
    if merged is None:
        remedy = "changes to different words; `keep` your text, `unpin` it, or write the one you want with `text`"
        raise WrongInputError([Fault(f"merge {node.id}", "changes by you and the model to the same words", remedy)])
    return merged


def _checked_text(node: Node, text: str) -> str:
    editable = ", ".join(kind.name for kind in KINDS.values() if kind.editable is Editable.TEXT)
    require(node.kind.editable is Editable.TEXT, "text", node.id, f"a node whose text a person may change: {editable}")
    require(not is_blank(text), f"text {node.id}", "an empty text", "words (or `unpin` to return to the made text)")
    require(len(text) <= MAX_TEXT, f"text {node.id}", f"{len(text):,} characters", f"at most {MAX_TEXT:,}")
    clean = all(character in "\n\t" or unicodedata.category(character) not in _UNWRITABLE for character in text)
    require(clean, f"text {node.id}", "control characters or invalid Unicode", "words, spaces and line breaks")
    return text


def _set_input(settings: Settings, edit: SetInput, moment: Moment) -> Settings:
    known = ", ".join(kind.name.partition(":")[2] for kind in KINDS.values() if kind.is_input)
    require(f"config:{edit.name}" in KINDS, "set", edit.name, known)
    require(edit.name != "segment-order", "set", "segment-order", "segments move:S:POSITION")
    asked = settings.asked if settings.asked is None or edit.name not in LENGTHS else settings.asked | {edit.name}
    after = replace(settings, inputs={**settings.inputs, edit.name: edit.value}, asked=asked)
    check_size(after.wanted_segments(), after.images)
    if edit.name == "num-segments":
        return resize(after, after.wanted_segments(), moment)
    return resize(after, len(after.order) + after.wanted_segments() - settings.wanted_segments(), moment)


def newly_pinned(before: Settings, after: Settings) -> Mapping[str, NodeSettings]:
    """Return the settings of nodes that were pinned, or pinned to another value. The pinned value takes effect at once."""
    return {
        node: settings
        for node, settings in after.nodes.items()
        if settings.pinned is not None and _pin(settings) != _pin(before.of_node(node))
    }


def _pin(settings: NodeSettings) -> tuple[bytes, int]:
    return canonical(settings.pinned), settings.take


def restored(then: Settings, now: Settings) -> Settings:
    """Return earlier settings as the newest ones. Slots added since become removed slots: their numbers are never reused."""
    since = [slot for slot in now.added if slot not in then.added]
    places = {name: now.of_node(name) for name in (node_id(ADDED_SCRIPT, slot) for slot in since)}
    frozen = {name: NodeSettings(place=settings.place) for name, settings in places.items()}
    return replace(then, added=(*then.added, *since), nodes={**then.nodes, **frozen})
