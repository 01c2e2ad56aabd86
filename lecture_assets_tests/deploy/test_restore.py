"""A database and a bucket that are lost are restored from a backup as the runbook says, and the work goes on."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import boto3
import pytest
from sqlalchemy import URL

from lecture_assets.briefs.brief import Brief
from lecture_assets_tests.deploy.files import DEPLOY
from lecture_assets_tests.processes import run_command
from lecture_assets_tests.scenarios.conftest import open_lectures
from lecture_assets_tests.servers.homes import POSTGRES, artifacts_of, database_of, home_environ
from lecture_assets_tests.servers.postgres import client_programs, execute
from lecture_assets_tests.servers.s3 import BUCKET, copy_objects
from lecture_assets_tests.store.engines import server
from lecture_assets_tests.store.s3_media import s3_environ

PAGE = (DEPLOY / "README.md").read_text(encoding="utf-8")
DUMP, RESTORE = ["pg_dump", "--format=custom"], ["pg_restore", "--clean", "--if-exists"]


@pytest.mark.slow
@pytest.mark.thorough("two servers and a lecture made twice take twenty seconds")
def test_what_is_lost_is_restored_as_the_page_says_and_the_work_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (DUMP, RESTORE):
        assert " ".join(words) in PAGE
    home, dump = tmp_path / "home", tmp_path / "lectures.dump"
    with s3_environ():
        monkeypatch.setenv(POSTGRES, server().render_as_string(hide_password=False))
        media = artifacts_of(home).partition(f"{BUCKET}/")[2]
        with open_lectures(home) as lectures:
            lectures.create(Brief(prompt="Explain rain.", duration=10, segment_length=5, images_per_segment=1), "rain")
            lectures.regenerate("rain")
        database = database_of(home)
        _run([*DUMP, f"--file={dump}"], database)
        copy_objects(media, f"{media}-backup")
        with open_lectures(home) as lectures:
            lectures.edit("rain", ["set image_style=ink"])
            lectures.regenerate("rain")

        _delete_objects(f"{media}/")
        execute(database, "DROP TABLE takes CASCADE", "DELETE FROM charges")

        _run([*RESTORE, f"--dbname={database.database}", str(dump)], database)
        copy_objects(f"{media}-backup", media)
        _command(home, "db", "upgrade")
        doctor = _command(home, "doctor", "--repair")
        assert (doctor["ok"], doctor["lectures"], doctor["unsettled"]) == (True, 1, [])
        with open_lectures(home) as lectures:
            assert (lectures.status("rain")["version"], lectures.plan("rain")["nodes"]) == (1, [])
            lectures.edit("rain", ["set image_style=ink"])
            assert not lectures.regenerate("rain")["failed"]


def _run(words: list[str], database: URL) -> None:
    """Run a program of PostgreSQL as an operator types it; the database's address comes from the environment."""
    own = {"PGHOST": str(database.host), "PGPORT": str(database.port), "PGUSER": str(database.username)}
    environ = {**os.environ, **own, "PGDATABASE": str(database.database)}
    subprocess.run([client_programs() / words[0], *words[1:]], check=True, env=environ)


def _delete_objects(prefix: str) -> None:
    client = boto3.client("s3")
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix):
        for found in page.get("Contents", ()):
            client.delete_object(Bucket=BUCKET, Key=found["Key"])


def _command(home: Path, *words: str) -> Any:
    """The document of a command of `lectures`, on another machine than before: without a copy of any medium."""
    environ = {**os.environ, **home_environ(home), "LECTURES_HOME": str(home.with_name("other"))}
    done = run_command(*words, "--json", environ=environ, cwd=home.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
