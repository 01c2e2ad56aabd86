"""Edits as text, parsed and written: `set KEY=VALUE`, `text NODE=VALUE`, `reroll NODE`, `segments add:2`.

Values follow the rules of the brief's keys. `graph/apply_edits.py` checks that the lecture has the node.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn, assert_never, cast

from lecture_assets.briefs.brief import KEY_OF, TITLE_NODE
from lecture_assets.briefs.edit_sources import ReadFile, ReadMedium, no_medium, read_text_file, typed_text
from lecture_assets.briefs.rules import (
    ANY_NAMES,
    Names,
    meant,
    refuse,
    shown,
)
from lecture_assets.briefs.segment_edit import SEGMENT_FORMS, parse_segments
from lecture_assets.briefs.set_edit import DERIVED, checked_for, parse_set
from lecture_assets.content import Effect
from lecture_assets.graph.apply_edits import apply_edit
from lecture_assets.graph.blank import is_blank
from lecture_assets.graph.edits import (
    MEDIA_KINDS,
    AddSegment,
    ChooseTake,
    Edit,
    Keep,
    Merge,
    Moment,
    MoveSegment,
    RemoveSegment,
    Reroll,
    SetInput,
    SetMedia,
    SetModel,
    SetText,
    Unpin,
)
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Editable, Holds
from lecture_assets.graph.node import parse_node_id
from lecture_assets.graph.settings import Settings
from lecture_assets.timeline.title import is_title

FORMS = (
    "set KEY=VALUE",
    "text NODE=VALUE",
    "text NODE=@FILE",
    "model NODE=PROVIDER:MODEL",
    "reroll NODE",
    "take NODE=NUMBER",
    "media NODE=@FILE",
    "unpin NODE",
    "keep NODE",
    "merge NODE",
    *SEGMENT_FORMS,
)
"""Every form of an edit."""
_VERBS = tuple(dict.fromkeys(form.split()[0] for form in FORMS))
_BARE: Mapping[str, type[Reroll | Unpin | Keep | Merge]] = {"reroll": Reroll, "unpin": Unpin, "keep": Keep, "merge": Merge}
"""Edits that consist of a verb and a node."""
_FILE = re.compile("@(?!@)")
_KEPT = re.compile("sha256:[0-9a-f]{64}")
_TAKE = re.compile("[1-9][0-9]{0,8}")

_ANY_MOMENT = Moment(0, lambda _node: None)
"""Whether an edit is possible does not depend on the state of the lecture's values."""


def parse_edit(
    text: str,
    current: Settings,
    names: Names = ANY_NAMES,
    read_file: ReadFile = read_text_file,
    read_medium: ReadMedium = no_medium,
) -> Edit:
    """Parse one edit. Raise WrongInputError if it is not one. current: needed where only a part of an input changes."""
    verb, rest = (*text.split(maxsplit=1), "", "")[:2]
    rest = rest.strip()
    match verb:
        case "set":
            edit = parse_set(*_pair(verb, rest, "KEY=VALUE"), current, names)
        case "text":
            edit = _text(*_pair(verb, rest, "NODE=VALUE"), read_file)
        case "model":
            edit = _model(*_pair(verb, rest, "NODE=PROVIDER:MODEL"), names)
        case "take":
            edit = _take(*_pair(verb, rest, "NODE=NUMBER"))
        case "media":
            edit = _media(*_pair(verb, rest, "NODE=@FILE"), read_medium)
        case "reroll" | "unpin" | "keep" | "merge":
            edit = _BARE[verb](_node(rest))
        case "segments":
            edit = parse_segments(rest)
        case _:
            _refuse_verb(verb, text)
    return edit


def _refuse_verb(verb: str, text: str) -> NoReturn:
    near = meant(verb, _VERBS)
    hint = f" (did you mean {near}?)" if near else ""
    refuse("edit", shown(text), f"one of {' · '.join(FORMS)}{hint}")


def parse_edits(
    texts: Sequence[str],
    current: Settings,
    names: Names = ANY_NAMES,
    read_file: ReadFile = read_text_file,
    read_medium: ReadMedium = no_medium,
) -> tuple[Edit, ...]:
    """Parse all edits, each seeing the inputs set by those before it. Raise WrongInputError with the faults of all of them.

    If an edit cannot be parsed, those that cannot be applied to `current` are reported too, so that people can fix all at once.
    """
    outcomes: list[Edit | WrongInputError] = []
    seen = current
    for text in texts:
        try:
            edit = parse_edit(text, seen, names, read_file, read_medium)
        except WrongInputError as error:
            outcomes.append(error)
            continue
        outcomes.append(edit)
        if isinstance(edit, SetInput):
            seen = replace(seen, inputs={**seen.inputs, edit.name: edit.value})
    edits = tuple(outcome for outcome in outcomes if not isinstance(outcome, WrongInputError))
    unfit = list(_unfit(edits, seen, names))
    if len(edits) < len(outcomes) or unfit:
        raise WrongInputError([*_faults(outcomes, current), *unfit])
    return edits


def _unfit(edits: Sequence[Edit], after: Settings, names: Names) -> Iterator[Fault]:
    """Yield voices and languages that a speech model of the lecture or of a node lacks, if an edit set one of the two."""
    values = {key: after.inputs[name] for name, key in KEY_OF.items() if name in after.inputs}
    own = {node: settings.model for node, settings in after.nodes.items() if settings.model}
    own |= {edit.node: edit.model for edit in edits if isinstance(edit, SetModel)}
    lecture = {KEY_OF[edit.name] for edit in edits if isinstance(edit, SetInput) and edit.name in KEY_OF}
    for wrong in names.unfit(values):
        if wrong.about & lecture:
            yield Fault(f"set {wrong.key}", wrong.found, wrong.allowed)
    for node, model in own.items():
        kind, cell = parse_node_id(node)
        key, is_played = f"models.{kind.role}", cell.segment is None or cell.segment in after.order
        is_new = any(isinstance(edit, SetModel) and edit.node == node for edit in edits)
        for wrong in names.unfit({**values, key: model}) if key == "models.speech" and is_played else ():
            if is_new or wrong.about & lecture:
                yield Fault(f"model {node}", model, f"a model with the {wrong.key} {wrong.found}; {wrong.allowed}")


def _faults(outcomes: Sequence[Edit | WrongInputError], settings: Settings) -> Iterator[Fault]:
    """Yield, in order, the faults of edits that could not be parsed and of those that cannot be applied."""
    for outcome in outcomes:
        try:
            if isinstance(outcome, WrongInputError):
                raise outcome
            settings = apply_edit(settings, outcome, _ANY_MOMENT)
        except WrongInputError as error:
            yield from error.faults


def edit_text(edit: Edit) -> str:  # noqa: PLR0911 - one per edit
    """Write an edit as text, as a lecture's history shows it. `parse_edit` turns it back into the same edit."""
    match edit:
        case SetInput(name, value):
            return f"set {name}={_value_text(value)}"
        case SetText(node, text):
            return f"text {node}={'@' if text.startswith('@') else ''}{text}"
        case SetModel(node, model):
            return f"model {node}={model}"
        case SetMedia(node, value):
            return f"media {node}=sha256:{cast('dict[str, Json]', value)['sha256']}"
        case ChooseTake(node, number):
            return f"take {node}={number}"
        case Reroll(node) | Unpin(node) | Keep(node) | Merge(node):
            return f"{next(verb for verb, sort in _BARE.items() if isinstance(edit, sort))} {node}"
        case AddSegment(after):
            return "segments add" if after is None else f"segments add:{after}"
        case RemoveSegment(slot):
            return f"segments remove:{slot}"
        case MoveSegment(slot, position):
            return f"segments move:{slot}:{position}"
        case _:
            assert_never(edit)


def _value_text(value: Json) -> str:
    if value is None:
        return DERIVED
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _pair(verb: str, text: str, form: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left.strip():
        refuse(verb, shown(text) if text else "nothing", f"{verb} {form}")
    return left.strip(), right.strip()


def _node(text: str) -> str:
    parse_node_id(text)
    return text


def _text(node: str, text: str, read_file: ReadFile) -> Edit:
    kind, _ = parse_node_id(node)
    words = read_file(text[1:]) if _FILE.match(text) else typed_text(text.removeprefix("@"))
    if kind.holds is Holds.EFFECT and words not in set(Effect):
        refuse(f"text {node}", shown(words), f"one of {', '.join(Effect)}")
    if node == TITLE_NODE and not is_blank(words) and not is_title(words):
        refuse(f"text {node}", shown(words), "a title with words, not of emoji or markup alone")
    return SetText(node, words)


def _take(node: str, number: str) -> Edit:
    parse_node_id(node)
    if not _TAKE.fullmatch(number):
        refuse(f"take {node}", shown(number), "the number of a take, from 1 (`lectures takes` lists them)")
    return ChooseTake(node, int(number))


def _media(node: str, source: str, read_medium: ReadMedium) -> Edit:
    """Read the medium only if the node can hold it: reading a film for a text node would be wasted effort."""
    kind, _ = parse_node_id(node)
    if kind.editable is not Editable.MEDIA:
        refuse(f"media {node}", kind.name, f"a node that holds media: {MEDIA_KINDS}")
    if not source.startswith("@") and not _KEPT.fullmatch(source):
        refuse(f"media {node}", shown(source), "@FILE, or sha256:… of media already stored")
    return SetMedia(node, read_medium(node, source))


def _model(node: str, model: str, names: Names) -> Edit:
    kind, _ = parse_node_id(node)
    if kind.role is None:
        refuse("model", node, "a node made by a model (llm: and asset: nodes)")
    return SetModel(node, cast("str", checked_for(f"models.{kind.role}", model, f"model {node}", names)))
