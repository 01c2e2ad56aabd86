"""What a plan says it will cost is within 5 % of what the ledger says it cost, at the simulated prices."""

from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.reading import example_names, read_example
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.scenarios.conftest import LECTURE
from lecture_assets_tests.scenarios.edit_table import ROWS, Row
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_house

WITHIN = 0.05


def spent(house: Lectures, lecture: str) -> int:
    """What the ledger says."""
    document: Any = house.costs(lecture)
    return int(document["spent_usd_micros"])


def check(house: Lectures, lecture: str) -> None:
    """Plan, make, and compare; the middle of the range is what a person would reckon with."""
    plan: Any = house.plan(lecture)
    before = spent(house, lecture)
    house.regenerate(lecture)
    cost, price = spent(house, lecture) - before, plan["estimate_usd_micros"]
    assert abs((price["low"] + price["high"]) / 2 - cost) <= WITHIN * cost
    assert price["low"] <= cost <= price["high"]


@pytest.mark.slow
@pytest.mark.parametrize("name", example_names())
def test_a_first_generation_costs_what_was_said(name: str, tmp_path: Path) -> None:
    with open_quick_house(tmp_path / "home", Mood()) as house:
        house.create(read_example(name), name)
        check(house, name)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_an_edit_costs_what_was_said(row: Row, tmp_path: Path) -> None:
    with open_quick_house(tmp_path / "home", Mood()) as house:
        house.create(read_example(LECTURE), LECTURE)
        house.regenerate(LECTURE)
        for edit in (*(("set use_video=true",) if row.video else ()), *row.first):
            house.edit(LECTURE, [edit])
            house.regenerate(LECTURE)
        house.edit(LECTURE, row.edits)
        check(house, LECTURE)
