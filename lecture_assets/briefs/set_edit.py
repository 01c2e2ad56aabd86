"""Edits of inputs: the KEY=VALUE of `set`, which follows the rules of the brief's keys."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from lecture_assets.briefs.brief import INPUT_OF, SPELLINGS, TITLE_NODE
from lecture_assets.briefs.edit_sources import typed_text
from lecture_assets.briefs.pronunciations import WrongEntry, without_duplicates
from lecture_assets.briefs.rules import (
    LEXICON,
    Names,
    WrongValueError,
    checked,
    key_of,
    place_of,
    refuse,
    shown,
    type_of,
    unknown_key,
    wrong_parts,
)
from lecture_assets.graph.edits import Edit, SetInput, SetText
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.settings import Settings

DERIVED = "auto"
"""The value of num_segments that makes it follow from duration / segment_length again."""
_BOOLS: Mapping[str, bool] = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")


def parse_set(spelling: str, text: str, current: Settings, names: Names) -> Edit:
    """Return the edit for KEY=VALUE; `current` is needed where only a part of an input changes."""
    if spelling == "user-prompt":
        return SetInput(spelling, _both(text, names))
    if spelling.startswith(f"{LEXICON}."):
        return SetInput(LEXICON, _entry(spelling.removeprefix(f"{LEXICON}."), text, current, names))
    if spelling == LEXICON:
        return SetInput(LEXICON, _lexicon(text, names))
    key = key_of(spelling)
    if key is None and spelling == "segment-order":
        refuse("set", "segment-order", "segments move:S:POSITION")
    if key is None:
        refuse("set", shown(spelling), unknown_key(spelling, dict.fromkeys(SPELLINGS.values())))
    if key in {"prompt", "notes"}:
        return SetInput("user-prompt", _part(key, text, current, names))
    if key == "num_segments" and text == DERIVED:
        return SetInput("num-segments", None)
    value = checked_for(key, _typed(key, text), f"set {spelling}", names)
    return SetText(TITLE_NODE, cast("str", value)) if key == "title" else SetInput(INPUT_OF[key], value)


def _typed(key: str, text: str) -> Json:
    """Convert the text to the key's type; leave it alone if that is impossible, for the key's rule to refuse."""
    if type_of(key) is bool:
        return _BOOLS.get(text.lower(), text)
    if type_of(key) is int and _NUMBER.fullmatch(text):
        return int(text)
    return text


def _part(key: str, text: str, current: Settings, names: Names) -> Json:
    """Return both parts of the prompt with one changed. An empty part is removed as long as the other remains."""
    parts = dict(cast("dict[str, Json]", current.inputs["user-prompt"]))
    other = parts["notes" if key == "prompt" else "prompt"]
    if not text and other is not None:
        return {**parts, key: None}
    return {**parts, key: checked_for(key, typed_text(text), f"set {key}", names)}


def _entry(entry: str, said: str, current: Settings, names: Names) -> Json:
    """Return the lexicon with one entry added or changed, or removed if nothing is said for it."""
    lexicon = cast("dict[str, Json]", current.inputs[LEXICON])
    rest = {shown: said for shown, said in lexicon.items() if shown != " ".join(entry.split())}
    return checked_for(LEXICON, {**rest, entry: said} if said else rest, f"set {LEXICON}", names)


def _lexicon(text: str, names: Names) -> Json:
    """Parse a whole lexicon: `{"SQL": "sequel"}`, JSON."""
    form = 'JSON like {"SQL": "sequel"} ({} for none), or one entry: lexicon.SQL=sequel'
    try:
        pairs = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        refuse(f"set {LEXICON}", shown(text), form)
    if not isinstance(pairs, tuple):
        refuse(f"set {LEXICON}", shown(text), form)
    lexicon = without_duplicates(pairs)
    if isinstance(lexicon, WrongEntry):
        refuse(f"set {place_of(lexicon.entry)}", lexicon.found, lexicon.allowed)
    return checked_for(LEXICON, cast("Json", lexicon), f"set {LEXICON}", names)


def _both(text: str, names: Names) -> Json:
    """Parse `{"prompt": …, "notes": …}` as JSON, the form used in a lecture's history."""
    form = 'prompt=… or notes=…, or both as JSON: {"prompt": "…", "notes": null}'
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        refuse("set user-prompt", shown(text), form)
    if not isinstance(parts, dict) or parts.keys() != {"prompt", "notes"} or not any(parts.values()):
        refuse("set user-prompt", shown(text), form)
    return {key: None if part is None else checked_for(key, part, f"set {key}", names) for key, part in sorted(parts.items())}


def checked_for(key: str, value: Json, where: str, names: Names) -> Json:
    """Check a value against the rule of its key. Raise WrongInputError at `where` if it breaks it."""
    if faults := wrong_parts(key, value):
        raise WrongInputError([replace(fault, where=f"{where.partition(' ')[0]} {fault.where}") for fault in faults])
    try:
        return checked(key, value, names)
    except WrongValueError as error:
        refuse(where, error.found, error.allowed)
