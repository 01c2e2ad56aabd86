"""Whole runs in which vendors answer what nobody documents: a run goes on, nothing is thrown away or bought twice, no key shows.

Seeded: some in CI, all with `LECTURES_THOROUGH=1`.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.providers.stand_in import Answer, Asked
from lecture_assets_tests.providers.strange_answers import Strange
from lecture_assets_tests.runner.conftest import BRIEF
from lecture_assets_tests.scenarios.test_vendors import CALLS, LECTURE, open_live
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors

SEEDS = range(12 if THOROUGH else 1)
KEY = "sk-canary-0123456789abcdefghij"
_OF_A_GATEWAY = (200, 200, 200, 201, 202, 206, 502, 504, 520)
"""Answers after which a call may stand: a vendor that accepts one and says that it refused it is believed."""


class _Bending:
    """What a stand-in answers, bent, at the kinds of requests that are named."""

    def __init__(self, strange: Strange, kinds: frozenset[str], *, may_lie: bool) -> None:
        self.strange, self.kinds, self.may_lie, self.is_on = strange, kinds, may_lie, True
        self.bent = 0

    def of(self, kind: str, plain: Answer) -> Answer:
        if not self.is_on or kind not in self.kinds or self.strange.random.random() < 0.5:
            return plain
        self.bent += 1
        body = self.strange.body(plain.document if plain.content is None else plain.content, KEY, may_lie=self.may_lie)
        return Answer(content=body, status=self.strange.random.choice(_OF_A_GATEWAY))


class BendingOpenAI(OpenAIStandIn):
    bending: _Bending

    def answer(self, asked: Asked) -> Answer:
        return self.bending.of(asked.kind, super().answer(asked))


class BendingReplicate(ReplicateStandIn):
    bending: _Bending

    def answer(self, asked: Asked) -> Answer:
        return self.bending.of(asked.kind, super().answer(asked))


def spent(lectures: Any) -> Counter[str]:
    costs: Any = lectures.costs(LECTURE)
    return Counter({line["role"]: line["spent_usd_micros"] for line in costs["models"]})


def run(home: Path, bending: _Bending) -> tuple[Vendors, Counter[str], list[str], str]:
    """Runs with strange answers, then one of a vendor that is well again; what was sold, spent and said, and what failed last."""
    with BendingOpenAI() as openai, BendingReplicate(polls=0) as replicate:
        openai.key = replicate.key = KEY
        openai.bending = replicate.bending = bending
        vendors = Vendors(openai, replicate)
        said = ""
        with open_live(vendors, home, BRIEF, OPENAI_API_KEY=KEY, REPLICATE_API_TOKEN=KEY) as lectures:
            for _ in range(2):
                said += json.dumps(lectures.regenerate(LECTURE)) + json.dumps(lectures.status(LECTURE))
            bending.is_on = False
            report: Any = lectures.regenerate(LECTURE)
            for _ in range(3):  # what a script says wrongly is found out once it is made
                if unfit := [f"reroll {failed['id']}" for failed in report["failed"] if "reroll " in failed["message"]]:
                    lectures.edit(LECTURE, unfit)
                    report = lectures.regenerate(LECTURE)
            said += json.dumps(report) + json.dumps(lectures.costs(LECTURE))
            left = [failed["message"] for failed in report["failed"]]
            return vendors, spent(lectures), left, said


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_goes_on_whatever_is_answered_and_is_whole_once_the_vendor_is_well(
    seed: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    everything = frozenset({"text", "speech", "image", "list", "get", "create", "file"})
    bending = _Bending(Strange(seed), everything, may_lie=True)
    vendors, paid, left, said = run(tmp_path, bending)
    assert (left, bending.bent > 0) == ([], True)
    texts = vendors.openai.tokens["in"] * 0.75 + vendors.openai.tokens["out"] * 4.5
    assert paid["text"] >= texts
    said += "".join(capfd.readouterr())
    assert KEY not in said
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_what_can_be_looked_up_is_bought_once_whatever_is_answered(seed: int, tmp_path: Path) -> None:
    bending = _Bending(Strange(1000 + seed), frozenset({"create", "get", "list"}), may_lie=False)
    vendors, paid, left, _ = run(tmp_path, bending)
    assert (left, bending.bent > 0) == ([], True)
    assert dict(vendors.sold()) == CALLS
    assert (paid["image"], paid["music"]) == (3_000 * CALLS["image"], 3_500 * CALLS["music"])
