"""The store's time is one, whatever the clock of whoever asks says; what a wrong clock left behind is put right at a boot."""

import itertools

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql

from lecture_assets.store import clock, ledger, rate_limits, requests
from lecture_assets.store.charges import Ceilings
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.database import Database
from lecture_assets.store.fair_queue import QueueTicket
from lecture_assets.store.ledger import Decision, Intent
from lecture_assets.store.requests import Claim, Lease
from lecture_assets.store.schema import buckets, queue_tickets
from lecture_assets.store.schema import requests as request_table
from lecture_assets_tests.store.clocks import TODAY, Machine, OwnClock
from lecture_assets_tests.store.conftest import LECTURE

DAY_S = 24 * 3600.0
WRONG = [300.0, -300.0, DAY_S, -DAY_S, 31 * DAY_S, -31 * DAY_S, -TODAY, 100 * 365 * DAY_S]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """A server has a clock of its own: `test_server.py`."""
    return sqlite_database


def time_of(database: Database, own: OwnClock) -> float:
    with database.write() as connection:
        return clock.now(connection, own)


def claim(connection: Connection, own: OwnClock, owner: str = "here/1") -> Lease | str:
    clock.catch_up(connection, own)
    now = clock.now(connection, own)
    return requests.claim(connection, LECTURE, Claim(owner, now, now + LEASE_S, ""))


def test_all_processes_have_one_time_whatever_their_clocks_say_and_whoever_comes_first(database: Database) -> None:
    machine = Machine()
    for ahead in WRONG:
        machine.restart()
        right, wrong = OwnClock(machine), OwnClock(machine, ahead)
        assert time_of(database, wrong) == time_of(database, right)
        before = time_of(database, wrong)
        machine.pass_by(7.0)
        wrong.ahead = -ahead
        assert time_of(database, right) == time_of(database, wrong) == pytest.approx(before + 7.0)


def test_the_time_is_that_of_the_first_clock_of_a_boot(database: Database) -> None:
    machine = Machine()
    assert time_of(database, OwnClock(machine)) == TODAY
    machine.restart()
    assert time_of(database, OwnClock(machine, 60.0)) == TODAY + 60.0


def test_whoever_only_reads_sets_no_clock(database: Database) -> None:
    own = OwnClock(Machine())
    with database.read() as connection:
        assert clock.now(connection, own) == TODAY
    assert time_of(database, OwnClock(own.machine, 5.0)) == TODAY + 5.0


@pytest.mark.parametrize("ahead", [300.0, DAY_S, 100 * 365 * DAY_S])
def test_what_a_clock_that_was_ahead_left_behind_ends_at_the_next_boot(database: Database, ahead: float) -> None:
    """A lease within its length, pauses at once; and who stood in a line stands in it no more."""
    wrong, claims = OwnClock(Machine(), ahead), [rate_limits.BucketUse("m token", 600, 3000)]
    with database.write() as connection:
        now = clock.now(connection, wrong)
        assert isinstance(claim(connection, wrong), Lease)
        rate_limits.request_permit(connection, "v", claims, QueueTicket("a", "A", interactive=False), now)
        rate_limits.slow_down(connection, claims, now, 200.0)
        rate_limits.request_permit(connection, "v", claims, QueueTicket("b", "B", interactive=False), now)
    wrong.machine.restart()
    right = OwnClock(wrong.machine)
    with database.write() as connection:
        now = clock.now(connection, right)
        assert connection.execute(select(request_table.c.lease_until)).scalar_one() <= now + LEASE_S
        row = connection.execute(select(buckets).where(buckets.c.bucket == "m token")).one()
        assert max(row.free_at, row.open_until, row.slowed_at) <= now
        assert connection.execute(select(queue_tickets)).all() == []


@pytest.mark.parametrize("ahead_s", [60.0, DAY_S, 1000 * DAY_S])
def test_a_lease_that_somebody_wrote_by_a_wrong_clock_lasts_no_longer_than_one(database: Database, ahead_s: float) -> None:
    own = OwnClock(Machine())
    with database.write() as connection:
        now = clock.now(connection, own)
        connection.execute(update(request_table).values(state="running", owner="x/1", fence=7, lease_until=now + ahead_s))
        assert claim(connection, own) == "x/1"
    own.machine.pass_by(LEASE_S)
    with database.write() as connection:
        assert isinstance(claim(connection, own), Lease)


def test_the_time_goes_on_while_a_virtual_machine_is_paused_a_day_an_hour_at_most(database: Database) -> None:
    own = OwnClock(Machine())
    assert time_of(database, own) == TODAY
    own.machine.pass_by(3600.0)
    own.machine.pause(1.75 * DAY_S)
    behind = list[float]()
    for _ in range(3):
        with database.write() as connection:
            clock.catch_up(connection, own)
            behind.append(own.now() - clock.now(connection, own))
        own.machine.pass_by(3600.0)
    assert behind == pytest.approx([0.75 * DAY_S, 0.0, 0.0])


def test_the_time_is_not_set_while_somebody_is_at_work(database: Database) -> None:
    own = OwnClock(Machine())
    with database.write() as connection:
        lease = claim(connection, own)
    assert isinstance(lease, Lease)
    own.machine.pause(3600.0)
    with database.write() as connection:
        clock.catch_up(connection, own)
        assert requests.holds(connection, lease, clock.now(connection, own))


@pytest.mark.parametrize(("first", "then"), [(0.0, 31 * DAY_S), (0.0, 400 * DAY_S), (-31 * DAY_S, 0.0), (0.0, -31 * DAY_S)])
def test_a_clock_that_is_a_month_off_opens_no_month_again(database: Database, first: float, then: float) -> None:
    machine = Machine()
    for number, ahead in enumerate([first, *[then] * 3]):
        own = OwnClock(machine, ahead)
        with database.write() as connection:
            lease = claim(connection, own, f"w{number}")
            assert isinstance(lease, Lease)
            intent = Intent("default", f"f{number}", f"a{number}", "node", "text", "m", {}, 600, lease)
            decision = ledger.intend(connection, intent, clock.now(connection, own), Ceilings(month=1000)).decision
            assert decision is (Decision.STOP if number else Decision.BUY)
            requests.release(connection, lease, "none")
        machine.pass_by(60.0)


def test_the_next_month_is_a_month_of_its_own(database: Database) -> None:
    own = OwnClock(Machine())
    for number in range(2):
        with database.write() as connection:
            lease = claim(connection, own, f"w{number}")
            assert isinstance(lease, Lease)
            intent = Intent("default", f"f{number}", f"a{number}", "node", "text", "m", {}, 600, lease)
            assert ledger.intend(connection, intent, clock.now(connection, own), Ceilings(month=1000)).decision is Decision.BUY
            requests.release(connection, lease, "none")
        own.machine.pass_by(31 * DAY_S)


def test_a_server_is_asked_for_its_own_time() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # of SQLAlchemy
    asked = str(clock._OF_SERVER.compile(dialect=dialect))
    assert asked.startswith("SELECT EXTRACT(epoch FROM clock_timestamp())")


TOLD = [*itertools.product([1, -5, None], [0, 10**9], [0.0, -1.0, 9 * 3600.0, 1e300, float("inf"), float("nan")])]


@pytest.mark.slow
def test_whatever_a_vendor_tells_of_its_limits_a_call_waits_five_minutes_at_most(database: Database) -> None:
    """Also after all of it was told, one after the other, with refusals between."""
    claims, now = [rate_limits.BucketUse("m token", 600_000, 5_000)], TODAY
    standing = QueueTicket("w", "w", interactive=False)
    with database.write() as connection:
        for per_minute, left, next_s in TOLD:
            rate_limits.apply_vendor_limits(connection, [rate_limits.Remaining("m token", per_minute, left, next_s)], now)
            rate_limits.slow_down(connection, claims, now, next_s)
            rate_limits.reconcile_usage(connection, claims[0], left, now)
            turn = rate_limits.request_permit(connection, "v", claims, standing, now)
            assert 0.0 <= turn.expected_s <= rate_limits.LONGEST_S, (per_minute, left, next_s)
            rate_limits.stop_waiting(connection, "w")
            now += rate_limits.LONGEST_S
            turn = rate_limits.request_permit(connection, "v", claims, standing, now)
            assert turn.is_now, (per_minute, left, next_s)


@pytest.mark.parametrize("told", [1, 100, 4_999])
def test_a_limit_below_one_call_is_one_call_a_minute_and_forgotten_when_it_is_not_told_again(
    database: Database, told: int
) -> None:
    claims, standing = [rate_limits.BucketUse("m token", 600_000, 5_000)], QueueTicket("w", "w", interactive=False)
    with database.write() as connection:
        rate_limits.apply_vendor_limits(connection, [rate_limits.Remaining("m token", told, 1, 60.0)], TODAY)
        assert rate_limits.request_permit(connection, "v", claims, standing, TODAY).is_now
        assert rate_limits.request_permit(connection, "v", claims, standing, TODAY).expected_s == pytest.approx(
            60.0 - rate_limits.BURST_S
        )
        assert rate_limits.request_permit(connection, "v", claims, standing, TODAY + 700.0).is_now
        assert rate_limits.request_permit(connection, "v", claims, standing, TODAY + 700.0).is_now


IMPOSSIBLE = [301.0, DAY_S, 100 * 365 * DAY_S, float("inf"), -DAY_S, -TODAY, -100 * TODAY, float("-inf")]


@pytest.mark.parametrize("column", ["free_at", "open_until", "slowed_at", "vendor_said_at"])
def test_a_time_that_cannot_be_true_makes_nobody_wait(database: Database, column: str) -> None:
    standing = QueueTicket("w", "w", interactive=False)
    row = {"per_minute": 600_000, "free_at": 0.0, "open_until": 0.0, "slowed_at": 0.0, "failures": 0, "vendor_per_minute": 1.0}
    with database.write() as connection:
        for number, at in enumerate(IMPOSSIBLE):
            bucket, vendor = f"m{number} token", f"v{number}"
            poisoned = row | {column: TODAY + at}
            connection.execute(insert(buckets).values(bucket=bucket, **poisoned))
            connection.execute(insert(buckets).values(bucket=vendor, **poisoned | {"failures": rate_limits.GIVEN_UP_AFTER}))
            closed = rate_limits.breaker_state(connection, vendor, TODAY)
            assert closed is not None
            assert closed.wait_s == 0.0
            assert rate_limits.request_permit(
                connection, vendor, [rate_limits.BucketUse(bucket, 600_000, 5_000)], standing, TODAY
            ).is_now


def test_who_stands_in_a_line_by_a_clock_that_is_ahead_keeps_nobody_waiting(database: Database) -> None:
    claims = [rate_limits.BucketUse("m request", 60, 1)]
    with database.write() as connection:
        for _ in range(4):
            rate_limits.request_permit(connection, "v", claims, QueueTicket("w", "w", interactive=False), TODAY)
        rate_limits.request_permit(connection, "v", claims, QueueTicket("dead", "w", interactive=True), TODAY)
        connection.execute(update(queue_tickets).values(due=TODAY + DAY_S))
        assert rate_limits.request_permit(
            connection, "v", claims, QueueTicket("next", "w", interactive=False), TODAY + 2.0
        ).is_now
