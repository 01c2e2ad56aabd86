"""Split plain text into paragraphs, sentences, clauses and words. No word is lost: the parts joined by spaces are the text.

No grammar is known here; what cannot be decided is left in one piece.
"""

import re
import unicodedata

from lecture_media.sentence_ends import sentence_ends
from lecture_media.unspaced import WrittenWord, joined, words_of

_STOP_WORDS = """
a about above after again against all almost also although always am among an and another any are around as at away be
became because become becomes been before being below between both but by came can cannot come comes could did do does
doing done down during each either else end enough ever every everything explain far few finds first for from further
gets give gives go goes good got had has have having he her here hers him his how i if in instead into is it its itself
just keep keeps know knows large last least less lets like made make makes making many may me might mine more most
mostly much must my nearly need needs neither never next no nobody none nor not nothing now of off often on once one
only onto or other others our ours out over own part per put rather really same say says see sees shall she should show
shows simply since so some someone something sometimes soon step still such take takes tell tells ten tenths than that
the their theirs them then there therefore these they thing things this those though three through thus till to together
too toward towards two under until up upon us use used uses using usually very was way we well went were what when where
whether which while who whole whom whose why will with within without work works would yet you your the der die das und
ist ein eine nicht mit von zu den dem im auf für sich es le la les des un une et est du dans que qui pour el los las una
y es del con por para al
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
SHORTEST_TELLING = 3
_MARKS = frozenset(" 0123456789-'+&.,")
_CLAUSE_END = re.compile(r"(?<=[,;:–—])\s+|\s+(?=(?:and|but|because|which|while|und|aber|weil|et|mais|y|pero)\s)")
_WORD = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")


def paragraphs(text: str) -> list[str]:
    """Return the text's paragraphs (separated by an empty line) with single spaces, without wordless ones (`***`, `🌱`)."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return [plain for part in parts if has_words(plain := " ".join(part.split()))]


def sentences(paragraph: str, language: str = "") -> list[str]:
    """Return its sentences, as `sentence_ends` finds them in a language, each with a word."""
    found: list[str] = []
    current: list[WrittenWord] = []
    written = words_of(paragraph, language)
    for word, is_end in zip(written, sentence_ends([word.text for word in written], language), strict=True):
        current.append(word)
        if is_end and has_words(joined(current)):
            found.append(joined(current))
            current = []
    rest = joined(current)
    if found and not has_words(rest):
        return [*found[:-1], f"{found[-1]} {rest}".rstrip()]
    return [*found, rest] if rest else found


def has_words(text: str) -> bool:
    """Whether there is anything to say in it: a letter or a digit."""
    return any(letter.isalnum() for letter in text)


def halves(piece: str) -> tuple[str, str] | None:
    """Split a sentence at the clause break nearest its middle; None if a half would be too short to stand alone."""
    cuts = [
        (left, right)
        for end in _CLAUSE_END.finditer(piece)
        if " " in (left := piece[: end.start()].strip()) and " " in (right := piece[end.end() :].strip())
        if has_words(left) and has_words(right)
    ]
    return min(cuts, key=lambda cut: abs(len(cut[0]) - len(cut[1]))) if cuts else None


def words(text: str) -> list[str]:
    """Return its words in order, as written."""
    return _WORD.findall(text)


def telling_words(text: str) -> list[str]:
    """Return the content words in order, each once regardless of case."""
    kept: dict[str, str] = {}
    for word in words(text):
        if len(word) >= SHORTEST_TELLING and word.lower() not in STOP_WORDS and not word.isdigit():
            kept.setdefault(word.lower(), word)
    return list(kept.values())


def listed(items: list[str], conjunction: str = "and") -> str:
    """Join as `a`, `a and b` or `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def in_type(text: str) -> str | None:
    """Return the text if the painter's font has its letters (Latin, Greek, Cyrillic); None if it would show empty boxes."""
    composed = unicodedata.normalize("NFC", text).translate(str.maketrans("’‘‐", "''-"))
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in composed if letter.isalpha()}
    marks = {letter for letter in composed if not letter.isalpha()}
    return composed if scripts <= {"LATIN", "GREEK", "CYRILLIC"} and marks <= _MARKS else None
