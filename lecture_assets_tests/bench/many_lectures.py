"""What people and sensors ask of one lecture of 398 nodes, with 10 lectures and with 10,000 of them in PostgreSQL.

The lectures are copies of one that was made, multiplied in the database: 4 million takes and as many records, 10 GB. The rows
of a lecture lie together, as its run writes them. `LECTURES_BENCH_LECTURES` replaces the 10,000.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.table import Table
from sqlalchemy import URL, Connection, text

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import published, requests, waiting, watches
from lecture_assets.store.published import Publication, PublishedRow
from lecture_assets.store.requests import Lease
from lecture_assets.store.schema import metadata
from lecture_assets.store.watches import WatchState
from lecture_assets_tests.bench.lectures import brief
from lecture_assets_tests.servers.postgres import execute, postgres_server

_FEW, _MANY = 10, int(os.environ.get("LECTURES_BENCH_LECTURES", "10000"))
_ROUNDS = 60
_PART = 250
"""Lectures that are added in one transaction."""
FIRST, _INSTANCE = "l0", "bench"
_SIZE = (30, 2)
"""Segments, and images of each. 8 nodes of the lecture, 7 of each segment and 3 of each image: 398."""
_OWN = {"id": "'l' || n", "name": "'l' || n", "lecture": "'l' || n", "call_key": "call_key || '-' || n"}
"""What differs between the copies."""


def table() -> Table:
    """Median milliseconds at 10 lectures and at many, asked in turns, and their ratio."""
    report = Table("act", f"ms of {_FEW}", f"ms of {_MANY:,}", "ratio", title="One lecture of 398 nodes among many, PostgreSQL")
    memory = {"shared_buffers": "2GB", "max_wal_size": "8GB"}
    with postgres_server(in_memory=False, **memory) as server, tempfile.TemporaryDirectory() as folder:
        few, many = (server.set(database=name) for name in ("few", "many"))
        execute(server, "CREATE DATABASE few")
        with opened(few, folder) as lectures:
            make_first(lectures, *_SIZE)
        multiply(few, 1, _FEW)
        execute(server, "CREATE DATABASE many TEMPLATE few")
        multiply(many, _FEW, _MANY)
        with opened(few, folder) as fewer, opened(many, folder) as more:
            for act in ACTS:
                times = _measure(act, {fewer: _FEW, more: _MANY})
                report.add_row(act, f"{times[0]:.1f}", f"{times[1]:.1f}", f"{times[1] / times[0]:.2f}")
        sizes = [int(execute(url, "SELECT pg_database_size(current_database())")[0][0]) for url in (few, many)]
    report.caption = f"{(sizes[1] - sizes[0]) / (_MANY - _FEW) / 1000:.0f} kB a lecture, with its indexes"
    return report


def opened(url: URL, folder: str) -> Lectures:
    """The lectures of a database; both have the media of one home."""
    environ = {
        "LECTURES_HOME": str(Path(folder) / "home"),
        "LECTURES_DATABASE_URL": url.render_as_string(hide_password=False),
        "LECTURES_SIM_LATENCY": "0",
    }
    return Lectures.open(environ)


def make_first(lectures: Lectures, segments: int, images: int) -> None:
    """The first lecture, made and published."""
    lectures.create(brief(segments, images), FIRST)
    made = lectures.regenerate(FIRST)
    assert not made["failed"], made["failed"]
    rows = {node["id"]: PublishedRow("v" * 64, "1@0", "d" * 64) for node in lectures.status(FIRST)["nodes"]}
    with lectures.context.database.write() as connection:
        watches.save(connection, _INSTANCE, WatchState(0, 0, {}, {}))
        stamp = published.stamp_of(connection, FIRST)
        published.save(connection, FIRST, _INSTANCE, Publication(1, stamp, rows))


def multiply(url: URL, first: int, end: int) -> None:
    """Add the lectures of these numbers as copies of the first."""
    tables = [table for table in metadata.sorted_tables if table.name == "lectures" or "lecture" in table.c]
    for start in range(first, end, _PART):
        statements = []
        for table in tables:
            names = [column.name for column in table.c]
            values = ", ".join(_OWN.get(name, name) for name in names)
            whose = "id" if table.name == "lectures" else "lecture"
            statements.append(
                f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {table.name},"  # noqa: S608 - our own names
                f" generate_series({start}, {min(start + _PART, end) - 1}) AS n WHERE {whose} = '{FIRST}' ORDER BY n"
            )
        execute(url, *statements)
    execute(url, "ANALYZE")


def _measure(act: str, places: Mapping[Lectures, int]) -> list[float]:
    """Median milliseconds of an act in each of the places, in turns, on lectures chosen at random."""
    dice = random.Random(1)  # noqa: S311 - a benchmark's dice
    times: dict[Lectures, list[float]] = {lectures: [] for lectures in places}
    for _ in range(_ROUNDS):
        for lectures, count in places.items():
            lecture = f"l{dice.randrange(1, count)}"
            start = time.perf_counter()
            ACTS[act](lectures, lecture)
            times[lectures].append((time.perf_counter() - start) * 1000)
    for lectures in places:
        _settle(lectures)
    return [statistics.median(found) for found in times.values()]


def _claim(lectures: Lectures, name: str) -> None:
    context = lectures.context
    claimant = context.claimant(name, is_locked=False)
    lease = context.database.writing(lambda connection: context.claim(connection, name, claimant))
    assert isinstance(lease, Lease)
    context.database.writing(lambda connection: requests.release(connection, lease))


def _tick(lectures: Lectures) -> None:
    """What the sensors ask of the store at each evaluation."""

    def look(connection: Connection) -> None:
        waiting.is_any_waiting(connection)
        waiting.waiting(connection)
        published.unpublished(connection, _INSTANCE)

    lectures.context.database.reading(look)


def _settle(lectures: Lectures) -> None:
    """As after the edited lectures were made and published: a tick that finds nothing."""
    with lectures.context.database.write() as connection:
        connection.execute(text("UPDATE requests SET state = 'none'"))
        connection.execute(text("UPDATE publications SET is_due = 0"))


ACTS: Mapping[str, Callable[[Lectures, str], object]] = {
    "status": lambda lectures, name: lectures.status(name),
    "costs": lambda lectures, name: lectures.costs(name),
    "plan": lambda lectures, name: lectures.plan(name),
    "claim": _claim,
    "edit": lambda lectures, name: lectures.edit(name, [f"text content:video-title=Title {time.perf_counter_ns()}"]),
    "tick, nothing new": lambda lectures, _: _tick(lectures),
}
