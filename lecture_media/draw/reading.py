"""Read a picture's prompt: its subjects, view, style words, and the messages that hosts exchange.

Nothing is placed or painted here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from lecture_media.chance import Chance
from lecture_media.draw.style import Style, style_of
from lecture_media.draw.subjects import COMPANIONS, SUBJECTS, Mention, Spot, mentions
from lecture_media.words import STOP_WORDS, in_type, telling_words, words

ENOUGH_SUBJECTS = 4
MOST_SUBJECTS = 7
"""More subjects would crowd a picture."""
ENOUGH_BESIDE_ONE, MOST_BESIDE_ONE = 2, 4
"""The limit if the style wants one subject to stand out."""
LONGEST_TOPIC = 24
"""Letters that a banner can show at a readable size."""
_STYLE = re.compile(r"\bstyle\s*:\s*", re.IGNORECASE)
_FURNITURE = re.compile(
    r"\b(?:main )?subjects?\s*:|\bin view\s*:"
    r"|\b(?:opening frame|wide (?:view|shot)|view from above|view|close[- ]?up|cross[- ]?sections?|cutaway"
    r"|from another side(?: \(\d+\))?|seen from the (?:left|right)|in the evening|with wide margins"
    r"|version \d+|take \d+)\b|[\"“”]",
    re.IGNORECASE,
)
_ROOMY = re.compile(r"\bopening frame\b|\bwide margins\b", re.IGNORECASE)
"""Words for a clip's opening frame, to which the camera will move closer."""
_OF_STUDY = ("book", "bulb", "magnifier", "question", "eye", "scroll", "pencil", "clock", "map", "speech", "microscope")
_SIGNS: Mapping[str, str] = {
    "👁": "eye",
    "📖": "book",
    "🔍": "magnifier",
    "🕰": "clock",
    "📊": "chart",
    "💬": "speech",
    "👤": "person",
    "👥": "people",
    "💡": "bulb",
}
"""Symbols that are drawn as the subject they show, without its English name."""
_BETWEEN_THINGS = frozenset({"among", "behind", "beside", "beyond", "inside", "measured", "put", "seen", "stays", "weighed"})
"""Words that relate a topic to what is shown with it."""
_ORDERED = re.compile(
    r"\b(?:arrows?|cycles?|steps?|stages?|flows?|chain|journey|then|becomes?|turns? into|makes?)\b", re.IGNORECASE
)
"""Only where one thing leads to the next do arrows tell the truth."""
_SENDS = re.compile(
    r"\b(client|server|host|program|computer|sender|receiver)s?\b[^.;:]{0,30}?"
    r"\b(?:sends?|answers?|repl(?:y|ies)|returns?|responds? with)\s+(?:with\s+)?"
    r"((?-i:[A-Z]{2,6})(?:\s+and\s+(?-i:[A-Z]{2,6}))?)",
    re.IGNORECASE,
)


class PictureView(StrEnum):
    """How a scene is composed."""

    WIDE = "wide"
    CLOSE = "close"
    SECTION = "section"
    ABOVE = "above"


_VIEWS = (
    (PictureView.CLOSE, r"close[- ]?up|macro|extreme detail"),
    (PictureView.SECTION, r"cross[- ]?section|cutaway|section through"),
    (PictureView.ABOVE, r"from above|overview|bird'?s[- ]eye|top[- ]down"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """An arrow between two hosts. forth: from the first to the second."""

    forth: bool
    label: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt asks for.

    key_words: written as text if nothing can be drawn
    shore:     both land and sea are visible
    roomy:     the edge must stay free
    mirrored:  left and right are swapped
    turned:    the first subject is placed at the end
    ordered:   the subjects follow from each other in the order they are mentioned
    """

    subjects: tuple[Mention, ...]
    view: PictureView
    style: Style
    key_words: tuple[str, ...]
    hosts: bool
    messages: tuple[Message, ...]
    shore: bool
    mirrored: bool
    turned: bool
    evening: bool
    roomy: bool
    ordered: bool


def read(prompt: str) -> Reading:
    """Read the prompt. Style words follow `Style:` if it is there; otherwise the whole prompt is searched for both."""
    parts = _STYLE.split(prompt, maxsplit=1)
    told, styled = parts[0], parts[1] if len(parts) > 1 else prompt
    body = _FURNITURE.sub(" ", told)
    if len(parts) == 1:
        body = re.sub(
            r"\b(?:paper|light|notebook|water-?colou?r|background|morning|colou?rs?|cut-?out)\b", " ", body, flags=re.IGNORECASE
        )
    style = style_of(styled)
    key_words = tuple(word for word in (in_type(found) for found in telling_words(body)) if word)[:4]
    view = next((view for view, pattern in _VIEWS if re.search(pattern, told, re.IGNORECASE)), PictureView.WIDE)
    found = mentions(body) + [Mention(SUBJECTS[_SIGNS[sign]], "") for sign in body if sign in _SIGNS]
    if len(found) < 3 and (unknown := _unknown_topic(body, found)):  # noqa: PLR2004 (two subjects leave room for the topic)
        found = [unknown, *found]
    shown = _without_twins(found) if found or key_words else _for_any_topic(prompt)
    if view is PictureView.WIDE and style.scenery:
        shown = [part for mention in shown for part in _outdoors(mention, shown)]
    enough, most = (ENOUGH_BESIDE_ONE, MOST_BESIDE_ONE) if style.sole else (ENOUGH_SUBJECTS, MOST_SUBJECTS)
    hosts = style.diagram and (
        bool(re.search(r"\bhosts\b", styled, re.IGNORECASE)) or {"computer", "server"} <= {m.subject.name for m in found}
    )
    return Reading(
        subjects=tuple(shown if hosts else _accompanied(shown, enough))[:most],
        view=view,
        style=style,
        key_words=key_words,
        hosts=hosts,
        messages=_messages(body) if hosts else (),
        shore=view is PictureView.WIDE and style.scenery and _has_shore(found),
        mirrored="from the right" in told or "from the left" in told,
        turned="from the right" in told,
        evening="evening" in told,
        roomy=bool(_ROOMY.search(told)),
        ordered=bool(_ORDERED.search(prompt)),
    )


def _unknown_topic(body: str, found: list[Mention]) -> Mention | None:
    """The words of the first clause before the first subject, for a banner, if they say what the picture is about."""
    drawn = {part for mention in found for part in mention.word.lower().split()}
    spoken = words(re.split(r"[.;:!?。；：！？।؟؛](?:\s|$)", body.strip(" .,;:"), maxsplit=1)[0])
    while spoken and spoken[0].lower() in STOP_WORDS:
        spoken.pop(0)
    run = list(takewhile(_is_of_a_topic, spoken))
    while run and run[-1].lower() in STOP_WORDS:
        run.pop()
    topic = in_type(" ".join(run))
    return (
        Mention(SUBJECTS["banner"], topic)
        if topic and len(topic) <= LONGEST_TOPIC and not drawn & {word.lower() for word in run}
        else None
    )


def _is_of_a_topic(word: str) -> bool:
    return word.lower() in {"and", "of"} or (word.lower() not in STOP_WORDS and word.lower() not in _BETWEEN_THINGS)


def _has_shore(found: list[Mention]) -> bool:
    """Whether both the sea and something that stands on land are visible."""
    return any(m.subject.name == "sea" for m in found) and any(m.subject.spot in {Spot.GROUND, Spot.UNDER} for m in found)


def _accompanied(found: list[Mention], enough: int) -> list[Mention]:
    """Add what usually goes with a nearly lone subject (with an empty label, since no text named it)."""
    names = {mention.subject.name for mention in found}
    more = [name for mention in found[:1] for name in COMPANIONS.get(mention.subject.name, ()) if name not in names]
    return [*found, *(Mention(SUBJECTS[name], "") for name in more[: max(0, enough - len(found))])]


def _for_any_topic(prompt: str) -> list[Mention]:
    """Three things that stand for study, varying with the prompt, for when no word of it can be written."""
    things, chance = [*_OF_STUDY], Chance("study", prompt)
    return [Mention(SUBJECTS[things.pop(int(chance.draw() * len(things)))], "") for _ in range(3)]


def _outdoors(mention: Mention, shown: list[Mention]) -> list[Mention]:
    """Drop the sky in a wide view, which has one anyway, with a sun and a cloud in it."""
    if mention.subject.name != "sky":
        return [mention]
    there = {other.subject.name for other in shown}
    return [Mention(SUBJECTS[name], "") for name in ("sun", "cloud") if name not in there]


def _without_twins(found: list[Mention]) -> list[Mention]:
    """Drop subjects that another one already shows (light beside the sun)."""
    names = {mention.subject.name for mention in found}
    twins = {"light": {"sun", "prism"}, "sky": {"cloud", "rain"}, "molecule": {"oxygen", "carbon"}, "number": {"bytes"}}
    return [mention for mention in found if not twins.get(mention.subject.name, set()) & names]


def _messages(body: str) -> tuple[Message, ...]:
    """Return who sends what, in the text's order; without named messages, numbered packets, one lost if the text says so."""
    sent = [
        Message(who.lower() in {"client", "sender", "program", "computer"}, _joined(what)) for who, what in _SENDS.findall(body)
    ]
    if sent:
        return tuple(sent)
    named = [word.rstrip("s") for word in words(body) if re.fullmatch(r"[A-Z]{3,5}s?", word)]
    if named and re.search(r"\bflood", body, re.IGNORECASE):
        return tuple(Message(forth=True, label=named[0]) for _ in range(3))
    lost = bool(re.search(r"\blos[est]\w*\b", body, re.IGNORECASE))
    unit = "byte " if "byte" in body.lower() else ""
    return tuple(Message(forth=True, label=f"{unit}{n}", lost=lost and i == 1) for i, n in enumerate((1, 2, 3)))


def _joined(what: str) -> str:
    return " + ".join(re.split(r"\s+and\s+", what))
