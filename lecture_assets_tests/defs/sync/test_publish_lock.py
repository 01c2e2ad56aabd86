"""Of two publishers of a lecture one waits or passes; on a server, one that lost its lock writes no more."""

from pathlib import Path

import pytest

from lecture_assets.defs.sync.publish_lock import PublishLockLostError, PublishLocks
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.servers.homes import POSTGRES, home_environ
from lecture_assets_tests.servers.postgres import execute, postgres_server


def assert_exclusive(environ: dict[str, str]) -> None:
    with Lectures.open(environ) as one, Lectures.open(environ) as two:
        with PublishLocks(one.context) as mine, PublishLocks(two.context) as others:
            assert mine.take("rain")
            assert not others.take("rain", waits=False)
            assert others.take("snow", waits=False)
            mine.require()
        with PublishLocks(two.context) as others:
            assert others.take("rain", waits=False)


def test_a_lecture_has_one_publisher(tmp_path: Path) -> None:
    assert_exclusive(home_environ(tmp_path / "home"))


@pytest.mark.slow
def test_on_a_server_machines_exclude_each_other_and_a_lost_lock_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres_server() as server:
        monkeypatch.setenv(POSTGRES, server.render_as_string(hide_password=False))
        environ = home_environ(tmp_path / "home")
        assert_exclusive(environ)
        with Lectures.open(environ) as lectures:
            locks = PublishLocks(lectures.context)
            assert locks.take("rain")
            execute(server, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'home_%'")
            with pytest.raises(PublishLockLostError, match="under which rain was published"), locks:
                locks.require()
            with PublishLocks(lectures.context) as others:
                assert others.take("rain", waits=False)
