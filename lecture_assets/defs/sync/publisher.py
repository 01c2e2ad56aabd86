"""Publishes a lecture's state to Dagster's event log, a projection of the store: written in batches, never read here.

    the store ─► projected_lecture.py ─► projection.py ─► batches ─► events.py ─► event log ─► `published`

Publishers of one lecture exclude each other (`publish_lock.py`). At worst, a crash between writing the event log and `published`
causes something to be published twice. Many lectures are published together by `batch_publisher.py`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

from dagster import DagsterInstance, EventLogEntry
from sqlalchemy import Connection

from lecture_assets.defs.dagster_internals import SqlRunStorage
from lecture_assets.defs.keys import LECTURE, add_lectures
from lecture_assets.defs.sync.events import Origin, failed_entry, log_entry
from lecture_assets.defs.sync.metadata import EventDetails, MediaLinks
from lecture_assets.defs.sync.metadata_sources import MetadataSources
from lecture_assets.defs.sync.projected_lecture import project_lecture, project_node
from lecture_assets.defs.sync.projection import Projection
from lecture_assets.defs.sync.publish_lock import PublishLocks
from lecture_assets.graph.node import Node
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.reading.status import errors_of
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import published, records
from lecture_assets.store.published import Publication, PublishedRow

_BATCH = 300
"""Events per commit; larger commits are hardly faster."""
_NO_DETAILS = EventDetails()
_UNREAD = -1


def instance_id(instance: DagsterInstance) -> str:
    """An instance's identity. It belongs to the storage, so a new instance in the same place has another one."""
    return str(cast("SqlRunStorage", instance.run_storage).get_run_storage_id())


@dataclass(frozen=True, slots=True)
class PreparedPublication:
    """All that is to be written of one lecture, while its lock is held.

    failures: why nodes could not be made
    stamp:    how far the lecture has come; None if this is not all of it
    worker:   whose work is in it that was not published before; empty if nobody's
    """

    publisher: "EventLogPublisher"
    projection: Projection
    sources: MetadataSources
    failures: Mapping[str, str] = field(default_factory=dict)
    stamp: str | None = None
    worker: str = ""

    @property
    def events(self) -> int:
        """The number of its events."""
        return len(self.failures) + sum(len(batch) for batch in self.projection.batches.values())

    def failed_entries(self) -> list[EventLogEntry]:
        """The entries of nodes that could not be made."""
        publisher = self.publisher
        return [failed_entry(publisher.origin, publisher.lecture, node, message) for node, message in self.failures.items()]

    def entries(self, batch: int, pointer: int) -> list[EventLogEntry]:
        """The entries of a batch. pointer: the log's last id, now that the earlier batches are committed."""
        publisher, context = self.publisher, self.publisher.context
        links = MediaLinks(context.artifacts, context.media_url)
        return [
            log_entry(publisher.origin, publisher.lecture, spec, pointer, self.sources.metadata(spec, links))
            for spec in self.projection.batches.get(batch, ())
        ]


def write(context: Context, instance: DagsterInstance, prepared: Sequence[PreparedPublication], locks: PublishLocks) -> None:
    """Write the events of lectures that are locked, the same batch of all of them together; then remember them."""
    log = instance.event_log_storage
    _store(instance, [entry for each in prepared for entry in each.failed_entries()], locks)
    for batch in sorted({batch for each in prepared for batch in each.projection.batches}):
        pointer = log.get_maximum_record_id() or 0
        _store(instance, [entry for each in prepared for entry in each.entries(batch, pointer)], locks)
    changed = [each for each in prepared if each.projection.changes or each.stamp is not None]
    if changed:
        with context.database.write() as connection:
            for each in changed:
                each.publisher.save(connection, each)


def _store(instance: DagsterInstance, entries: Sequence[EventLogEntry], locks: PublishLocks) -> None:
    """Write entries to the log while the locks are held."""
    for batch in _commits(entries):
        locks.require()
        instance.event_log_storage.store_event_batch(batch)


def _commits(entries: Sequence[EventLogEntry]) -> Iterator[Sequence[EventLogEntry]]:
    return (entries[start : start + _BATCH] for start in range(0, len(entries), _BATCH))


@dataclass
class EventLogPublisher:
    """Publishes one lecture. origin: the run to attribute events to; none outside runs."""

    context: Context
    instance: DagsterInstance
    lecture: str
    origin: Origin = field(default_factory=Origin)
    _published: dict[str, PublishedRow] = field(default_factory=dict)
    _serial: int = _UNREAD

    @cached_property
    def _instance_id(self) -> str:
        return instance_id(self.instance)

    def publish_all(self, leaving_out: Collection[str] = ()) -> int:
        """Publish everything that Dagster is missing or has wrong; returns the number of events.

        leaving_out: nodes that are being made, and published when they are
        """
        self._add_lecture()
        with self.exclusively() as locks:
            prepared = self.prepare(leaving_out)
            write(self.context, self.instance, [prepared], locks)
        return prepared.events

    def prepare(self, leaving_out: Collection[str] = ()) -> PreparedPublication:
        """Find out what Dagster is missing or has wrong. To be called and written while it is locked."""
        with self.context.database.read() as connection:
            stamp = published.stamp_of(connection, self.lecture)
            snapshot = read_snapshot(self.context, connection, self.lecture)
            lecture = project_lecture(snapshot)
            nodes = {name: node for name, node in lecture.nodes.items() if name not in leaving_out}
            projection = Projection(self._published).project(replace(lecture, nodes=nodes))
            broken = errors_of(snapshot) if snapshot.failures else {}
            errors = {node: error["message"] for node, error in broken.items() if node not in leaving_out}
            new = {node: message for node, message in errors.items() if projection.failed(node, message)}
            sources = MetadataSources.read(connection, self.lecture, projection, snapshot.takes.counting, {})
            worker = published.worker_of(connection, self.lecture, self._instance_id)
            return PreparedPublication(self, projection, sources, new, None if leaving_out else stamp, worker)

    def publish_made(self, nodes: Mapping[str, Node], details_of: Mapping[str, EventDetails]) -> None:
        """Publish that these nodes were made, restored or kept, regardless of what was published of them before."""
        with self.exclusively() as locks, self.context.database.read() as connection:
            rows = {row.node: row for row in records.load_counting(connection, self.lecture, list(nodes))}
            projection = Projection(self._published)
            for name in (name for name in nodes if name in rows):
                projection.made(project_node(nodes[name], rows[name]), details_of.get(name, _NO_DETAILS).because)
            sources = MetadataSources.read(connection, self.lecture, projection, rows, details_of)
            write(self.context, self.instance, [PreparedPublication(self, projection, sources)], locks)

    def publish_kept(self, names: Collection[str], details: EventDetails) -> None:
        """Publish that these nodes were asked for and left as they are, or are none of the lecture's."""
        with self.exclusively() as locks, self.context.database.read() as connection:
            snapshot = read_snapshot(self.context, connection, self.lecture)
            graph, rows = snapshot.graph.nodes, snapshot.takes.counting
            projection = Projection(self._published)
            for name in (name for name in names if name not in graph):
                projection.absent(name, f"{self.lecture} has no {name}: nothing was made, nothing was paid")
            for name in (name for name in graph if name in names and name in rows):
                projection.made(project_node(graph[name], rows[name]), details.because)
            sources = MetadataSources.read(connection, self.lecture, projection, rows, dict.fromkeys(names, details))
            write(self.context, self.instance, [PreparedPublication(self, projection, sources)], locks)

    def publish_failed(self, nodes: Collection[str]) -> None:
        """Publish why these nodes could not be made, although the same may have been published of an earlier run."""
        with self.exclusively() as locks, self.context.database.read() as connection:
            errors = errors_of(read_snapshot(self.context, connection, self.lecture))
            projection = Projection(self._published)
            broken = {node: errors[node]["message"] for node in nodes if node in errors}
            for node, message in broken.items():
                projection.failed(node, message)
            sources = MetadataSources.read(connection, self.lecture, projection, {}, {})
            write(self.context, self.instance, [PreparedPublication(self, projection, sources, broken)], locks)

    def announce(self, entries: Sequence[EventLogEntry]) -> None:
        """Write entries to the log that say what is going to be made."""
        for batch in _commits(entries):
            self.instance.event_log_storage.store_event_batch(batch)

    def _add_lecture(self) -> None:
        """Add the lecture's partition, which Dagster needs before anything is launched for it."""
        if not self.instance.has_dynamic_partition(LECTURE, self.lecture):
            add_lectures(self.instance, [self.lecture])

    @contextmanager
    def exclusively(self) -> Iterator[PublishLocks]:
        """Exclude other publishers of the lecture, in a block."""
        with PublishLocks(self.context) as locks:
            locks.take(self.lecture)
            self.catch_up()
            yield locks

    def catch_up(self) -> None:
        """Load what other publishers have published since; reads nothing if there was no publication."""
        with self.context.database.read() as connection:
            if self._serial == _UNREAD or published.serial_of(connection, self.lecture, self._instance_id) != self._serial:
                publication = published.load(connection, self.lecture, self._instance_id)
                self._published, self._serial = dict(publication.rows), publication.serial

    def save(self, connection: Connection, prepared: PreparedPublication) -> None:
        """Remember what was written."""
        self._serial += 1
        publication = Publication(self._serial, prepared.stamp or "", prepared.projection.changes)
        if not published.save(connection, self.lecture, self._instance_id, publication):
            self._serial = _UNREAD
