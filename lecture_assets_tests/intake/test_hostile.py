"""Hostile files are rejected, and expensive ones rejected or accepted: quickly, with little memory, opening no other file."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.kind import Holds
from lecture_assets.intake.sandboxed import SORTS
from lecture_assets_tests.intake.hostile import COSTLY, HOSTILE, IN_CI, SECRET
from lecture_assets_tests.project import ROOT

MOST_S, MOST_BYTES = 2.0, 128 * 2**20
MOST_S_TO_TAKE = 10.0
LOOKED_AT = COSTLY if os.environ.get("LECTURES_THOROUGH") else IN_CI


def outcomes_of(names: Iterable[str], folder: Path) -> dict[str, Any]:
    """The outcome for each, in a separate process."""
    command = [sys.executable, "-m", "lecture_assets_tests.intake.opener", str(folder), *names]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environ, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return {outcome["name"]: outcome for outcome in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return outcomes_of(HOSTILE, tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def costly(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return outcomes_of(LOOKED_AT, tmp_path_factory.mktemp("costly"))


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_rejected_quickly_and_with_little_memory(outcomes: dict[str, Any], name: str) -> None:
    outcome = outcomes[name]
    assert outcome["said"], "it was taken"
    assert "\n" not in outcome["said"]
    assert not outcome["opened"], SECRET
    assert outcome["seconds"] < MOST_S
    assert outcome["bytes"] < MOST_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_costly_file_costs_little_whether_it_is_accepted_or_not(costly: dict[str, Any], name: str) -> None:
    outcome = costly[name]
    assert outcome["seconds"] < (MOST_S if outcome["said"] else MOST_S_TO_TAKE)
    assert outcome["bytes"] < (SORTS["clip"].memory if COSTLY[name][0] is Holds.CLIP else MOST_BYTES)
    assert outcome["left"] == []


def test_there_are_at_least_thirty() -> None:
    assert len(HOSTILE) >= 30
