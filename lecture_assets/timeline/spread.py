"""Estimated word times, for words of which none are known: each lasts in proportion to its length. Pure."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, cast

from lecture_assets.graph.fingerprint import Json
from lecture_assets.prose.markup import as_shown
from lecture_media.unspaced import WrittenWord, words_of


def spread(text: str, duration_ms: int, language: str = "") -> list[Json]:
    """Spread the words of a text over a time, each in proportion to its length, with the space after it if it has one."""
    return spread_words(words_of(text, language), duration_ms)


def spread_words(words: Sequence[WrittenWord], duration_ms: int) -> list[Json]:
    """Spread words over a time in the same way."""
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
    """Return a value of `content.Speech` with the words of a text; without a text it keeps its own.

    Words that were heard in the recording keep their times; others are spread over the time between them.
    """
    if text is None:
        return recording
    words = spread(as_shown(text), recording["duration_ms"], language)
    return {**recording, "words": _placed(words, recording.get("heard") or (), recording["duration_ms"])}


def _placed(words: list[Json], heard: Sequence[Any], duration_ms: int) -> list[Json]:
    """Return words with the times of equal ones that were heard, in order."""
    if not heard:
        return words
    written = [WrittenWord(one["text"], one.get("no_space_before", False)) for one in cast("list[Any]", words)]
    texts = [word.text for word in written]
    placed: list[Json] = []
    end = 0
    for tag, a, until_a, b, until_b in SequenceMatcher(None, [one["text"] for one in heard], texts, False).get_opcodes():  # noqa: FBT003
        if tag == "equal":
            placed += heard[a:until_a]
            end = heard[until_a - 1]["end_ms"]
        elif b < until_b:
            until = heard[until_a]["start_ms"] if until_a < len(heard) else duration_ms
            between = spread_words(written[b:until_b], max(0, until - end))
            placed += [
                {**one, "start_ms": one["start_ms"] + end, "end_ms": one["end_ms"] + end} for one in cast("list[Any]", between)
            ]
            end = max(end, until)
    return placed
