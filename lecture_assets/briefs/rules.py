"""One value against the rule of its key, and the sentence about it where it breaks the rule. `brief.py` has the rules.

The same rules hold for a key in a file and for `set KEY=VALUE`.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, Protocol, cast, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from lecture_assets.briefs.brief import SPELLINGS, Brief, Impossible, Models
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json

SHOWN = 60
"""Characters of a value that an error repeats."""


class Names(Protocol):
    """What exists at vendors under a name: models, and the voices and languages of each."""

    def instead_of(self, key: str, model: str) -> str | None:
        """What is allowed for a key `models.ROLE` instead of this model, None where there is the model."""

    def unfit(self, values: Mapping[str, Json]) -> Sequence[Impossible]:
        """Names that do not go together: a voice or a language that the speech model has not. A key left out has its default."""


class _AnyNames:
    def instead_of(self, key: str, model: str) -> None:  # noqa: ARG002 - the protocol's
        return None

    def unfit(self, values: Mapping[str, Json]) -> Sequence[Impossible]:  # noqa: ARG002 - the protocol's
        return ()


ANY_NAMES: Names = _AnyNames()
"""For who knows no vendors: every name may exist."""


def _fields() -> dict[str, FieldInfo]:
    fields = {key: field for key, field in Brief.model_fields.items() if key != "models"}
    return fields | {f"models.{role}": field for role, field in Models.model_fields.items()}


_FIELDS: Mapping[str, FieldInfo] = _fields()
_ADAPTERS: Mapping[str, TypeAdapter[Json]] = {
    key: TypeAdapter(field.rebuild_annotation(), config=ConfigDict(strict=True)) for key, field in _FIELDS.items()
}


def allowed(key: str) -> str:
    """What a key allows, as a person would say it."""
    return cast("str", _FIELDS[key].description)


def type_of(key: str) -> type:
    """str, int or bool: what a key holds when it is given."""
    annotation = _FIELDS[key].annotation
    given = [choice for choice in get_args(annotation) if choice is not type(None)]
    return _bare(given[0] if given else annotation)


def _bare(annotation: Any) -> type:
    return cast("type", get_args(annotation)[0] if get_args(annotation) else annotation)


class WrongValueError(ValueError):
    """A value that breaks the rule of its key."""

    def __init__(self, found: str, allowed: str) -> None:
        """What was found, as a person would say it; what is allowed."""
        self.found, self.allowed = found, allowed
        super().__init__(f"found {found}; allowed: {allowed}")


def checked(key: str, value: Json, names: Names = ANY_NAMES) -> Json:
    """The value as the lecture will hold it (spaces around a text taken off); WrongValueError where the key does not allow it."""
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
            return "text that is not Unicode (half of a surrogate pair)"
        case _:
            return shown(value)


def refuse(where: str, found: str, allowed: str, file: str | None = None) -> NoReturn:
    """Raise WrongInputError of one fault."""
    raise WrongInputError([Fault(where, found, allowed, file)]) from None


def shown(value: Json) -> str:
    """A value as an error repeats it: shortened, on one line, without characters that a terminal would obey."""
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
    """The known word that a person probably meant, None where nothing is near."""
    known = tuple(known)
    if word.lower() in known:
        return word.lower()
    near = difflib.get_close_matches(word.lower()[:SHOWN], known, n=1, cutoff=0.7)
    return near[0] if near else None


def key_of(spelling: str) -> str | None:
    """The key that a spelling stands for (`image-style`, `text_model`); None where there is none."""
    return SPELLINGS.get(spelling)


def unknown_key(spelling: str, known: Iterable[str]) -> str:
    """What is allowed instead of a key that does not exist: the one that was meant, or all there are."""
    known = tuple(known)
    near = meant(spelling, (*known, *SPELLINGS))
    if near is None:
        return f"one of {', '.join(known)}"
    key = SPELLINGS.get(near, near)
    nested = key.startswith("models.") and not spelling.startswith("models.")
    return f"a key that exists; did you mean {key.removeprefix('models.') + ' under models' if nested else key}?"
