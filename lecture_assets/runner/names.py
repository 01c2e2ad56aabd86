"""Whether a name that a brief or an edit uses exists: a voice, a language, a model. Needs no store."""

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.lecture import Role
from lecture_assets.providers.catalogue import find_model
from lecture_assets.providers.simulated.voices import find_language, find_voice


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
