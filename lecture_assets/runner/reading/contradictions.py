"""Warn about settings that contradict each other, one sentence each, before anything is bought. Forbids nothing.

A rule sees only the settings, the abilities of the chosen models, and the fonts that are installed. Its sentence states the
fact first, then which setting takes precedence or what to do. What cannot be made at all is an error in
the brief, raised by `briefs/brief.py`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from lecture_assets.briefs.brief import Brief
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import MAX_SEGMENTS, NARRATION, RECORDING, SCRIPT
from lecture_assets.graph.settings import Settings
from lecture_assets.languages import evident_language, is_in_another, seconds_to_say
from lecture_assets.prose.markup import as_shown
from lecture_assets.providers.amounts import CHARACTERS, beyond_input, beyond_output
from lecture_assets.providers.model import Model
from lecture_assets.providers.simulated.phrasebook import find_phrases, notes_only
from lecture_assets.providers.simulated.script import FULL_SEGMENT
from lecture_assets.providers.vendors import SIMULATED
from lecture_assets.runner.reading.coverage_notes import long_pictures, seconds, slowed
from lecture_assets.runner.reading.known_texts import known_texts
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Paid
from lecture_media.words import paragraphs, sentences

TOLERANCE = 1.6
"""The factor by which a length may differ from what was asked for: voices differ by 8 %, and a minute means about a minute."""
_SHORTEST_VIEW_S = 2
"""The fewest seconds a picture should be visible."""
_MAX_NARRATION = 20_000
"""The most characters in one narration (`content.Text`)."""

ModelOf = Callable[[Role], Model]


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What was asked for.

    count:  the number of segments in play order
    said_s: seconds that the notes take to narrate, 0 without notes
    """

    settings: Settings
    model_of: ModelOf
    notes: str
    prompt: str
    language: str
    count: int
    length_s: int
    duration_s: int
    said_s: int

    def model(self, role: Role) -> Model | None:
        """Return the model for a role; None if it is not in the catalogue."""
        try:
            return self.model_of(role)
        except WrongInputError:
            return None

    @property
    def is_simulated(self) -> bool:
        """Whether the simulated writer writes the script."""
        return str(self.settings.inputs["text-model"]).startswith(f"{SIMULATED}:")

    def differs(self, name: str, key: str) -> bool:
        """Whether an input differs from its default."""
        return bool(self.settings.inputs[name] != Brief.model_fields[key].default)


def contradictions(settings: Settings, model_of: ModelOf) -> list[str]:
    """Return a sentence for each contradiction, the most expensive ones first."""
    asked = cast("dict[str, str | None]", settings.inputs["user-prompt"])
    notes, language = (asked["notes"] or "").strip(), str(settings.inputs["language"])
    wishes = _Wishes(
        settings=settings,
        model_of=model_of,
        notes=notes,
        prompt=(asked["prompt"] or "").strip(),
        language=language,
        count=len(settings.order),
        length_s=cast("int", settings.inputs["segment-length"]),
        duration_s=cast("int", settings.inputs["duration"]),
        said_s=seconds_to_say(as_shown(notes, language), language),
    )
    return [sentence for rule in _RULES for sentence in rule(wishes)]


def _long_notes(wishes: _Wishes) -> Iterator[str]:
    """Notes × duration, segment_length, num_segments: the notes take precedence."""
    planned_s = wishes.count * wishes.length_s
    if not wishes.notes or wishes.said_s <= planned_s * TOLERANCE:
        return
    fits = math.ceil(wishes.said_s / wishes.length_s)
    each = _time(round(wishes.said_s / wishes.count))
    lasting = f"they are narrated in full, in {_segments(wishes.count)} of about {each}"
    if fits <= MAX_SEGMENTS:
        remedy = f"num_segments={fits} would keep segment_length at {wishes.length_s} s"
    else:
        long = math.ceil(wishes.said_s / MAX_SEGMENTS)
        remedy = f"the maximum is {MAX_SEGMENTS} segments, of about {_time(long)} each (num_segments={MAX_SEGMENTS})"
    taken = f"the notes take about {_time(wishes.said_s)} to narrate in {wishes.language!r}"
    yield f"{taken}, not the {_asked(wishes)}: {lasting}; {remedy}"


def _asked(wishes: _Wishes) -> str:
    """Describe the requested length: by num_segments if it was given, else by duration."""
    if wishes.settings.inputs["num-segments"] is None:
        return f"duration of {_time(wishes.duration_s)}"
    return f"{_time(wishes.count * wishes.length_s)} that {_segments(wishes.count)} of {wishes.length_s} s add up to"


def _short_notes(wishes: _Wishes) -> Iterator[str]:
    """Notes × duration: the notes are far shorter; notes × num_segments: fewer sentences than segments."""
    if not wishes.notes:
        return
    said = sum(len(sentences(paragraph)) for paragraph in paragraphs(wishes.notes))
    is_counted = wishes.settings.inputs["num-segments"] is not None
    asked_s = wishes.count * wishes.length_s if is_counted else wishes.duration_s
    was_asked = wishes.differs("segment-length", "segment_length") or not is_counted
    is_short, is_little = was_asked and wishes.said_s * TOLERANCE < asked_s, said < wishes.count
    if not is_short and not is_little:
        return
    instead = "parts of them are repeated" if wishes.is_simulated else "the model has little to say in each"
    facts = []
    if is_short:
        facts.append(f"take about {_time(wishes.said_s)} to narrate, not the {_asked(wishes)}")
    if is_little:
        facts.append(f"have {said} {'sentence' if said == 1 else 'sentences'} for {_segments(wishes.count)}, so {instead}")
    fits = max(1, min(said, math.ceil(wishes.said_s / wishes.length_s)))
    remedy = f"; num_segments={fits} would be enough" if fits < wishes.count else ""
    yield f"the notes {', and they '.join(facts)}{remedy}"


def _full_segments(wishes: _Wishes) -> Iterator[str]:
    """Notes × num_segments: more than the segments' narrations can hold."""
    held = FULL_SEGMENT if wishes.is_simulated else _MAX_NARRATION
    if len(wishes.notes) > wishes.count * held:
        least = math.ceil(len(wishes.notes) / held)
        yield (
            f"the notes ({len(wishes.notes):,} characters) are too long for {_segments(wishes.count)} of at most {held:,} each, "
            f"so the script will fail; use num_segments={least} or more"
        )


def _long_script(wishes: _Wishes) -> Iterator[str]:
    """Segments × how much the text model can write in one answer."""
    model, step = wishes.model(Role.TEXT), cast("Paid", STEPS[SCRIPT])
    if model and (why := beyond_output(model, step.answer_tokens({"num-segments": wishes.settings.written}))):
        yield f"the script of {_segments(wishes.settings.written)} will fail: {why}"


def _long_speech(wishes: _Wishes) -> Iterator[str]:
    """Texts × how many characters the speech model takes at once: pinned narrations, and the notes divided among the segments."""
    model = wishes.model(Role.SPEECH)
    if not model:
        return
    for node, own in wishes.settings.nodes.items():
        if not node.startswith(NARRATION) or not isinstance(own.pinned, str):
            continue
        spoken = wishes.settings.of_node(node.replace(NARRATION, RECORDING))
        if spoken.model is None and (why := beyond_input(model, len(own.pinned))):
            yield f"the recording of {node} will fail: {why}"
    _, most = model.within.get(CHARACTERS, (0, len(wishes.notes) or 1))
    if len(wishes.notes) > wishes.count * most:
        least = math.ceil(len(wishes.notes) / most)
        yield (
            f"the notes ({len(wishes.notes):,} characters) are too long for {_segments(wishes.count)}: {model.name} speaks "
            f"at most {most:,} characters per segment, so recordings will fail; use num_segments={least} or more"
        )


def _counted_segments(wishes: _Wishes) -> Iterator[str]:
    """num_segments × duration × segment_length: num_segments takes precedence. A default value is not a wish."""
    counted = wishes.settings.inputs["num-segments"]
    if counted is None or wishes.notes or not wishes.differs("duration", "duration"):
        return
    planned_s = cast("int", counted) * wishes.length_s
    if not planned_s / TOLERANCE <= wishes.duration_s <= planned_s * TOLERANCE:
        yield (
            f"{_segments(cast('int', counted))} of {wishes.length_s} s add up to {_time(planned_s)}, not to the duration of "
            f"{_time(wishes.duration_s)}: num_segments takes precedence; without it there would be "
            f"{_segments(math.ceil(wishes.duration_s / wishes.length_s))}"
        )


def _fixed_length(wishes: _Wishes) -> Iterator[str]:
    """assembly_strategy × notes longer than the segment."""
    each_s = wishes.said_s / wishes.count
    if wishes.settings.inputs["assembly-strategy"] == "fixed-length" and each_s > wishes.length_s * 1.1:
        yield (
            f"assembly_strategy=fixed-length asks for segments of {wishes.length_s} s, but the notes fill about "
            f"{_time(round(each_s))} each: speech is never cut off, so these segments will be longer"
        )


def _clips(wishes: _Wishes) -> Iterator[str]:
    """use_video × how long the model's clips can be; use_video × images_per_segment."""
    if not wishes.settings.inputs["use-video"]:
        return
    if wishes.settings.images > 1:
        yield f"images_per_segment={wishes.settings.images} applies only to pictures: with use_video a segment shows one clip"
    model = wishes.model(Role.VIDEO)
    longest_ms = _longest_ms(model) if model else None
    lasts_s = max(wishes.length_s, round(wishes.said_s / wishes.count))
    if model and longest_ms is not None and lasts_s * 1000 > longest_ms:
        longer = f"segments of about {_time(lasts_s)} are longer than the clips of {model.name} (at most {seconds(longest_ms)})"
        yield f"{longer}: {slowed(longest_ms, lasts_s * 1000)}; segment_length={longest_ms // 1000} would fit"


def _longest_ms(model: Model) -> int | None:
    """Return the longest clip or piece of music that a model makes; None if unlimited."""
    if "frames" in model.within:
        return model.within["frames"][1] * 1000 // cast("int", model.parameters.get("frames_per_second", 16))
    return model.within["seconds"][1] * 1000 if "seconds" in model.within else None


def _pictures(wishes: _Wishes) -> Iterator[str]:
    """images_per_segment × segment_length; aspect_ratio × the image model."""
    images, each_s = wishes.settings.images, max(wishes.length_s, wishes.said_s / wishes.count)
    if images > 1 and not wishes.settings.inputs["use-video"] and each_s / images < _SHORTEST_VIEW_S:
        yield f"images_per_segment={images} in segments of {wishes.length_s} s means a new picture every {each_s / images:.1f} s"
    is_longer = each_s > wishes.length_s * TOLERANCE  # which is said by others
    if not wishes.settings.inputs["use-video"] and not is_longer:
        yield from long_pictures(wishes.length_s, images)
    model, ratio = wishes.model(Role.IMAGE), str(wishes.settings.inputs["size-aspect-ratio"])
    size = str(model.parameters.get("size", "")) if model else ""
    across, _, down = size.partition("x")
    wide, _, high = ratio.partition(":")
    if model and across.isdigit() and down.isdigit() and int(across) * int(high) != int(down) * int(wide):
        yield f"{model.name} makes pictures of {size}, but aspect_ratio is {ratio}: they are cropped, or shown on a background"


def _music(wishes: _Wishes) -> Iterator[str]:
    """Music × duration: music shorter than the lecture repeats."""
    model = wishes.model(Role.MUSIC)
    longest_ms, lasts_s = _longest_ms(model) if model else None, max(wishes.said_s, wishes.count * wishes.length_s)
    if model and longest_ms is not None and lasts_s * 1000 > longest_ms * TOLERANCE and wishes.settings.inputs["music-volume"]:
        longest = f"at most {longest_ms // 1000} s"
        yield f"music by {model.name} lasts {longest}, but the lecture about {_time(lasts_s)}: the music repeats"


def _languages(wishes: _Wishes) -> Iterator[str]:
    """Language × the evident language of the notes, or of the prompt that the script quotes."""
    without_words = wishes.is_simulated and find_phrases(wishes.language) is None
    if not wishes.notes and wishes.prompt and without_words:
        yield notes_only(wishes.language)
    for name, text in (("notes", wishes.notes), ("prompt", "" if wishes.notes or not wishes.is_simulated else wishes.prompt)):
        if text and is_in_another(text, wishes.language):
            evident = evident_language(text)
            found = f"in {evident!r}" if evident else "in another writing system"
            yield (
                f"the {name} seem{'' if name == 'notes' else 's'} to be {found}, but language is {wishes.language!r}: "
                f"{'they are' if name == 'notes' else 'it is'} read as written, by a voice for {wishes.language!r}"
                + (f"; set language={evident} if that is what you meant" if evident else "")
            )


def _known_texts(wishes: _Wishes) -> Iterator[str]:
    """Texts that are known before anything is bought × fonts, segment_length and duration."""
    yield from known_texts(wishes.settings)


def _time(seconds: int) -> str:
    """`45 s`, `2 min 10 s`, `13 min`, `1 h 5 min`: to the second below five minutes."""
    if seconds < 120:  # noqa: PLR2004 - a length that people give in seconds
        return f"{seconds} s"
    if seconds < 300:  # noqa: PLR2004 - in minutes and seconds
        return f"{seconds // 60} min {seconds % 60} s" if seconds % 60 else f"{seconds // 60} min"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004 - minutes per hour


def _segments(count: int) -> str:
    return "1 segment" if count == 1 else f"{count} segments"


_RULES: Sequence[Callable[[_Wishes], Iterator[str]]] = (
    _full_segments,
    _long_script,
    _long_speech,
    _long_notes,
    _short_notes,
    _counted_segments,
    _fixed_length,
    _clips,
    _pictures,
    _languages,
    _known_texts,
    _music,
)
