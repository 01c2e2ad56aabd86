"""Which espeak-ng voice each of our voices and languages uses.

A voice is a character, a language is how it reads: every voice speaks every language.
"""

from collections.abc import Mapping
from dataclasses import dataclass


class UnknownNameError(LookupError):
    """A voice or a language that is not in the tables. The message lists those that are."""

    def __init__(self, found: str, *, what: str, allowed: str) -> None:
        """Build the message: `voice: found 'bass'; allowed: one of narrator, teacher`."""
        super().__init__(f"{what}: found {found!r}; allowed: {allowed}")


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice.

    variant:          espeak-ng's voice variant, the character of the sound
    pitch:            espeak-ng's, 0 to 100; 50 is the variant's own
    words_per_minute: measured in English, to within 3 %
    """

    variant: str
    pitch: int
    words_per_minute: int


DEFAULT_VOICE = "narrator"
VOICES: Mapping[str, Voice] = {
    "narrator": Voice("m3", 45, 155),
    "teacher": Voice("f4", 48, 152),
    "storyteller": Voice("michel", 44, 150),
    "student": Voice("f3", 50, 165),
    "presenter": Voice("Alex", 54, 163),
    "librarian": Voice("belinda", 40, 150),
}
"""The voices by name, as in `models.toml`; a test compares them. All are synthetic (espeak-ng)."""

LANGUAGES: Mapping[str, str] = {
    "ar": "sem/ar",
    "bg": "zls/bg",
    "bn": "inc/bn",
    "ca": "roa/ca",
    "cs": "zlw/cs",
    "cy": "cel/cy",
    "da": "gmq/da",
    "de": "gmw/de",
    "el": "grk/el",
    "en": "gmw/en",
    "en-ca": "gmw/en-US",
    "en-us": "gmw/en-US",
    "eo": "art/eo",
    "es": "roa/es",
    "es-419": "roa/es-419",
    "es-ar": "roa/es-419",
    "es-co": "roa/es-419",
    "es-mx": "roa/es-419",
    "et": "urj/et",
    "eu": "eu",
    "fa": "ira/fa",
    "fi": "urj/fi",
    "fr": "roa/fr",
    "fr-be": "roa/fr-BE",
    "fr-ch": "roa/fr-CH",
    "ga": "cel/ga",
    "he": "sem/he",
    "hi": "inc/hi",
    "hr": "zls/hr",
    "hu": "urj/hu",
    "hy": "ine/hy",
    "id": "poz/id",
    "is": "gmq/is",
    "it": "roa/it",
    "ka": "ccs/ka",
    "ko": "ko",
    "la": "itc/la",
    "lt": "bat/lt",
    "lv": "bat/lv",
    "mk": "zls/mk",
    "ms": "poz/ms",
    "nb": "gmq/nb",
    "nl": "gmw/nl",
    "no": "gmq/nb",
    "pl": "zlw/pl",
    "pt": "roa/pt",
    "pt-br": "roa/pt-BR",
    "ro": "roa/ro",
    "ru": "zle/ru",
    "sk": "zlw/sk",
    "sl": "zls/sl",
    "sq": "ine/sq",
    "sr": "zls/sr",
    "sv": "gmq/sv",
    "sw": "bnt/sw",
    "ta": "dra/ta",
    "te": "dra/te",
    "tr": "trk/tr",
    "uk": "zle/uk",
    "ur": "inc/ur",
    "vi": "aav/vi",
    "zh": "sit/cmn",
}
"""espeak-ng's voice file by language tag (BCP 47, lower case), as in `models.toml`."""
_SOME_LANGUAGES = "en, de, fr, es, it, pt-BR, nl, pl, sv, tr, ru, zh"


def find_voice(name: str) -> Voice:
    """Return the voice of this name. UnknownNameError lists the voices."""
    voice = VOICES.get(name)
    if voice is None:
        raise UnknownNameError(name, what="voice", allowed=f"one of {', '.join(VOICES)}")
    return voice


def find_language(tag: str) -> str:
    """Return espeak-ng's voice for a BCP 47 tag, without its region if espeak has none for it. UnknownNameError lists some."""
    wanted = tag.strip().replace("_", "-").lower()
    found = LANGUAGES.get(wanted) or LANGUAGES.get(wanted.partition("-")[0])
    if found is None:
        allowed = f"a language tag that espeak-ng speaks, like {_SOME_LANGUAGES} ({len(LANGUAGES)} in all)"
        raise UnknownNameError(tag, what="language", allowed=allowed)
    return found
