"""START HERE: the lecture graph as one table, the only place where its edges are written.

A row (`Kind`) states its scope (per lecture, segment or image), what it reads, and the provider role that makes it. `build.py`
expands rows into nodes, `steps/` makes them, and the Dagster assets are projected from it. An `if kind == …` anywhere else means
that a column is missing here.
"""

from collections.abc import Mapping
from typing import cast

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import REQUIRED, Default, Editable, Holds, Kind, Per, Read, Required, Role, When

MAX_SEGMENTS = 99
"""Dagster 1.13 silently reports a node as FRESH when it reads 100 or more partitions of one asset (measured), hence 99 slots."""
MAX_IMAGES = 4
"""The most images per segment."""


def _input(name: str, *, structural: bool = False, default: Default = REQUIRED) -> Kind:
    return Kind(f"config:{name}", Per.LECTURE, Holds.SETTING, structural=structural, default=default)


def _reads(*names: str | Read) -> tuple[Read, ...]:
    return tuple(name if isinstance(name, Read) else Read(name) for name in names)


SCRIPT = "llm:script-generation"
"""Writes the segments a lecture starts with."""
ADDED_SCRIPT = "llm:segment-script"
"""Writes a segment added later; its settings record where it was added."""
NARRATION = "content:narration-text"
"""The text of a segment, written to be spoken."""
RECORDING = "asset:narration"
"""The narration spoken, or a person's own recording."""
PICTURE, FIRST_PICTURE, CLIP = "asset:image", "asset:starting-image", "asset:video"
"""What a segment shows: pictures, or a clip that was made from its first one."""

FILM = "assembler:film"
"""The finished video: the clips of all segments, joined, with sound."""

_SEGMENT_ADDED, _SEGMENT, _IMAGE, _LECTURE = When.ADDED, Per.SEGMENT, Per.IMAGE, Per.LECTURE
_TEXT, _MEDIA = Editable.TEXT, Editable.MEDIA

_ROWS: tuple[Kind, ...] = (
    _input("user-prompt"),
    _input("system-prompt"),
    _input("audience"),
    _input("language"),
    _input("duration"),
    _input("segment-length"),
    _input("num-segments", structural=True),
    _input("segment-order"),
    _input("images-per-segment", structural=True),
    _input("image-style"),
    _input("size-aspect-ratio"),
    _input("use-video", structural=True),
    _input("assembly-strategy"),
    _input("voice"),
    _input("lexicon", default={}),
    _input("music-prompt-mod"),
    _input("music-volume", default=100),
    _input("title-display", default="over"),
    _input("text-model"),
    _input("speech-model"),
    _input("image-model"),
    _input("video-model"),
    _input("music-model"),
    _input("captions", default="burned"),
    _input("caption-place", default="bottom"),
    _input("caption-size", default="medium"),
    _input("resolution", default="720p"),
    Kind(
        SCRIPT,
        _LECTURE,
        Holds.SCRIPT,
        _reads(
            "config:user-prompt",
            "config:system-prompt",
            "config:audience",
            "config:language",
            "config:segment-length",
            "config:text-model",
        ),
        Role.TEXT,
        asks=("num-segments",),
    ),
    Kind(
        ADDED_SCRIPT,
        _SEGMENT,
        Holds.SEGMENT_SCRIPT,
        _reads("llm:script-generation", "config:text-model"),
        Role.TEXT,
        when=_SEGMENT_ADDED,
        index=_SEGMENT,
    ),
    Kind("content:video-title", _LECTURE, Holds.TEXT, _reads("llm:script-generation"), editable=_TEXT),
    Kind("llm:video-summary", _LECTURE, Holds.TEXT, _reads("llm:script-generation", "config:text-model"), Role.TEXT),
    Kind("content:video-summary", _LECTURE, Holds.TEXT, _reads("llm:video-summary"), editable=_TEXT),
    Kind(
        "content:script",
        _SEGMENT,
        Holds.SEGMENT_SCRIPT,
        _reads(Read("llm:script-generation", When.WRITTEN), Read("llm:segment-script", _SEGMENT_ADDED)),
        index=_SEGMENT,
    ),
    Kind(NARRATION, _SEGMENT, Holds.TEXT, _reads("content:script"), editable=_TEXT),
    Kind("content:visual", _SEGMENT, Holds.TEXT, _reads("content:script"), editable=_TEXT),
    Kind("content:background-music", _SEGMENT, Holds.TEXT, _reads("content:script"), editable=_TEXT),
    Kind("content:effect", _SEGMENT, Holds.EFFECT, _reads("content:script"), editable=_TEXT),
    Kind(
        "llm:image-prompt",
        _IMAGE,
        Holds.TEXT,
        _reads("content:visual", "config:image-style", "config:text-model"),
        Role.TEXT,
        when=When.IMAGES,
        index=_IMAGE,
    ),
    Kind("content:image-prompt", _IMAGE, Holds.TEXT, _reads("llm:image-prompt"), when=When.IMAGES, editable=_TEXT),
    Kind(
        PICTURE,
        _IMAGE,
        Holds.PICTURE,
        _reads("content:image-prompt", "config:size-aspect-ratio", "config:image-model"),
        Role.IMAGE,
        when=When.IMAGES,
        editable=_MEDIA,
    ),
    Kind(
        "llm:video-prompts",
        _SEGMENT,
        Holds.VIDEO_PROMPTS,
        _reads("content:visual", "config:image-style", "config:text-model"),
        Role.TEXT,
        when=When.VIDEO,
    ),
    Kind("content:starting-image-prompt", _SEGMENT, Holds.TEXT, _reads("llm:video-prompts"), when=When.VIDEO, editable=_TEXT),
    Kind("content:movie-direction-prompt", _SEGMENT, Holds.TEXT, _reads("llm:video-prompts"), when=When.VIDEO, editable=_TEXT),
    Kind(
        FIRST_PICTURE,
        _SEGMENT,
        Holds.PICTURE,
        _reads("content:starting-image-prompt", "config:size-aspect-ratio", "config:image-model"),
        Role.IMAGE,
        when=When.VIDEO,
        editable=_MEDIA,
    ),
    Kind(
        CLIP,
        _SEGMENT,
        Holds.CLIP,
        _reads(FIRST_PICTURE, "content:movie-direction-prompt", "config:segment-length", "config:video-model"),
        Role.VIDEO,
        sized_by="config:segment-length",
        when=When.VIDEO,
        editable=_MEDIA,
    ),
    Kind(
        RECORDING,
        _SEGMENT,
        Holds.SPEECH,
        _reads(
            NARRATION,
            "config:voice",
            "config:language",
            Read("config:lexicon", part_for=NARRATION, projected=False),
            "config:speech-model",
        ),
        Role.SPEECH,
        sized_by=NARRATION,
        editable=_MEDIA,
    ),
    Kind(
        "llm:music-prompt",
        _LECTURE,
        Holds.TEXT,
        _reads("content:video-title", "content:video-summary", "config:music-prompt-mod", "config:text-model"),
        Role.TEXT,
        when=When.MUSIC,
    ),
    Kind("content:music-prompt", _LECTURE, Holds.TEXT, _reads("llm:music-prompt"), when=When.MUSIC, editable=_TEXT),
    Kind(
        "asset:music",
        _LECTURE,
        Holds.MUSIC,
        _reads("content:music-prompt", "config:duration", "config:music-model"),
        Role.MUSIC,
        sized_by="config:duration",
        when=When.MUSIC,
        editable=_MEDIA,
    ),
    Kind(
        "assembler:segment-timeline",
        _SEGMENT,
        Holds.SEGMENT_TIMELINE,
        _reads(
            "asset:narration",
            PICTURE,
            CLIP,
            "content:image-prompt",
            "content:starting-image-prompt",
            "content:effect",
            "content:background-music",
            "config:language",
            "config:size-aspect-ratio",
            "config:assembly-strategy",
            Read("config:segment-length", When.FIXED_LENGTH),
            Read(NARRATION, When.OWN_RECORDING, projected=False),
            Read("content:visual", When.OWN_VISUAL, projected=False),
        ),
        index=_SEGMENT,
    ),
    Kind(
        "assembler:timeline",
        _LECTURE,
        Holds.TIMELINE,
        _reads(
            "assembler:segment-timeline",
            "config:segment-order",
            "asset:music",
            "content:video-title",
            "content:video-summary",
            "config:language",
            "config:size-aspect-ratio",
            "config:assembly-strategy",
            "config:music-volume",
            "config:title-display",
            "config:captions",
            "config:caption-place",
            "config:caption-size",
            "config:resolution",
        ),
    ),
    Kind(
        "assembler:segment-frames",
        _SEGMENT,
        Holds.SEGMENT_FRAMES,
        _reads("assembler:timeline"),
        index=_SEGMENT,
        on_demand=True,
    ),
    Kind("asset:clip", _SEGMENT, Holds.CLIP, _reads("assembler:segment-frames"), on_demand=True),
    Kind("assembler:audio-mix", _LECTURE, Holds.AUDIO_MIX, _reads("assembler:timeline"), on_demand=True),
    Kind("asset:soundtrack", _LECTURE, Holds.SOUNDTRACK, _reads("assembler:audio-mix"), on_demand=True),
    Kind(FILM, _LECTURE, Holds.FILM, _reads("asset:clip", "asset:soundtrack", "assembler:timeline"), on_demand=True),
)

KINDS: Mapping[str, Kind] = {row.name: row for row in _ROWS}
"""Every row by name, in the table's order."""

DEFAULTS: Mapping[str, Json] = {
    row.name.removeprefix("config:"): cast("Json", row.default) for row in _ROWS if not isinstance(row.default, Required)
}
"""The default of each input that has one, by name without `config:`."""


def is_default(name: str, value: object) -> bool:
    """Whether a value is the input's default, of the same type (1 is not true). `name` is without `config:`."""
    return name in DEFAULTS and (type(value), value) == (type(DEFAULTS[name]), DEFAULTS[name])
