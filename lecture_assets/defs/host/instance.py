"""The Dagster instance of the lectures' home: its folder and its settings. Opening it starts nothing."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from alembic.util import CommandError
from dagster import DagsterError, DagsterInstance
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from lecture_assets.defs.dagster_internals import DagsterPostgresException
from lecture_assets.graph.errors import Fault, LectureError, WrongInputError
from lecture_assets.runner.setup.environment import home_of
from lecture_assets.store.private import private_folder

EMBEDDED = Path(__file__).parents[1] / "dagster.yaml"
"""The settings of an instance that has none of its own."""
_SETTINGS = "dagster.yaml"
_MARK = "# Written by lectures; a changed file is kept as it is. sha256 "
_VARIABLE = re.compile(r"\benv:\s*['\"]?([A-Z][A-Z0-9_]*)")
"""What stands in the settings for a variable of the environment."""


class DagsterStorageError(LectureError):
    """Dagster's storage cannot be opened or upgraded."""

    def __init__(self, home: str, error: Exception) -> None:
        """home: the instance's folder."""
        why = (str(error).strip().splitlines() or [type(error).__name__])[0]
        super().__init__(
            f"Dagster's instance in {home} cannot be used ({why}); the database of the lectures is not affected "
            "(check its dagster.yaml and the database that it names, then run this again)"
        )


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
    if not settings.exists() or _is_as_written(settings):
        _write(settings)
    _check_variables(environ, settings)
    return home


def _check_variables(environ: Mapping[str, str], settings: Path) -> None:
    """Raise WrongInputError for variables that the settings name and nobody set, and if both databases are one."""
    text = settings.read_text(encoding="utf-8", errors="replace") if settings.is_file() else ""
    named = dict.fromkeys(_VARIABLE.findall("\n".join(line.partition("#")[0] for line in text.splitlines())))
    faults = [
        Fault(name, "nothing", f"a value: {settings} names it")
        for name in named
        if not (environ.get(name) or os.environ.get(name))
    ]
    own, ours = (environ.get(name, "") for name in ("DAGSTER_DATABASE_URL", "LECTURES_DATABASE_URL"))
    if own and ours and _place(own) == _place(ours):
        faults.append(Fault("DAGSTER_DATABASE_URL", "the database of LECTURES_DATABASE_URL", "another one, for Dagster alone"))
    if faults:
        raise WrongInputError(faults)


def _place(url: str) -> object:
    """Return what tells databases apart; the text itself of what is no URL."""
    try:
        found = make_url(url)
    except ArgumentError:
        return url
    return found.host, found.port, found.database


def open_instance(environ: Mapping[str, str]) -> DagsterInstance:
    """Open the instance, creating it if necessary."""
    return DagsterInstance.from_config(str(prepare_instance(environ)))


@contextmanager
def usable_instance(environ: Mapping[str, str]) -> Iterator[DagsterInstance]:
    """Open Dagster's instance. DagsterStorageError if its settings or its database do not allow it."""
    try:
        with open_instance(environ) as instance:
            yield instance
    except (DagsterError, DagsterPostgresException, SQLAlchemyError, CommandError) as error:
        raise DagsterStorageError(str(dagster_home(environ)), error) from error


def _write(settings: Path) -> None:
    """Write the embedded settings under a line with their digest. As long as nobody changes them, an upgrade writes them anew."""
    text = EMBEDDED.read_text(encoding="utf-8")
    wanted = f"{_MARK}{hashlib.sha256(text.encode()).hexdigest()}\n{text}"
    if settings.is_symlink() or not settings.exists() or settings.read_text(encoding="utf-8", errors="replace") != wanted:
        new = settings.with_name(f"{_SETTINGS}.{os.getpid()}")
        new.write_text(wanted, encoding="utf-8")
        new.replace(settings)


def _is_as_written(settings: Path) -> bool:
    """Whether the settings are those of this release or an earlier one: an earlier one left a link to the package's file."""
    if settings.is_symlink():
        return settings.readlink().parts[-3:] == EMBEDDED.parts[-3:]
    first, _, text = settings.read_text(encoding="utf-8", errors="replace").partition("\n")
    return first == f"{_MARK}{hashlib.sha256(text.encode()).hexdigest()}"
