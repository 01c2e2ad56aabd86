"""Runs the benchmarks named on the command line, or all, and prints a table each."""

import sys
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.table import Table

from lecture_assets_tests.bench import dagster_runs, editing, growth, memory, planning, scheduling

BENCHES: Mapping[str, Callable[[], Table]] = {
    "planning": planning.table,
    "editing": editing.table,
    "growth": growth.table,
    "scheduling": scheduling.table,
    "memory": memory.table,
    "starting": dagster_runs.starting,
    "events": dagster_runs.events,
    "run-memory": dagster_runs.memory,
    "looking": dagster_runs.looking,
}


def main() -> None:
    """Print one table after the other."""
    names = sys.argv[1:] or list(BENCHES)
    console = Console(width=110)
    for name in names:
        console.print(BENCHES[name]())


if __name__ == "__main__":
    main()
