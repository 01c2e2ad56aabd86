"""A picture's prompt taken apart: subjects, view, style words, and the messages that hosts exchange. It places and paints nothing."""

import re
from dataclasses import dataclass
from enum import StrEnum

from lecture_assets.providers.simulated.style import Style, style_of
from lecture_assets.providers.simulated.subjects import SUBJECTS, Mention, mentions
from lecture_assets.providers.simulated.words import in_ascii, telling_words, words

MOST_SUBJECTS = 7
"""More would crowd a picture."""
_STYLE = re.compile(r"\bstyle\s*:\s*", re.IGNORECASE)
_FURNITURE = re.compile(
    r"\b(?:main )?subjects?\s*:|\bin view\s*:|\b(?:opening frame|wide (?:view|shot)|view from above|view|close[- ]?up|cross[- ]?sections?|cutaway"
    r"|from another side(?: \(\d+\))?|seen from the (?:left|right)|in the evening|with wide margins|version \d+|take \d+)\b|[\"“”]",
    re.IGNORECASE,
)
_SENDS = re.compile(
    r"\b(client|server|host|program|computer|sender|receiver)s?\b[^.;:]{0,30}?\b(?:sends?|answers?|repl(?:y|ies)|returns?|responds? with)\s+(?:with\s+)?"
    r"((?-i:[A-Z]{2,6})(?:\s+and\s+(?-i:[A-Z]{2,6}))?)",
    re.IGNORECASE,
)


class View(StrEnum):
    """How a scene is composed."""

    WIDE = "wide"
    CLOSE = "close"
    SECTION = "section"
    ABOVE = "above"


_VIEWS = (
    (View.CLOSE, r"close[- ]?up|macro|extreme detail"),
    (View.SECTION, r"cross[- ]?section|cutaway|section through"),
    (View.ABOVE, r"from above|overview|bird'?s[- ]eye|top[- ]down"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """An arrow between two hosts. forth: from the first to the second."""

    forth: bool
    label: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt asks for. key_words: to be set as type where nothing in it can be drawn, ASCII only."""

    subjects: tuple[Mention, ...]
    view: View
    style: Style
    key_words: tuple[str, ...]
    hosts: bool
    messages: tuple[Message, ...]
    mirrored: bool
    evening: bool


def read(prompt: str) -> Reading:
    """The prompt's reading. Style words follow `Style:` where that is written; else the whole prompt is read for both."""
    parts = _STYLE.split(prompt, maxsplit=1)
    told, styled = parts[0], parts[1] if len(parts) > 1 else prompt
    body = _FURNITURE.sub(" ", told)
    if len(parts) == 1:
        body = re.sub(r"\b(?:paper|light|notebook|water-?colou?r|background|morning|colou?rs?|cut-?out)\b", " ", body, flags=re.IGNORECASE)
    style = style_of(styled)
    key_words = tuple(word for word in (in_ascii(found) for found in telling_words(body)) if word)[:4]
    found = mentions(body)
    if len(found) < 3 and (unknown := _unknown_topic(body, found)):  # noqa: PLR2004 (two subjects leave room for the topic)
        found = [unknown, *found]
    view = next((view for view, pattern in _VIEWS if re.search(pattern, told, re.IGNORECASE)), View.WIDE)
    hosts = style.diagram and (bool(re.search(r"\bhosts\b", styled, re.IGNORECASE)) or {"computer", "server"} <= {m.subject.name for m in found})
    return Reading(
        subjects=_without_twins(found)[:MOST_SUBJECTS],
        view=view,
        style=style,
        key_words=key_words,
        hosts=hosts,
        messages=_messages(body) if hosts else (),
        mirrored="from the right" in told,
        evening="evening" in told,
    )


def _unknown_topic(body: str, found: list[Mention]) -> Mention | None:
    """The words before the first subject, as a banner, where they say what the picture is about."""
    telling = telling_words(body)
    drawn = {mention.word.lower() for mention in found} | {part for mention in found for part in mention.word.lower().split()}
    before: list[str] = []
    for word in telling:
        if word.lower() in drawn:
            break
        before.append(word)
    plain = [word for word in (in_ascii(word) for word in before[:2]) if word]
    return Mention(SUBJECTS["banner"], " ".join(plain)) if plain and (not found or len(before) <= 2) else None  # noqa: PLR2004 (a topic of one or two words)


def _without_twins(found: list[Mention]) -> tuple[Mention, ...]:
    """Subjects of which another one already shows the picture (light beside the sun) left out."""
    names = {mention.subject.name for mention in found}
    twins = {"light": {"sun", "prism"}, "vapour": set[str](), "sky": {"cloud", "rain"}, "molecule": {"oxygen", "carbon"}, "number": {"bytes"}}
    return tuple(mention for mention in found if not twins.get(mention.subject.name, set()) & names)


def _messages(body: str) -> tuple[Message, ...]:
    """Who sends what, in the text's order; where it names no message, numbered packets, one of them lost if it says so."""
    sent = [Message(who.lower() in {"client", "sender", "program", "computer"}, _joined(what)) for who, what in _SENDS.findall(body)]
    if sent:
        return tuple(sent)
    named = [word.rstrip("s") for word in words(body) if re.fullmatch(r"[A-Z]{3,5}s?", word)]
    if named and re.search(r"\bflood", body, re.IGNORECASE):
        return tuple(Message(forth=True, label=named[0]) for _ in range(3))
    lost = bool(re.search(r"\blos[est]\w*\b", body, re.IGNORECASE))
    return tuple(Message(forth=True, label=f"byte {n}" if "byte" in body.lower() else str(n), lost=lost and n == 2) for n in (1, 2, 3))  # noqa: PLR2004 (the middle one)


def _joined(what: str) -> str:
    return " + ".join(re.split(r"\s+and\s+", what))
