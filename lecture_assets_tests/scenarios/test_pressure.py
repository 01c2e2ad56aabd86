"""Vendors that are away for a while, processes that are killed while they spend: nothing fails, nothing is bought twice, no
ceiling is passed, and the vendors' bills are the ledger's.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import ledger_queries, rate_limits
from lecture_assets.store.rate_limits import BREAKS_AFTER, Remaining
from lecture_assets_tests.processes import start
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.runner.conftest import BRIEF, CALLS
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors, open_decided

LECTURE = "rain"
AT_ONCE = 5 + 2
"""Calls that both vendors' pools let out."""
ALLOWED_IN_A_SECOND = round((500 + 600) / 60 * 4)
"""By both vendors' limits, with what three seconds saved up."""
PROBES = 6
"""Of a vendor that is away for a minute: after 1, 2, 4, 8, 16 and 30 seconds, a fifth earlier or later."""


@pytest.fixture
def vendors() -> Iterator[Vendors]:
    with OpenAIStandIn() as openai, ReplicateStandIn(polls=0) as replicate:
        yield Vendors(openai, replicate)


@pytest.mark.slow
def test_a_vendor_that_is_away_for_a_minute_costs_no_node_and_hardly_a_request(vendors: Vendors, tmp_path: Path) -> None:
    segments, away_s = (60, 60.0) if THOROUGH else (4, 8.0)
    brief = BRIEF.model_copy(update={"num_segments": segments, "duration": 5 * segments, "images_per_segment": 2})
    with Lectures.open(vendors.environ(tmp_path / "home")) as lectures:
        lectures.create(brief, LECTURE)
        back_at = time.monotonic() + away_s
        vendors.openai.takes_s = vendors.replicate.takes_s = 0.05
        vendors.openai.away_until = vendors.replicate.away_until = back_at
        report: Any = lectures.regenerate(LECTURE)
    assert (report["failed"], report["blocked"]) == ([], [])
    calls, asked = sum(report["calls"].values()), vendors.asked()
    refused = [at for at, status in asked if status == 503]
    soon = [at for at, _ in asked if back_at < at < back_at + 1.0]
    sys.stdout.write(f"{len(asked)} requests for {calls} calls, {len(refused)} refused; {len(soon)} in the first second after\n")
    assert len(asked) == calls + len(refused)
    assert len(refused) >= BREAKS_AFTER
    assert len(refused) <= 2 * (BREAKS_AFTER + PROBES) + AT_ONCE
    assert len(refused) <= (0.1 if THOROUGH else 1.0) * calls
    assert len(soon) <= ALLOWED_IN_A_SECOND
    assert vendors.openai.most_out + vendors.replicate.most_out <= AT_ONCE


def spend(environ: dict[str, str], name: str) -> None:
    """A run in a process of its own."""
    with open_decided(environ, 0.5) as lectures:
        lectures.regenerate(name)


@pytest.mark.both_engines(costly=True)
@pytest.mark.slow
def test_processes_with_kills_spend_nothing_over_a_ceiling_and_the_ledger_is_the_vendors_bill(
    vendors: Vendors, tmp_path: Path
) -> None:
    """Speech is simulated: a vendor's that a killed process had out cannot be looked up, and counts at its highest price."""
    processes, kills = (16, 8) if THOROUGH else (2, 1)
    dice = random.Random(5)  # noqa: S311 - a test's dice
    allowed = 0.015 * processes
    environ = vendors.environ(tmp_path / "home") | {
        "LECTURES_PROVIDERS": "auto",
        "LECTURES_CEILINGS": json.dumps({"workspace": allowed}),
        "LECTURES_SIM_PRICES": json.dumps({"speech": 0}),
    }
    speech = BRIEF.models.model_copy(update={"speech": "simulated:openai/gpt-4o-mini-tts"})
    names = [f"lecture-{number}" for number in range(processes)]
    with Lectures.open(environ) as lectures:
        for name in names:
            lectures.create(BRIEF.model_copy(update={"prompt": f"Explain {name}.", "models": speech}), name)
    running = [start(spend, environ, name) for name in names]
    try:
        for _ in range(kills):
            sold = sum(vendors.sold().values())
            until = time.monotonic() + 20.0
            while sum(vendors.sold().values()) < sold + 3 and time.monotonic() < until:
                time.sleep(0.01)
            victim = dice.choice([number for number in range(processes) if running[number].is_alive()])
            running[victim].kill()
            running[victim].join()
            running[victim] = start(spend, environ, names[victim])
        for process in running:
            process.join(120)
        assert {process.exitcode for process in running} == {0}
    finally:
        for process in running:
            process.kill()
            process.join()
    with open_decided(environ, 0.5) as lectures:
        reports: list[Any] = [lectures.regenerate(name) for name in names]  # takes up what the killed ones left
        costs: Any = lectures.costs()
    sys.stdout.write(f"ledger {costs['spent_usd_micros']}, bill {vendors.billed_usd_micros()}, allowed {allowed * 1e6:.0f}\n")
    assert costs["spent_usd_micros"] == vendors.billed_usd_micros()
    assert vendors.billed_usd_micros() <= allowed * 1_000_000
    assert sum(len(report["stopped"]) for report in reports) >= processes / 2
    assert len(set(vendors.replicate.attempts())) == len(vendors.replicate.predictions)


SPEECH = "openai:gpt-4o-mini-tts request"


def hold_back(lectures: Lectures, bucket: str, seconds: float) -> None:
    """A limit that another process has used up."""
    with lectures.context.database.write() as connection:
        rate_limits.apply_vendor_limits(connection, [Remaining(bucket, None, 0, seconds)], time.time())


def rows_of(lectures: Lectures, role: str) -> list[Any]:
    with lectures.context.database.read() as connection:
        return [row for row in ledger_queries.entries(connection, lecture=LECTURE) if row["role"] == role]


def assert_speech_was_bought_once(vendors: Vendors, rows: list[Any]) -> None:
    """Both recordings, at the first attempt, with nothing in doubt."""
    assert vendors.sold()["speech"] == 2
    assert [(row["state"], row["attempts"], row["uncertain"]) for row in rows] == [("done", 1, 0)] * 2


def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.slow
def test_what_waits_in_a_line_while_an_edit_lands_was_not_sent_and_is_bought_once(vendors: Vendors, tmp_path: Path) -> None:
    with open_decided(vendors.environ(tmp_path / "home"), 30.0) as lectures, ThreadPoolExecutor(1) as editor:
        lectures.create(BRIEF, LECTURE)
        hold_back(lectures, SPEECH, 3.0)

        def edit() -> None:
            until(lambda: len(rows_of(lectures, "speech")) == 2)
            lectures.edit(LECTURE, ["set image_style=neon sign"])

        edited = editor.submit(edit)
        report: Any = lectures.regenerate(LECTURE)
        edited.result()
        rows = rows_of(lectures, "speech")
    assert report["failed"] == []
    assert_speech_was_bought_once(vendors, rows)


@pytest.mark.thorough("another process that is killed")
@pytest.mark.slow
def test_what_a_killed_process_had_waiting_in_a_line_was_not_sent_and_is_bought_once(vendors: Vendors, tmp_path: Path) -> None:
    environ = vendors.environ(tmp_path / "home")
    with open_decided(environ, 2.0) as lectures:
        lectures.create(BRIEF, LECTURE)
        hold_back(lectures, SPEECH, 8.0)
        running = start(spend, environ, LECTURE)
        until(lambda: len(rows_of(lectures, "speech")) == 2)
        running.kill()
        running.join()
        assert [row["state"] for row in rows_of(lectures, "speech")] == ["intent", "intent"]
        report: Any = lectures.regenerate(LECTURE)
        rows = rows_of(lectures, "speech")
    assert report["failed"] == []
    assert_speech_was_bought_once(vendors, rows)


@pytest.mark.slow
def test_a_vendor_that_is_away_once_it_has_a_call_is_not_asked_for_it_all_the_time(vendors: Vendors, tmp_path: Path) -> None:
    away_s = 60.0 if THOROUGH else 3.0
    vendors.openai.faults["text"] += ["lost"]
    with open_decided(vendors.environ(tmp_path / "home"), 1.0) as lectures, ThreadPoolExecutor(1) as switch:
        lectures.create(BRIEF, LECTURE)

        def leave() -> None:
            until(lambda: vendors.sold()["text"] == 1)
            vendors.openai.away_until = time.monotonic() + away_s

        left = switch.submit(leave)
        report: Any = lectures.regenerate(LECTURE)
        left.result()
    assert report["failed"] == []
    assert dict(vendors.sold()) == CALLS
    refused = [kind for kind, _, status in vendors.openai.answered if status == 503]
    sys.stdout.write(f"{len(refused)} of {len(vendors.openai.answered)} requests refused\n")
    assert BREAKS_AFTER <= len(refused) <= BREAKS_AFTER + PROBES
