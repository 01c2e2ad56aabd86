"""A model's name as people write it, `provider:model:version?parameter=value`, and the errors for a wrong one. Pure."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role

_LONGEST = 300
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]*(/[A-Za-z0-9][A-Za-z0-9._:@-]*)*")
_NAME_AND_VERSION = re.compile(r"(?P<model>[^/:]+/[^/:]+):(?P<version>[0-9a-z]+)")


def provider_of(name: str) -> str:
    """The provider that is called for a model of this name."""
    return name.partition(":")[0]


@dataclass(frozen=True, slots=True)
class ModelName:
    """The parts of a model's name.

    text:        the whole name
    vendor_name: what the provider calls the model
    query:       the parameters, as in a URL
    version:     of the model, once `with_version` has separated it
    """

    text: str
    provider: str
    vendor_name: str
    query: str
    version: str | None = None

    @property
    def entry(self) -> str:
        """The name of the model's entry in the catalogue."""
        return f"{self.provider}:{self.vendor_name}"

    @property
    def is_valid(self) -> bool:
        """Whether the name is short enough and spelled as names are."""
        return len(self.text) <= _LONGEST and _NAME.fullmatch(self.vendor_name) is not None

    def with_version(self) -> "ModelName | None":
        """Separate the version from `owner/name:version`; None if there is none."""
        found = _NAME_AND_VERSION.fullmatch(self.vendor_name)
        return ModelName(self.text, self.provider, found["model"], self.query, found["version"]) if found else None


def parse_name(text: str) -> ModelName:
    """Split a name into its parts, valid or not."""
    provider, _, rest = text.partition(":")
    vendor_name, _, query = rest.partition("?")
    return ModelName(text, provider, vendor_name, query)


def wrong_name(text: str, role: Role, allowed: str) -> WrongInputError:
    """The error for a name that is no model of this role."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return WrongInputError([Fault(f"{role}-model", repr(shown), allowed)])


def read_parameters(name: ModelName, role: Role, schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Json]:
    """Merge the parameters in a name over the defaults. WrongInputError lists each that is unknown or has a wrong value."""
    found: dict[str, Json] = {key: schema["default"] for key, schema in schemas.items() if "default" in schema}
    faults = []
    for key, text in parse_qsl(name.query, keep_blank_values=True):
        schema = schemas.get(key)
        if schema is None:
            allowed = f"a parameter of this model ({', '.join(schemas) or 'it has none'})"
            faults.append(Fault(f"{role}-model", f"{key!r} in {name.text!r}", allowed))
            continue
        value = _read(text, schema)
        if not Draft202012Validator(schema).is_valid(value):
            faults.append(Fault(f"{role}-model", f"{key}={text} in {name.text!r}", _describe(key, schema)))
        found[key] = value
    if faults:
        raise WrongInputError(faults)
    return found


def _read(text: str, schema: Mapping[str, Any]) -> Json:
    """Convert a parameter to the type in its schema; return the text itself if that fails."""
    try:
        match schema.get("type"):
            case "integer":
                return int(text)
            case "number" if math.isfinite(number := float(text)):
                return number
    except ValueError:
        pass
    return text


def _describe(key: str, schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return f"{key}= one of {', '.join(map(str, schema['enum']))}"
    bounds = [f"{word} {schema[name]}" for name, word in (("minimum", "from"), ("maximum", "to")) if name in schema]
    longest = f" of at most {schema['maxLength']} characters" if "maxLength" in schema else ""
    return " ".join([f"{key}= a {schema.get('type', 'value')}{longest}", *bounds])
