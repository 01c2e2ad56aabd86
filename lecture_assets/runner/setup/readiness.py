"""Whether what a server needs can be used, answered within seconds, though a part of it may not answer for a minute."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from threading import Lock, Thread
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from lecture_assets.graph.errors import LectureError
from lecture_assets.store.database import Database
from lecture_assets.store.schema import identity

OK = "ok"
ANSWERS_WITHIN_S = 4.0
"""Shorter than what probes wait for: Kubernetes 1 s unless told (10 s in `deploy/`), load balancers 5 s."""
Check: TypeAlias = Callable[[], str]
"""Returns `ok`, or a sentence without the name of a host, a user or a password."""


class Readiness:
    """Checks parts at the same time. A part that has not answered yet is not asked again until it has."""

    def __init__(self, parts: Mapping[str, Check], failures: tuple[type[Exception], ...] = ()) -> None:
        """parts: the check of each. failures: what a check may raise besides the errors of the store and of sockets."""
        self._parts = {
            name: _PartCheck(check, (LectureError, SQLAlchemyError, OSError, *failures)) for name, check in parts.items()
        }

    def ask(self) -> tuple[bool, dict[str, str]]:
        """Return whether all parts can be used, and what is said of each."""
        asked = {name: part.ask() for name, part in self._parts.items()}
        wait(asked.values(), ANSWERS_WITHIN_S)
        said = {name: future.result() if future.done() else "does not answer" for name, future in asked.items()}
        return all(words == OK for words in said.values()), said


class _PartCheck:
    def __init__(self, check: Check, failures: tuple[type[Exception], ...]) -> None:
        self._check, self._failures = check, failures
        self._lock = Lock()
        self._asked: Future[str] | None = None

    def ask(self) -> "Future[str]":
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                Thread(target=self._answer, args=(self._asked,), daemon=True).start()
            return self._asked

    def _answer(self, asked: "Future[str]") -> None:
        try:
            asked.set_result(self._check())
        except self._failures as error:
            asked.set_result(f"cannot be used ({type(error).__name__})")
        except BaseException as error:  # noqa: BLE001 - raised where it is read
            asked.set_exception(error)


def store_check(database: Database) -> Check:
    """Return the check of the lectures' database."""

    def check() -> str:
        with database.read() as connection:
            connection.execute(select(identity.c.generation)).first()
        return OK

    return check
