"""Numbers that an environment variable sets by name, as a JSON object of whole numbers."""

import json
from collections.abc import Mapping

from lecture_assets.graph.errors import Fault, WrongInputError


def whole_numbers(
    variable: str, environ: Mapping[str, str], keys: tuple[str, ...], values: range, allowed: str
) -> dict[str, int]:
    """Parse the JSON object in an environment variable; {} if it is unset or empty. WrongInputError lists each wrong entry."""
    text = environ.get(variable, "")
    if not text.strip():
        return {}
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise WrongInputError([Fault(variable, repr(text), allowed)])
    faults = [
        Fault(variable, json.dumps({key: value}), allowed)
        for key, value in document.items()
        if key not in keys or type(value) is not int or value not in values
    ]
    if faults:
        raise WrongInputError(faults)
    return document
