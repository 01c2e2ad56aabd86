"""Whether a name that a brief or an edit uses exists: a voice, a language, a model. Needs no store."""

from collections.abc import Mapping

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Role
from lecture_assets.providers.catalogue import find_model
from lecture_assets.providers.simulated.voices import find_language, find_voice

_NAMED = {"voice": "voice", "language": "language"} | {f"{role}-model": f"models.{role}" for role in Role}
"""Inputs that name something, to the key of a brief that sets them."""


def check_name(key: str, value: str) -> str | None:
    """What is allowed instead of the value of this key of a brief (`voice`, `language`, `models.text`), None where it exists."""
    try:
        match key.partition("."):
            case "models", _, role:
                find_model(value, Role(role))
            case "voice", _, _:
                find_voice(value)
            case "language", _, _:
                find_language(value)
    except WrongInputError as error:
        return error.faults[0].allowed
    return None


def check_inputs(inputs: Mapping[str, Json]) -> None:
    """WrongInputError where an input names a voice, a language or a model that there is not."""
    values = {name: str(inputs[name]) for name in _NAMED}
    allowed = {name: check_name(_NAMED[name], value) for name, value in values.items()}
    faults = [Fault(name, repr(values[name]), instead) for name, instead in allowed.items() if instead]
    if faults:
        raise WrongInputError(faults)
