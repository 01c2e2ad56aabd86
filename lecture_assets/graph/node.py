"""Nodes and their ids: `category:name`, `category:name:segment[i]`, `category:name:segment[i]:image[j]`, where i is the slot."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lecture_assets.graph.errors import UnknownNodeError
from lecture_assets.graph.kind import Kind, Per
from lecture_assets.graph.lecture import KINDS, MAX_IMAGES, MAX_SEGMENTS

_ID = re.compile(r"(?P<kind>[a-z]+:[a-z-]+)(?::segment\[(?P<segment>[0-9]{1,2})\])?(?::image\[(?P<image>[0-9])\])?")
_SHAPES = {Per.LECTURE: (False, False), Per.SEGMENT: (True, False), Per.IMAGE: (True, True)}


@dataclass(frozen=True, slots=True)
class Cell:
    """The position of a node: its slot (0–98) and image (0–3), or None where its kind has none."""

    segment: int | None = None
    image: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One cell of the graph.

    reads: for each kind read, the ids of the nodes read, by address relative to this node's cell. The address is empty for the
           same cell or the cell around it, and `:image[0]` or `:segment[2]` for a level below. Addresses do not depend on the
           reader's position, so equal work in two segments or two lectures has the same fingerprint
    """

    id: str
    kind: Kind
    cell: Cell
    reads: Mapping[str, Mapping[str, str]]

    read_ids: tuple[str, ...] = field(init=False)
    """Every node it reads."""

    def __post_init__(self) -> None:
        """Flatten `reads` once: a plan uses the result many times."""
        object.__setattr__(self, "read_ids", tuple(source for sources in self.reads.values() for source in sources.values()))


def node_id(kind: str, segment: int | None = None, image: int | None = None) -> str:
    """Return the id of a kind's node in a cell."""
    if segment is None:
        return kind
    return f"{kind}:segment[{segment}]" if image is None else f"{kind}:segment[{segment}]:image[{image}]"


def parse_node_id(text: str) -> tuple[Kind, Cell]:
    """Split an id into kind and cell. Raise UnknownNodeError for an id that no lecture can have."""
    match = _ID.fullmatch(text)
    kind = KINDS.get(match["kind"]) if match else None
    if match is None or kind is None:
        raise UnknownNodeError(text[:120], "an id like content:narration-text:segment[2] (`lectures graph ID` lists all)")
    segment, image = (None if match[name] is None else int(match[name]) for name in ("segment", "image"))
    if (segment is not None, image is not None) != _SHAPES[kind.per]:
        raise UnknownNodeError(text, f"an id like {node_id(kind.name, *_EXAMPLE[kind.per])}: one {kind.name} per {kind.per}")
    if (segment or 0) >= MAX_SEGMENTS or (image or 0) >= MAX_IMAGES or node_id(kind.name, segment, image) != text:
        raise UnknownNodeError(text, f"segments 0 to {MAX_SEGMENTS - 1}, images 0 to {MAX_IMAGES - 1}, without leading zeros")
    return kind, Cell(segment, image)


_EXAMPLE: Mapping[Per, tuple[int, ...]] = {Per.LECTURE: (), Per.SEGMENT: (2,), Per.IMAGE: (2, 0)}
