"""Names: the asset of a kind, the partition of a node, and back; and the partition mappings between levels.

kind  asset:image                            asset      ["asset", "image"]
node  asset:image:segment[2]:image[0]        partition  lecture=bees, segment_image=s02.i0   ("bees|s02.i0")
"""

import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from dagster import (
    AssetKey,
    BetaWarning,
    DagsterInstance,
    DimensionPartitionMapping,
    DynamicPartitionsDefinition,
    IdentityPartitionMapping,
    MultiPartitionKey,
    MultiPartitionMapping,
    MultiPartitionsDefinition,
    MultiToSingleDimensionPartitionMapping,
    PartitionMapping,
    PartitionsDefinition,
    StaticPartitionMapping,
    StaticPartitionsDefinition,
)
from sqlalchemy.exc import IntegrityError

from lecture_assets.graph.kind import Kind, Per
from lecture_assets.graph.lecture import KINDS, MAX_IMAGES, MAX_SEGMENTS
from lecture_assets.graph.node import Cell, node_id

LECTURE, SEGMENT, SEGMENT_IMAGE = "lecture", "segment", "segment_image"
"""The dimensions of partitions. A lecture is added to its dimension when it is first published."""
SETTINGS = "settings"
"""The key prefix of assets that represent what a person set on single nodes."""

LECTURES = DynamicPartitionsDefinition(name=LECTURE)
_SLOTS = [f"s{slot:02}" for slot in range(MAX_SEGMENTS)]
_IMAGES = {slot: [f"{slot}.i{image}" for image in range(MAX_IMAGES)] for slot in _SLOTS}
PARTITIONS: Mapping[Per, PartitionsDefinition[str]] = {
    Per.LECTURE: LECTURES,
    Per.SEGMENT: MultiPartitionsDefinition({LECTURE: LECTURES, SEGMENT: StaticPartitionsDefinition(_SLOTS)}),
    Per.IMAGE: MultiPartitionsDefinition(
        {LECTURE: LECTURES, SEGMENT_IMAGE: StaticPartitionsDefinition([cell for cells in _IMAGES.values() for cell in cells])}
    ),
}
"""The partitions of a kind: all possible slots, since only the core knows which of them a lecture has."""


def _mappings() -> Mapping[tuple[Per, Per], PartitionMapping]:
    to_lecture = MultiToSingleDimensionPartitionMapping(LECTURE)
    same_lecture = DimensionPartitionMapping(LECTURE, IdentityPartitionMapping())
    images = StaticPartitionMapping({slot: set(cells) for slot, cells in _IMAGES.items()})
    slots = StaticPartitionMapping({image: slot for slot, cells in _IMAGES.items() for image in cells})
    return {
        (Per.LECTURE, Per.SEGMENT): to_lecture,
        (Per.LECTURE, Per.IMAGE): to_lecture,
        (Per.SEGMENT, Per.LECTURE): to_lecture,
        (Per.SEGMENT, Per.IMAGE): MultiPartitionMapping(
            {LECTURE: same_lecture, SEGMENT: DimensionPartitionMapping(SEGMENT_IMAGE, images)}
        ),
        (Per.IMAGE, Per.SEGMENT): MultiPartitionMapping(
            {LECTURE: same_lecture, SEGMENT_IMAGE: DimensionPartitionMapping(SEGMENT, slots)}
        ),
    }


with warnings.catch_warnings():
    warnings.simplefilter("ignore", BetaWarning)  # Dagster 1.13 marks both mappings of multi-partitions as beta
    _MAPPINGS = _mappings()
"""From what is read to its reader. Built-in mappings only: the webserver and the daemon support no others."""


def mapping(read: Per, reader: Per) -> PartitionMapping | None:
    """How the partitions of what is read map to those of the reader; None if both have the same.

    KeyError if a lecture would read all of its images: 396 partitions are more than Dagster follows.
    """
    return None if read is reader else _MAPPINGS[read, reader]


def asset_key(kind: Kind) -> AssetKey:
    """The asset of a kind."""
    category, _, name = kind.name.partition(":")
    return AssetKey([category, name.replace("-", "_")])


def settings_key(kind: Kind) -> AssetKey:
    """The asset that represents what a person set on single nodes of a kind."""
    return AssetKey([SETTINGS, *asset_key(kind).path])


_KINDS: Mapping[AssetKey, Kind] = {asset_key(kind): kind for kind in KINDS.values()}


def kind_of(key: AssetKey) -> Kind:
    """The kind of an asset; KeyError for a settings asset."""
    return _KINDS[key]


def is_made(key: AssetKey) -> bool:
    """Whether an asset is a kind that runs make."""
    return key in _KINDS and not _KINDS[key].is_input


def lecture_of_partition(partition: str) -> str:
    """The lecture of a partition."""
    return partition.partition("|")[0]


def partitions_of(lecture: str, per: Per) -> list[str]:
    """All partitions that a lecture may have in assets of this level, as Dagster stores them."""
    cells = {Per.LECTURE: [], Per.SEGMENT: _SLOTS, Per.IMAGE: [image for images in _IMAGES.values() for image in images]}[per]
    return [f"{lecture}|{cell}" for cell in cells] or [lecture]


def partition_key(lecture: str, cell: Cell) -> str:
    """The partition of a lecture's cell, as a multi-partition key where its events need the dimensions."""
    if cell.segment is None:
        return lecture
    slot = _SLOTS[cell.segment]
    if cell.image is None:
        return MultiPartitionKey({LECTURE: lecture, SEGMENT: slot})
    return MultiPartitionKey({LECTURE: lecture, SEGMENT_IMAGE: _IMAGES[slot][cell.image]})


@dataclass(frozen=True, slots=True)
class LectureNode:
    """An asset partition in the core's terms."""

    lecture: str
    node: str


def node_at(key: AssetKey, partition: str) -> LectureNode:
    """The node of an asset partition."""
    _, _, address = partition.partition("|")
    slot, _, image = address.partition(".")
    numbers = [int(word[1:]) for word in (slot, image) if word]
    return LectureNode(lecture_of_partition(partition), node_id(kind_of(key).name, *numbers))


def add_lectures(instance: DagsterInstance, lectures: Sequence[str]) -> None:
    """Add the partitions of lectures, also while others do: on SQLite Dagster looks which are new, and inserts those after."""
    try:
        instance.add_dynamic_partitions(LECTURE, lectures)
    except IntegrityError:
        for lecture in lectures:
            with suppress(IntegrityError):  # somebody else has just added it
                instance.add_dynamic_partitions(LECTURE, [lecture])
