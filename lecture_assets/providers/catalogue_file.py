"""The form of `models.toml`, and of a file of the user's over it. What its columns mean is said at the top of that file."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Role

VARIABLE = "LECTURES_CATALOGUE"
_ALLOWED = "a TOML file of models, like models.toml of the package"
Unit: TypeAlias = Literal[
    "call", "input token", "cached input token", "output token", "character", "image", "second", "compute second"
]
_Positive: TypeAlias = Annotated[int, Field(gt=0, le=10**9)]
_Bounds: TypeAlias = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


def _exact(value: Any) -> Any:
    """A figure of dollars without the error of a binary fraction."""
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool) else value


_Dollars: TypeAlias = Annotated[Fraction, BeforeValidator(_exact), Field(ge=0)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Price(_Row):
    """So many dollars for so many of a unit, where the parameters are these."""

    usd: _Dollars
    unit: Unit
    per: _Positive = 1
    when: Mapping[str, str | int] = Field(default_factory=dict)

    @property
    def usd_micros_per_unit(self) -> Fraction:
        """Micro-dollars for one."""
        return self.usd * 1_000_000 / self.per


class Vendor(_Row):
    """What all models of a vendor share."""

    calls_at_once: Annotated[int, Field(ge=1, le=1000)]
    requests_per_minute: _Positive | None = None
    tokens_per_minute: _Positive | None = None
    source: str
    read_on: date | None = None


class Entry(_Row):
    """One model in one role."""

    name: Annotated[str, Field(pattern=r"^[a-z]+:[A-Za-z0-9][A-Za-z0-9._/@-]*$")]
    role: Role
    price: Annotated[tuple[Price, ...], Field(min_length=1)]
    seconds: Annotated[float, Field(gt=0)]
    source: str
    read_on: date | None = None
    requests_per_minute: _Positive | None = None
    tokens_per_minute: _Positive | None = None
    parameters: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    expected: Mapping[Unit, _Bounds] = Field(default_factory=dict)
    voices: Mapping[str, str] = Field(default_factory=dict)
    input: Mapping[str, str] = Field(default_factory=dict)
    within: Mapping[str, _Bounds] = Field(default_factory=dict)
    version: str | None = None


class Listing(_Row):
    """A whole file."""

    provider: Mapping[str, Vendor] = Field(default_factory=dict)
    model: tuple[Entry, ...] = ()


@cache
def built_in() -> Listing:
    """What the package ships."""
    text = files("lecture_assets.providers").joinpath("models.toml").read_text("utf-8")
    return Listing.model_validate(_decimal(tomllib.loads(text, parse_float=Decimal)))


def read_listing(file: str, over: Listing) -> Listing:
    """A file of the user's over another listing. WrongInputError with a fault for each thing that is wrong in it."""
    if Path(file).exists() and not Path(file).is_file():
        raise WrongInputError([Fault(VARIABLE, f"{file!r}, which is no file", _ALLOWED)])
    try:
        document = tomllib.loads(Path(file).read_text("utf-8"), parse_float=Decimal)
        mine = Listing.model_validate(_decimal(document))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise WrongInputError([Fault(VARIABLE, f"{file!r}: {why}", _ALLOWED)]) from None
    except ValidationError as error:
        raise WrongInputError([_fault(file, document, fault) for fault in error.errors(include_url=False)]) from None
    models = {(entry.name, entry.role): entry for entry in (*over.model, *mine.model)}  # a replaced one keeps its place
    listing = Listing(provider={**over.provider, **mine.provider}, model=tuple(models.values()))
    strangers = {entry.name.partition(":")[0] for entry in mine.model} - set(listing.provider)
    if strangers:
        allowed = f"a provider of the file ({', '.join(listing.provider)}), or a table like [provider.{min(strangers)}]"
        raise WrongInputError([Fault(f"{file}: model", repr(name), allowed) for name in sorted(strangers)])
    return listing


def _fault(file: str, document: Mapping[str, Any], fault: Any) -> Fault:
    path = list(fault["loc"])
    at: Json = document.get("model")
    if len(path) > 1 and path[0] == "model" and isinstance(at, list) and isinstance(path[1], int):
        entry: Any = at[path[1]]
        path[1] = repr(entry.get("name", path[1])) if isinstance(entry, dict) else path[1]
    return Fault(f"{file}: {'.'.join(map(str, path))}", repr(fault["input"])[:80], fault["msg"])


def _decimal(value: Any) -> Any:
    """Decimals stay where they are exact dollars; everywhere else they are plain numbers."""
    if isinstance(value, dict):
        return {key: part if key == "usd" else _decimal(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_decimal(part) for part in value]
    return float(value) if isinstance(value, Decimal) else value
