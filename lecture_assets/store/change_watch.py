"""Whether a database may have changed since it was looked at, and waiting until it has; without a query where possible."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from lecture_assets.store.database import Database
from lecture_assets.store.notices import WORK, HasFileNumber, Listener


class ChangeWatch:
    """Watches a database from one thread.

    SQLite      `PRAGMA data_version` of a connection that is kept: it changes with each commit of another one
    PostgreSQL  notices end a wait early; whether there was a change is not known without them
    """

    def __init__(self, database: Database, channel: str) -> None:
        """Nothing is connected yet. channel: of the notices."""
        self._database, self._listener = database, Listener(database, channel)
        self._kept: Any = None  # a connection of SQLite's, outside any transaction

    def mark(self) -> int | None:
        """Return a number that is the same as long as nothing was committed; None where that is not known."""
        if self._database.is_server:
            return None
        if self._kept is None:
            self._kept = self._database.engine.raw_connection()
        return int(self._kept.cursor().execute("PRAGMA data_version").fetchone()[0])

    def wait(self, seconds: float, others: Sequence[HasFileNumber] = ()) -> None:
        """Return after a notice, once one of the others can be read, or after so many seconds."""
        self._listener.wait(seconds, others)

    def close(self) -> None:
        """Close the connections."""
        self._listener.close()
        if self._kept is not None:
            self._kept.close()
            self._kept = None


_UNCHANGED_S = 60.0
"""How long a database that is not changed is not asked whether there is work."""


class WorkWatch:
    """Whether a thread that looks for work every few seconds needs to: not while nothing waits and nothing was committed."""

    def __init__(self, database: Database) -> None:
        """Used by one thread."""
        self._database, self._watch = database, ChangeWatch(database, WORK)
        self._mark: int | None = None
        self._until = 0.0

    def is_time(self) -> bool:
        """Whether there may be work. Where that is not known without a query, there may always be."""
        try:
            mark = self._watch.mark()
        except self._database.engine.dialect.loaded_dbapi.Error:  # the query says what is wrong
            mark = None
        is_time = mark is None or mark != self._mark or time.monotonic() >= self._until
        self._mark = mark
        return is_time

    def looked(self, is_any: Callable[[], bool]) -> None:
        """It was looked for work. is_any: whether there is more of it, now or later; if so, it stays time."""
        if self._mark is not None:
            self._until = 0.0 if is_any() else time.monotonic() + _UNCHANGED_S

    def close(self) -> None:
        """Close its connection."""
        self._watch.close()
