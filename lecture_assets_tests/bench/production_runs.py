"""How soon an edit is worked on in production: worker services and Dagster's own launchers, each on PostgreSQL, in turns."""

import statistics
import time

from rich.table import Table

from lecture_assets_tests.bench.lectures import brief
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.defs.production import Production, production
from lecture_assets_tests.defs.workers import stock_settings
from lecture_assets_tests.servers.postgres import postgres_server

_ROUNDS = 10
_LECTURE = "water"
_WORDS = "text content:narration-text:segment[0]=Water number {} comes from the spring."
_LONG_S = 300.0


def starting() -> Table:
    """Seconds from an accepted edit to the first provider call: nobody asks for a run."""
    with (
        postgres_server() as server,
        production(server) as ours,
        production(server, stock_settings) as stock,
    ):
        seconds: dict[str, list[float]] = {"worker service": [], "DefaultRunLauncher, QueuedRunCoordinator": []}
        for running in (ours, stock):
            running.lectures.create(brief(3, 1), _LECTURE)
            running.lectures.regenerate(_LECTURE)
            running.start_code_server()
            running.start_daemon()
        ours.start_worker()
        for number in range(_ROUNDS + 1):
            for running, found in zip((ours, stock), seconds.values(), strict=True):
                found.append(_first_call_s(running, number))
    report = Table("launcher", "median s", "least", "most", "times faster", title=f"Edit to first call, {_ROUNDS} rounds")
    medians = {name: statistics.median(found[1:]) for name, found in seconds.items()}  # the first round warms both up
    slowest = max(medians.values())
    for name, found in seconds.items():
        rest = found[1:]
        report.add_row(name, f"{medians[name]:.2f}", f"{min(rest):.2f}", f"{max(rest):.2f}", f"{slowest / medians[name]:.1f}")
    return report


def _first_call_s(running: Production, number: int) -> float:
    until(running.is_idle, _LONG_S, 0.2)
    before = len(running.journal())
    running.lectures.edit(_LECTURE, [_WORDS.format(number)])
    accepted = time.time()
    until(lambda: len(running.journal()) > before, _LONG_S)
    return float(running.journal()[before]["submitted_at"]) - accepted
