"""Finds what was done to Dagster by hand, so that it is published again. Two short queries where nothing happened.

reported events          events without our tag: their subject is doubted, and what was published in between of its readers
wiped assets             forgotten in all lectures, together with what reads them
added, deleted lectures  deleted, unless a run is active; added, which shows what was published of them

`store/watches.py` says how far the log was searched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from sqlalchemy import ColumnElement, Connection, func, or_, select

from lecture_assets.defs.dagster_internals import (
    FINISHED_STATUSES,
    PARTITION_NAME_TAG,
    AssetKeyTable,
    DynamicPartitionsTable,
    SqlEventLogStorage,
    SqlEventLogStorageTable,
)
from lecture_assets.defs.keys import LECTURE, add_lectures
from lecture_assets.defs.sync.events import PUBLISHED_TAG
from lecture_assets.defs.sync.projection import SETTINGS
from lecture_assets.defs.sync.publisher import instance_id
from lecture_assets.defs.sync.subjects import LectureSubject, deciding_type, kind_of, kinds_by_asset, subject_of
from lecture_assets.graph.lecture import KINDS
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, published, watches
from lecture_assets.store.watches import WatchState

_PAGE = 20_000
"""The most events of one search; the next search finds the rest."""
_EVENTS, _ASSETS, _PARTITIONS = SqlEventLogStorageTable.c, AssetKeyTable.c, DynamicPartitionsTable.c


def notice(context: Context, instance: DagsterInstance) -> None:
    """Mend the set of lectures, and mark as unpublished what the log no longer shows as it was published.

    One search finds a reported event; a wipe is acted on by the search after the one that saw it.
    """
    place, mark = (context.database.name, instance_id(instance)), _mark(context, instance)
    if _agreed.get(place) != mark:
        found = compare_lectures(context, instance)
        for lecture in found.invented:
            if not _has_active_run(instance, lecture):
                instance.delete_dynamic_partition(LECTURE, lecture)
        if found.missing:
            add_lectures(instance, found.missing)
        if not found.missing and not found.invented:
            _agreed[place] = mark
    _search(context, instance)


_agreed: dict[tuple[str, str], Sequence[object]] = {}
"""The mark at which a store and an instance had the same lectures; so thousands of them are not compared every ten seconds."""


def _mark(context: Context, instance: DagsterInstance) -> Sequence[object]:
    """What changes whenever a lecture is added or deleted, in the store or in Dagster."""
    of_dagster = select(func.count(), func.max(_PARTITIONS.id), func.max(_PARTITIONS.create_timestamp))
    with cast("SqlEventLogStorage", instance.event_log_storage).index_connection() as connection:
        shown = connection.execute(of_dagster.where(_PARTITIONS.partitions_def_name == LECTURE)).one()
    with context.database.read() as connection:
        return (*shown, *watches.lectures_mark(connection))


@dataclass(frozen=True, slots=True)
class LectureDifference:
    """Lectures that only one side has. missing: only the store; invented: only Dagster."""

    missing: Sequence[str]
    invented: Sequence[str]


def compare_lectures(context: Context, instance: DagsterInstance) -> LectureDifference:
    """Compare the lectures of the store with those of Dagster."""
    shown = set(instance.get_dynamic_partitions(LECTURE))  # first, since a new lecture is in the store before it is in Dagster
    with context.database.read() as connection:
        known = set(lectures.ids(connection))
    return LectureDifference(sorted(known - shown), sorted(shown - known))


def _has_active_run(instance: DagsterInstance, lecture: str) -> bool:
    active = [*set(DagsterRunStatus) - set(FINISHED_STATUSES)]
    tags = (PARTITION_NAME_TAG, f"{PARTITION_NAME_TAG}/{LECTURE}")
    return any(instance.get_runs_count(RunsFilter(statuses=active, tags={tag: lecture})) for tag in tags)


def _search(context: Context, instance: DagsterInstance) -> None:
    name, storage = instance_id(instance), cast("SqlEventLogStorage", instance.event_log_storage)
    with context.database.read() as connection:
        state = watches.load(connection, name)
    with storage.index_connection() as connection:
        found = _Search.of(connection, state)
    if found.state == state:
        return
    with context.database.write() as connection:
        known = set(lectures.ids(connection))
        for lecture, subjects in found.doubted().items():
            if lecture in known:
                published.doubt(connection, lecture, name, subjects)
        if found.wiped:
            published.forget_kinds(connection, name, found.wiped)
        watches.save(connection, name, found.state)


@dataclass
class _Search:
    """What one search found.

    state:   for the next search
    wiped:   the kinds to forget
    own:     the ids of our events, of each subject
    foreign: the same of other people's
    """

    state: WatchState
    wiped: set[str] = field(default_factory=set)
    own: dict[LectureSubject, list[int]] = field(default_factory=dict)
    foreign: dict[LectureSubject, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, before: WatchState | None) -> "_Search":
        """Search the index of an event log. Without a state, only note where to begin."""
        wiped_at = {row.asset_key: row.wipe_timestamp for row in connection.execute(_WIPED)}
        wipes = {key: str(at) for key, at in wiped_at.items()}
        last = connection.execute(select(func.max(_EVENTS.id))).scalar() or 0
        if before is None:
            return cls(WatchState(last, last, wipes, wipes))
        new = [at for key, at in wiped_at.items() if before.wipes_before.get(key) != wipes[key]]
        is_any = last > before.event_before or new
        rows = _events(connection, _EVENTS.id > before.event_before, min(new, default=None)) if is_any else []
        last = rows[-1].id if len(rows) == _PAGE else last
        found = cls(WatchState(before.event, last, before.wipes, wipes))
        for key, at in before.wipes.items():
            if wipes.get(key) == at != before.wipes_before.get(key):
                found.wiped |= _forgotten_with(key)
        for row in rows:
            found._sort_in(row)
        return found

    def _sort_in(self, row: Any) -> None:
        """Note an event, if it decides its subject's status."""
        subject = subject_of(row.asset_key, row.partition)
        if subject is not None and row.dagster_event_type == deciding_type(subject.name):
            (self.own if row.is_own else self.foreign).setdefault(subject, []).append(row.id)

    def doubted(self) -> Mapping[str, set[str]]:
        """The subjects of each lecture of which Dagster shows something foreign, or that were published while it did."""
        found: dict[str, set[str]] = {}
        for subject, numbers in self.foreign.items():
            for number in numbers:
                mended = next((own for own in self.own.get(subject, ()) if own > number), None)
                names = self._readers_published(subject, number, mended)
                found.setdefault(subject.lecture, set()).update(names, () if mended else [subject.name])
        return {lecture: subjects for lecture, subjects in found.items() if subjects}

    def _readers_published(self, read: LectureSubject, after: int, before: int | None) -> Iterator[str]:
        """The readers of a subject whose newest events are between two ids."""
        readers = _readers(kind_of(read.name))
        for subject, (*_, newest) in self.own.items():
            is_between = after < newest and (before is None or newest < before)
            if is_between and subject.lecture == read.lecture and kind_of(subject.name) in readers:
                yield subject.name


_WIPED = select(_ASSETS.asset_key, _ASSETS.wipe_timestamp).where(_ASSETS.wipe_timestamp.is_not(None))


def _events(connection: Connection, after: ColumnElement[bool], wiped_at: Any) -> Sequence[Any]:
    """Materializations and observations after an id; since a wipe, also with lower ids, which SQLite then uses again."""
    types = ["ASSET_MATERIALIZATION", "ASSET_OBSERVATION"]
    is_own = _EVENTS.event.contains(f'"{PUBLISHED_TAG}"', autoescape=True).label("is_own")  # Dagster indexes no tag of ours
    where = after if wiped_at is None else or_(after, _EVENTS.timestamp > wiped_at)
    rows = select(_EVENTS.id, _EVENTS.asset_key, _EVENTS.partition, _EVENTS.dagster_event_type, is_own)
    return connection.execute(rows.where(where, _EVENTS.dagster_event_type.in_(types)).order_by(_EVENTS.id).limit(_PAGE)).all()


@lru_cache(maxsize=256)
def _readers(kind: str) -> frozenset[str]:
    """The kinds that read a kind in Dagster's view."""
    if kind.startswith(SETTINGS):
        return frozenset({kind.removeprefix(SETTINGS)})
    return frozenset(
        reader.name for reader in KINDS.values() if any(read.kind == kind and read.projected for read in reader.reads)
    )


def _forgotten_with(asset: str) -> frozenset[str]:
    """The kinds to forget when an asset was wiped: its own, and those whose pointers lead to what is gone."""
    kind = kinds_by_asset().get(asset)
    return frozenset() if kind is None else _readers(kind) | {kind}
