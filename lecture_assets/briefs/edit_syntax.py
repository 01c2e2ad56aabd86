"""The words of an edit to an edit, and back: `set KEY=VALUE`, `text NODE=VALUE`, `reroll NODE`, `segments add:2`.

Values obey the rules of the brief's keys. That the lecture has the node is checked where the edit is applied (`graph/edits.py`).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn, TypeAlias, assert_never, cast

from lecture_assets.briefs.brief import INPUT_OF, KEY_OF, SPELLINGS, TITLE_NODE
from lecture_assets.briefs.files import UnreadableFileError, bytes_of
from lecture_assets.briefs.rules import (
    ANY_NAMES,
    Names,
    WrongValueError,
    checked,
    key_of,
    meant,
    refuse,
    shown,
    type_of,
    unknown_key,
)
from lecture_assets.briefs.segment_edit import SEGMENT_FORMS, parse_segments
from lecture_assets.content import Effect
from lecture_assets.graph.apply_edits import apply_edit
from lecture_assets.graph.edits import (
    MAX_TEXT,
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
from lecture_assets.graph.lecture import Editable, Holds
from lecture_assets.graph.node import parse_node_id
from lecture_assets.graph.settings import Settings
from lecture_assets.prose.readable import without_formats

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
"""Edits that name a node and nothing else."""
DERIVED = "auto"
"""The value of num_segments that lets duration / segment_length decide again."""
_BOOLS: Mapping[str, bool] = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_FILE = re.compile("@(?!@)")
_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
_KEPT = re.compile("sha256:[0-9a-f]{64}")
_TAKE = re.compile("[1-9][0-9]{0,8}")

_ANY_MOMENT = Moment(0, lambda _node: None)
"""Whether an edit is possible does not depend on when it is made."""

ReadFile: TypeAlias = Callable[[str], str]
"""The text of a file that an edit names with @; WrongInputError where it has none."""
ReadMedium: TypeAlias = Callable[[str, str], Json]
"""What a node holds of a file (`@FILE`) or of bytes that are kept already (`sha256:…`); WrongInputError where it is none."""


def read_text_file(path: str) -> str:
    """The text of a local file, spaces and lines around it taken off."""
    try:
        return _lines(bytes_of(path, 4 * MAX_TEXT).decode("utf-8-sig"))
    except (UnreadableFileError, UnicodeDecodeError) as error:
        found = str(error) if isinstance(error, UnreadableFileError) else "bytes that are not UTF-8"
        refuse("text", found, f"a text file in UTF-8, at most {MAX_TEXT:,} characters (@@ begins a text with @)", path)


def no_file(path: str) -> str:
    """For who reads edits of strangers: no file of this machine is theirs."""
    refuse("text", shown(f"@{path}"), "the text itself (a text that begins with @ is written @@)")


def no_medium(_node: str, source: str) -> Json:
    """For who has no place to keep bytes."""
    refuse("media", shown(source), "an edit where media are kept")


def parse_edit(
    text: str,
    current: Settings,
    names: Names = ANY_NAMES,
    read_file: ReadFile = read_text_file,
    read_medium: ReadMedium = no_medium,
) -> Edit:
    """The edit that a text says. WrongInputError where it says none. current: for edits of a part of an input."""
    verb, rest = (*text.split(maxsplit=1), "", "")[:2]
    rest = rest.strip()
    match verb:
        case "set":
            edit = _set(*_pair(verb, rest, "KEY=VALUE"), current, names)
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
    """All of them, each seeing what those before it set. WrongInputError with the faults of all, where one says nothing.

    Then those that could not be applied to `current` are named as well: a person mends all of a list at once.
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
    """Voices and languages that a speech model of the lecture, or of one of its nodes, has not, where an edit set one of them."""
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
                yield Fault(f"model {node}", model, f"a model that has the {wrong.key} {wrong.found}; {wrong.allowed}")


def _faults(outcomes: Sequence[Edit | WrongInputError], settings: Settings) -> Iterator[Fault]:
    """The faults of edits that say nothing, and of those that the lecture cannot have, in order."""
    for outcome in outcomes:
        try:
            if isinstance(outcome, WrongInputError):
                raise outcome
            settings = apply_edit(settings, outcome, _ANY_MOMENT)
        except WrongInputError as error:
            yield from error.faults


def edit_text(edit: Edit) -> str:  # noqa: PLR0911 - one an edit
    """The text that says this edit; what a lecture's history shows. `parse_edit` reads it back to the same edit."""
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


def _lines(text: str) -> str:
    return without_formats(text.replace("\r\n", "\n")).strip()


def _node(text: str) -> str:
    parse_node_id(text)
    return text


def _text(node: str, text: str, read_file: ReadFile) -> Edit:
    kind, _ = parse_node_id(node)
    words = read_file(text[1:]) if _FILE.match(text) else _lines(text.removeprefix("@"))
    if kind.holds is Holds.EFFECT and words not in set(Effect):
        refuse(f"text {node}", shown(words), f"one of {', '.join(Effect)}")
    return SetText(node, words)


def _take(node: str, number: str) -> Edit:
    parse_node_id(node)
    if not _TAKE.fullmatch(number):
        refuse(f"take {node}", shown(number), "the number of a take, from 1 (`lectures takes` lists them)")
    return ChooseTake(node, int(number))


def _media(node: str, source: str, read_medium: ReadMedium) -> Edit:
    """Looked at only where the node can hold it: reading a film for a text would be in vain."""
    kind, _ = parse_node_id(node)
    if kind.editable is not Editable.MEDIA:
        refuse(f"media {node}", kind.name, f"a node that holds a medium: {MEDIA_KINDS}")
    if not source.startswith("@") and not _KEPT.fullmatch(source):
        refuse(f"media {node}", shown(source), "@FILE, or sha256:… of bytes that are kept already")
    return SetMedia(node, read_medium(node, source))


def _model(node: str, model: str, names: Names) -> Edit:
    kind, _ = parse_node_id(node)
    if kind.role is None:
        refuse("model", node, "a node made by a model (llm: and asset: nodes)")
    return SetModel(node, cast("str", _checked(f"models.{kind.role}", model, f"model {node}", names)))


def _checked(key: str, value: Json, where: str, names: Names) -> Json:
    try:
        return checked(key, value, names)
    except WrongValueError as error:
        refuse(where, error.found, error.allowed)


def _set(spelling: str, text: str, current: Settings, names: Names) -> Edit:
    if spelling == "user-prompt":
        return SetInput(spelling, _both(text, names))
    key = key_of(spelling)
    if key is None and spelling == "segment-order":
        refuse("set", "segment-order", "segments move:S:POSITION")
    if key is None:
        refuse("set", shown(spelling), unknown_key(spelling, dict.fromkeys(SPELLINGS.values())))
    if key in {"prompt", "notes"}:
        return SetInput("user-prompt", _part(key, text, current, names))
    if key == "num_segments" and text == DERIVED:
        return SetInput("num-segments", None)
    value = _checked(key, _typed(key, text), f"set {spelling}", names)
    return SetText(TITLE_NODE, cast("str", value)) if key == "title" else SetInput(INPUT_OF[key], value)


def _typed(key: str, text: str) -> Json:
    """The text as the type that the key holds; left as it is where it is no such thing, for the rule to refuse."""
    if type_of(key) is bool:
        return _BOOLS.get(text.lower(), text)
    if type_of(key) is int and _NUMBER.fullmatch(text):
        return int(text)
    return text


def _part(key: str, text: str, current: Settings, names: Names) -> Json:
    """Both parts of the prompt with one of them changed; an empty one is taken away while the other remains."""
    parts = dict(cast("dict[str, Json]", current.inputs["user-prompt"]))
    other = parts["notes" if key == "prompt" else "prompt"]
    if not text and other is not None:
        return {**parts, key: None}
    return {**parts, key: _checked(key, _lines(text), f"set {key}", names)}


def _both(text: str, names: Names) -> Json:
    """`{"prompt": …, "notes": …}` as JSON, the form in which a history keeps it."""
    form = 'prompt=… or notes=…, or both as JSON: {"prompt": "…", "notes": null}'
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        refuse("set user-prompt", shown(text), form)
    if not isinstance(parts, dict) or parts.keys() != {"prompt", "notes"} or not any(parts.values()):
        refuse("set user-prompt", shown(text), form)
    return {key: None if part is None else _checked(key, part, f"set {key}", names) for key, part in sorted(parts.items())}
