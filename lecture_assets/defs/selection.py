"""The nodes that an asset run is asked for: those of its own partitions, and those of its backfill in the same lectures.

Dagster cuts a backfill into one run per level of the graph and per unbroken range of partitions: three segments of two images
each are three ranges, as every segment has four image partitions. So the run that was created first makes all that the backfill
wants of a lecture, and the others find it made; one that has the lecture before it makes its own part.
"""

from collections.abc import Collection, Iterator

from dagster import AssetExecutionContext, RunsFilter, partition_loading_context

from lecture_assets.defs.dagster_internals import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    BACKFILL_ID_TAG,
    PARTITION_NAME_TAG,
)
from lecture_assets.defs.keys import LectureNode, is_made, lecture_of_partition, node_at

_PARTITION_TAGS = (PARTITION_NAME_TAG, ASSET_PARTITION_RANGE_START_TAG, ASSET_PARTITION_RANGE_END_TAG)


def own_nodes(context: AssetExecutionContext) -> list[LectureNode]:
    """The nodes of the run's own partitions, which Dagster has recorded as planned."""
    keys = context.run.asset_selection or context.selected_asset_keys
    return [node_at(key, partition) for key in sorted(keys) if is_made(key) for partition in context.partition_keys]


def backfill_nodes(context: AssetExecutionContext, lectures: Collection[str]) -> Iterator[LectureNode]:
    """All nodes that the run's backfill wants of the lectures whose first run this is; none if no backfill started it."""
    backfill_id = context.run.tags.get(BACKFILL_ID_TAG)
    backfill = context.instance.get_backfill(backfill_id) if backfill_id else None
    if backfill is None or not backfill.is_asset_backfill:
        return
    firsts = set(lectures) - _lectures_of_earlier_runs(context, backfill.backfill_id)
    target = backfill.get_asset_backfill_data(context.repository_def.asset_graph).target_subset
    with partition_loading_context(dynamic_partitions_store=context.instance):
        for key, partitions in target.partitions_subsets_by_asset_key.items():
            if is_made(key):
                yield from (node_at(key, one) for one in partitions.get_partition_keys() if lecture_of_partition(one) in firsts)


def _lectures_of_earlier_runs(context: AssetExecutionContext, backfill_id: str) -> set[str]:
    """The lectures at both ends of each range that an earlier run of the backfill has."""
    found = set[str]()
    for record in context.instance.get_run_records(RunsFilter(tags={BACKFILL_ID_TAG: backfill_id}), ascending=True):
        if record.dagster_run.run_id == context.run_id:
            return found
        tags = record.dagster_run.tags
        found |= {lecture_of_partition(tags[name]) for name in _PARTITION_TAGS if name in tags}
    return found
