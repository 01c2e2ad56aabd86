"""How long Dagster keeps runs: days, or for ever."""

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.setup.environment import check_environment
from lecture_assets.runner.setup.retention import keep_runs_days


@pytest.mark.parametrize(("text", "days"), [("", 30), ("1", 1), ("365", 365), ("36500", 36_500), ("0", None), ("never", None)])
def test_the_days_are_read(text: str, days: int | None) -> None:
    assert keep_runs_days({"LECTURES_KEEP_RUNS_DAYS": text}) == days
    assert keep_runs_days({}) == 30


@pytest.mark.parametrize("text", ["-1", "36501", "1.5", "forever", "¹", " 3", "9" * 5000])
def test_anything_else_is_named_with_what_is_allowed(text: str) -> None:
    with pytest.raises(WrongInputError, match=r"LECTURES_KEEP_RUNS_DAYS.*days from 1 to 36500, like 30, or never"):
        check_environment({"LECTURES_KEEP_RUNS_DAYS": text})
