"""Whether a database may have changed since it was looked at, and waiting until it has; without a query where possible."""

from collections.abc import Sequence
from typing import Any

from lecture_assets.store.database import Database
from lecture_assets.store.notices import HasFileNumber, Listener


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
