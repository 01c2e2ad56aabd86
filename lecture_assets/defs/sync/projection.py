"""Computes the events that bring Dagster's view of every node in line with the core's. Pure, and independent of Dagster.

    observe the inputs that changed ─► materialize what was made, in the graph's order ─► observe settings, where it must be STALE

Dagster calls a made node STALE if something it reads has another version now than at the node's *pointer*, a place in the log
that the node's newest materialization names for each asset it reads. Three means therefore suffice: a fresh node is published
with its pointers at the end of the log; a stale one, with the pointers of what changed before the log's beginning; and if nothing
known to Dagster has changed (the node reads different nodes than before, or its bytes are lost), its settings are observed.

Of subjects whose version is UNKNOWN, Dagster shows what somebody else wrote. They are published again; a node that was never made
is withdrawn, which Dagster shows as MISSING.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lecture_assets.graph.kind import Kind, Per
from lecture_assets.graph.lecture import KINDS, MAX_IMAGES, MAX_SEGMENTS
from lecture_assets.graph.node import Cell, Node, node_id, parse_node_id
from lecture_assets.graph.staleness import Reason, ReasonKind
from lecture_assets.store.published import UNKNOWN, PublishedRow

SETTINGS = "settings:"
"""A node's settings are the subject `settings:<node id>`."""
FAILURE = "failure:"
"""A node's failure is the subject `failure:<node id>`; its version is a digest of its message."""
_FORCED = "~"
"""Marks a version that was assigned only to show Dagster a change: `<digest>~<random digits>`, never used before."""
WITHDRAWN = "NULL"
"""The version of a node without a value of which Dagster has a materialization. It is the one that Dagster calls MISSING."""


@dataclass(frozen=True, slots=True)
class ProjectedNode:
    """One node that has a record.

    version:   the data version of what it holds
    take_mark: its take and when that was selected
    code:      its step's version
    reasons:   why it is directly stale
    """

    node: Node
    version: str
    take_mark: str
    code: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectedLecture:
    """A lecture as Dagster should show it.

    inputs:   the version of each input, by node id
    settings: the version of what a person set on single nodes, by node id; nodes without settings are omitted
    nodes:    the nodes that have a record, each after everything it reads
    """

    inputs: Mapping[str, str]
    settings: Mapping[str, str]
    nodes: Mapping[str, ProjectedNode]


@dataclass(frozen=True, slots=True)
class LogEntrySpec:
    """One event to publish.

    subject: the id of an input or of a made node, or `settings:` and a node's id
    version: the data version, or WITHDRAWN
    made:    the node of a materialization; None for an observation
    because: why it is published, for readers of the event
    changed: kinds (or `settings:`) whose pointer must precede the log, because the node was made from older versions of them
    """

    subject: str
    version: str
    made: ProjectedNode | None = None
    because: tuple[str, ...] = ()
    changed: frozenset[str] = frozenset()


@dataclass
class Projection:
    """A model of what has been published, and the events that are still to be published.

    published: what Dagster knows of each subject, these events included
    batches:   events by batch number; each batch must be committed before the next
    changes:   the rows of `published` that these events change
    """

    published: dict[str, PublishedRow]
    batches: dict[int, list[LogEntrySpec]] = field(default_factory=dict)
    changes: dict[str, PublishedRow] = field(default_factory=dict)
    _depth: dict[str, int] = field(default_factory=dict)

    def project(self, lecture: ProjectedLecture) -> "Projection":
        """Add an event for everything that Dagster is missing or has wrong."""
        for subject, version in lecture.inputs.items():
            self._observe(subject, version)
        for node in {*lecture.settings, *self._settings_published(lecture)}:
            self._observe(SETTINGS + node, lecture.settings.get(node, ""))
        for subject in self._unknown() - lecture.nodes.keys():
            self.absent(subject, "it was never made; what was reported by hand does not count")
        for made in lecture.nodes.values():
            self._node(made)
        return self

    def made(self, made: ProjectedNode, because: tuple[str, ...] = ()) -> None:
        """Add the materialization of a node, made from the versions published of what it reads."""
        self._materialize(made, because, frozenset())

    def failed(self, node: str, message: str) -> bool:
        """Note that a node's failure is published; False if it was before. The event leaves the node's status unchanged."""
        subject, row = FAILURE + node, PublishedRow(hashlib.sha256(message.encode()).hexdigest())
        if self.published.get(subject) == row:
            return False
        self.published[subject] = self.changes[subject] = row
        return True

    def absent(self, subject: str, why: str) -> None:
        """Add the answer for a node without a value: a materialization of nothing, which Dagster shows as MISSING.

        A backfill that asks for the partition counts it as done: without an event it would be failed for ever.
        """
        self._publish(LogEntrySpec(subject, WITHDRAWN, None, (why,)), PublishedRow(WITHDRAWN), 0)

    def _settings_published(self, lecture: ProjectedLecture) -> Iterator[str]:
        """Nodes whose settings were published and may have been reset since."""
        yield from (node for node in lecture.nodes if SETTINGS + node in self.published)
        yield from (subject.removeprefix(SETTINGS) for subject in self._unknown() if subject.startswith(SETTINGS))

    def _unknown(self) -> set[str]:
        return {subject for subject, row in self.published.items() if row.version == UNKNOWN}

    def _observe(self, subject: str, version: str) -> None:
        before = self.published.get(subject)
        if (before is None and version) or (before is not None and unforced(before.version) != version):
            self._publish(LogEntrySpec(subject, version), PublishedRow(version), 0)

    def _node(self, made: ProjectedNode) -> None:
        row = self.published.get(made.node.id)
        stale = bool(made.reasons)
        if row is None or row.take_mark != made.take_mark or row.version != made.version:
            self._materialize(made, ("made or selected outside Dagster",), _changed(made.reasons))
        elif not stale and not self._is_fresh(made):
            self._materialize(made, ("unchanged: what it is made from has the same values",), frozenset())
        if stale and self._is_fresh(made):
            self._force(made)

    def _materialize(self, made: ProjectedNode, because: tuple[str, ...], changed: frozenset[str]) -> None:
        """Add a materialization. The pointers of `changed` make it STALE at once, but only if Dagster has an event of them."""
        node = made.node
        known = frozenset(
            kind for kind, subjects in reads_of(node.kind.name, node.cell) if any(s in self.published for s in subjects)
        )
        seen = "" if changed & known else self._inputs_digest(made)
        spec = LogEntrySpec(node.id, made.version, made, because, changed)
        above = (subject for _, subjects in reads_of(node.kind.name, node.cell) for subject in subjects)
        depth = max((self._depth[subject] + 1 for subject in above if subject in self._depth), default=0)
        self._publish(spec, PublishedRow(made.version, made.take_mark, seen), depth)

    def _force(self, made: ProjectedNode) -> None:
        """Make a node STALE of which nothing known to Dagster changed: observe its settings again, after everything else."""
        subject = SETTINGS + made.node.id
        before = self.published.get(subject, PublishedRow(""))
        forced = f"{unforced(before.version)}{_FORCED}{secrets.token_hex(4)}"
        because = tuple(reason.text for reason in made.reasons)
        self._publish(LogEntrySpec(subject, forced, None, because), replace(before, version=forced), _LAST)

    def _publish(self, spec: LogEntrySpec, row: PublishedRow, batch: int) -> None:
        self.batches.setdefault(batch, []).append(spec)
        self.published[spec.subject] = self.changes[spec.subject] = row
        self._depth[spec.subject] = batch

    def _is_fresh(self, made: ProjectedNode) -> bool:
        return self.published[made.node.id].inputs_digest == self._inputs_digest(made)

    def _inputs_digest(self, made: ProjectedNode) -> str:
        """A digest of everything a node reads, as of the end of Dagster's log."""
        subjects = (subject for _, found in reads_of(made.node.kind.name, made.node.cell) for subject in found)
        versions = (f"{subject}={self.published[subject].version}" for subject in subjects if subject in self.published)
        return hashlib.sha256("\n".join([made.code, *versions]).encode()).hexdigest()


def unforced(version: str) -> str:
    """A version as it was before it was changed only to be another one."""
    return version.partition(_FORCED)[0]


_LAST = 1_000
"""The batch that must come after all others; no graph is nearly as deep."""


def _changed(reasons: Iterable[Reason]) -> frozenset[str]:
    """The kinds of which a node was made from older versions; `settings:` for its own settings."""
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
def reads_of(kind: str, cell: Cell) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The subjects that a node reads in Dagster's view, by kind: of a lower level, every cell that can exist or once did."""
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
