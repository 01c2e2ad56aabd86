"""Write scripts, what is said and shown in each segment, from notes or from a topic. Times follow later, from the speech."""

import re
from itertools import pairwise
from typing import TypedDict, Unpack

from lecture_assets.content import Effect, LectureScript
from lecture_assets.graph.fingerprint import Json
from lecture_assets.languages import DEFAULT_LANGUAGE, evident_language, has_everyday_words
from lecture_assets.prose.markup import as_shown, escaped, heading_of
from lecture_assets.providers.simulated.general import general_scenes, topic_of
from lecture_assets.providers.simulated.narration import spread
from lecture_assets.providers.simulated.phrasebook import Phrases, find_phrases, notes_only
from lecture_media.chance import Chance, number_of
from lecture_media.draw.subjects import mentions
from lecture_media.words import STOP_WORDS, listed, paragraphs, sentences, telling_words, words

CLAUSE_WORDS = 18
"""A visual names one event; a longer clause is cut to this many words."""
FULL_SEGMENT = 19_000
"""Characters of notes that fit a segment's narration (`content.Text`), with allowance for an uneven cut and an opener."""
TITLE_WORDS = 10
LONGEST_TITLE = 200
"""Characters of a title (`content.Script`); the writer's own have at most 120."""
IN_VIEW = 4
"""Things that a visual lists besides its clause."""
UNKNOWN = "und"
"""The BCP 47 tag of an unknown language, for which there are no phrases."""
_LONG_ENOUGH = 8
"""An English text of this many words almost always contains one of its most frequent words."""


class ScriptWishes(TypedDict):
    """What is requested of a script.

    seconds:  length of a segment
    count:    number of segments
    reroll:   0 for none
    language: a BCP 47 tag
    """

    seconds: int
    count: int
    reroll: int
    language: str


_MOODS = (
    "calm and curious",
    "warm and open",
    "bright, with forward motion",
    "soft and wondering",
    "light and playful",
    "quiet and wide",
)
_MOTION = (Effect.ZOOM_IN, Effect.PAN_RIGHT, Effect.ZOOM_OUT, Effect.PAN_LEFT, Effect.FADE)
TURNED = re.compile(r", from another side \(\d+\)")
"""What a re-roll adds to a visual."""
_CLAUSE_END = r"(?<=[,;:–—.])\s+|[。！？；：，、؟؛।\n]"
_MARKS = ' .!?:;,–—"“”„«»。！？；：，、؟؛।'
_HANGING_WORDS = "which is are was and but or so that mostly some because with where who whose than of to as by"
_HANGING = frozenset(_HANGING_WORDS.split())
_POINTING = frozenset({"the", "a", "an", "of", "into", "called", "its"})


def script(prompt: str, notes: str, **asked: Unpack[ScriptWishes]) -> dict[str, Json]:
    """Return a script as JSON: from notes, or else a general lecture on the prompt's topic.

    notes: Markdown or HTML; the narration is Markdown that shows the same words

    ValueError if there is neither, if the notes are too long for so few segments, or if there are no notes and no phrases either.
    """
    mood = _MOODS[number_of("mood", prompt, notes) % len(_MOODS)]
    segments: list[Json] = [
        segment(said, shown, place, mood, take) for place, (said, shown, take) in enumerate(_scenes(prompt, notes, asked))
    ]
    title = _cut("" if words(prompt) else heading_of(notes))
    plain = as_shown(notes, asked["language"])
    return {"title": title or _cut(_whole_title(prompt, plain, find_phrases(asked["language"]))), "segments": segments}


def narrations(prompt: str, notes: str, **asked: Unpack[ScriptWishes]) -> list[str]:
    """Return what a script says in each segment, without what it shows, which takes longer. ValueError as for `script`."""
    return [said for said, _, _ in _scenes(prompt, notes, asked)]


def _scenes(prompt: str, notes: str, asked: ScriptWishes) -> list[tuple[str, str, int]]:
    """For each segment: what is said, what is shown (empty: taken from what is said), and the re-roll that wrote it (0: none)."""
    count, reroll, phrases = asked["count"], asked["reroll"], find_phrases(asked["language"])
    notes = as_shown(notes, asked["language"])
    if any(words(line) for line in notes.splitlines()):
        _check_length(notes, count)
        scenes = [(said, "") for said in spread(notes, count, phrases, asked["language"])]
    else:
        if not prompt.strip():
            message = "the simulated writer has neither a prompt nor notes to write from"
            raise ValueError(message)
        if phrases is None:
            raise ValueError(notes_only(asked["language"]))
        scenes = general_scenes(topic_of(prompt, phrases.asking), count, asked["seconds"], phrases)
    again = set(rewritten(count, reroll))
    return [
        (_again(said, place, reroll, phrases), shown, reroll) if place in again else (said, shown, 0)
        for place, (said, shown) in enumerate(scenes)
    ]


def _check_length(notes: str, count: int) -> None:
    if len(notes) > count * FULL_SEGMENT:
        least = -(-len(notes) // FULL_SEGMENT)
        message = f"the notes ({len(notes):,} characters) are too long for {count} segments; ask for {least} segments or more"
        raise ValueError(message)


def segment(said: str, shown: str, place: int, mood: str, take: int = 0) -> dict[str, Json]:
    """Return one SegmentScript as JSON. shown: what is shown; if empty, taken from what is said."""
    music = mood if place % 2 == 0 else f"{mood}, a little fuller"
    return {
        "narration": escaped(said),
        "visual": visual(said, shown, take),
        "background_music": f"{music}, once again lighter" if take else music,
        "effect": _MOTION[(place + (take and 1 + take % 4)) % len(_MOTION)].value,
    }


def rewritten(count: int, reroll: int) -> list[int]:
    """The segments that a re-roll rewrites: about half, at least one, and never all if there are several."""
    if reroll == 0:
        return []
    drawn = [number_of("rewritten", reroll, place) for place in range(count)]
    chosen = [place for place in range(count) if drawn[place] % 2]
    if not chosen:
        return [drawn[0] // 2 % count]
    return chosen if len(chosen) < count or count == 1 else chosen[1:]


def _again(said: str, place: int, reroll: int, phrases: Phrases | None) -> str:
    """Put the same words after a different opener at each re-roll; leave them unchanged if the language has none."""
    if phrases is None:
        return said
    count = len(phrases.openers)
    opener = phrases.openers[(reroll + place) % count]
    is_new_round = (reroll + place) // count > place and reroll > count
    version = f"{phrases.version.format(number=reroll)}{phrases.gap}" if is_new_round else ""
    return f"{version}{opener}{phrases.gap}{said}"


def visual(said: str, shown: str = "", take: int = 0) -> str:
    """Write one sentence that names what is shown, in the words of what is said."""
    clauses = [shown] if shown else _clauses(said)
    clause = clauses[take % min(2, len(clauses))]
    others = [name for name in _named(said) if name.lower() not in clause.lower()] if not shown else []
    turned = others[take % len(others) :] + others[: take % len(others)] if others else []
    start = clause[:1].upper() + clause[1:]
    seen = f"{start}, from another side ({take})" if take else start  # must match TURNED
    return f"{seen}; in view: {listed(turned[:IN_VIEW])}." if turned else f"{seen}."


def _clauses(said: str) -> list[str]:
    """Return the text's clauses: first those that stand alone and name the most things that can be drawn."""
    found = [part.strip(_MARKS) for sentence in sentences(said) for part in re.split(_CLAUSE_END, sentence)]
    cut = [" ".join(part.split()[:CLAUSE_WORDS]) for part in found if words(part)]
    return sorted(cut, key=_worth, reverse=True) or [" ".join(said.split()[:CLAUSE_WORDS])]


def _worth(clause: str) -> tuple[bool, int, int]:
    alone = clause.split(maxsplit=1)[0].lower() not in _HANGING
    return alone, len(mentions(clause)), len(telling_words(clause))


def _named(said: str) -> list[str]:
    """Return what the text names: things that can be drawn, then abbreviations and words after an article or preposition."""
    drawn = [mention.word for mention in mentions(said)]
    spoken = words(said)
    telling = set(telling_words(said))
    pointed = [word for before, word in pairwise(spoken) if word in telling and (before.lower() in _POINTING or word.isupper())]
    return list(dict.fromkeys([*drawn, *(word for word in pointed if word not in drawn)]))


def _cut(title: str) -> str:
    """At most ten words of a title, with none left dangling at the end."""
    spoken = title.split()
    kept = spoken[:TITLE_WORDS]
    while len(kept) < len(spoken) and len(kept) > 1 and kept[-1].lower() in STOP_WORDS:
        kept.pop()
    return " ".join(kept)[:120].rstrip(" ,;:–-") or title[:120]


def _whole_title(prompt: str, notes: str, phrases: Phrases | None) -> str:
    """The prompt's topic; without one, the notes' content words, or their first clause if words cannot simply be joined."""
    if words(prompt) or not paragraphs(notes):
        topic = topic_of(prompt, phrases.asking if phrases else ())
        return topic.title if phrases and phrases.conjunction else f"{topic.title}{topic.mark}"
    if phrases and phrases.conjunction:
        return listed(telling_words(notes)[:3] or [notes.strip()[:60]], phrases.conjunction).capitalize()
    clause = re.split(_CLAUSE_END, sentences(paragraphs(notes)[0])[0], maxsplit=1)[0].strip(_MARKS)
    return clause[:1].upper() + clause[1:] or notes.strip()[:60]


def bridge(before: str | None, after: str | None, place: int, reroll: int, script_so_far: LectureScript) -> dict[str, Json]:
    """Write a SegmentScript that leads from what is said before it to what is said after it; either may be missing."""
    chance = Chance("bridge", before, after, place, reroll)
    phrases = find_phrases(language_of(script_so_far))
    behind = _gist(before) if before else script_so_far.title
    ahead = _gist(after, behind) if after else phrases.open_end if phrases else ""
    if phrases:
        link = chance.choose(phrases.bridges).format(behind=behind, ahead=ahead)
    else:
        link = " ".join(f"{gist}." for gist in (behind, ahead) if gist)
    if phrases and reroll:
        link = f"{phrases.openers[reroll % len(phrases.openers)]}{phrases.gap}{link}"
    return segment(link, f"{behind}, {ahead}" if before and after else "", place, chance.choose(_MOODS), reroll)


def bridge_lengths(before: str | None, after: str | None, language: str) -> tuple[int, int]:
    """The fewest and most characters that `bridge` can say at this position, whatever the title and the draw."""
    phrases = find_phrases(language)
    behind = (len(_gist(before)),) * 2 if before else (1, LONGEST_TITLE)
    ahead = len(_gist(after, _gist(before) if before else "")) if after else len(phrases.open_end) if phrases else 0
    if phrases is None:
        return behind[0], behind[1] + ahead + len(". .")
    around = [len(bridge.format(behind="", ahead="")) for bridge in phrases.bridges]
    opener = max(len(opener) for opener in phrases.openers) + len(phrases.gap)
    return min(around) + behind[0] + ahead, max(around) + behind[1] + ahead + opener


def language_of(written: LectureScript) -> str:
    """Return the language of a script: the one it was written for, or the one it evidently is in.

    Scripts in English do not record it; nor do scripts that are older than this field or were imported. Such a script, if it is
    long enough and has no English word, counts as being in a language without phrases.
    """
    said = " ".join(part.narration for part in written.segments)
    unknown = len(words(said)) >= _LONG_ENOUGH and not has_everyday_words(said, DEFAULT_LANGUAGE)
    return written.language or evident_language(said) or (UNKNOWN if unknown else DEFAULT_LANGUAGE)


def _gist(said: str, but: str = "") -> str:
    """The clause with the most content words, as it was said; another one than `but` if possible."""
    found = _clauses(as_shown(said) or said)
    return next((clause for clause in found if clause.lower() != but.lower()), found[0])
