"""The schemas of the lectures and of Dagster are checked and upgraded together, on files and on a server."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from lecture_assets.defs.databases import check_databases, upgrade_databases
from lecture_assets.defs.host.instance import DagsterStorageError
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.store.migrate import HEAD
from lecture_assets_tests.servers.dagster_databases import put_settings
from lecture_assets_tests.servers.postgres import execute
from lecture_assets_tests.store.engines import new_database
from lecture_assets_tests.store.releases import unpack_files

EARLIER = "16e3655b4d9b"
"""A revision of Dagster's storages, two before today's."""


def instance_in(folder: Path, **settings: object) -> Path:
    folder.mkdir()
    (folder / "dagster.yaml").write_text(yaml.safe_dump({"telemetry": {"enabled": False}, **settings}))
    return folder


@pytest.mark.slow
def test_both_schemas_of_an_older_home_are_upgraded(tmp_path: Path) -> None:
    unpack_files("0.1.0", tmp_path)
    environ = {"LECTURES_HOME": str(tmp_path)}
    assert check_databases(environ)["dagster"] == []
    runs = instance_in(tmp_path / "dagster") / "history" / "runs.db"
    before = check_databases(environ)  # Dagster creates its tables
    assert (before["revision"], before["ok"]) == ("0013", False)
    assert [one["revision"] == one["wanted"] for one in before["dagster"]] == [True] * 3
    with closing(sqlite3.connect(runs)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (EARLIER,))
    document = upgrade_databases(environ)
    assert (document["before"], document["revision"], document["dagster"]) == ("0013", HEAD, before["dagster"])
    assert [one["revision"] for one in document["dagster_before"] if one["storage"] == "runs"] == [EARLIER]
    with closing(sqlite3.connect(runs)) as connection:
        indexes = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert "idx_run_tags_run_id" in indexes  # which the migration after it creates
    assert check_databases(environ)["ok"]
    again = upgrade_databases(environ)
    assert (again["before"], again["dagster_before"]) == (HEAD, again["dagster"])


@pytest.mark.slow
def test_a_server_s_two_databases_are_created_and_what_somebody_changed_is_named(tmp_path: Path) -> None:
    lectures, dagster = (new_database("postgresql", tmp_path) for _ in range(2))
    urls = [url.render_as_string(hide_password=False) for url in (lectures, dagster)]
    home = instance_in(tmp_path / "dagster", storage={"postgres": {"postgres_url": urls[1]}})
    environ = {"LECTURES_HOME": str(tmp_path / "home"), "LECTURES_DATABASE_URL": urls[0], "DAGSTER_HOME": str(home)}
    document = upgrade_databases(environ)
    assert (document["before"], document["revision"], len(document["dagster"])) == (None, HEAD, 3)
    assert check_databases(environ)["ok"]
    execute(lectures, "DROP TABLE watches")
    found = check_databases(environ)
    assert (found["ok"], found["differences"]) == (False, ["the table watches is missing"])


@pytest.mark.slow
def test_a_database_of_dagster_s_that_is_not_there_is_one_sentence_without_its_password(tmp_path: Path) -> None:
    storage = {"postgres": {"postgres_url": "postgresql+psycopg2://me:secret@127.0.0.1:9/dagster"}}
    home = instance_in(tmp_path / "dagster", storage=storage)
    environ = {"LECTURES_HOME": str(tmp_path / "home"), "DAGSTER_HOME": str(home)}
    with pytest.raises(DagsterStorageError, match=f"Dagster's instance in {home} cannot be used") as error:
        upgrade_databases(environ)
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.slow
def test_what_the_settings_name_and_nobody_set_is_named_and_both_databases_are_not_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAGSTER_DATABASE_URL", raising=False)
    home = tmp_path / "home"
    put_settings(home / "dagster")
    environ = {"LECTURES_HOME": str(home)}
    with pytest.raises(WrongInputError, match="DAGSTER_DATABASE_URL: found nothing"):
        check_databases(environ)
    url = new_database("postgresql", tmp_path).render_as_string(hide_password=False)
    with pytest.raises(WrongInputError, match="the database of LECTURES_DATABASE_URL"):
        upgrade_databases({**environ, "LECTURES_DATABASE_URL": url, "DAGSTER_DATABASE_URL": url})
