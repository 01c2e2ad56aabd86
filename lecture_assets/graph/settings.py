"""Everything a person has decided about a lecture, as one frozen value: inputs, slots and settings of single nodes.

One revision of a lecture is one Settings; what was made is recorded elsewhere. It is stored as a document with a schema version:
a change to the document needs a function in `UPGRADES`, but a new input with a default (`Kind.default`) does not.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from lecture_assets.graph.errors import Fault, NewerDocumentError, WrongInputError
from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.kind import When
from lecture_assets.graph.lecture import (
    CLIP,
    DEFAULTS,
    FIRST_PICTURE,
    MAX_IMAGES,
    MAX_SEGMENTS,
    PICTURE,
    RECORDING,
    is_default,
)
from lecture_assets.graph.node import node_id


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """What a person set on one node.

    pinned: the value used instead of the made one; None for the made one
    take:   the number of the chosen take, 0 if the pinned value is a person's own
    base:   the `value` and `fingerprint` of the made value that the pinned one was written against; None if there was none
    reroll: the number of the revision that asked for another result, 0 for none
    model:  the model used instead of the one in the role's input; None for that one
    place:  the narration around an added slot, frozen when it was added; set only on its llm:segment-script
    """

    pinned: Json = None
    take: int = 0
    base: Mapping[str, Json] | None = None
    reroll: int = 0
    model: str | None = None
    place: Mapping[str, Json] | None = None

    @property
    def holds_own_recording(self) -> bool:
        """Whether a person's own recording is pinned: given directly, or chosen as a take, which then has no word times."""
        return isinstance(self.pinned, dict) and (not self.take or self.pinned.get("words") == [])

    @property
    def holds_own_medium(self) -> bool:
        """Whether a person's own medium is pinned, given directly."""
        return isinstance(self.pinned, dict) and not self.take

    def to_json(self) -> dict[str, Json]:
        """Return only what differs from the default. It enters the fingerprint, so an undone setting leaves no trace."""
        document: dict[str, Json] = {}
        if self.pinned is not None:
            document["pinned"] = self.pinned
        if self.take:
            document["take"] = self.take
        if self.base is not None:
            document["base"] = dict(self.base)
        if self.reroll:
            document["reroll"] = self.reroll
        if self.model is not None:
            document["model"] = self.model
        if self.place is not None:
            document["place"] = dict(self.place)
        return document


UNSET = NodeSettings()
LENGTHS = frozenset({"duration", "segment-length", "num-segments"})
"""The inputs that say how long a lecture is to be. Only what a person set of them was asked for: a default is nobody's wish."""

UPGRADES: tuple[Callable[[dict[str, Json]], dict[str, Json]], ...] = ()
"""The first upgrades a settings document from schema 1 to 2, the next from 2 to 3, and so on."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One revision of a lecture.

    inputs:  the value of each `config:` input, by name without the category; `num-segments` is None if it follows from the
             duration, and `segment-order` is left out
    written: the number of slots that came with the script (s00 … s{written-1})
    added:   the slots added later, including removed ones: a slot's number is never reused
    order:   the slots in play order
    nodes:   the settings of single nodes, by node id
    asked:   the inputs of `LENGTHS` that a person set; None if that was not kept, as in documents of older releases
    """

    inputs: Mapping[str, Json]
    written: int
    order: tuple[int, ...]
    added: tuple[int, ...] = ()
    nodes: Mapping[str, NodeSettings] = field(default_factory=dict)
    asked: frozenset[str] | None = None

    def of_node(self, node: str) -> NodeSettings:
        """Return the settings of one node, or the defaults."""
        return self.nodes.get(node, UNSET)

    def value(self, name: str) -> Json:
        """Return the value of an input, including derived inputs. `name` is without `config:`."""
        if name == "segment-order":
            return list(self.order)
        if name == "num-segments":
            return len(self.order)
        return self.inputs[name]

    @property
    def segment_length_s(self) -> int:
        """The intended length of a segment in seconds."""
        return cast("int", self.inputs["segment-length"])

    @property
    def images(self) -> int:
        """Images per segment, 1 to 4."""
        return cast("int", self.inputs["images-per-segment"])

    @property
    def slots(self) -> tuple[int, ...]:
        """Every slot this lecture has ever had, from 0 without gaps, including removed ones."""
        return (*range(self.written), *self.added)

    def wanted_segments(self) -> int:
        """Return the number of segments the inputs ask for: `num-segments`, or ceil(duration / segment-length)."""
        explicit = cast("int | None", self.inputs["num-segments"])
        if explicit is not None:
            return explicit
        return math.ceil(cast("int", self.inputs["duration"]) / cast("int", self.inputs["segment-length"]))

    def holds(self, when: When, slot: int | None) -> bool:  # noqa: PLR0911 - one condition per line
        """Whether a condition of the table holds for a slot of this lecture."""
        match when:
            case When.ALWAYS:
                return True
            case When.IMAGES:
                return not self.inputs["use-video"]
            case When.VIDEO:
                return bool(self.inputs["use-video"])
            case When.WRITTEN:
                return slot not in self.added
            case When.ADDED:
                return slot in self.added
            case When.FIXED_LENGTH:
                return self.inputs["assembly-strategy"] == "fixed-length"
            case When.MUSIC:
                return self.inputs["music-volume"] != 0
            case When.OWN_RECORDING:
                return self.of_node(node_id(RECORDING, slot)).holds_own_recording
            case When.OWN_VISUAL:  # pragma: no branch - mypy proves the match exhaustive
                return any(self.of_node(node).holds_own_medium for node in self._visuals(slot)) if self.nodes else False

    def _visuals(self, slot: int | None) -> Iterator[str]:
        """Yield the nodes of what a segment shows."""
        if self.inputs["use-video"]:
            yield from (node_id(kind, slot) for kind in (FIRST_PICTURE, CLIP))
        else:
            yield from (node_id(PICTURE, slot, image) for image in range(self.images))

    def with_node(self, node: str, settings: NodeSettings) -> "Settings":
        """Return a copy with the settings of one node replaced, or dropped if they are the defaults."""
        nodes = {key: value for key, value in self.nodes.items() if key != node}
        if settings != UNSET:
            nodes[node] = settings
        return replace(self, nodes=nodes)

    def to_json(self) -> dict[str, Json]:
        """Return the document stored for this revision."""
        document: dict[str, Json] = {
            "schema": len(UPGRADES) + 1,
            "inputs": dict(self.inputs),
            "written": self.written,
            "order": list(self.order),
            "added": list(self.added),
            "nodes": {node: settings.to_json() for node, settings in self.nodes.items()},
        }
        if self.asked is not None:
            document["asked"] = [*cast("list[Json]", sorted(self.asked))]
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> "Settings":
        """Read a document of this or an older release; inputs added since take their defaults.

        Raise NewerDocumentError for a document of a newer release.
        """
        document = _upgraded(document)
        nodes = cast("dict[str, dict[str, Json]]", document["nodes"])
        return cls(
            inputs={**DEFAULTS, **cast("dict[str, Json]", document["inputs"])},
            written=cast("int", document["written"]),
            order=tuple(cast("list[int]", document["order"])),
            added=tuple(cast("list[int]", document["added"])),
            nodes={node: NodeSettings(**cast("dict[str, int]", settings)) for node, settings in nodes.items()},  # type: ignore[arg-type]
            asked=frozenset(cast("list[str]", document["asked"])) if "asked" in document else None,
        )

    def digest(self) -> str:
        """Return a digest that is equal for equal decisions, even if inputs with a default were added since."""
        document = replace(self, asked=None).to_json()
        del document["schema"]
        document["inputs"] = {name: value for name, value in self.inputs.items() if not is_default(name, value)}
        return digest(document)


def _upgraded(document: Mapping[str, Json]) -> dict[str, Json]:
    """Upgrade a stored document to the current schema; the oldest documents have no schema number."""
    version, today = cast("int", document.get("schema", 1)), len(UPGRADES) + 1
    if version > today:
        raise NewerDocumentError(version, today, "settings")
    upgraded = dict(document)
    for upgrade in UPGRADES[version - 1 :]:
        upgraded = upgrade(upgraded)
    return upgraded


def new_settings(
    inputs: Mapping[str, Json], nodes: Mapping[str, NodeSettings] | None = None, asked: frozenset[str] | None = None
) -> Settings:
    """Return the settings of a new lecture; `nodes` holds a brief's values for single nodes, such as its title.

    Raise WrongInputError for a wrong size.
    """
    settings = Settings(inputs={**DEFAULTS, **inputs}, written=0, order=(), nodes=nodes or {}, asked=asked)
    count = settings.wanted_segments()
    check_size(count, settings.images)
    return replace(settings, written=count, order=tuple(range(count)))


def check_size(segments: int, images: int) -> None:
    """Raise WrongInputError if a lecture would have too many or too few segments, or images per segment."""
    faults = []
    if not 1 <= segments <= MAX_SEGMENTS:
        remedy = "use a longer segment_length or a shorter duration" if segments > MAX_SEGMENTS else "a lecture has at least one"
        faults.append(Fault("num_segments", f"{segments} segments", f"1 to {MAX_SEGMENTS} ({remedy})"))
    if not 1 <= images <= MAX_IMAGES:
        faults.append(Fault("images_per_segment", str(images), f"1 to {MAX_IMAGES}"))
    if faults:
        raise WrongInputError(faults)
