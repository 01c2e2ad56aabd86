"""The schemas of both databases, the lectures' and Dagster's: are they those of this release, and how they become so.

Two processes that upgrade at once do so one after the other, and the second finds nothing to do.
"""

import io
from collections.abc import Mapping
from contextlib import redirect_stdout

from dagster import DagsterInstance

from lecture_assets.defs.host.instance import dagster_home, usable_instance
from lecture_assets.runner.setup.database_documents import DatabaseCheckDocument, DatabaseUpgradeDocument, StorageRevision
from lecture_assets.runner.setup.environment import check_environment, database_url, database_wait, home_of
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import HEAD, alone, is_new, revision_of, upgrade
from lecture_assets.store.private import private_folder
from lecture_assets.store.schema_comparison import differences


def check_databases(environ: Mapping[str, str]) -> DatabaseCheckDocument:
    """Compare both schemas with those of this release. Changes nothing; Dagster creates its tables where it has none yet.

    WrongInputError for a wrong variable, DatabaseTroubleError or DagsterStorageError if a database cannot be read.
    """
    database = _database(environ)
    revision = None if is_new(database) else revision_of(database)
    found = differences(database) if revision == HEAD else []
    database.close()
    storages: list[StorageRevision] = []
    if is_there := _has_instance(environ):
        with usable_instance(environ) as instance:
            storages = _revisions(instance)
    return {
        "database": database.name,
        "revision": revision,
        "wanted": HEAD,
        "differences": found,
        "dagster_home": str(dagster_home(environ)) if is_there else None,
        "dagster": storages,
        "ok": revision == HEAD and not found and all(one["revision"] == one["wanted"] for one in storages),
    }


def upgrade_databases(environ: Mapping[str, str]) -> DatabaseUpgradeDocument:
    """Create or upgrade both schemas, the lectures' first. Does nothing to one that is up to date.

    WrongInputError for a wrong variable or a database of a newer release, DagsterStorageError if Dagster's cannot be upgraded.
    """
    database = _database(environ)
    private_folder(home_of(environ), "lectures.db", "migrate.lock")
    before = upgrade(database)
    earlier: list[StorageRevision] = []
    now: list[StorageRevision] = []
    if is_there := _has_instance(environ):
        with alone(database), usable_instance(environ) as instance:
            earlier = _revisions(instance)
            with redirect_stdout(io.StringIO()):  # Dagster prints its progress there
                instance.upgrade()
            now = _revisions(instance)
    database.close()
    return {
        "database": database.name,
        "before": before,
        "revision": HEAD,
        "dagster_home": str(dagster_home(environ)) if is_there else None,
        "dagster_before": earlier,
        "dagster": now,
    }


def _database(environ: Mapping[str, str]) -> Database:
    check_environment(environ)
    return Database(database_url(environ), database_wait(environ))


def _has_instance(environ: Mapping[str, str]) -> bool:
    return (dagster_home(environ) / "dagster.yaml").exists()


def _revisions(instance: DagsterInstance) -> list[StorageRevision]:
    storages = {"runs": instance.run_storage, "events": instance.event_log_storage, "schedules": instance.schedule_storage}
    found: list[StorageRevision] = []
    for name, storage in storages.items():
        version = storage.alembic_version() if storage else None
        if version is not None:  # a storage without Alembic has no schema
            found.append({"storage": name, "revision": version[0], "wanted": str(version[1])})
    return found
