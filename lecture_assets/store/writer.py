"""A thread that writes for a regeneration, so that its event loop never waits for the database.

A commit waits for the disk (about 0.3 ms here, milliseconds elsewhere). On SQLite, writes that arrive together share one. A
server commits for many writers at once, and a write that shared a transaction would keep its locks while the next one waits for
others: there each is a transaction of its own.
"""

import asyncio
import itertools
import math
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from lecture_assets.store.database import Database, require_transaction

T = TypeVar("T")
_MOST = 24
"""The most writes that share a commit: together (0.25 ms each) they take about as long as a commit, so that none waits long."""


class Writer:
    """A thread that runs writes, the most urgent first and equally urgent ones in order.

    Each write is a function of a connection. One that raises undoes only itself.
    """

    def __init__(self, database: Database) -> None:
        """Start the thread; the writer belongs to the running event loop."""
        self._database = database
        self._most = 1 if database.is_server else _MOST
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._ticket = itertools.count()
        self._queue: queue.PriorityQueue[tuple[float, int, _Write[Any] | None]] = queue.PriorityQueue()
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()

    def submit(self, write: Callable[[Connection], T], urgency: float = math.inf) -> asyncio.Future[T]:
        """Return a future that is done when the write is durable. Raise RuntimeError after `close`.

        urgency: higher values go first; give writes whose order matters the same urgency
        """
        if self._closed:
            message = "the writer is closed"
            raise RuntimeError(message)
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put((-urgency, next(self._ticket), _Write(write, future)))
        return future

    async def close(self) -> None:
        """Finish all submitted writes."""
        self._closed = True
        self._queue.put((math.inf, next(self._ticket), None))
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        open_ = True
        while open_:
            batch = [self._queue.get()[-1]]
            while len(batch) < self._most and not self._queue.empty():
                batch.append(self._queue.get()[-1])
            open_ = None not in batch
            if writes := [write for write in batch if write is not None]:
                self._commit(writes)

    def _commit(self, batch: "list[_Write[Any]]") -> None:
        outcomes: list[tuple[_Write[Any], Any, BaseException | None]] = []
        try:
            if len(batch) == 1:
                outcomes = [(batch[0], self._database.writing(batch[0].function), None)]
            else:
                outcomes = self._database.writing(lambda connection: [(write, *self._run(connection, write)) for write in batch])
        except BaseException as error:  # noqa: BLE001 - every write of the batch reports that it failed
            outcomes = [(write, None, _carried(self._database.trouble(error))) for write in batch]
        with suppress(RuntimeError):  # the loop is closed: no future is awaited any more
            self._loop.call_soon_threadsafe(_settle, outcomes)

    def _run(self, connection: Connection, write: "_Write[Any]") -> tuple[Any, BaseException | None]:
        try:
            with connection.begin_nested():
                return write.function(connection), None
        except BaseException as error:  # noqa: BLE001 - the write's future reports it
            require_transaction(connection)
            return None, _carried(self._database.trouble(error))


def _carried(error: BaseException) -> BaseException:
    """The error as a future can carry it: futures reject StopIteration."""
    return RuntimeError(repr(error)) if isinstance(error, StopIteration) else error


def _settle(outcomes: "list[tuple[_Write[Any], Any, BaseException | None]]") -> None:
    for write, result, error in outcomes:
        if write.future.cancelled():
            continue
        if error is None:
            write.future.set_result(result)
        else:
            write.future.set_exception(error)


@dataclass(frozen=True, slots=True)
class _Write(Generic[T]):
    function: Callable[[Connection], T]
    future: "asyncio.Future[T]"
