"""Planning the largest lecture (99 segments × 4 images, 1,889 nodes) with nothing stale, and with everything pending."""

import statistics
import time

from rich.table import Table

from lecture_assets.graph.fingerprint import Json, canonical, digest
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.staleness import assess
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.store import records
from lecture_assets.store.records import Take
from lecture_assets_tests.bench.lectures import brief, open_lectures

_ROUNDS = 7


def table() -> Table:
    """Milliseconds from an open store to the plan document, the median of seven."""
    report = Table("planning 99 × 4", "nodes", "median ms", "limit ms", title="Planning the largest lecture")
    with open_lectures() as lectures:
        lectures.create(brief(99, 4), "large")
        report.add_row("everything pending", *_measure(lectures), "–")
        fill(lectures, "large")
        report.add_row("nothing stale", *_measure(lectures), "100")
    return report


def _measure(lectures: Lectures) -> tuple[str, str]:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        plan = lectures.plan("large")
        times.append((time.perf_counter() - start) * 1000)
    return str(len(plan["nodes"])), f"{statistics.median(times):.0f}"


def fill(lectures: Lectures, lecture: str) -> None:
    """A take for every node, as if it had been made: the records are real, the values are stand-ins."""
    context = lectures.context
    with context.database.write() as connection:
        snapshot = read_snapshot(context, connection, lecture)
        versions: dict[str, str | None] = {
            node.id: digest(snapshot.graph.settings.value(node.kind.name.partition(":")[2]))
            for node in snapshot.graph.nodes.values()
            if node.kind.is_input
        }
        for node in snapshot.graph.made:
            finding = assess(node, snapshot.graph.settings.of_node(node.id), versions, snapshot.world)
            value: Json = f"Water, of {node.id}." if node.kind.holds is Holds.TEXT else {"of": node.id, "duration_ms": 6_000}
            versions[node.id] = digest(value)
            recipe = canonical(finding.recipe).decode()
            take = Take(node.id, digest(value), str(finding.fingerprint), recipe, value, None, "bench", 0.0, 0)
            records.save_take(connection, lecture, take, counts=True)
