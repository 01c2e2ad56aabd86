"""What the fields of one request share: the lectures of its workspace, and one view of the database.

A request holds at most one connection while it reads, and the fields of one moment are read at one moment. What a process
executes at once is bounded, so that requests never wait for each other's connections.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from lecture_assets.graph.errors import RefusedError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context
from lecture_assets.store.tokens import AccessRole

T = TypeVar("T")
_ROOM = threading.BoundedSemaphore(3)
"""Requests that one process executes at once: each may need three connections, of ten there are (`store/engine.py`)."""
_LONG = threading.BoundedSemaphore(2)
"""Of them, what fetches and inspects media or asks vendors: it takes its time, and no room meanwhile."""
_CURRENT: ContextVar["ApiRequest"] = ContextVar("lectures_api_request")


class CrowdedError(RefusedError):
    """Too many requests that take long are being carried out."""


@dataclass
class ApiRequest:
    """One request. lectures: of its workspace, whose edits read no files of this machine; role: what it may do with them."""

    lectures: Lectures
    role: AccessRole
    _room: ExitStack = field(default_factory=ExitStack)
    _open: ExitStack = field(default_factory=ExitStack)
    _has_room: bool = False
    _connection: Connection | None = None
    _kept: dict[Any, Any] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        """What the runner works with."""
        return self.lectures.context

    @property
    def connection(self) -> Connection:
        """A view of the database at one moment, until `refresh`."""
        if self._connection is None:
            self._connection = self._open.enter_context(self.context.database.read())
        return self._connection

    def once(self, key: Any, read: Callable[[], T]) -> T:
        """Return what `read` returned for this key at this moment: fields that need the same share it."""
        if key not in self._kept:
            self._kept[key] = read()
        return cast("T", self._kept[key])

    def refresh(self) -> None:
        """Read anew from now on, after something was changed."""
        self._kept.clear()
        self._connection = None
        self._open.close()

    def take_room(self) -> None:
        """Wait until there is room for one more request, and keep it until the end."""
        if not self._has_room:
            self._room.enter_context(_ROOM)
            self._has_room = True

    @contextmanager
    def taking_long(self) -> Iterator[None]:
        """Leave the room to others during this block. CrowdedError if too much takes long already."""
        if not _LONG.acquire(blocking=False):
            raise CrowdedError
        try:
            with self.waiting():
                yield
        finally:
            _LONG.release()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Leave the room to others during this block, which waits for them or for something else."""
        self.close()
        try:
            yield
        finally:
            self.take_room()

    def close(self) -> None:
        """Give everything back."""
        self.refresh()
        self._has_room = False
        self._room.close()


@contextmanager
def serving_request(lectures: Lectures, role: AccessRole = AccessRole.ADMIN) -> Iterator[None]:
    """Execute an operation in this block: its fields are about these lectures. They take nothing unless they are asked for."""
    queues_edits = role.allows(AccessRole.SPEND)
    request = ApiRequest(Lectures(replace(lectures.context, reads_files=False, queues_edits=queues_edits)), role)
    token = _CURRENT.set(request)
    try:
        yield
    finally:
        _CURRENT.reset(token)
        request.close()


def current_request() -> ApiRequest:
    """Return the request that a field is resolved for, once there is room for it."""
    request = _CURRENT.get()
    request.take_room()
    return request


def apart(work: Callable[[], T]) -> T:
    """Return what the work returns, which starts an event loop of its own: in another thread if this one has a loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()
