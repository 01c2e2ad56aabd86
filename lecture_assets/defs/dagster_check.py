"""Do Dagster and the core say the same of a lecture? Asks Dagster's own resolver, node by node. Mends nothing by itself.

directly stale by our reasons ⇔ STALE      made and not directly stale ⇔ FRESH      never made ⇔ MISSING
what a node holds has the version that Dagster shows of it; Dagster has no lecture that the store has not
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dagster import DagsterInstance, Definitions

from lecture_assets.defs.assets import external_assets, made_assets
from lecture_assets.defs.dagster_internals import (
    NULL_DATA_VERSION,
    BaseAssetGraph,
    CachingStaleStatusResolver,
    LoadingContextForTest,
)
from lecture_assets.defs.keys import LECTURE
from lecture_assets.defs.sync.events import asset_partition_of
from lecture_assets.defs.sync.publisher import EventLogPublisher, instance_id
from lecture_assets.graph.direct import direct_reasons
from lecture_assets.runner.reading.snapshot import Snapshot, read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, published

_SHOWN = 8
"""Digits of a version that tell it from another."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A node of which Dagster says something else than the core: FRESH, STALE or MISSING, or what version it holds.

    newer: Dagster has a version that this store never told it: the database is older than Dagster's log
    """

    node: str
    core: str
    dagster: str
    newer: bool = False


def disagreements(context: Context, instance: DagsterInstance, lecture: str) -> Iterator[Disagreement]:
    """The nodes of a lecture's graph of which Dagster says something else."""
    with context.database.read() as connection:
        snapshot = read_snapshot(context, connection, lecture)
        rows = published.load(connection, lecture, instance_id(instance)).rows
    resolver = CachingStaleStatusResolver(instance, _asset_graph(), LoadingContextForTest(instance))
    for node, status in core_statuses(snapshot).items():
        spot = asset_partition_of(lecture, node)
        said = resolver.get_status(spot.asset, spot.partition).value
        shown = resolver.get_current_data_version(spot.asset, spot.partition)
        newer = shown != NULL_DATA_VERSION and (node not in rows or rows[node].version != shown.value)
        record = snapshot.records.get(node)
        if said != status:
            yield Disagreement(node, status, said, newer)
        elif record is not None and shown.value != record.version:
            yield Disagreement(node, f"version {record.version[:_SHOWN]}", f"version {shown.value[:_SHOWN]}", newer)


def surplus_lectures(context: Context, instance: DagsterInstance) -> list[str]:
    """The lectures that Dagster has and the store has not."""
    with context.database.read() as connection:
        return sorted(set(instance.get_dynamic_partitions(LECTURE)) - set(lectures.ids(connection)))


def core_statuses(snapshot: Snapshot) -> dict[str, str]:
    """What Dagster should say of each node that a run makes, in its words."""
    reasons = direct_reasons(snapshot.graph, snapshot.world)
    return {
        node.id: "MISSING" if node.id not in reasons else "STALE" if reasons[node.id] else "FRESH" for node in snapshot.graph.made
    }


def repair(context: Context, instance: DagsterInstance, lecture: str) -> int:
    """Forget what Dagster was told of a lecture, and tell all of it again; how many statements that took."""
    with context.database.write() as connection:
        published.forget(connection, lecture)
    return EventLogPublisher(context, instance, lecture).publish_all()


@lru_cache(maxsize=1)
def _asset_graph() -> BaseAssetGraph[Any]:
    return Definitions(assets=[*external_assets(), *made_assets()]).resolve_asset_graph()
