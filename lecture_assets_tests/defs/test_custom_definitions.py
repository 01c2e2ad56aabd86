"""What `dg scaffold` writes is loaded beside our own definitions, and an installed package needs no project around it."""

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetKey

from lecture_assets.definitions import defs
from lecture_assets.defs.custom_definitions import custom_definitions
from lecture_assets_tests.project import ROOT

ASSET = "from dagster import asset\n\n\n@asset\ndef quiz() -> None: ...\n"


def test_what_is_in_the_folder_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "some" / "deep" / "quizzes"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    assert list(custom_definitions(_imported(package, monkeypatch)).resolve_asset_graph().get_all_asset_keys()) == []
    (package / "quiz.py").write_text(ASSET)
    found = custom_definitions(_imported(package, monkeypatch))
    assert list(found.resolve_asset_graph().get_all_asset_keys()) == [AssetKey("quiz")]


def _imported(package: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.delitem(sys.modules, package.name, raising=False)
    return importlib.import_module(package.name)


def test_every_asset_of_the_location_is_ours_as_long_as_nobody_adds_one() -> None:
    own = custom_definitions().resolve_asset_graph().get_all_asset_keys()
    assert AssetKey(["asset", "image"]) in set(defs.resolve_asset_graph().get_all_asset_keys()) - set(own)


@pytest.mark.thorough("`dg` scaffolds and lists, in three processes")
@pytest.mark.slow
def test_an_asset_that_dg_scaffolds_is_listed(tmp_path: Path) -> None:
    for package in ("lecture_assets", "lecture_media"):  # with their bytecode: without it, each `dg` would compile all of them
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}")
    dg(tmp_path, "scaffold", "defs", "dagster.asset", "quiz.py")
    listed = json.loads(dg(tmp_path, "list", "defs", "--json"))
    keys = {found["asset_key"] for found in listed["assets"]}
    assert {"quiz", "asset/image"} <= keys
    assert {found["name"] for found in listed["jobs"]} >= {"edit_lecture", "regenerate_lecture"}


def dg(project: Path, *words: str) -> str:
    """Run `dg` in a project; what it prints."""
    environ = {**os.environ, "PYTHONPATH": str(project), "DAGSTER_HOME": str(project)}
    done = subprocess.run(
        [Path(sys.executable).with_name("dg"), *words],
        cwd=project,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
