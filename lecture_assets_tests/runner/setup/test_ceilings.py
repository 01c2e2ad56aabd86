"""Spending ceilings hold over regenerations, lectures and processes, whatever runs at once."""

import json
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.ports import Call, FailureKind, ProviderError, Reply
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.ceilings import ceilings
from lecture_assets.store.charges import Ceilings
from lecture_assets_tests.processes import start
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.scenarios.quick_vendor import Mood, QuickProvider, open_quick_lectures


def open_lectures(home: Path, **dollars: float) -> Any:
    return open_quick_lectures(home, Mood(), {"LECTURES_CEILINGS": json.dumps(dollars)})


def spent(home: Path) -> int:
    path = home / "simulated" / "journal.jsonl"
    return sum(json.loads(line)["cost_usd_micros"] for line in path.read_text().splitlines()) if path.exists() else 0


def statuses(lectures: Lectures) -> dict[str, Any]:
    nodes: Any = lectures.status(LECTURE)["nodes"]
    return {node["id"]: node for node in nodes}


@pytest.mark.slow
def test_a_node_over_a_ceiling_is_blocked_with_the_missing_sum_and_the_rest_is_made(tmp_path: Path) -> None:
    with open_lectures(tmp_path / "home", lecture=0.012) as lectures:
        lectures.create(BRIEF, LECTURE)
        report: Any = lectures.regenerate(LECTURE)
        assert report["failed"] == []
        (stop,) = (stop for stop in report["stopped"] if stop["id"] == "asset:music")
        assert "the ceiling of lecture rain is $0.0120" in stop["message"]
        assert "short (raise `lecture` in LECTURES_CEILINGS" in stop["message"]
        music, timeline = (statuses(lectures)[node] for node in ("asset:music", "assembler:timeline"))
        assert (music["status"], music["error"]["kind"], music["error"]["provider_code"]) == ("blocked", "ceiling", "lecture")
        first, *_, last = timeline["error"]["chain"]
        assert (timeline["status"], last) == ("blocked", "assembler:timeline")
        assert first in {stop["id"] for stop in report["stopped"]}
        assert set(report["blocked"]) >= {"asset:music", "assembler:timeline"}
        assert 0 < spent(tmp_path / "home") <= 12_000
        (standing,) = lectures.costs(LECTURE)["ceilings"]
        assert standing["left_usd_micros"] == 12_000 - spent(tmp_path / "home")
    with open_lectures(tmp_path / "home", lecture=0.1) as lectures:
        report = lectures.regenerate(LECTURE)
        assert (report["stopped"], report["blocked"]) == ([], [])
        assert {node["status"] for node in statuses(lectures).values()} == {"fresh"}


@pytest.mark.slow
def test_a_workspace_ceiling_counts_all_its_lectures(tmp_path: Path) -> None:
    with open_lectures(tmp_path / "home", workspace=0.05) as lectures:
        for name in ("one", "two"):
            lectures.create(BRIEF.model_copy(update={"prompt": f"Explain {name}."}), name)
        first, second = (lectures.regenerate(name) for name in ("one", "two"))
    assert first["stopped"] == []
    assert second["stopped"] != []
    assert spent(tmp_path / "home") <= 50_000


@pytest.mark.slow
def test_calls_already_bought_are_free_under_any_ceiling(tmp_path: Path) -> None:
    with open_lectures(tmp_path / "home") as lectures:
        lectures.create(BRIEF, LECTURE)
        lectures.regenerate(LECTURE)
    with open_lectures(tmp_path / "home", lecture=0, workspace=0, month=0) as lectures:
        lectures.create(BRIEF, "again")
        report: Any = lectures.regenerate("again")
        assert (report["stopped"], report["calls"]) == ([], {})
        lectures.edit("again", ["set voice=teacher"])
        report = lectures.regenerate("again")
        assert len(report["stopped"]) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", "found '1'"),
        ("{", "found '{'"),
        ('{"year": 1}', 'found {"year": 1}'),
        ('{"month": -1, "lecture": "x"}', 'found {"month": -1}'),
        ('{"month": true}', 'found {"month": true}'),
        ('{"month": NaN}', 'found {"month": NaN}'),
    ],
)
def test_a_wrong_ceiling_is_reported(text: str, found: str) -> None:
    with pytest.raises(WrongInputError) as wrong:
        ceilings({"LECTURES_CEILINGS": text})
    assert str(wrong.value).startswith(f"LECTURES_CEILINGS: {found}; allowed: a JSON object of dollar amounts")


def test_ceilings_are_dollars_to_the_micro_dollar() -> None:
    assert ceilings({"LECTURES_CEILINGS": '{"lecture": 0.000001, "month": 2}'}) == Ceilings(lecture=1, month=2_000_000)
    assert ceilings({}) == Ceilings()


def spend(home: Path, allowed: str, name: str) -> None:
    """A run in a process of its own."""
    with open_quick_lectures(home, Mood(), {"LECTURES_CEILINGS": allowed}) as lectures:
        lectures.regenerate(name)


@pytest.fixture
def spenders() -> Iterator[list[ForkServerProcess]]:
    running: list[ForkServerProcess] = []
    yield running
    for process in running:
        process.kill()
        process.join()


@pytest.mark.thorough("scenarios/test_pressure.py has it with the bill")
@pytest.mark.slow
def test_processes_with_kills_spend_nothing_over_one_ceiling(tmp_path: Path, spenders: list[ForkServerProcess]) -> None:
    processes, kills = (16, 6) if THOROUGH else (4, 2)
    home, dollars, dice = tmp_path / "home", processes / 80, random.Random(4)  # noqa: S311 - a test's dice
    allowed = json.dumps({"workspace": dollars})
    names = [f"lecture-{number}" for number in range(processes)]
    with open_lectures(home) as lectures:
        for name in names:
            lectures.create(BRIEF.model_copy(update={"prompt": f"Explain {name}."}), name)

    spenders += [start(spend, home, allowed, name) for name in names]
    for victim in dice.sample(range(processes), kills):
        time.sleep(dice.uniform(0.1, 0.8))  # the moment of the next kill is what is tried here
        spenders[victim].kill()
        spenders.append(start(spend, home, allowed, names[victim]))
    for process in spenders:
        process.join(120)
    assert {process.exitcode for process in spenders} <= {0, -signal.SIGKILL}
    with open_lectures(home, workspace=dollars) as lectures:
        ledger: Any = lectures.costs()
        for name in names:
            lectures.regenerate(name)  # takes up what the killed ones left
        whole: Any = lectures.costs()
    assert 900_000 * dollars < spent(home) <= 1_000_000 * dollars
    assert ledger["spent_usd_micros"] <= whole["spent_usd_micros"] == spent(home)


class Failing(QuickProvider):
    """Every picture fails and is charged anyway, as vendors charge for machine time."""

    async def collect(self, provider_id: str, call: Call) -> Reply:
        reply = await super().collect(provider_id, call)
        if call.role is Role.IMAGE:
            kind, cost = FailureKind.NOT_RETRYABLE, reply.cost_usd_micros
            raise ProviderError(self.name, kind, "failed", "it failed", sent=True, cost_usd_micros=cost)
        return reply


@contextmanager
def open_failing(home: Path, **dollars: float) -> Iterator[Lectures]:
    """Lectures whose vendor charges for failed pictures."""
    with open_lectures(home, **dollars) as quick:
        open_providers = lambda: {"simulated": Failing(home / "simulated", Mood())}  # noqa: E731 - one line
        yield Lectures(replace(quick.context, open_providers=open_providers))


@pytest.mark.slow
def test_equal_lectures_whose_calls_fail_each_keep_to_their_own_ceiling_and_report_their_own_spending(tmp_path: Path) -> None:
    """They need the same calls, try them in turn, and share one row of the ledger per call."""
    home, allowed = tmp_path / "home", 45_000
    with open_failing(home, lecture=allowed / 1_000_000) as lectures:
        for name in ("one", "two"):
            lectures.create(BRIEF, name)
        billed = {"one": 0, "two": 0}
        for name in ("one", "two") * 6:
            before = spent(home)
            lectures.regenerate(name)
            billed[name] += spent(home) - before
        costs: dict[str, Any] = {name: lectures.costs(name) for name in billed}
        of_both = lectures.costs()["spent_usd_micros"]
    assert {name: cost["spent_usd_micros"] for name, cost in costs.items()} == billed
    assert of_both == sum(billed.values()) == spent(home)
    assert all(allowed / 2 < sum_ <= allowed for sum_ in billed.values())
    assert all(cost["ceilings"][0]["left_usd_micros"] == allowed - billed[name] for name, cost in costs.items())
