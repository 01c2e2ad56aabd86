"""The simulated language model: `write` answers each task of the text role with JSON, identically for identical facts.

It is not a model: it rearranges the words it is given, and says so if it has none. Its answers pass `content.HELD`.
"""

import re
from collections.abc import Callable, Mapping

from lecture_assets.content import LectureScript
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import MAX_SEGMENTS
from lecture_assets.languages import DEFAULT_LANGUAGE
from lecture_assets.prose.markup import as_shown
from lecture_assets.providers.simulated import script
from lecture_assets.providers.simulated.phrasebook import find_phrases
from lecture_media.chance import Chance, number_of
from lecture_media.draw.subjects import mentions
from lecture_media.words import listed, sentences, telling_words

Facts = Mapping[str, Json]
VIEWS = ("Wide view", "Close-up", "Cross-section", "View from above")
"""By the index of the image; the painter composes each one differently."""
_TURNS = ("seen from the left", "in the evening", "seen from the right", "with wide margins")
_CAMERA = ("Slow push in", "Pan left slowly", "Pull back slowly", "Pan right slowly", "Drift up")
_ACOUSTIC = ("felt piano", "nylon guitar", "soft strings", "marimba", "clarinet", "light drums", "harp")
_ELECTRONIC = (
    "warm synthesizer pads",
    "plucked synthesizer",
    "sine bass",
    "glassy electric piano",
    "light drums",
    "slow arpeggio",
)


def write(task: str, facts: Facts, key: str) -> Json:
    """Answer a task (the kind of node without `llm:`). ValueError for an unknown task or a missing fact.

    key only varies the wording of a summary. Everywhere else, a new answer depends on the fact `reroll`, and unchanged facts must
    give an equal answer.
    """
    if task not in _TASKS:
        message = f"the simulated writer does not know the task {task!r}, only {listed(sorted(_TASKS))}"
        raise ValueError(message)
    return _TASKS[task](facts, key)


def _fact(facts: Facts, name: str) -> Json:
    if name not in facts:
        message = f"the simulated writer needs the fact {name!r}, got {sorted(facts)}"
        raise ValueError(message)
    return facts[name]


def _text(facts: Facts, name: str) -> str:
    value = _fact(facts, name)
    return value if isinstance(value, str) else ""


def _whole(facts: Facts, name: str, low: int, high: int) -> int:
    value = _fact(facts, name)
    if not isinstance(value, int) or not low <= value <= high:
        message = f"the fact {name!r} of the simulated writer is {value!r}; allowed: whole numbers from {low} to {high}"
        raise ValueError(message)
    return value


def _reroll(facts: Facts) -> int:
    return _whole({"reroll": 0, **facts}, "reroll", 0, 1 << 31)


def _group(facts: Facts, name: str) -> Facts:
    value = _fact(facts, name)
    if not isinstance(value, dict):
        message = f"the fact {name!r} of the simulated writer is {value!r}; allowed: an object"
        raise ValueError(message)  # noqa: TRY004 (one error type for every wrong fact)
    return value


def _script(facts: Facts, _key: str) -> Json:
    asked = _group(facts, "user-prompt")
    return script.script(
        _text({"prompt": None, **asked}, "prompt"),
        _text({"notes": None, **asked}, "notes"),
        seconds=_whole(facts, "segment-length", 1, 3600),
        count=_whole(facts, "num-segments", 1, MAX_SEGMENTS),
        reroll=_reroll(facts),
        language=_text({"language": DEFAULT_LANGUAGE, **facts}, "language"),
    )


def _segment_script(facts: Facts, _key: str) -> Json:
    whole = LectureScript.model_validate(_fact(facts, "script-generation"))
    place = {"previous": None, "next": None, **_group(facts, "place")}
    slot = _whole(facts, "segment", 0, MAX_SEGMENTS - 1)
    before, after = _text(place, "previous") or None, _text(place, "next") or None
    return script.bridge(before, after, slot, _reroll(facts), whole)


def _summary(facts: Facts, key: str) -> Json:
    """Write in the script's language; in one without phrases, return the script's first and last sentence."""
    whole = LectureScript.model_validate(_fact(facts, "script-generation"))
    chance, phrases = Chance("summary", key), find_phrases(script.language_of(whole))
    said = [as_shown(part.narration) or part.narration for part in (whole.segments[0], whole.segments[-1])]
    first, last = sentences(said[0])[0], sentences(said[-1])[-1]
    if phrases is None:
        return {"text": first if last == first else f"{first} {last}"}
    seen = listed([mention.word for mention in mentions(" ".join(part.visual for part in whole.segments))[:4]] or [whole.title])
    parts = [chance.choose(phrases.summaries).format(title=whole.title, subjects=seen)]
    parts.append(chance.choose(phrases.begins).format(first=first))
    closing = chance.choose(phrases.ends).format(last=last)
    return {"text": phrases.gap.join([*parts, closing] if last != first else parts)}


def _pictured(facts: Facts, view: str) -> str:
    """View, visual, subjects, style: the form that the painter reads best, and any model reads well."""
    visual = _text(facts, "visual").strip().rstrip(".")
    named = [mention.word for mention in mentions(visual)] or telling_words(script.TURNED.sub("", visual))
    subjects = f" Main subjects: {listed(named[:6])}." if named else ""
    style = _text(facts, "image-style").strip()
    return f"{view}. {visual}.{subjects}" + (f" Style: {style}" if style else "")


def _turned(view: str, reroll: int) -> str:
    """A different view for each re-roll."""
    if not reroll:
        return view
    again = f", version {reroll}" if reroll > len(_TURNS) else ""
    return f"{view}, {_TURNS[(reroll - 1) % len(_TURNS)]}{again}"


def _image_prompt(facts: Facts, _key: str) -> Json:
    view = VIEWS[_whole(facts, "image", 0, len(VIEWS) - 1)]
    return {"text": _pictured(facts, _turned(view, _reroll(facts)))}


def _video_prompts(facts: Facts, _key: str) -> Json:
    visual, reroll = _text(facts, "visual"), _reroll(facts)
    named = [mention.word for mention in mentions(visual)] or telling_words(visual) or ["the scene"]
    move = _CAMERA[(number_of("camera", visual) + reroll) % len(_CAMERA)]
    rest = f", while {listed(named[1:3])} {'stirs' if len(named) == 2 else 'stir'} gently" if len(named) > 1 else ""  # noqa: PLR2004 (one other thing)
    again = f" Take {reroll + 1}." if reroll else ""
    return {
        "starting_image": _pictured(facts, _turned("Opening frame, wide view", reroll)),
        "movie_direction": f"{move} on {named[0]}{rest}. One continuous shot, steady, no cuts.{again}",
    }


def _music_prompt(facts: Facts, _key: str) -> Json:
    title, wish = _text(facts, "video-title"), _text({"music-prompt-mod": None, **facts}, "music-prompt-mod").strip()
    reroll = _reroll(facts)
    chance = Chance("music", title, _text(facts, "video-summary"), wish, reroll)
    mood = chance.choose(("calm and curious", "warm and unhurried", "bright and wondering", "gentle, with forward motion"))
    players = _players(wish, chance)
    asked = f" As asked: {wish}." if wish else ""
    again = f" Version {reroll}." if reroll else ""
    return {
        "text": f"Instrumental background music for a lecture called “{title}”: {mood}, {_tempo(wish, chance)} bpm, "
        f"{listed(players)}; it leaves room for a speaking voice.{asked}{again}"
    }


def _tempo(wish: str, chance: Chance) -> int:
    """Beats per minute: as requested in figures, else 60 to 76 for quiet, 108 to 124 for lively, 78 to 96 otherwise."""
    if figure := re.search(r"(\d{2,3})\s*bpm", wish, re.IGNORECASE):
        return int(figure[1])
    low = 60 if re.search(r"quiet|calm|slow|soft|ambient|gentle", wish, re.IGNORECASE) else 78
    low = 108 if re.search(r"fast|lively|upbeat|energetic|driving", wish, re.IGNORECASE) else low
    return low + 2 * int(chance.between(0, 9))


def _players(wish: str, chance: Chance) -> list[str]:
    """Three instruments of the requested family, without those the wish excludes (`no drums`, `without piano`)."""
    excluded = [word.lower() for word in re.findall(r"\b(?:no|without)\s+(\w+)", wish, re.IGNORECASE)]
    family = _ELECTRONIC if re.search(r"electro|synth|techno|ambient", wish, re.IGNORECASE) else _ACOUSTIC
    left = [name for name in family if not any(word.rstrip("s") in name for word in excluded)]
    start = int(chance.draw() * len(left))
    return (left[start:] + left[:start])[:3] or ["a single soft tone"]


_TASKS: Mapping[str, Callable[[Facts, str], Json]] = {
    "script-generation": _script,
    "segment-script": _segment_script,
    "video-summary": _summary,
    "image-prompt": _image_prompt,
    "video-prompts": _video_prompts,
    "music-prompt": _music_prompt,
}
