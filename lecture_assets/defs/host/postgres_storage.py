"""Everything an instance stores, in one PostgreSQL database: Dagster's storages, with an event log of ours.

Dagster's classes open a connection for each query, and look for their tables whenever an instance is opened, as each evaluation
of a sensor does. Here the three share an engine that keeps one connection until the instance is disposed of; more are opened
while threads need them. A process looks for the tables once.
"""

import os
from collections.abc import Mapping
from typing import Any

from dagster import DagsterInstance
from dagster_postgres import DagsterPostgresStorage, PostgresRunStorage, PostgresScheduleStorage
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from lecture_assets.defs.dagster_internals import (
    ConfigurableClassData,
    DagsterStorage,
    UserConfigSchema,
    create_pg_engine,
    get_token_provider_from_config,
)
from lecture_assets.defs.host.configured_class import ConfiguredClass
from lecture_assets.defs.host.postgres_event_log import BatchedPostgresEventLogStorage, postgres_url

_with_tables: set[str] = set()
"""The URLs of databases in which this process has found Dagster's tables, or created them."""


class PostgresStorage(DagsterStorage[DagsterInstance], ConfiguredClass):
    """Runs, events, schedules and sensors. In an empty database the tables are created, unless the settings forbid it."""

    def __init__(
        self, inst_data: ConfigurableClassData | None, url: str, *, creates_tables: bool = True, token_provider: Any = None
    ) -> None:
        """Open the database. url: of SQLAlchemy; token_provider: of dagster-postgres, in place of a password."""
        self._inst_data = inst_data
        looks = creates_tables and url not in _with_tables
        self._runs = PostgresRunStorage(url, looks, token_provider=token_provider)
        self._events = BatchedPostgresEventLogStorage(url, looks, token_provider=token_provider)
        self._schedules = PostgresScheduleStorage(url, looks, token_provider=token_provider)
        _with_tables.add(url)
        engine = _open_engine(url, token_provider)
        for part in (self._runs, self._events, self._schedules):
            part._engine = engine  # noqa: SLF001 - Dagster's classes take none

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """The settings of dagster-postgres: `postgres_url`, or `postgres_db` and perhaps `auth_provider`."""
        return DagsterPostgresStorage.config_type()

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> "PostgresStorage":
        """Create the storage from its settings. WrongInputError for a URL of another driver than psycopg2."""
        return cls(
            inst_data,
            postgres_url(config_value),
            creates_tables=config_value.get("should_autocreate_tables", True),
            token_provider=get_token_provider_from_config(config_value),
        )

    @property
    def run_storage(self) -> PostgresRunStorage:
        """Runs."""
        return self._runs

    @property
    def event_log_storage(self) -> BatchedPostgresEventLogStorage:
        """Events, assets, partitions and pools."""
        return self._events

    @property
    def schedule_storage(self) -> PostgresScheduleStorage:
        """Schedules and sensors."""
        return self._schedules


def _open_engine(url: str, token_provider: Any) -> Engine:
    """An engine that commits each statement, as Dagster's classes expect, and looks whether a kept connection still works."""
    engine: Engine = create_pg_engine(
        url, token_provider, isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=-1, pool_pre_ping=True
    )

    def connected(_connection: object, entry: Any) -> None:
        entry.info["process"] = os.getpid()

    def taken(_connection: object, entry: Any, _proxy: object) -> None:
        if entry.info["process"] != os.getpid():
            entry.dbapi_connection = None  # it stays open for the parent
            raise DisconnectionError

    event.listen(engine, "connect", connected)
    event.listen(engine, "checkout", taken)
    return engine
