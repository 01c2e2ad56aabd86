"""Chapters: one a segment, named by its first sentence, the first one by the lecture's title. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lecture_assets.prose.readable import readable
from lecture_assets.timeline.alt import shortened
from lecture_assets.timeline.caption import ends_sentence

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
    return [_chapter(segment, timeline["title"].get("text", "")) for segment in timeline["segments"]]


def _chapter(segment: Mapping[str, Any], title: str) -> Chapter:
    """Return the chapter of a segment; without a title or captions, it is named by its number."""
    own = title if segment["position"] == 0 else ""
    name = " ".join(readable(own or first_sentence(segment["captions"])).split()) or str(segment["position"] + 1)
    return Chapter(segment["slot"], segment["start_frame"], segment["duration_in_frames"], shortened(name, LONGEST_NAME))


def first_sentence(captions: list[Mapping[str, Any]]) -> str:
    """Return the text of captions up to the end of a sentence, of all of them if none ends."""
    text = ""
    for word in (word for caption in captions for word in caption["words"]):
        text = joined(text, word)
        if ends_sentence(word["text"]):
            return text
    return text


def joined(text: str, word: Mapping[str, Any]) -> str:
    """Add a word to a text, after a space unless the text is empty or the word is written without one."""
    return f"{text}{'' if not text or word.get('no_space_before') else ' '}{word['text']}"


def paragraphs_of(timeline: Mapping[str, Any]) -> Iterator[tuple[Chapter, list[list[Mapping[str, Any]]]]]:
    """Yield each chapter with what is said in it: sentences of timed words. A chapter without captions has none."""
    for chapter, segment in zip(chapters_of(timeline), timeline["segments"], strict=True):
        sentences: list[list[Mapping[str, Any]]] = [[]]
        for word in (word for caption in segment["captions"] for word in caption["words"]):
            sentences[-1].append(word)
            if ends_sentence(word["text"]):
                sentences.append([])
        yield chapter, [sentence for sentence in sentences if sentence]
