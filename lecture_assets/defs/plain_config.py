"""Config of ops without Dagster's `{env: NAME}`, by which whoever launches a run could have a secret printed in its log."""

from collections.abc import Mapping
from typing import Any, TypeVar

from dagster import Array, BoolSource, Config, Field, IntSource, Noneable, Shape, StringSource
from pydantic import ValidationError

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.prose.refusals import allowed_by, found_by

_Given = TypeVar("_Given", bound=Config)


def read_config(config: type[_Given], given: Mapping[str, Any]) -> _Given:
    """A Config from what was given; WrongInputError if a number is out of bounds, which Dagster does not check."""
    try:
        return config(**given)
    except ValidationError as error:
        faults = [
            Fault(".".join(map(str, fault["loc"])), found_by(fault) or repr(fault["input"]), allowed_by(fault))
            for fault in error.errors()
        ]
        raise WrongInputError(faults) from None


def plain_schema(config: type[Config]) -> Field:
    """The schema of a Config class, with plain texts, numbers and truth values only."""
    schema = config.to_config_schema().as_field()
    return Field(_plain(schema.config_type), description=config.__doc__)


def _plain(config_type: Any) -> Any:
    for source, value_type in ((StringSource, str), (IntSource, int), (BoolSource, bool)):
        if config_type is source:
            return value_type
    if isinstance(config_type, Array):
        return Array(_plain(config_type.inner_type))
    if isinstance(config_type, Noneable):
        return Noneable(_plain(config_type.inner_type))
    if isinstance(config_type, Shape):
        return Shape({name: _plain_field(field) for name, field in config_type.fields.items()})  # type: ignore[no-untyped-call]
    return config_type


def _plain_field(field: Field) -> Field:
    default = {"default_value": field.default_value} if field.default_provided else {}
    return Field(_plain(field.config_type), is_required=field.is_required, description=field.description, **default)
