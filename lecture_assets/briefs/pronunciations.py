"""The lexicon of a brief: which entries it may have. How they are found in a text is in `prose/pronunciation.py`."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lecture_assets.graph.fingerprint import Json
from lecture_assets.prose.readable import without_formats

MAX_ENTRIES = 200
"""The most entries: the names and terms of a course. All are looked for in every narration, 20 ms for 99 narrations."""
MAX_SHOWN = 100
"""The most characters of a shown word or phrase: a long name in full."""
MAX_SAID = 200
"""The most characters of what is said for it: twice as many, since respelling is longer."""
ALLOWED = (
    f"a mapping of words or phrases as shown to what is said for them, at most {MAX_ENTRIES} entries; "
    f"at most {MAX_SHOWN} characters each as shown, {MAX_SAID} as said"
)
LEXICON_SCHEMA = {
    "type": "object",
    "maxProperties": MAX_ENTRIES,
    "propertyNames": {"minLength": 1, "maxLength": MAX_SHOWN},
    "additionalProperties": {"type": "string", "minLength": 1, "maxLength": MAX_SAID},
}
ALLOWED_SHOWN = f"a word or phrase as it is shown, at most {MAX_SHOWN} characters"
ALLOWED_SAID = f"what is said for it: words, at most {MAX_SAID} characters"


@dataclass(frozen=True, slots=True)
class WrongEntry:
    """What is wrong with an entry, or with the lexicon as a whole if `entry` is empty."""

    entry: str
    found: str
    allowed: str


def clean_lexicon(given: Mapping[str, str]) -> dict[str, str]:
    """Return a lexicon without surplus spaces and invisible formatting. Raise ValueError with the first fault."""
    for wrong in wrong_entries(given):
        raise ValueError(f"{wrong.entry}: {wrong.found}" if wrong.entry else wrong.found)
    return {_clean(entry): _clean(said) for entry, said in given.items()}


def wrong_entries(given: Mapping[str, Json]) -> Iterator[WrongEntry]:
    """Yield what is wrong, entry by entry."""
    if len(given) > MAX_ENTRIES:
        yield WrongEntry("", f"{len(given)} entries", f"at most {MAX_ENTRIES} entries")
        return
    seen: dict[str, str] = {}
    for entry, said in given.items():
        if found := _unfit(entry, MAX_SHOWN):
            yield WrongEntry(entry, found, ALLOWED_SHOWN)
        elif found := _unsayable(said):
            yield WrongEntry(entry, found, ALLOWED_SAID)
        elif first := seen.get(unicodedata.normalize("NFC", _clean(entry))):
            yield WrongEntry(entry, f"an entry that is the same as {first!r}", "each word or phrase once")
        seen.setdefault(unicodedata.normalize("NFC", _clean(entry)), entry)


def without_duplicates(pairs: Sequence[tuple[str, Json]]) -> dict[str, Json] | WrongEntry:
    """Return pairs of shown and said as a mapping, or what is wrong if a word is shown twice."""
    mapping = dict(pairs)
    if len(mapping) == len(pairs):
        return mapping
    twice = next(entry for place, (entry, _) in enumerate(pairs) if entry in dict(pairs[:place]))
    return WrongEntry(twice, "a repeated entry", "each word or phrase once")


def _clean(text: str) -> str:
    return " ".join(without_formats(text).split())


def _unfit(text: str, longest: int) -> str:
    """Return why a text is neither a word nor a phrase; empty if it is one."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text.replace("\n", "").replace("\t", "")):
        return "control characters or invalid Unicode"
    if not _clean(text):
        return "an empty text"
    return f"{len(_clean(text)):,} characters" if len(_clean(text)) > longest else ""


def _unsayable(said: Json) -> str:
    if not isinstance(said, str):
        return "nothing" if said is None else "a number" if isinstance(said, int | float) else "no text"
    found = _unfit(said, MAX_SAID)
    return found or ("" if any(character.isalnum() for character in said) else f"{said!r}, which has no letter to say")
