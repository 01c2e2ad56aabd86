"""What a plan says it will cost is within 5 % of what the ledger says it cost, at the simulated prices."""

from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.reading import example_names, read_example
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.scenarios.conftest import LECTURE
from lecture_assets_tests.scenarios.edit_table import ROWS, Row
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures
from lecture_assets_tests.servers.homes import copy_home

WITHIN = 0.05


def spent(lectures: Lectures, lecture: str) -> int:
    """What the ledger says."""
    document: Any = lectures.costs(lecture)
    return int(document["spent_usd_micros"])


def check(lectures: Lectures, lecture: str) -> None:
    """Plan, make, and compare; the middle of the range is what a person would reckon with."""
    plan: Any = lectures.plan(lecture)
    before = spent(lectures, lecture)
    lectures.regenerate(lecture)
    cost, price = spent(lectures, lecture) - before, plan["estimate_usd_micros"]
    assert abs((price["low"] + price["high"]) / 2 - cost) <= WITHIN * cost
    assert price["low"] <= cost <= price["high"]


@pytest.mark.slow
@pytest.mark.parametrize("name", example_names())
def test_a_first_generation_costs_what_was_said(name: str, tmp_path: Path) -> None:
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        lectures.create(read_example(name), name)
        check(lectures, name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the lecture made, to be copied."""
    home = tmp_path_factory.mktemp("made") / "home"
    with open_quick_lectures(home, Mood()) as lectures:
        lectures.create(read_example(LECTURE), LECTURE)
        lectures.regenerate(LECTURE)
    return home


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_an_edit_costs_what_was_said(row: Row, made: Path, tmp_path: Path) -> None:
    copy_home(made, tmp_path / "home")
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        for edit in (*(("set use_video=true",) if row.video else ()), *row.first):
            lectures.edit(LECTURE, [edit])
            lectures.regenerate(LECTURE)
        lectures.edit(LECTURE, row.edits)
        check(lectures, LECTURE)
