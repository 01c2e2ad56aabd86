"""Whether a name that a brief or an edit uses exists: a voice, a language, a model. Needs no store."""

import os
from collections.abc import Callable, Mapping

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Role
from lecture_assets.providers.catalogue import Catalogue, read_catalogue
from lecture_assets.providers.simulated.voices import find_language, find_voice

_NAMED = {"voice": "voice", "language": "language"} | {f"{role}-model": f"models.{role}" for role in Role}
"""Inputs that name something, to the key of a brief that sets them."""

Check = Callable[[str, str], str | None]
"""What is allowed instead of the value of a key of a brief (`voice`, `language`, `models.text`), None where it exists."""


def name_check(catalogue: Catalogue) -> Check:
    """The check against the models of a catalogue. A model whose vendor has no key is none that can be used."""

    def check(key: str, value: str) -> str | None:
        try:
            match key.partition("."):
                case "models", _, role:
                    catalogue.find(value, Role(role))
                    missing = catalogue.without_key(value)
                    return f"a model of a vendor whose key is set ({missing} is not)" if missing else None
                case "voice", _, _:
                    find_voice(value)
                case "language", _, _:
                    find_language(value)
        except WrongInputError as error:
            return error.faults[0].allowed
        return None

    return check


def check_name(key: str, value: str) -> str | None:
    """The check against the models of this process's environment."""
    return name_check(read_catalogue(os.environ))(key, value)


def check_inputs(inputs: Mapping[str, Json], check: Check) -> None:
    """WrongInputError where an input names a voice, a language or a model that there is not."""
    values = {name: str(inputs[name]) for name in _NAMED}
    allowed = {name: check(_NAMED[name], value) for name, value in values.items()}
    faults = [Fault(name, repr(values[name]), instead) for name, instead in allowed.items() if instead]
    if faults:
        raise WrongInputError(faults)
