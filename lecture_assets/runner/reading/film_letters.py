"""Letters of a lecture that no installed font has, from what is known before anything is bought. The film is refused for them.

Known are the language, by some of its letters, the notes, which are narrated as they stand, and the texts that a person set.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from lecture_assets.graph.errors import Fault
from lecture_assets.graph.lecture import NARRATION
from lecture_assets.graph.node import parse_node_id
from lecture_assets.graph.settings import Settings
from lecture_assets.languages import base_of
from lecture_assets.prose.markup import as_shown
from lecture_assets.prose.scripts import script_of, scripts_of

_LETTERS: Mapping[str, str] = {
    "ar": "عربي",
    "bn": "বাংলা",
    "bo": "བོད",
    "chr": "ᏣᎳ",
    "ckb": "کوردی",
    "dv": "ދިވެ",
    "fa": "فارسی",
    "gu": "ગુજરાતી",
    "he": "עברית",
    "hi": "हिन्दी",
    "hy": "հայերեն",
    "ja": "日本語です",
    "ka": "ქართული",
    "km": "ខ្មែរ",
    "kn": "ಕನ್ನಡ",
    "ko": "한국어",
    "lo": "ລາວ",
    "ml": "മലയാളം",
    "mr": "मराठी",
    "my": "မြန်မာ",
    "ne": "नेपाली",
    "or": "ଓଡ଼ିଆ",
    "pa": "ਪੰਜਾਬੀ",
    "ps": "پښتو",
    "sd": "سنڌي",
    "si": "සිංහල",
    "ta": "தமிழ்",
    "te": "తెలుగు",
    "th": "ไทย",
    "ug": "ئۇيغۇر",
    "ur": "اردو",
    "yi": "ייִדיש",
    "yue": "粵語嘅",
    "zh": "中文的",
}
"""Letters of languages that Noto Sans alone cannot write: their own names."""
_SHOWN_TEXTS = (NARRATION, "content:video-title")


def undrawable(settings: Settings) -> list[Fault]:
    """Return a fault for the first known text with letters that no installed font has; a second one only if it needs another."""
    language = str(settings.inputs["language"])
    texts = [(place, text) for place, text in _known(settings, language) if not text.isascii()]
    if not texts:
        return []
    from lecture_assets.render.letters import letter_faults  # noqa: PLC0415 - most lectures need no look into fonts

    found: dict[str, Fault] = {}
    for fault in letter_faults(texts, language):
        found.setdefault(fault.allowed, fault)
    return list(found.values())


def _known(settings: Settings, language: str) -> Iterator[tuple[str, str]]:
    letters = _LETTERS.get(base_of(language), "")
    yield f"language {language}", letters if script_of(letters) in scripts_of(language) else ""
    notes = cast("dict[str, str | None]", settings.inputs["user-prompt"])["notes"]
    yield "notes", as_shown(notes or "", language)
    for node, its in settings.nodes.items():
        kind, _ = parse_node_id(node)
        if kind.name in _SHOWN_TEXTS and isinstance(its.pinned, str):
            yield node, as_shown(its.pinned, language)
