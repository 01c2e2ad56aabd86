"""A thread that looks for work asks nothing while nothing waits and nothing was committed."""

from pathlib import Path

import pytest

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.change_watch import WorkWatch
from lecture_assets_tests.runner.conftest import BRIEF
from lecture_assets_tests.servers.homes import home_environ


@pytest.mark.sqlite
def test_it_is_time_after_each_commit_and_as_long_as_something_waits(tmp_path: Path) -> None:
    with Lectures.open(home_environ(tmp_path / "home")) as lectures:
        watch = WorkWatch(lectures.context.database)
        assert watch.is_time()
        assert watch.is_time()
        watch.looked(lambda: False)
        assert not watch.is_time()
        lectures.create(BRIEF, "rain")
        assert watch.is_time()
        assert not watch.is_time()
        watch.looked(lambda: True)
        assert watch.is_time()
        assert watch.is_time()
        watch.close()
