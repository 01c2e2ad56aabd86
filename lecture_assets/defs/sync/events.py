"""Statements as entries of Dagster's event log, with the provenance tags that its staleness is computed from. Stores nothing."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from dagster import AssetKey, AssetMaterialization, AssetObservation, EventLogEntry, MultiPartitionKey

from lecture_assets.defs.dagster_internals import (
    CODE_VERSION_TAG,
    DATA_VERSION_IS_USER_PROVIDED_TAG,
    DATA_VERSION_TAG,
    RUNLESS_JOB_NAME,
    RUNLESS_RUN_ID,
    AssetMaterializationPlannedData,
    AssetObservationData,
    DagsterEvent,
    DagsterEventType,
    StepMaterializationData,
    get_input_data_version_tag,
    get_input_event_pointer_tag,
    get_tags_from_multi_partition_key,
)
from lecture_assets.defs.keys import asset_key, partition_key, settings_key
from lecture_assets.defs.sync.metadata import Metadata
from lecture_assets.defs.sync.projection import SETTINGS, LogEntrySpec
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.node import Node, parse_node_id

BEFORE_THE_LOG = -2
"""A pointer before every event. Not 0 and not -1: Dagster 1.13 takes a pointer or its successor that is 0 for none at all."""
_INFO = 20
_UNSET = "unset"
"""The data version of settings that were taken back."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The run, and its step, that tells; the defaults where none does."""

    run_id: str = RUNLESS_RUN_ID
    job: str = RUNLESS_JOB_NAME
    step: str | None = None


@dataclass(frozen=True, slots=True)
class AssetPartition:
    """An asset partition."""

    asset: AssetKey
    partition: str


def asset_partition_of(lecture: str, subject: str) -> AssetPartition:
    """Where a subject of the projection is in Dagster."""
    kind, cell = parse_node_id(subject.removeprefix(SETTINGS))
    key = settings_key(kind) if subject.startswith(SETTINGS) else asset_key(kind)
    return AssetPartition(key, partition_key(lecture, cell))


def log_entry(origin: Origin, lecture: str, statement: LogEntrySpec, pointer: int, metadata: Metadata) -> EventLogEntry:
    """The entry that tells a statement. pointer: the log's last id after all that it reads was told."""
    spot = asset_partition_of(lecture, statement.subject)
    tags = _dimensions(spot.partition) | {DATA_VERSION_TAG: statement.version or _UNSET}
    if statement.made is None:
        observation = AssetObservation(asset_key=spot.asset, partition=spot.partition, tags=tags, metadata=metadata)
        return _entry(origin, DagsterEventType.ASSET_OBSERVATION, AssetObservationData(observation))
    tags |= _provenance(statement.made.node, statement.made.code, pointer, statement.changed)
    made = AssetMaterialization(asset_key=spot.asset, partition=spot.partition, tags=tags, metadata=metadata)
    return _entry(origin, DagsterEventType.ASSET_MATERIALIZATION, StepMaterializationData(made, []))


def planned_entry(origin: Origin, lecture: str, node: str) -> EventLogEntry:
    """The entry that tells that a run is going to make a node."""
    spot = asset_partition_of(lecture, node)
    data = AssetMaterializationPlannedData(spot.asset, spot.partition)
    return _entry(origin, DagsterEventType.ASSET_MATERIALIZATION_PLANNED, data)


def failed_entry(origin: Origin, lecture: str, node: str, metadata: Metadata) -> EventLogEntry:
    """An observation of a node that could not be made. It has no data version, so that staleness is what it was."""
    spot = asset_partition_of(lecture, node)
    tags = _dimensions(spot.partition)
    observation = AssetObservation(asset_key=spot.asset, partition=spot.partition, tags=tags, metadata=metadata)
    return _entry(origin, DagsterEventType.ASSET_OBSERVATION, AssetObservationData(observation))


def _dimensions(partition: str) -> dict[str, str]:
    return dict(get_tags_from_multi_partition_key(partition)) if isinstance(partition, MultiPartitionKey) else {}


def _provenance(node: Node, code: str, pointer: int, changed: frozenset[str]) -> Mapping[str, str]:
    """Every asset that is read must be there with a version and a pointer, or Dagster finds a new dependency."""
    tags = {CODE_VERSION_TAG: code, DATA_VERSION_IS_USER_PROVIDED_TAG: "true"}
    reads = {read.kind: asset_key(KINDS[read.kind]) for read in node.kind.reads if read.projected} | {
        SETTINGS: settings_key(node.kind)
    }
    for kind, key in reads.items():
        tags[get_input_data_version_tag(key)] = "see-pointer"
        tags[get_input_event_pointer_tag(key)] = str(BEFORE_THE_LOG if kind in changed else pointer)
    return tags


def _entry(origin: Origin, event_type: DagsterEventType, data: object) -> EventLogEntry:
    event = DagsterEvent(
        event_type_value=event_type.value,
        job_name=origin.job,
        step_key=origin.step,
        event_specific_data=data,  # type: ignore[arg-type]  # one of the three above
    )
    return EventLogEntry(  # type: ignore[no-untyped-call]
        error_info=None,
        level=_INFO,
        user_message="",
        run_id=origin.run_id,
        timestamp=time.time(),
        step_key=origin.step,
        job_name=origin.job,
        dagster_event=event,
    )
