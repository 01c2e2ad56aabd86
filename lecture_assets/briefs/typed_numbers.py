"""Numbers and durations as people type them, in figures and in words, in English and German: patterns and their values."""

import re
from collections.abc import Mapping
from fractions import Fraction

from lecture_assets.graph.fingerprint import Json

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - easier to read
_EINS = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()  # noqa: SIM905 - likewise
_NUMBERS: Mapping[str, Fraction] = {
    **{word: Fraction(number) for words in (_UNITS, _EINS) for number, word in enumerate(words)},
    "a": Fraction(1),
    "an": Fraction(1),
    "ein": Fraction(1),
    "eine": Fraction(1),
    "einer": Fraction(1),
    "half": Fraction(1, 2),
    "fifteen": Fraction(15),
    "twenty": Fraction(20),
    "thirty": Fraction(30),
    "forty": Fraction(40),
    "forty-five": Fraction(45),
    "fifty": Fraction(50),
    "sixty": Fraction(60),
    "ninety": Fraction(90),
    "fünfzehn": Fraction(15),
    "zwanzig": Fraction(20),
    "dreißig": Fraction(30),
    "dreissig": Fraction(30),
    "vierzig": Fraction(40),
    "fünfundvierzig": Fraction(45),
    "sechzig": Fraction(60),
    "neunzig": Fraction(90),
    "half a": Fraction(1, 2),
    "half an": Fraction(1, 2),
    "eine halbe": Fraction(1, 2),
    "einer halben": Fraction(1, 2),
    "anderthalb": Fraction(3, 2),
    "eineinhalb": Fraction(3, 2),
    "one and a half": Fraction(3, 2),
    "two and a half": Fraction(5, 2),
    "zweieinhalb": Fraction(5, 2),
    "½": Fraction(1, 2),
}
_SPELLED = "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))
_FIGURES = r"\d{1,6}(?:[.,]\d{1,6})?\s?½?|½"
COUNT = rf"(?:\d{{1,6}}|{'|'.join([*_UNITS[1:], *_EINS[2:]])})"
SECOND, _MINUTE, _HOUR = (
    r"(?:seconds?|secs?\.?|sekunden?|sek\.?)",
    r"(?:minutes?|mins?\.?|minuten?)",
    r"(?:hours?|hrs?\.?|stunden?|std\.?)",
)
ABOUT = (
    r"(?:(?:(?:about|around|roughly|approximately|approx\.?|at most|max\.?|maximum|under|up to|no more than|less than|lasting|"
    r"within|ca\.?|circa|etwa|ungefähr|rund|höchstens|maximal|unter|bis zu|duration|length|dauer|länge)\s*:?|~)\s*)?"
)


def _amount(name: str, unit: str, letter: str) -> str:
    """Match `90 seconds`, `90-second`, `90s` or `ninety seconds`; a single letter is a unit only directly after figures."""
    return rf"(?:(?P<{name}>{_FIGURES})\s?-?(?:{unit}|{letter})|(?P<{name}_spelled>{_SPELLED})[\s-]+{unit})"


LENGTHS = (
    rf"(?P<clock_m>\d{{1,2}}):(?P<clock_s>[0-5]\d)\s*(?:{_MINUTE}|m)",
    rf"(?P<and_half>{_FIGURES}|{_SPELLED})[\s-]+{_MINUTE}\s+and\s+a\s+half",
    rf"{_amount('m', _MINUTE, 'm')}(?:\s*(?:and|und)?\s*(?P<ms>\d{{1,6}})\s?(?:{SECOND}|s))?",
    _amount("h", _HOUR, "h"),
    _amount("s", SECOND, "s"),
)


def number_of(text: str) -> Fraction:
    """Return the value of a number in figures or in words: `1½`, `1,5`, `anderthalb`."""
    clean = text.lower().strip()
    if clean in _NUMBERS:
        return _NUMBERS[clean]
    half = Fraction(1, 2) if clean.endswith("½") else Fraction(0)
    return Fraction(clean.rstrip("½ ").replace(",", ".")) + half


def seconds_of(match: re.Match[str]) -> Json:
    """Return the whole seconds of a match of one of LENGTHS."""
    found = {name.removesuffix("_spelled"): number_of(text) for name, text in match.groupdict().items() if text}
    minutes = found.get("m", Fraction(0)) + found.get("clock_m", Fraction(0))
    minutes += found["and_half"] + Fraction(1, 2) if "and_half" in found else 0
    seconds = found.get("s", Fraction(0)) + found.get("ms", Fraction(0)) + found.get("clock_s", Fraction(0))
    return int(found.get("h", Fraction(0)) * 3600 + minutes * 60 + seconds)
