"""What Dagster has to be told so that it says of every node what we say: pure, knows no Dagster, writes nothing.

    observe the inputs that changed ─► materialize what was made, in the graph's order ─► observe settings, where it must be STALE

Dagster calls a made node STALE where something that it reads has another version now than it had at the node's *pointer*, a place
in the log that its newest materialization names for each asset it reads. So three means are enough: a node that is fresh is told
with its pointers at the end of the log; one that is stale, with the pointers of what changed before its beginning; and where
nothing that Dagster knows of has changed (the node reads others than before, its bytes are lost), its settings are observed.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lecture_assets.graph.lecture import KINDS, MAX_IMAGES, MAX_SEGMENTS, Kind, Per
from lecture_assets.graph.node import Cell, Node, node_id, parse_node_id
from lecture_assets.graph.staleness import Reason, ReasonKind
from lecture_assets.store.published import PublishedRow

SETTINGS = "settings:"
"""A node's settings are the subject `settings:<node id>`."""
_FORCED = "~"
"""Marks a version that was given only so that Dagster sees a change: `<digest>~2`."""


@dataclass(frozen=True, slots=True)
class ProjectedNode:
    """One node that has a record. mark: its take and when it was counted; code: its step's version; reasons: direct ones."""

    node: Node
    version: str
    take_mark: str
    code: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectedLecture:
    """A lecture as Dagster is to show it.

    inputs:   the version of each input, by node id
    settings: the version of what a person set on single nodes, by node id; nodes without are left out
    nodes:    what has a record, each after all that it reads
    """

    inputs: Mapping[str, str]
    settings: Mapping[str, str]
    nodes: Mapping[str, ProjectedNode]


@dataclass(frozen=True, slots=True)
class LogEntrySpec:
    """One thing to tell.

    subject:  the id of an input or of a made node, or `settings:` and a node's id
    version:  the data version
    made:     the node, where it is a materialization; None for an observation
    because:  why it is told, for whoever reads the event
    changed:  kinds (or `settings:`) whose pointer must stand before the log's beginning, as the node was made of older ones
    """

    subject: str
    version: str
    made: ProjectedNode | None = None
    because: tuple[str, ...] = ()
    changed: frozenset[str] = frozenset()


@dataclass
class Projection:
    """What was told so far, as a model of what Dagster says of it.

    Statements are told batch by batch, each by a commit of its own.
    """

    published: dict[str, PublishedRow]
    batches: dict[int, list[LogEntrySpec]] = field(default_factory=dict)
    changes: dict[str, PublishedRow] = field(default_factory=dict)
    _depth: dict[str, int] = field(default_factory=dict)

    def project(self, picture: ProjectedLecture) -> "Projection":
        """Tell all that Dagster does not know, or has wrong."""
        for subject, version in picture.inputs.items():
            self._observe(subject, version)
        for node in {*picture.settings, *self._settings_published(picture)}:
            self._observe(SETTINGS + node, picture.settings.get(node, ""))
        for made in picture.nodes.values():
            self._node(made)
        return self

    def made(self, made: ProjectedNode, because: tuple[str, ...] = ()) -> None:
        """Tell that a node was made, of what it reads as that was told."""
        self._materialize(made, because, frozenset())

    def _settings_published(self, picture: ProjectedLecture) -> Iterator[str]:
        return (node for node in picture.nodes if SETTINGS + node in self.published)

    def _observe(self, subject: str, version: str) -> None:
        before = self.published.get(subject)
        if (before is None and version) or (before is not None and before.version.partition(_FORCED)[0] != version):
            self._publish(LogEntrySpec(subject, version), PublishedRow(version), 0)

    def _node(self, made: ProjectedNode) -> None:
        row = self.published.get(made.node.id)
        stale = bool(made.reasons)
        if row is None or row.take_mark != made.take_mark or row.version != made.version:
            self._materialize(made, ("it was made, or chosen, outside of Dagster",), _changed(made.reasons))
        elif not stale and not self._is_fresh(made):
            self._materialize(made, ("unchanged: what it is made from comes to the same",), frozenset())
        if stale and self._is_fresh(made):
            self._force(made)

    def _materialize(self, made: ProjectedNode, because: tuple[str, ...], changed: frozenset[str]) -> None:
        """The pointers of `changed` make it STALE at once where Dagster has an event of them, and of no use where it has none."""
        node = made.node
        known = frozenset(
            kind for kind, subjects in _reads(node.kind.name, node.cell) if any(s in self.published for s in subjects)
        )
        seen = "" if changed & known else self._inputs_digest(made)
        statement = LogEntrySpec(node.id, made.version, made, because, changed)
        above = (subject for _, subjects in _reads(node.kind.name, node.cell) for subject in subjects)
        depth = max((self._depth[subject] + 1 for subject in above if subject in self._depth), default=0)
        self._publish(statement, PublishedRow(made.version, made.take_mark, seen), depth)

    def _force(self, made: ProjectedNode) -> None:
        """Nothing that Dagster knows of changed: its settings are observed anew, after all else."""
        subject = SETTINGS + made.node.id
        before = self.published.get(subject, PublishedRow(""))
        version, _, number = before.version.partition(_FORCED)
        forced = f"{version}{_FORCED}{int(number or 0) + 1}"
        because = tuple(reason.text for reason in made.reasons)
        self._publish(LogEntrySpec(subject, forced, None, because), replace(before, version=forced), _LAST)

    def _publish(self, statement: LogEntrySpec, row: PublishedRow, batch: int) -> None:
        self.batches.setdefault(batch, []).append(statement)
        self.published[statement.subject] = self.changes[statement.subject] = row
        self._depth[statement.subject] = batch

    def _is_fresh(self, made: ProjectedNode) -> bool:
        return self.published[made.node.id].inputs_digest == self._inputs_digest(made)

    def _inputs_digest(self, made: ProjectedNode) -> str:
        """A digest of all that a node reads, as Dagster has it at the end of the log."""
        subjects = (subject for _, found in _reads(made.node.kind.name, made.node.cell) for subject in found)
        versions = (f"{subject}={self.published[subject].version}" for subject in subjects if subject in self.published)
        return hashlib.sha256("\n".join([made.code, *versions]).encode()).hexdigest()


_LAST = 1_000
"""The batch of what must come after everything else; a graph is far less deep."""


def _changed(reasons: Iterable[Reason]) -> frozenset[str]:
    """The kinds of what a node was made of older versions of; `settings:` where it is its own settings."""
    return frozenset(
        SETTINGS if reason.kind in {ReasonKind.SETTING_CHANGED, ReasonKind.PINNED} else parse_node_id(reason.input)[0].name
        for reason in reasons
        if reason.kind in _OF_A_VERSION
    )


_OF_A_VERSION = {
    ReasonKind.INPUT_CHANGED,
    ReasonKind.MODEL_CHANGED,
    ReasonKind.READ_CHANGED,
    ReasonKind.SETTING_CHANGED,
    ReasonKind.PINNED,
}


@lru_cache(maxsize=4096)
def _reads(kind: str, cell: Cell) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """All subjects that Dagster takes a node to read, by kind: of a level below every cell there can be, or once was."""
    reader = KINDS[kind]
    names = dict.fromkeys(read.kind for read in reader.reads if read.projected)
    reads = [(name, tuple(_cells(KINDS[name], reader, cell))) for name in names]
    return (*reads, (SETTINGS, (SETTINGS + node_id(kind, cell.segment, cell.image),)))


def _cells(read: Kind, reader: Kind, cell: Cell) -> Iterator[str]:
    if read.per is Per.LECTURE or read.per is reader.per:
        yield node_id(read.name, *(() if read.per is Per.LECTURE else (cell.segment, cell.image)))
    elif read.per is Per.SEGMENT:
        yield from (node_id(read.name, slot) for slot in ([cell.segment] if reader.per is Per.IMAGE else range(MAX_SEGMENTS)))
    else:
        yield from (node_id(read.name, cell.segment, image) for image in range(MAX_IMAGES))
