"""The sentences that the simulated writer says of its own, by language: one file each in `phrases/`. It arranges none of them.

A language without a file has no such sentences: there the writer says what the notes say, and nothing else. A new language is
a new file; `{topic}` stands where any grammar bears it, in quotes or behind a colon.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lecture_assets.languages import base_of

_FOLDER = "phrases"
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})
"""Subtags of Chinese in traditional characters, which a file in simplified ones is not for."""
_SHOWN = tuple(f"{{topic}} {signs}" for signs in ("👁", "📖 👁", "🔍", "🕰", "📊", "💬 👤", "👥", "💡 📖"))
"""What is to be seen in each angle, in signs that are no language's words (`reading.py` draws them)."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's sentences.

    openers:   before a segment that is said anew; version: before these, once all were used
    recaps:    before a piece of the notes that is said again; recap_again and once_more: where that is not enough to differ
    bridges:   of a segment that leads from what is `{behind}` to what lies `{ahead}`; open_end: ahead of the last one
    summaries, begins, ends: of a script's summary
    angles:    of a lecture without notes, each a few sentences about `{topic}`; the last one closes it
    shown:     what is to be seen in each angle
    rounds:    before the angles when they come again; further_round: when these are used up too
    asking:    what a prompt may begin with that is not its topic
    conjunction: between the words of a title made of notes; empty: the title is the notes' first clause
    gap:       between two sentences
    """

    openers: tuple[str, ...]
    version: str
    recaps: tuple[str, ...]
    recap_again: str
    once_more: str
    bridges: tuple[str, ...]
    open_end: str
    summaries: tuple[str, ...]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    angles: tuple[tuple[str, ...], ...]
    rounds: tuple[str, ...]
    further_round: str
    shown: tuple[str, ...] = _SHOWN
    asking: tuple[str, ...] = ()
    conjunction: str = ""
    gap: str = " "


@cache
def languages() -> tuple[str, ...]:
    """The languages that have sentences, in alphabetical order."""
    folder = files(__package__) / _FOLDER
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def find_phrases(tag: str) -> Phrases | None:
    """The sentences for a BCP 47 tag, whatever its region; None where the language has none."""
    subtags = set(tag.lower().replace("_", "-").split("-")[1:])
    base = base_of(tag)
    return _phrases(base) if base in languages() and not (base == "zh" and subtags & _TRADITIONAL) else None


@cache
def _phrases(language: str) -> Phrases:
    text = (files(__package__) / _FOLDER / f"{language}.toml").read_text("utf-8")
    return Phrases(**{key: _frozen(value) for key, value in tomllib.loads(text).items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


def notes_only(language: str) -> str:
    """What there is to say where a script is wanted in a language without sentences, and there are no notes."""
    return (
        f"the simulated writer has no words of its own in {language!r}: it can say notes in this language, and there are none; "
        f"give notes, choose a text model of a vendor, or one of its languages ({', '.join(languages())})"
    )
