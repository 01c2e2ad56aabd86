"""One edited sentence in `lectures dev`, alone and beside bulk work in twelve other lectures, with latency as at vendors."""

import signal
import statistics
import tempfile
import time
from pathlib import Path

from rich.table import Table

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.waiting import WaitingLecture, waiting
from lecture_assets_tests.bench.lectures import brief
from lecture_assets_tests.defs.dev_server import Dev, running, until

_ROUNDS = 3
_BULK = [f"bulk-{number:02}" for number in range(12)]
_LATER = "later"
_WORDS = "text content:narration-text:segment[0]=Water number {} comes from the spring."
_LONGEST_S = 900.0


def table() -> Table:
    """Seconds from an accepted edit to its worker and to its end, medians, and how many times longer beside bulk work."""
    found: dict[str, list[tuple[float, float]]] = {"alone": [], "beside 12 lectures with 20 calls each": []}
    alone, beside = found.values()
    with (
        tempfile.TemporaryDirectory(prefix="lectures-bench-") as folder,
        _made(Path(folder) / "home") as lectures,
        running(lectures.context.home, LECTURES_SIM_LATENCY="20") as dev,
    ):
        until(lambda: len(dev.partitions()) == len(_BULK) + 1, seconds=_LONGEST_S)
        alone += [_seconds(lectures, number) for number in range(_ROUNDS)]
        for lecture in _BULK:
            lectures.edit(lecture, ["set image_style=oil on canvas"])
        until(lambda: sum(bool(row.owner) for row in _waiting(lectures)) > 1, seconds=_LONGEST_S)
        beside += [_seconds(lectures, _ROUNDS + number) for number in range(_ROUNDS)]
        _abandon(dev)
    report = Table(
        "edit", "to its worker s", "to its end s", "times", "limit", title=f"One sentence edited, medians of {_ROUNDS}"
    )
    ends = {name: statistics.median(end for _, end in rounds) for name, rounds in found.items()}
    for name, rounds in found.items():
        times = ends[name] / ends["alone"]
        worker = statistics.median(start for start, _ in rounds)
        report.add_row(name, f"{worker:.1f}", f"{ends[name]:.1f}", f"{times:.2f}", "2" if rounds is beside else "–")
    return report


def _made(home: Path) -> Lectures:
    """Lectures that are made already; the bulk lectures are the older ones."""
    lectures = Lectures.open({"LECTURES_HOME": str(home), "LECTURES_SIM_LATENCY": "0"})
    for lecture in (*_BULK, _LATER):
        lectures.create(brief(5, 2), lecture)
        lectures.regenerate(lecture)
    return lectures


def _seconds(lectures: Lectures, number: int) -> tuple[float, float]:
    lectures.edit(_LATER, [_WORDS.format(number)])
    accepted = time.monotonic()
    until(lambda: any(row.owner for row in _waiting(lectures) if row.lecture == _LATER), seconds=_LONGEST_S)
    started = time.monotonic()
    until(lambda: _LATER not in {row.lecture for row in _waiting(lectures)}, seconds=_LONGEST_S)
    return started - accepted, time.monotonic() - accepted


def _waiting(lectures: Lectures) -> list[WaitingLecture]:
    with lectures.context.database.read() as connection:
        return list(waiting(connection))


def _abandon(dev: Dev) -> None:
    """End the server without waiting for the calls in flight, as a second Ctrl-C does."""
    dev.process.send_signal(signal.SIGINT)
    until(lambda: "Ctrl-C again abandons them" in dev.printed.read_text())
    dev.end()
