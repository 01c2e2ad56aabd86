"""The words for signs, units and powers, by language. `spoken.py` decides where they go.

Languages that are missing here are left to what the voice itself knows, never spoken with English words.
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
"""Not read as units: after a number, these are more likely plain letters (`figure 3 A`)."""
_MONEY = ["€", "$", "£", "¥"]
_ACCENTS = ["\u0304", "\u0307", "\u0308", "\u0302", "\u0303", "\u20d7"]
_FRACTIONS = ["½", "¼", "¾", "⅓", "⅔"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words. Pairs are (singular, plural), and `{}` marks the place of what a phrase applies to.

    signs:          by sign
    units, money:   pairs by sign
    square, cube:   phrases with the unit
    per:            between two units
    squared, cubed: after the base
    power:          a phrase with the exponent, after the base
    minus:          before a negative exponent
    ratio, to:      between the numbers of 16:9 and of 3–5
    over:           between the numbers of 1/2
    number:         for # before digits
    hashtag:        for # before letters
    sharp:          for the # of C#
    version:        for the v of v1.2
    scales:         words between a number and its currency: $5 million
    scale_letters:  pairs for the letters of $5M and £2bn; a word ending in ’ is elided before a vowel
    accents:        after or around the accented letter
    mixed:          fractions after a whole number
    sections:       for §§
    short:          abbreviations by their first word, each as its words (# for a number after them) and its meaning
    hours:          a pair for the h of 14h30, None if the language does not use it
    clock:          the word after 14.30, empty if the language does not use it
    ordinals:       from the first on
    ordinal_before: the ordinals' endings before certain nouns (3. Oktober)
    ordinal_behind: the endings after an article instead
    exact:          abbreviations that count only as they are written (c. is circa, C. is not), by their lower-case form
    numbers:        from one to nineteen, then twenty, thirty and so on; empty if years are said with digits
    hundred, oh:    of a year: nineteen hundred, nineteen oh five; an empty `hundred` leaves years to the voice
    hundred_in_years: whether every year before 2000 is said with it (19 hundert 90)
    before_years, behind_years: words beside which a number is a year
    decades:        from the tens on
    months:         in full, from January on
    months_short:   abbreviated
    oclock:         after a full hour
    denominators:   pairs for the lower number of 2/5
    cents:          pairs by the sign of the money
    ones:           1 before a noun, if that depends on the noun: two forms, the second for names in -e and -ion
    rulers:         names before a Roman numeral that is an ordinal
    numbered:       words before one that is not: War, chapter
    code, formula:  a sentence in place of code, and a phrase in place of a formula, that does not fit on a line
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
    exact: Mapping[str, str]
    numbers: Sequence[str]
    hundred: str
    oh: str
    hundred_in_years: bool
    before_years: frozenset[str]
    behind_years: frozenset[str]
    decades: Sequence[str]
    months: Sequence[str]
    months_short: Mapping[str, str]
    oclock: str
    denominators: Mapping[str, tuple[str, str]]
    cents: Mapping[str, tuple[str, str]]
    ones: Sequence[str]
    rulers: frozenset[str]
    numbered: frozenset[str]
    code: str
    formula: str


def lexicon_of(language: str) -> Lexicon | None:
    """Return the lexicon for a BCP 47 tag, ignoring its region; None if there is none."""
    return LEXICONS.get(language.replace("_", "-").partition("-")[0].lower())


def _forms(names: Sequence[str], words: str) -> dict[str, tuple[str, str]]:
    """Map names to (singular, plural) from `metre/metres, gram/grams`; one word if both are equal."""
    forms = [word.strip().partition("/") for word in words.split(",")]
    return {name: (one, many or one) for name, (one, _, many) in zip(names, forms, strict=True)}


def _named(names: Sequence[str], words: str) -> dict[str, str]:
    return dict(zip(names, (" ".join(word.split()) for word in words.split(",")), strict=True))


def _scale_letters(written: str) -> dict[str, tuple[str, str]]:
    """Parse `M Million/Millionen`, by letters."""
    pairs = [part.split(maxsplit=1) for part in written.split(",")]
    return _forms([letters for letters, _ in pairs], ",".join(words for _, words in pairs))


def _units(prefixes: str, bases: str, own: str, *, capital: bool = False) -> dict[str, tuple[str, str]]:
    """Combine every prefix with every base unit: kilo + metre."""
    found = _forms(_BASES, bases)
    for prefix, word in zip(_PREFIXES, prefixes.split(), strict=True):
        found |= {f"{prefix}{base}": (word + one, word + many) for base, (one, many) in _forms(_BASES, bases).items()}
    found |= {f"{prefix}L": found[f"{prefix}l"] for prefix in _OF_LITRES}
    found = {name: forms for name, forms in found.items() if name not in _NEVER_ALONE}
    if capital:
        found = {name: (one.capitalize(), many.capitalize()) for name, (one, many) in found.items()}
    return found | _forms(_OWN_UNITS, own)


def _named_by(written: str) -> dict[str, str]:
    """Parse `Jan. January, Feb. February`."""
    pairs = [pair.split() for pair in written.split(",") if pair]
    return dict(zip(*zip(*pairs, strict=True), strict=True)) if pairs else {}


def _short(written: str) -> dict[str, list[tuple[Sequence[str], str]]]:
    """Parse `z. B. = zum Beispiel; …`, by first word, the longest first."""
    found: dict[str, list[tuple[Sequence[str], str]]] = {}
    for line in written.split(";"):
        short, _, meant = line.partition("=")
        found.setdefault(short.split()[0], []).append((short.split(), " ".join(meant.split())))
    return {first: sorted(ways, key=lambda way: -len(way[0])) for first, ways in found.items()}


def _endings(written: str) -> dict[str, str]:
    """Parse `er Januar Februar; es Jahrhundert` into the ending for each word."""
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
        "exact",
        "numbers",
        "hundred",
        "oh",
        "hundred_in_years",
        "before_years",
        "behind_years",
        "decades",
        "months",
        "months_short",
        "oclock",
        "denominators",
        "cents",
        "ones",
        "rulers",
        "numbered",
    }
)
"""The fields that are parsed instead of taken as written."""


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
        exact={form[:1].lower() + form[1:]: form for form in written.get("exact", "").split()},
        numbers=written.get("numbers", "").split(),
        hundred=written.get("hundred", ""),
        oh=written.get("oh", ""),
        hundred_in_years=written.get("hundred_in_years", False),
        before_years=frozenset(written.get("before_years", "").split()),
        behind_years=frozenset(written.get("behind_years", "").split()),
        decades=written.get("decades", "").split(),
        months=written.get("months", "").split(),
        months_short=_named_by(written.get("months_short", "")),
        oclock=written.get("oclock", ""),
        denominators=_scale_letters(written["denominators"]) if "denominators" in written else {},
        cents=_scale_letters(written["cents"]) if "cents" in written else {},
        ones=written.get("ones", "").split(),
        rulers=frozenset(written.get("rulers", "").split()),
        numbered=frozenset(written.get("numbered", "").split()),
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
"""The lexicons in `lexicon.toml`, by language."""
