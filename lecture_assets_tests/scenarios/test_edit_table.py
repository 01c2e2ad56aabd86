"""Every row of the table "what an edit makes stale": in one process, and as a shell session with --json."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.node import node_id
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.scenarios.conftest import LECTURE, Shell
from lecture_assets_tests.scenarios.edit_table import ROWS, TIMELINE, Row, each

_IDS = [row.name for row in ROWS]


def _takes(house: Lectures) -> dict[str, str]:
    return {node["id"]: node["version"] for node in house.status(LECTURE)["nodes"]}  # type: ignore[union-attr,index,call-overload]


def _media(home: Path) -> dict[str, str]:
    files = (path for path in (home / "artifacts").rglob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _outcome(report: Any) -> set[str]:
    assert not report["failed"]
    assert not report["blocked"]
    assert not set(report["made"]) & set(report["restored"])
    return {*report["made"], *report["restored"]}


@pytest.mark.parametrize("row", ROWS, ids=_IDS)
def test_an_edit_remakes_exactly_its_row(row: Row, house: Lectures) -> None:
    for edit in row.first:
        house.edit(LECTURE, [edit])
        house.regenerate(LECTURE)
    before, media = _takes(house), _media(house.context.home)
    plan = house.plan(LECTURE, row.edits)
    house.edit(LECTURE, row.edits)
    supplied = {node for node, version in _takes(house).items() if version != before.get(node) and version is not None}
    assert supplied == row.supplied
    report = house.regenerate(LECTURE)
    assert _outcome(report) | supplied == row.stale
    assert report["calls"] == row.calls
    assert {node["id"] for node in plan["nodes"]} == row.stale - row.supplied  # type: ignore[union-attr,index,call-overload]
    assert plan["calls"] == row.calls
    untouched = {node: version for node, version in before.items() if node not in row.stale}
    assert untouched.items() <= (_takes(house) | untouched_of_removed(before, house)).items()
    assert media.items() <= _media(house.context.home).items()


def untouched_of_removed(before: dict[str, str], house: Lectures) -> dict[str, str]:
    """Rows of a removed segment or a switched-off path leave the lecture; they cannot have been touched by a run."""
    return {node: version for node, version in before.items() if node not in _takes(house)}


@pytest.mark.parametrize("row", ROWS, ids=_IDS)
def test_an_edit_remakes_exactly_its_row_in_a_shell(row: Row, shell: Shell) -> None:
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


def test_undone_edits_are_restored_and_not_bought(house: Lectures) -> None:
    house.edit(LECTURE, ["set use_video=true"])
    house.regenerate(LECTURE)
    house.edit(LECTURE, ["set use_video=false"])
    report = house.regenerate(LECTURE)
    assert report["made"] == []
    assert report["calls"] == {}
    assert report["cost_usd_micros"] == 0


def test_a_script_rerolled_leaves_a_segment_with_the_same_text_alone(house: Lectures) -> None:
    before = _takes(house)
    house.edit(LECTURE, ["reroll llm:script-generation"])
    report = house.regenerate(LECTURE)
    after = _takes(house)
    same = [slot for slot in range(3) if before[node_id("content:script", slot)] == after[node_id("content:script", slot)]]
    assert same
    assert len(same) < 3
    made = _outcome(report)
    parts = ("content:narration-text", "content:visual", "content:background-music", "content:effect", "asset:narration")
    for slot in same:
        assert not made & each(*parts, "assembler:segment-timeline", segments=(slot,))
        assert not {node for node in made if f":segment[{slot}]:image" in node}
    assert {"llm:script-generation", TIMELINE} <= made
