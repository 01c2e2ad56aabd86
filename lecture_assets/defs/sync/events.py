"""Entries of Dagster's event log, with the provenance tags from which it computes staleness. `publisher.py` stores them."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from dagster import AssetKey, AssetMaterialization, AssetObservation, EventLogEntry, MetadataValue, MultiPartitionKey

from lecture_assets.defs.dagster_internals import (
    CODE_VERSION_TAG,
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
from lecture_assets.defs.sync.projection import SETTINGS, WITHDRAWN, LogEntrySpec
from lecture_assets.graph.kind import Kind
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.node import parse_node_id

BEFORE_THE_LOG = -2
"""A pointer before every event. Neither 0 nor -1: Dagster 1.13 treats a pointer as missing if it or its successor is 0."""
_UNSET = "unset"
"""The data version of settings that were reset."""
_SEE_POINTER = "-"
PUBLISHED_TAG = "lectures/published"
"""A tag of every materialization and observation that is published here; those without it were written by somebody else."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The run and step that an event is attributed to; by default, none."""

    run_id: str = RUNLESS_RUN_ID
    job: str = RUNLESS_JOB_NAME
    step: str | None = None


@dataclass(frozen=True, slots=True)
class AssetPartition:
    """An asset partition."""

    asset: AssetKey
    partition: str


def asset_partition_of(lecture: str, subject: str) -> AssetPartition:
    """The asset partition of a subject of the projection."""
    kind, cell = parse_node_id(subject.removeprefix(SETTINGS))
    key = settings_key(kind) if subject.startswith(SETTINGS) else asset_key(kind)
    return AssetPartition(key, partition_key(lecture, cell))


def log_entry(origin: Origin, lecture: str, spec: LogEntrySpec, pointer: int, metadata: Metadata) -> EventLogEntry:
    """Build the entry of a spec. pointer: the log's last id once everything that the node reads has been published."""
    target = asset_partition_of(lecture, spec.subject)
    tags = _own_tags(target.partition) | {DATA_VERSION_TAG: spec.version or _UNSET}
    if spec.made is not None:
        tags |= _provenance(spec.made.node.kind, spec.made.code, pointer, spec.changed)
    elif spec.version != WITHDRAWN:
        observation = AssetObservation(asset_key=target.asset, partition=target.partition, tags=tags, metadata=metadata)
        return event_entry(origin, DagsterEventType.ASSET_OBSERVATION, AssetObservationData(observation))
    made = AssetMaterialization(asset_key=target.asset, partition=target.partition, tags=tags, metadata=metadata)
    return event_entry(origin, DagsterEventType.ASSET_MATERIALIZATION, StepMaterializationData(made, []))


def planned_entry(origin: Origin, lecture: str, node: str) -> EventLogEntry:
    """Build the entry which announces that a run is going to make a node."""
    target = asset_partition_of(lecture, node)
    data = AssetMaterializationPlannedData(target.asset, target.partition)
    return event_entry(origin, DagsterEventType.ASSET_MATERIALIZATION_PLANNED, data)


def failed_entry(origin: Origin, lecture: str, node: str, message: str) -> EventLogEntry:
    """Build an observation of a node that could not be made. Having no data version, it leaves the node's staleness unchanged."""
    target = asset_partition_of(lecture, node)
    metadata = {"failed": MetadataValue.text(message), "node": MetadataValue.text(node)}
    tags = _own_tags(target.partition)
    observation = AssetObservation(asset_key=target.asset, partition=target.partition, tags=tags, metadata=metadata)
    return event_entry(origin, DagsterEventType.ASSET_OBSERVATION, AssetObservationData(observation))


def _own_tags(partition: str) -> dict[str, str]:
    dimensions = get_tags_from_multi_partition_key(partition) if isinstance(partition, MultiPartitionKey) else {}
    return {**dimensions, PUBLISHED_TAG: "true"}


def _provenance(kind: Kind, code: str, pointer: int, changed: frozenset[str]) -> Mapping[str, str]:
    """Tag every asset that a node reads with a version and a pointer; without them Dagster reports a new dependency.

    All of these assets are partitioned, so Dagster compares what is at the pointer: the version is never read.
    """
    tags = {CODE_VERSION_TAG: code}
    for read, names in tags_of_reads(kind.name).items():
        tags[names.version] = _SEE_POINTER
        tags[names.pointer] = str(BEFORE_THE_LOG if read in changed else pointer)
    return tags


@dataclass(frozen=True, slots=True)
class ReadTags:
    """The names of the two tags of a materialization for an asset that was read."""

    version: str
    pointer: str


@lru_cache(maxsize=256)
def tags_of_reads(kind: str) -> Mapping[str, ReadTags]:
    """The tags of a kind's materializations, by the kind that is read; `settings:` for the node's own settings."""
    reads = {read.kind: asset_key(KINDS[read.kind]) for read in KINDS[kind].reads if read.projected}
    keys = {**reads, SETTINGS: settings_key(KINDS[kind])}
    return {read: ReadTags(get_input_data_version_tag(key), get_input_event_pointer_tag(key)) for read, key in keys.items()}


def event_entry(
    origin: Origin, event_type: DagsterEventType, data: object, message: str | None = None, level: int = logging.INFO
) -> EventLogEntry:
    """Build an entry of the log. data: what Dagster keeps of an event of this type; message: what the log of a run shows."""
    event = DagsterEvent(
        event_type_value=event_type.value,
        job_name=origin.job,
        step_key=origin.step,
        event_specific_data=data,  # type: ignore[arg-type]  # of the type that the event's type requires
        message=message,
    )
    return EventLogEntry(  # type: ignore[no-untyped-call]
        error_info=None,
        level=level,
        user_message="",
        run_id=origin.run_id,
        timestamp=time.time(),
        step_key=origin.step,
        job_name=origin.job,
        dagster_event=event,
    )
