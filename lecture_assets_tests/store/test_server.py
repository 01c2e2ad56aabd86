"""On a server, a transaction has one certain outcome, whatever becomes of the connection."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from sqlalchemy import URL, Connection, event, make_url, select, text
from sqlalchemy.exc import OperationalError

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.store import clock
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import migrate, upgrade
from lecture_assets.store.schema import records
from lecture_assets.store.troubles import LockedError, LostConnectionError, UnusableDatabaseError, trouble_of
from lecture_assets.store.writer import Writer
from lecture_assets_tests.servers.postgres import execute, free_port, stoppable_postgres_server
from lecture_assets_tests.store.clocks import Machine, OwnClock
from lecture_assets_tests.store.conftest import LECTURE


@pytest.fixture
def database(server_url: str) -> Iterator[Database]:
    database = Database(server_url)
    yield database
    database.close()


def note(name: str) -> Callable[[Connection], str]:
    def write(connection: Connection) -> str:
        connection.execute(records.insert().values(lecture=LECTURE, node=name, take=1, counted_at=0.0))
        return name

    return write


def held(database: Database) -> list[str]:
    return database.reading(lambda connection: sorted(connection.execute(select(records.c.node)).scalars()))


def cut(url: str | URL) -> None:
    """End every session of the database but this one."""
    execute(
        make_url(url),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def test_a_url_without_a_driver_means_psycopg2(server_url: str) -> None:
    plain = server_url.replace("postgresql+psycopg2", "postgresql")
    database = Database(plain)
    assert database.url.drivername == "postgresql+psycopg2"
    assert held(database) == []
    database.close()


def test_another_kind_of_database_is_refused_with_the_two_that_are_known() -> None:
    with pytest.raises(WrongInputError, match=r"mysql.*allowed: a URL like sqlite:///lectures.db or postgresql://"):
        Database("mysql://somebody:secret@host/db")


def test_a_server_that_is_too_old_is_refused_with_the_version_that_is_not(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lecture_assets.store.engine._OLDEST", 990_000)  # this one is as old to it as a real one would be
    database = Database(server_url)
    with pytest.raises(WrongInputError, match=r"found PostgreSQL \d+; allowed: PostgreSQL 99 or newer"):
        held(database)
    database.close()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_keep_every_text_is_refused_with_what_to_do(postgres: URL, encoding: str) -> None:
    execute(postgres, f"CREATE DATABASE {encoding} ENCODING '{encoding}' TEMPLATE template0")
    database = Database(postgres.set(database=encoding.lower()))
    with pytest.raises(WrongInputError, match=rf"found one with the encoding {encoding}; allowed: .* ENCODING 'UTF8'"):
        migrate(database)
    database.close()
    execute(postgres, f"DROP DATABASE {encoding}")


def test_defaults_of_the_server_change_neither_what_a_transaction_sees_nor_that_it_is_durable(server_url: str) -> None:
    url = make_url(server_url)
    for setting in ("default_transaction_isolation = 'serializable'", "synchronous_commit = 'off'", "client_encoding = 'LATIN1'"):
        execute(url, f"ALTER DATABASE {url.database} SET {setting}")
    database = Database(url)
    with database.write() as connection:
        isolation, durable, encoding = (
            connection.execute(text(f"SHOW {name}")).scalar()
            for name in ("transaction_isolation", "synchronous_commit", "client_encoding")
        )
    assert (isolation, durable, encoding) == ("read committed", "on", "UTF8")
    with database.read() as connection:
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "repeatable read"
    database.close()


@pytest.mark.parametrize("chosen", ["remote_apply", "local"])
def test_how_durable_a_commit_is_where_it_waits_at_all_is_the_server_s_affair(server_url: str, chosen: str) -> None:
    url = make_url(server_url)
    execute(url, f"ALTER DATABASE {url.database} SET synchronous_commit = '{chosen}'")
    database = Database(url)
    with database.write() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == chosen
    database.close()


@pytest.mark.parametrize(
    ("statement", "remedy"),
    [
        (
            "SET LOCAL ROLE stranger; SELECT * FROM lectures",
            "permission denied .*grant its user all rights on the tables",
        ),
        ("SET LOCAL statement_timeout = 20; SELECT pg_sleep(5)", "statement timeout.*raise `statement_timeout` of its user"),
    ],
)
def test_what_the_server_refuses_is_told_with_what_to_do(database: Database, statement: str, remedy: str) -> None:
    execute(database.url, "DROP ROLE IF EXISTS stranger", "CREATE ROLE stranger")
    with pytest.raises(UnusableDatabaseError, match=remedy), database.write() as connection:
        connection.execute(text(statement))
    execute(database.url, "DROP ROLE stranger")


def test_a_user_who_may_only_read_is_told_so(server_url: str) -> None:
    url = make_url(server_url)
    execute(url, f"ALTER DATABASE {url.database} SET default_transaction_read_only = on")
    database = Database(url, busy_s=0.2)
    assert held(database) == []
    with pytest.raises(LostConnectionError, match=r"may only be read .*give the URL of the server that may be written"):
        database.writing(lambda connection: connection.execute(text("SET TRANSACTION READ ONLY; UPDATE lectures SET head = 2")))
    database.close()


@pytest.mark.slow
def test_a_standby_is_read_and_its_promotion_is_waited_for() -> None:
    with stoppable_postgres_server() as server:
        execute(server.url, "CREATE DATABASE mine")
        database = Database(server.url.set(database="mine"))
        upgrade(database)
        server.stop()
        server.become_standby()
        server.start()
        rename = text("UPDATE identity SET database = 'renamed'")
        with pytest.raises(LostConnectionError, match="may only be read"), database.write() as connection:
            connection.execute(rename)
        assert held(database) == []
        promotion = threading.Timer(1.0, execute, [server.url, "SELECT pg_promote()"])
        promotion.start()
        assert database.writing(lambda connection: connection.execute(rename).rowcount) == 1
        promotion.join()
        database.close()


def test_nothing_is_set_for_a_session_that_a_pooler_would_refuse_or_give_to_another(server_url: str) -> None:
    database = Database(server_url, busy_s=3)
    with database.write() as connection:
        driver: Any = connection.connection.dbapi_connection
        assert not driver.info.dsn_parameters.get("options")
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "3s"
    with database.read() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "0"
    database.close()


def test_a_connection_that_was_cut_between_transactions_is_not_noticed(database: Database, server_url: str) -> None:
    database.writing(note("before"))
    cut(server_url)
    database.writing(note("after"))
    cut(server_url)
    assert held(database) == ["after", "before"]


def test_work_whose_connection_is_cut_is_done_again_and_counts_once(database: Database, server_url: str) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> int:
        note("n")(connection)
        tries.append(len(tries))
        if len(tries) < 3:
            cut(server_url)
        return len(tries)

    assert database.writing(work) == 3
    assert held(database) == ["n"]


def test_a_block_whose_connection_is_cut_says_so_and_leaves_nothing(database: Database, server_url: str) -> None:
    def write() -> None:
        with database.write() as connection:
            note("lost")(connection)
            cut(server_url)
            note("lost, too")(connection)

    with pytest.raises(LostConnectionError, match=r"does not answer .*; what was being written was discarded"):
        write()
    assert held(database) == []


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_commit_whose_answer_is_lost_is_looked_up(database: Database, *, is_committed: bool) -> None:
    done: list[int] = []

    def work(connection: Connection) -> None:
        note(f"try {len(done)}")(connection)
        driver = connection.connection.dbapi_connection
        assert isinstance(driver, psycopg2.extensions.connection)
        done.append(driver.info.backend_pid)
        if len(done) == 1:  # SQLAlchemy finds a connection that is gone, before or after the server has committed
            if is_committed:
                driver.commit()
            execute(database.url, f"SELECT pg_terminate_backend({done[0]})")

    database.writing(work)
    assert held(database) == (["try 0"] if is_committed else ["try 1"])


def test_a_writer_goes_on_when_the_connection_is_cut(database: Database, server_url: str) -> None:
    async def main() -> list[str]:
        writer = Writer(database)
        names = []
        for number in range(12):
            future = writer.submit(note(f"{number:02}"))
            if number % 3 == 0:
                cut(server_url)
            names.append(await future)
        await writer.close()
        return names

    assert asyncio.run(main()) == held(database)


def test_the_time_is_the_server_s_whatever_the_clock_of_whoever_asks_says(database: Database) -> None:
    for ahead in (0.0, 300.0, -86_400.0, 100 * 365 * 86_400.0):
        with database.write() as connection:
            found = clock.now(connection, OwnClock(Machine(), ahead))
        assert abs(found - time.time()) < 60


@contextmanager
def locked_lecture(url: str) -> Iterator[None]:
    other = Database(url)
    with other.write() as connection:
        connection.execute(text("SELECT head FROM lectures FOR UPDATE"))
        yield
    other.close()


def test_a_lock_that_another_process_keeps_is_waited_for_and_then_told(server_url: str) -> None:
    database = Database(server_url, busy_s=0.2)

    def edit() -> None:
        with database.write() as connection:
            connection.execute(text("UPDATE lectures SET head = 2"))

    with locked_lecture(server_url), pytest.raises(LockedError, match="nothing was changed"):
        edit()
    edit()
    database.close()


def test_a_server_that_is_away_is_waited_for_and_then_told_without_the_password() -> None:
    database = Database(f"postgresql://somebody:secret@127.0.0.1:{free_port()}/db", busy_s=0.3)
    with pytest.raises(LostConnectionError, match=r"the database postgresql.*somebody.*does not answer") as caught:
        database.reading(lambda connection: connection.execute(text("SELECT 1")).scalar())
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "said",
    [
        "SSL connection has been closed unexpectedly",
        "SSL SYSCALL error: EOF detected",
        "server closed the connection unexpectedly\n\tThis probably means …",
        'connection to server at "db" (10.0.0.5), port 5432 failed: timeout expired',
        'connection to server at "db" (10.0.0.5), port 5432 failed: Connection refused',
        'connection to server at "db" (10.0.0.5), port 5432 failed: session is read-only',
        'could not translate host name "db" to address: Temporary failure in name resolution',
        'connection to server at "db", port 5432 failed: FATAL:  sorry, too many clients already',
        'connection to server at "db", port 5432 failed: FATAL:  the database system is starting up',
    ],
)
def test_what_may_pass_is_tried_again_whatever_libpq_calls_it(said: str) -> None:
    raised = OperationalError("SELECT 1", {}, psycopg2.OperationalError(said))
    assert isinstance(trouble_of(raised, "db", None), LostConnectionError)


def test_a_statement_that_an_administrator_cancels_is_carried_out_again(database: Database) -> None:
    tries = list[int]()

    def work(connection: Connection) -> int:
        tries.append(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        if len(tries) == 1:
            threading.Timer(0.3, execute, [database.url, f"SELECT pg_cancel_backend({tries[0]})"]).start()
            connection.execute(text("SELECT pg_sleep(20)"))
        return len(tries)

    assert database.writing(work) == 2


def test_a_host_that_has_no_address_just_now_is_waited_for() -> None:
    database, tries = Database("postgresql://somebody:secret@nowhere.invalid/db", busy_s=0.3), list[object]()
    event.listen(database.engine, "do_connect", lambda *_: tries.append(None))
    with pytest.raises(LostConnectionError, match=r"could not translate host name.*check LECTURES_DATABASE_URL") as caught:
        held(database)
    assert len(tries) > 1
    assert "secret" not in str(caught.value)


def test_a_server_without_a_free_connection_is_waited_for_and_the_limit_is_named(postgres: URL) -> None:
    execute(postgres, "DROP ROLE IF EXISTS few", "CREATE ROLE few LOGIN CONNECTION LIMIT 1")
    first, second = (Database(postgres.set(username="few"), busy_s=0.3) for _ in range(2))
    with first.read(), pytest.raises(LostConnectionError, match=r"takes no more connections .*the limit of its user"):
        second.reading(lambda connection: connection.execute(text("SELECT 1")).scalar())
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"database": "nowhere"}, r'"nowhere" does not exist.*\(create it, or check the URL\)'),
        ({"username": "stranger"}, r'"stranger" does not exist.*\(create it, or check the URL\)'),
        ({"query": {"bees": "1"}}, r"invalid dsn.*\(check the URL\)"),
        ({"query": {"sslmode": "sometimes"}}, r"invalid sslmode value.*\(check the URL\)"),
        ({"query": {"sslmode": "require"}}, "does not support SSL.*sslmode"),
        ({"username": "nologin"}, r"not permitted to log in.*\(grant its user CONNECT and LOGIN\)"),
    ],
)
def test_what_no_waiting_helps_against_is_told_at_the_first_try(postgres: URL, changes: dict[str, Any], why: str) -> None:
    execute(postgres, "DROP ROLE IF EXISTS nologin", "CREATE ROLE nologin")
    database, tries = Database(postgres.set(**changes), busy_s=30), list[object]()
    event.listen(database.engine, "do_connect", lambda *_: tries.append(None))
    with pytest.raises(UnusableDatabaseError, match=why):
        database.reading(lambda connection: connection.execute(text("SELECT 1")).scalar())
    assert len(tries) == 1


def test_a_worker_that_stands_still_in_a_transaction_loses_it_and_its_locks(server_url: str) -> None:
    still, other = Database(server_url, stalled_s=0.3), Database(server_url)
    stands, goes_on = threading.Event(), threading.Event()
    errors: list[BaseException] = []

    def stand() -> None:
        try:
            with still.write() as connection:
                connection.execute(text("UPDATE lectures SET head = 5"))
                stands.set()
                goes_on.wait(30)
        except LostConnectionError as error:
            errors.append(error)

    thread = threading.Thread(target=stand)
    thread.start()
    assert stands.wait(10)
    other.writing(lambda connection: connection.execute(text("UPDATE lectures SET head = 7")).rowcount)
    goes_on.set()
    thread.join(30)
    assert len(errors) == 1
    assert other.reading(lambda connection: connection.execute(text("SELECT head FROM lectures")).scalar()) == 7
    still.close()
    other.close()


@pytest.mark.slow
def test_a_database_is_opened_once_its_server_is_back(caplog: pytest.LogCaptureFixture) -> None:
    with stoppable_postgres_server() as server:
        execute(server.url, "CREATE DATABASE mine")
        database = Database(server.url.set(database="mine"))
        upgrade(database)
        database.close()
        server.stop(signal.SIGQUIT)
        back = threading.Timer(3.0, server.start)
        back.start()
        migrate(database)
        back.join()
        assert "waiting up to" in caplog.text
        assert held(database) == []
        database.close()


def test_a_server_that_stays_away_is_one_sentence_after_the_time_to_wait() -> None:
    database = Database(f"postgresql://somebody:secret@127.0.0.1:{free_port()}/db", busy_s=0.2)
    with pytest.raises(LostConnectionError, match="does not answer") as raised:
        migrate(database)
    assert "secret" not in str(raised.value)
    database.close()
