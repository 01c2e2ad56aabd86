"""The events of real runs: typed, complete, in the order of what happened; a client's timeline follows from the patches."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import TypeAdapter

from lecture_assets.graph.errors import RefusedError, UnknownLectureError, WrongInputError
from lecture_assets.runner.reading.progress import events_after, newest_number
from lecture_assets.runner.reading.progress_shapes import ProgressEvent
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets_tests.runner.conftest import CALLS, LECTURE, NODES, SmallLecture
from lecture_assets_tests.timeline.apply_patch import applied

ONE: TypeAdapter[Any] = TypeAdapter(ProgressEvent)
SENTENCE = "text content:narration-text:segment[0]=Clouds carry the water far away."


def events(lecture: SmallLecture, after: int = 0) -> list[Any]:
    """All events after a number, in pages of seven, each checked against its type."""
    found: list[Any] = []
    while True:
        with lecture.lectures.context.database.read() as connection:
            page = events_after(connection, LECTURE, after, 7)
        if not page:
            return found
        for one in page:
            assert json.loads(json.dumps(ONE.validate_python(one, strict=True))) == one
        found += page
        after = found[-1]["number"]


def newest(lecture: SmallLecture) -> int:
    with lecture.lectures.context.database.read() as connection:
        return newest_number(connection, LECTURE)


def kinds(found: Sequence[Any]) -> list[str]:
    return [event["kind"] for event in found]


def of_kind(found: Sequence[Any], kind: str) -> list[Any]:
    return [event for event in found if event["kind"] == kind]


def stored_timeline(lecture: SmallLecture) -> Any:
    take = lecture.lectures.takes(LECTURE, "assembler:timeline")["takes"]
    return next(one["value"] for one in take if one["counts"])


@pytest.mark.slow
def test_a_first_generation_says_each_node_once_and_counts_down(small_lecture: SmallLecture) -> None:
    report = small_lecture.regenerate()
    found = events(small_lecture)
    assert [event["number"] for event in found] == list(range(1, len(found) + 1))
    assert kinds(found)[:3] == ["revision", "run-started", "planned"]
    assert kinds(found)[-1] == "run-ended"
    nodes = of_kind(found, "node")
    assert sorted(event["node"] for event in nodes) == sorted(report["made"])
    assert [event["left"] for event in nodes] == list(range(NODES - 1, -1, -1))
    assert len(of_kind(found, "node-started")) == sum(CALLS.values()) == sum(of_kind(found, "planned")[0]["calls"].values())
    spent = [event["spent_usd_micros"] for event in nodes]
    assert spent == sorted(spent)
    assert spent[-1] == report["cost_usd_micros"] == sum(event["cost_usd_micros"] for event in nodes)
    ended = found[-1]
    assert (ended["outcome"], ended["queued"], ended["report"]["made"]) == ("done", False, NODES)
    assert ended["report"]["cost_usd_micros"] == report["cost_usd_micros"]
    assert {event["run"] for event in found if "run" in event} == {1}


@pytest.mark.slow
def test_a_node_starts_before_it_is_made_and_reads_only_what_was_made_before(small_lecture: SmallLecture) -> None:
    small_lecture.regenerate()
    found = events(small_lecture)
    made = {event["node"]: event["number"] for event in of_kind(found, "node")}
    for event in of_kind(found, "node-started"):
        assert event["number"] < made[event["node"]]
    for node in small_lecture.lectures.graph(LECTURE)["nodes"]:
        for source in node["reads"]:
            if node["id"] in made and source in made:
                assert made[source] < made[node["id"]]


@pytest.mark.slow
def test_the_first_timeline_is_read_and_later_ones_are_patched(made_lecture: SmallLecture) -> None:
    before = newest(made_lecture)
    (first,) = of_kind(events(made_lecture), "timeline")
    assert (first["base"], first["patch"]) == (None, None)
    held, version = stored_timeline(made_lecture), first["timeline"]
    for edits in ([SENTENCE], ["segments add"], ["set image-style=ink"], ["segments move:1:0"], ["segments remove:0"]):
        made_lecture.edit(*edits)
        made_lecture.regenerate()
    for _ in range(3):
        made_lecture.lectures.undo(LECTURE)
        made_lecture.regenerate()
    timelines = of_kind(events(made_lecture, before), "timeline")
    assert len(timelines) == 8
    for event in timelines:
        assert event["base"] == version
        held, version = applied(held, event["patch"]), event["timeline"]
    assert held == stored_timeline(made_lecture)
    assert version == made_lecture.nodes()["assembler:timeline"]["version"]


def test_an_edited_sentence_takes_few_bytes_of_the_log(made_lecture: SmallLecture) -> None:
    before = newest(made_lecture)
    made_lecture.edit(SENTENCE)
    made_lecture.regenerate()
    with made_lecture.lectures.context.database.read() as connection:
        size = "SELECT sum(length(lecture) + length(kind) + length(document) + 12) FROM progress WHERE number > "
        assert int(connection.exec_driver_sql(f"{size}{before}").scalar_one()) < 1500


@pytest.mark.slow
def test_a_revision_says_its_edits_and_a_restored_node_its_take(made_lecture: SmallLecture) -> None:
    made_lecture.edit(SENTENCE)
    made_lecture.regenerate()
    before = newest(made_lecture)
    made_lecture.lectures.undo(LECTURE)
    made_lecture.regenerate()
    found = events(made_lecture, before)
    assert (found[0]["kind"], found[0]["edits"]) == ("revision", ["undo"])
    narration = next(event for event in of_kind(found, "node") if event["node"] == "asset:narration:segment[0]")
    assert (narration["outcome"], narration["take"], narration["cost_usd_micros"]) == ("restored", 1, 0)


@pytest.mark.slow
def test_a_node_that_fails_is_an_event_with_its_reason_and_the_run_ends_as_failed(small_lecture: SmallLecture) -> None:
    with small_lecture.open_again(LECTURES_SIM_FAULTS="speech:400") as broken:
        broken.regenerate()
    found = events(small_lecture)
    failed = [event for event in of_kind(found, "node") if event["outcome"] == "failed"]
    assert [event["node"] for event in failed] == ["asset:narration:segment[0]"] or len(failed) in {1, 2}
    assert all(event["error"]["message"] and event["take"] is None for event in failed)
    ended = found[-1]
    assert (ended["kind"], ended["outcome"], ended["report"]["failed"]) == ("run-ended", "failed", len(failed))
    assert ended["report"]["blocked"] > 0
    assert kinds(found).count("timeline") == 0


@pytest.mark.slow
def test_a_call_that_is_tried_again_is_delayed(small_lecture: SmallLecture) -> None:
    with small_lecture.open_again(LECTURES_SIM_FAULTS="music:503*1") as hindered:
        assert not hindered.regenerate()["failed"]
    (delayed,) = of_kind(events(small_lecture), "node-delayed")
    assert delayed["node"] == "asset:music"
    assert delayed["seconds"] > 0


@pytest.mark.slow
def test_an_edit_during_a_run_is_between_its_plans(small_lecture: SmallLecture) -> None:
    def edit(call: Any) -> None:
        if call.role == "speech":
            small_lecture.watch.before = None
            small_lecture.edit(SENTENCE)

    small_lecture.watch.before = edit
    small_lecture.regenerate()
    found = events(small_lecture)
    outline = [kind for kind in kinds(found) if not kind.startswith("node")]
    assert outline == ["revision", "run-started", "planned", "revision", "planned", "timeline", "run-ended"]
    assert {event["version"] for event in of_kind(found, "node")} == {1, 2}
    late = [event for event in of_kind(found, "node") if event["outcome"] == "superseded"]
    assert {event["version"] for event in late} <= {1}
    assert of_kind(found, "timeline")[0]["version"] == of_kind(found, "run-ended")[0]["version"] == 2


def test_a_part_of_a_lecture_ends_a_run_and_leaves_the_rest_queued(small_lecture: SmallLecture) -> None:
    small_lecture.edit(SENTENCE)
    small_lecture.regenerate(Scope(only=("content:video-title",)))
    ended = events(small_lecture)[-1]
    assert (ended["kind"], ended["outcome"], ended["queued"]) == ("run-ended", "done", True)


def test_a_refused_run_ends_as_stopped(small_lecture: SmallLecture) -> None:
    with pytest.raises(RefusedError):
        small_lecture.regenerate(Scope(token="another"))  # noqa: S106 - of a plan
    assert kinds(events(small_lecture))[1:] == ["run-started", "run-ended"]
    assert events(small_lecture)[-1]["outcome"] == "stopped"


def test_a_withdrawn_request_is_an_event_and_one_that_is_not_there_is_none(small_lecture: SmallLecture) -> None:
    small_lecture.edit(SENTENCE)
    small_lecture.lectures.cancel(LECTURE)
    small_lecture.lectures.cancel(LECTURE)
    assert kinds(events(small_lecture)) == ["revision", "revision", "withdrawn"]


@pytest.mark.slow
def test_an_early_cutoff_counts_as_done(made_lecture: SmallLecture) -> None:
    before = newest(made_lecture)
    made_lecture.edit("reroll llm:script-generation")
    made_lecture.regenerate()
    nodes = of_kind(events(made_lecture, before), "node")
    assert [event["left"] for event in nodes] == sorted((event["left"] for event in nodes), reverse=True)
    assert nodes[-1]["left"] < of_kind(events(made_lecture, before), "planned")[0]["nodes"]


@pytest.mark.slow
def test_a_page_has_at_most_so_many_events_and_few_patches(made_lecture: SmallLecture) -> None:
    with made_lecture.lectures.context.database.read() as connection:
        assert [event["number"] for event in events_after(connection, LECTURE, 3, 2)] == [4, 5]
        assert events_after(connection, LECTURE, newest_number(connection, LECTURE), 9) == []
    before = newest(made_lecture)
    for number in range(6):
        made_lecture.edit(f"text content:narration-text:segment[0]=Rain falls, edition {number}.")
        made_lecture.regenerate()
    with made_lecture.lectures.context.database.read() as connection:
        assert kinds(events_after(connection, LECTURE, before, 1000)).count("timeline") == 4
    assert kinds(events(made_lecture, before)).count("timeline") == 6


def test_a_gap_that_repairing_left_is_a_reset(made_lecture: SmallLecture) -> None:
    with made_lecture.lectures.context.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM progress WHERE number = 5")
    found = events(made_lecture)
    assert [event["number"] for event in found] == [1, 2, 3, 4, newest(made_lecture)]
    assert kinds(found)[-1] == "reset"


def test_unknown_lectures_and_wrong_numbers_are_errors(small_lecture: SmallLecture) -> None:
    with small_lecture.lectures.context.database.read() as connection:
        with pytest.raises(UnknownLectureError):
            events_after(connection, "nobody", 0, 1)
        with pytest.raises(WrongInputError):
            events_after(connection, LECTURE, -1, 1)
        with pytest.raises(WrongInputError):
            events_after(connection, LECTURE, 0, 0)
