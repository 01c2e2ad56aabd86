"""What Dagster's event log costs: its growth by lecture and by edit, the first publication of many lectures, an idle server."""

import os
import resource
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from lecture_assets.briefs.reading import read_example
from lecture_assets.defs import reconciling
from lecture_assets.defs.host.instance import open_instance
from lecture_assets.defs.sync.publisher import instance_id
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import published
from lecture_assets_tests.bench.memory import pss_kb, tree
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, environment
from lecture_assets_tests.defs.dev_server import running, until

_LECTURES = 300
_OF_A_TARGET = 10_000
_IDLE_S = 60
_ACTS = {
    "created and made (47 nodes)": "",
    "one sentence (3 nodes)": "text content:narration-text:segment[0]=Plants make sugar from light and air.",
    "image_style (22 nodes)": "set image_style=ink drawing",
}


@dataclass(frozen=True)
class _Size:
    """The event log: rows and bytes of events in the index and in the databases of runs, rows of tags, bytes of all its files.

    of_checks: the bytes of these events that are results of checks
    result_bytes: bytes of results of checks in their own table
    """

    rows: int
    event_bytes: int
    run_rows: int
    run_bytes: int
    of_checks: int
    result_bytes: int
    tags: int
    file_bytes: int

    def __sub__(self, other: "_Size") -> "_Size":
        return _Size(*(getattr(self, name) - getattr(other, name) for name in self.__dataclass_fields__))


def growth() -> Table:
    """Rows and kilobytes that the event log grows by a lecture and by edits of it, each made by a run of the job."""
    columns = ("act", "events", "kB", "in runs", "kB", "kB of checks among them", "kB of results", "rows of tags", "kB on disk")
    report = Table(*columns, title="Growth of Dagster's event log, photosynthesis")
    with tempfile.TemporaryDirectory(prefix="lectures-bench-") as folder:
        home = Path(folder) / "home"
        with _opened(home):
            pass
        before = _size(home)
        for act, edit in _ACTS.items():
            with _opened(home) as dagster_home:
                if edit:
                    dagster_home.edit(edit)
                else:
                    dagster_home.lectures.create(read_example("photosynthesis"), LECTURE)
                dagster_home.publish()
                assert dagster_home.run().success
            after = _size(home)
            more, before = after - before, after
            events = (more.rows, _kb(more.event_bytes), more.run_rows, _kb(more.run_bytes), _kb(more.of_checks))
            report.add_row(act, *map(str, (*events, _kb(more.result_bytes), more.tags, _kb(more.file_bytes))))
    return report


def publication() -> Table:
    """First publication of finished lectures, as the sensor does it; and of an edit that somebody makes meanwhile."""
    columns = ("lectures", "CPU ms each", "a second", f"minutes for {_OF_A_TARGET}", "kB on disk each", "more MB", "edit after s")
    report = Table(*columns, title="First publication of finished lectures of 47 nodes")
    with _published_first(_LECTURES) as dagster_home:
        before, memory = _size(dagster_home.home), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        edited = threading.Thread(target=_edit_meanwhile, args=(dagster_home, waits := list[float]()))
        edited.start()
        cpu, wall = time.process_time(), time.monotonic()
        while reconciling.publish_unpublished(dagster_home.instance, dagster_home.lectures.context):
            pass
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        edited.join()
        more_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) // 1024
        home = dagster_home.home
        each = (_size(home) - before).file_bytes / _LECTURES
    minutes = f"{wall / _LECTURES * _OF_A_TARGET / 60:.1f}"
    figures = (f"{cpu / _LECTURES * 1000:.0f}", f"{_LECTURES / wall:.1f}", minutes, _kb(each), more_mb, f"{waits[0]:.1f}")
    report.add_row(str(_LECTURES), *map(str, figures))
    return report


@contextmanager
def _opened(home: Path) -> Iterator[DagsterHome]:
    """A home with an instance whose files are its own, as `lectures dev` makes them."""
    places = {"LECTURES_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    with environment(**places), Lectures.open(os.environ) as lectures, open_instance(os.environ) as instance:
        yield DagsterHome(home, lectures, instance)


@contextmanager
def _published_first(copies: int) -> Iterator[DagsterHome]:
    """A home with a finished lecture that is published, and copies of it that are not."""
    with tempfile.TemporaryDirectory(prefix="lectures-bench-") as folder, _opened(Path(folder) / "home") as home:
        home.lectures.create(read_example("photosynthesis"), LECTURE)
        home.lectures.regenerate(LECTURE)
        home.publish()
        for number in range(copies):
            home.lectures.copy(LECTURE, f"copy-{number:05}")
        yield home


def _edit_meanwhile(home: DagsterHome, waits: list[float]) -> None:
    """Edit the lecture that was published first, and note the seconds until the edit is published."""
    time.sleep(2)
    home.edit("set image_style=ink drawing")
    edited, name = time.monotonic(), instance_id(home.instance)

    def is_published() -> bool:
        with home.lectures.context.database.read() as connection:
            return LECTURE not in {row.lecture for row in published.unpublished(connection, name)}

    until(is_published, seconds=600, every=0.2)
    waits.append(time.monotonic() - edited)


def idle() -> Table:
    """Share of a core and memory (PSS) of `lectures dev` with one finished lecture, before the first run."""
    columns = ("processes", "% of a core", "MB", "MB of each")
    report = Table(*columns, title=f"lectures dev with nothing to do, over {_IDLE_S} s")
    with tempfile.TemporaryDirectory(prefix="lectures-bench-") as folder:
        home = Path(folder) / "home"
        with _opened(home) as dagster_home:
            dagster_home.lectures.create(read_example("photosynthesis"), LECTURE)
            dagster_home.lectures.regenerate(LECTURE)
        with running(home) as dev:
            until(lambda: LECTURE in dev.partitions())
            time.sleep(_IDLE_S / 2)
            pids = [*{*tree(dev.process.pid), *dev.parts().values()}]
            cpu = sum(map(_cpu_s, pids))
            time.sleep(_IDLE_S)
            share = (sum(map(_cpu_s, pids)) - cpu) / _IDLE_S
            sizes = [pss_kb(pid) // 1024 for pid in pids]
    each = ", ".join(str(size) for size in sorted(sizes, reverse=True) if size)
    report.add_row(str(len(sizes)), f"{share * 100:.1f}", str(sum(sizes)), each)
    return report


def _cpu_s(pid: int) -> float:
    """Seconds of processor time that a process has used, 0 if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _size(home: Path) -> _Size:
    folder = home / "dagster" / "history" / "runs"
    counts = {file.stem: _counts(file) for file in folder.glob("*.db")}
    index = counts.pop("index")
    runs = [sum(found) for found in zip((0, 0, 0, 0, 0), *counts.values(), strict=True)]
    files = sum(file.stat().st_size for file in folder.iterdir() if file.name.endswith(".db"))
    return _Size(index[0], index[1], runs[0], runs[1], index[2] + runs[2], index[3], index[4], files)


def _counts(file: Path) -> tuple[int, int, int, int, int]:
    """Events, their bytes, those of checks, the bytes of results, and the tags of a database, whose log is written into it."""
    size, is_check = "coalesce(sum(length(event)), 0)", "dagster_event_type = 'ASSET_CHECK_EVALUATION'"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        asked = (
            f"SELECT count(*), {size}, coalesce(sum(length(event)) FILTER (WHERE {is_check}), 0) FROM event_logs",  # noqa: S608 - constants
            "SELECT coalesce(sum(length(evaluation_event)), 0) FROM asset_check_executions",
            "SELECT count(*) FROM asset_event_tags",
        )
        found = [number for query in asked for number in connection.execute(query).fetchone()]
    return found[0], found[1], found[2] or 0, found[3], found[4]


def _kb(number: float) -> int:
    return round(number / 1000)
