"""The nodes that an asset run is asked for: those of its own partitions, and those of its backfill in the same lectures.

Dagster cuts a backfill into one run per level of the graph and per unbroken range of partitions: three segments of two images
each are three ranges, as every segment has four image partitions. So the first run of a lecture makes all that the backfill
wants of it, and the others find it made.
"""

from collections.abc import Collection, Iterator

from dagster import AssetExecutionContext, partition_loading_context

from lecture_assets.defs.dagster_internals import BACKFILL_ID_TAG
from lecture_assets.defs.keys import LectureNode, is_made, lecture_of, node_at


def own_nodes(context: AssetExecutionContext) -> list[LectureNode]:
    """The nodes of the run's own partitions, which Dagster has recorded as planned."""
    keys = context.run.asset_selection or context.selected_asset_keys
    return [node_at(key, partition) for key in sorted(keys) if is_made(key) for partition in context.partition_keys]


def backfill_nodes(context: AssetExecutionContext, lectures: Collection[str]) -> Iterator[LectureNode]:
    """The nodes of these lectures that the run's backfill wants; none if no backfill started the run."""
    backfill_id = context.run.tags.get(BACKFILL_ID_TAG)
    backfill = context.instance.get_backfill(backfill_id) if backfill_id else None
    if backfill is None or not backfill.is_asset_backfill:
        return
    target = backfill.get_asset_backfill_data(context.repository_def.asset_graph).target_subset
    with partition_loading_context(dynamic_partitions_store=context.instance):
        for key, partitions in target.partitions_subsets_by_asset_key.items():
            if is_made(key):
                yield from (node_at(key, one) for one in partitions.get_partition_keys() if lecture_of(one) in lectures)
