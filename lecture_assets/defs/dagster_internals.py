"""Every name that we use from Dagster's private modules, and the one place that an upgrade of Dagster may break.

Each is imported on first use, so that a process of `lectures dev` loads only what it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dagster._cli.api import _execute_run_command_body as _execute_run_command_body
    from dagster._config.config_schema import UserConfigSchema as UserConfigSchema
    from dagster._core.definitions.asset_checks.asset_check_evaluation import (
        AssetCheckEvaluationTargetMaterializationData as AssetCheckEvaluationTargetMaterializationData,
    )
    from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph as BaseAssetGraph
    from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME as IMPLICIT_ASSET_JOB_NAME
    from dagster._core.definitions.data_version import CODE_VERSION_TAG as CODE_VERSION_TAG
    from dagster._core.definitions.data_version import DATA_VERSION_TAG as DATA_VERSION_TAG
    from dagster._core.definitions.data_version import NULL_DATA_VERSION as NULL_DATA_VERSION
    from dagster._core.definitions.data_version import CachingStaleStatusResolver as CachingStaleStatusResolver
    from dagster._core.definitions.data_version import get_input_data_version_tag as get_input_data_version_tag
    from dagster._core.definitions.data_version import get_input_event_pointer_tag as get_input_event_pointer_tag
    from dagster._core.definitions.partitions.utils.multi import (
        get_tags_from_multi_partition_key as get_tags_from_multi_partition_key,
    )
    from dagster._core.definitions.reconstruct import ReconstructableJob as ReconstructableJob
    from dagster._core.definitions.reconstruct import ReconstructableRepository as ReconstructableRepository
    from dagster._core.definitions.run_request import InstigatorType as InstigatorType
    from dagster._core.errors import DagsterExecutionInterruptedError as DagsterExecutionInterruptedError
    from dagster._core.errors import DagsterLaunchFailedError as DagsterLaunchFailedError
    from dagster._core.event_api import EventHandlerFn as EventHandlerFn
    from dagster._core.event_api import PartitionKeyFilter as PartitionKeyFilter
    from dagster._core.events import ASSET_CHECK_EVENTS as ASSET_CHECK_EVENTS
    from dagster._core.events import ASSET_EVENTS as ASSET_EVENTS
    from dagster._core.events import EVENT_TYPE_TO_PIPELINE_RUN_STATUS as EVENT_TYPE_TO_PIPELINE_RUN_STATUS
    from dagster._core.events import AssetMaterializationPlannedData as AssetMaterializationPlannedData
    from dagster._core.events import AssetObservationData as AssetObservationData
    from dagster._core.events import DagsterEvent as DagsterEvent
    from dagster._core.events import DagsterEventType as DagsterEventType
    from dagster._core.events import StepMaterializationData as StepMaterializationData
    from dagster._core.instance.ref import InstanceRef as InstanceRef
    from dagster._core.instance.utils import RUNLESS_JOB_NAME as RUNLESS_JOB_NAME
    from dagster._core.instance.utils import RUNLESS_RUN_ID as RUNLESS_RUN_ID
    from dagster._core.launcher.base import CheckRunHealthResult as CheckRunHealthResult
    from dagster._core.launcher.base import LaunchRunContext as LaunchRunContext
    from dagster._core.launcher.base import RunLauncher as RunLauncher
    from dagster._core.launcher.base import WorkerStatus as WorkerStatus
    from dagster._core.loader import LoadingContextForTest as LoadingContextForTest
    from dagster._core.remote_origin import GrpcServerCodeLocationOrigin as GrpcServerCodeLocationOrigin
    from dagster._core.remote_origin import RemoteJobOrigin as RemoteJobOrigin
    from dagster._core.remote_representation.grpc_server_state_subscriber import (
        LocationStateChangeEvent as LocationStateChangeEvent,
    )
    from dagster._core.remote_representation.grpc_server_state_subscriber import (
        LocationStateChangeEventType as LocationStateChangeEventType,
    )
    from dagster._core.run_coordinator import DefaultRunCoordinator as DefaultRunCoordinator
    from dagster._core.scheduler.instigation import InstigatorState as InstigatorState
    from dagster._core.scheduler.instigation import SensorInstigatorData as SensorInstigatorData
    from dagster._core.storage.base_storage import DagsterStorage as DagsterStorage
    from dagster._core.storage.dagster_run import FINISHED_STATUSES as FINISHED_STATUSES
    from dagster._core.storage.event_log.base import EventLogConnection as EventLogConnection
    from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable as AssetCheckExecutionsTable
    from dagster._core.storage.event_log.schema import AssetEventTagsTable as AssetEventTagsTable
    from dagster._core.storage.event_log.schema import AssetKeyTable as AssetKeyTable
    from dagster._core.storage.event_log.schema import ConcurrencyLimitsTable as ConcurrencyLimitsTable
    from dagster._core.storage.event_log.schema import ConcurrencySlotsTable as ConcurrencySlotsTable
    from dagster._core.storage.event_log.schema import DynamicPartitionsTable as DynamicPartitionsTable
    from dagster._core.storage.event_log.schema import PendingStepsTable as PendingStepsTable
    from dagster._core.storage.event_log.schema import SqlEventLogStorageMetadata as SqlEventLogStorageMetadata
    from dagster._core.storage.event_log.schema import SqlEventLogStorageTable as SqlEventLogStorageTable
    from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage as SqlEventLogStorage
    from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME as INDEX_SHARD_NAME
    from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage as SqliteEventLogStorage
    from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
        SqliteEventLogStorageWatchdog as SqliteEventLogStorageWatchdog,
    )
    from dagster._core.storage.runs import SqliteRunStorage as SqliteRunStorage
    from dagster._core.storage.runs.schema import RunTagsTable as RunTagsTable
    from dagster._core.storage.runs.sql_run_storage import SqlRunStorage as SqlRunStorage
    from dagster._core.storage.schedules import SqliteScheduleStorage as SqliteScheduleStorage
    from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS as SQLITE_BUSY_TIMEOUT_SECONDS
    from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG as ASSET_PARTITION_RANGE_END_TAG
    from dagster._core.storage.tags import ASSET_PARTITION_RANGE_START_TAG as ASSET_PARTITION_RANGE_START_TAG
    from dagster._core.storage.tags import BACKFILL_ID_TAG as BACKFILL_ID_TAG
    from dagster._core.storage.tags import PARTITION_NAME_TAG as PARTITION_NAME_TAG
    from dagster._core.workspace.context import WorkspaceProcessContext as WorkspaceProcessContext
    from dagster._core.workspace.context import WorkspaceRequestContext as WorkspaceRequestContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget as WorkspaceFileTarget
    from dagster._daemon.controller import DagsterDaemonController as DagsterDaemonController
    from dagster._daemon.controller import create_daemons_from_instance as create_daemons_from_instance
    from dagster._grpc.server_watcher import create_grpc_watch_thread as create_grpc_watch_thread
    from dagster._serdes import ConfigurableClass as ConfigurableClass
    from dagster._serdes import ConfigurableClassData as ConfigurableClassData
    from dagster._serdes import deserialize_value as deserialize_value
    from dagster._serdes import pack_value as pack_value
    from dagster._serdes import serialize_value as serialize_value
    from dagster._utils import get_run_crash_explanation as get_run_crash_explanation
    from dagster._utils.concurrency import ConcurrencyClaimStatus as ConcurrencyClaimStatus
    from dagster._utils.concurrency import ConcurrencyKeyInfo as ConcurrencyKeyInfo
    from dagster._utils.concurrency import ConcurrencySlotStatus as ConcurrencySlotStatus
    from dagster._utils.interrupts import capture_interrupts as capture_interrupts
    from dagster._utils.interrupts import setup_interrupt_handlers as setup_interrupt_handlers
    from dagster._utils.log import configure_loggers as configure_loggers
    from dagster_postgres.utils import DagsterPostgresException as DagsterPostgresException
    from dagster_postgres.utils import create_pg_engine as create_pg_engine
    from dagster_postgres.utils import get_token_provider_from_config as get_token_provider_from_config
    from dagster_postgres.utils import pg_url_from_config as pg_url_from_config

HOMES = {
    "EventLogConnection": "dagster._core.storage.event_log.base",
    "DagsterDaemonController": "dagster._daemon.controller",
    "create_daemons_from_instance": "dagster._daemon.controller",
    "configure_loggers": "dagster._utils.log",
    "setup_interrupt_handlers": "dagster._utils.interrupts",
    "create_grpc_watch_thread": "dagster._grpc.server_watcher",
    "LocationStateChangeEvent": "dagster._core.remote_representation.grpc_server_state_subscriber",
    "LocationStateChangeEventType": "dagster._core.remote_representation.grpc_server_state_subscriber",
    "GrpcServerCodeLocationOrigin": "dagster._core.remote_origin",
    "ASSET_CHECK_EVENTS": "dagster._core.events",
    "ASSET_EVENTS": "dagster._core.events",
    "ASSET_PARTITION_RANGE_END_TAG": "dagster._core.storage.tags",
    "ASSET_PARTITION_RANGE_START_TAG": "dagster._core.storage.tags",
    "AssetCheckEvaluationTargetMaterializationData": "dagster._core.definitions.asset_checks.asset_check_evaluation",
    "AssetCheckExecutionsTable": "dagster._core.storage.event_log.schema",
    "AssetEventTagsTable": "dagster._core.storage.event_log.schema",
    "AssetKeyTable": "dagster._core.storage.event_log.schema",
    "AssetMaterializationPlannedData": "dagster._core.events",
    "AssetObservationData": "dagster._core.events",
    "BACKFILL_ID_TAG": "dagster._core.storage.tags",
    "BaseAssetGraph": "dagster._core.definitions.assets.graph.base_asset_graph",
    "CODE_VERSION_TAG": "dagster._core.definitions.data_version",
    "CachingStaleStatusResolver": "dagster._core.definitions.data_version",
    "CheckRunHealthResult": "dagster._core.launcher.base",
    "ConcurrencyClaimStatus": "dagster._utils.concurrency",
    "ConcurrencyKeyInfo": "dagster._utils.concurrency",
    "ConcurrencyLimitsTable": "dagster._core.storage.event_log.schema",
    "ConcurrencySlotStatus": "dagster._utils.concurrency",
    "ConcurrencySlotsTable": "dagster._core.storage.event_log.schema",
    "ConfigurableClass": "dagster._serdes",
    "ConfigurableClassData": "dagster._serdes",
    "DATA_VERSION_TAG": "dagster._core.definitions.data_version",
    "DagsterEvent": "dagster._core.events",
    "DagsterEventType": "dagster._core.events",
    "DagsterExecutionInterruptedError": "dagster._core.errors",
    "DagsterLaunchFailedError": "dagster._core.errors",
    "DagsterPostgresException": "dagster_postgres.utils",
    "DagsterStorage": "dagster._core.storage.base_storage",
    "DefaultRunCoordinator": "dagster._core.run_coordinator",
    "DynamicPartitionsTable": "dagster._core.storage.event_log.schema",
    "EVENT_TYPE_TO_PIPELINE_RUN_STATUS": "dagster._core.events",
    "EventHandlerFn": "dagster._core.event_api",
    "FINISHED_STATUSES": "dagster._core.storage.dagster_run",
    "IMPLICIT_ASSET_JOB_NAME": "dagster._core.definitions.assets.job.asset_job",
    "INDEX_SHARD_NAME": "dagster._core.storage.event_log.sqlite.sqlite_event_log",
    "InstanceRef": "dagster._core.instance.ref",
    "InstigatorState": "dagster._core.scheduler.instigation",
    "InstigatorType": "dagster._core.definitions.run_request",
    "LaunchRunContext": "dagster._core.launcher.base",
    "LoadingContextForTest": "dagster._core.loader",
    "NULL_DATA_VERSION": "dagster._core.definitions.data_version",
    "PARTITION_NAME_TAG": "dagster._core.storage.tags",
    "PartitionKeyFilter": "dagster._core.event_api",
    "RUNLESS_JOB_NAME": "dagster._core.instance.utils",
    "RUNLESS_RUN_ID": "dagster._core.instance.utils",
    "PendingStepsTable": "dagster._core.storage.event_log.schema",
    "ReconstructableJob": "dagster._core.definitions.reconstruct",
    "ReconstructableRepository": "dagster._core.definitions.reconstruct",
    "RemoteJobOrigin": "dagster._core.remote_origin",
    "RunLauncher": "dagster._core.launcher.base",
    "RunTagsTable": "dagster._core.storage.runs.schema",
    "SensorInstigatorData": "dagster._core.scheduler.instigation",
    "SQLITE_BUSY_TIMEOUT_SECONDS": "dagster._core.storage.sqlite",
    "SqlEventLogStorage": "dagster._core.storage.event_log.sql_event_log",
    "SqlEventLogStorageMetadata": "dagster._core.storage.event_log.schema",
    "SqlEventLogStorageTable": "dagster._core.storage.event_log.schema",
    "SqlRunStorage": "dagster._core.storage.runs.sql_run_storage",
    "SqliteEventLogStorage": "dagster._core.storage.event_log.sqlite.sqlite_event_log",
    "SqliteEventLogStorageWatchdog": "dagster._core.storage.event_log.sqlite.sqlite_event_log",
    "SqliteRunStorage": "dagster._core.storage.runs",
    "SqliteScheduleStorage": "dagster._core.storage.schedules",
    "StepMaterializationData": "dagster._core.events",
    "UserConfigSchema": "dagster._config.config_schema",
    "WorkerStatus": "dagster._core.launcher.base",
    "WorkspaceFileTarget": "dagster._core.workspace.load_target",
    "WorkspaceProcessContext": "dagster._core.workspace.context",
    "WorkspaceRequestContext": "dagster._core.workspace.context",
    "_execute_run_command_body": "dagster._cli.api",
    "capture_interrupts": "dagster._utils.interrupts",
    "create_pg_engine": "dagster_postgres.utils",
    "deserialize_value": "dagster._serdes",
    "get_input_data_version_tag": "dagster._core.definitions.data_version",
    "get_input_event_pointer_tag": "dagster._core.definitions.data_version",
    "get_run_crash_explanation": "dagster._utils",
    "get_token_provider_from_config": "dagster_postgres.utils",
    "get_tags_from_multi_partition_key": "dagster._core.definitions.partitions.utils.multi",
    "pack_value": "dagster._serdes",
    "pg_url_from_config": "dagster_postgres.utils",
    "serialize_value": "dagster._serdes",
}
"""The module of each name, in Dagster 1.13 and dagster-postgres 0.29."""


def __getattr__(name: str) -> Any:
    """Import a name; AttributeError if it is not listed here."""
    if name not in HOMES:
        message = f"{name} is not among the names used from Dagster"
        raise AttributeError(message)
    found = getattr(import_module(HOMES[name]), name)
    globals()[name] = found
    return found
