"""Request bodies for OpenAI's API, one per role. Pure.

A model's parameters are added, but replace nothing that the protocol needs. `dialect.py` translates a body for servers that
support less.
"""

import math
from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, ImageRequest, SpeechRequest, TextRequest
from lecture_assets.providers.amounts import most_output_tokens
from lecture_assets.providers.model import Model

ATTEMPT = "lectures_attempt"
"""The metadata key of a stored completion that holds our attempt id."""
_SIZES = ((1536, 1024), (1024, 1024), (1024, 1536))
"""Width and height of the pictures the vendor makes."""
_UNKNOWN_TO_STRICT = frozenset({"minLength", "maxLength", "title", "default", "description"})
"""JSON Schema keywords that the vendor's strict mode rejects; we check them ourselves afterwards."""


def text_body(call: Call, model: Model, request: TextRequest) -> dict[str, Any]:
    """The request for a text: the answer follows the schema, and the vendor stores it under our attempt id."""
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
    """The request for a recording, in the vendor's equivalent of our voice or in the one that the model's name sets."""
    voice = model.parameters.get("voice") or model.voices.get(request.voice, request.voice)
    named = {"model": model.vendor_name, "input": request.text, "voice": voice}
    return _body(named, model.parameters, {"response_format": "wav"})


def image_body(model: Model, request: ImageRequest) -> dict[str, Any]:
    """The request for one picture, in the size whose aspect ratio is closest to the wanted one."""
    wanted = math.log(request.width / request.height)
    width, height = min(_SIZES, key=lambda size: abs(math.log(size[0] / size[1]) - wanted))
    size = model.parameters.get("size") or f"{width}x{height}"
    return _body({"model": model.vendor_name, "prompt": request.prompt}, model.parameters, {"n": 1, "size": size})


def _body(named: dict[str, Any], parameters: Mapping[str, Json], more: dict[str, Any]) -> dict[str, Any]:
    """Put the fields in a fixed order, so that a cassette recognizes a repeated request."""
    return named | dict(sorted({**parameters, **named, **more}.items()))


def strict(schema: Any) -> Any:
    """Convert a JSON Schema to what the vendor's strict mode accepts: closed objects, every field required, no lengths."""
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
