"""The Dagster instance of the lectures' home: its folder and its settings. Opening it starts nothing."""

import os
from collections.abc import Mapping
from pathlib import Path

from dagster import DagsterInstance

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.setup.environment import home_of
from lecture_assets.store.private import private_folder

EMBEDDED = Path(__file__).parents[1] / "dagster.yaml"
"""The settings of an instance that has none of its own."""
_SETTINGS = "dagster.yaml"


def dagster_home(environ: Mapping[str, str]) -> Path:
    """The instance's folder: DAGSTER_HOME, else the folder `dagster` in the lectures' home."""
    return Path(environ.get("DAGSTER_HOME") or home_of(environ) / "dagster").absolute()


def prepare_instance(environ: Mapping[str, str]) -> Path:
    """Return the instance's folder, created if missing, with the embedded settings if it has none of its own.

    WrongInputError if Dagster would not find the settings, since it treats the path as a glob pattern.
    """
    home = dagster_home(environ)
    if "[" in str(home):
        allowed = "a folder without [ in its path, which Dagster treats as a pattern (set DAGSTER_HOME to another folder)"
        raise WrongInputError([Fault("DAGSTER_HOME", repr(str(home)), allowed)])
    private_folder(home_of(environ), "lectures.db", "migrate.lock")
    private_folder(home, _SETTINGS)
    settings = home / _SETTINGS
    if not settings.exists():
        _link(settings)
    return home


def open_instance(environ: Mapping[str, str]) -> DagsterInstance:
    """Open the instance, creating it if necessary."""
    return DagsterInstance.from_config(str(prepare_instance(environ)))


def _link(settings: Path) -> None:
    """Link to the embedded settings, so that upgrades apply. To customize them, replace the link with a file."""
    new = settings.with_name(f"{_SETTINGS}.{os.getpid()}")
    new.symlink_to(EMBEDDED)
    new.replace(settings)
