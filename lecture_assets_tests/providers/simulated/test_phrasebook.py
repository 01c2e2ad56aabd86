"""The simulated writer's own sentences are in the lecture's language; in a language without any, it only says the notes."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.content import LectureScript, SegmentScript
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import MAX_SEGMENTS
from lecture_assets.languages import evident_language
from lecture_assets.providers.simulated.phrasebook import Phrases, find_phrases, languages
from lecture_assets.providers.simulated.script import narrations
from lecture_assets.providers.simulated.writer import write
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures
from lecture_media.draw.reading import read
from lecture_media.speak.voices import LANGUAGES

NOTES = "Lalo mira.\n\nTuva rolo; siri nanu palo.\n\nMena koro."
"""Words of no language, so that every real word is the writer's own."""
PLACEHOLDERS = {
    "bridges": {"behind", "ahead"},
    "summaries": {"title", "subjects"},
    "begins": {"first"},
    "ends": {"last"},
    "angles": {"topic", "thing", "about"},
    "shown": {"topic", "thing", "about"},
    "version": {"number"},
    "recap_again": {"number"},
    "once_more": {"number"},
    "further_round": {"number"},
}
SCRIPTS = {"ar": "ARABIC", "hi": "DEVANAGARI", "ko": "HANGUL", "ru": "CYRILLIC", "uk": "CYRILLIC", "zh": "CJK"}
TAGS = [*LANGUAGES, "de-AT", "pt-PT", "nb-NO", "zh-Hans", "zh-Hant", "zh-TW", "sr-Latn"]
ALIKE = [tag for tag in TAGS if tag not in {*languages(), "cy", "de-AT", "zh-Hant"}]
"""Tags that are read like another one, or that have no phrases, like `cy`."""
ALL_TAGS = [pytest.param(tag, marks=pytest.mark.slow if tag in ALIKE else ()) for tag in TAGS]


def texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts(part)


def sentences_of(phrases: Phrases) -> list[str]:
    """Everything that is said; visuals and the beginnings of prompts are not."""
    return list(texts([value for key, value in asdict(phrases).items() if key not in {"shown", "asking", "gap", "conjunction"}]))


def literal_parts(phrases: Phrases) -> set[str]:
    """The text between the placeholders, if it has two words or more: French has versions too."""
    parts = {part.strip(" .,:;?!“”„«»’\"'").casefold() for text in sentences_of(phrases) for part in re.split(r"\{\w+\}", text)}
    return {part for part in parts if " " in part}


def script(language: str, notes: str | None, count: int, prompt: str | None = "Zuluku", reroll: int = 0) -> dict[str, Any]:
    facts: dict[str, Json] = {
        "user-prompt": {"prompt": prompt, "notes": notes},
        "segment-length": 10,
        "num-segments": count,
        "language": language,
        "reroll": reroll,
    }
    written: Any = write("script-generation", facts, "key")
    return written if language.startswith("en") else {**written, "language": language}


def spoken_and_shown(language: str) -> list[str]:
    """Everything that is spoken or shown in lectures of a language: with notes, without, re-rolled, with an added segment."""
    found: list[str] = []
    for notes in (NOTES, None) if find_phrases(language) else (NOTES,):
        for count, reroll in ((1, 0), (12, 0), (5, 9)):
            written = script(language, notes, count, "Zuluku" if notes is None else None, reroll)
            told = [part["narration"] for part in written["segments"]]
            found += [written["title"], *told]
            for key in "abc":
                summary: Any = write("video-summary", {"script-generation": written}, key)
                found.append(summary["text"])
            for before, after in ((told[0], told[-1]), (None, told[0]), (told[-1], None), (None, None)):
                for again in (0, 3):
                    place: Json = {"previous": before, "next": after}
                    facts: dict[str, Json] = {"script-generation": written, "place": place, "segment": 5, "reroll": again}
                    found.append(SegmentScript.model_validate(write("segment-script", facts, "key")).narration)
            for part in written["segments"] if count == 5 else ():
                prompt: Any = write("image-prompt", {"visual": part["visual"], "image-style": "labelled", "image": 0}, "key")
                found += [mention.word for mention in read(prompt["text"]).subjects]
    return found


@pytest.mark.parametrize("tag", ALL_TAGS)
def test_nothing_english_is_said_or_shown_in_another_language(tag: str) -> None:
    english = find_phrases("en")
    assert english is not None
    said = " | ".join(spoken_and_shown(tag)).casefold()
    found = {part for part in literal_parts(english) if part in said}
    if tag.startswith("en"):
        assert len(found) > 30
    else:
        assert not found
        assert not re.search(r"\b(?:the|and|once more|recap|lecture)\b", said)


@pytest.mark.parametrize("tag", TAGS)
def test_every_language_says_all_of_the_notes_in_order(tag: str) -> None:
    told = [part["narration"] for part in script(tag, NOTES, 3, None)["segments"]]
    assert " ".join(told) == " ".join(NOTES.split())


@pytest.mark.parametrize("language", languages())
def test_a_file_of_phrases_is_in_its_language_and_fills_in_what_it_names(language: str) -> None:
    phrases = find_phrases(language)
    assert phrases is not None
    for key, value in asdict(phrases).items():
        for text in texts(value):
            names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            assert names <= PLACEHOLDERS.get(key, set()), text
    said = " ".join(sentences_of(phrases))
    plain = re.sub(r"\{\w+\}", "", said)
    if language in SCRIPTS:
        letters = [unicodedata.name(letter).partition(" ")[0] for letter in plain if letter.isalpha()]
        assert set(letters) == {SCRIPTS[language]}
    else:
        assert evident_language(plain) in {language, {"nb": "da", "da": "nb"}.get(language)}
    assert len(phrases.angles) == len(phrases.shown)


@pytest.mark.parametrize("language", languages())
def test_any_number_of_segments_is_written_in_each_language_and_all_differ(language: str) -> None:
    for notes in ("", NOTES, "Lalo mira."):
        for count in (1, 2, 9, MAX_SEGMENTS):
            assert len(set(narrations("Zuluku", notes, seconds=10, count=count, reroll=0, language=language))) == count


def test_a_region_uses_its_language_and_traditional_chinese_is_not_simplified() -> None:
    for tag, base in (("de-AT", "de"), ("DE_ch", "de"), ("pt-BR", "pt"), ("no", "nb"), ("es-419", "es"), ("zh-Hans-CN", "zh")):
        assert find_phrases(tag) is find_phrases(base) is not None
    assert [find_phrases(tag) for tag in ("zh-Hant", "zh-TW", "zh-HK", "cy", "und")] == [None] * 5
    assert "ß" not in str(find_phrases("de"))  # so that it is right in Switzerland


def test_a_language_without_phrases_needs_notes_and_the_error_says_so() -> None:
    with pytest.raises(ValueError, match=r"'cy'.*give notes, choose a vendor's text model, or use one of its languages \(ar, cs"):
        script("cy", None, 3)
    told = [part["narration"] for part in script("cy", NOTES, 9, None)["segments"]]
    assert set(" ".join(told).split()) == set(NOTES.split())


def test_a_question_stays_a_question() -> None:
    asked = script("fr", None, 3, "Pourquoi le ciel est-il bleu ?")
    assert asked["title"] == "Pourquoi le ciel est-il bleu ?"
    assert "notre sujet : Pourquoi le ciel est-il bleu ? La" in asked["segments"][0]["narration"]


def _narrations(lectures: Lectures, lecture: str) -> dict[str, str]:
    nodes: Any = lectures.status(lecture)["nodes"]
    names = [node["id"] for node in nodes if node["id"].startswith("content:narration-text")]
    return {name: str(lectures.explain(lecture, name)["value"]) for name in names}


@pytest.mark.slow
def test_a_change_of_language_rewrites_the_writers_own_sentences(tmp_path: Path) -> None:
    """Even the added segment, although the script from notes is identical in both languages."""
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        lectures.create(Brief(notes="Die Sonne wärmt das Meer.\n\nDer Regen fällt auf die Berge.", num_segments=2), "rain")
        lectures.regenerate("rain")
        lectures.edit("rain", ["segments add:0"])
        lectures.regenerate("rain")
        before = _narrations(lectures, "rain")
        lectures.edit("rain", ["set language=de"])
        lectures.regenerate("rain")
        after = _narrations(lectures, "rain")
    added = "content:narration-text:segment[2]"
    assert {name for name in before if before[name] != after[name]} <= {added}
    english, german = find_phrases("en"), find_phrases("de")
    assert english is not None
    assert german is not None
    assert not any(part in after[added].casefold() for part in literal_parts(english))
    assert any(part in after[added].casefold() for part in literal_parts(german))


def test_a_script_in_english_is_stored_as_before_and_others_store_their_language() -> None:
    segment: Json = {"narration": "a", "visual": "b", "background_music": "c", "effect": "none"}
    plain: dict[str, Json] = {"title": "T", "segments": [segment]}
    assert LectureScript.model_validate(plain).model_dump(mode="json") == plain
    welsh = plain | {"language": "cy"}
    assert LectureScript.model_validate(welsh).model_dump(mode="json") == welsh
