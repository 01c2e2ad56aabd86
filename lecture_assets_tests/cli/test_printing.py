"""Tables and sentences that a person reads, pinned as a whole."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from lecture_assets.cli.printing import (
    print_costs,
    print_explanation,
    print_graph,
    print_history,
    print_lectures,
    print_status,
    print_takes,
    print_voices,
)
from lecture_assets.cli.report import print_edit, print_plan, print_report
from lecture_assets.cli.terminal import Terminal

NEVER = [{"kind": "never-made", "input": "", "text": "it was never made"}]
CHANGED = [{"kind": "input-changed", "input": "config:voice", "text": "the input config:voice changed"}]


def shown(printer: Callable[[Console, Any], None], document: object) -> str:
    console = Console(file=io.StringIO(), width=120, record=True)
    printer(console, document)
    return "\n".join(line.rstrip() for line in console.export_text().splitlines())


def node(name: str, status: str = "fresh", **more: object) -> dict[str, object]:
    return {
        "id": name,
        "status": status,
        "pinned": False,
        "take": 1,
        "cost_usd_micros": 0,
        "error": None,
        "conflict": None,
        **more,
    }


def planned(name: str, layer: int, reasons: list[dict[str, str]], price: tuple[int, int] | None = None) -> dict[str, object]:
    call = {"provider": "simulated", "model": "simulated:openai/tts", "role": "speech"}
    calls = [] if price is None else [{**call, "low_usd_micros": price[0], "estimate_usd_micros": price[1]}]
    return {"id": name, "status": "stale", "reasons": reasons, "layer": layer, "restored": False, "calls": calls}


def plan(nodes: list[dict[str, object]], idle: tuple[str, ...] = ()) -> dict[str, object]:
    return {
        "lecture": "bees",
        "version": 2,
        "token": "0123456789abcdef",
        "nodes": nodes,
        "idle": list(idle),
        "calls": {"speech": 2},
        "estimate_usd_micros": {"low": 6000, "high": 7000},
        "estimate_seconds": 1.25,
        "affected_segments": [0],
    }


REPORT = {
    "lecture": "bees",
    "version": 2,
    "made": ["asset:narration:segment[0]", "asset:narration:segment[1]"],
    "restored": ["assembler:timeline"],
    "kept": 44,
    "made_bytes": 9_600_000,
    "saved_bytes": 0,
    "kept_bytes": 1_200_000,
    "conflicts": ["content:video-title"],
    "stopped": [{"id": "asset:music", "message": "asset:music may cost $0.02; this month may spend $1.00: $0.01 is missing"}],
    "failed": [],
    "blocked": [],
    "calls": {"speech": 2},
    "cost_usd_micros": 6100,
    "saved_usd_micros": 3000,
    "seconds": 1.31,
    "first_playable_seconds": 0.5,
    "timeline": "bees/timeline.json",
}


def test_lectures(snapshot: SnapshotAssertion) -> None:
    row = {"lecture": "bees", "version": 3, "published": 2, "request": "running", "created_at": 1_800_000_000.5}
    other = {"lecture": "wasps", "version": 1, "published": 0, "request": "none", "created_at": 1_800_000_001.0}
    assert shown(print_lectures, [row, other]) == snapshot


def test_no_lectures_says_how_to_make_one() -> None:
    assert "lectures make --example" in shown(print_lectures, [])


def test_status(snapshot: SnapshotAssertion) -> None:
    error = {"kind": "retryable", "message": "HTTP 503 after 3 tries [really]", "retryable": True, "provider_code": "503"}
    nodes = [
        node("content:video-title", pinned=True),
        node("asset:image:segment[0]:image[0]", cost_usd_micros=3000),
        node("asset:narration:segment[10]", "failed", take=None, error=error),
        node("asset:narration:segment[2]", "stale"),
        node("assembler:timeline", "pending", take=None),
    ]
    assert shown(print_status, {"lecture": "bees", "version": 2, "nodes": nodes}) == snapshot


@pytest.mark.slow
def test_the_status_of_a_long_lecture_lists_only_what_is_not_fresh(snapshot: SnapshotAssertion) -> None:
    nodes = [node(f"asset:image:segment[{i // 4}]:image[{i % 4}]", "stale" if i == 5 else "fresh") for i in range(396)]
    document = {"lecture": "bees", "version": 2, "nodes": nodes}
    assert shown(print_status, document).splitlines()[:8] == snapshot
    assert shown(lambda console, it: print_status(console, it, every=True), document).count("asset:image") == 396


def test_plan_in_the_order_of_its_layers(snapshot: SnapshotAssertion) -> None:
    nodes = [
        planned("assembler:timeline", 1, [{"kind": "upstream", "input": "x", "text": "x will be made again"}]),
        planned("asset:narration:segment[0]", 0, CHANGED, (3000, 3500)),
        planned("asset:narration:segment[1]", 0, NEVER, (3000, 3000)),
        {**planned("asset:music", 0, CHANGED), "restored": True},
    ]
    assert shown(print_plan, plan(nodes, idle=("llm:video-summary",))) == snapshot


def test_a_long_plan_has_one_line_per_kind(snapshot: SnapshotAssertion) -> None:
    nodes = [planned(f"asset:narration:segment[{slot}]", 0, NEVER if slot else CHANGED, (3000, 3500)) for slot in range(99)]
    assert shown(print_plan, plan([*nodes, planned("assembler:timeline", 1, NEVER)])) == snapshot


def test_an_empty_plan_says_so() -> None:
    assert "everything is up to date" in shown(print_plan, plan([]))


def test_report(snapshot: SnapshotAssertion) -> None:
    assert shown(lambda console, it: print_report(console, it, {"video": Path("bees/lecture.mp4")}), REPORT) == snapshot


def test_a_report_of_failures_says_what_is_kept_and_how_to_continue(snapshot: SnapshotAssertion) -> None:
    failed = [{"id": f"asset:image:segment[{i}]:image[0]", "message": "HTTP 503 after 3 tries"} for i in range(25)]
    document = {**REPORT, "failed": failed, "blocked": ["assembler:timeline"], "first_playable_seconds": None}
    assert shown(print_report, document) == snapshot


@pytest.mark.parametrize("stale", [0, 2, 100])
def test_edit(stale: int, snapshot: SnapshotAssertion) -> None:
    nodes = [f"asset:image:segment[{i}]:image[0]" for i in range(stale)]
    edited = {"lecture": "bees", "version": 4, "stale": nodes, "conflicts": [], "edits": ["set voice=teacher"], "shadow": None}
    text = shown(print_edit, edited).splitlines()
    assert [*text[:4], *text[-2:]] == snapshot


def test_explanation(snapshot: SnapshotAssertion) -> None:
    document = {
        "node": "assembler:timeline",
        "status": "stale",
        "pinned": False,
        "take": 2,
        "made_by": "step",
        "value": {"title": "Bees", "rest": "x" * 400},
        "made_from": [
            {"id": "asset:music", "version": "a", "status": "fresh"},
            {"id": "config:voice", "version": None, "status": None},
        ],
        "reasons": [{"kind": "upstream", "input": "a", "text": "asset:narration:segment[0] will be made again"}],
        "chain": [{"id": "asset:narration:segment[0]", "reasons": [{**CHANGED[0], "from": "narrator", "to": "teacher"}]}],
        "error": {"message": "waits for asset:music: HTTP 503"},
    }
    assert shown(print_explanation, document) == snapshot


@pytest.mark.parametrize(
    ("take", "kinds", "said"),
    [
        (2, ["upstream"], "It may need to be made because "),
        (2, ["upstream", "setting-changed"], "It needs to be made because "),
        (None, ["never-made"], "It needs to be made because "),
        (None, ["upstream"], "It needs to be made because "),
    ],
)
def test_what_waits_for_others_may_stay_as_it_is(take: int | None, kinds: list[str], said: str) -> None:
    document: dict[str, object] = {"node": "asset:clip", "status": "stale", "pinned": False, "take": take, "made_by": "step"}
    reasons = [{"kind": kind, "input": "a", "text": "a changed"} for kind in kinds]
    more: dict[str, object] = {"value": None, "made_from": [], "reasons": reasons, "chain": [], "error": None}
    assert said in "".join(shown(print_explanation, document | more))


def test_the_explanation_of_an_input(snapshot: SnapshotAssertion) -> None:
    document: dict[str, object] = {
        "node": "config:voice",
        "status": None,
        "value": "narrator",
        "made_from": [],
        "reasons": [],
        "chain": [],
    }
    assert shown(print_explanation, document) == snapshot


def test_costs(snapshot: SnapshotAssertion) -> None:
    sums = {"model": "simulated:openai/gpt", "role": "text", "calls": 9, "spent_usd_micros": 13_500, "saved_usd_micros": 1500}
    totals = {"estimated_usd_micros": 14_000, "spent_usd_micros": 13_500, "spent_by_estimate_usd_micros": 2_000}
    totals["saved_usd_micros"] = 1500
    assert shown(print_costs, {"lecture": "bees", "models": [sums], "calls": [], "ceilings": [], **totals}) == snapshot


def test_history(snapshot: SnapshotAssertion) -> None:
    rows = [
        {"version": 1, "edits": [], "created_at": 1_800_000_000.0},
        {"version": 2, "edits": ["set voice=teacher", "text content:video-title=[bold]Bees"], "created_at": 1_800_000_060.0},
    ]
    assert shown(print_history, rows) == snapshot


def test_voices(snapshot: SnapshotAssertion) -> None:
    models = {name: {"languages": tags} for name, tags in {"simulated:openai/any": ["de", "en"], "outside:any": []}.items()}
    rows = [{"voice": "narrator", "note": "calm and clear", "models": models}, {"voice": "own", "note": "", "models": models}]
    assert shown(print_voices, [{**row, "written": ["de", "en"]} for row in rows]) == snapshot


def test_graph(snapshot: SnapshotAssertion) -> None:
    nodes = [{"id": "config:voice", "reads": []}, {"id": "asset:music", "reads": ["content:music-prompt", "config:duration"]}]
    assert shown(print_graph, {"lecture": "bees", "version": 1, "nodes": nodes}) == snapshot


def test_what_a_person_wrote_is_never_read_as_markup() -> None:
    title = "[red]not red[/red] [/]"
    assert title in shown(print_history, [{"version": 2, "edits": [title], "created_at": 0.0}])
    assert title in shown(
        print_explanation, {"node": "n", "status": None, "value": title, "made_from": [], "reasons": [], "chain": []}
    )


OBEYED = "Rain\x1b[31m \x1b]0;title\x07\x00\x9b2J\u202efalls\u2066\ufeff\U000e0041"


@pytest.mark.parametrize("command", ["explain", "takes", "status", "history"])
def test_a_terminal_gets_no_control_characters_from_the_store(command: str) -> None:
    take = {"number": 1, "chosen": False, "counts": True, "made_by": OBEYED, "cost_usd_micros": 0, "value": OBEYED, "path": None}
    explained = {"node": OBEYED, "status": "failed", "value": OBEYED, "reasons": [], "chain": [], "made_from": []}
    failed = node("content:video-title", "failed", error={"message": OBEYED})
    documents: dict[str, tuple[Callable[[Console, Any], None], object]] = {
        "explain": (print_explanation, explained | {"error": {"message": OBEYED}, "take": 1, "made_by": OBEYED}),
        "takes": (print_takes, {"lecture": "bees", "node": OBEYED, "takes": [take | {"made_at": 0.0}]}),
        "status": (print_status, {"lecture": "bees", "version": 1, "nodes": [failed]}),
        "history": (print_history, [{"version": 1, "created_at": 0.0, "edits": [OBEYED]}]),
    }
    out = io.StringIO()
    printer, document = documents[command]
    printer(Terminal(file=out, width=200), document)
    assert "Rain" in out.getvalue()
    assert not set(out.getvalue()) & set(OBEYED[4:]) - set("Rainfalls[31m]0;te2J ")
