"""Everything an instance stores, in one PostgreSQL database: Dagster's storages, with an event log of ours."""

from collections.abc import Mapping
from typing import Any

from dagster import DagsterInstance
from dagster_postgres import DagsterPostgresStorage, PostgresRunStorage, PostgresScheduleStorage

from lecture_assets.defs.dagster_internals import (
    ConfigurableClass,
    ConfigurableClassData,
    DagsterStorage,
    UserConfigSchema,
    get_token_provider_from_config,
)
from lecture_assets.defs.host.postgres_event_log import BatchedPostgresEventLogStorage, postgres_url


class PostgresStorage(DagsterStorage[DagsterInstance], ConfigurableClass):
    """Runs, events, schedules and sensors. In an empty database the tables are created, unless the settings forbid it."""

    def __init__(
        self, inst_data: ConfigurableClassData | None, url: str, *, creates_tables: bool = True, token_provider: Any = None
    ) -> None:
        """Open the database. url: of SQLAlchemy; token_provider: of dagster-postgres, in place of a password."""
        self._inst_data = inst_data
        self._runs = PostgresRunStorage(url, creates_tables, token_provider=token_provider)
        self._events = BatchedPostgresEventLogStorage(url, creates_tables, token_provider=token_provider)
        self._schedules = PostgresScheduleStorage(url, creates_tables, token_provider=token_provider)

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """The storage's section of dagster.yaml."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """The settings of dagster-postgres: `postgres_url`, or `postgres_db` and perhaps `auth_provider`."""
        return DagsterPostgresStorage.config_type()

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]) -> "PostgresStorage":
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
