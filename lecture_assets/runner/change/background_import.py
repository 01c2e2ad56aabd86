"""Imports what is queued (`store/import_jobs.py`), one lecture after the other, in a thread of each process that serves the API.

    claim ─► its uploads and URLs into a folder ─► the lecture and the end of the item, in one transaction

An importer that is killed has created nothing, or has told it in the same transaction; another one goes on once its claim is
over. So each lecture is imported once, even if it was renamed, edited or deleted meanwhile.
"""

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from lecture_assets.graph.errors import Fault, IdTakenError, LectureError, RefusedError, WrongInputError
from lecture_assets.runner.change.import_queue import faults_document, read_queued
from lecture_assets.runner.change.importing import ImportDocument, adopt
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import import_jobs
from lecture_assets.store.change_watch import WorkWatch
from lecture_assets.store.import_jobs import MOST_TRIES, ClaimedItem

CLAIM_S = 30.0
"""How long a lecture stays with an importer that does not renew its claim."""
_LOOK_S = 2.0
"""How often an importer looks for what waits."""
_GRACE_S = 5.0
"""How long the lecture in hand may take once the process is to end."""
_LOG = logging.getLogger(__name__)


class _ClaimLostError(RefusedError):
    """Somebody else has the lecture now, or nobody wants it any more."""


class BackgroundImporter(AbstractContextManager["BackgroundImporter"]):
    """A thread that imports what is queued, within a `with` block."""

    def __init__(self, context: Context) -> None:
        """Nothing is imported yet."""
        self._context = context
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="imports", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """End it. A lecture that takes longer than a few seconds is left to the next importer."""
        self._ending.set()
        self._thread.join(_GRACE_S)

    def _serve(self) -> None:
        said, watch = "", WorkWatch(self._context.database)
        while not self._ending.is_set():
            is_busy = False
            try:
                if watch.is_time():
                    is_busy = self.import_one()
                    watch.looked(self._is_any)
                said = ""
            except LectureError as error:  # the database or the media are away
                if str(error) != said:
                    said = str(error)
                    _LOG.warning("imports wait: %s", said)
            except Exception:  # noqa: BLE001 - the next lecture is imported all the same
                _LOG.exception("a lecture could not be imported; it is tried again")
            if not is_busy:
                self._ending.wait(_LOOK_S)
        watch.close()

    def _is_any(self) -> bool:
        return self._context.database.reading(import_jobs.is_any_unfinished)

    def import_one(self) -> bool:
        """Import a lecture that waits. False if none does."""
        item = self._claim()
        if item is None:
            return False
        if item.tries > MOST_TRIES:
            found = f"a lecture whose import ended without an answer {MOST_TRIES} times"
            self._fail(item, WrongInputError([Fault("lecture", found, "one that can be imported: try its media one by one")]))
            return True
        folder = self._context.artifacts.workspace()
        try:
            with self._renewing(item):
                self._import(replace(self._context, workspace=item.workspace), item, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return True

    def _claim(self) -> ClaimedItem | None:
        database, now_of = self._context.database, self._context.store_time
        if not database.reading(lambda connection: import_jobs.is_any_waiting(connection, now_of(connection))):
            return None
        return database.writing(lambda c: import_jobs.claim(c, now := now_of(c), now + CLAIM_S))

    def _import(self, context: Context, item: ClaimedItem, folder: Path) -> None:
        def end(connection: Connection, key: str, document: ImportDocument) -> None:
            outcome = {"created": document["created"], "adopted": document["adopted"], "missing": len(document["missing"])}
            if not import_jobs.imported(connection, item, key, outcome, context.store_time(connection)):
                raise _ClaimLostError

        try:
            found = read_queued(context, item.given, folder)
            with context.artifacts.shared():
                adopt(context, found, item.name, shadow=item.is_shadow, beside=end)
        except _ClaimLostError:
            return
        except IdTakenError:
            taken = Fault("id", f"{item.name!r}, which another lecture has", "an id of its own")
            self._fail(item, WrongInputError([taken]))
        except WrongInputError as error:
            self._fail(item, error)

    def _fail(self, item: ClaimedItem, error: WrongInputError) -> None:
        faults, now_of = faults_document(error), self._context.store_time
        self._context.database.writing(lambda connection: import_jobs.failed(connection, item, faults, now_of(connection)))

    @contextmanager
    def _renewing(self, item: ClaimedItem) -> Iterator[None]:
        """Keep the lecture for as long as this block lasts: fetching and inspecting its media may take minutes."""
        ended, context = threading.Event(), self._context

        def renew() -> None:
            while not ended.wait(CLAIM_S / 3):
                with suppress(LectureError):  # the database is away: the next turn tries again
                    context.database.writing(lambda c: import_jobs.renew(c, item, context.store_time(c) + CLAIM_S))

        thread = threading.Thread(target=renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
