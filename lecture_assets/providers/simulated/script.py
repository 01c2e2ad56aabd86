"""Scripts: what is said and shown in each segment, from notes or from a topic. It sets no times; the segments' speech does."""

from collections.abc import Sequence
from itertools import pairwise
from re import split

from lecture_assets.content import Effect
from lecture_assets.graph.fingerprint import Json
from lecture_assets.providers.simulated.chance import Chance, number_of
from lecture_assets.providers.simulated.general import told, topic_of
from lecture_assets.providers.simulated.narration import spread
from lecture_assets.providers.simulated.subjects import mentions
from lecture_assets.providers.simulated.words import STOP_WORDS, listed, sentences, telling_words, words

CLAUSE_WORDS = 18
"""A visual names one thing that happens; a longer clause is cut to it."""
FULL_SEGMENT = 19_000
"""Characters of notes that a segment's narration holds (`content.Text`), with room for an uneven cut and an opener."""
TITLE_WORDS = 10
IN_VIEW = 4
"""Things a visual lists beside its clause."""
_MOODS = (
    "calm and curious",
    "warm and open",
    "bright, with forward motion",
    "soft and wondering",
    "light and playful",
    "quiet and wide",
)
_MOTION = (Effect.ZOOM_IN, Effect.PAN_RIGHT, Effect.ZOOM_OUT, Effect.PAN_LEFT, Effect.FADE)
_HANGING_WORDS = "which is are was and but or so that mostly some because with where who whose than of to as by"
_HANGING = frozenset(_HANGING_WORDS.split())
_POINTING = frozenset({"the", "a", "an", "of", "into", "called", "its"})
_OPENERS = (
    "Look closer:",
    "Listen again:",
    "Take your time with this:",
    "Here is the next thought:",
    "Picture it:",
    "Now watch:",
)


def script(prompt: str, notes: str, *, seconds: int, count: int, reroll: int) -> dict[str, Json]:
    """A Script as JSON. With notes it says the notes; without, it is a general lecture on the prompt's topic.

    ValueError where there is neither, or where the notes are too long for so few segments.
    """
    if any(words(line) for line in notes.splitlines()):
        _check_length(notes, count)
        scenes = [(said, "") for said in spread(notes, count)]
    else:
        if not prompt.strip():
            message = "the simulated writer has neither a prompt nor notes to write from"
            raise ValueError(message)
        scenes = told(topic_of(prompt), count, seconds)
    mood = _MOODS[number_of("mood", prompt, notes) % len(_MOODS)]
    segments = [segment(said, shown, place, mood) for place, (said, shown) in enumerate(scenes)]
    for place in rewritten(count, reroll):
        segments[place] = _another(scenes[place], place, mood, reroll)
    return {"title": _title(prompt, notes), "segments": list[Json](segments)}


def _check_length(notes: str, count: int) -> None:
    if len(notes) > count * FULL_SEGMENT:
        least = -(-len(notes) // FULL_SEGMENT)
        message = f"the notes ({len(notes):,} characters) are too long for {count} segments; ask for {least} segments or more"
        raise ValueError(message)


def segment(said: str, shown: str, place: int, mood: str, take: int = 0) -> dict[str, Json]:
    """One SegmentScript as JSON. shown: what is to be seen; empty: taken from what is said."""
    music = mood if place % 2 == 0 else f"{mood}, a little fuller"
    return {
        "narration": said,
        "visual": visual(said, shown, take),
        "background_music": f"{music}, once again lighter" if take else music,
        "effect": _MOTION[(place + (take and 1 + take % 4)) % len(_MOTION)].value,
    }


def rewritten(count: int, reroll: int) -> list[int]:
    """The segments that a re-roll writes anew: about half, at least one, and of several never all."""
    if reroll == 0:
        return []
    drawn = [number_of("rewritten", reroll, place) for place in range(count)]
    chosen = [place for place in range(count) if drawn[place] % 2]
    if not chosen:
        return [drawn[0] // 2 % count]
    return chosen if len(chosen) < count or count == 1 else chosen[1:]


def _another(scene: tuple[str, str], place: int, mood: str, reroll: int) -> dict[str, Json]:
    """The same notes said with another opener, seen and moved in another way."""
    said, shown = scene
    opener = _OPENERS[(reroll + place) % len(_OPENERS)]
    round_of = (reroll + place) // len(_OPENERS)
    again = f"Version {reroll}. " if round_of > place and reroll > len(_OPENERS) else ""
    return segment(f"{again}{opener} {said}", shown, place, mood, reroll)


def visual(said: str, shown: str = "", take: int = 0) -> str:
    """One sentence that names what is to be seen, in the words of what is said."""
    clauses = [shown] if shown else _clauses(said)
    clause = clauses[take % min(2, len(clauses))]
    others = [name for name in _named(said) if name.lower() not in clause.lower()] if not shown else []
    turned = others[take % len(others) :] + others[: take % len(others)] if others else []
    start = clause[:1].upper() + clause[1:]
    seen = f"{start}, from another side ({take})" if take else start
    return f"{seen}; in view: {listed(turned[:IN_VIEW])}." if turned else f"{seen}."


def _clauses(said: str) -> list[str]:
    """The text's clauses, first those that stand alone and name most of what can be drawn."""
    found = [part.strip(' .!?:;,–—"“”') for sentence in sentences(said) for part in split(r"(?<=[,;:–—.])\s+", sentence)]
    cut = [" ".join(part.split()[:CLAUSE_WORDS]) for part in found if words(part)]
    return sorted(cut, key=_worth, reverse=True) or [" ".join(said.split()[:CLAUSE_WORDS])]


def _worth(clause: str) -> tuple[bool, int, int]:
    alone = clause.split(maxsplit=1)[0].lower() not in _HANGING
    return alone, len(mentions(clause)), len(telling_words(clause))


def _named(said: str) -> list[str]:
    """What the text names: first what can be drawn, then abbreviations and what an article or preposition points at."""
    drawn = [mention.word for mention in mentions(said)]
    spoken = words(said)
    telling = set(telling_words(said))
    pointed = [word for before, word in pairwise(spoken) if word in telling and (before.lower() in _POINTING or word.isupper())]
    return list(dict.fromkeys([*drawn, *(word for word in pointed if word not in drawn)]))


def _title(prompt: str, notes: str) -> str:
    """At most ten words, none of them left hanging at the end."""
    if words(prompt) or not notes.strip():
        title = topic_of(prompt).title
    else:
        title = listed(telling_words(notes)[:3] or [notes.strip()[:60]]).capitalize()
    spoken = title.split()
    kept = spoken[:TITLE_WORDS]
    while len(kept) < len(spoken) and len(kept) > 1 and kept[-1].lower() in STOP_WORDS:
        kept.pop()
    return " ".join(kept)[:120].rstrip(" ,;:–-") or title[:120]


def bridge(before: str | None, after: str | None, place: int, reroll: int, titles: Sequence[str]) -> dict[str, Json]:
    """A SegmentScript that leads from what is said before it to what is said after it; either may be missing."""
    chance = Chance("bridge", before, after, place, reroll)
    behind = _gist(before) if before else titles[0]
    ahead = _gist(after) if after else "what you will make of it"
    link = chance.choose(
        (
            f"So far: {behind}. Let that settle for a moment, because next comes this: {ahead}.",
            f"Let us join two thoughts. The first was this: {behind}. The second is about to come: {ahead}.",
            f"Before we go on, keep this in mind: {behind}. It will help with what follows: {ahead}.",
            f"Pause here. Behind us: {behind}. Ahead of us: {ahead}. What leads from the one to the other?",
        )
    )
    said = link if reroll == 0 else f"{_OPENERS[reroll % len(_OPENERS)]} {link}"
    return segment(said, f"{behind}, {ahead}" if before and after else "", place, chance.choose(_MOODS), reroll)


def _gist(said: str) -> str:
    """Its most telling clause, as it was said."""
    return _clauses(said)[0]
