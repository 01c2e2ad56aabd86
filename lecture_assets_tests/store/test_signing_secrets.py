"""The secret of URLs is made once, whoever comes first; a workspace has the media of its lectures and its uploads, no others."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event

from lecture_assets.store import signing_secrets, uploads, workspace_media
from lecture_assets.store.database import Database
from lecture_assets_tests.store.engines import ENGINES, migrated_database

SHA256 = "a" * 64


@pytest.mark.parametrize("engine", ENGINES)
def test_whoever_comes_first_makes_the_secret_and_all_others_have_it(engine: str, tmp_path: Path) -> None:
    with migrated_database(engine, tmp_path) as database:
        with database.read() as connection:
            assert signing_secrets.find(connection) is None
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: database.writing(lambda c: signing_secrets.make(c, 1.0)), range(16)))
        assert len(set(made)) == 1
        assert len(made[0]) == 32
        with database.read() as connection:
            assert signing_secrets.find(connection) == made[0]


def test_an_upload_is_its_workspaces_for_a_day(database: Database) -> None:
    with database.write() as connection:
        uploads.add(connection, "mine", SHA256, "picture", 100.0)
        assert workspace_media.has(connection, "mine", SHA256, 100.0 + uploads.KEPT_S)
        assert not workspace_media.has(connection, "mine", SHA256, 101.0 + uploads.KEPT_S)
        assert not workspace_media.has(connection, "another", SHA256, 100.0)


@pytest.mark.sqlite
def test_a_digest_is_looked_up_by_its_index(sqlite_database: Database) -> None:
    asked: list[tuple[str, object]] = []
    event.listen(sqlite_database.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    with sqlite_database.read() as connection:
        workspace_media.has(connection, "mine", SHA256, 1.0)
        statement, given = next((text, given) for text, given in asked if "FROM takes" in text)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()  # type: ignore[arg-type]
    assert any("INDEX takes_by_artifact" in row.detail for row in plan)
