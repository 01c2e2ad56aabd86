"""Estimated word times for recordings without any: each word lasts in proportion to its length. Pure."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.prose.markup import as_shown


def spread(text: str, duration_ms: int) -> list[Json]:
    """Spread the words of a text over a time, each in proportion to its length."""
    words = text.split()
    total = sum(len(word) + 1 for word in words)
    spoken: list[Json] = []
    letters = 0
    for word in words:
        start, letters = letters, letters + len(word) + 1
        spoken.append({"text": word, "start_ms": start * duration_ms // total, "end_ms": letters * duration_ms // total})
    return spoken


def with_words(recording: Mapping[str, Any], text: str | None) -> Mapping[str, Any]:
    """Return a value of `content.Speech` with the words of a text; without a text it keeps its own."""
    return recording if text is None else {**recording, "words": spread(as_shown(text), recording["duration_ms"])}
