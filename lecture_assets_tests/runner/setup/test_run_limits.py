"""How many runs are started at once: edits always find a place beside bulk work, and bulk work beside edits."""

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.setup.environment import check_environment
from lecture_assets.runner.setup.run_limits import RunLimits, run_limits


@pytest.mark.parametrize(
    ("environ", "limits"),
    [
        ({}, RunLimits(8, 2)),
        ({"LECTURES_RUNS": "", "LECTURES_RUNS_FOR_EDITS": ""}, RunLimits(8, 2)),
        ({"LECTURES_RUNS": "20"}, RunLimits(20, 2)),
        ({"LECTURES_RUNS": "2"}, RunLimits(2, 1)),
        ({"LECTURES_RUNS": "1"}, RunLimits(1, 0)),
        ({"LECTURES_RUNS": "4", "LECTURES_RUNS_FOR_EDITS": "3"}, RunLimits(4, 3)),
        ({"LECTURES_RUNS_FOR_EDITS": "0"}, RunLimits(8, 0)),
    ],
)
def test_the_limits_are_read(environ: dict[str, str], limits: RunLimits) -> None:
    assert run_limits(environ) == limits


@pytest.mark.parametrize("text", ["0", "1001", "-1", "1.5", "many", "¹", "9" * 5000])
def test_a_wrong_number_of_runs_is_named_with_what_is_allowed(text: str) -> None:
    with pytest.raises(WrongInputError, match=r"LECTURES_RUNS.*a whole number from 1 to 1000"):
        check_environment({"LECTURES_RUNS": text})


def test_edits_cannot_have_all_places() -> None:
    with pytest.raises(WrongInputError, match=r"LECTURES_RUNS_FOR_EDITS.*from 0 to 3, fewer than LECTURES_RUNS"):
        check_environment({"LECTURES_RUNS": "4", "LECTURES_RUNS_FOR_EDITS": "4"})


@pytest.mark.parametrize("at_once", range(1, 9))
def test_whatever_is_running_neither_kind_can_take_all_places(at_once: int) -> None:
    for for_edits in range(at_once):
        limits = RunLimits(at_once, for_edits)
        for bulk in range(3 * at_once):
            assert limits.may_start(1, max(for_edits - 1, 0), bulk) == (for_edits > 0 or bulk < at_once)
        edits = bulk = 0
        while limits.may_start(6, edits, 0):
            edits += 1
        while limits.may_start(13, edits, bulk):
            bulk += 1
        assert (edits, bulk) == ((at_once - 1, 1) if at_once > 1 else (1, 0))
        assert next(n for n in range(at_once + 1) if not limits.may_start(None, 0, n)) == at_once - for_edits


@pytest.mark.parametrize("bulk", [0, 6])
def test_larger_edits_leave_a_place_to_small_ones(bulk: int) -> None:
    edits = 0
    while RunLimits().may_start(12, edits, bulk):
        edits += 1
    assert edits == (6 if bulk == 0 else 1)
    assert RunLimits().may_start(6, edits, bulk)
    assert not RunLimits().may_start(7, edits, bulk)
