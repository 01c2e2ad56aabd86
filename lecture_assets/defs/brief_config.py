"""The keys of a brief as config of a job: typed and described in the launchpad, checked as in a file."""

from typing import Any, cast

from dagster import Config
from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from lecture_assets.briefs.brief import Brief, Models
from lecture_assets.briefs.reading import brief_from_values
from lecture_assets.briefs.rules import Names, type_of
from lecture_assets.graph.fingerprint import Json

_OWN = {"prompt", "models"}
"""Keys with a line of their own here. The prompt has a default so that the launchpad begins with it."""


def _optional(name: str, field: FieldInfo) -> tuple[Any, Any]:
    """A key that may be left out: only then does the brief have its default, which may depend on other keys."""
    default = "" if field.default is None else f" By default: {field.default}"
    return type_of(name) | None, Field(default=None, description=f"{field.description}.{default}")


_MODELS = create_model(
    "BriefModelsConfig",
    __base__=Config,
    __doc__="Models by role.",
    **cast("dict[str, Any]", {role: _optional(f"models.{role}", field) for role, field in Models.model_fields.items()}),
)
BriefConfig = create_model(
    "BriefConfig",
    __base__=Config,
    __doc__="What the lecture is about and how it should be; `prompt` or `notes` is required, everything else has a default.",
    **cast("dict[str, Any]", {key: _optional(key, field) for key, field in Brief.model_fields.items() if key not in _OWN}),
    prompt=(
        str,
        Field(default="", description=f"{Brief.model_fields['prompt'].description}. Leave it empty if there are notes."),
    ),
    models=(_MODELS, Field(default=_MODELS(), description="Models by role, like `text: openai:gpt-5`.")),
)


def brief_of_config(config: Config, names: Names) -> Brief:
    """The brief. WrongInputError with every fault."""
    given = {key: value for key, value in config if key != "models"}
    given |= {f"models.{role}": value for role, value in config.models}  # type: ignore[attr-defined]
    values: dict[str, Json] = {key: value for key, value in given.items() if value not in {None, ""}}
    return brief_from_values(values, names)
