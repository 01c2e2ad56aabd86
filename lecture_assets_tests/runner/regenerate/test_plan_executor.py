"""One plan carried out: what a failure blocks, what early cutoff spares, what is durable before it is read."""

from pathlib import Path
from typing import Any

import pytest

from lecture_assets.ports import Call
from lecture_assets.runner.setup.environment import database_url
from lecture_assets.store import records
from lecture_assets.store.database import Database
from lecture_assets_tests.runner.conftest import LECTURE, NODES, SmallLecture, open_small_lecture
from lecture_assets_tests.servers.homes import home_environ

IMAGE = "asset:image:segment[0]:image[0]"


@pytest.mark.slow
def test_a_failed_node_blocks_what_reads_it_and_nothing_else(tmp_path: Path) -> None:
    with open_small_lecture(tmp_path / "home", LECTURES_SIM_FAULTS="speech:400*99") as small_lecture:
        report = small_lecture.regenerate()
        statuses = small_lecture.statuses()
    speech = {"asset:narration:segment[0]", "asset:narration:segment[1]"}
    readers = {"assembler:segment-timeline:segment[0]", "assembler:segment-timeline:segment[1]", "assembler:timeline"}
    assert {node["id"] for node in report["failed"]} == speech
    assert set(report["blocked"]) == readers
    assert len(report["made"]) == NODES - len(speech | readers)
    assert {name for name, status in statuses.items() if status == "failed"} == speech
    assert {name for name, status in statuses.items() if status == "blocked"} == readers


@pytest.mark.slow
def test_what_was_failed_is_made_by_the_next_run_alone(tmp_path: Path) -> None:
    with open_small_lecture(tmp_path / "home", LECTURES_SIM_FAULTS="image:400@2") as small_lecture:
        (failed,) = small_lecture.regenerate()["failed"]
        assert small_lecture.published() == 0
    slot = failed["id"].partition(":segment[")[2][0]
    with small_lecture.open_again() as again:
        report = again.regenerate()
        assert again.published() == 1
    assert set(report["made"]) == {failed["id"], f"assembler:segment-timeline:segment[{slot}]", "assembler:timeline"}
    assert report["calls"] == {"image": 1}


def test_a_value_that_comes_out_as_it_was_stops_staleness(made_lecture: SmallLecture) -> None:
    """A person types the words that are there already: the speech, made from equal words, is not made again."""
    said: Any = made_lecture.lectures.explain(LECTURE, "content:narration-text:segment[0]")["value"]
    made_lecture.edit(f"text content:narration-text:segment[0]={said}")
    report = made_lecture.regenerate()
    assert (report["made"], report["restored"], report["calls"]) == ([], [], {})


@pytest.mark.slow
def test_a_rerolled_text_that_comes_out_equal_leaves_its_readers_alone(made_lecture: SmallLecture) -> None:
    """The simulated writer answers a reroll of the summary with other words, or the same; the music follows only other words."""
    before = made_lecture.nodes()
    made_lecture.edit("reroll llm:video-summary")
    report = made_lecture.regenerate()
    changed = made_lecture.nodes()["content:video-summary"]["version"] != before["content:video-summary"]["version"]
    assert ("llm:music-prompt" in report["made"]) == changed


@pytest.mark.slow
def test_what_a_call_reads_is_in_the_database_before_the_call_is_sent(small_lecture: SmallLecture) -> None:
    """Seen by another connection, as another process would see it."""
    unseen: list[str] = []
    other = Database(database_url(home_environ(small_lecture.home)))

    def look(call: Call) -> None:
        if call.role.value != "image":
            return
        with other.read() as connection:
            held = records.load_values(connection, LECTURE, [f"content:image-prompt:segment[{slot}]:image[0]" for slot in (0, 1)])
        if call.request.prompt not in held.values():  # type: ignore[union-attr]
            unseen.append(call.key)

    small_lecture.watch.before = look
    small_lecture.regenerate()
    other.close()
    assert small_lecture.watch.submitted_roles().count("image") == 2
    assert unseen == []


@pytest.mark.slow
def test_no_layer_waits_for_another(small_lecture: SmallLecture) -> None:
    """A picture is out while a prompt two layers above it has not come back: there are no barriers."""
    import asyncio  # noqa: PLC0415 - this test alone waits inside the vendor

    picture = asyncio.Event()

    async def hold_one_back(call: Call) -> None:
        if call.role.value == "image":
            picture.set()
        if call.role.value == "text" and call.request.task == "video-summary":  # type: ignore[union-attr]
            async with asyncio.timeout(20):
                await picture.wait()

    small_lecture.watch.before = hold_one_back
    report = small_lecture.regenerate()
    assert len(report["made"]) == NODES
    roles = small_lecture.watch.submitted_roles()
    assert roles.index("image") < len(roles) - 1


@pytest.mark.slow
def test_the_longest_path_goes_first_where_calls_wait(tmp_path: Path) -> None:
    """With one slot, image prompts (a picture behind them) are asked for before the last of the short paths."""
    with open_small_lecture(tmp_path / "home", LECTURES_LIMITS='{"openai": 1}') as small_lecture:
        small_lecture.regenerate()
    tasks = [call.request.task for call in small_lecture.watch.submitted if call.role.value == "text"]  # type: ignore[union-attr]
    assert tasks[0] == "script-generation"
    speech = small_lecture.watch.submitted_roles().index("speech")
    summary = next(
        i for i, call in enumerate(small_lecture.watch.submitted) if getattr(call.request, "task", "") == "video-summary"
    )
    assert summary < speech


@pytest.mark.slow
def test_a_kept_lecture_calls_nobody(made_lecture: SmallLecture) -> None:
    made_lecture.watch.submitted.clear()
    report = made_lecture.regenerate()
    assert (report["made"], report["restored"], report["kept"], made_lecture.watch.submitted) == ([], [], NODES, [])
    assert made_lecture.lectures.plan(LECTURE)["nodes"] == []
