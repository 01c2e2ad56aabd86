"""Read a file as a `Brief`, reporting every fault at once, each with its line. What a key allows is defined in `brief.py`.

bytes --text--> str --entries (written.py)--> keys, values, lines --checked (rules.py)--> Brief
"""

import importlib.resources
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lecture_assets.briefs.brief import Brief, Models, impossible
from lecture_assets.briefs.files import UnreadableFileError, bytes_of
from lecture_assets.briefs.pronunciations import ALLOWED_SAID
from lecture_assets.briefs.rules import (
    ANY_NAMES,
    LEXICON,
    Names,
    WrongValueError,
    allowed,
    checked,
    meant,
    place_of,
    shown,
    type_of,
    unknown_key,
    wrong_parts,
)
from lecture_assets.briefs.typed import Typed, read_typed
from lecture_assets.briefs.written import WrittenBrief, WrittenEntry, entries
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json

MAX_BYTES = 1_000_000
"""The most bytes in a brief: twice the longest notes in the script with the longest encoding."""
_IN_QUOTES = "; write it in quotes so that it is read as text"
_WRITTEN_AS_IS = {"aspect_ratio"}
"""Keys whose unquoted value is taken as spelled: 16:9 is the number 969 in YAML 1.1, but a ratio to people."""


def read_brief(path: str | Path, names: Names = ANY_NAMES) -> Brief:
    """Read the brief in a YAML or JSON file. Raise WrongInputError listing every fault with its line."""
    file = str(path)
    return _brief(_text(_bytes(file), file), file, names)


def brief_from_prompt(prompt: str, names: Names = ANY_NAMES) -> Brief:
    """Return the brief for a typed prompt (`typed.py`), with defaults for everything not mentioned."""
    return brief_of(read_typed(prompt), names)


def brief_of(typed: Typed, names: Names = ANY_NAMES) -> Brief:
    """Return the brief for a parsed prompt. Raise WrongInputError with a fault for every impossible setting."""
    return brief_from_values({"prompt": typed.prompt, **typed.settings}, names)


def brief_from_values(given: Mapping[str, Json], names: Names = ANY_NAMES) -> Brief:
    """Return the brief with these values by key (`models.text` for a model). Raise WrongInputError with every fault."""
    values: dict[str, Json] = {}
    faults: list[Fault] = []
    for key, value in given.items():
        if wrong := wrong_parts(key, value):
            faults += wrong
            continue
        try:
            values[key] = checked(key, value, names)
        except WrongValueError as error:
            faults.append(Fault(key, error.found, error.allowed))
    faults += [Fault(w.key, w.found, w.allowed) for w in (*impossible(values), *names.unfit(values)) if not faults]
    if faults:
        raise WrongInputError(faults)
    return _made(values)


def brief_from_document(given: Mapping[str, Any], names: Names = ANY_NAMES) -> Brief:
    """Return the brief that a JSON document is. Raise WrongInputError with every fault, unknown keys among them."""
    models = given.get("models", {})
    if not isinstance(models, Mapping):
        raise WrongInputError([Fault("models", shown(str(models)), allowed("models"))])
    flat = {key: value for key, value in given.items() if key != "models"} | {f"models.{role}": m for role, m in models.items()}
    known = {*Brief.model_fields, *(f"models.{role}" for role in Models.model_fields)} - {"models"}
    if faults := [Fault(shown(key), "an unknown key", unknown_key(key, known)) for key in flat if key not in known]:
        raise WrongInputError(faults)
    return brief_from_values(flat, names)


def example_names() -> tuple[str, ...]:
    """Return the names of the briefs that ship with the package."""
    folder = importlib.resources.files("lecture_assets") / "examples"
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def read_example(name: str, names: Names = ANY_NAMES) -> Brief:
    """Read a brief that ships with the package."""
    if name not in example_names():
        near = meant(name, example_names())
        hint = f" (did you mean {near}?)" if near else ""
        raise WrongInputError([Fault("example", shown(name), f"one of {', '.join(example_names())}{hint}")])
    source = importlib.resources.files("lecture_assets") / "examples" / f"{name}.yaml"
    return _brief(_text(source.read_bytes(), f"{name}.yaml"), f"{name}.yaml", names)


def _bytes(file: str) -> bytes:
    try:
        return bytes_of(file, MAX_BYTES)
    except UnreadableFileError as error:
        raise _unreadable(file, str(error)) from None


def _unreadable(file: str, found: str, line: int | None = None) -> WrongInputError:
    return WrongInputError([Fault("brief", found, "a brief: a YAML or JSON text file in UTF-8", file, line)])


def _text(content: bytes, file: str) -> str:
    if b"\0" in content:
        raise _unreadable(file, "a binary file, or text in UTF-16")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"the byte 0x{content[error.start]:02x}, which is not UTF-8"
        raise _unreadable(file, byte, content.count(b"\n", 0, error.start) + 1) from None
    if file.endswith(".json") or text.lstrip().startswith("{"):
        return _json_text(text, file)
    return text


def _json_text(text: str, file: str) -> str:
    """Return JSON that YAML can read: tabs, which only occur between tokens, become spaces. Line numbers stay the same."""
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        if file.endswith(".json") and text.strip():
            too_deep = "a number that is too long, or brackets nested too deeply"
            found = error.msg if isinstance(error, json.JSONDecodeError) else too_deep
            line = error.lineno if isinstance(error, json.JSONDecodeError) else None
            raise WrongInputError([Fault("JSON", found, "a JSON object", file, line)]) from None
        return text
    return text.replace("\t", " ")


@dataclass(slots=True)
class _ReadSoFar:
    """The reading of a file so far: valid values by key, the line of every key, and the faults."""

    file: str
    names: Names
    values: dict[str, Json] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, found: str, allowed: str, line: int | None) -> None:
        where = key if key.isprintable() and len(shown(key)) == len(key) + 2 else shown(key)
        self.faults.append(Fault(where, found, allowed, self.file, line))


def _brief(text: str, file: str, names: Names) -> Brief:
    so_far = _ReadSoFar(file, names)
    for entry in _once(so_far, entries(text, file), ""):
        _read(so_far, entry)
    _whole(so_far)
    if so_far.faults:
        raise WrongInputError(sorted(so_far.faults, key=lambda fault: fault.line or 0))
    return _made(so_far.values)


def _once(so_far: _ReadSoFar, found: Sequence[WrittenEntry], prefix: str) -> Iterator[WrittenEntry]:
    """Yield the entries with a known key, each key once; record a fault for each of the others."""
    known = tuple(f"{prefix}{key}" for key in (Models if prefix else Brief).model_fields)
    for entry in found:
        key = f"{prefix}{entry.key}"
        if key not in known:
            so_far.fault(key, "an unknown key", unknown_key(key, known), entry.line)
        elif key in so_far.lines:
            so_far.fault(key, f"a repeated key (first on line {so_far.lines[key]})", "each key once", entry.line)
        else:
            so_far.lines[key] = entry.line
            yield WrittenEntry(key, entry.line, entry.value)


def _read(so_far: _ReadSoFar, entry: WrittenEntry) -> None:
    if entry.key == "models":
        if isinstance(entry.value, WrittenBrief):
            names = f"a mapping with any of {', '.join(Models.model_fields)}, each on its own indented line"
            so_far.fault("models", entry.value.found, names, entry.value.line)
            return
        for model in _once(so_far, entry.value, "models."):
            _read(so_far, model)
    elif entry.key == LEXICON and not isinstance(entry.value, WrittenBrief):
        _read_lexicon(so_far, entry.value)
    elif isinstance(entry.value, WrittenBrief):
        so_far.lines[entry.key] = entry.value.line
        _take(so_far, entry.key, entry.value)
    else:
        so_far.fault(entry.key, "a mapping", allowed(entry.key), entry.line)


def _read_lexicon(so_far: _ReadSoFar, found: Sequence[WrittenEntry]) -> None:
    """Take the lexicon, or record a fault for each wrong entry."""
    lexicon: dict[str, Json] = {}
    lines: dict[str, int] = {}
    known = len(so_far.faults)
    for entry in found:
        place = place_of(entry.key)
        if place in lines:
            so_far.fault(place, f"a repeated entry (first on line {lines[place]})", "each word or phrase once", entry.line)
            continue
        lines[place] = entry.line
        if not isinstance(entry.value, WrittenBrief):
            so_far.fault(place, "a mapping", ALLOWED_SAID, entry.line)
        elif not isinstance(entry.value.value, str):
            quoted = _IN_QUOTES if entry.value.raw else ""
            so_far.fault(place, entry.value.found, f"{ALLOWED_SAID}{quoted}", entry.value.line)
        else:
            lexicon[entry.key] = entry.value.value
    for fault in wrong_parts(LEXICON, lexicon):
        so_far.fault(fault.where, fault.found, fault.allowed, lines.get(fault.where, so_far.lines[LEXICON]))
    if len(so_far.faults) == known:
        so_far.values[LEXICON] = checked(LEXICON, lexicon, so_far.names)


def _take(so_far: _ReadSoFar, key: str, given: WrittenBrief) -> None:
    if key in _WRITTEN_AS_IS and given.raw:
        given = WrittenBrief(given.line, given.raw, shown(given.raw), given.raw)
    if given.wrong:
        so_far.fault(key, given.found, _hinted(key, given, allowed(key)), given.line)
        return
    try:
        so_far.values[key] = checked(key, given.value, so_far.names)
    except WrongValueError as error:
        found = error.found if isinstance(given.value, str) else given.found
        so_far.fault(key, found, _hinted(key, given, error.allowed), given.line)


def _hinted(key: str, given: WrittenBrief, rule: str) -> str:
    """Return what is allowed, with a hint if adding or removing quotes would help."""
    is_text, is_nothing = isinstance(given.value, str), given.value is None and not given.wrong
    if type_of(key) is str and given.raw and not is_text and not is_nothing:
        return f"{rule}{_IN_QUOTES}"
    if type_of(key) is not str and is_text and given.raw is None:
        return f"{rule}; write it without quotes"
    return rule


def _whole(so_far: _ReadSoFar) -> None:
    """Record faults of the brief as a whole, except where one of the keys concerned is already at fault."""
    broken = so_far.lines.keys() - so_far.values.keys()
    for wrong in (*impossible(so_far.values), *so_far.names.unfit(so_far.values)):
        if not wrong.about & broken:
            so_far.fault(wrong.key, wrong.found, wrong.allowed, so_far.lines.get(wrong.key))


def _made(values: dict[str, Json]) -> Brief:
    models = {key.removeprefix("models."): value for key, value in values.items() if key.startswith("models.")}
    return Brief.model_validate({key: value for key, value in values.items() if "." not in key} | {"models": models})
