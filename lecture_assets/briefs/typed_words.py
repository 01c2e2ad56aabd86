"""The words in which people type settings, in English and German: patterns, each with the key and the value it stands for.

`typed.py` decides where in a sentence they count as settings.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lecture_assets.briefs.typed_numbers import ABOUT, COUNT, LENGTHS, SECOND, number_of, seconds_of
from lecture_assets.graph.fingerprint import Json
from lecture_assets.timeline.clock import ASPECT_RATIOS

Value = Callable[[re.Match[str]], Json]

_NAMES_OF_LANGUAGES = """
en english englisch englischer_sprache
de german deutsch deutscher_sprache
fr french französisch français
es spanish spanisch español
it italian italienisch italiano
pt portuguese portugiesisch português
pt-BR brazilian_portuguese
nl dutch niederländisch nederlands
pl polish polnisch
sv swedish schwedisch
da danish dänisch
nb norwegian norwegisch
fi finnish finnisch
cs czech tschechisch
tr turkish türkisch
ru russian russisch
uk ukrainian ukrainisch
el greek griechisch
hu hungarian ungarisch
ro romanian rumänisch
zh chinese mandarin chinesisch
ja japanese japanisch
ko korean koreanisch
ar arabic arabisch
he hebrew hebräisch
hi hindi
cy welsh walisisch
"""
_LANGUAGES: Mapping[str, str] = {
    name.replace("_", " "): tag
    for tag, *names in (row.split() for row in _NAMES_OF_LANGUAGES.strip().splitlines())
    for name in names
}
_LANGUAGE = "|".join(sorted(_LANGUAGES, key=len, reverse=True))
_RATIOS: Mapping[str, str] = {
    **dict.fromkeys(("vertical", "vertically", "portrait", "upright", "hochformat", "hochkant", "vertikal"), "9:16"),
    **dict.fromkeys(("tiktok", "reels", "instagram reels", "shorts", "youtube shorts", "stories", "instagram stories"), "9:16"),
    **dict.fromkeys(("square", "quadratisch", "quadratisches format"), "1:1"),
    **dict.fromkeys(("widescreen", "wide screen", "landscape", "horizontal", "querformat", "breitbild"), "16:9"),
    **dict.fromkeys(("youtube",), "16:9"),
    **{ratio: ratio for ratio in ASPECT_RATIOS},
}
_SITES = ("tiktok", "reels", "instagram reels", "shorts", "youtube shorts", "stories", "instagram stories", "youtube")
_SITE = "|".join(sorted(_SITES, key=len, reverse=True))
_SHAPE = "|".join(sorted((name for name in _RATIOS if name not in _SITES), key=len, reverse=True))
_ARTS = (
    r"water-?\s?colou?rs?(?:\s+paintings?)?|aquarelle?|oil\s+paintings?|oils|gouache|pastels?|charcoal|(?:pencil|ink|chalk|crayon|line|"
    r"pen|charcoal|technical)\s*(?:and\s+wash\s+)?(?:sketch(?:es)?|drawings?|art)|sketch(?:es)?|wood-?cuts?|linocuts?|engravings?|"
    r"comics?(?:\s+(?:book|strip))?|cartoons?|manga|anime|pixel\s+art|pop\s+art|collages?|paper\s+cut-?outs?|cut-?outs?|claymation|"
    r"flat\s+illustrations?|line\s+art|stick\s+figures|blueprints?|isometric|3d\s+renders?|photo-?realistic|photographs?|"
    r"black\s+and\s+white\s+photographs?|low\s+poly|storybook\s+illustrations?|illustrations?|mosaics?|"
    r"aquarelle?n?|ölgemälde|bleistiftzeichnung(?:en)?|bleistiftskizzen?|tuschezeichnung(?:en)?|kreidezeichnung(?:en)?|"
    r"zeichnung(?:en)?|skizzen?|holzschnitte?|scherenschnitte?|strichmännchen|fotorealistisch"
)
_MANNERS = (
    r"soft|light|dark|bright|bold|colou?rful|muted|pastel|loose|rough|fine|simple|minimalist|clean|retro|vintage|detailed|delicate|"
    r"black\s+and\s+white|monochrome|hand-?drawn|old|victorian|medieval|japanese|bauhaus|art\s+(?:deco|nouveau)|"
    r"zarte[srn]?|weiche[srn]?|helle[srn]?|dunkle[srn]?|bunte[srn]?|schlichte[srn]?"
)
_STYLE = rf"(?:(?:{_MANNERS})[\s,]+)*(?:{_ARTS})"
_BARE_AGES = (
    r"(?:my\s+)?(?:\d{1,2}|[a-z]{3,9})-year-olds?|(?:\d{1,2}|[a-z]{3,9})\s+year\s+olds?|ages?\s+\d{1,2}(?:\s*(?:-|–|to)\s*\d{1,2})?|"
    r"\d{1,2}(?:st|nd|rd|th)[\s-]grade(?:rs?)?|(?:grade|year|class)\s+\d{1,2}|\d{1,2}\+|"
    r"\d{1,2}-jährigen?|\d{1,2}\s*jährige|(?:die\s+)?(?:klasse\s+\d{1,2}|\d{1,2}\.\s*klasse)"
)
_WHO = (
    r"kids|children|teens|teenagers|toddlers|preschoolers|pupils|students|undergraduates|adults|seniors|beginners|newcomers|novices|"
    r"experts|professionals|specialists|engineers|developers|programmers|doctors|nurses|teachers|parents|scientists|laypeople|laymen|"
    r"everyone|everybody|non-experts|five-year-olds|"
    r"kinder|jugendliche|schüler|schülerinnen|studenten|studierende|erwachsene|anfänger|einsteiger|fachleute|experten|laien|eltern|"
    r"senioren|alle"
)
_SORTS = (
    r"(?:my|our|the|a|an|curious|young|small|little|older|complete|absolute|total|busy|primary|elementary|high|middle|secondary|school|"
    r"university|college|medical|law|first-year|first|second|third|fourth|year|grade|general|neugierige|kleine|meine|unsere|junge|"
    r"absolute|blutige)[\s-]+"
)
_PEOPLE = (
    rf"(?:{_SORTS}){{0,3}}(?:(?:{_BARE_AGES})(?:\s+(?:son|daughter|child|children|kids|students|pupils|girls|boys|learners))?|"
    rf"{_WHO}|son|daughter|grandmother|grandma|mother|father|grandfather|child|class|boss|friend|"
    r"(?:general\s+)?(?:public|audience)|school|tochter|oma|mutter|grundschule)"
)
_VOICES = r"narrator|teacher|storyteller|student|presenter|librarian"
_PARTS = r"segments?|slides?|parts|scenes?|chapters?|sections?|abschnitte?n?|teilen?|folien?|szenen?|kapiteln?"
_PICTURES = r"(?:images?|pictures?|illustrations?|bilder)"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to type a setting.

    words:  what is typed
    value:  what it stands for
    lead:   the words required before it at the end of a longer sentence (`in`, `for`); None if it never occurs there
    marked: the words are unmistakably an aside
    """

    key: str
    words: re.Pattern[str]
    value: Value
    lead: str | None = None
    marked: bool = False


def _pattern(key: str, words: str, value: Value, lead: str | None = None, *, marked: bool = False) -> Pattern:
    return Pattern(key, re.compile(rf"(?:{words})(?![\w½])", re.IGNORECASE), value, lead, marked)


def _group(name: str) -> Value:
    return lambda match: " ".join(match[name].split()).strip(" \"'“”„«»")


def _whole(match: re.Match[str]) -> Json:
    return int(number_of(match["n"]))


def _found(table: Mapping[str, str]) -> Value:
    return lambda match: table[" ".join(match["name"].lower().split())]


def _five(_match: re.Match[str]) -> Json:
    """Return the audience of an explanation `like I'm five`."""
    return "five-year-olds"


def _true(_match: re.Match[str]) -> Json:
    return True


_LENGTH = [_pattern("duration", rf"{ABOUT}{length}(?:\s+(?:long|lang|max|maximum))?", seconds_of, "in") for length in LENGTHS]
PATTERNS: Sequence[Pattern] = (
    _pattern(
        "title",
        r"(?:titled?|called|titel|titled as|mit dem titel)\s*:?\s*[\"“„«'](?P<name>[^\"”“»']+)[\"”“»']",
        _group("name"),
        "",
        marked=True,
    ),
    _pattern("title", r"(?:title|titel)\s*:\s*(?P<name>.+)", _group("name"), marked=True),
    _pattern(
        "images_per_segment",
        rf"(?P<n>{COUNT})\s+{_PICTURES}\s+(?:per|a|each|for each|je|pro)\s*(?:segment|slide|part|scene|abschnitt|teil|folie)?",
        _whole,
        "with|mit",
    ),
    _pattern("images_per_segment", rf"(?P<n>{COUNT})\s+{_PICTURES}\s+each", _whole, "with"),
    _pattern("num_segments", rf"(?P<n>{COUNT})[\s-](?:{_PARTS})", _whole, "in"),
    _pattern("segment_length", rf"(?:of|à|zu|je)\s+(?P<n>\d{{1,6}})\s?-?(?:{SECOND}|s)(?:\s+each)?", _whole, marked=True),
    _pattern(
        "segment_length", rf"(?P<n>\d{{1,6}})\s?(?:{SECOND}|s)\s+(?:each|a|per|je|pro)(?:\s+(?:{_PARTS}))?", _whole, marked=True
    ),
    *_LENGTH,
    _pattern("image_style", r"(?:image\s+|visual\s+)?(?:style|stil|bildstil)\s*:\s*(?P<name>.+)", _group("name"), marked=True),
    _pattern(
        "image_style",
        r"(?P<name>in\s+the\s+style\s+of\s+.{2,60}|im\s+stil(?:e)?\s+(?:von|eines|einer|des|der)\s+.{2,60})",
        _group("name"),
        "",
        marked=True,
    ),
    _pattern(
        "image_style",
        rf"(?:a|an|eine?s?)?\s*(?P<name>{_STYLE})(?:[\s-]+(?:style|look|stil|optik))?",
        _group("name"),
        "in|as|as an?|als|als eine?|im",
    ),
    _pattern(
        "image_style",
        rf"(?P<name>(?:{_MANNERS})(?:\s+(?:{_MANNERS}))*)[\s-]+(?:style|look|stil)",
        _group("name"),
        "in|in an?|with an?",
    ),
    _pattern(
        "aspect_ratio",
        rf"(?:aspect\s+ratio|ratio|format|seitenverhältnis)\s*:?\s*(?P<name>{_SHAPE})",
        _found(_RATIOS),
        marked=True,
    ),
    _pattern(
        "aspect_ratio",
        rf"(?P<name>{_SHAPE})(?:\s+(?:format|video|mode|orientation|screen|ratio))?",
        _found(_RATIOS),
        "in|as an?|im|als",
    ),
    _pattern("aspect_ratio", rf"(?:for|für)\s+(?P<name>{_SITE})", _found(_RATIOS), "", marked=True),
    _pattern("language", rf"(?:in|auf|in the)\s+(?P<name>{_LANGUAGE})(?:\s+language)?", _found(_LANGUAGES), "", marked=True),
    _pattern(
        "language",
        rf"(?P<name>{_LANGUAGE})\s+(?:narration|voice|voice-?over|language|audio)",
        _found(_LANGUAGES),
        "with",
        marked=True,
    ),
    _pattern("language", rf"(?:language|sprache)\s*:\s*(?P<name>{_LANGUAGE})", _found(_LANGUAGES), marked=True),
    _pattern("language", r"(?:language|sprache)\s*:\s*(?P<name>[a-z]{2,3}(?:-[a-z]{2,8})*)", _group("name"), marked=True),
    _pattern(
        "voice",
        rf"(?:(?:with|in|read\s+by|spoken\s+by|narrated\s+by|mit|gelesen\s+von)\s+(?:(?:the|a|der)\s+)?)?(?:voice|stimme)\s*:?\s*(?P<name>{_VOICES})",
        lambda match: match["name"].lower(),
        "",
        marked=True,
    ),
    _pattern(
        "voice",
        rf"(?:(?:with|in)\s+)?(?:(?:the|a)\s+)?(?P<name>{_VOICES})(?:['’]s)?\s+voice",
        lambda match: match["name"].lower(),
        marked=True,
    ),
    _pattern(
        "use_video",
        r"(?:(?:with|as|use|using|mit|als)\s+)(?:moving\s+pictures|video\s?clips|clips|video\s+segments|bewegten\s+bildern)|use[\s_]video",
        _true,
        "",
        marked=True,
    ),
    _pattern(
        "music_prompt_mod",
        r"(?:with|mit)\s+(?P<name>(?:(?!no\b|without\b)[\w-]+\s+){1,4})(?:background\s+)?(?:music|musik)",
        _group("name"),
        "",
        marked=True,
    ),
    _pattern("music_prompt_mod", r"(?:music|musik)\s*:\s*(?P<name>.+)", _group("name"), marked=True),
    _pattern("audience", r"(?:audience|zielgruppe|publikum)\s*:\s*(?P<name>.+)", _group("name"), marked=True),
    _pattern(
        "audience",
        rf"(?:for|to|aimed\s+at|für)\s+(?P<name>{_PEOPLE}(?:\s+(?:without|ohne)\s+[\w\s-]{{2,40}}$)?)",
        _group("name"),
        "",
        marked=True,
    ),
    _pattern("audience", r"(?:like|as\s+if)\s+(?:i['’]m|i\s+am|i\s+were)\s+(?:five|5)", _five, "", marked=True),
    _pattern("audience", rf"(?P<name>{_BARE_AGES}|(?:beginner|expert|school)\s+level)", _group("name")),
)
"""In the order in which they are tried: longer phrases before shorter ones."""
FILLERS = re.compile(
    r"(?:please|bitte|thanks|danke|and|und|make\s+it|keep\s+it|it\s+should\s+be|should\s+be|with|in|as|mit|als|im|video|format|long|lang|"
    r"mach\s+es|a\s+video|lecture|only|nur|just)(?![\w-])",
    re.IGNORECASE,
)
"""Words that may accompany settings without being one."""
KEY_WORDS = re.compile(
    r"(?:^|[\s,;(])(?:title|titel|style|stil|bildstil|voice|stimme|language|sprache|audience|zielgruppe|publikum|music|musik|format|ratio|"
    r"seitenverhältnis|duration|length|dauer|länge)$",
    re.IGNORECASE,
)
"""Words that name a setting if a colon follows."""
TYPED_IN: Mapping[str, re.Pattern[str]] = {
    language: re.compile(rf"^\W*(?:{words})(?!\w)", re.IGNORECASE)
    for language, words in {
        "de": r"warum|wieso|weshalb|wie|was\s+(?:ist|sind|macht|passiert|bedeutet|heißt)|wer\s+(?:war|ist|hat)|erklär\w*|"
        r"erzähl\w*|beschreib\w*|(?:mach\w*|erstell\w*)\s+(?:mir\s+)?eine?n?|"
        r"eine?\s+(?:[\w-]+\s+)?(?:video|vortrag|film|lektion|[\w-]+video)",
        "fr": r"pourquoi|comment\s+\w+|qu['’]est-ce|explique[rz]?|raconte[rz]?|décri[st]|une\s+vidéo",
        "es": r"por\s+qué|cómo|qué\s+es|explica\w*|describe\s+(?:el|la|los|las)|cuéntame|un\s+v[ií]deo",
        "it": r"perché|come\s+(?:funziona|nasce|si)|che\s+cos|cos['’]è|spiega\w*|racconta\w*",
        "pt": r"por\s+que|porque\s+é|como\s+funcionam?|o\s+que\s+é|expliqu?e\s+(?:o|a|os|as|por|como)",
        "nl": r"waarom|hoe\s+(?:werkt|werken|ontstaa\w*)|wat\s+(?:is|zijn)|leg\b.*\buit",
        "sv": r"varför|hur\s+(?:fungerar|uppstår)|vad\s+är|förklara",
        "da": r"hvorfor\s+er|hvordan\s+(?:virker|opstår)|hvad\s+er|forklar",
        "pl": r"dlaczego|jak\s+(?:działa|powstaje)|co\s+to\s+jest|wyjaśnij|wytłumacz|opowiedz",
        "cs": r"proč|jak\s+(?:funguje|vzniká)|co\s+je|vysvětli\w*",
        "tr": r"neden|nasıl|açıkla|anlat",
        "ru": r"почему|как|что\s+такое|объясни\w*|расскажи\w*",
        "uk": r"чому|як|що\s+таке|поясни\w*|розкажи\w*",
    }.items()
}
"""How prompts begin in languages other than English."""
