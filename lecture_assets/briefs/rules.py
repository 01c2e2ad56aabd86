"""Check one value against the rule of its key and describe the fault. The rules are in `brief.py`.

They apply to keys in a file and to `set KEY=VALUE` alike.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, Protocol, cast, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from lecture_assets.briefs.brief import SPELLINGS, Brief, Impossible, Models
from lecture_assets.briefs.pronunciations import wrong_entries
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json

LEXICON = "lexicon"
"""The key whose value is a mapping of any words."""
SHOWN = 60
"""The most characters of a value repeated in an error."""


class Names(Protocol):
    """The names known to vendors: models, and the voices and languages of each."""

    def instead_of(self, key: str, model: str) -> str | None:
        """Return what is allowed instead of this model for a key `models.ROLE`; None if the model exists."""

    def unfit(self, values: Mapping[str, Json]) -> Sequence[Impossible]:
        """Return names that do not fit together: a voice or language the speech model lacks. Omitted keys have their defaults."""


class _AnyNames:
    def instead_of(self, key: str, model: str) -> None:  # noqa: ARG002 - the protocol's
        return None

    def unfit(self, values: Mapping[str, Json]) -> Sequence[Impossible]:  # noqa: ARG002 - the protocol's
        return ()


ANY_NAMES: Names = _AnyNames()
"""Accepts every name, for callers without vendors."""


def _fields() -> dict[str, FieldInfo]:
    fields = {key: field for key, field in Brief.model_fields.items() if key != "models"}
    return fields | {f"models.{role}": field for role, field in Models.model_fields.items()}


_FIELDS: Mapping[str, FieldInfo] = _fields()
_ADAPTERS: Mapping[str, TypeAdapter[Json]] = {
    key: TypeAdapter(field.rebuild_annotation(), config=ConfigDict(strict=True)) for key, field in _FIELDS.items()
}


def allowed(key: str) -> str:
    """Describe what a key allows."""
    return cast("str", _FIELDS[key].description)


def type_of(key: str) -> type:
    """Return the type of a key's values: str, int or bool."""
    annotation = _FIELDS[key].annotation
    given = [choice for choice in get_args(annotation) if choice is not type(None)]
    return _bare(given[0] if given else annotation)


def _bare(annotation: Any) -> type:
    return cast("type", get_args(annotation)[0] if get_args(annotation) else annotation)


class WrongValueError(ValueError):
    """A value that breaks the rule of its key."""

    def __init__(self, found: str, allowed: str) -> None:
        """Describe what was found and what is allowed."""
        self.found, self.allowed = found, allowed
        super().__init__(f"found {found}; allowed: {allowed}")


def checked(key: str, value: Json, names: Names = ANY_NAMES) -> Json:
    """Return the value as the lecture will hold it, without surrounding spaces. Raise WrongValueError if it is not allowed."""
    if value is None:
        raise WrongValueError(shown(value), f"{allowed(key)}; or leave the line out")
    try:
        clean = _ADAPTERS[key].validate_python(value)
    except ValidationError as error:
        raise WrongValueError(_found(value, error), allowed(key)) from None
    instead = names.instead_of(key, clean) if isinstance(clean, str) and key.startswith("models.") else None
    if instead is not None:
        raise WrongValueError(shown(clean), instead)
    return clean


def wrong_parts(key: str, value: Json) -> list[Fault]:
    """Return a fault for each wrong entry of a lexicon, at `lexicon.ENTRY`; none for other keys and for what is no mapping."""
    if key != LEXICON or not isinstance(value, dict):
        return []
    return [Fault(place_of(wrong.entry), wrong.found, wrong.allowed) for wrong in wrong_entries(value)]


def place_of(entry: str) -> str:
    """Return where a fault of an entry of the lexicon is reported; without one, that of all of them."""
    if not entry:
        return LEXICON
    return f"{LEXICON}.{entry}" if entry.isprintable() and len(entry) <= SHOWN else f"{LEXICON}.{shown(entry)}"


def _found(value: Json, error: ValidationError) -> str:
    first = error.errors()[0]
    match first["type"], value:
        case "value_error", _:
            return str(first["ctx"]["error"])
        case "string_too_long", str():
            return f"{len(value):,} characters"
        case "string_too_short", _:
            return "an empty text"
        case "string_unicode", _:
            return "invalid Unicode (half of a surrogate pair)"
        case _:
            return shown(value)


def refuse(where: str, found: str, allowed: str, file: str | None = None) -> NoReturn:
    """Raise WrongInputError with one fault."""
    raise WrongInputError([Fault(where, found, allowed, file)]) from None


def shown(value: Json) -> str:
    """Return a value for display in an error: shortened, on one line, without control characters."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            text = ascii(value) if any("\ud800" <= character <= "\udfff" for character in value) else repr(value)
            return text if len(text) <= SHOWN else f"{text[: SHOWN - 2]}…{text[0]}"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            text = str(value)
            return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None."""
    known = tuple(known)
    if word.lower() in known:
        return word.lower()
    near = difflib.get_close_matches(word.lower()[:SHOWN], known, n=1, cutoff=0.7)
    return near[0] if near else None


def key_of(spelling: str) -> str | None:
    """Return the key for a spelling (`image-style`, `text_model`), or None."""
    return SPELLINGS.get(spelling)


def unknown_key(spelling: str, known: Iterable[str]) -> str:
    """Describe what is allowed instead of an unknown key: the one probably meant, or all keys."""
    known = tuple(known)
    near = meant(spelling, (*known, *SPELLINGS))
    if near is None:
        return f"one of {', '.join(known)}"
    key = SPELLINGS.get(near, near)
    nested = key.startswith("models.") and not spelling.startswith("models.")
    return f"a known key; did you mean {key.removeprefix('models.') + ' under models' if nested else key}?"
