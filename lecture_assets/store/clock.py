"""The store's time, shared by all processes on one database whatever their own clocks show. Used for leases, pacing and months.

a server    the server's clock (PostgreSQL: `clock_timestamp()`)
SQLite      the file is on one machine, so the store's time is that machine's uptime plus an offset. The first process after a
            boot records the offset; from then on no wrong or jumping clock changes the time

Uptime stops while a virtual machine is paused. While no lecture is being worked on, the time is therefore moved forward towards
a process's clock: by at most a day, and by at most 24 times the time since the last move. A clock that is a month ahead thus
opens no new month. Leases and pauses that a wrong clock made too long are shortened to plausible values at each boot.
"""

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from lecture_assets.ports import Clock, Uptime
from lecture_assets.store.database import insert
from lecture_assets.store.schema import WANTED, buckets, clocks, queue_tickets, requests

LEASE_S = 15.0
"""How long a dead worker keeps its lecture if no lock shows that it died: three missed renewals."""
_MOST_FORWARD_S = 24 * 3600.0
_FORWARD_A_SECOND = 24.0


def now(connection: Connection, clock: Clock) -> float:
    """Return the store's time in seconds since 1970. `clock` is this machine's. A reading transaction writes nothing."""
    if connection.dialect.name != "sqlite":
        return float(connection.execute(_OF_SERVER).scalar_one())
    uptime = clock.uptime()
    ahead_s = connection.execute(_AHEAD, {"of_boot": uptime.boot}).scalar()
    if ahead_s is None:
        if not connection.get_execution_options().get("writes"):
            return clock.now()
        ahead_s = _set(connection, uptime, clock.now())
    return float(ahead_s) + uptime.seconds


def catch_up(connection: Connection, clock: Clock) -> None:
    """Move the store's time forward after a virtual machine's uptime stood still; only while no lecture is being worked on."""
    before = now(connection, clock)
    if connection.dialect.name != "sqlite" or connection.execute(_AT_WORK, {"now": before}).first():
        return
    uptime = clock.uptime()
    row = connection.execute(select(clocks).where(clocks.c.boot == uptime.boot)).one()
    behind_s = clock.now() - before
    step_s = min(behind_s, _MOST_FORWARD_S, _FORWARD_A_SECOND * (uptime.seconds - row.set_at))
    if step_s >= 1.0:
        mine = update(clocks).where(clocks.c.boot == uptime.boot)
        connection.execute(mine.values(ahead=row.ahead + step_s, set_at=uptime.seconds))


def _set(connection: Connection, uptime: Uptime, wall: float) -> float:
    """Set the time of a boot from this process's clock, and shorten waits that a wrong clock made too long."""
    row = {"boot": uptime.boot, "ahead": wall - uptime.seconds, "set_at": uptime.seconds}
    connection.execute(insert(connection.dialect.name, clocks).values(row).on_conflict_do_nothing())
    connection.execute(update(requests).where(requests.c.lease_until > wall + LEASE_S).values(lease_until=wall + LEASE_S))
    connection.execute(update(requests).where(requests.c.queued_at > wall).values(queued_at=wall))
    for column in (buckets.c.free_at, buckets.c.open_until, buckets.c.slowed_at):
        connection.execute(update(buckets).where(column > wall).values({column.name: wall}))
    connection.execute(delete(queue_tickets))
    return float(connection.execute(_AHEAD, {"of_boot": uptime.boot}).scalar_one())


_OF_SERVER = select(func.extract("epoch", func.clock_timestamp()))
_AHEAD = select(clocks.c.ahead).where(clocks.c.boot == bindparam("of_boot"))
_AT_WORK = (
    select(requests.c.lecture)
    .where(text(WANTED), requests.c.state == "running", requests.c.lease_until > bindparam("now"))
    .limit(1)
)
"""All three are built once: every write needs the time."""
