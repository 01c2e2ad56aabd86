"""What waits is listed by how long it has waited; how large its plan is holds until the next edit or run."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from lecture_assets.store import lectures, requests, waiting
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Revision
from lecture_assets.store.requests import Claim, Lease
from lecture_assets_tests.store.conftest import LECTURE, SETTINGS, new_head

OTHER = "wasps"


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        lectures.create(connection, new_head(OTHER), 1.0)
        yield connection


def edit(connection: Connection, lecture: str, queued_at: float) -> None:
    revision = Revision(lectures.version_of(connection, lecture) + 1, SETTINGS, ())
    lectures.append(connection, lecture, revision, now=1.0, queued_at=queued_at)


def claim(connection: Connection, lecture: str, now: float) -> Lease:
    lease = requests.claim(connection, lecture, Claim("here/1", now, now + 15, ""))
    assert isinstance(lease, Lease)
    return lease


def queued_at(connection: Connection) -> Mapping[str, float]:
    return {row.lecture: row.queued_at for row in waiting.waiting(connection)}


def calls(connection: Connection) -> Mapping[str, int | None]:
    return {row.lecture: row.calls for row in waiting.waiting(connection)}


def test_the_request_that_waits_longest_is_first_and_a_further_edit_does_not_put_it_back(connection: Connection) -> None:
    edit(connection, OTHER, 10.0)
    edit(connection, LECTURE, 20.0)
    edit(connection, OTHER, 30.0)
    assert list(queued_at(connection).items()) == [(OTHER, 10.0), (LECTURE, 20.0)]
    assert waiting.is_any_waiting(connection)


def test_a_request_that_was_done_waits_anew(connection: Connection) -> None:
    edit(connection, LECTURE, 10.0)
    assert requests.finish(connection, claim(connection, LECTURE, 20.0), 2, now=21.0)
    assert queued_at(connection) == {}
    assert not waiting.is_any_waiting(connection)
    edit(connection, LECTURE, 30.0)
    assert queued_at(connection) == {LECTURE: 30.0}
    requests.withdraw(connection, LECTURE, 1.0)
    edit(connection, LECTURE, 40.0)
    assert queued_at(connection) == {LECTURE: 40.0}


def test_an_edit_during_a_run_that_nobody_had_requested_waits_since_that_run(connection: Connection) -> None:
    lease = claim(connection, LECTURE, 20.0)
    edit(connection, LECTURE, 25.0)
    requests.release(connection, lease)
    assert queued_at(connection) == {LECTURE: 20.0}


def test_the_number_of_calls_is_kept_until_the_next_edit_or_run(connection: Connection) -> None:
    edit(connection, LECTURE, 10.0)
    (row,) = waiting.waiting(connection)
    waiting.record_calls(connection, [replace(row, calls=7)])
    assert calls(connection) == {LECTURE: 7}
    edit(connection, LECTURE, 20.0)
    assert calls(connection) == {LECTURE: None}
    waiting.record_calls(connection, [replace(row, calls=7)])
    assert calls(connection) == {LECTURE: None}, "it was counted before the edit"

    (row,) = waiting.waiting(connection)
    waiting.record_calls(connection, [replace(row, calls=7)])
    lease = claim(connection, LECTURE, 20.0)
    assert calls(connection) == {LECTURE: 7}, "what is known holds until the run has planned"
    requests.planned(connection, lease, 9)
    waiting.record_calls(connection, [replace(row, calls=7)])
    assert calls(connection) == {LECTURE: 9}
    requests.release(connection, lease)
    assert calls(connection) == {LECTURE: None}


def test_a_lost_lease_records_no_plan_and_what_a_dead_worker_leaves_is_counted_again(connection: Connection) -> None:
    lost = claim(connection, LECTURE, 20.0)
    requests.planned(connection, claim(connection, LECTURE, 50.0), 3)
    requests.planned(connection, lost, 9)
    assert calls(connection) == {LECTURE: 3}
    waiting.let_go(connection, "here/1", 1.0)
    assert calls(connection) == {LECTURE: None}
