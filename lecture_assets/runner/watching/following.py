"""Follows the progress of lectures for any number of watchers of this process: one thread looks for all of them.

    watchers ── follow ──► the last events of each lecture, in memory ◄── one look ── the thread ◄── a notice, or 250 to 500 ms
        └── one that is behind ── asks the thread ──► a page of the store

A watcher has the number of its last event, and no queue. One that is slow finds its next events in memory or in the store later,
and keeps nobody waiting. A look is one query for all lectures that are followed; on SQLite, only where the file has changed.

While the database is away, watchers wait; afterwards each goes on with its next number.
"""

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, aclosing, suppress
from types import TracebackType

from sqlalchemy import Connection

from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.reading.progress import events_after, progress_document
from lecture_assets.runner.reading.progress_shapes import ProgressDocument, ProgressEvent
from lecture_assets.runner.watching.watchers import PAGE, RECENT, Answer, Watcher, Watchers
from lecture_assets.store import progress
from lecture_assets.store.change_watch import ChangeWatch
from lecture_assets.store.database import Database
from lecture_assets.store.notices import PROGRESS
from lecture_assets.store.troubles import CollisionError, DatabaseTroubleError, LockedError, LostConnectionError

_LOOK_S, _AWAY_S, _IDLE_S = 0.25, 1.0, 3600.0
"""Between two looks; while the database is away; while nobody watches."""
_LOOK_OF_EACH_S, _LONGEST_LOOK_S = 0.00025, 0.5
"""What each watcher adds between two looks, up to so much: a thousand are told of twice as many events at once, half as often."""
_PATIENCE_S = 1.0
"""How long one query waits for a database that is away: closing waits for it."""
_ANSWERS = 50
"""Pages read for watchers that are behind, between two looks."""
_AWAY = (LostConnectionError, LockedError, CollisionError)
_LOG = logging.getLogger(__name__)


def progress_now(database: Database, lecture: str) -> ProgressDocument:
    """Return where a lecture's log of progress stands. UnknownLectureError if the lecture does not exist."""
    return database.reading(lambda connection: progress_document(connection, lecture))


class ProgressHub(AbstractContextManager["ProgressHub"]):
    """Follows lectures of one database, in any number of event loops. Its thread starts with the first watcher."""

    def __init__(self, database: Database) -> None:
        """Use connections of its own to this database."""
        self._watchers = Watchers()
        self._thread = _Look(database, self._watchers)
        self._is_started = threading.Lock()

    async def follow(self, lecture: str, after: int) -> AsyncGenerator[ProgressEvent, None]:
        """Iterate over the events after a number (0: all), each once and in order, as they come; after `close`, end.

        Raises what `pages` raises.
        """
        async with aclosing(self.pages(lecture, after)) as pages:
            async for page in pages:
                for event in page:
                    yield event

    async def pages(self, lecture: str, after: int) -> AsyncGenerator[list[ProgressEvent], None]:
        """The same, with the events that are there at once in one page, never an empty one.

        UnknownLectureError if the lecture does not exist, or is deleted meanwhile; WrongInputError for a negative number;
        DatabaseTroubleError if the database cannot be read, other than for being away.
        """
        watcher = Watcher(asyncio.get_running_loop())
        self._watchers.join(lecture, watcher)
        try:
            self._start()
            while not self._watchers.is_closed:
                watcher.changed.clear()
                page = self._watchers.after(lecture, after)
                page = await self._ask(lecture, after) if page is None else page
                if page:
                    yield page
                    after = page[-1]["number"]
                elif not self._watchers.is_closed:
                    await watcher.changed.wait()
        finally:
            self._watchers.leave(lecture, watcher)

    async def _ask(self, lecture: str, after: int) -> list[ProgressEvent]:
        answer: Answer = asyncio.get_running_loop().create_future()
        self._watchers.ask(lecture, after, answer)
        self._thread.wake()
        return await answer

    def _start(self) -> None:
        if self._is_started.acquire(blocking=False):
            self._thread.start()

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End all watchers and the thread. Takes as long as a query; some seconds while the database is away."""
        self._watchers.close()
        self._thread.wake()
        if not self._is_started.acquire(blocking=False):
            self._thread.join()
        self._thread.release()
        self._watchers.end(self._watchers.asked(), [])
        self._watchers.forget()


class _Look(threading.Thread):
    """Looks for all watchers, and reads pages for those that are behind."""

    def __init__(self, database: Database, watchers: Watchers) -> None:
        super().__init__(name="progress", daemon=True)
        self._url, self._watchers = database.url, watchers
        self._waker, self._woken = socket.socketpair()
        self._waker.settimeout(0.0)
        self._woken.settimeout(0.0)
        self._mark: int | None = None

    def wake(self) -> None:
        """End the wait for the next look."""
        with suppress(OSError):  # it is awake anyway, or has ended
            self._waker.send(b"1")

    def release(self) -> None:
        """Close what wakes it, once it has ended."""
        self._waker.close()
        self._woken.close()

    def run(self) -> None:
        """Look until it is closed."""
        database = Database(self._url, _PATIENCE_S)
        watch = ChangeWatch(database, PROGRESS)
        is_away = False
        try:
            while not self._watchers.is_closed:
                was_away, is_away = is_away, False
                try:
                    self._turn(database, watch)
                except _AWAY as error:
                    is_away = True
                    if not was_away:
                        _LOG.warning("progress waits for the database: %s", error)
                except Exception as error:  # noqa: BLE001 - each watcher raises it
                    self._fail(error)
                self._pause(watch, is_away=is_away)
        finally:
            watch.close()
            database.close()

    def _turn(self, database: Database, watch: ChangeWatch) -> None:
        mark, known = watch.mark(), self._watchers.known()
        questions = self._watchers.asked()[:_ANSWERS]
        is_unchanged = mark is not None and mark == self._mark and None not in known.values()
        if not questions and (is_unchanged or not known):
            return
        with database.read() as connection:
            for question in questions:
                self._answer(connection, question)
            if not is_unchanged:
                self._look(connection, known)
        self._mark = mark

    def _answer(self, connection: Connection, question: tuple[str, int]) -> None:
        try:
            page = events_after(connection, *question, PAGE)
        except DatabaseTroubleError:
            raise
        except LectureError as error:
            self._watchers.end([question], error)
        else:
            self._watchers.end([question], page)

    def _look(self, connection: Connection, known: dict[str, int | None]) -> None:
        newest = progress.newest(connection, known)
        for lecture, before in known.items():
            now = newest.get(lecture)
            if now != before or now is None:
                self._watchers.extend(lecture, now, self._between(connection, lecture, before, now))

    def _between(self, connection: Connection, lecture: str, before: int | None, now: int | None) -> list[ProgressEvent]:
        """Return the events since the last look; none if they are too many to be kept, or not in one piece."""
        found: list[ProgressEvent] = []
        if before is None or now is None or not before < now <= before + RECENT:
            return found
        while before < now:
            found += events_after(connection, lecture, before, PAGE)
            if found[-1]["kind"] == "reset":
                return []
            before = found[-1]["number"]
        return found

    def _fail(self, error: Exception) -> None:
        """Hand an error to every watcher: each asks, and those that had asked get it."""
        asked = self._watchers.asked()
        self._watchers.forget()
        self._watchers.end(asked, error)

    def _pause(self, watch: ChangeWatch, *, is_away: bool) -> None:
        """Wait until it is time to look again, or until a watcher asks."""
        between_s = min(_LOOK_S + self._watchers.number() * _LOOK_OF_EACH_S, _LONGEST_LOOK_S)
        look_s = _AWAY_S if is_away else 0.0 if self._watchers.asked() else between_s
        watch.wait(look_s if self._watchers.lectures else _IDLE_S, [self._woken])
        with suppress(BlockingIOError):
            self._woken.recv(4096)
