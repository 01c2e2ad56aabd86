"""Chapters: one a segment, named by its first sentence, the first one by the lecture's title. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lecture_assets.languages import DEFAULT_LANGUAGE
from lecture_assets.prose.readable import readable
from lecture_assets.timeline.alt import shortened
from lecture_assets.timeline.caption import first_sentence, sentences_of

LONGEST_NAME = 60
"""Characters: about what a player shows of a chapter's name in one line."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A segment's place, in frames from the start of the lecture, and its name."""

    slot: str
    start_frame: int
    duration_in_frames: int
    name: str


def chapters_of(timeline: Mapping[str, Any]) -> list[Chapter]:
    """Return the chapters of a timeline in play order."""
    language = timeline.get("language", DEFAULT_LANGUAGE)
    return [_chapter(segment, timeline["title"].get("text", ""), language) for segment in timeline["segments"]]


def _chapter(segment: Mapping[str, Any], title: str, language: str) -> Chapter:
    """Return the chapter of a segment; without a title or captions, it is named by its number."""
    own = title if segment["position"] == 0 else ""
    name = " ".join(readable(own or first_sentence(segment["captions"], language)).split()) or str(segment["position"] + 1)
    return Chapter(segment["slot"], segment["start_frame"], segment["duration_in_frames"], shortened(name, LONGEST_NAME))


def paragraphs_of(timeline: Mapping[str, Any]) -> Iterator[tuple[Chapter, list[list[Mapping[str, Any]]]]]:
    """Yield each chapter with what is said in it: sentences of timed words. A chapter without captions has none."""
    language = timeline.get("language", DEFAULT_LANGUAGE)
    for chapter, segment in zip(chapters_of(timeline), timeline["segments"], strict=True):
        yield chapter, sentences_of(segment["captions"], language)
