"""The voices and languages of the simulated vendor, and which espeak-ng voice stands behind each. It makes no sound.

A voice is a character, a language is how it reads: every voice speaks every language.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lecture_assets.graph.errors import Fault, WrongInputError


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice.

    variant: espeak-ng's voice variant, the character of the sound
    pitch:   espeak-ng's, 0 to 100, 50 as the variant has it; words_per_minute: its speed in English
    note:    what a person choosing a voice wants to know
    """

    variant: str
    pitch: int
    words_per_minute: int
    note: str


DEFAULT_VOICE = "narrator"
VOICES: Mapping[str, Voice] = {
    "narrator": Voice("benjamin", 42, 155, "a calm man, even and clear; the default"),
    "teacher": Voice("steph", 46, 152, "a woman, unhurried and distinct"),
    "storyteller": Voice("michel", 40, 148, "a warm older man, slow"),
    "student": Voice("shelby", 55, 165, "a young woman, brisk"),
    "presenter": Voice("john", 48, 165, "a man, bright and lively"),
    "librarian": Voice("linda", 44, 150, "a woman, soft and low"),
}
"""The voices by name. All are synthetic (espeak-ng)."""

LANGUAGES: Mapping[str, str] = {
    "ar": "ar",
    "bg": "bg",
    "bn": "bn",
    "ca": "ca",
    "cs": "cs",
    "cy": "cy",
    "da": "da",
    "de": "de",
    "el": "el",
    "en": "en-gb",
    "en-au": "en-gb",
    "en-ca": "en-us",
    "en-gb": "en-gb",
    "en-us": "en-us",
    "eo": "eo",
    "es": "es",
    "es-419": "es-419",
    "es-mx": "es-419",
    "et": "et",
    "eu": "eu",
    "fa": "fa",
    "fi": "fi",
    "fr": "fr-fr",
    "fr-be": "fr-be",
    "fr-ch": "fr-ch",
    "ga": "ga",
    "he": "he",
    "hi": "hi",
    "hr": "hr",
    "hu": "hu",
    "hy": "hy",
    "id": "id",
    "is": "is",
    "it": "it",
    "ja": "ja",
    "ka": "ka",
    "ko": "ko",
    "la": "la",
    "lt": "lt",
    "lv": "lv",
    "mk": "mk",
    "ms": "ms",
    "nb": "nb",
    "nl": "nl",
    "no": "nb",
    "pl": "pl",
    "pt": "pt",
    "pt-br": "pt-br",
    "pt-pt": "pt",
    "ro": "ro",
    "ru": "ru",
    "sk": "sk",
    "sl": "sl",
    "sq": "sq",
    "sr": "sr",
    "sv": "sv",
    "sw": "sw",
    "ta": "ta",
    "te": "te",
    "tr": "tr",
    "uk": "uk",
    "ur": "ur",
    "vi": "vi",
    "zh": "cmn",
}
"""espeak-ng's voice by language tag (BCP 47, lower case)."""
_SOME_LANGUAGES = "en, de, fr, es, it, pt-BR, nl, pl, sv, tr, ru, ja, zh"


def find_voice(name: str) -> Voice:
    """The voice of this name; WrongInputError names the voices."""
    voice = VOICES.get(name)
    if voice is None:
        raise WrongInputError([Fault("voice", repr(name), f"one of {', '.join(VOICES)}")])
    return voice


def find_language(tag: str) -> str:
    """espeak-ng's voice for a BCP 47 tag, its region dropped where espeak has none for it. WrongInputError names some."""
    wanted = tag.strip().replace("_", "-").lower()
    found = LANGUAGES.get(wanted) or LANGUAGES.get(wanted.partition("-")[0])
    if found is None:
        allowed = f"a language tag that espeak-ng speaks, like {_SOME_LANGUAGES} ({len(LANGUAGES)} in all)"
        raise WrongInputError([Fault("language", repr(tag), allowed)])
    return found


def check_voice(name: str, language: str) -> None:
    """WrongInputError where there is no such voice, or it does not speak this language; one fault for each."""
    faults: list[Fault] = []
    for look in (lambda: find_voice(name), lambda: find_language(language)):
        try:
            look()
        except WrongInputError as error:
            faults.extend(error.faults)
    if faults:
        raise WrongInputError(faults)
