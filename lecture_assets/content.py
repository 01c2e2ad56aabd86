"""The values of nodes, typed. `HELD[kind.holds]` validates a value from a model, a person or the store.

Durations are integers in milliseconds, sizes are in pixels, and media are identified by the SHA-256 of their bytes.

Do not edit the docstrings of Effect, SegmentScript, Script and VideoPrompts: they are part of requests to text models.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    TypeAdapter,
    field_validator,
    model_serializer,
)

from lecture_assets.graph.kind import Holds
from lecture_assets.graph.lecture import MAX_SEGMENTS
from lecture_assets.prose.readable import readable


class Effect(StrEnum):
    """The motion of a segment's pictures, or the way they come in."""

    NONE = "none"
    ZOOM_IN = "zoom-in"
    ZOOM_OUT = "zoom-out"
    PAN_LEFT = "pan-left"
    PAN_RIGHT = "pan-right"
    FADE = "fade"


def _cleaned(value: Any) -> Any:
    return readable(value) if isinstance(value, str) else value


_READABLE = BeforeValidator(_cleaned)
"""Control characters from a model are removed instead of refused: the rest of its answer is paid for, and usable."""
Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), _READABLE]
Digest: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Milliseconds: TypeAlias = Annotated[int, Field(ge=0, le=4 * 3600 * 1000)]
Millibel: TypeAlias = Annotated[int, Field(ge=-7000, le=2000)]
"""Hundredths of a decibel."""
Pixels: TypeAlias = Annotated[int, Field(ge=16, le=8192)]


class Value(BaseModel):
    """A frozen value without unknown fields. It is stored without what has its default, as it was before that field existed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_serializer(mode="wrap")
    def _without_defaults(self, plainly: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        return {
            name: value
            for name, value in plainly(self).items()
            if fields[name].is_required() or getattr(self, name) != fields[name].default
        }


class SegmentScript(Value):
    """What the script says of one segment. background_music: its mood; effect: one of Effect."""

    narration: Text
    visual: Text
    background_music: Text
    effect: Annotated[Effect, Field(strict=False)]


class Script(Value):
    """A whole script, its segments in the order of the slots that came with it."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _READABLE]
    segments: Annotated[tuple[SegmentScript, ...], Field(min_length=1, max_length=MAX_SEGMENTS, strict=False)]


class LectureScript(Script):
    """A script as stored in a lecture. language: a BCP 47 tag, None for English; texts written from it are in this language."""

    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{2,35}$")] | None = None


class VideoPrompts(Value):
    """The prompts of one segment's clip: the picture it starts from, and what moves."""

    starting_image: Text
    movie_direction: Text


class Picture(Value):
    """One still picture."""

    sha256: Digest
    media_type: Annotated[str, StringConstraints(pattern=r"^image/(png|jpeg|webp)$")]
    width: Pixels
    height: Pixels


Span = Annotated[tuple[Milliseconds, Milliseconds], Field(strict=False)]
Spans = Annotated[tuple[Span, ...], Field(strict=False)]
"""From when to when, from the start of the medium."""


class CutWord(Value):
    """A word in a picture, by its SHA-256, that no view shows whole."""

    sha256: Digest
    text: Annotated[str, _READABLE]


class PictureMeasures(Value):
    """What a rendered clip was measured to show (`render/film_measures.py`, `render/cut_words.py`).

    frozen_ms, black_ms: when it stands still, and when it is black
    first_light:         the mean light of its first frame, 0 to 255
    cut_words:           words in its pictures that are cut off
    """

    frozen_ms: Spans
    black_ms: Spans
    first_light: Annotated[int, Field(ge=0, le=255)]
    cut_words: Annotated[tuple[CutWord, ...], Field(strict=False)] = ()


class Clip(Value):
    """One video clip without sound. measured: of the clip of a segment, as it was rendered."""

    sha256: Digest
    media_type: Annotated[str, StringConstraints(pattern=r"^video/mp4$")]
    width: Pixels
    height: Pixels
    duration_ms: Annotated[Milliseconds, Field(gt=0)]
    measured: PictureMeasures | None = None


class Film(Clip):
    """The finished video of a lecture, with sound."""


class Word(Value):
    """One spoken word as written in the text, with its time from the start of the recording.

    no_space_before: it follows the word before it directly, as in Chinese
    """

    text: Annotated[str, _READABLE]
    start_ms: Milliseconds
    end_ms: Milliseconds
    no_space_before: bool = False


class SoundMeasures(Value):
    """What a sound was measured to be when it came, so that nobody who plays it need listen first (`lecture_media.listen`).

    loudness_millibel: integrated loudness (ITU-R BS.1770-4) in hundredths of LUFS; -7000 for silence
    loudest_millibel:  the same of its loudest three seconds
    steady_from_ms, steady_to_ms: what lies between the fades of its beginning and its end
    clipped_ms:        for how long peaks are flat, because it was too loud for what recorded it
    """

    loudness_millibel: Millibel
    loudest_millibel: Millibel
    steady_from_ms: Milliseconds
    steady_to_ms: Milliseconds
    clipped_ms: Milliseconds = 0


class Sound(Value):
    """A recording or a piece of music. measured: None where it was stored before sounds were measured; a run then measures it."""

    sha256: Digest
    media_type: Annotated[str, StringConstraints(pattern=r"^audio/(wav|mpeg|mp4|ogg)$")]
    duration_ms: Annotated[Milliseconds, Field(gt=0)]
    measured: SoundMeasures | None = None


class Speech(Sound):
    """One recording of speech. words: in order, not overlapping, matching the text's words one to one.

    A person's own recording has none: the timeline gives it the words of the narration text.

    heard: of a person's own recording, the words that the narration text had when it was given, aligned to it; None if there was
           no text yet, or it did not fit
    """

    words: Annotated[tuple[Word, ...], Field(strict=False)]
    heard: Annotated[tuple[Word, ...], Field(strict=False)] | None = None

    @field_validator("words", "heard")
    @classmethod
    def _in_order(cls, words: tuple[Word, ...] | None) -> tuple[Word, ...] | None:
        latest = 0
        for number, word in enumerate(words or ()):
            if not latest <= word.start_ms <= word.end_ms:
                fault = f"word {number} ({word.text!r}) lasts from {word.start_ms} to {word.end_ms} ms, after one to {latest} ms"
                raise ValueError(fault)
            latest = word.end_ms
        return words


class Music(Sound):
    """One piece of music."""


class Soundtrack(Sound):
    """All that is heard of a lecture, as it was rendered and measured.

    loudness_millibel: integrated loudness (ITU-R BS.1770-4) in hundredths of LUFS; peak_millibel: true peak, in hundredths of dB
    silent_ms:         when nothing is heard, for a second and more
    """

    loudness_millibel: Millibel | None = None
    peak_millibel: Millibel | None = None
    silent_ms: Spans | None = None


HELD: Mapping[Holds, TypeAdapter[Any]] = {
    Holds.SCRIPT: TypeAdapter(LectureScript),
    Holds.SEGMENT_SCRIPT: TypeAdapter(SegmentScript),
    Holds.VIDEO_PROMPTS: TypeAdapter(VideoPrompts),
    Holds.TEXT: TypeAdapter(Text),
    Holds.EFFECT: TypeAdapter(Effect),
    Holds.PICTURE: TypeAdapter(Picture),
    Holds.CLIP: TypeAdapter(Clip),
    Holds.SPEECH: TypeAdapter(Speech),
    Holds.MUSIC: TypeAdapter(Music),
    Holds.SEGMENT_TIMELINE: TypeAdapter(dict[str, Any]),
    Holds.TIMELINE: TypeAdapter(dict[str, Any]),
    Holds.SEGMENT_FRAMES: TypeAdapter(dict[str, Any]),
    Holds.AUDIO_MIX: TypeAdapter(dict[str, Any]),
    Holds.SOUNDTRACK: TypeAdapter(Soundtrack),
    Holds.FILM: TypeAdapter(Film),
}
"""The validator of each type of value; `timeline/schema.py` describes timelines in detail."""
