"""What is wrong with the body of a request, in words of our own, by its JSON Schema."""

from typing import Any

from jsonschema import ValidationError

_SORTS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} entries",
    "maxItems": "at most {} entries",
}


def body_fault(error: ValidationError) -> str:
    """Say what is expected where an error of jsonschema was found."""
    rule, found = str(error.validator), error.instance
    value: Any = error.validator_value
    match rule:
        case "required" if isinstance(found, dict):
            missing = next((key for key in value if key not in found), "")
            return f"the key {missing!r} is missing"
        case "additionalProperties" if isinstance(found, dict):
            schema: Any = error.schema
            known = schema.get("properties", {})
            unknown = next((key for key in found if key not in known), "")
            return f"unknown key {unknown!r}; known: {', '.join(known)}"
        case "type":
            sorts = list(value) if isinstance(value, list) else [value]
            return f"expected {' or '.join(_SORTS.get(str(sort), str(sort)) for sort in sorts)}"
        case "enum":
            return f"expected one of {', '.join(map(str, value))}"
        case _:
            return f"expected {_BOUNDS[rule].format(value)}" if rule in _BOUNDS else "expected another value"
