"""Who is at work on a lecture, as far as a home can tell: a lease that has not run out, and a lock that somebody holds."""

from filelock import FileLock, Timeout

from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.worker_identity import lock_name
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.waiting import WaitingLecture, waiting


def at_work(context: Context) -> list[str]:
    """The lectures that a living worker, of this home or another, is regenerating."""
    with context.database.read() as connection:
        rows = waiting(connection)
    return [row.lecture for row in rows if not is_abandoned(context, row)]


def is_abandoned(context: Context, row: WaitingLecture) -> bool:
    """Whether nobody is at the lecture: it is queued, its worker's lock is free, or the lease of a worker elsewhere ran out.

    A lease longer than any can be counts as one: the run that is started bounds it, and finds out.
    """
    if not row.owner or not 0.0 <= row.lease_until - context.store_time_now() <= LEASE_S:
        return True
    lock = lock_name(context.lock_path(row.lecture))
    return bool(lock) and row.owner.startswith(lock) and _is_free(context, row.lecture)


def _is_free(context: Context, lecture: str) -> bool:
    try:
        with FileLock(context.lock_path(lecture)).acquire(timeout=0):
            return True
    except Timeout:
        return False
