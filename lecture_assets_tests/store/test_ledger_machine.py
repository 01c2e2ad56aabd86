"""Any order of claims, edits, purchases, crashes, lapses and late facts: nothing is bought twice, nothing done is undone.

Workers behave as `runner/calls/attempt.py` does; a worker whose lease ran out goes on as if it had not noticed. Between the last
look and the socket nothing happens (the assumption A1 of the protocol): a lease outlives that moment by seconds.
"""

import itertools
from dataclasses import dataclass, replace

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Connection

from lecture_assets.store import charges, lectures, ledger, ledger_queries, requests
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Revision
from lecture_assets.store.ledger import Decision, Intent, State
from lecture_assets.store.requests import Claim, Lease
from lecture_assets.store.schema import metadata
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.store.conftest import SETTINGS, new_head

LECTURES = ("bees", "wasps")
WORK = "f"
LEASE_S = 15.0
PRICE = 400


@dataclass
class Worker:
    """One process at one lecture, for the version that was the head when it last looked.

    intent: of the call it is making; sent: the vendor's id of it, once the worker knows it
    """

    lease: Lease
    version: int
    intent: Intent | None = None
    decision: Decision | None = None
    sent: str | None = None

    def drop(self) -> None:
        """Leave the call."""
        self.intent = self.decision = self.sent = None


@dataclass
class Purchase:
    """What the vendor did for one attempt. alive: it was not said to have failed, and its bytes were not lost."""

    id: str
    alive: bool = True


class Ledger(RuleBasedStateMachine):
    """Two lectures of one workspace that want the same work."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database("sqlite://")
        self.now = 100.0
        self.numbers = itertools.count()
        self.workers: list[Worker] = []
        self.vendor: dict[str, Purchase] = {}
        self.done: str | None = None
        self.reused = 0

        with self.database.write() as connection:
            metadata.create_all(connection)
            for name in LECTURES:
                lectures.create(connection, new_head(name), now=1.0)

    def teardown(self) -> None:
        self.database.close()

    @property
    def idle(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.intent is None]

    @property
    def unsent(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.intent is not None and worker.sent is None]

    @property
    def waiting(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.sent is not None]

    @rule(lecture=st.sampled_from(LECTURES), later=st.booleans())
    def claim_and_intend(self, lecture: str, *, later: bool) -> None:
        """A new worker, perhaps after all leases ran out; where another is alive it goes away again."""
        self.now += LEASE_S + 1 if later else 1
        with self.database.write() as connection:
            claim = Claim(f"w{next(self.numbers)}", self.now, self.now + LEASE_S, "nobody's/")
            lease = requests.claim(connection, lecture, claim)
        if isinstance(lease, Lease):
            assert all(lease.fence > other.lease.fence for other in self.workers if other.lease.lecture == lecture)
            self.workers.append(Worker(lease, lease.version))
            self.intend(self.workers[-1])

    @precondition(lambda self: self.workers)
    @rule()
    def leases_run_out(self) -> None:
        self.now += LEASE_S + 1

    @precondition(lambda self: self.idle)
    @rule(who=st.integers(0, 9), renewed=st.booleans())
    def intend_again(self, who: int, *, renewed: bool) -> None:
        worker = self.idle[who % len(self.idle)]
        if renewed:
            self.renew(worker)
        self.intend(worker)

    def intend(self, worker: Worker) -> None:
        intent = Intent("default", WORK, f"a{next(self.numbers)}", "node", "text", "m", {}, PRICE, worker.lease)
        with self.database.write() as connection:
            alive = self.alive_at_it(connection, worker)
            entry = ledger.intend(connection, intent, self.now)
            assert (entry.decision is Decision.HIT) == (self.done is not None)
            assert (entry.decision is Decision.WAIT) == alive
            if entry.decision is Decision.HIT:
                assert (entry.reply, entry.cost_usd_micros) == (self.done, PRICE)
                self.reused += ledger.reuse(connection, "default", WORK)
        if entry.decision not in {Decision.HIT, Decision.WAIT}:
            worker.intent, worker.decision = replace(intent, attempt=entry.attempt), entry.decision
            worker.sent = entry.provider_id

    def alive_at_it(self, connection: Connection, worker: Worker) -> bool:
        """Whether the call is in the hands of another worker with a live lease."""
        owners = [
            (row["lecture"], row["fence"])
            for row in ledger_queries.entries(connection)
            if row["state"] in {State.INTENT, State.SUBMITTED}
        ]
        mine = (worker.lease.lecture, worker.lease.fence)
        return any(owner != mine and requests.is_alive(connection, *owner, self.now) for owner in owners)

    @precondition(lambda self: self.workers)
    @rule(lecture=st.sampled_from(LECTURES))
    def edit(self, lecture: str) -> None:
        with self.database.write() as connection:
            version = lectures.version_of(connection, lecture) + 1
            lectures.append(connection, lecture, Revision(version, SETTINGS, ()), self.now, queued_at=self.now)

    @precondition(lambda self: self.workers)
    @rule(who=st.integers(0, 9))
    def crash(self, who: int) -> None:
        del self.workers[who % len(self.workers)]

    def renew(self, worker: Worker) -> None:
        """Also a lease that ran out unnoticed, as when a machine slept."""
        with self.database.write() as connection:
            requests.renew(connection, worker.lease, self.now + LEASE_S)
            worker.version = lectures.version_of(connection, worker.lease.lecture)

    @precondition(lambda self: self.unsent)
    @rule(who=st.integers(0, 9), renewed=st.booleans(), then=st.sampled_from(["known", "noted", "crash", "refused"]))
    def send(self, who: int, *, renewed: bool, then: str) -> None:
        """Look a left intent up, or look a last time and send at once; then the vendor's id is known, written down, or lost."""
        worker = self.unsent[who % len(self.unsent)]
        if renewed:
            self.renew(worker)
        intent = worker.intent
        assert intent is not None
        if worker.decision is Decision.FIND and intent.attempt in self.vendor:
            worker.sent = self.vendor[intent.attempt].id
        elif self.look(worker, intent, refused=then == "refused"):
            self.accept(intent)
            worker.sent = self.vendor[intent.attempt].id
            if then == "crash":
                self.workers.remove(worker)
            elif then == "noted":
                self.note(worker)

    @precondition(lambda self: self.unsent)
    @rule(lecture=st.sampled_from(LECTURES))
    def be_taken_over(self, lecture: str) -> None:
        """The usual danger at once: whoever is about to send falls asleep, and a new worker does it instead."""
        before = len(self.workers)
        self.claim_and_intend(lecture=lecture, later=True)
        if len(self.workers) > before and self.workers[-1] in self.unsent:
            self.send(who=len(self.unsent) - 1, renewed=False, then="known")

    @precondition(lambda self: self.unsent)
    @rule()
    def wake_up_and_send(self) -> None:
        self.send(who=0, renewed=True, then="known")

    def look(self, worker: Worker, intent: Intent, *, refused: bool) -> bool:
        """The last look, and the vendor's refusal; whether the call is bought."""
        with self.database.write() as connection:
            wanted = ledger.authorize_send(connection, intent, worker.version, self.now)
            assert not wanted or requests.holds(connection, worker.lease, self.now)
            assert not wanted or lectures.version_of(connection, worker.lease.lecture) == worker.version
            if wanted and refused:
                ledger.fail(connection, intent, {"code": "503"}, 0, self.now)
            elif not wanted:
                ledger.withdraw(connection, intent)
        if refused or not wanted:
            worker.drop()
        return wanted and not refused

    def accept(self, intent: Intent) -> None:
        """The vendor's side of a purchase."""
        assert intent.attempt not in self.vendor, "one attempt was sent twice"
        alive = [attempt for attempt, bought in self.vendor.items() if bought.alive]
        assert not alive, f"{intent.attempt} was sent although {alive} is bought"
        self.vendor[intent.attempt] = Purchase(f"id of {intent.attempt}")

    @precondition(lambda self: self.waiting)
    @rule(who=st.integers(0, 9))
    def note_late(self, who: int) -> None:
        self.note(self.waiting[who % len(self.waiting)])

    def note(self, worker: Worker) -> None:
        assert worker.intent is not None
        with self.database.write() as connection:
            ledger.sent(connection, worker.intent, str(worker.sent))

    @precondition(lambda self: self.waiting)
    @rule(who=st.integers(0, 9), noted=st.booleans(), fails=st.booleans())
    def collect(self, who: int, *, noted: bool, fails: bool) -> None:
        """The reply. A call that nobody has collected yet may turn out to have failed, and is charged all the same."""
        worker = self.waiting[who % len(self.waiting)]
        intent = worker.intent
        assert intent is not None
        bought = self.vendor[intent.attempt]
        bought.alive &= not (fails and self.done is None)
        if noted:
            self.note(worker)
        with self.database.write() as connection:
            if bought.alive:
                ledger.done(connection, intent, bought.id, PRICE, self.now)
                self.done = bought.id
            else:
                ledger.fail(connection, intent, {"code": "failed"}, PRICE, self.now)
        worker.drop()

    @precondition(lambda self: self.done is not None)
    @rule()
    def bytes_are_lost(self) -> None:
        [attempt] = [attempt for attempt, bought in self.vendor.items() if bought.id == self.done]
        with self.database.write() as connection:
            ledger.forget_reply(connection, "default", WORK, attempt)
        self.vendor[attempt].alive = False
        self.done = None

    @invariant()
    def the_ledger_agrees(self) -> None:
        with self.database.read() as connection:
            rows = ledger_queries.entries(connection, with_documents=True)
        assert [row["reply"] for row in rows if row["state"] == State.DONE] == ([] if self.done is None else [self.done])
        for row in rows:
            assert row["cost_usd_micros"] <= PRICE * len(self.vendor)
            assert row["saved_usd_micros"] == self.reused

    @invariant()
    def the_sums_that_ceilings_read_are_those_of_the_charges(self) -> None:
        with self.database.read() as connection:
            assert charges.recorded_spending(connection) == charges.spending_by_charges(connection)

    @precondition(lambda self: self.vendor)
    @rule(lecture=st.sampled_from(LECTURES))
    def a_worker_that_comes_later_can_go_on(self, lecture: str) -> None:
        with self.database.engine.connect() as connection, connection.begin() as undone:
            self.go_on(connection, lecture)
            undone.rollback()

    def go_on(self, connection: Connection, lecture: str) -> None:
        later = self.now + 10 * LEASE_S
        lease = requests.claim(connection, lecture, Claim("last", later, later + LEASE_S, "nobody's/"))
        assert isinstance(lease, Lease)
        intent = Intent("default", WORK, "last", "node", "text", "m", {}, PRICE, lease)
        entry = ledger.intend(connection, intent, later)
        assert entry.decision is not Decision.WAIT
        own = replace(intent, attempt=entry.attempt)
        assert ledger.authorize_send(connection, own, lease.version, later) == (entry.decision in {Decision.BUY, Decision.FIND})


TestLedger = Ledger.TestCase
TestLedger.pytestmark = [pytest.mark.slow]  # type: ignore[attr-defined]
TestLedger.settings = settings(
    max_examples=200 if THOROUGH else 40, stateful_step_count=16, phases=[Phase.generate]
)  # 16 steps are short enough
