"""The simulated writer's own sentences, by language: one file each in `phrases/`. They are not arranged here.

In a language without a file, the writer says what the notes say and nothing else. To add a language, add a file; put `{topic}`
where any grammar allows it, in quotes or after a colon.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lecture_assets.languages import base_of

_FOLDER = "phrases"
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})
"""Subtags of Chinese in traditional characters, for which the file in simplified ones must not be used."""
_SHOWN = tuple(f"{{topic}} {signs}" for signs in ("👁", "📖 👁", "🔍", "🕰", "📊", "💬 👤", "👥", "💡 📖"))
"""What to show for each angle, in symbols that need no language (`reading.py` draws them)."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's sentences.

    openers:       before a segment that is said again
    version:       before those, once all have been used
    recaps:        before a piece of the notes that is repeated
    recap_again:   before those, once all have been used
    once_more:     before a segment that would equal an earlier one
    bridges:       a segment that leads from what is `{behind}` to what lies `{ahead}`
    open_end:      what lies ahead of the last segment
    summaries:     first part of a script's summary
    begins:        its second part
    ends:          its last part
    angles:        of a lecture without notes, each a few sentences about `{topic}`; the last one closes it
    rounds:        before the angles when they are repeated
    further_round: before them once `rounds` is used up
    shown:         what to show for each angle
    asking:        beginnings of a prompt that are not part of its topic
    conjunction:   joins the words of a title made from notes; if empty, the title is the notes' first clause
    gap:           between two sentences
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
    """The languages with sentences, in alphabetical order."""
    folder = files(__package__) / _FOLDER
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def find_phrases(tag: str) -> Phrases | None:
    """Return the sentences for a BCP 47 tag, ignoring its region; None if the language has none."""
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
    """The message for a script that is requested in a language without sentences and without notes."""
    return (
        f"the simulated writer has no sentences of its own in {language!r}: it could say notes in this language, but has none; "
        f"give notes, choose a vendor's text model, or use one of its languages ({', '.join(languages())})"
    )
