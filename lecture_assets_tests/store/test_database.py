"""On SQLite a write that was acknowledged is on disk, one that was not has left nothing, and whoever waits hears of it."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.exc import IntegrityError

from lecture_assets.store.database import Database
from lecture_assets.store.schema import plans, records
from lecture_assets.store.troubles import DiskFullError
from lecture_assets.store.writer import Writer
from lecture_assets_tests.store.conftest import LECTURE

FULL_DISK = """
import asyncio, json, resource, sys
from lecture_assets.store.database import Database
from lecture_assets.store.writer import Writer
from lecture_assets_tests.store.test_database import held, note

async def main():
    database = Database(sys.argv[1])
    writer = Writer(database)
    await writer.submit(note("before"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
    kept = ["before"]
    for start in range(0, 60, 5):
        names = [f"{number}" for number in range(start, start + 5)]
        futures = [writer.submit(note(name, size=20_000)) for name in names]
        answers = await asyncio.gather(*futures, return_exceptions=True)
        kept += [name for name, answer in zip(names, answers) if not isinstance(answer, BaseException)]
    await writer.close()
    print(json.dumps({"acknowledged": kept, "seen": held(database)}))

asyncio.run(main())
"""


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def note(name: str, size: int = 1) -> Callable[[Connection], str]:
    """A write of one row of about `size` bytes."""

    def write(connection: Connection) -> str:
        padded = name + " " * size
        connection.execute(records.insert().values(lecture=LECTURE, node=padded, take=1, counted_at=0.0))
        return name

    return write


def held(database: Database) -> list[str]:
    with database.read() as connection:
        rows = connection.execute(select(records.c.node).order_by(text("rowid")))
        return [node.strip() for node in rows.scalars()]


@contextmanager
def commits(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note_commit(_connection: Connection) -> None:
        seen.append("commit")

    event.listen(database.engine, "commit", note_commit)
    yield seen
    event.remove(database.engine, "commit", note_commit)


def with_writer(database: Database, work: Callable[[Writer], Any]) -> Any:
    async def main() -> Any:
        writer = Writer(database)
        try:
            return await work(writer)
        finally:
            await writer.close()

    return asyncio.run(main())


def at_once(database: Database, *writes: Callable[[Connection], Any]) -> list[Any]:
    """The outcomes of writes that have all gathered behind one that is still running."""

    async def work(writer: Writer) -> list[Any]:
        gate, inside = threading.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def hold(_connection: Connection) -> None:
            loop.call_soon_threadsafe(inside.set)
            assert gate.wait(10)

        first = writer.submit(hold)
        await inside.wait()
        futures = [writer.submit(write) for write in writes]
        gate.set()
        await first
        return await asyncio.gather(*futures, return_exceptions=True)

    answers: list[Any] = with_writer(database, work)
    return answers


def test_every_connection_to_sqlite_logs_ahead_and_waits_for_the_disk(database: Database) -> None:
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    with database.read() as first, database.read() as second:
        for connection in (first, second):
            assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas} == pragmas


def test_what_a_block_wrote_is_kept_when_it_ends_and_gone_when_it_raises(database: Database) -> None:
    with database.write() as connection:
        note("kept")(connection)
    with pytest.raises(ZeroDivisionError):
        write_and(database, "undone", lambda _: 1 // 0)
    assert held(database) == ["kept"]


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(database: Database) -> None:
    count = select(func.count()).select_from(records)
    with database.read() as reader:
        assert reader.execute(count).scalar() == 0
        with database.write() as writer:
            note("new")(writer)
        assert reader.execute(count).scalar() == 0
    assert held(database) == ["new"]


def test_a_second_writer_waits_for_the_first_and_both_are_kept(database: Database) -> None:
    waiting = threading.Event()

    def write_second() -> None:
        waiting.set()
        write_and(database, "second", lambda _: None)

    other = threading.Thread(target=write_second)
    with database.write() as connection:
        other.start()
        assert waiting.wait(10)
        note("first")(connection)
    other.join(10)
    assert held(database) == ["first", "second"]


def write_and(database: Database, name: str, then: Callable[[Connection], object]) -> None:
    with database.write() as connection:
        note(name)(connection)
        then(connection)


@pytest.mark.parametrize(("writes", "shared"), [(24, 1), (25, 2), (60, 3)])
def test_writes_that_have_gathered_share_a_commit_by_24_and_keep_their_order(
    database: Database, writes: int, shared: int
) -> None:
    names = [f"{number:02}" for number in range(writes)]
    with commits(database) as seen:
        assert at_once(database, *(note(name) for name in names)) == names
    assert len(seen) == 1 + shared  # the one that was running
    assert held(database) == names


def test_the_most_urgent_write_goes_first_and_equals_in_the_order_given(database: Database) -> None:
    order: list[str] = []

    def noted(name: str) -> Callable[[Connection], None]:
        return lambda _connection: order.append(name)

    async def work(writer: Writer) -> None:
        gate, inside = threading.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def hold(_connection: Connection) -> None:
            loop.call_soon_threadsafe(inside.set)
            gate.wait(10)

        first = writer.submit(hold)
        await inside.wait()
        futures = [writer.submit(noted(name), urgency) for name, urgency in (("c", 0.1), ("b1", 5.0), ("b2", 5.0))]
        futures.append(writer.submit(noted("a")))
        gate.set()
        await asyncio.gather(first, *futures)

    with_writer(database, work)
    assert order == ["a", "b1", "b2", "c"]


def test_a_write_is_on_disk_before_its_future_is_done(database: Database, file: Path) -> None:
    other = Database(f"sqlite:///{file}")

    async def work(writer: Writer) -> list[str]:
        await writer.submit(note("a"))
        return held(other)

    assert with_writer(database, work) == ["a"]
    other.close()


def test_a_write_that_raises_undoes_itself_and_nobody_else(database: Database) -> None:
    def broken(connection: Connection) -> None:
        note("half")(connection)
        raise ZeroDivisionError

    answers = at_once(database, note("a"), broken, note("b"), note("a"), note("c"))
    assert [answers[0], answers[2], answers[4]] == ["a", "b", "c"]
    assert isinstance(answers[1], ZeroDivisionError)
    assert isinstance(answers[3], IntegrityError)
    assert held(database) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "error", [StopIteration("x"), KeyboardInterrupt(), SystemExit(1)], ids=lambda error: type(error).__name__
)
def test_an_error_that_a_future_cannot_carry_is_heard_of_all_the_same(database: Database, error: BaseException) -> None:
    def broken(_connection: Connection) -> None:
        raise error

    async def work(writer: Writer) -> BaseException | None:
        future = writer.submit(broken)
        await asyncio.wait([future])
        return future.exception()

    found = with_writer(database, work)
    assert found is error or repr(error) in str(found)


def test_when_the_commit_fails_every_write_of_it_hears_and_none_is_kept(database: Database) -> None:
    def unfinished(connection: Connection) -> str:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # the fault is found by the COMMIT alone
        connection.execute(records.insert().values(lecture="nobody's", node="n", take=1, counted_at=0.0))
        return "written"

    answers = at_once(database, note("a"), unfinished, note("b"))
    assert [type(answer) for answer in answers] == [IntegrityError] * 3
    assert held(database) == []
    assert at_once(database, note("later")) == ["later"]


def test_a_database_that_is_full_fails_the_writes_that_found_no_room_and_loses_no_other(database: Database) -> None:
    full = Database(database.url.render_as_string())
    with full.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 60
    full.engine.dispose()

    @event.listens_for(full.engine, "connect")
    def shrink(connection: Any, _entry: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    acknowledged: list[str] = []
    for start in range(0, 40, 4):
        names = [str(number) for number in range(start, start + 4)]
        answers = at_once(full, *(note(name, size=10_000) for name in names))
        assert all(isinstance(answer, (str, DiskFullError)) for answer in answers)
        acknowledged += [answer for answer in answers if isinstance(answer, str)]
    full.close()
    assert 4 < len(acknowledged) < 40
    assert held(database) == acknowledged


@pytest.mark.slow
@pytest.mark.parametrize("limit", [700_000, 1_500_000])
def test_a_disk_that_is_full_loses_no_acknowledged_write(file: Path, limit: int) -> None:
    url = f"sqlite:///{file}"
    done = subprocess.run([sys.executable, "-c", FULL_DISK, url, str(limit)], capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    database = Database(url)
    assert "before" in report["acknowledged"]
    assert 1 < len(report["acknowledged"]) < 61
    assert held(database) == report["acknowledged"] == report["seen"]
    database.close()


def test_a_transaction_that_sqlite_gave_up_is_not_taken_for_a_commit(database: Database) -> None:
    with pytest.raises(DiskFullError, match="what was being written was discarded"):
        write_and(database, "gone", lambda connection: connection.exec_driver_sql("ROLLBACK"))
    assert held(database) == []


def test_what_was_submitted_before_closing_is_written_and_nothing_is_taken_afterwards(database: Database) -> None:
    async def main() -> list[str]:
        writer = Writer(database)
        futures = [writer.submit(note(str(number))) for number in range(5)]
        await writer.close()
        with pytest.raises(RuntimeError, match="closed"):
            writer.submit(note("late"))
        return [await future for future in futures]

    assert asyncio.run(main()) == ["0", "1", "2", "3", "4"]
    assert held(database) == ["0", "1", "2", "3", "4"]


def test_a_write_whose_waiter_was_cancelled_is_kept_and_disturbs_nobody(database: Database) -> None:
    async def work(writer: Writer) -> str:
        cancelled = writer.submit(note("a"))
        cancelled.cancel()
        return await writer.submit(note("b"))

    assert with_writer(database, work) == "b"
    assert held(database) == ["a", "b"]


@pytest.mark.slow
def test_a_process_killed_between_writes_keeps_what_was_acknowledged(file: Path) -> None:
    code = (
        "import asyncio, os, signal, sys\n"
        "from lecture_assets.store.database import Database\n"
        "from lecture_assets.store.writer import Writer\n"
        "from lecture_assets_tests.store.test_database import note\n"
        "async def main():\n"
        "    writer = Writer(Database(sys.argv[1]))\n"
        "    await asyncio.gather(*(writer.submit(note(str(number))) for number in range(20)))\n"
        "    writer.submit(lambda connection: (note('half')(connection), os.kill(os.getpid(), signal.SIGKILL)))\n"
        "    await writer.close()\n"
        "asyncio.run(main())\n"
    )
    url = f"sqlite:///{file}"
    done = subprocess.run([sys.executable, "-c", code, url], check=False)
    assert done.returncode == -9
    database = Database(url)
    assert held(database) == [str(number) for number in range(20)]
    database.close()


def test_the_tables_refuse_rows_of_a_lecture_that_does_not_exist(database: Database) -> None:
    row = {"lecture": "nobody's", "version": 1, "token": "t", "graph": {}, "plan": {}, "stored_at": 0.0}
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(plans.insert().values(row))
