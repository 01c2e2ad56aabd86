"""START HERE: the lecture graph, one table. The only place where an edge is written.

A row (`Kind`) says what it is once per, what it reads, which role makes it. `build.py` expands rows to nodes,
`steps/` says how each is made, Dagster assets are a projection of it. A second `if kind == …` anywhere means a missing column.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum

MAX_SEGMENTS = 99
"""Dagster 1.13 silently calls a node FRESH that reads 100 or more partitions of one asset (measured), so 99 slots."""
MAX_IMAGES = 4
"""Images of one segment."""


class Category(StrEnum):
    """The first word of a node id."""

    CONFIG = "config"
    LLM = "llm"
    CONTENT = "content"
    ASSET = "asset"
    ASSEMBLER = "assembler"


class Per(StrEnum):
    """What a kind is once per."""

    LECTURE = "lecture"
    SEGMENT = "segment"
    IMAGE = "image"


class Role(StrEnum):
    """The provider role that makes a kind, by one paid call."""

    TEXT = "text"
    SPEECH = "speech"
    IMAGE = "image"
    VIDEO = "video"
    MUSIC = "music"


_SIZED = frozenset({Role.SPEECH, Role.VIDEO, Role.MUSIC})
"""Roles that are paid by how long something is."""


class When(StrEnum):
    """For which cells a row, or one of its reads, exists."""

    ALWAYS = "always"
    IMAGES = "use-video is off"
    VIDEO = "use-video is on"
    WRITTEN = "the slot came with the script"
    ADDED = "the slot was added later"
    FIXED_LENGTH = "assembly-strategy is fixed-length"
    OWN_RECORDING = "a person gave the recording"


class Holds(StrEnum):
    """The type of the value, defined in `content.py`."""

    SETTING = "setting"
    SCRIPT = "script"
    SEGMENT_SCRIPT = "segment-script"
    VIDEO_PROMPTS = "video-prompts"
    TEXT = "text"
    EFFECT = "effect"
    PICTURE = "picture"
    CLIP = "clip"
    SPEECH = "speech"
    MUSIC = "music"
    SEGMENT_TIMELINE = "segment-timeline"
    TIMELINE = "timeline"


class Editable(StrEnum):
    """What a person may put in place of the made value."""

    NO = "no"
    TEXT = "text"
    MEDIA = "media"


class Required(Enum):
    """Stands where an input has no default."""

    REQUIRED = "required"


REQUIRED = Required.REQUIRED


@dataclass(frozen=True, slots=True)
class Read:
    """One edge of the table. Same cell or a cell around the reader: one node. A level below the reader: all of its cells.

    projected: whether Dagster has the edge, which it has for every lecture; of one that few have it would only learn to call
               the reader STALE where it is not. The reader of such an edge is told to be STALE by other means
    """

    kind: str
    when: When = When.ALWAYS
    projected: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """One row.

    index:      the part of the cell's address that is part of the fingerprint, because the value depends on it
    asks:       structural inputs the call tells the model; part of what is bought, not of what makes it stale
    sized_by:   what it reads that says how much a call will use: the text that is spoken, the input of its seconds
    structural: an input that decides which nodes exist, and that nobody reads
    default:    the value of an input in lectures from before there was that input. At its default it leaves no trace in what a
                node is made from, so that a new input makes nothing stale; REQUIRED for the inputs that were always there
    """

    name: str
    per: Per
    holds: Holds
    reads: tuple[Read, ...] = ()
    role: Role | None = None
    when: When = When.ALWAYS
    editable: Editable = Editable.NO
    index: Per | None = None
    asks: tuple[str, ...] = ()
    sized_by: str | None = None
    structural: bool = False
    default: "Required | bool | int | float | str | None" = REQUIRED

    category: Category = field(init=False)
    """The first word of its node ids."""

    def __post_init__(self) -> None:
        """Take the category from the name once: it is asked for at every node. ValueError for a row that cannot be priced."""
        object.__setattr__(self, "category", Category(self.name.partition(":")[0]))
        if self.role in _SIZED and self.sized_by not in {read.kind for read in self.reads}:
            message = f"{self.name}: a {self.role} row says in sized_by which of its reads says how much its call will use"
            raise ValueError(message)

    @property
    def is_input(self) -> bool:
        """True where a person sets it and no run makes it."""
        return self.category is Category.CONFIG

    @property
    def model_input(self) -> str | None:
        """The input that names the model, for kinds made by a call."""
        return f"config:{self.role}-model" if self.role else None


def _input(name: str, *, structural: bool = False, default: "Required | bool | int | float | str | None" = REQUIRED) -> Kind:
    return Kind(f"config:{name}", Per.LECTURE, Holds.SETTING, structural=structural, default=default)


def _reads(*names: str | Read) -> tuple[Read, ...]:
    return tuple(name if isinstance(name, Read) else Read(name) for name in names)


SCRIPT = "llm:script-generation"
"""What writes the segments that a lecture begins with."""
ADDED_SCRIPT = "llm:segment-script"
"""What writes a segment that was added later; its settings hold where that was."""
NARRATION = "content:narration-text"
"""The words of a segment, written to be spoken."""
RECORDING = "asset:narration"
"""Them spoken, or a person's own recording."""

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
    _input("music-prompt-mod"),
    _input("text-model"),
    _input("speech-model"),
    _input("image-model"),
    _input("video-model"),
    _input("music-model"),
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
        "asset:image",
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
        "asset:starting-image",
        _SEGMENT,
        Holds.PICTURE,
        _reads("content:starting-image-prompt", "config:size-aspect-ratio", "config:image-model"),
        Role.IMAGE,
        when=When.VIDEO,
        editable=_MEDIA,
    ),
    Kind(
        "asset:video",
        _SEGMENT,
        Holds.CLIP,
        _reads("asset:starting-image", "content:movie-direction-prompt", "config:segment-length", "config:video-model"),
        Role.VIDEO,
        sized_by="config:segment-length",
        when=When.VIDEO,
        editable=_MEDIA,
    ),
    Kind(
        RECORDING,
        _SEGMENT,
        Holds.SPEECH,
        _reads(NARRATION, "config:voice", "config:language", "config:speech-model"),
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
    ),
    Kind("content:music-prompt", _LECTURE, Holds.TEXT, _reads("llm:music-prompt"), editable=_TEXT),
    Kind(
        "asset:music",
        _LECTURE,
        Holds.MUSIC,
        _reads("content:music-prompt", "config:duration", "config:music-model"),
        Role.MUSIC,
        sized_by="config:duration",
        editable=_MEDIA,
    ),
    Kind(
        "assembler:segment-timeline",
        _SEGMENT,
        Holds.SEGMENT_TIMELINE,
        _reads(
            "asset:narration",
            "asset:image",
            "asset:video",
            "content:effect",
            "content:background-music",
            "config:size-aspect-ratio",
            "config:assembly-strategy",
            Read("config:segment-length", When.FIXED_LENGTH),
            Read(NARRATION, When.OWN_RECORDING, projected=False),
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
            "config:size-aspect-ratio",
            "config:assembly-strategy",
        ),
    ),
)

KINDS: Mapping[str, Kind] = {row.name: row for row in _ROWS}
"""Every row by name, in the table's order."""

DEFAULTS: Mapping[str, bool | int | float | str | None] = {
    row.name.removeprefix("config:"): row.default for row in _ROWS if not isinstance(row.default, Required)
}
"""By name without `config:`, the value of each input that has a default."""


def is_default(name: str, value: object) -> bool:
    """Whether an input has its default, of the same type (1 is not true). `name` is without `config:`."""
    return name in DEFAULTS and (type(value), value) == (type(DEFAULTS[name]), DEFAULTS[name])
