"""A lecture belongs to the workspace that it was made in, whoever regenerates it: its calls are that workspace's."""

from pathlib import Path
from typing import Any

import pytest

from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.runner.conftest import BRIEF, CALLS
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures


@pytest.mark.slow
def test_calls_are_booked_on_the_lectures_own_workspace_and_shared_with_no_other(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for workspace in ("one", "two"):
        with open_quick_lectures(home, Mood(), {"LECTURES_WORKSPACE": workspace}) as lectures:
            lectures.create(BRIEF, f"rain-{workspace}")
    with open_quick_lectures(home, Mood(), {}) as lectures:
        of_all = Lectures(lectures.context.of_all())  # as Dagster's runs are
        reports: list[Any] = [of_all.regenerate(f"rain-{workspace}") for workspace in ("one", "two")]
        costs: list[Any] = [lectures.costs(workspace=workspace) for workspace in ("one", "two", "default")]
    assert [report["calls"] for report in reports] == [CALLS, CALLS]
    spent = [cost["spent_usd_micros"] for cost in costs]
    assert spent == [reports[0]["cost_usd_micros"], reports[1]["cost_usd_micros"], 0]
    assert spent[0] == spent[1] > 0
