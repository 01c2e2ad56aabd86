"""Translate database errors into errors with a remedy: locked by another process, disk full, damaged, unusable.

Any other error from a database is a bug in this software.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError

from lecture_assets.graph.errors import LectureError

_PRIMARY = 0xFF
"""SQLite's extended result codes have the primary code in their lowest byte."""
_WRITERS_BYTE, _MAIN_BYTES = 120, 0x40000000
"""The bytes SQLite locks: a WAL writer byte 120 of the -shm file, in rollback mode bytes from 0x40000000 of the database file
("WAL-mode File Format" 2.3.1 and os.h, read 2026-11-28)."""


class DatabaseTroubleError(LectureError):
    """The database cannot be read or written."""


class LockedError(DatabaseTroubleError):
    """Another process has locked the database."""

    exit_code = 3

    def __init__(self, name: str, holder: "Holder | None") -> None:
        """Name the process if it is known."""
        who, remedy = "", "end it or wait until it is done, then run this again"
        if holder is not None:
            who = f" ({holder})"
            remedy = f"resume it with `kill -CONT {holder.pid}` or end it, then run this again" if holder.is_stopped else remedy
        super().__init__(
            f"another process{who} has locked the database {name}; nothing was changed, and everything made so far is kept "
            f"({remedy})"
        )


class CollisionError(LockedError):
    """Two transactions waited for each other, and the server ended this one."""


class DiskFullError(DatabaseTroubleError):
    """The disk is full."""

    exit_code = 1

    def __init__(self, name: str) -> None:
        """Name the database."""
        super().__init__(
            f"No space left on device ({name}): what was being written was discarded, everything made before is kept, "
            f"and the same command continues from here once there is space"
        )


class DamagedDatabaseError(DatabaseTroubleError):
    """The database is damaged."""

    def __init__(self, name: str, why: str) -> None:
        """Name the database and, in `why`, what was found."""
        saved = "`lectures db check` its tables" if "://" in name else f"`sqlite3 {name} .recover` saves what can still be read"
        super().__init__(
            f"the database {name} is damaged ({why}); nothing was changed (restore a backup; `lectures doctor` reports the "
            f"damage, and {saved})"
        )


class UnusableDatabaseError(DatabaseTroubleError):
    """The database cannot be opened, reached or written."""

    def __init__(self, name: str, why: str, remedy: str = "make it readable and writable") -> None:
        """Name the database and, in `why`, what the system reported."""
        super().__init__(f"the database {name} cannot be used ({why}); nothing was changed ({remedy})")


class LostConnectionError(DatabaseTroubleError):
    """The database's server does not answer, or closed the connection."""

    exit_code = 3
    does = "does not answer"

    def __init__(self, name: str, why: str, remedy: str = "start its server, or check LECTURES_DATABASE_URL") -> None:
        """Name the database and, in `why`, what was reported."""
        super().__init__(
            f"the database {name} {self.does} ({why}); what was being written was discarded, everything made before is kept "
            f"({remedy}; the same command continues from here)"
        )


class FullServerError(LostConnectionError):
    """The server has no connection left."""

    does = "takes no more connections"

    def __init__(self, name: str, why: str) -> None:
        """Name the database and, in `why`, what was reported."""
        super().__init__(name, why, "raise `max_connections`, or the limit of its user")


class StandbyError(LostConnectionError):
    """The server may only be read: it is a standby, or became one, or the user's transactions are read-only."""

    does = "may only be read"

    def __init__(self, name: str, why: str) -> None:
        """Name the database and, in `why`, what was reported."""
        super().__init__(name, why, "give the URL of the server that may be written, or a user who may write")


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a lock. is_stopped: suspended by Ctrl-Z, a debugger or a paused container."""

    pid: int
    is_stopped: bool

    def __str__(self) -> str:
        """`pid 4711, stopped`."""
        return f"pid {self.pid}{', stopped' if self.is_stopped else ''}"


def trouble_of(error: Exception, name: str, file: Path | None) -> DatabaseTroubleError | None:
    """Translate an error of the database `name`; return None for any other error. file: the SQLite file, if it is one."""
    raised = error.orig if isinstance(error, DBAPIError) else error
    why = (str(raised).splitlines() or [type(raised).__name__])[0]
    if isinstance(raised, UnicodeDecodeError):
        return DamagedDatabaseError(name, "its own error message is not valid text")
    if isinstance(raised, sqlite3.Error):
        return _of_sqlite(raised, why, name, file)
    return _of_postgres(error, raised, why, name)


TROUBLES = (DBAPIError, sqlite3.Error, UnicodeDecodeError)
"""The errors that `trouble_of` translates. From a damaged file, even SQLite's own messages may not be valid UTF-8."""


def _of_postgres(error: Exception, raised: object, why: str, name: str) -> DatabaseTroubleError | None:
    state = str(getattr(raised, "sqlstate", None) or getattr(raised, "pgcode", None) or "")
    if state in _POSTGRES_ERRORS:
        return _POSTGRES_ERRORS[state](name, why)
    if state in _NOT_SUPPORTED and "during recovery" in why:
        return StandbyError(name, why)
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    is_refused = not state and (isinstance(error, OperationalError) or "invalid dsn" in why)
    if not (is_lost or is_refused):
        return None
    if any(words in why for words in _FULL):
        return FullServerError(name, why)
    remedy = next((remedy for words, remedy in _REFUSALS.items() if words in why), None)
    return LostConnectionError(name, why) if remedy is None else UnusableDatabaseError(name, why, remedy)


def _unusable(remedy: str) -> "Callable[[str, str], DatabaseTroubleError]":
    return lambda name, why: UnusableDatabaseError(name, why, remedy)


def _canceled(name: str, why: str) -> DatabaseTroubleError:
    """The error for a statement that the server canceled, after a time or because an administrator asked for it."""
    is_late = "statement timeout" in why
    return UnusableDatabaseError(name, why, _TOO_LONG) if is_late else LostConnectionError(name, why)


_LOGIN = "check the user and the password: in the URL, or PGPASSWORD or PGPASSFILE where it has none"
_GIVEN_URL = "create it, or check the URL"
_TOO_LONG = "raise `statement_timeout` of its user, then run this again"
_RIGHTS = "grant its user all rights on the tables, and CREATE in their schema"
_POSTGRES_ERRORS: dict[str, Callable[[str, str], DatabaseTroubleError]] = {
    **dict.fromkeys(("53100", "53200"), lambda name, _: DiskFullError(name)),
    **dict.fromkeys(("XX001", "XX002", "42P01", "42703"), DamagedDatabaseError),  # pages, an index; no such table or column
    **dict.fromkeys(("40P01", "40001"), lambda name, _: CollisionError(name, None)),  # a deadlock, no serialization
    "55P03": lambda name, _: LockedError(name, None),
    "42501": _unusable(_RIGHTS),
    **dict.fromkeys(("28000", "28P01"), _unusable(_LOGIN)),
    "3D000": _unusable(_GIVEN_URL),
    "25006": StandbyError,
    "57014": _canceled,
    **dict.fromkeys(("57P01", "57P02", "57P03"), LostConnectionError),  # it shuts down, crashed, starts
    "57P05": LostConnectionError,  # a session was idle
    "53300": FullServerError,
    **dict.fromkeys(("25P03", "25P04"), LostConnectionError),  # a transaction was idle, or open for too long
}
"""By SQLSTATE ("PostgreSQL Error Codes", PostgreSQL 18, appendix A)."""
_NOT_SUPPORTED = {"0A000", "55000"}
"""What a standby answers, among much else: such a feature does not exist, the server is not in such a state."""
_FULL = ("too many connections", "too many clients", "remaining connection slots")
_REFUSALS = {
    **dict.fromkeys(("does not support SSL", "certificate"), "check `sslmode` and the certificates"),
    **dict.fromkeys(("invalid dsn", "invalid port", "invalid integer", "invalid sslmode"), "check the URL"),
    "does not exist": _GIVEN_URL,
    **dict.fromkeys(("authentication failed", "no pg_hba.conf entry", "no password supplied"), _LOGIN),
    **dict.fromkeys(("permission denied for database", "not permitted to log in"), "grant its user CONNECT and LOGIN"),
}
"""The words for a connection that is refused for good, and what to do. libpq gives errors of connecting no code: those above
mean that no server, or none with a free connection, could be reached."""


def _of_sqlite(raised: sqlite3.Error, why: str, name: str, file: Path | None) -> DatabaseTroubleError | None:
    code = getattr(raised, "sqlite_errorcode", None)
    if code is None:  # raised by Python for invalid text
        return DamagedDatabaseError(name, why) if "UTF-8" in why else None
    match code & _PRIMARY:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LockedError(name, holder_of(file) if file else None)
        case found if found == sqlite3.SQLITE_FULL or (found == sqlite3.SQLITE_IOERR and file and _is_full(file)):
            return DiskFullError(name)
        case found if found in _UNUSABLE:
            return UnusableDatabaseError(name, why)
        case found if found in _DAMAGED or (found == sqlite3.SQLITE_ERROR and why.startswith(_TORN)):
            return DamagedDatabaseError(name, why)
    return None


_UNUSABLE = {
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_TORN = ("no such table", "no such column", "malformed")


def _is_full(file: Path) -> bool:
    """Whether the disk lacks space even for a page and its frame in the log."""
    with suppress(OSError):
        found = os.statvfs(file.parent)
        return found.f_bavail * found.f_frsize < 1 << 16
    return False


def holder_of(file: Path) -> Holder | None:
    """Return another process whose lock keeps this one from writing a SQLite file, or None if it cannot be determined.

    Read from /proc/locks: opening and closing the file would release this process's own locks.
    """
    with suppress(OSError):
        for pid in _lockers(file):
            if pid not in {0, os.getpid()}:
                return Holder(pid, is_stopped=_state(pid) in {"T", "t"})
    return None


def _lockers(file: Path) -> Iterator[int]:
    shared = file.with_name(f"{file.name}-shm")
    first = {path.stat().st_ino: byte for path, byte in ((shared, _WRITERS_BYTE), (file, _MAIN_BYTES)) if path.exists()}
    for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
        match line.split():  # 1: POSIX ADVISORY WRITE 4711 fe:00:131090 120 120
            case [_, "POSIX", _, "WRITE", pid, place, start, end]:
                byte = first.get(int(place.rpartition(":")[2]))
                if byte is not None and (int(start) >= byte == _MAIN_BYTES or int(start) <= byte <= _last(end)):
                    yield int(pid)


def _last(end: str) -> float:
    return float("inf") if end == "EOF" else int(end)


def _state(pid: int) -> str:
    """Return the letter of a process's state, or an empty text if it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    return ""
