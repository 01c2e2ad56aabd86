"""`lectures gc` and `lectures doctor` as a person types them."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetKey

from lecture_assets_tests.defs.stage import LECTURE, brief, open_stage
from lecture_assets_tests.processes import run_command


def lectures(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "LECTURES_HOME": str(home)}
    environ.pop("DAGSTER_HOME", None)
    return run_command(*words, environ=environ)


def report(home: Path, *words: str) -> Any:
    return json.loads(lectures(home, *words, "--json").stdout)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["gc", "doctor"])
def test_where_there_is_no_home_none_is_made(tmp_path: Path, command: str) -> None:
    done = lectures(tmp_path / "home", command)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "home").exists()


def test_a_wrong_grace_is_one_clear_line(tmp_path: Path) -> None:
    done = lectures(tmp_path / "home", "gc", "--grace", "-1")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_doctor_finds_what_is_missing_damaged_or_wrong_in_dagster_and_mends_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_stage(home, brief()) as stage:
        stage.lectures.regenerate(LECTURE)
        stage.tell()
        assert report(home, "doctor")["ok"]
        stage.instance.wipe_assets([AssetKey(["asset", "image"])])
        damaged, missing = sorted(stage.lectures.context.artifacts.files())[:2]
        damaged.write_bytes(b"not what it was")
        missing.unlink()
        found = lectures(home, "doctor")
        assert found.returncode == 1
        assert "lectures doctor --repair" in found.stdout
        document = report(home, "doctor", "--repair")
        assert [len(document[name]) >= 1 for name in ("missing", "damaged", "dagster")] == [True] * 3
        assert document["repaired"]
        stage.lectures.regenerate(LECTURE)
        stage.tell()
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
        )
        assert report(home, "doctor") == {
            "lectures": 1,
            **{name: [] for name in lists},
            "mendable": True,
            "media_folder": None,
            "leftovers": 0,
            "leftover_bytes": 0,
            "repaired": False,
            "mended": False,
            "ok": True,
        }
