"""`lectures db check` and `lectures db upgrade` as a person types them."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from lecture_assets.store.migrate import HEAD
from lecture_assets_tests.processes import run_command
from lecture_assets_tests.store.releases import unpack_files


@pytest.mark.slow
def test_a_home_without_a_database_has_nothing_to_check_and_gets_none_by_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = run_command("db", "check", "--json", environ={"LECTURES_HOME": str(home)})
    document = json.loads(done.stdout)
    assert (done.returncode, document["revision"], document["wanted"], document["ok"]) == (1, None, HEAD, False)
    assert not home.exists()


def test_an_upgrade_creates_a_home_that_nobody_else_can_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = run_command("db", "upgrade", environ={"LECTURES_HOME": str(home)})
    assert (done.returncode, done.stdout) == (0, f"{home / 'lectures.db'}: created, revision {HEAD}\n")
    assert [path.stat().st_mode & 0o077 for path in (home, home / "lectures.db")] == [0, 0]


@pytest.mark.slow
def test_an_upgrade_says_what_it_did_and_the_check_what_is_to_be_done(tmp_path: Path) -> None:
    unpack_files("0.1.0", tmp_path)
    environ = {"LECTURES_HOME": str(tmp_path)}
    checked = run_command("db", "check", environ=environ)
    assert checked.returncode == 1
    assert f"revision 0013; this release's is {HEAD}" in checked.stdout
    assert "run `lectures db upgrade`" in checked.stdout
    upgraded = run_command("db", "upgrade", environ=environ)
    assert (upgraded.returncode, upgraded.stderr) == (0, "")
    assert upgraded.stdout == f"{tmp_path / 'lectures.db'}: upgraded from revision 0013 to {HEAD}\n"


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("9999", "a schema of a newer release (9999); needed: .* upgrade lecture-assets"),
        ("7e2f3204cf8e", "the tables of another program, such as Dagster (revision 7e2f3204cf8e); needed: a database of its own"),
    ],
)
def test_the_check_names_a_newer_release_and_another_programs_tables(tmp_path: Path, revision: str, said: str) -> None:
    environ = {"LECTURES_HOME": str(tmp_path)}
    run_command("db", "upgrade", environ=environ)
    with sqlite3.connect(tmp_path / "lectures.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
    connection.close()
    checked = run_command("db", "check", environ=environ)
    assert checked.returncode == 1
    assert re.search(said.replace("(", r"\(").replace(")", r"\)"), checked.stdout)
