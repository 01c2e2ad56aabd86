"""Publishers of one lecture exclude each other: of two at once, one could write what is outdated after the other's news.

SQLite      by a lock file: the database is on one machine, and a dead process holds no lock
PostgreSQL  by an advisory lock of the store's transaction. If its process is stopped or cut off, the server ends the transaction
            after some seconds; so the lock is looked at before each write to Dagster's log, and what was written without it is
            published again (`store/published.py` counts publications)
"""

from collections.abc import Collection
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.setup.context import Context
from lecture_assets.store.locking import advisory_key


class PublishLockLostError(LectureError):
    """The server ended the transaction that held the locks."""

    def __init__(self, lectures: Collection[str]) -> None:
        """Name the lectures."""
        super().__init__(
            f"the database ended the lock under which {', '.join(lectures)} was published, as it does with a process that stood "
            f"still; nothing more was written, and the sensor publishes the rest"
        )


class PublishLocks:
    """The locks of the lectures that are published in a block, which releases them."""

    def __init__(self, context: Context) -> None:
        """Hold none yet."""
        self._context = context
        self._held = ExitStack()
        self._lectures = list[str]()
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        """Begin without any."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Release all of them."""
        self._connection = None
        self._held.__exit__(kind, error, trace)

    def take(self, lecture: str, *, waits: bool = True) -> bool:
        """Exclude other publishers of a lecture. False if there is one and `waits` is False."""
        if not self._context.database.is_server:
            took = self._take_file(lecture, waits=waits)
        else:
            took = self._take_in_database(lecture, waits=waits)
        self._lectures += [lecture] if took else []
        return took

    def _take_file(self, lecture: str, *, waits: bool) -> bool:
        try:
            self._held.enter_context(FileLock(self._context.lock_path(f"{lecture}.telling"), blocking=waits))
        except Timeout:
            return False
        return True

    def _take_in_database(self, lecture: str, *, waits: bool) -> bool:
        if self._connection is None:
            self._connection = self._held.enter_context(self._context.database.write())
        key = advisory_key(f"publish {lecture}")
        if waits:
            self._connection.execute(select(func.pg_advisory_xact_lock(key)))
            return True
        return bool(self._connection.execute(select(func.pg_try_advisory_xact_lock(key))).scalar_one())

    def require(self) -> None:
        """Raise PublishLockLostError if the locks are no longer held."""
        if self._connection is not None:
            try:
                self._connection.execute(select(1))
            except DBAPIError as error:
                raise PublishLockLostError(self._lectures) from error
