"""The log of progress on both engines: whoever reads on from a number sees each event once and in order, whoever writes."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from lecture_assets.store import lectures, progress
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Revision
from lecture_assets.store.progress import KEPT_EVENTS, KEPT_S, EventKind
from lecture_assets.store.schema import progress as table
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.store.conftest import LECTURE, SETTINGS, new_head
from lecture_assets_tests.store.progress_events import append, fill, numbers
from lecture_assets_tests.store.test_races import overlap

WRITERS, EVENTS_EACH = (12, 200) if THOROUGH else (6, 25)
OTHER = "wasps"


def newest(database: Database, *names: str) -> dict[str, int]:
    with database.read() as connection:
        return progress.newest(connection, names)


def test_a_lecture_begins_with_its_first_revision(database: Database) -> None:
    with database.read() as connection:
        (event,) = progress.events(connection, LECTURE, 0, 10)
    assert (event.number, event.kind, event.document) == (1, EventKind.REVISION, {"version": 1})


def test_each_lecture_counts_for_itself(database: Database) -> None:
    with database.write() as connection:
        lectures.create(connection, new_head(OTHER), now=1.0)
        append(connection, lecture=OTHER)
        append(connection, lecture=OTHER)
    assert newest(database, LECTURE, OTHER, "nobody") == {LECTURE: 1, OTHER: 3}
    assert newest(database) == {}


def test_a_transaction_that_fails_leaves_no_gap(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        _append_and_fail(connection)
    with database.write() as connection:
        append(connection)
    assert numbers(database) == [1, 2]


def test_the_second_of_two_writers_waits_for_the_number_of_the_first(database: Database) -> None:
    seen: list[list[int]] = []

    def first(connection: Connection) -> None:
        append(connection)
        seen.append(numbers(database))

    overlap(database, first, append)
    assert seen == [[1]]
    assert numbers(database) == [1, 2, 3]


def test_an_edit_and_a_run_that_write_at_once_have_numbers_of_their_own(database: Database) -> None:
    revision = Revision(2, SETTINGS, ())
    overlap(database, append, lambda c: lectures.append(c, LECTURE, revision, now=1.0, queued_at=1.0))
    with database.read() as connection:
        kinds = [event.kind for event in progress.events(connection, LECTURE, 0, 10)]
    assert kinds == [EventKind.REVISION, EventKind.NODE, EventKind.REVISION]


@pytest.mark.slow
@pytest.mark.parametrize("fails", [False, True])
def test_a_reader_beside_racing_writers_sees_each_event_once_and_in_order(database: Database, *, fails: bool) -> None:
    total = WRITERS * EVENTS_EACH

    def write(writer: int) -> None:
        for number in range(EVENTS_EACH):
            if fails and number % 3 == 0:
                with pytest.raises(ZeroDivisionError), database.write() as connection:
                    _append_and_fail(connection)
            database.writing(partial(append, mark=(writer, number)))

    def read(found: list[tuple[int, Any]]) -> None:
        after = 1
        while after < total + 1:
            with database.read() as connection:
                page = progress.events(connection, LECTURE, after, 7)
            for event in page:
                found.append((event.number, event.document["mark"]))
                after = event.number

    readers: list[list[tuple[int, Any]]] = [[], []]
    _all_at_once(*(_call(write, writer) for writer in range(WRITERS)), *(_call(read, found) for found in readers))
    for found in readers:
        assert [number for number, _ in found] == list(range(2, total + 2))
        assert sorted(tuple(mark) for _, mark in found) == [(w, n) for w in range(WRITERS) for n in range(EVENTS_EACH)]
        for writer in range(WRITERS):
            assert [mark[1] for _, mark in found if mark[0] == writer] == list(range(EVENTS_EACH))


def _append_and_fail(connection: Connection) -> None:
    append(connection, "undone")
    raise ZeroDivisionError


def _call(function: Callable[[Any], None], argument: Any) -> Callable[[], None]:
    return lambda: function(argument)


def _all_at_once(*works: Callable[[], None]) -> None:
    errors: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - reported below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert not any(thread.is_alive() for thread in threads)


_KILLED = """
import sys
from lecture_assets.store.database import Database
from lecture_assets_tests.store.progress_events import append
database = Database(sys.argv[1])
for mark in range(3):
    with database.write() as connection:
        append(connection, mark)
with database.write() as connection:
    append(connection, "never committed")
    print("now", flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
def test_a_writer_that_is_killed_takes_its_uncommitted_event_with_it(url: str, database: Database) -> None:
    writer = subprocess.Popen([sys.executable, "-c", _KILLED, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdin is not None
    with writer, writer.stdout, writer.stdin:
        assert writer.stdout.readline() == b"now\n"
        assert numbers(database) == [1, 2, 3, 4]
        writer.send_signal(signal.SIGKILL)
        writer.wait(30)
    database.writing(lambda connection: append(connection, "next"))
    with database.read() as connection:
        marks = [event.document["mark"] for event in progress.events(connection, LECTURE, 1, 10)]
    assert marks == [0, 1, 2, "next"]


def test_old_events_are_pruned_and_numbers_go_on(database: Database) -> None:
    long_ago, now = 1000.0, 1000.0 + KEPT_S + 1
    with database.write() as connection:
        fill(connection, KEPT_EVENTS + 9, at=long_ago)
        append(connection, kind=EventKind.RUN_ENDED, at=now)
    kept = numbers(database)
    assert kept == list(range(12, KEPT_EVENTS + 12))
    with database.write() as connection:
        append(connection, at=now)
    assert numbers(database)[-1] == kept[-1] + 1


def test_what_is_not_a_day_old_is_kept_however_much_it_is(database: Database) -> None:
    with database.write() as connection:
        fill(connection, KEPT_EVENTS + 5, at=1000.0)
        append(connection, kind=EventKind.RUN_ENDED, at=1000.0 + KEPT_S - 1)
    assert len(numbers(database)) == KEPT_EVENTS + 6  # the first one is as old as the lecture: 1970


def test_pruning_one_lecture_leaves_the_others(database: Database) -> None:
    with database.write() as connection:
        lectures.create(connection, new_head(OTHER), now=1.0)
        fill(connection, KEPT_EVENTS + 5, at=1.0, lecture=OTHER)
        append(connection, lecture=OTHER, kind=EventKind.REVISION, at=9e9)
    assert numbers(database) == [1]
    assert len(numbers(database, OTHER)) == KEPT_EVENTS


def test_without_the_lock_an_event_fails_rather_than_come_out_of_order(server_url: str) -> None:
    database = Database(server_url)
    second: list[BaseException | None] = []

    def unlocked(connection: Connection) -> None:
        progress.append(connection, LECTURE, EventKind.NODE, {}, 1.0)

    def run() -> None:
        try:
            with database.write() as connection:
                unlocked(connection)
        except Exception as error:  # noqa: BLE001 - what is looked for
            second.append(error)

    other = threading.Thread(target=run)
    with database.write() as connection:
        unlocked(connection)
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(30)
    assert "progress_pkey" in str(second[0])
    assert numbers(database) == [1, 2]
    database.close()


def test_an_event_is_small(database: Database) -> None:
    document = {
        "run": 12,
        "version": 1234,
        "node": "asset:narration:segment[12]",
        "outcome": "made",
        "spent": 123_456,
        "left": 12,
    }
    with database.write() as connection:
        lectures.version_of(connection, LECTURE, lock=True)
        progress.append(connection, LECTURE, EventKind.NODE, document, 1.0)
    with database.read() as connection:
        raw = connection.exec_driver_sql("SELECT document FROM progress WHERE number = 2").scalar_one()
        assert connection.execute(select(table.c.document).where(table.c.number == 2)).scalar_one() == document
    assert len(bytes(raw)) < 130
