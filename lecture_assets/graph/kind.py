"""The columns of the graph's table: what a row (`Kind`) and an edge (`Read`) can state. The rows are in `lecture.py`."""

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TypeAlias


class Category(StrEnum):
    """The first word of a node id."""

    CONFIG = "config"
    LLM = "llm"
    CONTENT = "content"
    ASSET = "asset"
    ASSEMBLER = "assembler"


class Per(StrEnum):
    """The scope of a kind: one node per lecture, per segment or per image."""

    LECTURE = "lecture"
    SEGMENT = "segment"
    IMAGE = "image"


class Role(StrEnum):
    """The provider role that makes a kind with one paid call."""

    TEXT = "text"
    SPEECH = "speech"
    IMAGE = "image"
    VIDEO = "video"
    MUSIC = "music"


_SIZED = frozenset({Role.SPEECH, Role.VIDEO, Role.MUSIC})
"""Roles priced by length."""


class When(StrEnum):
    """The condition under which a row, or one of its reads, exists in a cell."""

    ALWAYS = "always"
    IMAGES = "use-video is off"
    VIDEO = "use-video is on"
    WRITTEN = "the slot came with the script"
    ADDED = "the slot was added later"
    FIXED_LENGTH = "assembly-strategy is fixed-length"
    MUSIC = "music-volume is not 0"
    OWN_RECORDING = "a person gave the recording"
    OWN_VISUAL = "a person gave a picture or the clip"


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
    SEGMENT_FRAMES = "segment-frames"
    AUDIO_MIX = "audio-mix"
    SOUNDTRACK = "soundtrack"
    FILM = "film"


class Editable(StrEnum):
    """What a person may replace the made value with."""

    NO = "no"
    TEXT = "text"
    MEDIA = "media"


class Required(Enum):
    """Marks an input without a default."""

    REQUIRED = "required"


REQUIRED = Required.REQUIRED
Default: TypeAlias = "Required | bool | int | float | str | dict[str, object] | None"
"""The default of an input, or REQUIRED."""


@dataclass(frozen=True, slots=True)
class Read:
    """One edge of the table. At the reader's own level or above it, an edge leads to one node; a level below, to all its cells.

    projected: Dagster has this edge too. Dagster applies an edge to every lecture, so one that few lectures have would make it
               report readers as STALE that are not; readers of an edge that is not projected are reported as STALE by other means
    part_for:  the read of the same row whose value decides which part of this input is read. Only that part enters the recipe
               (`parts.py`), so a change of the rest makes nothing stale. Dagster compares whole versions: never projected
    """

    kind: str
    when: When = When.ALWAYS
    projected: bool = True
    part_for: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One row.

    index:      the part of the cell's address that enters the fingerprint, because the value depends on it
    asks:       structural inputs passed to the model; they are part of the purchase, but a change does not make the node stale
    sized_by:   the read that determines how much a call will use: the text to be spoken, or the input with its seconds
    structural: an input that decides which nodes exist, and that no node reads
    on_demand:  made only when it, or a node that reads it, is asked for: free, but too slow for every run. A plan for everything
                leaves it as it is, whatever its status; of its media, only those that count are kept (`store/reachable.py`).
                Only nodes that are on demand themselves may read it
    default:    the value of an input in lectures stored before the input existed. An input at its default leaves no trace in
                recipes, so a new input makes nothing stale; REQUIRED for the original inputs
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
    on_demand: bool = False
    default: Default = field(default=REQUIRED, hash=False)

    category: Category = field(init=False)
    """The first word of its node ids."""
    partial: tuple[Read, ...] = field(init=False)
    """The reads of which a part enters the recipe instead of the whole."""

    def __post_init__(self) -> None:
        """Work out once what every node asks for. Raise ValueError for a row that contradicts itself."""
        object.__setattr__(self, "category", Category(self.name.partition(":")[0]))
        object.__setattr__(self, "partial", tuple(read for read in self.reads if read.part_for))
        for read in self.partial:
            if read.projected or read.part_for not in {other.kind for other in self.reads}:
                message = f"{self.name}: a part of {read.kind} is read for another read of the row, and is not projected"
                raise ValueError(message)
        if self.role in _SIZED and self.sized_by not in {read.kind for read in self.reads}:
            message = f"{self.name}: a {self.role} row needs sized_by, naming the read that determines how much its call uses"
            raise ValueError(message)

    @property
    def is_input(self) -> bool:
        """Set by a person and never made by a run."""
        return self.category is Category.CONFIG

    @property
    def model_input(self) -> str | None:
        """The input that names the model, for kinds made by a paid call."""
        return f"config:{self.role}-model" if self.role else None
