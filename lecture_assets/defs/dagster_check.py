"""Checks whether Dagster and the core agree on a lecture, by asking Dagster's own resolver about every node.

directly stale by our reasons ⇔ STALE      made and not directly stale ⇔ FRESH      never made ⇔ MISSING
Dagster shows the version that each node holds, that each input has, and that was set on single nodes.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dagster import AssetRecordsFilter, DagsterInstance, Definitions

from lecture_assets.defs.assets import external_assets, made_assets
from lecture_assets.defs.dagster_internals import (
    NULL_DATA_VERSION,
    BaseAssetGraph,
    CachingStaleStatusResolver,
    LoadingContextForTest,
)
from lecture_assets.defs.sync.events import AssetPartition, asset_partition_of
from lecture_assets.defs.sync.projected_lecture import project_lecture
from lecture_assets.defs.sync.projection import SETTINGS, unforced
from lecture_assets.defs.sync.publisher import EventLogPublisher, instance_id
from lecture_assets.graph.direct import direct_reasons
from lecture_assets.runner.reading.snapshot import Snapshot, read_snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import published

_SHOWN = 8
"""Digits of a version that distinguish it from others."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A node on which Dagster and the core differ: FRESH, STALE or MISSING, or the version it holds.

    core:    the core's answer
    dagster: Dagster's answer
    newer:   Dagster has a version that this store never published: the database is older than Dagster's log
    """

    node: str
    core: str
    dagster: str
    newer: bool = False


def disagreements(
    context: Context, instance: DagsterInstance, lecture: str, nodes: Collection[str] | None = None
) -> Iterator[Disagreement]:
    """Yield the nodes and the settings of single nodes (`settings:NODE`) on which Dagster and the core differ.

    nodes: compare only these; by default all, and the inputs
    """
    with context.database.read() as connection:
        snapshot = read_snapshot(context, connection, lecture)
        rows = published.load(connection, lecture, instance_id(instance)).rows
    statuses = {node: status for node, status in core_statuses(snapshot).items() if nodes is None or node in nodes}
    resolver = CachingStaleStatusResolver(instance, _asset_graph(), LoadingContextForTest(instance))
    for node, status in statuses.items():
        target = asset_partition_of(lecture, node)
        shown_status = resolver.get_status(target.asset, target.partition).value
        shown = resolver.get_current_data_version(target.asset, target.partition)
        newer = shown != NULL_DATA_VERSION and (node not in rows or rows[node].version != shown.value)
        record = snapshot.records.get(node)
        if shown_status != status:
            yield Disagreement(node, status, shown_status, newer)
        elif record is not None and shown.value != record.version:
            yield Disagreement(node, f"version {record.version[:_SHOWN]}", f"version {shown.value[:_SHOWN]}", newer)
    projected = project_lecture(snapshot)
    inputs = {name: version for name, version in projected.inputs.items() if nodes is None or name in nodes}
    observed = {**inputs, **{SETTINGS + node: version for node, version in projected.settings.items() if node in statuses}}
    for subject, version in observed.items():
        seen = _observed_version(instance, asset_partition_of(lecture, subject))
        if unforced(seen) != version:
            yield Disagreement(subject, f"version {version[:_SHOWN]}", f"version {seen[:_SHOWN]}" if seen else "MISSING")


def _observed_version(instance: DagsterInstance, target: AssetPartition) -> str:
    """The data version that was observed last; empty if none was."""
    wanted = AssetRecordsFilter(target.asset, asset_partitions=[target.partition])
    records = instance.fetch_observations(wanted, limit=1).records
    observation = records[0].event_log_entry.asset_observation if records else None
    return observation.data_version or "" if observation else ""


def core_statuses(snapshot: Snapshot) -> dict[str, str]:
    """The status that Dagster should show for each node that runs make."""
    reasons = direct_reasons(snapshot.graph, snapshot.world)
    return {
        node.id: "MISSING" if node.id not in reasons else "STALE" if reasons[node.id] else "FRESH" for node in snapshot.graph.made
    }


def repair(context: Context, instance: DagsterInstance, lecture: str, wrong: Collection[str] = ()) -> int:
    """Forget what was published of a lecture and publish all of it again; returns the number of events.

    wrong: the subjects of which Dagster shows something else; of those that were never made, it is withdrawn
    """
    with context.database.write() as connection:
        published.forget(connection, lecture, instance_id(instance))
        published.doubt(connection, lecture, instance_id(instance), wrong)
    return EventLogPublisher(context, instance, lecture).publish_all()


@lru_cache(maxsize=1)
def _asset_graph() -> BaseAssetGraph[Any]:
    return Definitions(assets=[*external_assets(), *made_assets()]).resolve_asset_graph()
