"""The words that signs, units and powers are said with, by language. `spoken.py` says where they stand.

A language that is not here is said with what the voice itself knows of it, never with English words.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any

_SIGNS = [
    "+",
    "−",
    "×",
    "÷",
    "±",
    "=",
    "≠",
    "≈",
    "≤",
    "≥",
    "<",
    ">",
    "→",
    "⇒",
    "%",
    "‰",
    "°",
    "&",
    "@",
    "№",
    "§",
    "√",
    "∞",
    "∑",
    "∈",
    "½",
    "¼",
    "¾",
    "⅓",
    "⅔",
    "~",
]
_PREFIXES = ["k", "M", "G", "T", "m", "µ", "n", "c", "h"]
_BASES = ["m", "g", "s", "l", "Hz", "V", "A", "W", "Wh", "J", "N", "Pa", "bar", "mol", "eV", "B", "Ω"]
_OWN_UNITS = ["t", "min", "h", "K", "dB", "°C", "°F"]
_OF_LITRES = ["", "m", "c", "µ", "h"]
_NEVER_ALONE = frozenset({"A", "B"})
"""Of two readings, ampere and a letter behind a number (`figure 3 A`), the second is the likelier."""
_MONEY = ["€", "$", "£", "¥"]
_ACCENTS = ["\u0304", "\u0307", "\u0308", "\u0302", "\u0303", "\u20d7"]
_FRACTIONS = ["½", "¼", "¾", "⅓", "⅔"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words.

    signs:   by sign;           units, money: by sign, (of one, of many)
    square, cube: before or behind the unit, as `{}` says; per: between two units
    squared, cubed, power: behind the base; the last one is given the exponent for `{}`
    ratio, to: between the numbers of 16:9 and of 3–5; over: between those of 1/2
    number, hashtag: before what # stands before; sharp: of C#; version: of v1.2
    scales:  words that stand between a number and its money: $5 million
    scale_letters: of $5M, £2bn, (of one, of many); what ends with ’ loses a vowel before one
    accents: said behind the letter that has one, or around it, as `{}` says
    mixed:   a fraction behind a whole number; sections: what §§ stands before
    short:   what is short for what, by its first word; each in its words, a # for a number behind them
    hours:   of 14h30, (of one, of many); clock: behind 14.30; both empty where nobody writes so
    ordinals: from the first on; ordinal_before: the endings they have before a noun that a figure with a full stop stands
             before; ordinal_behind: those they have behind an article instead
    code, formula: a sentence instead of code, a phrase instead of a formula, that no line holds
    """

    signs: Mapping[str, str]
    units: Mapping[str, tuple[str, str]]
    money: Mapping[str, tuple[str, str]]
    square: str
    cube: str
    per: str
    squared: str
    cubed: str
    power: str
    minus: str
    ratio: str
    to: str
    over: str
    number: str
    hashtag: str
    sharp: str
    version: str
    scales: frozenset[str]
    scale_letters: Mapping[str, tuple[str, str]]
    accents: Mapping[str, str]
    mixed: Mapping[str, str]
    sections: str
    short: Mapping[str, Sequence[tuple[Sequence[str], str]]]
    hours: tuple[str, str] | None
    clock: str
    ordinals: Sequence[str]
    ordinal_before: Mapping[str, str]
    ordinal_behind: Mapping[str, str]
    code: str
    formula: str


def lexicon_of(language: str) -> Lexicon | None:
    """The words of a language (a BCP 47 tag, whatever its region); None for one that is not here."""
    return LEXICONS.get(language.replace("_", "-").partition("-")[0].lower())


def _forms(names: Sequence[str], words: str) -> dict[str, tuple[str, str]]:
    """Names to (of one, of many) from `metre/metres, gram/grams`; one word where both are equal."""
    forms = [word.strip().partition("/") for word in words.split(",")]
    return {name: (one, many or one) for name, (one, _, many) in zip(names, forms, strict=True)}


def _named(names: Sequence[str], words: str) -> dict[str, str]:
    return dict(zip(names, (" ".join(word.split()) for word in words.split(",")), strict=True))


def _scale_letters(written: str) -> dict[str, tuple[str, str]]:
    """`M Million/Millionen` by its letters."""
    pairs = [part.split(maxsplit=1) for part in written.split(",")]
    return _forms([letters for letters, _ in pairs], ",".join(words for _, words in pairs))


def _units(prefixes: str, bases: str, own: str, *, capital: bool = False) -> dict[str, tuple[str, str]]:
    """Every prefix before every base: kilo + metre."""
    found = _forms(_BASES, bases)
    for prefix, word in zip(_PREFIXES, prefixes.split(), strict=True):
        found |= {f"{prefix}{base}": (word + one, word + many) for base, (one, many) in _forms(_BASES, bases).items()}
    found |= {f"{prefix}L": found[f"{prefix}l"] for prefix in _OF_LITRES}
    found = {name: forms for name, forms in found.items() if name not in _NEVER_ALONE}
    if capital:
        found = {name: (one.capitalize(), many.capitalize()) for name, (one, many) in found.items()}
    return found | _forms(_OWN_UNITS, own)


def _short(written: str) -> dict[str, list[tuple[Sequence[str], str]]]:
    """`z. B. = zum Beispiel; …` by the first word, the longest first."""
    found: dict[str, list[tuple[Sequence[str], str]]] = {}
    for line in written.split(";"):
        short, _, meant = line.partition("=")
        found.setdefault(short.split()[0], []).append((short.split(), " ".join(meant.split())))
    return {first: sorted(ways, key=lambda way: -len(way[0])) for first, ways in found.items()}


def _endings(written: str) -> dict[str, str]:
    """`er Januar Februar; es Jahrhundert`: the ending by the word."""
    groups = [group.split() for group in written.split(";")]
    return {word: group[0] for group in groups for word in group[1:]}


_MADE = frozenset(
    {
        "signs",
        "units",
        "money",
        "scales",
        "scale_letters",
        "accents",
        "mixed",
        "short",
        "hours",
        "clock",
        "ordinals",
        "ordinal_before",
        "ordinal_behind",
    }
)
"""The fields that are not the words as they are written."""


def _lexicon(written: Mapping[str, Any]) -> Lexicon:
    capital = written.get("capital", False)
    plain = {field.name for field in fields(Lexicon)} - _MADE
    return Lexicon(
        signs=_named(_SIGNS, written["signs"]),
        units=_units(written["prefixes"], written["units"], written["own_units"], capital=capital)
        | _scale_letters(written["more_units"]),
        money=_forms(_MONEY, written["money"]),
        scale_letters=_scale_letters(written["scale_letters"]),
        accents=_named(_ACCENTS, written["accents"]),
        short=_short(written["short"]),
        hours=_forms(["h"], written["hours"])["h"] if "hours" in written else None,
        clock=written.get("clock", ""),
        ordinals=written.get("ordinals", "").split(),
        ordinal_before=_endings(written.get("ordinal_before", "")),
        ordinal_behind=_endings(written.get("ordinal_behind", "")),
        mixed=_named(_FRACTIONS, written["mixed"]),
        scales=frozenset(written["scales"].split()),
        **{name: word for name, word in written.items() if name in plain},
    )


def _read() -> Mapping[str, Lexicon]:
    source = files("lecture_assets.prose").joinpath("lexicon.toml").read_text("utf-8")
    return {language: _lexicon(written) for language, written in tomllib.loads(source).items()}


LEXICONS: Mapping[str, Lexicon] = _read()
"""The languages whose words are in `lexicon.toml`."""
