"""What `lectures db check` and `lectures db upgrade` print with --json; `defs/databases.py` builds it."""

from typing_extensions import TypedDict


class StorageRevision(TypedDict):
    """A storage of Dagster's. revision: of its schema, null before it has tables; wanted: what the installed Dagster expects."""

    storage: str
    revision: str | None
    wanted: str


class DatabaseCheckDocument(TypedDict):
    """What `db check` prints.

    revision:     of the lectures' schema; null before it has tables
    wanted:       this release's
    differences:  how its tables differ from this release's, a sentence each; only if the revision is the wanted one
    dagster_home: the folder of Dagster's instance; null where there is none
    ok:           nothing is to be upgraded or mended
    """

    database: str
    revision: str | None
    wanted: str
    differences: list[str]
    dagster_home: str | None
    dagster: list[StorageRevision]
    ok: bool


class DatabaseUpgradeDocument(TypedDict):
    """What `db upgrade` prints.

    before:         the revision of the lectures' schema until now; null if it had no tables
    dagster_before: Dagster's storages until now
    """

    database: str
    before: str | None
    revision: str
    dagster_home: str | None
    dagster_before: list[StorageRevision]
    dagster: list[StorageRevision]
