"""Tells Dagster what became of a lecture: its event log is a projection of the store, written in batches and never read here.

    the store ─► picture.py ─► projection.py ─► waves of statements ─► events.py ─► event log, a commit a wave ─► `told`

Two tellers of one lecture take turns by a lock file; a crash between the log and `told` makes something be told twice, no more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from dagster import DagsterInstance, EventLogEntry
from filelock import FileLock

from lecture_assets.defs.dagster_internals import SqlRunStorage
from lecture_assets.defs.keys import LECTURE
from lecture_assets.defs.sync.events import Origin, statement_entry
from lecture_assets.defs.sync.metadata import Metadata, Story, metadata_of
from lecture_assets.defs.sync.projected_lecture import made_of, picture_of
from lecture_assets.defs.sync.projection import SETTINGS, Projection, Statement
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import published, records
from lecture_assets.store.published import Telling, ToldRow
from lecture_assets.store.records import TakeRow

_BATCH = 100
"""Events in one commit: above it, a batch gains nothing more."""
_NO_STORY = Story()


def instance_id(instance: DagsterInstance) -> str:
    """What tells an instance from all others: it goes with its storage, so that a new one in the same place is another."""
    return str(cast("SqlRunStorage", instance.run_storage).get_run_storage_id())


@dataclass
class Teller:
    """Tells of one lecture. origin: the run that it tells for; none outside of runs."""

    context: Context
    instance: DagsterInstance
    lecture: str
    origin: Origin = field(default_factory=Origin)
    _told: dict[str, ToldRow] = field(default_factory=dict)
    _serial: int = -1

    def tell_all(self, stories: Mapping[str, Story] | None = None) -> int:
        """Tell all that Dagster does not know, or has wrong; how many statements that took."""
        self._add_lecture()
        with self._turn(), self.context.database.read() as connection:
            stamp = published.stamp_of(connection, self.lecture)
            snapshot = read_snapshot(self.context, connection, self.lecture)
            projection = Projection(self._told).project(picture_of(snapshot))
            values = records.load_values(connection, self.lecture, _nodes(projection))
            return self._tell(
                projection, snapshot.takes.counting, _Facts(values, dict(snapshot.graph.nodes), stories or {}), stamp
            )

    def tell_made(self, nodes: Mapping[str, Node], stories: Mapping[str, Story]) -> int:
        """Tell that these nodes were made, or counted again, or kept, whatever was told of them before."""
        with self._turn(), self.context.database.read() as connection:
            rows = {row.node: row for row in records.load_counting(connection, self.lecture, list(nodes))}
            values = records.load_values(connection, self.lecture, rows)
            projection = Projection(self._told)
            for name in (name for name in nodes if name in rows):
                projection.made(made_of(nodes[name], rows[name]), stories.get(name, _NO_STORY).because)
            return self._tell(projection, rows, _Facts(values, nodes, stories), None)

    def store(self, entries: Sequence[EventLogEntry]) -> None:
        """Write entries to the log, a batch a commit."""
        for start in range(0, len(entries), _BATCH):
            self.instance.event_log_storage.store_event_batch(entries[start : start + _BATCH])

    def _add_lecture(self) -> None:
        """The lecture's partition, which Dagster must have before anything is launched for it."""
        if not self.instance.has_dynamic_partition(LECTURE, self.lecture):
            self.instance.add_dynamic_partitions(LECTURE, [self.lecture])

    def _turn(self) -> "_Turn":
        return _Turn(FileLock(self.context.lock_path(f"{self.lecture}.telling")), self._catch_up)

    def _catch_up(self) -> None:
        """What somebody else told since; nothing is read where nobody did."""
        with self.context.database.read() as connection:
            if published.serial_of(connection, self.lecture) != self._serial:
                telling = published.load(connection, self.lecture, instance_id(self.instance))
                self._told, self._serial = dict(telling.rows), telling.serial

    def _tell(self, projection: Projection, rows: Mapping[str, TakeRow], facts: "_Facts", stamp: str | None) -> int:
        for wave in sorted(projection.waves):
            pointer = self.instance.event_log_storage.get_maximum_record_id() or 0
            self.store([self._entry(statement, pointer, rows, facts) for statement in projection.waves[wave]])
        if projection.news or stamp is not None:
            self._serial += 1
            with self.context.database.write() as connection:
                news = Telling(self._serial, stamp or "", projection.news)
                published.save(connection, self.lecture, instance_id(self.instance), news)
        return sum(len(wave) for wave in projection.waves.values())

    def _entry(self, statement: Statement, pointer: int, rows: Mapping[str, TakeRow], facts: "_Facts") -> EventLogEntry:
        metadata: Metadata = {"why": "; ".join(statement.because)} if statement.because else {}  # type: ignore[dict-item]
        if statement.made is not None:
            node, row = statement.made.node, rows[statement.subject]
            story = facts.stories.get(node.id) or Story(statement.because)
            metadata = metadata_of(node, row, facts.values.get(node.id), self.context.artifacts, story)
        return statement_entry(self.origin, self.lecture, statement, pointer, metadata)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the metadata is made of, by node id."""

    values: Mapping[str, Json]
    nodes: Mapping[str, Node]
    stories: Mapping[str, Story]


@dataclass
class _Turn:
    """A lecture's turn at telling: the lock, and then what others told."""

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
    return [s.subject for wave in projection.waves.values() for s in wave if s.made is not None and SETTINGS not in s.subject]
