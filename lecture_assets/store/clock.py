"""The store's time: one for all who share a database, whatever the clocks of their own say. Leases, paces and months go by it.

a server    it has a clock, and that one counts (PostgreSQL: `clock_timestamp()`)
SQLite      one machine has the file, so the kernel is the server: the store's time is its uptime and so much more. How much,
            is written down once a boot, by the first who comes: from then on no clock that is wrong, or jumps, changes it

An uptime stands still while a virtual machine is paused. So the time is set forward now and then, while nobody is at work: as
far as somebody's clock is ahead of it, and at most by a day, nor by more than 24 times what has passed since the last time. A
clock that is a month ahead opens no new month.
What a wrong clock left behind (leases and pauses that end too late) is shortened at each boot to what can be true.
"""

from sqlalchemy import Connection, bindparam, delete, func, select, update

from lecture_assets.ports import Clock, Uptime
from lecture_assets.store.database import insert
from lecture_assets.store.schema import buckets, clocks, queue_tickets, requests

LEASE_S = 15.0
"""How long a worker that died keeps its lecture where no lock says that it is dead: three missed renewals."""
_MOST_FORWARD_S = 24 * 3600.0
_FORWARD_A_SECOND = 24.0


def now(connection: Connection, clock: Clock) -> float:
    """The store's time, in seconds since 1970. clock: of this machine. In a reading transaction nothing is written."""
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
    """Set the store's time forward where a virtual machine's uptime stood still; only while nobody is at work."""
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
    """The time of a boot, by the clock of whoever comes first. Waits that end later than they can are somebody's wrong clock."""
    row = {"boot": uptime.boot, "ahead": wall - uptime.seconds, "set_at": uptime.seconds}
    connection.execute(insert(connection.dialect.name, clocks).values(row).on_conflict_do_nothing())
    connection.execute(update(requests).where(requests.c.lease_until > wall + LEASE_S).values(lease_until=wall + LEASE_S))
    for column in (buckets.c.free_at, buckets.c.open_until, buckets.c.slowed_at):
        connection.execute(update(buckets).where(column > wall).values({column.name: wall}))
    connection.execute(delete(queue_tickets))
    return float(connection.execute(_AHEAD, {"of_boot": uptime.boot}).scalar_one())


_OF_SERVER = select(func.extract("epoch", func.clock_timestamp()))
_AHEAD = select(clocks.c.ahead).where(clocks.c.boot == bindparam("of_boot"))
_AT_WORK = select(requests.c.lecture).where(requests.c.state == "running", requests.c.lease_until > bindparam("now")).limit(1)
"""All three are built once: the time is asked for with everything that is written."""
