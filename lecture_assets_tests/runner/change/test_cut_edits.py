"""An edit whose connection to the database is cut, wherever that happens, is made once."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url

from lecture_assets_tests.runner.conftest import LECTURE, open_small_lecture
from lecture_assets_tests.servers.postgres import execute
from lecture_assets_tests.store.engines import new_database


@pytest.mark.parametrize("statement", ["SELECT lectures", "INSERT INTO revisions", "UPDATE lectures"])
def test_an_edit_whose_connection_is_cut_is_made_once(tmp_path: Path, statement: str) -> None:
    url = make_url(new_database("postgresql", tmp_path))
    with open_small_lecture(tmp_path / "home", LECTURES_DATABASE_URL=url.render_as_string(hide_password=False)) as lecture:
        cuts = list[int]()

        def cut(connection: Any, _cursor: object, sent: str, *_more: object) -> None:
            if not cuts and sent.startswith(statement):
                cuts.append(connection.connection.dbapi_connection.info.backend_pid)
                execute(url, f"SELECT pg_terminate_backend({cuts[0]})")

        event.listen(lecture.lectures.context.database.engine, "before_cursor_execute", cut)
        lecture.edit("text content:video-title=Another title")
        assert len(cuts) == 1
        assert [revision["version"] for revision in lecture.lectures.history(LECTURE)] == [1, 2]
