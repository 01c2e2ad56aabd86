"""Split a prompt typed after --prompt into its topic and the settings mentioned in it. Pure.

    Explain photosynthesis to 12-year-olds, 90 seconds, watercolour, vertical
    └────── prompt ──────┘ └─ at its end ─┘ └──────────── asides ───────────┘

An aside is a part between commas, dashes or full stops that contains only settings, in a run of such parts at the beginning or
the end. At the end of a longer sentence, settings are recognized after an introductory word (`in`, `for`, `as`). Everything else
stays in the prompt: words that could be either topic or setting are left in the topic.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lecture_assets.briefs.typed_words import FILLERS, KEY_WORDS, PATTERNS, TYPED_IN, Pattern
from lecture_assets.graph.fingerprint import Json
from lecture_assets.languages import DEFAULT_LANGUAGE, evident_language

_PART_END = re.compile(r"\s*(?:(?<!\d),|,(?!\d)|[;|()\n])\s*|\s+[-–—]+\s+|\s*[—]\s*|:\s+|[.!?。！？]+(?:\s+|$)")
_ASKS = re.compile(
    r"^\W*(?:why|how|what|when|where|who|whom|whose|which|whether|is|are|was|were|do|does|did|can|could|will|would|should|has|have|"
    r"warum|wieso|weshalb|wie|was|wann|wo|wer|wem|wen|welche\w*|ist|sind|kann|gibt)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:compare[sd]?|comparing|comparison|contrast|difference|differences|between|versus|vs\.?|types?|kinds?|sorts?|list|"
    r"vergleich\w*|unterschied\w*|zwischen|arten)\b",
    re.IGNORECASE,
)
"""Words that show that a list of similar things is the topic."""
_OF_ITS_OWN_KIND: Mapping[str, re.Pattern[str]] = {
    "language": re.compile(
        r"\b(?:words?|verbs?|nouns?|grammar|cases?|say|says|said|speak|spell\w*|pronounc\w*|sentences?|tenses?|plurals?|articles?|"
        r"genders?|umlauts?|alphabet|count|counting|greet\w*|phrases?|idioms?|adjectives?|dative|genitive|accusative|"
        r"numbers|translat\w*|vocabulary|accents?|literature|poetry|poems?|film|films|wort|wörter|verben|grammatik|satz|sätze)\b",
        re.IGNORECASE,
    ),
    "image_style": re.compile(
        r"\b(?:paint\w*|draw\w*|sketch\w*|artists?|techniques?|art|colou?rs?|pigments?|print\w*|mal\w*|zeichn\w*|kunst|technik\w*)\b",
        re.IGNORECASE,
    ),
    "duration": re.compile(
        r"\b(?:how\s+(?:far|fast|much|many|long|often|quickly|to)|happens?|cook\w*|boil\w*|run\w*|gone|travels?|wie\s+(?:weit|viel|schnell|oft)|"
        r"world|hold\w*|memory|record)\b",
        re.IGNORECASE,
    ),
    "num_segments": re.compile(
        r"\b(?:divid\w*|split\w*|cut|cuts|broken?|breaks?|teil\w*|come|comes|falls?|fell)\b", re.IGNORECASE
    ),
    "aspect_ratio": re.compile(
        r"\b(?:algorithm\w*|marketing|ads?|advertis\w*|licens\w*|accounts?|film\w*|shoot\w*|photograph\w*|format\w*|ratios?|business|"
        r"portrait\w*|landscapes?|paint\w*|draw\w*|edit\w*|post\w*|make)\b",
        re.IGNORECASE,
    ),
    "audience": re.compile(
        r"\b(?:cook\w*|care|caring|writ\w*|good|bad|safe|safety|dangerous|healthy|unhealthy|important|best|games?|books?|toys?|food|"
        r"medicines?|vaccin\w*|schools?|education|rights?|laws?|design\w*|sleep|diets?|benefits?|risks?|do|does|sports?|apps?|"
        r"films?|movies?|songs?|stor(?:y|ies)|pensions?|jobs?|gut|schlecht|gesund|bücher|spiele|rechte|schulen?)\s*$",
        re.IGNORECASE,
    ),
}
"""Words before a setting that show that the sentence may be about it; nothing is then taken from its end."""
_IN_A_NAME = re.compile(r"\b(?:Seconds|Minutes|Hours|Parts|Chapters|Scenes|Sections)\b")
"""`Gone in 60 Seconds`: capitals show the words of a title."""
_A_VIDEO = re.compile(
    r"^\W*(?:(?:please|bitte)\s+)?(?:(?:make|create|write|produce|give|prepare|i\s+(?:want|need)|mach\w*|erstell\w*)\s+)?(?:(?:me|us|mir|uns)\s+)?"
    r"(?:(?:an?|eine?n?)\s+)?(?P<said>(?:[^\s,.;:!?]+[\s-]+){0,6}?)(?:video|film|lecture|lesson|talk|clip|explainer|vortrag|erklärvideo|lehrfilm)\b"
    r"(?P<more>(?:\s+[^\s,.;:!?]+){0,6}?)\s+(?:about|on|explaining|über|zu|zum|zur)\s",
    re.IGNORECASE,
)
"""`Make a 90-second vertical video in German about …`: a description of the video before its topic."""
_AN = re.compile(r"\ba(?=\s[aeio])")
_QUOTES = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»")


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed prompt, split.

    prompt:   the text without the recognized settings, or all of it if there are none
    settings: by key of the brief
    """

    prompt: str
    settings: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the text from `start` to `end`, and the mark that ends it."""

    start: int
    end: int
    mark: str


def read_typed(text: str) -> Typed:
    """Split a typed prompt. It stays whole if it consists of settings only, or gives two values for one key."""
    parts = _parts(text)
    after = [part for part in parts if part.start >= _tail(text, parts)]
    before = parts[: _head(text, parts)] if not after or after[0] != parts[0] else []
    kept = [part for part in parts if part not in before and part not in after]
    if not kept:
        return Typed(text)
    asides = [_settings(text[part.start : part.end]) or [] for part in (*before, *after)]
    topic, from_topic = _without_endings(text[kept[0].start : kept[-1].end])
    topic, of_video = _without_description(topic)
    found = [*(pair for aside in asides for pair in aside), *from_topic, *of_video]
    if "language" not in dict(found) and (language := _typed_in(text)):
        found.append(("language", language))
    values = {key: {str(value) for other, value in found if other == key} for key, _ in found}
    if not found or any(len(different) > 1 for different in values.values()):
        return Typed(text)
    whole = text[kept[0].start : kept[-1].end].rstrip()
    is_whole = topic == whole and len(kept) == len(parts)
    mark = re.match(r"\s*[?!？！]+", text[kept[0].start + len(whole) :])
    return Typed(text if is_whole else f"{topic}{mark[0] if mark else ''}", dict(found))


def _typed_in(text: str) -> str | None:
    """Return the language that a prompt is evidently typed in; None for English, or if it is not evident."""
    begun = next((language for language, words in TYPED_IN.items() if words.match(text)), None)
    evident = begun or evident_language(text)
    return None if evident == DEFAULT_LANGUAGE else evident


def _parts(text: str) -> list[_Part]:
    """Split the text at separators outside quotation marks."""
    quoted = [match.span() for match in _QUOTES.finditer(text)]
    parts, start = [], 0
    for end in _PART_END.finditer(text):
        names_a_key = end[0].startswith(":") and KEY_WORDS.search(text[: end.start()])
        if names_a_key or any(first < end.start() < last - 1 for first, last in quoted):
            continue
        if text[start : end.start()].strip():
            parts.append(_Part(start, end.start(), end[0]))
        start = end.end()
    return [*parts, _Part(start, len(text), "")] if text[start:].strip() else parts


def _tail(text: str, parts: list[_Part]) -> int:
    """Return where the asides at the end begin. In a list or after a colon, only unmistakable asides count."""
    begins = len(text) + 1
    for place in range(len(parts) - 1, 0, -1):
        part, before = parts[place], text[: parts[place - 1].end]
        in_a_list = bool(_COMPARES.search(before)) or any(other.mark.strip() == ":" for other in parts[:place])
        found = _settings(text[part.start : part.end], marked_only=in_a_list)
        is_next = any(_ends_with(before, key) for key, _ in found or ()) and _settings(before[parts[place - 1].start :]) is None
        if found is None or is_next:
            break
        begins = part.start
    return begins


def _ends_with(text: str, key: str) -> bool:
    """Whether a text ends with words for the same key, which makes what follows the next item of a list."""
    return any(re.search(rf"(?:{pattern.words.pattern})$", text, re.IGNORECASE) for pattern in PATTERNS if pattern.key == key)


def _head(text: str, parts: list[_Part]) -> int:
    """Return how many parts at the beginning are asides; never all of them."""
    place = 0
    while place < len(parts) - 1 and _settings(text[parts[place].start : parts[place].end]) is not None:
        place += 1
    return place


def _settings(part: str, *, marked_only: bool = False) -> list[tuple[str, Json]] | None:
    """Return the settings in a part that contains nothing else (or only fillers such as `please`); otherwise None."""
    found: list[tuple[str, Json]] = []
    place, part = 0, part.strip()
    while place < len(part):
        if part[place].isspace():
            place += 1
        elif hit := next(_matches(part, place), None):
            pattern, match = hit
            if marked_only and not pattern.marked:
                return None
            found.append((pattern.key, pattern.value(match)))
            place = match.end()
        elif filler := FILLERS.match(part, place):
            place = filler.end()
        else:
            return None
    return found


def _matches(text: str, place: int) -> Iterator[tuple[Pattern, re.Match[str]]]:
    return ((pattern, match) for pattern in PATTERNS if (match := pattern.words.match(text, place)))


def _without_endings(topic: str) -> tuple[str, list[tuple[str, Json]]]:
    """Return the topic without the settings at its end, and those settings, last first. Questions are left alone."""
    found: list[tuple[str, Json]] = []
    while not _ASKS.match(topic) and (hit := _ending(topic)):
        topic, pair = hit
        found.append(pair)
    return topic.strip(" ,;:–—"), found


def _ending(topic: str) -> tuple[str, tuple[str, Json]] | None:
    for pattern in PATTERNS:
        if pattern.lead is None:
            continue
        lead = rf"(?:{pattern.lead})\s+" if pattern.lead else ""
        ending = re.compile(rf"\s(?:{lead})(?P<setting>{pattern.words.pattern})\s*$", re.IGNORECASE)
        match = ending.search(topic)
        if match is None or _is_of_the_topic(pattern.key, topic[: match.start()], match["setting"]):
            continue
        said = pattern.words.match(match["setting"])
        if said and topic[: match.start()].strip():
            return topic[: match.start()], (pattern.key, pattern.value(said))
    return None


def _is_of_the_topic(key: str, before: str, setting: str) -> bool:
    """Whether what looks like a setting may be the topic, judging by the words before it or its spelling as a title."""
    about_it = _OF_ITS_OWN_KIND.get(key)
    return bool(_IN_A_NAME.search(setting) or _COMPARES.search(before) or (about_it and about_it.search(before)))


def _without_description(topic: str) -> tuple[str, list[tuple[str, Json]]]:
    """Return the topic without a description of the video before it, and the settings in that description."""
    match = _A_VIDEO.match(topic)
    if match is None:
        return topic, []
    found: list[tuple[str, Json]] = []
    kept = topic
    for name in ("more", "said"):
        said = match[name].strip(" -")
        settings = _settings(said.replace("-vertical", " vertical")) if said else None
        if settings:
            found += settings
            start, end = match.span(name)
            kept = _AN.sub("an", f"{kept[:start].rstrip()} {kept[end:].lstrip()}".lstrip(), count=1)
    return kept, found
