"""From an edit to its call: one narration of a lecture with 30 segments × 2 images is edited in a process that is up.

Beside it, two simpler executors on the same lecture: the same moment in each, from the edit's arrival, and how
much they then make for this edit.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.table import Table

from lecture_assets.graph.build import build
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import lectures as stored_lectures
from lecture_assets.store import records
from lecture_assets_tests.bench import executors
from lecture_assets_tests.bench.executors import GraphTable
from lecture_assets_tests.bench.lectures import brief, open_lectures, watched

_ROUNDS = 25
_LECTURE = "city-water"
_NODE = "content:narration-text:segment[2]"
_SPEECH_LIMIT = 5

Measure = Callable[[str], float]
"""Makes one edit to these words; seconds from its arrival to its call."""


def table() -> Table:
    """Milliseconds from the arrival of the edit to the submit of its call."""
    report = Table("executor", "median ms", "max ms", "limit ms", title="One narration edited, 30 × 2, process up: edit to call")
    with open_lectures() as plain, tempfile.TemporaryDirectory() as folder:
        plain.create(brief(30, 2), _LECTURE)
        plain.regenerate(_LECTURE)
        stored = _graph_table(plain, Path(folder) / "sequential.db")
        rows: dict[str, Measure] = {
            "lecture_assets": _ours(plain),
            "one after another": partial(_theirs, stored, executors.sequential),
            "layers with barriers": partial(_theirs, stored, partial(_layered, _SPEECH_LIMIT)),
        }
        for name, measure in rows.items():
            report.add_row(name, *_milliseconds(measure), "50" if name == "lecture_assets" else "–")
        stored.close()
    return report


def _milliseconds(measure: Measure) -> tuple[str, str]:
    times = [measure(f"Water comes from the hills, edition {number}.") * 1000 for number in range(_ROUNDS)]
    return f"{statistics.median(times):.1f}", f"{max(times):.1f}"


def _ours(plain: Lectures) -> Measure:
    lectures, opened = watched(plain)

    def measure(words: str) -> float:
        start = time.perf_counter()
        lectures.edit(_LECTURE, [f"text {_NODE}={words}"])
        lectures.regenerate(_LECTURE)
        return opened[-1].submitted_at[0] - start

    return measure


def _graph_table(lectures: Lectures, path: Path) -> GraphTable:
    with lectures.context.database.read() as connection:
        graph = build(stored_lectures.head(connection, _LECTURE).settings)
        values = records.load_values(connection, _LECTURE, [node.id for node in graph.made])
    stored = GraphTable(path)
    stored.save(executors.document_of(graph, values))
    return stored


def _theirs(stored: GraphTable, run: Callable[[GraphTable, executors.Call], None], words: str) -> float:
    called_at: list[float] = []

    def call(node: str) -> None:
        if node.startswith("asset:"):
            called_at.append(time.perf_counter())

    start = time.perf_counter()
    executors.edit(stored, _NODE, words)
    run(stored, call)
    return called_at[0] - start


def _layered(limit: int, stored: GraphTable, call: executors.Call) -> None:
    executors.layered(stored, limit, call)
