"""`lectures gc` and `lectures doctor` as a person types them."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetKey

from lecture_assets_tests.defs.dagster_home import LECTURE, brief, open_dagster_home
from lecture_assets_tests.processes import run_command
from lecture_assets_tests.servers.homes import has_servers, home_environ
from lecture_assets_tests.store.media_folder import folder_of


def lectures(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, **home_environ(home)}
    environ.pop("DAGSTER_HOME", None)
    return run_command(*words, environ=environ)


def report(home: Path, *words: str) -> Any:
    return json.loads(lectures(home, *words, "--json").stdout)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["gc", "doctor"])
def test_a_missing_home_is_not_created(tmp_path: Path, command: str) -> None:
    done = lectures(tmp_path / "home", command)
    assert done.returncode == 0, done.stderr
    assert has_servers() or not (tmp_path / "home").exists()  # a server has something to maintain


def test_a_wrong_grace_is_one_clear_line(tmp_path: Path) -> None:
    done = lectures(tmp_path / "home", "gc", "--grace", "-1")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_doctor_finds_what_is_missing_damaged_or_wrong_in_dagster_and_repairs_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_dagster_home(home, brief()) as dagster_home:
        dagster_home.lectures.regenerate(LECTURE)
        dagster_home.publish()
        assert report(home, "doctor")["ok"]
        dagster_home.instance.wipe_assets([AssetKey(["asset", "image"])])
        damaged, missing = sorted(folder_of(dagster_home.lectures.context.artifacts).files())[:2]
        damaged.write_bytes(b"not what it was")
        missing.unlink()
        found = lectures(home, "doctor")
        assert found.returncode == 1
        assert "lectures doctor --repair" in found.stdout
        document = report(home, "doctor", "--repair")
        assert [len(document[name]) >= 1 for name in ("missing", "damaged", "dagster")] == [True] * 3
        assert document["repaired"]
        dagster_home.lectures.regenerate(LECTURE)
        dagster_home.publish()
        lists = (
            "database",
            "missing",
            "damaged",
            "by_hand",
            "newer",
            "letters",
            "unsettled",
            "settled",
            "dagster",
            "dagster_only",
            "dagster_lacks",
        )
        assert report(home, "doctor") == {
            "lectures": 1,
            **{name: [] for name in lists},
            "mendable": True,
            "media_folder": None,
            "leftovers": 0,
            "leftover_bytes": 0,
            "dagster_home": str(home / "dagster"),
            "repaired": False,
            "mended": False,
            "ok": True,
        }
