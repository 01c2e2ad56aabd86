"""Estimated word times for recordings without any: each word lasts in proportion to its length. Pure."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.prose.markup import as_shown
from lecture_media.unspaced import words_of


def spread(text: str, duration_ms: int, language: str = "") -> list[Json]:
    """Spread the words of a text over a time, each in proportion to its length, with the space after it if it has one."""
    words = words_of(text, language)
    following = [*(word.no_space_before for word in words[1:]), False]
    lengths = [len(word.text) + (not joins) for word, joins in zip(words, following, strict=False)]
    total, done = sum(lengths), 0
    spoken: list[Json] = []
    for word, length in zip(words, lengths, strict=True):
        start, done = done, done + length
        joins: dict[str, Json] = {"no_space_before": True} if word.no_space_before else {}
        spoken.append(
            {"text": word.text, "start_ms": start * duration_ms // total, "end_ms": done * duration_ms // total, **joins}
        )
    return spoken


def with_words(recording: Mapping[str, Any], text: str | None, language: str = "") -> Mapping[str, Any]:
    """Return a value of `content.Speech` with the words of a text; without a text it keeps its own."""
    return recording if text is None else {**recording, "words": spread(as_shown(text), recording["duration_ms"], language)}
