"""The variables that the store and the providers depend on, looked at before anything is created: a fault for each wrong one."""

import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from lecture_assets.briefs.lecture_id import check_id
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.lecture import Role
from lecture_assets.providers.catalogue import limits, provider_of, read_catalogue
from lecture_assets.providers.simulated.media_cache import KEPT
from lecture_assets.providers.simulated.vendor import SimulatedOptions
from lecture_assets.providers.vendors import SIMULATED, vendors
from lecture_assets.runner.setup.ceilings import ceilings
from lecture_assets.runner.setup.vendors import ambiguous_wait, cassette_of
from lecture_assets.store.database import BUSY_S

_LONGEST_WAIT_S = 3600.0
_MODES = ("auto", "simulated", "live")
_OPTIONS = {"timeout"}
"""What a SQLite URL may have after a `?`. Anything else is most likely a path whose `?` was not quoted."""
_FOLDERS = {"LECTURES_HOME": ".lectures", "LECTURES_ARTIFACTS": "", "DAGSTER_HOME": "", KEPT: ""}


def home_of(environ: Mapping[str, str]) -> Path:
    """The folder that lectures are kept in."""
    return Path(environ.get("LECTURES_HOME") or ".lectures").absolute()


def database_url(environ: Mapping[str, str]) -> URL:
    """Where the database is. A path becomes part of a URL as a value, never as text: it may hold `?`, `#` and `%41`."""
    given = environ.get("LECTURES_DATABASE_URL")
    return make_url(given) if given else URL.create("sqlite", database=str(home_of(environ) / "lectures.db"))


def workspace_of(environ: Mapping[str, str]) -> str:
    """The workspace that new lectures belong to; WrongInputError for a name that is none."""
    name = environ.get("LECTURES_WORKSPACE") or "default"
    try:
        return check_id(name)
    except WrongInputError as error:
        raise WrongInputError([Fault("LECTURES_WORKSPACE", fault.found, fault.allowed) for fault in error.faults]) from None


def database_wait(environ: Mapping[str, str]) -> float:
    """Seconds that another process's transaction is waited for; WrongInputError where they are none."""
    text = environ.get("LECTURES_DATABASE_WAIT") or str(BUSY_S)
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= _LONGEST_WAIT_S:
        raise WrongInputError([Fault("LECTURES_DATABASE_WAIT", repr(text), f"seconds from 0 to {_LONGEST_WAIT_S:.0f}, like 30")])
    return seconds


def check_environment(environ: Mapping[str, str], *, reads: bool = False) -> None:
    """WrongInputError with a fault for each variable that is wrong; nothing is created, nothing asked.

    reads: nothing will be written, so that folders will do that are there and may only be read
    """
    faults = [
        *_folders(environ, reads=reads),
        *_mode(environ),
        *_keys(environ),
        *_addresses(environ),
        *_database(environ, reads=reads),
        *_journal(environ),
    ]
    read: tuple[Callable[[Mapping[str, str]], object], ...] = (
        workspace_of,
        _catalogue,
        ceilings,
        ambiguous_wait,
        cassette_of,
        SimulatedOptions.from_environ,
        database_wait,
    )
    for check in read:
        try:
            check(environ)
        except WrongInputError as error:
            faults += error.faults
    if faults:
        raise WrongInputError(list(dict.fromkeys(faults)))


def _folders(environ: Mapping[str, str], *, reads: bool) -> Iterator[Fault]:
    for variable, default in _FOLDERS.items():
        name = environ.get(variable) or default
        if "://" in name:
            yield Fault(variable, repr(name), "a folder: this version keeps media in files only")
        elif not name.isprintable():
            yield Fault(variable, f"{name!r}, a name with a line break or another character that cannot be shown", "another name")
        elif name and (why := no_folder(Path(name))) and not (reads and _is_readable(Path(name))):
            yield Fault(variable, f"{name!r}, {why}", "a folder that may be written, or a name for a new one")


def is_writable(folder: Path) -> bool:
    """Whether something can be written into a folder, or into one that would be made there."""
    return no_folder(folder) is None


def _is_readable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)


def no_folder(folder: Path) -> str | None:
    """Why a folder can neither be made nor written, None where it can."""
    if "\0" in str(folder):
        return "a name with a null byte"
    try:
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
    if not there.is_dir():
        return "a file" if there == folder.absolute() else f"below {str(there)!r}, which is no folder"
    return None if os.access(there, os.W_OK) else "a folder that cannot be written"


def _mode(environ: Mapping[str, str]) -> Iterator[Fault]:
    mode = environ.get("LECTURES_PROVIDERS") or _MODES[0]
    if mode not in _MODES:
        yield Fault("LECTURES_PROVIDERS", repr(mode), f"one of {', '.join(_MODES)}")


def _keys(environ: Mapping[str, str]) -> Iterator[Fault]:
    for variable in (vendor.key for vendor in vendors().values()):
        if re.search(r"[^!-~]", environ.get(variable, "")):
            found = "a space, a line break or another character that no header can hold"
            yield Fault(variable, found, "the key alone, as its vendor shows it")


def _addresses(environ: Mapping[str, str]) -> Iterator[Fault]:
    for variable in (vendor.address for vendor in vendors().values()):
        text = environ.get(variable, "")
        try:
            parts = urlsplit(text)
            is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and " " not in text
        except ValueError:
            is_one = False
        if text and not is_one:
            yield Fault(variable, repr(text[:100]), "an address like https://example.com/v1")


def _catalogue(environ: Mapping[str, str]) -> None:
    """WrongInputError where the models or the limits over them are wrong, or `live` has no vendor for a role."""
    catalogue = read_catalogue(environ)
    limits(environ, catalogue)
    without = [role.value for role in Role if provider_of(catalogue.default_model(role)) == SIMULATED]
    if environ.get("LECTURES_PROVIDERS") == "live" and without:
        unset = [vendor.key for vendor in vendors().values() if vendor.name not in catalogue.keys]
        allowed = f"a vendor for each role: set {' and '.join(unset)}, or use auto"
        raise WrongInputError([Fault("LECTURES_PROVIDERS", f"'live' without a key for {', '.join(without)}", allowed)])


def _database(environ: Mapping[str, str], *, reads: bool) -> Iterator[Fault]:
    allowed = "a URL like sqlite:///lectures.db"
    try:
        url = make_url(environ.get("LECTURES_DATABASE_URL") or "sqlite://")
        url.get_dialect().import_dbapi()
    except (NoSuchModuleError, ImportError):
        yield Fault("LECTURES_DATABASE_URL", f"a database of {url.drivername}, which is not installed", allowed)
        return
    except (ArgumentError, ValueError):
        yield Fault("LECTURES_DATABASE_URL", "no URL of a database", allowed)
        return
    if not environ.get("LECTURES_DATABASE_URL") or url.get_backend_name() != "sqlite":
        return
    file = url.database or ""
    options = environ["LECTURES_DATABASE_URL"].partition("?")[2]
    if unknown := [option for option in options.split("&") if option and option.partition("=")[0] not in _OPTIONS]:
        found = f"{file!r} with the option {unknown[0]!r}, which SQLite does not have"
        yield Fault("LECTURES_DATABASE_URL", found, "a path in which ? is written %3F, % is written %25 and # is written %23")
    elif not (reads and Path(file).is_file()) and (why := _no_file(file)):
        yield Fault("LECTURES_DATABASE_URL", f"{file!r}, {why}", "a file in a folder that is there and may be written")


def _journal(environ: Mapping[str, str]) -> Iterator[Fault]:
    journal = environ.get("LECTURES_SIM_JOURNAL")
    if journal and Path(journal).exists() and not Path(journal).is_file():
        yield Fault("LECTURES_SIM_JOURNAL", f"{journal!r}, which is no file", "a file, or a name for a new one")


def _no_file(name: str) -> str | None:
    """Why a database can be no file of this name: SQLite makes the file, and no folder for it."""
    if not name.isprintable():
        return "a name with a line break or another character that cannot be shown"
    if name in {"", ":memory:"}:
        return "a database in memory, which the next command would not find"
    file = Path(name)
    if file.is_dir() or not file.parent.is_dir():
        return "a folder" if file.is_dir() else f"in {str(file.parent)!r}, which is no folder"
    return no_folder(file.parent)
