"""Two transactions at once, on both engines: whichever comes second sees what the first did, or waits until it has."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select

from lecture_assets.store import lectures, ledger, records, requests
from lecture_assets.store.charges import Ceilings
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Revision
from lecture_assets.store.ledger import Decision, Intent
from lecture_assets.store.records import Take
from lecture_assets.store.requests import Claim, Lease
from lecture_assets.store.schema import requests as table
from lecture_assets_tests.store.conftest import LECTURE, SETTINGS, new_head

_NOW = 100.0
_HEAD_START_S = 0.15
"""Time for the second transaction to begin while the first one is open; with less, a test shows less."""


def overlap(database: Database, first: Callable[[Connection], Any], second: Callable[[Connection], Any]) -> tuple[Any, Any]:
    """What two transactions return, of which the second begins before the first has ended."""
    answers: list[Any] = []

    def run() -> None:
        with database.write() as connection:
            answers.append(second(connection))

    other = threading.Thread(target=run)
    with database.write() as connection:
        answer = first(connection)
        other.start()
        other.join(_HEAD_START_S)
    other.join(30)
    return answer, answers[0]


def claim(owner: str, lecture: str = LECTURE) -> Callable[[Connection], Lease | str]:
    return lambda connection: requests.claim(connection, lecture, Claim(owner, _NOW, _NOW + 15, ""))


def intend(lecture: str, key: str = "same", ceilings: Ceilings | None = None) -> Callable[[Connection], Decision]:
    lease = Lease(lecture, f"{lecture}'s", 1)
    intent = Intent("default", key, f"{lecture} {key}", "asset:music", "music", "simulated:m", {}, 600, lease)
    return lambda connection: ledger.intend(connection, intent, _NOW, ceilings or Ceilings()).decision


def edit(version: int) -> Callable[[Connection], bool]:
    def append(connection: Connection) -> bool:
        lectures.append(connection, LECTURE, Revision(version, SETTINGS, ()), now=_NOW, queued_at=_NOW)
        return True

    return append


def take(fingerprint: str) -> Take:
    return Take("asset:music", fingerprint, fingerprint, "{}", "value", None, "step", _NOW, 0)


@pytest.fixture
def two(database: Database) -> Database:
    """Two lectures, each with a worker."""
    with database.write() as connection:
        assert lectures.create(connection, new_head("wasps"), now=1.0)
        for name in (LECTURE, "wasps"):
            assert isinstance(claim(f"{name}'s", name)(connection), Lease)
    return database


def test_one_of_two_workers_gets_the_lecture(database: Database) -> None:
    lease, owner = overlap(database, claim("one"), claim("two"))
    assert (lease.owner, owner) == ("one", "one")


def test_one_of_two_lectures_buys_what_both_need(two: Database) -> None:
    assert overlap(two, intend(LECTURE), intend("wasps")) == (Decision.BUY, Decision.WAIT)


@pytest.mark.parametrize("ceiling", ["workspace", "month"])
def test_a_ceiling_with_room_for_one_call_lets_one_pass(two: Database, ceiling: str) -> None:
    ceilings = Ceilings(**{ceiling: 1000})
    assert overlap(two, intend(LECTURE, "a", ceilings), intend("wasps", "b", ceilings)) == (Decision.BUY, Decision.STOP)


def test_a_failed_call_is_tried_again_by_one_of_two_lectures(two: Database) -> None:
    with two.write() as connection:
        assert intend(LECTURE)(connection) is Decision.BUY
        lease = Lease(LECTURE, f"{LECTURE}'s", 1)
        intent = Intent("default", "same", f"{LECTURE} same", "asset:music", "music", "simulated:m", {}, 600, lease)
        ledger.fail(connection, intent, {}, 0, _NOW)
    assert overlap(two, intend("wasps"), intend(LECTURE)) == (Decision.BUY, Decision.WAIT)


@pytest.mark.parametrize("is_edit_first", [True, False])
def test_an_edit_that_lands_while_a_run_finishes_is_made(database: Database, *, is_edit_first: bool) -> None:
    with database.write() as connection:
        lease = claim("one")(connection)
        assert isinstance(lease, Lease)

    def finish(connection: Connection) -> bool:
        return requests.finish(connection, lease, 1, now=_NOW)

    acts = (edit(2), finish) if is_edit_first else (finish, edit(2))
    finished = overlap(database, *acts)[1 if is_edit_first else 0]
    with database.read() as connection:
        state = connection.execute(select(table.c.state)).scalar_one()
    assert (finished, state) == ((False, "running") if is_edit_first else (True, "queued"))


def test_a_node_that_is_recorded_when_its_lease_ends_counts_before_the_next_worker_reads(database: Database) -> None:
    with database.write() as connection:
        lease = claim("one")(connection)
        assert isinstance(lease, Lease)

    def record(connection: Connection) -> bool:
        holds = requests.renew(connection, lease, _NOW + 30)
        records.save_take(connection, LECTURE, take("f1"), counts=holds)
        return holds

    late = Claim("two", _NOW + 16, _NOW + 31, "")
    holds, owner = overlap(database, record, lambda connection: requests.claim(connection, LECTURE, late))
    assert (holds, owner) == (True, "one")


def test_takes_that_are_recorded_at_once_have_numbers_of_their_own(database: Database) -> None:
    with database.write() as connection:
        lease = claim("one")(connection)
        assert isinstance(lease, Lease)

    def record(fingerprint: str) -> Callable[[Connection], int]:
        def save(connection: Connection) -> int:
            requests.renew(connection, lease, _NOW + 15)
            return records.save_take(connection, LECTURE, take(fingerprint), counts=True)

        return save

    assert overlap(database, record("f1"), record("f2")) == (1, 2)


def test_a_reader_sees_one_state_in_all_its_queries(database: Database) -> None:
    with database.read() as reader:
        before = lectures.version_of(reader, LECTURE)
        with database.write() as connection:
            edit(2)(connection)
        assert lectures.version_of(reader, LECTURE) == before == 1


def test_two_transactions_that_wait_for_each_other_are_both_done_in_the_end(two: Database) -> None:
    ready = threading.Barrier(2)

    def in_order(*names: str) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            lectures.version_of(connection, names[0], lock=True)
            if two.is_server and not ready.broken:
                try:
                    ready.wait(5)
                except threading.BrokenBarrierError:
                    time.sleep(0)
            lectures.version_of(connection, names[1], lock=True)

        return work

    threads = [
        threading.Thread(target=two.writing, args=(in_order(*names),)) for names in ((LECTURE, "wasps"), ("wasps", LECTURE))
    ]
    errors: list[object] = []
    threading.excepthook, hook = (lambda args: errors.append(args.exc_value)), threading.excepthook
    try:
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        ready.abort()
        for thread in threads:
            thread.join(30)
    finally:
        threading.excepthook = hook
    assert errors == []
