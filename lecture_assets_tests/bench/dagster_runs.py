"""Runs under Dagster: how soon one starts, what its events cost, how much memory it takes, how 1,000 lectures are to look at."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from playwright.sync_api import Request, sync_playwright
from rich.table import Table

from lecture_assets.defs.host.instance import EMBEDDED, open_instance
from lecture_assets.defs.keys import LECTURE
from lecture_assets.defs.sync.events import Origin, log_entry
from lecture_assets.defs.sync.projection import LogEntrySpec, ProjectedNode
from lecture_assets.graph.build import build
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.bench.lectures import brief
from lecture_assets_tests.defs.dev_queries import switch_sensor
from lecture_assets_tests.defs.dev_server import Dev, running, until
from lecture_assets_tests.defs.test_ui import CHROMIUM
from lecture_assets_tests.graph import lectures as shapes

_ROUNDS = 10
_WORDS = "text content:narration-text:segment[0]=Water number {} comes from the spring."


def starting() -> Table:
    """Seconds from an accepted edit to the first provider call, by a GraphQL `launchRun`, with both launchers in turns."""
    with _served(with_launcher=True) as ours, _served(with_launcher=False) as stock:
        seconds: dict[str, list[float]] = {"forking": [], "stock": []}
        for number in range(_ROUNDS + 1):
            seconds["forking"].append(_first_call_s(ours, number))
            seconds["stock"].append(_first_call_s(stock, number))
    report = Table(
        "launcher", "median s", "least", "most", "times faster", title=f"Edit accepted to first call, {_ROUNDS} rounds"
    )
    medians = {name: statistics.median(found[1:]) for name, found in seconds.items()}  # the first round warms both up
    for name, found in seconds.items():
        rest = found[1:]
        faster = f"{medians['stock'] / medians[name]:.1f}"
        report.add_row(name, f"{medians[name]:.2f}", f"{min(rest):.2f}", f"{max(rest):.2f}", faster)
    return report


@contextmanager
def _served(*, with_launcher: bool) -> Iterator[tuple[Dev, Lectures]]:
    """A `lectures dev` with a small lecture that is made, and no sensor that starts runs."""
    with tempfile.TemporaryDirectory(prefix="lectures-bench-") as folder:
        home = Path(folder) / "home"
        settings = yaml.safe_load(EMBEDDED.read_text())
        if not with_launcher:
            del settings["run_launcher"]
        (home / "dagster").mkdir(parents=True)
        (home / "dagster" / "dagster.yaml").write_text(yaml.safe_dump(settings))
        with Lectures.open({"LECTURES_HOME": str(home)}) as lectures:
            lectures.create(brief(3, 1), "water")
            lectures.regenerate("water")
            with running(home) as dev:
                switch_sensor(dev, "stopSensor")
                until(lambda: "water" in dev.partitions())
                yield dev, lectures


def _first_call_s(served: tuple[Dev, Lectures], number: int) -> float:
    dev, lectures = served
    before = len(_journal(dev.home))
    lectures.edit("water", [_WORDS.format(number)])
    accepted = time.time()
    run_id = dev.launch("water")
    until(lambda: dev.status(run_id) in {"SUCCESS", "FAILURE"})
    first, *_ = _journal(dev.home)[before:]
    return float(first["submitted_at"]) - accepted


def _journal(home: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (home / "simulated" / "journal.jsonl").read_text().splitlines()]


_REGENERATION = """
import json, os, sys, time
from lecture_assets_tests.bench.lectures import brief
from lecture_assets_tests.defs.dagster_home import LECTURE, open_dagster_home
from pathlib import Path
with open_dagster_home(Path(sys.argv[2]), brief(30, 2)) as dagster_home:
    before = time.process_time()
    if sys.argv[1] == "dagster":
        assert dagster_home.run().success
    else:
        dagster_home.lectures.regenerate(LECTURE)
    print(json.dumps([time.process_time() - before, len(dagster_home.lectures.status(LECTURE)["nodes"])]))
"""


def events() -> Table:
    """CPU milliseconds a node that Dagster's events cost, 30 × 2: a run of the job against the same regeneration without it."""
    cpu: dict[str, list[float]] = {"plain": [], "dagster": []}
    nodes = 0
    for _ in range(5):
        for how, found in cpu.items():
            with tempfile.TemporaryDirectory(prefix="lectures-bench-") as folder:
                command = [sys.executable, "-c", _REGENERATION, how, folder]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            seconds, nodes = json.loads(done.stdout.splitlines()[-1])
            found.append(seconds)
    medians = {how: statistics.median(found) for how, found in cpu.items()}
    report = Table("nodes", "plain CPU s", "with events", "ms a node", "limit", title="Cost of Dagster's events, medians of 5")
    more = (medians["dagster"] - medians["plain"]) / nodes * 1000
    report.add_row(str(nodes), f"{medians['plain']:.2f}", f"{medians['dagster']:.2f}", f"{more:.2f}", "5")
    return report


def memory() -> Table:
    """Megabytes of the run worker at its peak, 99 × 4 in `lectures dev`."""
    report = Table("nodes", "run", "seconds", "peak MB of the run worker", "limit MB", title="99 × 4 in lectures dev")
    with (
        tempfile.TemporaryDirectory(prefix="lectures-bench-") as folder,
        running(Path(folder) / "home") as dev,
        Lectures.open({"LECTURES_HOME": str(dev.home)}) as lectures,
    ):
        lectures.create(brief(99, 4), "large")
        until(lambda: "large" in dev.partitions())
        began, peak = time.monotonic(), 0
        run_id = dev.launch("large")
        while (status := dev.status(run_id)) not in {"SUCCESS", "FAILURE", "CANCELED"}:
            peak = max(peak, _peak_kb(dev.run_worker()))
            time.sleep(0.2)
        seconds = time.monotonic() - began
        nodes = len(list(lectures.status("large")["nodes"]))
    report.add_row(str(nodes), status, f"{seconds:.0f}", str(peak // 1024), "400")
    return report


def _peak_kb(pid: int | None) -> int:
    """The most memory that a process had so far, what it shares with the server that it was forked from included."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


_PAGES = {
    "asset graph": "/asset-groups",
    "catalog": "/assets",
    "image, overview": "/assets/asset/image",
    "image, partitions": "/assets/asset/image?view=partitions&partition=lecture-0500%7Cs01.i1",
    "image, events": "/assets/asset/image?view=events",
    "narration, partitions": "/assets/asset/narration?view=partitions&partition=lecture-0999%7Cs02",
    "timeline, partitions": "/assets/assembler/timeline?view=partitions&partition=lecture-0001",
}


def looking() -> Table:
    """Seconds of the slowest query of each asset page, in a browser, with 1,000 lectures of 3 × 2 in the instance."""
    report = Table("page", "queries", "slowest s", "which", "limit s", title="1,000 lectures, 68,000 events")
    with tempfile.TemporaryDirectory(prefix="lectures-bench-") as folder:
        home = Path(folder) / "home"
        _fill(home, 1000)
        with running(home) as dev, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for name, path in _PAGES.items():
                page = chromium.new_page()
                slow: list[Request] = []

                def note(request: Request, slow: list[Request] = slow) -> None:
                    slow.append(request)

                page.on("requestfinished", note)
                page.goto(dev.url + path)
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(2000)
                queries = [found for found in map(_timed, slow) if found[1]]
                seconds, which = max(queries)
                report.add_row(name, str(len(queries)), f"{seconds:.2f}", which, "1")
                page.close()
            chromium.close()
    return report


def _timed(request: Request) -> tuple[float, str]:
    """Seconds and name of a GraphQL query; no name for other requests."""
    if not request.url.endswith("/graphql") and "/graphql?" not in request.url:
        return 0.0, ""
    body = request.post_data_json or {}
    return max(request.timing["responseEnd"], 0.0) / 1000, str(body.get("operationName"))


def _fill(home: Path, lectures: int) -> None:
    """Lectures as Dagster would know them after a first run of each, written straight into its log."""
    made = build(shapes.lecture(3, 2))
    names = [f"lecture-{number:04}" for number in range(lectures)]
    with open_instance({**os.environ, "LECTURES_HOME": str(home)}) as instance:
        instance.add_dynamic_partitions(LECTURE, names)
        for name in names:
            pointer = instance.event_log_storage.get_maximum_record_id() or 0
            inputs = [LogEntrySpec(node.id, f"v-{node.id}") for node in made.nodes.values() if node.kind.is_input]
            nodes = [LogEntrySpec(node.id, f"v-{node.id}", ProjectedNode(node, f"v-{node.id}", "1@0", "1")) for node in made.made]
            entries = [log_entry(Origin(), name, statement, pointer, {}) for statement in (*inputs, *nodes)]
            instance.event_log_storage.store_event_batch(entries)
