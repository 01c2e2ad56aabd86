"""Check the environment variables of the store and the providers before anything is created: a fault for each wrong one."""

import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from lecture_assets.briefs.lecture_id import check_id
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.providers.catalogue import limits, read_catalogue
from lecture_assets.providers.model_name import provider_of
from lecture_assets.providers.simulated.media_cache import KEPT
from lecture_assets.providers.simulated.options import SimulatedOptions
from lecture_assets.providers.vendors import SIMULATED, vendors
from lecture_assets.runner.setup.api_rates import api_rates
from lecture_assets.runner.setup.artifacts import ARTIFACTS, CACHE, cache_bytes, check_artifacts, media_redirect, media_url
from lecture_assets.runner.setup.ceilings import ceilings
from lecture_assets.runner.setup.login import has_proxy_login
from lecture_assets.runner.setup.owners import owners_of
from lecture_assets.runner.setup.retention import keep_runs_days
from lecture_assets.runner.setup.run_limits import run_limits
from lecture_assets.runner.setup.slots import own_limits
from lecture_assets.runner.setup.vendors import ambiguous_wait, cassette_of
from lecture_assets.runner.setup.webhook_loopback import webhook_loopback
from lecture_assets.store.database import BUSY_S
from lecture_assets.store.engine import DATABASES, plain_url

_LONGEST_WAIT_S = 3600.0
_MODES = ("auto", "simulated", "live")
_OPTIONS = {"timeout"}
"""Options allowed after the `?` of a SQLite URL. Anything else is most likely a path with an unescaped `?`."""
_FOLDERS = {"LECTURES_HOME": ".lectures", ARTIFACTS: "", CACHE: "", "DAGSTER_HOME": "", KEPT: ""}


def home_of(environ: Mapping[str, str]) -> Path:
    """Return the folder that lectures are stored in."""
    return Path(environ.get("LECTURES_HOME") or ".lectures").absolute()


def database_url(environ: Mapping[str, str]) -> URL:
    """Return the database's URL. A path enters it as a value, never as text: it may contain `?`, `#` and `%41`."""
    given = environ.get("LECTURES_DATABASE_URL")
    return make_url(given) if given else URL.create("sqlite", database=str(home_of(environ) / "lectures.db"))


def workspace_of(environ: Mapping[str, str]) -> str:
    """Return the workspace of new lectures; WrongInputError for an invalid name."""
    return check_workspace(environ.get("LECTURES_WORKSPACE") or "default", "LECTURES_WORKSPACE")


def check_workspace(name: str, where: str = "--workspace") -> str:
    """Return a workspace's name. WrongInputError if it breaks the rules for ids. where: who is told to mend it."""
    try:
        return check_id(name)
    except WrongInputError as error:
        raise WrongInputError([Fault(where, fault.found, fault.allowed) for fault in error.faults]) from None


def database_wait(environ: Mapping[str, str]) -> float:
    """Return how many seconds to wait for another process's transaction; WrongInputError for an invalid number."""
    text = environ.get("LECTURES_DATABASE_WAIT") or str(BUSY_S)
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= _LONGEST_WAIT_S:
        raise WrongInputError([Fault("LECTURES_DATABASE_WAIT", repr(text), f"seconds from 0 to {_LONGEST_WAIT_S:.0f}, like 30")])
    return seconds


def check_environment(environ: Mapping[str, str], *, reads: bool = False) -> None:
    """Raise WrongInputError with a fault for each wrong variable. Creates nothing and sends nothing.

    reads: nothing will be written, so existing read-only folders are enough
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
        check_artifacts,
        cache_bytes,
        media_url,
        media_redirect,
        run_limits,
        owners_of,
        keep_runs_days,
        webhook_loopback,
        api_rates,
        has_proxy_login,
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
        if "://" in name and variable == ARTIFACTS:
            continue  # `check_artifacts`
        if "://" in name:
            yield Fault(variable, repr(name), "a folder")
        elif not name.isprintable():
            yield Fault(variable, f"{name!r}, a name with a line break or another unprintable character", "another name")
        elif name and (why := why_not_writable(Path(name))) and not (reads and _is_readable(Path(name))):
            yield Fault(variable, f"{name!r}, {why}", "a folder that is writable, or the name of a new one")


def is_writable(folder: Path) -> bool:
    """Whether a folder can be written to, after creating it if it does not exist."""
    return why_not_writable(folder) is None


def _is_readable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)


def why_not_writable(folder: Path) -> str | None:
    """Return why a folder can be neither written to nor created; None if it can."""
    if "\0" in str(folder):
        return "a name with a null byte"
    try:
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
    if not there.is_dir():
        return "a file" if there == folder.absolute() else f"below {str(there)!r}, which is not a folder"
    return None if os.access(there, os.W_OK) else "a folder that is not writable"


def _mode(environ: Mapping[str, str]) -> Iterator[Fault]:
    mode = environ.get("LECTURES_PROVIDERS") or _MODES[0]
    if mode not in _MODES:
        yield Fault("LECTURES_PROVIDERS", repr(mode), f"one of {', '.join(_MODES)}")


def _keys(environ: Mapping[str, str]) -> Iterator[Fault]:
    for variable in (vendor.key for vendor in vendors().values()):
        if re.search(r"[^!-~]", environ.get(variable, "")):
            found = "a space, a line break or another character that is not allowed in a header"
            yield Fault(variable, found, "the key alone, exactly as its vendor shows it")


def _addresses(environ: Mapping[str, str]) -> Iterator[Fault]:
    for variable in (vendor.address for vendor in vendors().values()):
        text = environ.get(variable, "")
        try:
            parts = urlsplit(text)
            is_url = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and " " not in text
        except ValueError:
            is_url = False
        if text and not is_url:
            yield Fault(variable, repr(text[:100]), "a URL like https://example.com/v1")


def _catalogue(environ: Mapping[str, str]) -> None:
    """Raise WrongInputError if the models or their limits are wrong, or if `live` lacks a vendor for a role."""
    catalogue = read_catalogue(environ)
    limits(environ, catalogue, own_limits())
    without = [role.value for role in Role if provider_of(catalogue.default_model(role)) == SIMULATED]
    if environ.get("LECTURES_PROVIDERS") == "live" and without:
        unset = [vendor.key for vendor in vendors().values() if vendor.name not in catalogue.keys]
        allowed = f"a vendor for each role: set {' and '.join(unset)}, or use auto"
        raise WrongInputError([Fault("LECTURES_PROVIDERS", f"'live' without a key for {', '.join(without)}", allowed)])


def _database(environ: Mapping[str, str], *, reads: bool) -> Iterator[Fault]:
    try:
        url = plain_url(make_url(environ.get("LECTURES_DATABASE_URL") or "sqlite://"))
    except WrongInputError as error:
        yield from (Fault("LECTURES_DATABASE_URL", fault.found, fault.allowed) for fault in error.faults)
        return
    except (ArgumentError, ValueError):
        yield Fault("LECTURES_DATABASE_URL", "text that is not a database URL", DATABASES)
        return
    if not environ.get("LECTURES_DATABASE_URL") or url.get_backend_name() != "sqlite":
        return
    file = url.database or ""
    options = environ["LECTURES_DATABASE_URL"].partition("?")[2]
    if unknown := [option for option in options.split("&") if option and option.partition("=")[0] not in _OPTIONS]:
        found = f"{file!r} with the unknown option {unknown[0]!r}"
        yield Fault("LECTURES_DATABASE_URL", found, "a path with ? written as %3F, % as %25 and # as %23")
    elif not (reads and Path(file).is_file()) and (why := _why_no_database(file)):
        yield Fault("LECTURES_DATABASE_URL", f"{file!r}, {why}", "a file in an existing folder that is writable")


def _journal(environ: Mapping[str, str]) -> Iterator[Fault]:
    journal = environ.get("LECTURES_SIM_JOURNAL")
    if journal and Path(journal).exists() and not Path(journal).is_file():
        yield Fault("LECTURES_SIM_JOURNAL", f"{journal!r}, which is not a file", "a file, or the name of a new one")


def _why_no_database(name: str) -> str | None:
    """Return why a database file cannot have this name; None if it can. SQLite creates the file, but not its folder."""
    if not name.isprintable():
        return "a name with a line break or another unprintable character"
    if name in {"", ":memory:"}:
        return "an in-memory database, which the next command would not find"
    file = Path(name)
    if file.is_dir() or not file.parent.is_dir():
        return "a folder" if file.is_dir() else f"in {str(file.parent)!r}, which is not a folder"
    return why_not_writable(file.parent)
