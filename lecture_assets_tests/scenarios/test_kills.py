"""Killed with SIGKILL at any moment and started again: it finishes, redoes no recorded node, buys nothing twice.

The vendor's journal lies outside the process. Three ways to choose the moment:
    by step   a forked run kills itself at the nth step of the protocol, for every step there is
    by time   a forked run is killed after a random part of what a whole run takes, and the next, until one ends
    by line   the command line in a process of its own is killed when it has told of its nth node, or of the video
"""

import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.runner.reading.ledger_check import compare_ledger
from lecture_assets.store import ledger_queries, records
from lecture_assets_tests.counts import RAIN
from lecture_assets_tests.processes import start
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.scenarios import kill_points
from lecture_assets_tests.scenarios.conftest import Shell, open_lectures

LECTURE = "rain"
BRIEF = """
notes: |
  The sun warms the sea and water rises as vapour.

  High up it cools, and drops fall on the mountains.
duration: 10
segment_length: 5
images_per_segment: 1
"""
CALLS = RAIN.calls
_TIMED_KILLS = 20 if THOROUGH else 4
_STRIDE = 1 if THOROUGH else 9
"""Of the steps at which a run is killed: each, or some; of its many commits every second one of those."""

Takes = dict[tuple[str, int], tuple[str, float]]
"""By node and number: the version of a take, and when it was made."""


def _killed_runs(where: str, folder: Path) -> list[dict[str, Any]]:
    """What `kill_points` tells from a process of its own: one outcome a kill, and a last one without."""
    (folder / "rain.yaml").write_text(BRIEF)
    said = folder / "said.jsonl"
    program = start(kill_points.main, where, folder, said)
    program.join()
    assert program.exitcode == 0
    return [json.loads(line) for line in said.read_text().splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("where", ["before-submit", "after-submit", "before-collect", "after-collect", "before-commit"])
def test_killed_at_every_step_of_the_protocol_it_finishes_and_buys_nothing_twice(tmp_path: Path, where: str) -> None:
    stride = _STRIDE * (2 if where == "before-commit" and not THOROUGH else 1)
    outcomes = _killed_runs(f"{where}/{stride}", tmp_path)
    assert len(outcomes) > sum(CALLS.values()) // stride
    assert [outcome["killed"] for outcome in outcomes] == [True] * (len(outcomes) - 1) + [False]
    for outcome in outcomes:
        assert not set(outcome["made"]) & set(outcome["recorded"]), outcome
        _assert_bought_once(Shell(tmp_path / outcome["home"]))


@pytest.mark.both_engines
@pytest.mark.slow
def test_killed_after_any_time_again_and_again_it_finishes_and_buys_nothing_twice(tmp_path: Path) -> None:
    outcomes = _killed_runs(f"time:{_TIMED_KILLS}", tmp_path)
    assert outcomes[-1]["kills"] >= _TIMED_KILLS
    for outcome in outcomes:
        assert not set(outcome["made"]) & set(outcome["recorded"]), outcome
    homes = {outcome["home"] for outcome in outcomes}
    for home in homes:
        _assert_bought_once(Shell(tmp_path / home))


def _assert_bought_once(shell: Shell) -> None:
    """Everything is made and published; each call is once in the vendor's journal, and settled in the ledger."""
    bought = [line["key"] for line in shell.journal()]
    assert len(bought) == len(set(bought)) == sum(CALLS.values())
    with open_lectures(shell.home) as lectures:
        status: Any = lectures.status(LECTURE)
        with lectures.context.database.read() as connection:
            rows = ledger_queries.entries(connection, lecture=LECTURE)
            assert compare_ledger(connection, LECTURE).faults == []
    assert {node["status"] for node in status["nodes"]} == {"fresh"}
    assert status["published"] == status["version"]
    assert {row["state"] for row in rows} == {"done"}
    assert {row["call_key"] for row in rows} == set(bought)
    assert sum(row["cost_usd_micros"] for row in rows) == sum(line["cost_usd_micros"] for line in shell.journal())


@pytest.mark.thorough("a dozen commands; the test before kills at any time")
@pytest.mark.both_engines(costly=True)
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2 if THOROUGH else 1))
def test_the_command_killed_by_line_is_typed_again_and_goes_on(tmp_path: Path, seed: int) -> None:
    """Three kills of `make` (one of them while it writes the video), then an edit and one of `regenerate`."""
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    shell = Shell(tmp_path / "home")
    (tmp_path / "rain.yaml").write_text(BRIEF)
    make = ("make", "rain.yaml", "--out", "out")
    seen: list[Takes] = []
    for mark in (f"{dice.randint(2, 10)}/", f"{dice.randint(14, 26)}/", "writing the video"):
        _kill_at(shell, make, mark)
        seen.append(_takes(shell.home))
    report = shell.json(*make)
    assert not set(report["made"]) & {node for node, _ in seen[-1]}
    assert (tmp_path / "out" / "lecture.mp4").stat().st_size > 10_000
    _assert_bought_once(shell)

    shell.json("edit", LECTURE, "set voice=teacher")
    _kill_at(shell, ("regenerate", LECTURE), "version 2")
    seen.append(_takes(shell.home))
    shell.json("regenerate", LECTURE)
    assert [line["role"] for line in shell.journal()][sum(CALLS.values()) :] == ["speech"] * 2
    now = _takes(shell.home)
    for earlier in seen:
        assert earlier.items() <= now.items()


def _kill_at(shell: Shell, words: tuple[str, ...], mark: str) -> None:
    """Start the command; kill it at the first line of its progress that begins with the mark, or with a later node's number."""
    command = [sys.executable, "-m", "lecture_assets.cli", *words]
    environ = shell.environ | {"LECTURES_SIM_LATENCY": "0.3"}
    process = subprocess.Popen(
        command, env=environ, cwd=shell.home.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith((mark, "writing")) or _number(line) >= _number(mark) > 0:
                process.kill()
                break
    assert process.returncode == -signal.SIGKILL, f"it ended before {mark!r}"


def _number(line: str) -> int:
    """The n of a line `n/28 made …`, 0 for another line."""
    head, slash, _ = line.partition("/")
    return int(head) if slash and head.isdigit() else 0


def _takes(home: Path) -> Takes:
    with open_lectures(home) as lectures, lectures.context.database.read() as connection:
        rows = records.load_takes(connection, LECTURE)
    return {(row.node, row.number): (row.version, row.made_at) for row in rows}
