"""Warn about settings that contradict each other, one sentence each, before anything is bought. Forbids nothing.

A rule sees only the settings, the abilities of the chosen models, and the fonts that are installed. Its sentence states the
fact first, then which setting takes precedence or what to do. What cannot be made at all is an error in
the brief, raised by `briefs/brief.py`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import MAX_SEGMENTS, NARRATION, RECORDING, SCRIPT
from lecture_assets.graph.settings import Settings
from lecture_assets.languages import evident_language, is_in_another
from lecture_assets.prose.scripts import LATIN, scripts_of
from lecture_assets.providers.amounts import CHARACTERS, beyond_input, beyond_output
from lecture_assets.providers.simulated.phrasebook import find_phrases, notes_only
from lecture_assets.providers.simulated.script import FULL_SEGMENT
from lecture_assets.runner.reading import media_contradictions
from lecture_assets.runner.reading.asked_length import is_asked
from lecture_assets.runner.reading.known_parts import NOTHING_MADE, KnownParts
from lecture_assets.runner.reading.known_texts import known_texts
from lecture_assets.runner.reading.wishes import TOLERANCE, ModelOf, Wishes, segments, time, wishes_of
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Paid
from lecture_media.words import paragraphs, sentences

_LONGEST_SEGMENT_S = 120
"""The most that a brief can ask for as segment_length."""
_SHORTEN = "shorten them"
_MAX_NARRATION = 20_000
"""The most characters in one narration (`content.Text`)."""


def contradictions(settings: Settings, model_of: ModelOf, known: KnownParts = NOTHING_MADE) -> list[str]:
    """Return a sentence for each contradiction, the most expensive ones first. known: what is there besides the settings."""
    wishes = wishes_of(settings, model_of, known)
    return [sentence for rule in _RULES for sentence in rule(wishes)]


def _long_notes(wishes: Wishes) -> Iterator[str]:
    """Notes × duration, segment_length, num_segments: the notes take precedence."""
    planned_s = wishes.count * wishes.length_s
    asked_s = wishes.asked.seconds if wishes.asked else planned_s
    if not wishes.notes or wishes.said_s <= asked_s * TOLERANCE:
        return
    fits = math.ceil(wishes.said_s / wishes.length_s)
    each = time(wishes.said_s / wishes.count)
    lasting = f"they are narrated in full, in {segments(wishes.count)} of about {each}"
    if fits <= wishes.count or wishes.count == MAX_SEGMENTS:
        remedy = _SHORTEN
    elif fits <= MAX_SEGMENTS:
        remedy = f"num_segments={fits} would keep segment_length at {wishes.length_s} s"
    else:
        long = math.ceil(wishes.said_s / MAX_SEGMENTS)
        remedy = f"the maximum is {MAX_SEGMENTS} segments, of about {time(long)} each (num_segments={MAX_SEGMENTS})"
    taken = f"the notes take about {time(wishes.said_s)} to narrate in {wishes.language!r}"
    if wishes.asked is None:
        yield f"{taken}: {lasting}; {remedy}"
        return
    other = wishes.asked.remedy.format(wishes.said_s)
    yield f"{taken}, not the {_asked(wishes)}: {lasting}; {remedy}" + (f", or {other}" if remedy == _SHORTEN else "")


def _asked(wishes: Wishes) -> str:
    """Describe the requested length: by num_segments and segment_length if both were given, else by duration."""
    assert wishes.asked is not None  # noqa: S101 - known to the callers; this is for mypy
    if wishes.asked.by == "duration":
        return f"duration of {time(wishes.asked.seconds)}"
    return f"{time(wishes.asked.seconds)} that {segments(wishes.count)} of {wishes.length_s} s add up to"


def _short_notes(wishes: Wishes) -> Iterator[str]:
    """Notes × duration: the notes are far shorter; notes × num_segments: fewer sentences than segments."""
    if not wishes.notes:
        return
    said = sum(len(sentences(paragraph)) for paragraph in paragraphs(wishes.notes))
    is_short = wishes.asked is not None and wishes.said_s * TOLERANCE < wishes.asked.seconds
    is_little = said < wishes.count
    if not is_short and not is_little:
        return
    instead = "parts of them are repeated" if wishes.is_simulated else "the model has little to say in each"
    facts = []
    if is_short:
        facts.append(f"take about {time(wishes.said_s)} to narrate, not the {_asked(wishes)}")
    if is_little:
        facts.append(f"have {said} {'sentence' if said == 1 else 'sentences'} for {segments(wishes.count)}, so {instead}")
    fits = max(1, min(said, math.ceil(wishes.said_s / wishes.length_s)))
    remedy = f"num_segments={fits} would be enough" if fits < wishes.count else "lengthen them"
    yield f"the notes {', and they '.join(facts)}; {remedy}"


def _full_segments(wishes: Wishes) -> Iterator[str]:
    """Notes × num_segments: more than the segments' narrations can hold."""
    held = FULL_SEGMENT if wishes.is_simulated else _MAX_NARRATION
    if len(wishes.notes) > wishes.count * held:
        least = math.ceil(len(wishes.notes) / held)
        yield (
            f"the notes ({len(wishes.notes):,} characters) are too long for {segments(wishes.count)} of at most {held:,} each, "
            f"so the script will fail; use num_segments={least} or more"
        )


def _long_script(wishes: Wishes) -> Iterator[str]:
    """Segments × how much the text model can write in one answer."""
    model, step = wishes.model(Role.TEXT), cast("Paid", STEPS[SCRIPT])
    if (
        model
        and wishes.known.writes
        and (why := beyond_output(model, step.answer_tokens({"num-segments": wishes.settings.written})))
    ):
        yield f"the script of {segments(wishes.settings.written)} will fail: {why}"


def _long_speech(wishes: Wishes) -> Iterator[str]:
    """Texts × how many characters the speech model takes at once: pinned narrations, and the notes divided among the segments."""
    model = wishes.model(Role.SPEECH)
    if not model:
        return
    for node, own in wishes.settings.nodes.items():
        recording = node.replace(NARRATION, RECORDING)
        is_spoken = wishes.known.spoken is None or recording in wishes.known.spoken
        if not node.startswith(NARRATION) or not isinstance(own.pinned, str) or not is_spoken:
            continue
        if wishes.settings.of_node(recording).model is None and (why := beyond_input(model, len(own.pinned))):
            yield f"the recording of {node} will fail: {why}"
    _, most = model.within.get(CHARACTERS, (0, len(wishes.notes) or 1))
    if len(wishes.notes) > wishes.count * most:
        least = math.ceil(len(wishes.notes) / most)
        yield (
            f"the notes ({len(wishes.notes):,} characters) are too long for {segments(wishes.count)}: {model.name} speaks "
            f"at most {most:,} characters per segment, so recordings will fail; use num_segments={least} or more"
        )


def _counted_segments(wishes: Wishes) -> Iterator[str]:
    """num_segments × duration × segment_length: num_segments takes precedence where a script is to be written."""
    inputs, counted = wishes.settings.inputs, wishes.settings.inputs["num-segments"]
    is_wished = is_asked(wishes.settings, "num-segments") and is_asked(wishes.settings, "duration")
    if not is_wished or wishes.notes or not wishes.known.writes:
        return
    planned_s, duration_s = cast("int", counted) * wishes.length_s, cast("int", inputs["duration"])
    if not planned_s / TOLERANCE <= duration_s <= planned_s * TOLERANCE:
        count, each_s = math.ceil(duration_s / wishes.length_s), round(duration_s / cast("int", counted))
        by_length = f", or set segment_length={each_s}" if 3 <= each_s <= _LONGEST_SEGMENT_S else ""  # noqa: PLR2004 - the least
        by_count = f"set num_segments={count}" if count <= MAX_SEGMENTS else f"set duration={planned_s}"
        yield (
            f"{segments(cast('int', counted))} of {wishes.length_s} s add up to {time(planned_s)}, not to the duration of "
            f"{time(duration_s)}: num_segments takes precedence; {by_count}{by_length}"
        )


def _fixed_length(wishes: Wishes) -> Iterator[str]:
    """assembly_strategy × notes longer than the segment."""
    each_s = wishes.said_s / wishes.count
    if wishes.settings.inputs["assembly-strategy"] == "fixed-length" and each_s > wishes.length_s * 1.1:
        remedy = f"segment_length={math.ceil(each_s)} would hold them" if each_s <= _LONGEST_SEGMENT_S else "shorten them"
        yield (
            f"assembly_strategy=fixed-length makes segments of {wishes.length_s} s, but the notes fill about "
            f"{time(each_s)} each: speech is never cut off, so these segments will be longer; {remedy}"
        )


def _languages(wishes: Wishes) -> Iterator[str]:
    """Language × the evident language of the notes, or of the prompt that the script quotes."""
    without_words = wishes.is_simulated and find_phrases(wishes.language) is None
    if not wishes.notes and wishes.prompt and without_words:
        yield notes_only(wishes.language)
    for name, text in (("notes", wishes.notes), ("prompt", "" if wishes.notes or not wishes.is_simulated else wishes.prompt)):
        if text and is_in_another(text, wishes.language):
            evident = evident_language(text)
            by_letters = evident and LATIN not in scripts_of(evident)
            found = (
                f"in the script of {evident!r}" if by_letters else f"in {evident!r}" if evident else "in another writing system"
            )
            yield (
                f"the {name} seem{'' if name == 'notes' else 's'} to be {found}, but language is {wishes.language!r}: "
                f"{'they are' if name == 'notes' else 'it is'} read as written, by a voice for {wishes.language!r}; "
                f"set language{f'={evident}' if evident else ' to theirs' if name == 'notes' else ' to its own'} "
                "if that is what you meant"
            )


def _known_texts(wishes: Wishes) -> Iterator[str]:
    """Texts that are known before anything is bought × fonts, segment_length and duration."""
    yield from known_texts(wishes.settings, wishes.known.heard_ms)


_RULES: Sequence[Callable[[Wishes], Iterator[str]]] = (
    _full_segments,
    _long_script,
    _long_speech,
    _long_notes,
    _short_notes,
    _counted_segments,
    _fixed_length,
    *media_contradictions.RULES,
    _languages,
    _known_texts,
    media_contradictions.MUSIC,
)
