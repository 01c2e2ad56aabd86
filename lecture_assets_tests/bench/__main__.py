"""Runs the benchmarks named on the command line, or all, and prints a table each."""

import argparse
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.table import Table

from lecture_assets_tests.bench import (
    dagster_runs,
    editing,
    edits_first,
    film,
    film_memory,
    films,
    growth,
    many_lectures,
    memory,
    planning,
    production_runs,
    progress,
    scheduling,
    serving,
    standing,
)

BENCHES: Mapping[str, Callable[[], Table]] = {
    "planning": planning.table,
    "editing": editing.table,
    "growth": growth.table,
    "film": film.table,
    "scheduling": scheduling.table,
    "progress": progress.table,
    "memory": memory.table,
    "film-memory": film_memory.table,
    "films": films.table,
    "starting": dagster_runs.starting,
    "starting-production": production_runs.starting,
    "events": dagster_runs.events,
    "run-memory": dagster_runs.memory,
    "looking": dagster_runs.looking,
    "edits-first": edits_first.table,
    "log-growth": standing.growth,
    "publication": standing.publication,
    "idle": standing.idle,
    "many-lectures": many_lectures.table,
    "serving": serving.table,
    "serving-timeline": serving.timeline,
}


def main() -> None:
    """Print one table after the other."""
    parser = argparse.ArgumentParser(prog="python -m lecture_assets_tests.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", default="all", choices=["all", *BENCHES], metavar="NAME", help=f"of {', '.join(BENCHES)}"
    )
    names = parser.parse_args().names
    console = Console(width=110)
    for name in BENCHES if "all" in names else names:
        console.print(BENCHES[name]())


if __name__ == "__main__":
    main()
