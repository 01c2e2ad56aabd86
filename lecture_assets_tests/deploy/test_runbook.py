"""What the runbook tells an operator to type can be typed."""

import re
from pathlib import Path

from lecture_assets.store.database import Database
from lecture_assets.store.migrate import upgrade
from lecture_assets_tests.cli.all_commands import all_commands
from lecture_assets_tests.deploy.files import DEPLOY
from lecture_assets_tests.servers.postgres import execute
from lecture_assets_tests.store.engines import new_database

PAGE = (DEPLOY / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", PAGE)


def test_its_queries_are_answered_by_the_store(tmp_path: Path) -> None:
    database = Database(new_database("postgresql", tmp_path))
    upgrade(database)
    queries = [code for code in CODE if code.startswith("SELECT ")]
    assert len(queries) >= 2
    assert [execute(database.url, query) for query in queries] == [[(0,)]] * len(queries)
    database.close()


def test_its_commands_are_there() -> None:
    named = {match[1] for code in CODE if (match := re.match(r"lectures ([a-z]+(?: [a-z]+)?)", code))}
    known = all_commands()
    assert {name for name in named if name not in known and name.split()[0] not in known} == set()
    assert len(named) >= 5


def test_the_files_of_deploy_that_it_names_are_there() -> None:
    files = {path.name for path in DEPLOY.rglob("*")} | {f"{path.name}/" for path in DEPLOY.iterdir() if path.is_dir()}
    named = {code for code in CODE if re.fullmatch(r"[\w-]+\.yaml|[a-z]+/|Dockerfile", code)}
    assert named - files == set()
    assert len(named) >= 4
