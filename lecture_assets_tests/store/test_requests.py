"""One worker at a time has a lecture; whoever lost it cannot finish it, and no edit is left lying."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from lecture_assets.graph.errors import UnknownLectureError
from lecture_assets.store import lectures, requests
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Revision
from lecture_assets.store.requests import Claim, Lease
from lecture_assets.store.schema import requests as table
from lecture_assets_tests.processes import at_once
from lecture_assets_tests.store.conftest import LECTURE, SETTINGS


def wanted(owner: str = "here/1", now: float = 100.0, home: str = "nobody's/") -> Claim:
    return Claim(owner, now, now + 15, home)


def claimed(connection: Connection, owner: str = "here/1", now: float = 100.0) -> Lease:
    lease = requests.claim(connection, LECTURE, wanted(owner, now))
    assert isinstance(lease, Lease)
    return lease


def edited(connection: Connection, now: float = 1.0) -> None:
    version = lectures.version_of(connection, LECTURE) + 1
    lectures.append(connection, LECTURE, Revision(version, SETTINGS, ()), now=1.0, queued_at=now)


def state_of(connection: Connection) -> str:
    return str(connection.execute(select(table.c.state)).scalar_one())


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        yield connection


def claim_many(url: str, owner: str, count: int) -> list[int]:
    """Claim and let go, as often as it works; the fences."""
    database = Database(url)
    fences = []
    for _ in range(count):
        with database.write() as connection:
            lease = requests.claim(connection, LECTURE, wanted(owner))
        if isinstance(lease, Lease):
            fences.append(lease.fence)
            with database.write() as connection:
                requests.release(connection, lease)
    database.close()
    return fences


def test_a_claim_is_held_until_its_lease_runs_out(connection: Connection) -> None:
    lease = claimed(connection, now=100.0)
    assert requests.holds(connection, lease, 114.9)
    assert not requests.holds(connection, lease, 115.0)
    assert requests.is_alive(connection, LECTURE, lease.fence, 114.9)
    assert not requests.is_alive(connection, LECTURE, lease.fence + 1, 114.9)


def test_a_live_owner_is_named_to_whoever_else_wants_the_lecture(connection: Connection) -> None:
    lease = claimed(connection, "there/1")
    assert requests.claim(connection, LECTURE, wanted("here/1", now=114.0)) == "there/1"
    assert requests.holds(connection, lease, 114.0)


def test_an_owner_known_to_be_gone_is_not_waited_for(connection: Connection) -> None:
    lost = claimed(connection, "here/home/17")
    lease = requests.claim(connection, LECTURE, wanted("here/home/18", home="here/home/"))
    assert isinstance(lease, Lease)
    assert lease.fence == lost.fence + 1
    assert not requests.holds(connection, lost, 100.0)


def test_each_claim_has_a_higher_fence_and_the_one_before_is_lost(connection: Connection) -> None:
    leases = [claimed(connection, now=now) for now in (100.0, 115.0, 130.0)]
    assert [lease.fence for lease in leases] == [1, 2, 3]
    assert [requests.holds(connection, lease, 131.0) for lease in leases] == [False, False, True]


@pytest.mark.slow
def test_fences_of_processes_that_claim_at_once_are_all_different(database: Database, url: str) -> None:
    answers = at_once(claim_many, [(url, owner, 20) for owner in "abc"])
    fences = [fence for found in answers for fence in found]
    assert sorted(fences) == list(range(1, len(fences) + 1))
    assert all(found == sorted(found) for found in answers)
    with database.read() as connection:
        assert state_of(connection) == "none"


def test_a_renewed_lease_lasts_longer_even_where_it_ran_out_and_nobody_took_it(connection: Connection) -> None:
    lease = claimed(connection)
    assert requests.renew(connection, lease, 130.0)
    assert requests.holds(connection, lease, 129.0)
    assert requests.renew(connection, lease, 200.0)
    assert requests.holds(connection, lease, 199.0)


def test_a_lost_or_finished_lease_is_not_renewed(connection: Connection) -> None:
    lost = claimed(connection)
    lease = claimed(connection, now=115.0)
    assert not requests.renew(connection, lost, 500.0)
    assert requests.finish(connection, lease, 1, now=116.0)
    assert not requests.renew(connection, lease, 500.0)
    assert not requests.holds(connection, lease, 116.0)


def test_finishing_the_head_leaves_nothing_requested(connection: Connection) -> None:
    edited(connection)
    lease = claimed(connection)
    assert (lease.before, lease.version) == ("queued", 2)
    assert requests.finish(connection, lease, 2, now=101.0)
    assert state_of(connection) == "none"


def test_finishing_an_older_version_than_the_head_says_that_there_is_more_to_do(connection: Connection) -> None:
    lease = claimed(connection)
    edited(connection)
    assert not requests.finish(connection, lease, 1, now=101.0)
    assert requests.holds(connection, lease, 101.0)
    assert requests.finish(connection, lease, 2, now=102.0)
    assert state_of(connection) == "none"


def test_a_lease_that_ran_out_before_it_was_finished_leaves_an_edit_to_the_next_worker(connection: Connection) -> None:
    lease = claimed(connection)
    edited(connection)
    assert requests.finish(connection, lease, 1, now=500.0)
    assert state_of(connection) == "queued"


@pytest.mark.parametrize("head", [1, 2])
def test_a_lost_lease_cannot_finish_or_release_what_another_has(connection: Connection, head: int) -> None:
    lost = claimed(connection)
    lease = claimed(connection, "there/1", now=115.0)
    for _ in range(head - 1):
        edited(connection)
    assert requests.finish(connection, lost, 1, now=116.0)
    requests.release(connection, lost)
    assert requests.holds(connection, lease, 116.0)
    assert state_of(connection) == "running"


def test_a_worker_that_lets_go_leaves_the_request_as_it_found_it(connection: Connection) -> None:
    requests.release(connection, claimed(connection))
    assert state_of(connection) == "none"
    edited(connection)
    requests.release(connection, claimed(connection))
    assert state_of(connection) == "queued"


def test_a_worker_that_lets_go_after_an_edit_leaves_it_requested(connection: Connection) -> None:
    lease = claimed(connection)
    edited(connection)
    requests.release(connection, lease)
    assert state_of(connection) == "queued"


def test_what_a_dead_worker_had_counts_as_requested(connection: Connection) -> None:
    claimed(connection)
    assert claimed(connection, now=200.0).before == "queued"


def test_nobody_claims_a_lecture_that_does_not_exist(connection: Connection) -> None:
    with pytest.raises(UnknownLectureError):
        requests.claim(connection, "wasps", wanted())
