"""Publishes a lecture's state to Dagster's event log, a projection of the store: written in batches, never read here.

    the store ─► projected_lecture.py ─► projection.py ─► batches ─► events.py ─► event log ─► `published`

Publishers of one lecture exclude each other by a lock file. At worst, a crash between writing the event log and `published`
causes something to be published twice.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from dagster import DagsterInstance, EventLogEntry
from filelock import FileLock

from lecture_assets.defs.dagster_internals import SqlRunStorage
from lecture_assets.defs.keys import LECTURE
from lecture_assets.defs.sync.events import NOTHING, Origin, absent_entry, log_entry
from lecture_assets.defs.sync.metadata import EventDetails, Metadata, metadata_of
from lecture_assets.defs.sync.projected_lecture import project_lecture, project_node
from lecture_assets.defs.sync.projection import SETTINGS, LogEntrySpec, Projection
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import published, records
from lecture_assets.store.published import Publication, PublishedRow
from lecture_assets.store.records import TakeRow

_BATCH = 100
"""Events per commit; larger commits are no faster."""
_NO_DETAILS = EventDetails()


def instance_id(instance: DagsterInstance) -> str:
    """An instance's identity. It belongs to the storage, so a new instance in the same place has another one."""
    return str(cast("SqlRunStorage", instance.run_storage).get_run_storage_id())


@dataclass
class EventLogPublisher:
    """Publishes one lecture. origin: the run to attribute events to; none outside runs."""

    context: Context
    instance: DagsterInstance
    lecture: str
    origin: Origin = field(default_factory=Origin)
    _published: dict[str, PublishedRow] = field(default_factory=dict)
    _serial: int = -1

    def publish_all(self, details_of: Mapping[str, EventDetails] | None = None) -> int:
        """Publish everything that Dagster is missing or has wrong; returns the number of events."""
        self._add_lecture()
        with self._exclusively(), self.context.database.read() as connection:
            stamp = published.stamp_of(connection, self.lecture)
            snapshot = read_snapshot(self.context, connection, self.lecture)
            projection = Projection(self._published).project(project_lecture(snapshot))
            values = records.load_values(connection, self.lecture, _nodes(projection))
            return self._publish(
                projection, snapshot.takes.counting, _MetadataSources(values, dict(snapshot.graph.nodes), details_of or {}), stamp
            )

    def publish_made(self, nodes: Mapping[str, Node], details_of: Mapping[str, EventDetails]) -> int:
        """Publish that these nodes were made, restored or kept, regardless of what was published of them before."""
        with self._exclusively(), self.context.database.read() as connection:
            rows = {row.node: row for row in records.load_counting(connection, self.lecture, list(nodes))}
            values = records.load_values(connection, self.lecture, rows)
            projection = Projection(self._published)
            for name in (name for name in nodes if name in rows):
                projection.made(project_node(nodes[name], rows[name]), details_of.get(name, _NO_DETAILS).because)
            return self._publish(projection, rows, _MetadataSources(values, nodes, details_of), None)

    def publish_kept(self, names: Collection[str], details: EventDetails) -> None:
        """Publish that these nodes were asked for and left as they are, or are none of the lecture's."""
        with self.context.database.read() as connection:
            snapshot = read_snapshot(self.context, connection, self.lecture)
        graph, recorded = snapshot.graph.nodes, snapshot.takes.counting
        with self._exclusively():
            absent = {name: self._published.get(name, PublishedRow(NOTHING)) for name in names if name not in graph}
            self.store([absent_entry(self.origin, self.lecture, name, row.version) for name, row in absent.items()])
            self._published |= absent
            self._save(absent, None)
        nodes = {name: graph[name] for name in names if name in graph and name in recorded}
        self.publish_made(nodes, dict.fromkeys(nodes, details))

    def store(self, entries: Sequence[EventLogEntry]) -> None:
        """Write entries to the log, one commit per 100."""
        for start in range(0, len(entries), _BATCH):
            self.instance.event_log_storage.store_event_batch(entries[start : start + _BATCH])

    def _add_lecture(self) -> None:
        """Add the lecture's partition, which Dagster needs before anything is launched for it."""
        if not self.instance.has_dynamic_partition(LECTURE, self.lecture):
            self.instance.add_dynamic_partitions(LECTURE, [self.lecture])

    def _exclusively(self) -> "_PublishLock":
        return _PublishLock(FileLock(self.context.lock_path(f"{self.lecture}.telling")), self._catch_up)

    def _catch_up(self) -> None:
        """Load what other publishers have published since; reads nothing if there was no publication."""
        with self.context.database.read() as connection:
            if published.serial_of(connection, self.lecture) != self._serial:
                publication = published.load(connection, self.lecture, instance_id(self.instance))
                self._published, self._serial = dict(publication.rows), publication.serial

    def _publish(
        self, projection: Projection, rows: Mapping[str, TakeRow], sources: "_MetadataSources", stamp: str | None
    ) -> int:
        for batch in sorted(projection.batches):
            pointer = self.instance.event_log_storage.get_maximum_record_id() or 0
            self.store([self._entry(spec, pointer, rows, sources) for spec in projection.batches[batch]])
        self._save(projection.changes, stamp)
        return sum(len(batch) for batch in projection.batches.values())

    def _save(self, changes: Mapping[str, PublishedRow], stamp: str | None) -> None:
        """Note what was published. stamp: the state of the store that all of it agrees with, if it does."""
        if changes or stamp is not None:
            self._serial += 1
            with self.context.database.write() as connection:
                publication = Publication(self._serial, stamp or "", changes)
                published.save(connection, self.lecture, instance_id(self.instance), publication)

    def _entry(self, spec: LogEntrySpec, pointer: int, rows: Mapping[str, TakeRow], sources: "_MetadataSources") -> EventLogEntry:
        metadata: Metadata = {"why": "; ".join(spec.because)} if spec.because else {}  # type: ignore[dict-item]
        if spec.made is not None:
            node, row = spec.made.node, rows[spec.subject]
            details = sources.details_of.get(node.id) or EventDetails(spec.because)
            metadata = metadata_of(node, row, sources.values.get(node.id), self.context.artifacts, details)
        return log_entry(self.origin, self.lecture, spec, pointer, metadata)


@dataclass(frozen=True, slots=True)
class _MetadataSources:
    """The data that metadata is built from, by node id."""

    values: Mapping[str, Json]
    nodes: Mapping[str, Node]
    details_of: Mapping[str, EventDetails]


@dataclass
class _PublishLock:
    """Exclusive publication of a lecture: takes the lock, then catches up with what others published."""

    lock: FileLock
    catch_up: Callable[[], None]

    def __enter__(self) -> None:
        self.lock.acquire()
        try:
            self.catch_up()
        except BaseException:
            self.lock.release()
            raise

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def _nodes(projection: Projection) -> Iterable[str]:
    specs = [spec for batch in projection.batches.values() for spec in batch]
    return [spec.subject for spec in specs if spec.made is not None and SETTINGS not in spec.subject]
