"""What OpenAI's API is asked: a body for each role, in the vendor's own form. Pure.

A model's parameters go with it, and replace nothing that the protocol needs. A server that knows less is asked in other words
(`openai_dialect.py`).
"""

import math
from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, ImageRequest, SpeechRequest, TextRequest
from lecture_assets.providers.amounts import most_output_tokens
from lecture_assets.providers.catalogue import Model

ATTEMPT = "lectures_attempt"
"""The key of a stored completion's metadata that names our attempt."""
_SIZES = ((1536, 1024), (1024, 1024), (1024, 1536))
"""Width and height of the pictures that there are."""
_UNKNOWN_TO_STRICT = frozenset({"minLength", "maxLength", "title", "default", "description"})
"""Keywords of JSON Schema that the vendor's strict answers do not take; we check them ourselves afterwards."""


def text_body(call: Call, model: Model, request: TextRequest) -> dict[str, Any]:
    """The request for a text: an answer of the schema, kept at the vendor's under our attempt id."""
    schema = {"name": request.task.replace("-", "_"), "schema": strict(request.schema), "strict": True}
    messages = [{"role": "system", "content": request.system}, {"role": "user", "content": request.prompt}]
    more = {
        "response_format": {"type": "json_schema", "json_schema": schema},
        "max_completion_tokens": most_output_tokens(model, request.answer_tokens),
        "store": True,
        "metadata": {ATTEMPT: call.attempt},
    }
    return _body({"model": model.vendor_name, "messages": messages}, model.parameters, more)


def speech_body(model: Model, request: SpeechRequest) -> dict[str, Any]:
    """The request for a recording, by the voice that stands for ours, or the one behind the model's name."""
    voice = model.parameters.get("voice") or model.voices.get(request.voice, request.voice)
    named = {"model": model.vendor_name, "input": request.text, "voice": voice}
    return _body(named, model.parameters, {"response_format": "wav"})


def image_body(model: Model, request: ImageRequest) -> dict[str, Any]:
    """The request for one picture, of the size that is nearest to the wanted one in its form."""
    wanted = math.log(request.width / request.height)
    width, height = min(_SIZES, key=lambda size: abs(math.log(size[0] / size[1]) - wanted))
    size = model.parameters.get("size") or f"{width}x{height}"
    return _body({"model": model.vendor_name, "prompt": request.prompt}, model.parameters, {"n": 1, "size": size})


def _body(named: dict[str, Any], parameters: Mapping[str, Json], more: dict[str, Any]) -> dict[str, Any]:
    """One order for all, so that a cassette knows a request again."""
    return named | dict(sorted({**parameters, **named, **more}.items()))


def strict(schema: Any) -> Any:
    """A JSON Schema as the vendor's strict answers take it: closed objects, every field required, no lengths."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    named = {"properties", "$defs"}
    kept = {
        key: {name: strict(part) for name, part in value.items()} if key in named else strict(value)
        for key, value in schema.items()
        if key not in _UNKNOWN_TO_STRICT
    }
    if "properties" in kept:
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept
