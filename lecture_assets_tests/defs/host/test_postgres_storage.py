"""An instance on PostgreSQL keeps one connection, never shares it with a forked child, and asks little while nothing happens."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from dagster import DagsterInstance, build_sensor_context
from sqlalchemy import URL, Engine, event, make_url

from lecture_assets.defs.sensors import free_slots, publish_lectures, start_regenerations
from lecture_assets_tests.defs.dagster_home import DagsterHome, brief, open_dagster_home
from lecture_assets_tests.servers.dagster_databases import create_dagster_database, put_settings
from lecture_assets_tests.servers.homes import POSTGRES, has_servers
from lecture_assets_tests.servers.postgres import execute, postgres_server

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def server() -> Iterator[URL]:
    with ExitStack() as servers:
        yield make_url(os.environ[POSTGRES]) if has_servers() else servers.enter_context(postgres_server())


@pytest.fixture
def database(server: URL, monkeypatch: pytest.MonkeyPatch) -> URL:
    """A database with Dagster's tables, which the environment names."""
    url = create_dagster_database(server, f"storage_{os.urandom(6).hex()}")
    monkeypatch.setenv("DAGSTER_DATABASE_URL", url.render_as_string(hide_password=False))
    return url


@contextmanager
def opened(folder: Path) -> Iterator[DagsterInstance]:
    put_settings(folder)
    with DagsterInstance.from_config(str(folder)) as instance:
        yield instance


@contextmanager
def connections() -> Iterator[list[str]]:
    """The databases that connections are opened to."""
    found = list[str]()

    def connected(connection: object, _record: object) -> None:
        found.append(str(connection.info.dbname).partition("_")[0])  # type: ignore[attr-defined]

    event.listen(Engine, "connect", connected)
    try:
        yield found
    finally:
        event.remove(Engine, "connect", connected)


def use(instance: DagsterInstance) -> None:
    assert instance.all_instigator_state() == []
    assert instance.get_runs_count() == 0
    assert instance.get_dynamic_partitions("lecture") == []


def test_an_instance_opens_one_connection_and_closes_it(tmp_path: Path, database: URL) -> None:
    with opened(tmp_path) as instance:
        use(instance)  # looks for tables
    with connections() as found, opened(tmp_path) as instance:
        for _ in range(3):
            use(instance)
        assert found == ["storage"]
    assert execute(database, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") == [(1,)]


def test_a_connection_that_the_server_ended_is_replaced(tmp_path: Path, database: URL) -> None:
    with opened(tmp_path) as instance:
        use(instance)
        others = "datname = current_database() AND pid != pg_backend_pid()"
        execute(database, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608 - no input
        use(instance)


@pytest.mark.usefixtures("database")
def test_a_forked_child_opens_a_connection_of_its_own(tmp_path: Path) -> None:
    with opened(tmp_path) as instance, connections() as found:
        use(instance)
        found.clear()
        child = os.fork()
        if not child:
            try:
                use(instance)
                os._exit(0 if found == ["storage"] else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        use(instance)
        assert found == []


@pytest.fixture
def dagster_home(server: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterHome]:
    monkeypatch.setenv(POSTGRES, server.render_as_string(hide_password=False))
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        yield dagster_home


@pytest.mark.slow
def test_a_tick_that_finds_nothing_takes_one_connection_to_each_database(dagster_home: DagsterHome) -> None:
    """With Dagster's storages it took 7, 12 and 14 connections: 3 to open the instance, and one a query."""
    for number in range(3):
        with connections() as found:
            for tick in (start_regenerations, publish_lectures, free_slots):
                with DagsterInstance.from_ref(dagster_home.instance.get_ref()) as instance:
                    answer = tick(build_sensor_context(instance))
                    assert tick is not start_regenerations or len(list(answer)) == 1  # type: ignore[arg-type]
        assert number == 0 or sorted(found) == ["dagster"] * 2 + ["home"] * 3
