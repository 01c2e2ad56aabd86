"""The times of shown words, from those of the words that were said for them: `sequel` is timed, SQL is shown. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

from lecture_assets.graph.fingerprint import Json


def shown_words(said: Sequence[Mapping[str, Any]], show: Sequence[str], say: Sequence[str]) -> list[Json]:
    """Return the words of `show`, each with the time of its words in `say`.

    said: the words that were said, with times in ms; if they are counted otherwise than in `say`, letters decide
    show, say: of equal length; a word for which nothing is said shares the time of the word before it, by length
    """
    spans = list(_spans(said, [word for words in say for word in words.split()]))
    heads = [place for place, words in enumerate(say) if words.split() or not place]
    timed: list[Json] = []
    used = 0
    for head, end in zip(heads, [*heads[1:], len(show)], strict=True):
        count = len(say[head].split())
        own = spans[used : used + count] or [(0, 0)]
        used += count
        timed += _shared(show[head:end], own[0][0], own[-1][1])
    return timed


def _shared(words: Sequence[str], start: int, end: int) -> Iterator[Json]:
    bounds = list(accumulate((len(word) for word in words), initial=0))
    for word, before, after in zip(words, bounds, bounds[1:], strict=False):
        times = [start + (end - start) * part // bounds[-1] for part in (before, after)]
        yield {"text": word, "start_ms": times[0], "end_ms": times[1]}


def _spans(said: Sequence[Mapping[str, Any]], words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the times of words, from the times of words that may be divided otherwise."""
    if len(said) == len(words):
        yield from ((word["start_ms"], word["end_ms"]) for word in said)
        return
    heard = list(accumulate((_letters(word["text"]) for word in said), initial=0))
    meant = list(accumulate((_letters(word) for word in words), initial=0))
    for before, after in pairwise(meant):
        start, end = (part * heard[-1] / meant[-1] for part in (before, after))
        yield _at(said, heard, start, is_end=False), _at(said, heard, end, is_end=True)


def _at(said: Sequence[Mapping[str, Any]], heard: Sequence[int], letters: float, *, is_end: bool) -> int:
    """Return the time at which so many letters have been said: between two words, when one ends or when the next begins."""
    places = range(len(said))
    place = next((p for p in places if letters < heard[p + 1] or (is_end and letters == heard[p + 1])), len(said) - 1)
    start, end = int(said[place]["start_ms"]), int(said[place]["end_ms"])
    share = (letters - heard[place]) / (heard[place + 1] - heard[place])
    return round(start + (end - start) * min(max(share, 0.0), 1.0))


def _letters(word: str) -> int:
    return max(1, sum(character.isalnum() for character in word))
