"""Every row of the table "what an edit makes stale": in one process, and as a shell session with --json."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.node import node_id
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.scenarios.conftest import LECTURE, Shell, open_lectures
from lecture_assets_tests.scenarios.edit_table import ROWS, TIMELINE, Row, each
from lecture_assets_tests.servers.homes import copy_home

_IDS = [row.name for row in ROWS]


def _versions(lectures: Lectures) -> dict[str, str]:
    nodes: Any = lectures.status(LECTURE)["nodes"]
    return {node["id"]: node["version"] for node in nodes}


def _media(home: Path) -> dict[str, str]:
    files = (path for path in (home / "artifacts").rglob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _outcome(report: Any) -> set[str]:
    assert not report["failed"]
    assert not report["blocked"]
    assert not set(report["made"]) & set(report["restored"])
    return {*report["made"], *report["restored"]}


@pytest.fixture
def ready(row: Row, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home in which what the row starts from was made."""
    made: Path = request.getfixturevalue("video_home" if row.video else "made_home")
    copy_home(made, tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=_IDS)
def test_an_edit_remakes_exactly_its_row(row: Row, ready: Path) -> None:
    with open_lectures(ready) as lectures:
        for edit in row.first:
            lectures.edit(LECTURE, [edit])
            lectures.regenerate(LECTURE)
        before, media = _versions(lectures), _media(ready)
        plan: Any = lectures.plan(LECTURE, row.edits)
        lectures.edit(LECTURE, row.edits)
        edited = _versions(lectures)
        report = lectures.regenerate(LECTURE)
        after = _versions(lectures)
    assert {node for node in before.keys() & edited.keys() if before[node] != edited[node]} == row.supplied
    assert _outcome(report) | row.supplied == row.stale
    assert report["calls"] == row.calls
    assert {node["id"] for node in plan["nodes"]} == row.stale - row.supplied
    assert plan["calls"] == row.calls
    untouched = (before.keys() & after.keys()) - row.stale
    assert untouched
    assert {node: after[node] for node in untouched} == {node: before[node] for node in untouched}
    assert media.items() <= _media(ready).items()


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS[::3] if THOROUGH else ROWS[:1], ids=_IDS[::3] if THOROUGH else _IDS[:1])
def test_an_edit_remakes_exactly_its_row_in_a_shell(row: Row, ready: Path) -> None:
    shell = Shell(ready)
    for edit in row.first:
        shell.json("edit", LECTURE, "-e", edit)
        shell.json("regenerate", LECTURE)
    bought = len(shell.journal())
    shell.json("edit", LECTURE, *(word for edit in row.edits for word in ("-e", edit)))
    token = shell.json("plan", LECTURE)["token"]
    report = shell.json("regenerate", LECTURE, "--plan", token)
    assert _outcome(report) | row.supplied == row.stale
    assert report["calls"] == row.calls
    assert len(shell.journal()) - bought == sum(row.calls.values())


@pytest.mark.slow
def test_an_undone_edit_is_restored_and_not_bought(lectures: Lectures) -> None:
    lectures.edit(LECTURE, ["set voice=teacher"])
    lectures.regenerate(LECTURE)
    lectures.edit(LECTURE, ["set voice=narrator"])
    report = lectures.regenerate(LECTURE)
    assert (report["made"], report["calls"], report["cost_usd_micros"]) == ([], {}, 0)
    assert set(report["restored"]) == {*each("asset:narration", "assembler:segment-timeline"), TIMELINE}


@pytest.mark.slow
def test_a_script_rerolled_leaves_a_segment_with_the_same_text_alone(lectures: Lectures) -> None:
    before = _versions(lectures)
    lectures.edit(LECTURE, ["reroll llm:script-generation"])
    report = lectures.regenerate(LECTURE)
    after = _versions(lectures)
    same = [slot for slot in range(3) if before[node_id("content:script", slot)] == after[node_id("content:script", slot)]]
    assert same
    assert len(same) < 3
    made = _outcome(report)
    parts = ("content:narration-text", "content:visual", "content:background-music", "content:effect", "asset:narration")
    for slot in same:
        assert not made & each(*parts, "assembler:segment-timeline", segments=(slot,))
        assert not {node for node in made if f":segment[{slot}]:image" in node}
    assert {"llm:script-generation", TIMELINE} <= made
