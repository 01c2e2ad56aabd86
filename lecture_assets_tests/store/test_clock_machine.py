"""Any clocks, any order: of processes whose clocks are wrong and jump, whoever lives keeps its lecture, and who died loses it.

Workers renew their leases every five seconds, as a regeneration does. Their own clocks say anything, and something
else at the next moment; the machine is started anew, or is a virtual one that is paused. Beside that, calls are made at a pace.
"""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lecture_assets.store import clock, lectures, rate_limits, requests
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.database import Database
from lecture_assets.store.fair_queue import QueueTicket
from lecture_assets.store.requests import Claim, Lease
from lecture_assets.store.schema import metadata
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.store.clocks import Machine, OwnClock
from lecture_assets_tests.store.conftest import LECTURE, new_head

DAY_S = 24 * 3600.0
OFF = st.sampled_from([0.0, 300.0, -300.0, DAY_S, -DAY_S, 40 * DAY_S, -40 * DAY_S, -1.7e9, 3e9])
CLAIMS = [rate_limits.BucketUse("m token", 6_000, 500)]


@dataclass
class Worker:
    """A process that has the lecture, or had it."""

    own: OwnClock
    lease: Lease


class Clocks(RuleBasedStateMachine):
    """One lecture, one vendor, and processes that come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database("sqlite://")
        self.machine = Machine()
        self.numbers = itertools.count()
        self.living: Worker | None = None
        self.died_at = float("-inf")
        self.time = float("-inf")
        self.called_at = float("-inf")
        with self.database.write() as connection:
            metadata.create_all(connection)
            lectures.create(connection, new_head(), now=1.0)

    def teardown(self) -> None:
        self.database.close()

    @initialize(ahead=OFF)
    def the_first_clock(self, ahead: float) -> None:
        """The store's time is set by it, for this boot."""
        with self.database.write() as connection:
            clock.now(connection, OwnClock(self.machine, ahead))

    @rule(ahead=OFF)
    def somebody_wants_the_lecture(self, ahead: float) -> None:
        """Refused while its worker lives; had at once where that has been dead for a lease."""
        own = OwnClock(self.machine, ahead)
        with self.database.write() as connection:
            clock.catch_up(connection, own)
            now = clock.now(connection, own)
            lease = requests.claim(connection, LECTURE, Claim(f"w{next(self.numbers)}", now, now + LEASE_S, ""))
        if self.living:
            assert isinstance(lease, str), "taken over from the living"
        elif self.machine.true - self.died_at >= LEASE_S:
            assert isinstance(lease, Lease), "it waits for a clock"
        if isinstance(lease, Lease):
            self.living = Worker(own, lease)

    @rule(seconds=st.floats(0.0, 40.0))
    def time_passes(self, seconds: float) -> None:
        """Who lives renews its lease meanwhile."""
        left = seconds
        while left > 0:
            self.machine.pass_by(min(left, LEASE_S / 3))
            left -= LEASE_S / 3
            self.renew()

    def renew(self) -> None:
        if self.living:
            with self.database.write() as connection:
                until = clock.now(connection, self.living.own) + LEASE_S
                assert requests.renew(connection, self.living.lease, until), "the living was taken over"

    @precondition(lambda self: self.living)
    @rule(ahead=OFF)
    def its_clock_jumps(self, ahead: float) -> None:
        assert self.living
        self.living.own.ahead = ahead

    @precondition(lambda self: self.living)
    @rule()
    def it_dies(self) -> None:
        self.living, self.died_at = None, self.machine.true

    @precondition(lambda self: self.living)
    @rule()
    def it_finishes(self) -> None:
        assert self.living
        with self.database.write() as connection:
            requests.release(connection, self.living.lease, "none")
        self.living, self.died_at = None, float("-inf")

    @rule(off_s=st.sampled_from([10.0, 3600.0, 3 * DAY_S]), ahead=OFF)
    def the_machine_is_started_anew(self, off_s: float, ahead: float) -> None:
        """All are dead. Where the first clock is wrong, nobody knows how long it was off: a lease may be waited for anew."""
        self.machine.pass_by(off_s)
        self.machine.restart()
        if self.living or self.died_at != float("-inf"):
            self.living, self.died_at = None, self.machine.true
        self.time = self.called_at = float("-inf")
        self.the_first_clock(ahead)

    @rule(seconds=st.sampled_from([60.0, 8 * 3600.0]))
    def a_virtual_machine_is_paused(self, seconds: float) -> None:
        """Nobody on it sees that; who is dead is so for as long as before."""
        self.machine.pause(seconds)
        self.died_at += seconds
        self.called_at += seconds

    @rule(ahead=OFF, says=st.sampled_from([None, 0.0, 9 * 3600.0, 1e300, float("nan")]), limit=st.sampled_from([None, 1, 10**9]))
    def a_call_is_sent(self, ahead: float, says: float | None, limit: int | None) -> None:
        """It waits for the calls before it, or for the vendor's word: five minutes at most, whatever any clock says."""
        with self.database.write() as connection:
            now = clock.now(connection, OwnClock(self.machine, ahead))
            turn = rate_limits.request_permit(connection, "v", CLAIMS, QueueTicket("w", "w", interactive=False), now)
            assert turn.expected_s <= rate_limits.LONGEST_S
            if self.machine.true - self.called_at > rate_limits.LONGEST_S:
                assert turn.is_now, "it waits for a clock"
            if turn.is_now:
                self.called_at = self.machine.true
            if turn.is_now and says is not None:
                rate_limits.apply_vendor_limits(connection, [rate_limits.Remaining("m token", limit, 0, says)], now)
                rate_limits.slow_down(connection, CLAIMS, now, says)

    @invariant()
    def the_time_never_goes_back(self) -> None:
        with self.database.read() as connection:
            now = clock.now(connection, OwnClock(self.machine, -1e9))
        assert now >= self.time
        self.time = now


TestClocks = Clocks.TestCase
TestClocks.pytestmark = [pytest.mark.slow]  # type: ignore[attr-defined]
TestClocks.settings = settings(max_examples=400 if THOROUGH else 25, stateful_step_count=20, phases=[Phase.generate])
