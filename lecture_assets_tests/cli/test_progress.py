"""Progress while a lecture is made."""

import io

from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from lecture_assets.cli.progress import Progress, display, line_of, watching
from lecture_assets.runner.setup.events import (
    CallDelayed,
    Event,
    Exporting,
    NodeFinished,
    NodeStarted,
    Outcome,
    Replanned,
    SegmentPlayable,
    Started,
)

SMALL = Started(1, 4, {"text": 1, "image": 1}, (4500, 6000), 8.0)


def lines(events: list[Event]) -> list[str]:
    progress = Progress(clock=lambda: 100.0)
    told = []
    for event in events:
        progress.take(event)
        told.append(line_of(progress, event))
    return [line for line in told if line]


def test_a_short_plan_reports_each_paid_node_and_each_failure() -> None:
    assert lines(
        [
            SMALL,
            NodeStarted("llm:script-generation", "openai"),
            NodeFinished("llm:script-generation", Outcome.MADE, 1500, "openai"),
            NodeFinished("content:script:segment[0]", Outcome.MADE),
            CallDelayed("asset:image:segment[0]:image[0]", 2.0, "HTTP 503"),
            NodeFinished("asset:image:segment[0]:image[0]", Outcome.FAILED, 0, "replicate", "HTTP 503 after 3 tries"),
            NodeFinished("assembler:timeline", Outcome.BLOCKED),
            Replanned(2),
        ]
    ) == [
        "version 1: 4 nodes to make, 2 calls (1 image, 1 text), $0.0045 to $0.0060, about 8.0 s",
        "1/4 made llm:script-generation ($0.0015)",
        "waiting 2.0 s for asset:image:segment[0]:image[0]: HTTP 503",
        "3/4 failed: asset:image:segment[0]:image[0]: HTTP 503 after 3 tries",
        "an edit arrived: continuing with version 2",
    ]


def test_nineteen_hundred_nodes_do_not_flood_the_output() -> None:
    finished: list[Event] = [NodeFinished(f"asset:image:segment[{i}]", Outcome.MADE, 3000, "replicate") for i in range(1900)]
    playable: list[Event] = [SegmentPlayable(slot, 3.0) for slot in range(99)]
    told = lines([Started(1, 1900, {"image": 1900}, (0, 0), 60.0), *finished, *playable])
    assert len(told) == 1 + 20 + 1
    assert told[10].startswith("950/1,900 nodes, $2.85, about ")


def test_nothing_to_make_is_reported_as_such() -> None:
    assert lines([Started(3, 0, {}, (0, 0), 0.0)]) == ["version 3: nothing to make"]


def test_the_export_is_reported_at_each_quarter_not_a_thousand_times() -> None:
    quarters = [f"writing the video: {percent}%" for percent in (25, 50, 75)]
    assert lines([Exporting(i / 1000) for i in range(1001)]) == ["writing the video", *quarters, "video written"]


def test_the_estimate_is_what_the_plan_said_until_it_is_overdue() -> None:
    now = [0.0]
    progress = Progress(clock=lambda: now[0])
    progress.take(SMALL)
    now[0] = 3.0
    assert progress.left_s == 5.0
    progress.take(NodeFinished("llm:script-generation", Outcome.MADE))
    now[0] = 10.0
    assert progress.left_s == 30.0


def test_a_second_round_counts_its_own_nodes_and_the_total_cost() -> None:
    progress = Progress(clock=lambda: 0.0)
    for event in (SMALL, NodeFinished("a", Outcome.MADE, 10), Replanned(2), Started(2, 7, {}, (0, 0), 1.0)):
        progress.take(event)
    assert (progress.total, len(progress.finished), progress.cost_usd_micros) == (7, 0, 10)


def test_the_live_display_names_a_few_nodes_and_counts_the_rest(snapshot: SnapshotAssertion) -> None:
    progress = Progress(clock=lambda: 2.0)
    progress.take(Started(1, 40, {"image": 9}, (0, 0), 8.0))
    for image in range(8):
        progress.take(NodeStarted(f"asset:image:segment[{image}]:image[0]", "replicate" if image % 4 else "openai"))
    progress.take(NodeFinished("llm:script-generation", Outcome.MADE, 1500, "openai"))
    progress.take(NodeFinished("asset:music", Outcome.FAILED, 0, "replicate", "HTTP 503"))
    progress.take(CallDelayed("asset:image:segment[7]:image[0]", 1.5, "HTTP 429"))
    progress.take(Exporting(0.25))
    console = Console(file=io.StringIO(), width=80, record=True)
    console.print(display(progress))
    assert console.export_text() == snapshot


def test_a_terminal_gets_the_live_display_and_a_pipe_gets_lines() -> None:
    for terminal, wanted in ((True, "0/4 nodes"), (False, "version 1: 4 nodes to make")):
        console = Console(file=io.StringIO(), force_terminal=terminal, width=80, record=True, color_system=None)
        with watching(console) as watch:
            watch(SMALL)
        assert wanted in console.export_text()
