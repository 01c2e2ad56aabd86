"""Runs are launched and claimed through the database, each by one worker service, which is alive while it renews its lease."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection

from lecture_assets.store import launched_runs, worker_services
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.database import Database
from lecture_assets.store.worker_services import WorkerServiceEntry
from lecture_assets_tests.store.engines import ENGINES, migrated_database

HERE, THERE = "instance", "another instance"


@pytest.fixture(scope="module", params=ENGINES)
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with migrated_database(request.param, tmp_path_factory.mktemp("store")) as database:
        yield database


@pytest.fixture
def database(shared_database: Database) -> Iterator[Database]:
    yield shared_database
    with shared_database.write() as connection:
        connection.exec_driver_sql("DELETE FROM launched_runs")
        connection.exec_driver_sql("DELETE FROM worker_services")


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        yield connection


def register(connection: Connection, service: str, now: float, code: str = "A") -> WorkerServiceEntry:
    entry = WorkerServiceEntry(service, HERE, code, 4)
    worker_services.register(connection, entry, now)
    return entry


def takers(connection: Connection, now: float, *entries: WorkerServiceEntry) -> list[str]:
    return [entry.service for entry in entries if worker_services.role_of(connection, entry, now).takes_runs]


def dispatchers(connection: Connection, now: float, *entries: WorkerServiceEntry) -> list[str]:
    return [entry.service for entry in entries if worker_services.role_of(connection, entry, now).dispatches]


def test_the_run_that_waits_longest_is_claimed_first_and_runs_of_other_instances_never(connection: Connection) -> None:
    launched_runs.launch(connection, "elsewhere", THERE, 0.0)
    launched_runs.launch(connection, "second", HERE, 2.0)
    launched_runs.launch(connection, "first", HERE, 1.0)
    launched_runs.launch(connection, "first", HERE, 3.0)
    assert [launched_runs.claim(connection, HERE, "s1") for _ in range(3)] == ["first", "second", None]
    assert launched_runs.of_service(connection, "s1") == {"first": False, "second": False}


def test_each_run_is_claimed_once_by_racing_services(database: Database) -> None:
    names = [f"run-{number}" for number in range(40)]
    with database.write() as connection:
        for name in names:
            launched_runs.launch(connection, name, HERE, 1.0)
    together = threading.Barrier(6)

    def claim_all(service: str) -> list[str]:
        together.wait()
        claimed, empty = list[str](), 0
        while empty < 3:  # a claim may find all that is left locked by others
            with database.write() as connection:
                run_id = launched_runs.claim(connection, HERE, service)
            claimed += [run_id] if run_id else []
            empty += run_id is None
        return claimed

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(claim_all, [f"s{number}" for number in range(6)]))
    counts = Counter(run_id for claimed in found for run_id in claimed)
    assert counts == dict.fromkeys(names, 1)
    with database.read() as connection:
        assert not launched_runs.is_any_unclaimed(connection, HERE)


def test_a_run_is_withdrawn_before_it_is_claimed_and_terminated_after(connection: Connection) -> None:
    for name in ("withdrawn", "claimed"):
        launched_runs.launch(connection, name, HERE, 1.0)
    assert launched_runs.withdraw(connection, "withdrawn")
    assert launched_runs.find(connection, "withdrawn") is None
    assert launched_runs.claim(connection, HERE, "s1") == "claimed"
    assert not launched_runs.withdraw(connection, "claimed")
    launched_runs.ask_to_end(connection, "claimed")
    assert launched_runs.of_service(connection, "s1") == {"claimed": True}
    launched_runs.end(connection, "claimed", "s2")
    assert launched_runs.find(connection, "claimed") is not None
    launched_runs.end(connection, "claimed", "s1")
    assert launched_runs.find(connection, "claimed") is None


def test_the_runs_of_a_service_whose_lease_ended_are_taken_over_once(connection: Connection) -> None:
    register(connection, "dead", 0.0)
    register(connection, "alive", 0.0)
    for name in ("one", "two", "three"):
        launched_runs.launch(connection, name, HERE, 1.0)
    for service in ("dead", "alive", "never registered"):
        launched_runs.claim(connection, HERE, service)
    assert worker_services.renew(connection, "alive", 10.0)
    found = launched_runs.find(connection, "one")
    assert found is not None
    assert (found.service, found.lease_until) == ("dead", LEASE_S)
    assert launched_runs.take_over_dead(connection, HERE, "heir", LEASE_S - 1) == ["three"]
    assert launched_runs.take_over_dead(connection, HERE, "heir", LEASE_S + 1) == ["one"]
    assert launched_runs.take_over_dead(connection, HERE, "heir", LEASE_S + 1) == []
    assert launched_runs.of_service(connection, "heir") == {"one": False, "three": False}
    assert not worker_services.renew(connection, "dead", LEASE_S + 2)
    assert worker_services.renew(connection, "alive", LEASE_S + 2)


def test_a_service_that_renews_while_it_is_declared_dead_keeps_its_runs(database: Database) -> None:
    with database.write() as connection:
        register(connection, "slow", 0.0)
        launched_runs.launch(connection, "one", HERE, 1.0)
        launched_runs.claim(connection, HERE, "slow")
    with ThreadPoolExecutor(1) as threads:
        with database.write() as connection:
            assert worker_services.renew(connection, "slow", 20.0)

            def take_over() -> list[str]:
                with database.write() as other:
                    return list(launched_runs.take_over_dead(other, HERE, "heir", 16.0))

            taken = threads.submit(take_over)
        assert taken.result() == []


def test_runs_are_for_the_code_that_was_deployed_last(connection: Connection) -> None:
    first, second = register(connection, "A1", 1.0), register(connection, "A2", 2.0)
    assert takers(connection, 3.0, first, second) == ["A1", "A2"]
    newer = register(connection, "B1", 3.0, "B")
    restarted = register(connection, "A3", 4.0)
    assert takers(connection, 5.0, first, second, newer, restarted) == ["B1"]
    worker_services.leave(connection, "B1")
    assert takers(connection, 5.0, first, second, restarted) == ["A1", "A2", "A3"]


def test_a_service_that_drains_or_is_dead_takes_no_part(connection: Connection) -> None:
    first, second = register(connection, "A1", 1.0), register(connection, "A2", 5.0)
    newest = register(connection, "B1", 6.0, "B")
    worker_services.drain(connection, "B1")
    assert takers(connection, 7.0, first, second, newest) == ["A1", "A2"]
    assert list(worker_services.places(connection, HERE, 7.0)) == [4, 4]
    assert takers(connection, 1.0 + LEASE_S, first, second) == ["A2"]


def test_one_service_dispatches_and_another_takes_its_place(connection: Connection) -> None:
    first, second, newer = register(connection, "A1", 1.0), register(connection, "A2", 2.0), register(connection, "B1", 3.0, "B")
    assert dispatchers(connection, 4.0, first, second, newer) == ["B1"]
    worker_services.leave(connection, "B1")
    assert dispatchers(connection, 4.0, first, second) == ["A1"]
    worker_services.drain(connection, "A1")
    assert dispatchers(connection, 4.0, first, second) == ["A2"]


def test_no_service_takes_runs_after_a_migration_that_it_does_not_know(connection: Connection) -> None:
    entry = register(connection, "A1", 1.0)
    assert takers(connection, 2.0, entry) == ["A1"]
    with connection.begin_nested() as migration:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'newer'")
        assert takers(connection, 2.0, entry) == []
        migration.rollback()
