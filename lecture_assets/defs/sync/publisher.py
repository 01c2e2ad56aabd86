"""Publishes a lecture's state to Dagster's event log, a projection of the store: written in batches, never read here.

    the store ─► projected_lecture.py ─► projection.py ─► batches ─► events.py ─► event log ─► `published`

Publishers of one lecture exclude each other by a lock file. At worst, a crash between writing the event log and `published`
causes something to be published twice.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from dagster import DagsterInstance, EventLogEntry, MetadataValue
from filelock import FileLock
from sqlalchemy import Connection

from lecture_assets.defs.dagster_internals import SqlRunStorage
from lecture_assets.defs.keys import LECTURE
from lecture_assets.defs.sync.events import Origin, failed_entry, log_entry
from lecture_assets.defs.sync.metadata import EventDetails, Metadata, change_metadata, metadata_of, settings_value, timeline_links
from lecture_assets.defs.sync.projected_lecture import project_lecture, project_node
from lecture_assets.defs.sync.projection import SETTINGS, WITHDRAWN, LogEntrySpec, Projection
from lecture_assets.defs.sync.why import sentences
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node, parse_node_id
from lecture_assets.graph.settings import Settings
from lecture_assets.runner.reading.earlier_values import EarlierValues, LastChange
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.reading.status import errors_of
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import published, records
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.published import Publication, PublishedRow
from lecture_assets.store.records import TakeRow

_BATCH = 100
"""Events per commit; larger commits are no faster."""
_NO_DETAILS = EventDetails()
_UNREAD = -1


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
    _serial: int = _UNREAD

    def publish_all(self, leaving_out: Collection[str] = ()) -> int:
        """Publish everything that Dagster is missing or has wrong; returns the number of events.

        leaving_out: nodes that are being made, and published when they are
        """
        self._add_lecture()
        with self._exclusively(), self.context.database.read() as connection:
            stamp = published.stamp_of(connection, self.lecture)
            snapshot = read_snapshot(self.context, connection, self.lecture)
            lecture = project_lecture(snapshot)
            nodes = {name: node for name, node in lecture.nodes.items() if name not in leaving_out}
            projection = Projection(self._published).project(replace(lecture, nodes=nodes))
            errors = {node: error["message"] for node, error in errors_of(snapshot).items() if node not in leaving_out}
            new = {node: message for node, message in errors.items() if projection.failed(node, message)}
            self._store_failures(new)
            sources = self._sources(connection, projection, snapshot.takes.counting, {})
            return len(new) + self._publish(projection, sources, None if leaving_out else stamp)

    def publish_made(self, nodes: Mapping[str, Node], details_of: Mapping[str, EventDetails]) -> int:
        """Publish that these nodes were made, restored or kept, regardless of what was published of them before."""
        with self._exclusively(), self.context.database.read() as connection:
            rows = {row.node: row for row in records.load_counting(connection, self.lecture, list(nodes))}
            projection = Projection(self._published)
            for name in (name for name in nodes if name in rows):
                projection.made(project_node(nodes[name], rows[name]), details_of.get(name, _NO_DETAILS).because)
            return self._publish(projection, self._sources(connection, projection, rows, details_of), None)

    def publish_kept(self, names: Collection[str], details: EventDetails) -> None:
        """Publish that these nodes were asked for and left as they are, or are none of the lecture's."""
        with self._exclusively(), self.context.database.read() as connection:
            snapshot = read_snapshot(self.context, connection, self.lecture)
            graph, rows = snapshot.graph.nodes, snapshot.takes.counting
            projection = Projection(self._published)
            for name in (name for name in names if name not in graph):
                projection.absent(name, f"{self.lecture} has no {name}: nothing was made, nothing was paid")
            for name in (name for name in graph if name in names and name in rows):
                projection.made(project_node(graph[name], rows[name]), details.because)
            self._publish(projection, self._sources(connection, projection, rows, dict.fromkeys(names, details)), None)

    def publish_failed(self, nodes: Collection[str]) -> None:
        """Publish why these nodes could not be made, although the same may have been published of an earlier run."""
        with self._exclusively(), self.context.database.read() as connection:
            errors = errors_of(read_snapshot(self.context, connection, self.lecture))
            projection = Projection(self._published)
            broken = {node: errors[node]["message"] for node in nodes if node in errors}
            for node, message in broken.items():
                projection.failed(node, message)
            self._store_failures(broken)
            self._publish(projection, self._sources(connection, projection, {}, {}), None)

    def _store_failures(self, messages: Mapping[str, str]) -> None:
        self.store([failed_entry(self.origin, self.lecture, node, message) for node, message in messages.items()])

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
            instance = instance_id(self.instance)
            if published.serial_of(connection, self.lecture, instance) != self._serial:
                publication = published.load(connection, self.lecture, instance)
                self._published, self._serial = dict(publication.rows), publication.serial

    def _sources(
        self, connection: Connection, projection: Projection, rows: Mapping[str, TakeRow], details_of: Mapping[str, EventDetails]
    ) -> "_MetadataSources":
        """Read what the projection's events report."""
        specs = [spec for batch in projection.batches.values() for spec in batch]
        values = records.load_values(connection, self.lecture, [spec.subject for spec in specs if spec.made is not None])
        earlier = EarlierValues(connection, self.lecture)
        observed = {spec.subject: _part(spec.subject) for spec in specs if spec.made is None and spec.version != WITHDRAWN}
        changes = earlier.last_changes(observed) if observed else {}
        because = {
            spec.subject: sentences(spec.made.node, rows[spec.subject].recipe, details_of[spec.subject].reasons, earlier)
            for spec in specs
            if spec.made is not None and spec.subject in details_of
        }
        return _MetadataSources(rows, values, changes, because, details_of)

    def _publish(self, projection: Projection, sources: "_MetadataSources", stamp: str | None) -> int:
        for batch in sorted(projection.batches):
            pointer = self.instance.event_log_storage.get_maximum_record_id() or 0
            self.store([self._entry(spec, pointer, sources) for spec in projection.batches[batch]])
        if projection.changes or stamp is not None:
            self._serial += 1
            with self.context.database.write() as connection:
                publication = Publication(self._serial, stamp or "", projection.changes)
                if not published.save(connection, self.lecture, instance_id(self.instance), publication):
                    self._serial = _UNREAD
        return sum(len(batch) for batch in projection.batches.values())

    def _entry(self, spec: LogEntrySpec, pointer: int, sources: "_MetadataSources") -> EventLogEntry:
        return log_entry(self.origin, self.lecture, spec, pointer, sources.metadata(self.lecture, spec, self.context.artifacts))


@dataclass(frozen=True, slots=True)
class _MetadataSources:
    """The data that metadata is built from, by subject.

    rows:       the counting takes
    values:     what the nodes hold
    changes:    the newest changes of inputs and settings
    because:    why nodes were made, as sentences
    details_of: what a run reports
    """

    rows: Mapping[str, TakeRow]
    values: Mapping[str, Json]
    changes: Mapping[str, LastChange]
    because: Mapping[str, tuple[str, ...]]
    details_of: Mapping[str, EventDetails]

    def metadata(self, lecture: str, spec: LogEntrySpec, artifacts: Artifacts) -> Metadata:
        """The metadata of an event."""
        if spec.made is None:
            kind, _ = parse_node_id(spec.subject.removeprefix(SETTINGS))
            why: Metadata = {"why": MetadataValue.text("; ".join(spec.because))} if spec.because else {}
            if spec.subject not in self.changes:
                return why
            return {**change_metadata(kind.holds, self.changes[spec.subject], artifacts), **why}
        name = spec.subject
        details = self.details_of.get(name, _NO_DETAILS)
        details = replace(details, because=(*self.because.get(name, ()), *details.because) or spec.because)
        node, row = spec.made.node, self.rows[name]
        made = metadata_of(node, row, self.values.get(name), artifacts, details)
        return {**timeline_links(lecture, node, row.version), **made}


def _part(subject: str) -> Callable[[Settings], Json]:
    """The part of the settings that is observed as a subject."""
    if subject.startswith(SETTINGS):
        node = subject.removeprefix(SETTINGS)
        return lambda settings: settings_value(settings.of_node(node))
    name = subject.partition(":")[2]
    return lambda settings: settings.value(name)


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
