"""The input of a prediction: the parts of a request, by the names that a model uses for them. Pure."""

import base64
from math import gcd
from typing import cast

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, ImageRequest, MusicRequest, VideoRequest
from lecture_assets.providers.failures import wrong_request
from lecture_assets.providers.model import Model
from lecture_assets.providers.replicate.predictions import NAME

_ASPECTS = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16", "9:21")


def prediction_input(call: Call, model: Model, image: str | None) -> dict[str, Json]:
    """Return the model's parameters with the parts of the request. ProviderError if no prediction can serve such a request.

    image: the picture that a clip starts with, as a URL or inline; None if there is none or the model takes none
    """
    parts = _parts(call, model, image)
    return {**model.parameters, **{name: parts[part] for part, name in model.input.items() if part in parts}}


def _parts(call: Call, model: Model, image: str | None) -> dict[str, Json]:
    match call.request:
        case ImageRequest(prompt, width, height):
            return {"prompt": prompt, "width": width, "height": height, "aspect_ratio": _aspect(width, height)}
        case VideoRequest(_, prompt, seconds, width, height):
            rate = cast("int", model.parameters.get("frames_per_second", 16))
            return {
                **({} if image is None else {"image": image}),
                "prompt": prompt,
                "seconds": model.fitted("seconds", seconds),
                "frames": model.fitted("frames", seconds * rate),
                "aspect_ratio": _aspect(width, height),
            }
        case MusicRequest(prompt, seconds):
            return {"prompt": prompt, "seconds": model.fitted("seconds", seconds)}
    raise wrong_request(NAME, f"{NAME} makes no {call.role} here")


def _aspect(width: int, height: int) -> str:
    """The aspect ratio as models name it: exact if it is a usual one, otherwise the nearest of those."""
    divisor = gcd(width, height)
    exact = f"{width // divisor}:{height // divisor}"
    if exact in _ASPECTS:
        return exact

    def ratio(name: str) -> float:
        across, down = name.split(":")
        return int(across) / int(down)

    return min(_ASPECTS, key=lambda name: abs(ratio(name) - width / height))


def picture_type(content: bytes) -> str:
    """The media type of a picture, by its first bytes."""
    return "image/png" if content[:4] == b"\x89PNG" else "image/webp" if content[8:12] == b"WEBP" else "image/jpeg"


def inline(content: bytes, media_type: str) -> str:
    """Encode a file as a `data:` URL, which is part of the request itself."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
