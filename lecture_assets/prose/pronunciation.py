"""How words of one lecture are said: its lexicon of shown words and said ones, applied to a text. Pure.

    {"SQL": "sequel", "New York": "noo yawk"}    "SQL, in New York."  ─►  SQL, │ in │ New │ York.      shown, word by word
                                                                          sequel, in  noo yawk.        said

An entry is found as whole words, the longest entry first, in any script. One written in lower case is found in any case (`sql` in
SQL, Sql); one with a capital only as written (`US`, not `us`). Scripts that put no spaces between words, and Hangul, which adds
particles to them, have no whole words: there an entry is found anywhere. What is said is not searched again.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u30ff\u3130-\u318f"
    "\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Han, Kana and Hangul (Unicode 16, blocks)."""
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Pronounced:
    """A text word by word, as shown and as said. Words that are said together are said at the first; the others are empty.

    text: what the voice gets, with the spaces and line breaks of the shown text: the words of `say`
    used: the entries of the lexicon that were found
    """

    show: tuple[str, ...]
    say: tuple[str, ...]
    text: str
    used: Mapping[str, str]


def pronounced(text: str, lexicon: Mapping[str, str]) -> Pronounced:
    """Apply a lexicon to a text that is shown."""
    found = _found(text, tuple(sorted(lexicon.items()))) if lexicon else ()
    words = [(word.start(), word.end()) for word in re.finditer(r"\S+", text)]
    show = tuple(text[start:end] for start, end in words)
    used = {match.entry: match.said for match in found}
    return Pronounced(show, tuple(_said(text, words, found)), _replaced(text, 0, len(text), found), used)


def entries_in(lexicon: Mapping[str, str], text: str) -> dict[str, str]:
    """Return the entries of a lexicon that a text uses; applying these alone gives the same."""
    return dict(pronounced(text, lexicon).used)


@dataclass(frozen=True, slots=True)
class _Match:
    """Where an entry stands in a text."""

    start: int
    end: int
    entry: str
    said: str


@lru_cache(maxsize=512)
def _found(text: str, lexicon: tuple[tuple[str, str], ...]) -> tuple[_Match, ...]:
    """Return the entries that apply, in the text's order: the longest first; of equal ones, the one with a capital."""
    if not _any_of(tuple(entry for entry, _ in lexicon)).search(text):
        return ()
    matches = [
        _Match(found.start(), found.end(), entry, said)
        for entry, said in lexicon
        for found in _pattern(entry).finditer(text)
        if _is_whole(text, found.start(), found.end())
    ]
    taken: list[_Match] = []
    for match in sorted(matches, key=lambda one: (one.start - one.end, one.entry == one.entry.lower(), one.start, one.entry)):
        if all(match.end <= other.start or other.end <= match.start for other in taken):
            taken.append(match)
    return tuple(sorted(taken, key=lambda match: match.start))


@lru_cache(maxsize=1024)
def _pattern(entry: str) -> re.Pattern[str]:
    return re.compile(_expression(entry))


@lru_cache(maxsize=64)
def _any_of(entries: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_expression(entry) for entry in entries))


def _expression(entry: str) -> str:
    """Match an entry with any spaces between its words, and accents composed or apart."""
    forms = dict.fromkeys(unicodedata.normalize(form, entry) for form in ("NFC", "NFD"))
    written = "|".join(r"\s+".join(re.escape(word) for word in form.split()) for form in forms)
    return f"(?i:{written})" if entry == entry.lower() else f"(?:{written})"


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the characters around a match do not belong to its words."""
    return not _continues(text[start - 1 : start], text[start]) and not _continues(text[end - 1], text[end : end + 1])


def _continues(left: str, right: str) -> bool:
    """Whether two neighbours are of one word."""
    if right and (unicodedata.category(right)[0] == "M" or right in _JOINERS):
        return True
    if left and left in _JOINERS:
        return True
    return _is_of_a_word(left) and _is_of_a_word(right) and not (_UNSPACED.match(left) or _UNSPACED.match(right))


def _is_of_a_word(character: str) -> bool:
    return bool(character) and (character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M")


def _said(text: str, words: Sequence[tuple[int, int]], found: Sequence[_Match]) -> Iterator[str]:
    """Yield what is said for each word; words with a match across them are said together, at the first of them."""
    place = 0
    while place < len(words):
        start, end = words[place]
        last = place
        inside = [match for match in found if start <= match.start < end]
        while inside and inside[-1].end > end:
            last += 1
            end = words[last][1]
            inside = [match for match in found if start <= match.start < end]
        yield _replaced(text, start, end, inside)
        yield from [""] * (last - place)
        place = last + 1


def _replaced(text: str, start: int, end: int, found: Sequence[_Match]) -> str:
    parts: list[str] = []
    for match in found:
        parts += [text[start : match.start], match.said]
        start = match.end
    return "".join([*parts, text[start:end]])
