"""Which errors of a database are over soon: it is busy, restarting or away for a moment. What failed is then done again."""

import sqlite3
import time
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from lecture_assets.store.troubles import DamagedDatabaseError, DiskFullError, LockedError, LostConnectionError

_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Half a minute in all: a PostgreSQL server that restarts is back within seconds."""


def is_temporary(error: BaseException) -> bool:
    """Whether an error, or the one that it translates, is of a database that is busy, or of a server that is away."""
    if isinstance(error, OperationalError | InterfaceError | LockedError | LostConnectionError):
        return True
    cause = error.__cause__
    if isinstance(error, DamagedDatabaseError | DiskFullError) or not isinstance(cause, DBAPIError):
        return False
    return is_temporary(cause) and not isinstance(cause.orig, sqlite3.Error)


def patiently(work: Callable[[], object]) -> None:
    """Do work; again, if a database was away meanwhile. What it did before the error is then done twice."""
    for pause_s in _PAUSES_S:
        try:
            work()
        except Exception as error:
            if not is_temporary(error):
                raise
            time.sleep(pause_s)
        else:
            return
    work()
