"""Settings to Graph: each row of the table becomes one node per cell. No kind is mentioned by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType

from lecture_assets.graph.dag import topological_order
from lecture_assets.graph.kind import Kind, Per, Read, When
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.node import Cell, Node, node_id
from lecture_assets.graph.settings import Settings

_LEVEL = {Per.LECTURE: 0, Per.SEGMENT: 1, Per.IMAGE: 2}


@dataclass(frozen=True)
class Graph:
    """The nodes of one lecture, each after everything it reads."""

    settings: Settings
    nodes: Mapping[str, Node]

    @cached_property
    def readers(self) -> Mapping[str, tuple[str, ...]]:
        """The nodes that read each node."""
        readers: dict[str, list[str]] = {node: [] for node in self.nodes}
        for node in self.nodes.values():
            for source in node.read_ids:
                readers[source].append(node.id)
        return {node: tuple(found) for node, found in readers.items()}

    @cached_property
    def made(self) -> tuple[Node, ...]:
        """The nodes that a run makes: all except the inputs."""
        return tuple(node for node in self.nodes.values() if not node.kind.is_input)


_Cells = Mapping[int | None, tuple[Cell, ...]]
"""The cells of one kind, by slot (None for the lecture's)."""
_Holds = Mapping[When, frozenset[int | None]]
"""The slots for which each condition holds."""


def build(settings: Settings) -> Graph:
    """Build the graph for 1 to 99 slots with 1 to 4 images each. Settings of the same shape share their nodes."""
    return Graph(settings, _shaped(_shape_of(settings)))


@dataclass(frozen=True, slots=True)
class _Shape:
    """The part of the settings that decides which nodes exist and what they read; revisions seldom change it.

    slots:  in ascending order
    images: images per segment
    holds:  the slots for which each condition of the table holds; None stands for the lecture itself
    """

    slots: tuple[int, ...]
    images: int
    holds: tuple[tuple[When, frozenset[int | None]], ...]


def _shape_of(settings: Settings) -> _Shape:
    slots = tuple(sorted(settings.order))
    cells: tuple[int | None, ...] = (None, *slots)
    holds = tuple((when, frozenset(slot for slot in cells if settings.holds(when, slot))) for when in When)
    return _Shape(slots, settings.images, holds)


@lru_cache(maxsize=16)
def _shaped(shape: _Shape) -> Mapping[str, Node]:
    """Return every node of a shape, in order. Cached: one edit needs the graph several times (25 ms each for 99 × 4)."""
    holds = dict(shape.holds)
    cells = {kind.name: _cells(kind, shape, holds) for kind in KINDS.values()}
    nodes = {}
    for kind in KINDS.values():
        for cell in (cell for group in cells[kind.name].values() for cell in group):
            node = Node(node_id(kind.name, cell.segment, cell.image), kind, cell, _reads(kind, cell, cells, holds))
            nodes[node.id] = node
    order = topological_order({node.id: node.read_ids for node in nodes.values()})
    return MappingProxyType({node: nodes[node] for node in order})


def _cells(kind: Kind, shape: _Shape, holds: _Holds) -> _Cells:
    slots: tuple[int | None, ...] = (None,) if kind.per is Per.LECTURE else shape.slots
    images: tuple[int | None, ...] = tuple(range(shape.images)) if kind.per is Per.IMAGE else (None,)
    return {slot: tuple(Cell(slot, image) for image in images) for slot in slots if slot in holds[kind.when]}


def _reads(kind: Kind, cell: Cell, cells: Mapping[str, _Cells], holds: _Holds) -> Mapping[str, Mapping[str, str]]:
    reads = {}
    for read in kind.reads:
        sources = _sources(read, kind, cell, cells[read.kind]) if cell.segment in holds[read.when] else {}
        if sources:
            reads[read.kind] = sources
    return reads


def _sources(read: Read, kind: Kind, cell: Cell, there: _Cells) -> Mapping[str, str]:
    """Return the node in the reader's cell or the one around it; for a kind a level below, every node in the reader's cell."""
    level = _LEVEL[KINDS[read.kind].per]
    if not there:
        return {}
    if level <= _LEVEL[kind.per]:
        return {"": node_id(read.kind, cell.segment if level else None, cell.image if level > 1 else None)}
    groups = there.values() if cell.segment is None else (there[cell.segment],)
    own = node_id(read.kind, cell.segment)
    sources = (node_id(read.kind, other.segment, other.image) for group in groups for other in group)
    return {source.removeprefix(own): source for source in sources}
