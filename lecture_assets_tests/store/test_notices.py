"""Whoever listens is woken by the commit of an edit or a launch; without notices the wait ends by itself."""

import socket
import time
from collections.abc import Iterator

import pytest

from lecture_assets.store import launched_runs, lectures
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Revision
from lecture_assets.store.notices import Listener
from lecture_assets_tests.store.conftest import LECTURE, SETTINGS, new_head
from lecture_assets_tests.store.engines import migrated_database

LONG_S = 30.0


@pytest.fixture(scope="module")
def server_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with migrated_database("postgresql", tmp_path_factory.mktemp("store")) as database:
        yield database


@pytest.fixture
def listener(server_database: Database) -> Iterator[Listener]:
    listener = Listener(server_database)
    listener.wait(0.0)  # it listens from here on
    yield listener
    listener.close()


def is_woken(listener: Listener) -> bool:
    began = time.monotonic()
    listener.wait(LONG_S)
    return time.monotonic() - began < LONG_S / 2


def test_a_launch_wakes_whoever_listens_once_it_is_committed(server_database: Database, listener: Listener) -> None:
    with server_database.write() as connection:
        launched_runs.launch(connection, "run", "instance", 1.0)
    assert is_woken(listener)


def test_an_edit_wakes_whoever_listens(server_database: Database, listener: Listener) -> None:
    with server_database.write() as connection:
        lectures.create(connection, new_head(), now=1.0)
        lectures.append(connection, LECTURE, Revision(2, SETTINGS, ()), now=1.0, queued_at=1.0)
    assert is_woken(listener)


def test_a_connection_that_is_cut_is_replaced(server_database: Database, listener: Listener) -> None:
    (cut,) = listening(server_database)
    with server_database.write() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({cut})")
    deadline = time.monotonic() + LONG_S
    while listening(server_database) in ([], [cut]):
        listener.wait(0.05)
        assert time.monotonic() < deadline
    with server_database.write() as connection:
        launched_runs.launch(connection, "another run", "instance", 1.0)
    assert is_woken(listener)


def listening(database: Database) -> list[int]:
    with database.read() as connection:
        mine = "query = 'LISTEN lectures' AND datname = current_database()"
        return list(connection.exec_driver_sql(f"SELECT pid FROM pg_stat_activity WHERE {mine}").scalars())  # noqa: S608 - no input


def test_something_else_that_can_be_read_ends_the_wait(listener: Listener) -> None:
    one, other = socket.socketpair()
    with one, other:
        other.send(b"x")
        began = time.monotonic()
        listener.wait(LONG_S, [one])
        assert time.monotonic() - began < LONG_S / 2


def test_without_notices_the_wait_ends_by_itself(database: Database) -> None:
    listener = Listener(database)
    with database.write() as connection:
        launched_runs.launch(connection, "run", "instance", 1.0)
    listener.wait(0.01)
    listener.close()
