"""From an edit to its call: one narration of a lecture with 30 segments × 2 images is edited in a process that is up."""

import statistics
import time
from collections.abc import Callable

from rich.table import Table

from lecture_assets_tests.bench.house import brief, open_house, watched

_ROUNDS = 15
_LECTURE = "city-water"


def table() -> Table:
    """Milliseconds from the edit to the first submit; and of the same with a plan of the whole lecture for each executor."""
    report = Table("from the edit to", "median ms", "max ms", "limit ms", title="One narration edited, 30 × 2, process up")
    with open_house() as plain:
        house, opened = watched(plain)
        house.create(brief(30, 2), _LECTURE)
        house.regenerate(_LECTURE)

        def edit_and_regenerate(number: int) -> float:
            start = time.perf_counter()
            house.edit(_LECTURE, [f"text content:narration-text:segment[2]=Water comes from the hills, edition {number}."])
            house.regenerate(_LECTURE)
            return opened[-1].submitted_at[0] - start

        report.add_row("its call", *_milliseconds(edit_and_regenerate), "50")
    return report


def _milliseconds(measure: Callable[[int], float]) -> tuple[str, str]:
    times = [measure(number) * 1000 for number in range(_ROUNDS)]
    return f"{statistics.median(times):.1f}", f"{max(times):.1f}"
