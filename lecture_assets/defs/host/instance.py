"""The Dagster instance that belongs to the lectures' home: where it is, and which settings it has. Opens it, starts nothing."""

import os
from collections.abc import Mapping
from pathlib import Path

from dagster import DagsterInstance

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.setup.environment import home_of
from lecture_assets.store.private import private_folder

EMBEDDED = Path(__file__).parents[1] / "dagster.yaml"
"""The settings of an instance that nobody gave settings of his own."""
_SETTINGS = "dagster.yaml"


def dagster_home(environ: Mapping[str, str]) -> Path:
    """The folder of the instance: what DAGSTER_HOME says, else the folder `dagster` in the lectures' home."""
    return Path(environ.get("DAGSTER_HOME") or home_of(environ) / "dagster").absolute()


def prepare_instance(environ: Mapping[str, str]) -> Path:
    """The folder of the instance, made where it is not there, with the embedded settings where it has none.

    WrongInputError where Dagster would not find them: it takes the path for a pattern.
    """
    home = dagster_home(environ)
    if "[" in str(home):
        allowed = "a folder without [ in its path, which Dagster takes for a pattern (DAGSTER_HOME may name another one)"
        raise WrongInputError([Fault("DAGSTER_HOME", repr(str(home)), allowed)])
    private_folder(home_of(environ), "lectures.db", "migrate.lock")
    private_folder(home, _SETTINGS)
    settings = home / _SETTINGS
    if not settings.exists():
        _link(settings)
    return home


def open_instance(environ: Mapping[str, str]) -> DagsterInstance:
    """The instance, made where it is not there."""
    return DagsterInstance.from_config(str(prepare_instance(environ)))


def _link(settings: Path) -> None:
    """A link, so that a newer version's settings reach an instance that has none of its own; whoever wants own writes a file."""
    new = settings.with_name(f"{_SETTINGS}.{os.getpid()}")
    new.symlink_to(EMBEDDED)
    new.replace(settings)
