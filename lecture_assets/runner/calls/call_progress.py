"""What paid calls write to their lecture's log of progress."""

from sqlalchemy import Connection

from lecture_assets.runner.calls.environment import CallEnvironment
from lecture_assets.runner.calls.request import CallRequest
from lecture_assets.store import lectures, progress
from lecture_assets.store.progress import LONGEST_MESSAGE, EventKind


def append_started(connection: Connection, shared: CallEnvironment, request: CallRequest) -> None:
    """The vendor is at work; where nothing but the reply will tell, it is about to be."""
    _append(connection, shared, request, EventKind.NODE_STARTED, {"model": request.model.name})


def append_delayed(shared: CallEnvironment, request: CallRequest, seconds: float, message: str, connection: Connection) -> None:
    """The call will be tried again in so many seconds, because of what the message says."""
    facts: dict[str, float | str] = {"seconds": round(seconds, 3), "message": message[:LONGEST_MESSAGE]}
    _append(connection, shared, request, EventKind.NODE_DELAYED, facts)


def _append(
    connection: Connection, shared: CallEnvironment, request: CallRequest, kind: EventKind, facts: dict[str, float | str]
) -> None:
    lectures.version_of(connection, shared.lease.lecture, lock=True)
    run = {"run": shared.lease.fence, "version": request.version, "node": request.node.id}
    progress.append(connection, shared.lease.lecture, kind, {**run, **facts}, shared.context.store_time(connection))
