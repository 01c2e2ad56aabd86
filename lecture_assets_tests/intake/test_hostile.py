"""Hostile files are refused: soon, with little memory, and without a look at any other file."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from lecture_assets_tests.intake.hostile import HOSTILE, SECRET
from lecture_assets_tests.project import ROOT

MOST_S, MOST_BYTES = 2.0, 128 * 2**20


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of each, in a process of its own."""
    folder = tmp_path_factory.mktemp("hostile")
    command = [sys.executable, "-m", "lecture_assets_tests.intake.opener", str(folder)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environ, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return {outcome["name"]: outcome for outcome in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_with_little_memory(outcomes: dict[str, Any], name: str) -> None:
    outcome = outcomes[name]
    assert outcome["said"], "it was taken"
    assert "\n" not in outcome["said"]
    assert not outcome["opened"], SECRET
    assert outcome["seconds"] < MOST_S
    assert outcome["bytes"] < MOST_BYTES


def test_there_are_thirty_and_more() -> None:
    assert len(HOSTILE) >= 30
