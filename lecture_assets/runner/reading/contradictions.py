"""Wishes of a lecture that contradict each other, each told in one plain sentence before anything is bought. Forbids nothing.

Every rule looks at the settings alone, and at what the chosen models can; the first part of its sentence says what is so, the
rest what wins or what to do. What cannot be made at all is an error of the brief (`briefs/brief.py`), not a matter of this file.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from lecture_assets.briefs.brief import Brief
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.lecture import MAX_SEGMENTS, NARRATION, RECORDING, SCRIPT, Role
from lecture_assets.graph.settings import Settings
from lecture_assets.languages import evident_language, is_in_another, seconds_to_say
from lecture_assets.prose.markup import as_shown
from lecture_assets.providers.amounts import CHARACTERS, beyond_input, beyond_output
from lecture_assets.providers.catalogue import Model
from lecture_assets.providers.simulated.phrasebook import find_phrases, notes_only
from lecture_assets.providers.simulated.script import FULL_SEGMENT
from lecture_assets.providers.vendors import SIMULATED
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Paid
from lecture_media.words import paragraphs, sentences

FAR = 1.6
"""Times as long, or as short, as was asked for: voices differ by 8 % from each other, and who says a minute means about one."""
_SHORTEST_LOOK_S = 2
"""Seconds for which a picture should be seen at least."""
_HELD = 20_000
"""Characters that one narration holds (`content.Text`)."""

ModelOf = Callable[[Role], Model]


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What was asked for. said_s: how long the notes take to say, 0 without notes; count: of the segments in play order."""

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
        """The model of a role; None where there is none of this name here."""
        try:
            return self.model_of(role)
        except WrongInputError:
            return None

    @property
    def is_simulated(self) -> bool:
        """Whether the simulated writer writes the script."""
        return str(self.settings.inputs["text-model"]).startswith(f"{SIMULATED}:")

    def differs(self, name: str, key: str) -> bool:
        """Whether an input has another value than the one that counts where nobody gave one."""
        return bool(self.settings.inputs[name] != Brief.model_fields[key].default)


def contradictions(settings: Settings, model_of: ModelOf) -> list[str]:
    """A sentence for each pair of wishes that do not go together, the ones that cost most first."""
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
    """Notes × duration, segment_length, num_segments: the notes win."""
    planned_s = wishes.count * wishes.length_s
    if not wishes.notes or wishes.said_s <= planned_s * FAR:
        return
    fits = math.ceil(wishes.said_s / wishes.length_s)
    each = _time(round(wishes.said_s / wishes.count))
    lasting = f"all of them are said, in {_segments(wishes.count)} of about {each}"
    if fits <= MAX_SEGMENTS:
        remedy = f"num_segments={fits} would keep segment_length at {wishes.length_s} s"
    else:
        long = math.ceil(wishes.said_s / MAX_SEGMENTS)
        remedy = f"{MAX_SEGMENTS} segments are the most, of about {_time(long)} each (num_segments={MAX_SEGMENTS})"
    taken = f"the notes take about {_time(wishes.said_s)} to say in {wishes.language!r}"
    yield f"{taken}, not the {_asked(wishes)}: {lasting}; {remedy}"


def _asked(wishes: _Wishes) -> str:
    """How long the lecture was to be: by its segments where these were counted, else by its duration."""
    if wishes.settings.inputs["num-segments"] is None:
        return f"{_time(wishes.duration_s)} of duration"
    return f"{_time(wishes.count * wishes.length_s)} that {_segments(wishes.count)} of {wishes.length_s} s come to"


def _short_notes(wishes: _Wishes) -> Iterator[str]:
    """Notes × duration, far shorter; notes × num_segments, with fewer sentences than segments."""
    if not wishes.notes:
        return
    said = sum(len(sentences(paragraph)) for paragraph in paragraphs(wishes.notes))
    is_counted = wishes.settings.inputs["num-segments"] is not None
    asked_s = wishes.count * wishes.length_s if is_counted else wishes.duration_s
    was_asked = wishes.differs("segment-length", "segment_length") or not is_counted
    is_short, is_little = was_asked and wishes.said_s * FAR < asked_s, said < wishes.count
    if not is_short and not is_little:
        return
    instead = "parts of them are said again" if wishes.is_simulated else "the model has little to say in each"
    facts = []
    if is_short:
        facts.append(f"take about {_time(wishes.said_s)} to say, not the {_asked(wishes)}")
    if is_little:
        facts.append(f"have {said} {'sentence' if said == 1 else 'sentences'} for {_segments(wishes.count)}, so that {instead}")
    fits = max(1, min(said, math.ceil(wishes.said_s / wishes.length_s)))
    remedy = f"; num_segments={fits} would do" if fits < wishes.count else ""
    yield f"the notes {', and they '.join(facts)}{remedy}"


def _full_segments(wishes: _Wishes) -> Iterator[str]:
    """Notes × num_segments: more than a segment's narration holds."""
    held = FULL_SEGMENT if wishes.is_simulated else _HELD
    if len(wishes.notes) > wishes.count * held:
        least = math.ceil(len(wishes.notes) / held)
        yield (
            f"the notes ({len(wishes.notes):,} characters) are too long for {_segments(wishes.count)} of at most {held:,} each, "
            f"and the script will fail: num_segments={least} or more holds them"
        )


def _long_script(wishes: _Wishes) -> Iterator[str]:
    """Segments × how much the text model writes at once."""
    model, step = wishes.model(Role.TEXT), cast("Paid", STEPS[SCRIPT])
    if model and (why := beyond_output(model, step.answer_tokens({"num-segments": wishes.settings.written}))):
        yield f"the script of {_segments(wishes.settings.written)} will fail: {why}"


def _long_speech(wishes: _Wishes) -> Iterator[str]:
    """Texts × how many characters the speech model says at once: what a person wrote, and the notes in so many segments."""
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
            f"the notes ({len(wishes.notes):,} characters) are too long for {_segments(wishes.count)}, of which {model.name} "
            f"speaks {most:,} each at most, and recordings will fail: num_segments={least} or more holds them"
        )


def _counted_segments(wishes: _Wishes) -> Iterator[str]:
    """num_segments × duration × segment_length: num_segments wins. A value that is the default is nobody's wish."""
    counted = wishes.settings.inputs["num-segments"]
    if counted is None or wishes.notes or not wishes.differs("duration", "duration"):
        return
    planned_s = cast("int", counted) * wishes.length_s
    if not planned_s / FAR <= wishes.duration_s <= planned_s * FAR:
        yield (
            f"{_segments(cast('int', counted))} of {wishes.length_s} s come to {_time(planned_s)}, not to the duration of "
            f"{_time(wishes.duration_s)}: num_segments wins; without it there would be "
            f"{math.ceil(wishes.duration_s / wishes.length_s)}"
        )


def _fixed_length(wishes: _Wishes) -> Iterator[str]:
    """assembly_strategy × notes longer than the segment."""
    each_s = wishes.said_s / wishes.count
    if wishes.settings.inputs["assembly-strategy"] == "fixed-length" and each_s > wishes.length_s * 1.1:
        yield (
            f"assembly_strategy=fixed-length asks for segments of {wishes.length_s} s, and the notes fill about "
            f"{_time(round(each_s))} each: speech is never cut off, so that these segments are longer"
        )


def _clips(wishes: _Wishes) -> Iterator[str]:
    """use_video × how long the model's clips can be; use_video × images_per_segment."""
    if not wishes.settings.inputs["use-video"]:
        return
    if wishes.settings.images > 1:
        yield f"images_per_segment={wishes.settings.images} is for pictures: with use_video a segment shows one clip"
    model = wishes.model(Role.VIDEO)
    longest = _seconds(model) if model else None
    lasts_s = max(wishes.length_s, round(wishes.said_s / wishes.count))
    if model and longest is not None and lasts_s > longest:
        yield (
            f"segments of about {_time(lasts_s)} are longer than a clip of {model.name}, {longest} s at most, which "
            f"then holds its last picture; segment_length={longest} would fit"
        )


def _seconds(model: Model) -> int | None:
    """The longest clip or piece of music that a model makes, in seconds; None where it has no bound."""
    if "frames" in model.within:
        return model.within["frames"][1] // cast("int", model.parameters.get("frames_per_second", 16))
    return model.within["seconds"][1] if "seconds" in model.within else None


def _pictures(wishes: _Wishes) -> Iterator[str]:
    """images_per_segment × segment_length; aspect_ratio × the image model."""
    images, each_s = wishes.settings.images, max(wishes.length_s, wishes.said_s / wishes.count)
    if images > 1 and not wishes.settings.inputs["use-video"] and each_s / images < _SHORTEST_LOOK_S:
        yield f"images_per_segment={images} in segments of {wishes.length_s} s is a picture every {each_s / images:.1f} s"
    model, ratio = wishes.model(Role.IMAGE), str(wishes.settings.inputs["size-aspect-ratio"])
    size = str(model.parameters.get("size", "")) if model else ""
    across, _, down = size.partition("x")
    wide, _, high = ratio.partition(":")
    if model and across.isdigit() and down.isdigit() and int(across) * int(high) != int(down) * int(wide):
        yield f"{model.name} makes pictures of {size}, and aspect_ratio is {ratio}: they are cut, or shown whole on a ground"


def _music(wishes: _Wishes) -> Iterator[str]:
    """Music × duration: a piece shorter than the lecture plays again."""
    model = wishes.model(Role.MUSIC)
    longest, lasts_s = _seconds(model) if model else None, max(wishes.said_s, wishes.count * wishes.length_s)
    if model and longest is not None and lasts_s > longest * FAR:
        yield f"music of {model.name} lasts {longest} s at most, and the lecture about {_time(lasts_s)}: it plays several times"


def _languages(wishes: _Wishes) -> Iterator[str]:
    """Language × what the notes, or the prompt that the script quotes, are evidently written in."""
    without_words = wishes.is_simulated and find_phrases(wishes.language) is None
    if not wishes.notes and wishes.prompt and without_words:
        yield notes_only(wishes.language)
    for name, text in (("notes", wishes.notes), ("prompt", "" if wishes.notes or not wishes.is_simulated else wishes.prompt)):
        if text and is_in_another(text, wishes.language):
            evident = evident_language(text)
            found = f"in {evident!r}" if evident else "in other letters"
            yield (
                f"the {name} seem{'' if name == 'notes' else 's'} to be {found}, and language is {wishes.language!r}: "
                f"{'they are' if name == 'notes' else 'it is'} said as written, by a voice of {wishes.language!r}"
                + (f"; set language={evident} if that was meant" if evident else "")
            )


def _time(seconds: int) -> str:
    """`45 s`, `2 min 10 s`, `13 min`, `1 h 5 min`: to the second below five minutes."""
    if seconds < 120:  # noqa: PLR2004 - a length that people say in seconds
        return f"{seconds} s"
    if seconds < 300:  # noqa: PLR2004 - the same, in both
        return f"{seconds // 60} min {seconds % 60} s" if seconds % 60 else f"{seconds // 60} min"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004 - of an hour


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
    _music,
)
