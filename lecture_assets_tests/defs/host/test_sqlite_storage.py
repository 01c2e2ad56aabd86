"""Dagster's databases keep their connections, but never share them with a forked child; the bundled settings apply."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance
from sqlalchemy import Engine, event

from lecture_assets.defs.host.instance import open_instance
from lecture_assets_tests.servers.homes import home_environ


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[DagsterInstance]:
    with open_instance(home_environ(tmp_path / "home")) as instance:
        yield instance


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The files that connections are opened to."""
    files: list[str] = []

    def note(connection: Any, _record: object) -> None:
        files.append(Path(connection.execute("PRAGMA database_list").fetchone()[2]).name)

    event.listen(Engine, "connect", note)
    yield files
    event.remove(Engine, "connect", note)


def use(instance: DagsterInstance) -> None:
    assert instance.all_instigator_state() == []
    assert instance.get_runs_count() == 0


@pytest.mark.slow
def test_a_database_is_opened_once_and_again_after_it_was_closed(instance: DagsterInstance, opened: list[str]) -> None:
    for _ in range(3):
        use(instance)
    assert sorted(opened) == ["runs.db", "schedules.db"]
    instance.run_storage.dispose()
    use(instance)
    assert sorted(opened) == ["runs.db", "runs.db", "schedules.db"]


@pytest.mark.slow
def test_a_forked_child_opens_connections_of_its_own(instance: DagsterInstance, opened: list[str]) -> None:
    use(instance)
    opened.clear()
    child = os.fork()
    if not child:
        try:
            use(instance)
            os._exit(0 if sorted(opened) == ["runs.db", "schedules.db"] else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    use(instance)
    assert opened == []


@pytest.mark.slow
def test_pools_limit_ops_and_skipped_ticks_are_kept_for_a_day(instance: DagsterInstance) -> None:
    granularity = instance.get_concurrency_config().pool_config.pool_granularity
    assert granularity is not None
    assert granularity.value == "op"
    assert instance.get_settings("retention")["sensor"]["purge_after_days"]["skipped"] == 1
    assert not instance.freshness_enabled
