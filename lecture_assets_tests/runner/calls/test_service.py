"""Paid calls that go wrong: what is tried again, what is adopted, what is bought, and what a person is told."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.ports import Call
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.regenerate.report import ReportDocument
from lecture_assets_tests.runner.conftest import BRIEF, CALLS, LECTURE, NODES, SmallLecture, open_small_lecture
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.store.media_folder import folder_of

IMAGE = "asset:image:segment[0]:image[0]"


def faulty(home: Path, faults: str) -> tuple[ReportDocument, SmallLecture]:
    """A first run with these failures; the lecture is closed, but can still be queried."""
    with open_small_lecture(home, LECTURES_SIM_FAULTS=faults) as small_lecture:
        return small_lecture.regenerate(), small_lecture


@pytest.mark.slow
@pytest.mark.parametrize("faults", ["image:503*2", "speech:429", "any:reset*2", "text:timeout@2"])
def test_a_refusal_that_passes_is_tried_again_and_nothing_more_is_bought(tmp_path: Path, faults: str) -> None:
    report, small_lecture = faulty(tmp_path / "home", faults)
    assert len(report["made"]) == NODES
    assert report["calls"] == CALLS
    assert len(small_lecture.journal()) == sum(CALLS.values())


@pytest.mark.slow
def test_a_lost_reply_is_looked_up_and_adopted(tmp_path: Path) -> None:
    report, small_lecture = faulty(tmp_path / "home", "any:lost*5")
    assert len(report["made"]) == NODES
    assert len(small_lecture.journal()) == sum(CALLS.values())
    assert max(Counter(line["key"] for line in small_lecture.journal()).values()) == 1


@pytest.mark.slow
def test_a_prediction_that_failed_is_bought_again_and_both_are_in_the_books(tmp_path: Path) -> None:
    report, small_lecture = faulty(tmp_path / "home", "music:failed")
    assert len(report["made"]) == NODES
    assert [line["role"] for line in small_lecture.journal()].count("music") == 2
    assert report["cost_usd_micros"] == sum(line["cost_usd_micros"] for line in small_lecture.journal())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "tries", "kind"),
    [("503", 3, "retryable"), ("moderation", 1, "moderation"), ("400", 1, "not-retryable")],
)
def test_what_keeps_failing_is_told_with_its_code_and_tried_as_often_as_it_makes_sense(
    tmp_path: Path, fault: str, tries: int, kind: str
) -> None:
    with open_small_lecture(tmp_path / "home", LECTURES_SIM_FAULTS=f"music:{fault}*99") as small_lecture:
        report = small_lecture.regenerate()
        error = small_lecture.nodes()["asset:music"]["error"]
    assert [failed["id"] for failed in report["failed"]] == ["asset:music"]
    assert report["blocked"] == ["assembler:timeline"]
    assert small_lecture.watch.submitted_roles().count("music") == tries
    assert (error["kind"], error["retryable"], error["chain"]) == (kind, kind == "retryable", ["asset:music"])
    after = " after 3 tries: HTTP 503" if tries == 3 else ": "
    assert f"could not make asset:music of lecture {LECTURE}{after}" in error["message"]
    assert error["message"].endswith(f"; the next run will try again: `lectures regenerate {LECTURE}`") is error["retryable"]
    assert error["tries"] == tries
    assert "music" not in [line["role"] for line in small_lecture.journal()]


@pytest.mark.slow
def test_an_answer_that_fits_nothing_is_a_soft_failure_with_a_remedy_and_is_not_bought_twice(tmp_path: Path) -> None:
    with open_small_lecture(tmp_path / "home", LECTURES_SIM_FAULTS="image:invalid") as small_lecture:
        (failed,) = small_lecture.regenerate()["failed"]
        bought = len(small_lecture.journal())
    with small_lecture.open_again() as again:
        assert [node["id"] for node in again.regenerate()["failed"]] == [failed["id"]]
        assert len(again.journal()) == bought
        assert f"reroll {failed['id']}" in failed["message"]
        again.edit(f"reroll {failed['id']}")
        report = again.regenerate()
    assert report["failed"] == []
    assert report["calls"] == {"image": 1}


@pytest.mark.slow
def test_a_picture_whose_bytes_are_gone_is_stale_and_made_again(made_lecture: SmallLecture) -> None:
    before = made_lecture.nodes()[IMAGE]["version"]
    with made_lecture.lectures.context.database.read():
        values: Any = made_lecture.lectures.explain(LECTURE, IMAGE)["value"]
    folder_of(made_lecture.lectures.context.artifacts).path(values["sha256"]).unlink()
    reasons: Any = made_lecture.lectures.explain(LECTURE, IMAGE)["reasons"]
    assert [reason["kind"] for reason in reasons] == ["lost"]
    report = made_lecture.regenerate()
    assert report["calls"] == {"image": 1}
    assert IMAGE in report["made"]
    assert made_lecture.nodes()[IMAGE]["version"] == before


@pytest.mark.slow
def test_two_lectures_that_want_the_same_buy_it_once_while_both_are_running(small_lecture: SmallLecture) -> None:
    """The second lecture is made from the same brief while the first one's calls are out: it waits for them."""
    import threading  # noqa: PLC0415 - this test alone runs two at once

    reports: list[ReportDocument] = []
    small_lecture.lectures.create(BRIEF, "rain-too")
    threads: list[threading.Thread] = []

    def other() -> None:
        with Lectures.open(home_environ(small_lecture.home)) as lectures:
            reports.append(lectures.regenerate("rain-too"))

    def start(call: Call) -> None:
        if not threads and call.role.value == "text":
            threads.append(threading.Thread(target=other))
            threads[0].start()

    small_lecture.watch.before = start
    reports.append(small_lecture.regenerate())
    threads[0].join()
    assert [len(report["made"]) for report in reports] == [NODES, NODES]
    assert len(small_lecture.journal()) == sum(CALLS.values())
    assert sum((Counter(report["calls"]) for report in reports), Counter()) == CALLS


@pytest.mark.slow
def test_the_limits_of_a_provider_are_never_passed(tmp_path: Path) -> None:
    limits = '{"openai": 2, "replicate": 1}'
    with open_small_lecture(tmp_path / "home", LECTURES_LIMITS=limits, LECTURES_SIM_LATENCY="0.2") as small_lecture:
        report = small_lecture.regenerate()
    assert len(report["made"]) == NODES
    assert small_lecture.watch.most == {"openai": 2, "replicate": 1}
