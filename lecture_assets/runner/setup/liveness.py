"""Which lectures have a live worker, as far as a home can tell: by a lease that has not expired, and a lock that is held."""

from filelock import FileLock, Timeout

from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.worker_identity import lock_name
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.waiting import WaitingLecture, waiting


def at_work(context: Context) -> list[str]:
    """Return the lectures that a live worker, of this home or another, is regenerating."""
    with context.database.read() as connection:
        rows = waiting(connection)
    return [row.lecture for row in rows if not is_abandoned(context, row)]


def is_at_work(context: Context, word: str) -> bool:
    """Whether a live worker's name ends in this word, whichever machine it is on."""
    with context.database.read() as connection:
        rows = [row for row in waiting(connection) if row.owner.endswith(f"/{word}")]
    return any(not is_abandoned(context, row) for row in rows)


def is_abandoned(context: Context, row: WaitingLecture) -> bool:
    """Whether a lecture has no live worker: it is queued, its worker's lock is free, or a remote worker's lease expired.

    A lease longer than LEASE_S counts as abandoned, too: the run that is then started bounds it and finds out.
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
