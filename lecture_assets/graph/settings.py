"""All that a person has decided about a lecture, as one frozen value: its inputs, its slots, the settings of single nodes.

One revision of a lecture is one Settings. It says nothing of what was made. It is stored as a document with a schema version;
whoever changes the document appends to `UPGRADES`. An input that only gets a default (`Kind.default`) needs none.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from lecture_assets.graph.errors import Fault, NewerDocumentError, WrongInputError
from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.lecture import DEFAULTS, MAX_IMAGES, MAX_SEGMENTS, RECORDING, When, is_default
from lecture_assets.graph.node import node_id


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """What a person set on one node.

    pinned: the value that counts instead of the made one; None where the made one counts
    take:   number of the take that was chosen, 0 where the pinned value is a person's own
    base:   what the pinned value was written against: `value` and `fingerprint` of the made one, None where there was none
    reroll: number of the revision that asked for another result, 0 for none
    model:  another model than the role's input, None for that one
    place:  where a slot was added, frozen at that moment; None for all but its llm:segment-script
    """

    pinned: Json = None
    take: int = 0
    base: Mapping[str, Json] | None = None
    reroll: int = 0
    model: str | None = None
    place: Mapping[str, Json] | None = None

    @property
    def holds_own_recording(self) -> bool:
        """Whether a person's recording is pinned: one that they gave, or a take of theirs, of which nobody said the words."""
        return isinstance(self.pinned, dict) and (not self.take or self.pinned.get("words") == [])

    def to_json(self) -> dict[str, Json]:
        """Only what differs from the default; enters the fingerprint, so an undone setting leaves no trace."""
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

UPGRADES: tuple[Callable[[dict[str, Json]], dict[str, Json]], ...] = ()
"""The first makes a settings document of schema 1 one of schema 2, the next one of schema 3, and so on."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One revision of a lecture.

    inputs:  the value of each `config:` input by name without its category; `num-segments` is None where it follows
             from the duration, `segment-order` is not among them
    written: number of slots that came with the script (s00 … s{written-1})
    added:   the slots that came later, removed ones included: a slot's number is never given to another segment
    order:   the slots in play order
    nodes:   settings of single nodes, by node id
    """

    inputs: Mapping[str, Json]
    written: int
    order: tuple[int, ...]
    added: tuple[int, ...] = ()
    nodes: Mapping[str, NodeSettings] = field(default_factory=dict)

    def of_node(self, node: str) -> NodeSettings:
        """The settings of one node, the defaults where none were made."""
        return self.nodes.get(node, UNSET)

    def value(self, name: str) -> Json:
        """The value of an input, derived ones included. `name` is without `config:`."""
        if name == "segment-order":
            return list(self.order)
        if name == "num-segments":
            return len(self.order)
        return self.inputs[name]

    @property
    def segment_length_s(self) -> int:
        """How long a segment is to be, in seconds."""
        return cast("int", self.inputs["segment-length"])

    @property
    def images(self) -> int:
        """Images of each segment, 1 to 4."""
        return cast("int", self.inputs["images-per-segment"])

    @property
    def slots(self) -> tuple[int, ...]:
        """Every slot this lecture ever had, from 0 without a gap, removed ones included."""
        return (*range(self.written), *self.added)

    def wanted_segments(self) -> int:
        """How many segments the inputs ask for: `num-segments`, or ceil(duration / segment-length)."""
        explicit = cast("int | None", self.inputs["num-segments"])
        if explicit is not None:
            return explicit
        return math.ceil(cast("int", self.inputs["duration"]) / cast("int", self.inputs["segment-length"]))

    def holds(self, when: When, slot: int | None) -> bool:  # noqa: PLR0911 - a condition a line
        """Whether a condition of the table is true of a slot of this lecture."""
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
            case When.OWN_RECORDING:  # pragma: no branch - mypy proves that there is no other
                return self.of_node(node_id(RECORDING, slot)).holds_own_recording

    def with_node(self, node: str, settings: NodeSettings) -> "Settings":
        """These settings with those of one node replaced (and dropped where they are the defaults)."""
        nodes = {key: value for key, value in self.nodes.items() if key != node}
        if settings != UNSET:
            nodes[node] = settings
        return replace(self, nodes=nodes)

    def to_json(self) -> dict[str, Json]:
        """The document a revision is stored as."""
        return {
            "schema": len(UPGRADES) + 1,
            "inputs": dict(self.inputs),
            "written": self.written,
            "order": list(self.order),
            "added": list(self.added),
            "nodes": {node: settings.to_json() for node, settings in self.nodes.items()},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> "Settings":
        """The inverse of `to_json`, also of a document that an older release wrote. NewerDocumentError for one of a newer.

        An input that there was not then has its default.
        """
        document = _upgraded(document)
        nodes = cast("dict[str, dict[str, Json]]", document["nodes"])
        return cls(
            inputs={**DEFAULTS, **cast("dict[str, Json]", document["inputs"])},
            written=cast("int", document["written"]),
            order=tuple(cast("list[int]", document["order"])),
            added=tuple(cast("list[int]", document["added"])),
            nodes={node: NodeSettings(**cast("dict[str, int]", settings)) for node, settings in nodes.items()},  # type: ignore[arg-type]
        )

    def digest(self) -> str:
        """A name for these settings, equal for equal decisions, also when an input with a default was added since."""
        document = self.to_json()
        del document["schema"]
        document["inputs"] = {name: value for name, value in self.inputs.items() if not is_default(name, value)}
        return digest(document)


def _upgraded(document: Mapping[str, Json]) -> dict[str, Json]:
    """A stored document as one of today's; the oldest ones do not say their schema."""
    version, today = cast("int", document.get("schema", 1)), len(UPGRADES) + 1
    if version > today:
        raise NewerDocumentError(version, today, "settings")
    upgraded = dict(document)
    for upgrade in UPGRADES[version - 1 :]:
        upgraded = upgrade(upgraded)
    return upgraded


def new_settings(inputs: Mapping[str, Json], nodes: Mapping[str, NodeSettings] | None = None) -> Settings:
    """Settings of a new lecture, with the values a brief gives to single nodes (a title). WrongInputError on a wrong size."""
    settings = Settings(inputs={**DEFAULTS, **inputs}, written=0, order=(), nodes=nodes or {})
    count = settings.wanted_segments()
    check_size(count, settings.images)
    return replace(settings, written=count, order=tuple(range(count)))


def check_size(segments: int, images: int) -> None:
    """WrongInputError where a lecture would be too long, too short, or have too many images a segment."""
    faults = []
    if not 1 <= segments <= MAX_SEGMENTS:
        remedy = "make segment_length longer, or duration shorter" if segments > MAX_SEGMENTS else "a lecture has at least one"
        faults.append(Fault("num_segments", f"{segments} segments", f"1 to {MAX_SEGMENTS} ({remedy})"))
    if not 1 <= images <= MAX_IMAGES:
        faults.append(Fault("images_per_segment", str(images), f"1 to {MAX_IMAGES}"))
    if faults:
        raise WrongInputError(faults)
