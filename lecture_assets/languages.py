"""The evident language of a text, and how long it takes to say. Pure and cautious: returns None if the language is not evident.

Uses the first part of BCP 47 tags, the script of letters, and a few everyday words of each major language in Latin script.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Literal, TypeAlias

from lecture_assets.prose.scripts import LATIN, NO_SCRIPT, script_of, script_word, scripts_of

DEFAULT_LANGUAGE = "en"
Direction: TypeAlias = Literal["ltr", "rtl"]
_RTL_LANGUAGES = frozenset("ar arc arz ckb dv fa he iw ks lrc mzn nqo pnb prs ps sd syr ug ur yi".split())  # noqa: SIM905
_RTL_SCRIPTS = frozenset({"arab", "aran", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"})
"""Scripts written from right to left, by their codes of ISO 15924."""
_CHARACTERS_A_SECOND: Mapping[str, float] = {
    "ar": 9.5,
    "cs": 13.5,
    "da": 16.1,
    "de": 15.3,
    "el": 16.5,
    "en": 15.2,
    "es": 15.1,
    "fi": 13.8,
    "fr": 18.1,
    "he": 12.1,
    "hi": 11.9,
    "hu": 12.9,
    "it": 15.1,
    "ko": 6.6,
    "nb": 13.9,
    "nl": 14.7,
    "no": 13.9,
    "pl": 12.8,
    "pt": 14.5,
    "ru": 15.8,
    "sv": 13.7,
    "tr": 12.4,
    "uk": 11.8,
    "zh": 3.6,
}
"""Characters per second, including spaces, measured on 400 to 1,500 characters with the simulated voices on 2026-11-28: the mean
of all six, which differ by 8 % (el, fi, he and hu: one paragraph with one voice). Vendors' voices read about as fast, in English
about 150 words per minute. In wide scripts a character is a syllable."""
_USUAL_SPEED = 14.0
"""For languages without a measurement: the mean of those written with letters."""
_SPELLS = "simulated:"
_SPELLED = 1.4
"""Letters per second where a voice reads letters of another script by their names, as espeak-ng does, measured on 2026-11-30
with Hebrew, Arabic, Cyrillic, Chinese and Thai in German and English."""
_SIGNS = 4.0
"""Digits and mathematical signs per second: each is a word, or most of one."""
_ONE_LANGUAGE: Mapping[str, str] = {
    "GREEK": "el",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
}
"""The language that most texts in a script are in, where voices have it."""
_READ_EVERYWHERE = frozenset({LATIN, "GREEK", "DEVANAGARI", "HANGUL", "GEORGIAN", "ARMENIAN"})
"""Scripts that espeak-ng reads as words in nearly every language."""
_PACE_OF: Mapping[str, str] = {"LATIN": "en", "CJK": "zh", "CYRILLIC": "ru", "ARABIC": "ar", **_ONE_LANGUAGE}
_EVERYDAY_WORDS = """
en the of and to is in that it for with as are this was on which from by at an be not
de der die das und ist ein eine nicht mit von zu den dem im auf für sich wird sind auch aus bei
fr le la les des et est une du dans que qui pour sur pas au aux ce cette par avec sont il
es el los las una y es del con por para al se como más pero su son muy esta este lo
it il gli della di che è una del con per non si sono nel dei alla come più questo anche
pt o os uma do da dos das em no na não é com para por se mais como ao são mas
nl de het een van en is in dat op te met voor niet zijn er aan wordt ook bij naar die
sv och att det som är en på av för med till den inte om ett har från när också
da og at det som er en på af for med til den ikke om et har fra når også der
nb og at det som er en på av for med til den ikke om et har fra når også etter
pl i w z na do się nie jest to że po od są jak przez dla oraz który która
cs a v se na je že s z do to jsou jako pro nebo by který která také při
tr ve bir bu için ile da de olarak çok daha gibi olan ne kadar sonra
fi ja on ei se että ovat mutta myös kun joka tai niin kuin
hu a az és egy hogy nem is van meg ez de mint vagy
ro și de la în cu o un este nu pe care din mai se sunt
"""
_EVERYDAY: Mapping[str, frozenset[str]] = {
    language: frozenset(everyday) for language, *everyday in (row.split() for row in _EVERYDAY_WORDS.strip().splitlines())
}
_ENOUGH_WORDS = 5
"""The fewest everyday words of a language that make it evident."""
_CLEARLY = 1.5
"""How many times more everyday words than of any other language make it evident."""
_NEIGHBOURS: Mapping[str, frozenset[str]] = {"da": frozenset({"nb"}), "nb": frozenset({"da"})}
"""Languages that everyday words do not distinguish."""
_WORD = re.compile(r"[^\W\d_]+")
_MOST = 20_000
"""The characters examined: a language is evident long before."""


def base_of(tag: str) -> str:
    """Return the language of a tag without region and script: `pt` for `pt-BR`. Plain Norwegian counts as Bokmål."""
    base = tag.strip().replace("_", "-").partition("-")[0].lower()
    return "nb" if base == "no" else base


def direction_of(tag: str) -> Direction:
    """Return in which direction a language is written, by the script that the tag names, else by the usual one."""
    script = next((part for part in tag.replace("_", "-").lower().split("-")[1:] if len(part) == len("arab")), None)
    is_rtl = script in _RTL_SCRIPTS if script else base_of(tag) in _RTL_LANGUAGES
    return "rtl" if is_rtl else "ltr"


def seconds_to_say(text: str, language: str, speech_model: str = "") -> int:
    """Return about how long a voice takes to read a text, in whole seconds, 0 if there is nothing to read.

    speech_model: whose voice it is: simulated ones read letters of other scripts by their names
    """
    spells = speech_model.startswith(_SPELLS)
    usual, own = _CHARACTERS_A_SECOND.get(base_of(language), _USUAL_SPEED), scripts_of(language)
    characters = Counter(" ".join(text.split()))
    return math.ceil(round(sum(n / _pace(letter, usual, own, spells=spells) for letter, n in characters.items()), 6))


def _pace(character: str, usual: float, own: frozenset[str], *, spells: bool) -> float:
    """Return how many characters like this one are read in a second."""
    if character.isdigit() or unicodedata.category(character) in {"Sm", "Sc"}:
        return min(usual, _SIGNS)
    script = script_word(character) if own and character.isalpha() else ""
    if script in NO_SCRIPT or script in own:
        return usual
    if spells and script not in _READ_EVERYWHERE:
        return _SPELLED
    return _CHARACTERS_A_SECOND.get(_PACE_OF.get(script, ""), _USUAL_SPEED)


def seconds_at_mean(text: str, language: str, _speech_model: str = "") -> int:
    """Return the seconds that a text takes at its language's mean, whatever its characters are."""
    return math.ceil(len(" ".join(text.split())) / _CHARACTERS_A_SECOND.get(base_of(language), _USUAL_SPEED))


def evident_language(text: str) -> str | None:
    """Return the evident language of a text, or None if it is too short, mixed, or in an unsupported language."""
    script = script_of(text[:_MOST])
    if script is not None and script != LATIN:
        return _ONE_LANGUAGE.get(script)
    counts = _everyday_words(text)
    if script is None or not counts:
        return None
    (best, most), *rest = counts.most_common()
    second = max((number for language, number in rest if language not in _NEIGHBOURS.get(best, ())), default=0)
    return best if most >= _ENOUGH_WORDS and most >= _CLEARLY * second else None


def has_everyday_words(text: str, language: str) -> bool:
    """Whether a text has at least one of the known everyday words of a language."""
    return _everyday_words(text)[base_of(language)] > 0


def is_in_another(text: str, language: str) -> bool:
    """Whether a text is evidently in another language than the given one, judging by its letters or everyday words."""
    base, script, wanted = base_of(language), script_of(text[:_MOST]), scripts_of(language)
    if script is None or not wanted:
        return False
    if script not in wanted:
        return True
    if script != LATIN or base not in _EVERYDAY:
        return False
    evident = evident_language(text)
    return evident is not None and evident != base and evident not in _NEIGHBOURS.get(base, ())


def _everyday_words(text: str) -> "Counter[str]":
    """Count the everyday words of each language in a text."""
    counts: Counter[str] = Counter()
    for word in _WORD.findall(text[:_MOST].lower()):
        counts.update(language for language, everyday in _EVERYDAY.items() if word in everyday)
    return counts
