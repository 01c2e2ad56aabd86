"""Do Dagster and the core say the same of a lecture? Asks Dagster's own resolver, node by node. Mends nothing by itself.

directly stale by our reasons ⇔ STALE      made and not directly stale ⇔ FRESH      never made ⇔ MISSING
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dagster import DagsterInstance, Definitions
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph
from dagster._core.definitions.data_version import CachingStaleStatusResolver
from dagster._core.loader import LoadingContextForTest

from lecture_assets.defs.assets import external_assets, made_assets
from lecture_assets.defs.events import spot_of
from lecture_assets.defs.teller import Teller
from lecture_assets.graph.direct import direct_reasons
from lecture_assets.runner.context import Context
from lecture_assets.runner.snapshot import Snapshot, read_snapshot
from lecture_assets.store import told


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A node of which Dagster says something else than the core. Both are FRESH, STALE or MISSING."""

    node: str
    core: str
    dagster: str


def disagreements(context: Context, instance: DagsterInstance, lecture: str) -> Iterator[Disagreement]:
    """The nodes of a lecture's graph of which Dagster says something else."""
    with context.database.read() as connection:
        snapshot = read_snapshot(context, connection, lecture)
    resolver = CachingStaleStatusResolver(instance, _asset_graph(), LoadingContextForTest(instance))
    for node, status in core_statuses(snapshot).items():
        spot = spot_of(lecture, node)
        said = resolver.get_status(spot.asset, spot.partition).value
        if said != status:
            yield Disagreement(node, status, said)


def core_statuses(snapshot: Snapshot) -> dict[str, str]:
    """What Dagster should say of each node that a run makes, in its words."""
    reasons = direct_reasons(snapshot.graph, snapshot.world)
    return {
        node.id: "MISSING" if node.id not in reasons else "STALE" if reasons[node.id] else "FRESH" for node in snapshot.graph.made
    }


def repair(context: Context, instance: DagsterInstance, lecture: str) -> int:
    """Forget what Dagster was told of a lecture, and tell all of it again; how many statements that took."""
    with context.database.write() as connection:
        told.forget(connection, lecture)
    return Teller(context, instance, lecture).tell_all()


@lru_cache(maxsize=1)
def _asset_graph() -> BaseAssetGraph[Any]:
    return Definitions(assets=[*external_assets(), *made_assets()]).resolve_asset_graph()
