"""The format of `models.toml`, and of the user's own file on top of it. The columns are explained at the top of that file.

Figures are bounded, so that no sum exceeds what the ledger can hold, and no time what a clock can.
"""

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

from jsonschema import Draft202012Validator, SchemaError
from jsonschema import ValidationError as JsonSchemaError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError, model_validator

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.prose.refusals import allowed_by, found_by
from lecture_assets.providers.vendors import vendors

VARIABLE = "LECTURES_CATALOGUE"
_ALLOWED = "a TOML file of models, like models.toml in the package"
Unit: TypeAlias = Literal[
    "call", "input token", "cached input token", "output token", "character", "image", "second", "compute second"
]
_LARGEST_FILE = 2**20
_MOST_A_UNIT_USD = 1_000
"""Per token, picture, second …: a lecture with 400 calls of a million units each still fits the ledger's 64 bits."""
_FINEST = -30
"""Smallest power of ten in a dollar amount that is accepted."""
_DEEPEST = 20
_Whole: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=10**6)]
_Positive: TypeAlias = Annotated[int, Field(strict=True, gt=0, le=10**9)]


def _in_order(bounds: tuple[int, int]) -> tuple[int, int]:
    if bounds[0] > bounds[1]:
        message = "the least must come before the most"
        raise ValueError(message)
    return bounds


_Bounds: TypeAlias = Annotated[tuple[_Whole, _Whole], AfterValidator(_in_order)]


def _exact(value: Any) -> Fraction:
    """Convert a dollar amount without the rounding of binary fractions."""
    if isinstance(value, Fraction):
        return value
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    number = Decimal(value) if is_number else Decimal("NaN")
    if not number.is_finite() or number < 0 or (number and not _FINEST <= number.adjusted() <= _LARGEST_EXPONENT):
        message = f"dollars are a number from 0 to {_MOST_A_UNIT_USD:,} for one unit"
        raise ValueError(message)
    return Fraction(number)


_LARGEST_EXPONENT = 13
"""Largest power of ten: the price of 10⁹ units at the highest price."""
_Dollars: TypeAlias = Annotated[Fraction, BeforeValidator(_exact)]
_OWN_OF_A_PREDICTION = frozenset({"prompt", "image", "webhook", "version"})
"""Fields that a request sets itself, for a role that the vendor's row does not cover. Parameters must not replace them."""


def _schema(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check a parameter's JSON Schema: its default is valid, and it has no references."""
    if _refers(value, 0):
        message = "a schema with a reference to another, or nested too deep"
        raise ValueError(message)
    try:
        json.dumps(value, allow_nan=False)
        Draft202012Validator.check_schema(value)
        if "default" in value:
            Draft202012Validator(value).validate(value["default"])
    except (SchemaError, JsonSchemaError) as error:
        raise ValueError(str(error.message)[:200]) from None
    return value


def _refers(value: Any, depth: int) -> bool:
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    if depth > _DEEPEST or (isinstance(value, Mapping) and {"$ref", "$dynamicRef"} & value.keys()):
        return True
    return any(_refers(part, depth + 1) for part in parts)


_Parameter: TypeAlias = Annotated[Mapping[str, JsonValue], AfterValidator(_schema)]


_Tag: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[a-z0-9]+)*$")]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class PriceRow(_Row):
    """A price: `usd` dollars per `per` units, if the parameters have the values in `when`."""

    usd: _Dollars
    unit: Unit
    per: _Positive = 1
    when: Mapping[str, str | int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_payable(self) -> Self:
        if self.usd > _MOST_A_UNIT_USD * self.per:
            message = f"dollars are a number from 0 to {_MOST_A_UNIT_USD:,} for one unit"
            raise ValueError(message)
        return self

    @property
    def usd_micros_per_unit(self) -> Fraction:
        """Micro-dollars per unit."""
        return self.usd * 1_000_000 / self.per


class VendorLimits(_Row):
    """Limits that all models of a vendor share."""

    calls_at_once: Annotated[int, Field(strict=True, ge=1, le=1000)]
    requests_per_minute: _Positive | None = None
    tokens_per_minute: _Positive | None = None
    source: str
    read_on: date | None = None


class ModelEntry(_Row):
    """One model in one role."""

    name: Annotated[str, Field(pattern=r"^[a-z]+:[A-Za-z0-9][A-Za-z0-9._/@-]*$")]
    role: Role
    price: Annotated[tuple[PriceRow, ...], Field(min_length=1)]
    seconds: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
    source: str
    read_on: date | None = None
    requests_per_minute: _Positive | None = None
    tokens_per_minute: _Positive | None = None
    parameters: Mapping[str, _Parameter] = Field(default_factory=dict)
    expected: Mapping[Unit, _Bounds] = Field(default_factory=dict)
    voices: Mapping[str, str] = Field(default_factory=dict)
    own_voices: Mapping[str, str] = Field(default_factory=dict)
    languages: tuple[_Tag, ...] = ()
    word_times: bool = False
    input: Mapping[str, str] = Field(default_factory=dict)
    within: Mapping[str, _Bounds] = Field(default_factory=dict)
    version: str | None = None

    @model_validator(mode="after")
    def _keeps_what_is_ours(self) -> Self:
        provider = self.name.partition(":")[0]
        said = vendors()[provider].own if provider in vendors() else {}
        own = said.get(self.role, frozenset(self.input.values()) | _OWN_OF_A_PREDICTION)
        if taken := sorted(own & self.parameters.keys()):
            message = f"{', '.join(taken)} in `parameters` is set by the request itself"
            raise ValueError(message)
        return self


class SimulatedSpeech(_Row):
    """The voices of the simulated vendor, each with a description for choosing one, and the languages that all of them read."""

    voices: Mapping[str, str] = Field(default_factory=dict)
    languages: tuple[_Tag, ...] = ()


class Listing(_Row):
    """A whole file."""

    simulated_speech: SimulatedSpeech = SimulatedSpeech()
    provider: Mapping[str, VendorLimits] = Field(default_factory=dict)
    model: tuple[ModelEntry, ...] = ()


@cache
def built_in() -> Listing:
    """Return the models shipped with the package, and with the packages of other vendors."""
    text = files("lecture_assets.providers").joinpath("models.toml").read_text("utf-8")
    listing = Listing.model_validate(_decimal(tomllib.loads(text, parse_float=Decimal)))
    for vendor in vendors().values():
        if vendor.models is not None:
            listing = read_listing(str(vendor.models), listing, f"models of the vendor {vendor.name}")
    return listing


def read_listing(file: str, over: Listing, where: str = VARIABLE) -> Listing:
    """Read a file on top of another listing. WrongInputError lists everything that is wrong.

    where: what the file was named by
    """
    document = _read(file, where)
    if "simulated_speech" in document:
        raise WrongInputError([Fault(f"{file}: simulated_speech", "a table", "models and providers: its voices are espeak-ng's")])
    try:
        mine = Listing.model_validate(document)
    except ValidationError as error:
        raise WrongInputError([_fault(file, document, fault) for fault in _own_faults(error)]) from None
    models = {(entry.name, entry.role): entry for entry in (*over.model, *mine.model)}  # a replaced model keeps its position
    providers = {**over.provider, **mine.provider}
    listing = Listing(simulated_speech=over.simulated_speech, provider=providers, model=tuple(models.values()))
    strangers = {entry.name.partition(":")[0] for entry in mine.model} - set(listing.provider)
    if strangers:
        allowed = f"a provider in the file ({', '.join(listing.provider)}), or a table like [provider.{min(strangers)}]"
        raise WrongInputError([Fault(f"{file}: model", repr(name), allowed) for name in sorted(strangers)])
    return listing


def _read(file: str, where: str) -> dict[str, Any]:
    if Path(file).exists() and not Path(file).is_file():
        raise WrongInputError([Fault(where, f"{file!r}, which is not a file", _ALLOWED)])
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(_LARGEST_FILE + 1)
        if len(content) > _LARGEST_FILE:
            raise WrongInputError([Fault(where, f"{file!r}: more than {_LARGEST_FILE:,} bytes", _ALLOWED)])
        document: dict[str, Any] = _decimal(tomllib.loads(content.decode("utf-8"), parse_float=Decimal))
    except RecursionError:
        raise WrongInputError([Fault(where, f"{file!r}: nested too deep", _ALLOWED)]) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise WrongInputError([Fault(where, f"{file!r}: {why[:200]}", _ALLOWED)]) from None
    return document


def _own_faults(error: ValidationError) -> list[Any]:
    """Keep one fault per mistake, without those that only follow from it for the list around it."""
    faults = error.errors(include_url=False)
    places = [tuple(fault["loc"]) for fault in faults]
    return [
        fault
        for fault, place in zip(faults, places, strict=True)
        if not any(len(other) > len(place) and other[: len(place)] == place for other in places)
    ]


def _fault(file: str, document: Mapping[str, Any], fault: Any) -> Fault:
    path = list(fault["loc"])
    at: Json = document.get("model")
    if len(path) > 1 and path[0] == "model" and isinstance(at, list) and isinstance(path[1], int):
        entry: Any = at[path[1]]
        path[1] = repr(entry.get("name", path[1])) if isinstance(entry, dict) else path[1]
    found = fault["input"]
    shown = repr(found)[:80] if isinstance(found, str | int | float) else str(found)[:80]
    if isinstance(found, dict | list | tuple):
        shown = "a table" if isinstance(found, dict) else "a list"
    return Fault(f"{file}: {'.'.join(map(str, path))}", found_by(fault) or shown, allowed_by(fault))


def _decimal(value: Any) -> Any:
    """Keep decimals where they are exact dollar amounts; convert all others to floats."""
    if isinstance(value, dict):
        return {key: part if key == "usd" else _decimal(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_decimal(part) for part in value]
    return float(value) if isinstance(value, Decimal) else value
