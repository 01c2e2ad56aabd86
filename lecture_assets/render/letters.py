"""Which letters cannot be drawn, and what to install for them. Reads the fonts that are installed, and draws nothing."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from PIL import features

from lecture_assets.graph.blank import WITHOUT_FORM
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.prose.bidi import direction_of_line
from lecture_assets.prose.emoji import without_emoji, words_in_picture
from lecture_assets.render.font_files import FontFile, fonts_for, fonts_of_packages, noto

_PLAIN = re.compile(r"[\s -~\u00a0-\u024f\u0384-\u03e1\u0400-\u052f\u2010-\u2027\u2030-\u205e]*")
"""Letters that Noto Sans has, which are nearly all: these are not looked up."""
_IGNORED = re.compile(f"[{WITHOUT_FORM}]")
"""Letters without a form of their own: joiners, marks of direction, variation selectors."""
_CJK_NAMES = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH"}
)
_RARER_NAMES = """
ADLAM ARMENIAN BALINESE BAMUM BATAK BUGINESE BUHID CANADIAN CHAKMA CHAM CHEROKEE DESERET GUJARATI GUNJALA GURMUKHI HANIFI
HANUNOO JAVANESE KANNADA KAYAH LEPCHA LIMBU LISU MALAYALAM MANDAIC MASARAM MEETEI MENDE MIAO MONGOLIAN MRO NEWA NKO OL ORIYA
OSAGE OSMANYA PAHAWH PAU REJANG SAMARITAN SAURASHTRA SHARADA SHAVIAN SINHALA SUNDANESE SYLOTI SYRIAC TAGBANWA TAI TAKRI THAANA
TIFINAGH VAI YI
"""
_RARER = frozenset(_RARER_NAMES.split())
"""First words of the names of letters that Kurinto Sans has and the fonts that always come with the package have not."""
_SHAPED = re.compile("[\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Scripts whose letters change with their neighbours, or stand from right to left: Hebrew, Arabic, Indian, Khmer, Burmese."""


def letters_without_font(text: str, language: str = "en") -> list[str]:
    """Return the letters of a text that no installed font has, each once, in order, but for emoji: they are not drawn.

    language: decides which fonts are looked into first, as for drawing
    """
    if _PLAIN.fullmatch(text):
        return []
    lost = [letter for letter in dict.fromkeys(shown(text, language)) if not is_drawn(letter, language)]
    return [*lost, *_unshaped(text)]


def _unshaped(text: str) -> list[str]:
    """Return the letters that are drawn wrong without libraqm and FriBiDi, if these are absent."""
    return [] if can_shape() else list(dict.fromkeys(_SHAPED.findall(text)))


@lru_cache(maxsize=1)
def can_shape() -> bool:
    """Whether Pillow joins letters and mixes directions. Its wheels bring libraqm, which loads the system's FriBiDi."""
    return bool(features.check_feature("raqm")) and features.version_feature("fribidi") is not None


def is_plain(text: str) -> bool:
    """Whether a text has only letters that Noto Sans is known to have."""
    return _PLAIN.fullmatch(text) is not None


def is_drawn(letter: str, language: str) -> bool:
    """Whether a font has a letter, or the letter has no form."""
    return (
        letter.isspace() or has_no_form(letter) or unicodedata.category(letter) == "Cc" or font_of(letter, language) is not None
    )


def has_no_form(letter: str) -> bool:
    """Whether no font draws a letter: joiners, variation selectors, fillers."""
    return _IGNORED.match(letter) is not None


def shown(text: str, language: str) -> str:
    """Return a text without the emoji that no font has."""
    return without_emoji(text, partial(_is_in_package, language=language))


def shown_words(words: Sequence[str], language: str) -> list[str]:
    """Return words, each with the space before it, without the emoji that no font has."""
    return words_in_picture(words, partial(_is_in_package, language=language))


def _is_in_package(letter: str, language: str) -> bool:
    """Whether a font of a package has a letter: the same emoji are drawn on every machine."""
    return any(font.has(letter) for font in fonts_of_packages(language))


@lru_cache(maxsize=4096)
def font_of(letter: str, language: str) -> FontFile | None:
    """Return the first font that has a letter."""
    if _PLAIN.fullmatch(letter) and noto() is fonts_for(language)[0]:
        return noto()
    return next((font for font in fonts_for(language) if font.has(letter)), None)


def without_unknown(text: str, language: str) -> str:
    """Return a text with `?` for letters that no font has: for messages of others, which must not stop a film."""
    lost = set(letters_without_font(text, language))
    return "".join("?" if letter in lost else letter for letter in text) if lost else text


def letter_faults(texts: Iterable[tuple[str, str]], language: str) -> list[Fault]:
    """Return a fault for each text, given with its place, that has letters without a font: the letters, and what to install."""
    return [_fault(place, lost, text) for place, text in texts if (lost := letters_without_font(text, language))]


def check_letters(timeline: Mapping[str, Any]) -> None:
    """Raise WrongInputError if a caption or the title of a timeline has a letter that no font has, so that no box is drawn."""
    if faults := letter_faults(_texts(timeline), timeline.get("language", "en")):
        raise WrongInputError(faults[:_SHOWN])


_SHOWN = 3
"""The most places that are named: where one caption of Chinese has no font, none has."""


def _texts(timeline: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "title", timeline["title"].get("text", "")
    for segment in timeline["segments"]:
        yield f"captions of segment {segment['position'] + 1}", " ".join(caption["text"] for caption in segment["captions"])


_NAMED = 3
"""The most letters that a fault names."""


def _fault(place: str, lost: list[str], text: str) -> Fault:
    named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in lost[:_NAMED])
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    return Fault(place, f"{named}{more}, which no installed font has", remedy(lost, text))


def remedy(lost: list[str], text: str = "") -> str:
    """Return what to install so that letters can be drawn, as `allowed` of a fault."""
    if not can_shape() and _SHAPED.search(text or "".join(lost)):
        needed = (
            "letters that are joined or stand from right to left" if direction_of_line(text, "ltr") == "rtl" else "such letters"
        )
        return f"{needed} once FriBiDi is installed (Debian: `apt install libfribidi0`)"
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in lost}
    extras = [extra for extra, known in (("cjk", _CJK_NAMES), ("fonts", _RARER)) if names & known]
    if extras:
        return f"letters of installed fonts (these come with `pip install 'lecture-assets[{','.join(extras)}]'`)"
    return "letters of installed fonts (Debian: `apt install fonts-noto-core`)"
