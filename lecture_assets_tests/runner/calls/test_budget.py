"""A ceiling that no call passes, and that a call which came to nothing gives its room back to."""

import pytest

from lecture_assets.graph.errors import RefusedError
from lecture_assets.runner.calls.budget import Budget


def test_the_last_micro_dollar_may_be_spent_and_no_more() -> None:
    budget = Budget(100)
    budget.commit("asset:music", "a1", 60)
    budget.commit("asset:image:segment[0]:image[0]", "a2", 40)
    with pytest.raises(RefusedError, match="asset:narration"):
        budget.commit("asset:narration:segment[0]", "a3", 1)
    assert budget.committed_usd_micros == 100


def test_what_came_to_nothing_gives_its_room_back_once() -> None:
    budget = Budget(100)
    budget.commit("asset:music", "a1", 60)
    for _ in range(2):
        budget.settle("a1", 0)
    budget.settle("adopted from an earlier run", 0)
    assert budget.committed_usd_micros == 0
    budget.commit("asset:music", "a2", 100)


def test_without_a_ceiling_everything_goes() -> None:
    budget = Budget(None)
    budget.commit("asset:music", "a1", 10**12)
    assert budget.committed_usd_micros == 10**12
