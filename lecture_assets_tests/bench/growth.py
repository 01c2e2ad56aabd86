"""How much a database grows by an edit of a large lecture (99 × 4, 90 kB of notes, 99 own texts), and how long that takes."""

import json
import random
import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from rich.table import Table

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import lectures as stored_lectures
from lecture_assets_tests.bench.lectures import brief, open_lectures

_ROUNDS = 200
_LECTURE = "large"


def table() -> Table:
    """Kilobytes an edit, in whole settings of the lecture; milliseconds of an edit and of an undo, in those of a small one."""
    report = Table("act", "kB", "of its settings", "ms", "of a small lecture's", title=f"{_ROUNDS} edits of a large lecture")
    with open_lectures() as lectures, open_lectures() as other:
        whole = _fill(lectures)
        other.create(brief(3, 1), _LECTURE)
        acts: dict[str, Callable[[Lectures, int], object]] = {
            "edit": _edit,
            "edit and plan": lambda each, number: (_edit(each, number), each.plan(_LECTURE)),
            "undo": lambda each, _: each.undo(_LECTURE),
        }
        for name, act in acts.items():
            grown, ms = _measure(lectures, act)
            _, small_ms = _measure(other, act)
            report.add_row(name, f"{grown / 1000:.1f}", f"1/{whole / max(grown, 1):.0f}", f"{ms:.0f}", f"{ms / small_ms:.1f}")
    return report


def _fill(lectures: Lectures) -> int:
    """The lecture; the bytes of its settings."""
    lectures.create(brief(99, 4), _LECTURE)
    lectures.edit(_LECTURE, [f"set notes={_words(90_000)}"])
    lectures.edit(_LECTURE, [f"text content:narration-text:segment[{slot}]={_words(250)}" for slot in range(99)])
    with lectures.context.database.read() as connection:
        return len(json.dumps(stored_lectures.head(connection, _LECTURE).settings.to_json()))


def _words(length: int) -> str:
    """Text that compresses no better than a person's."""
    return " ".join(f"{random.random():.9f}"[2:] for _ in range(length // 10))  # noqa: S311 - no secret


def _edit(lectures: Lectures, number: int) -> object:
    return lectures.edit(_LECTURE, [f"text content:narration-text:segment[{number % 3}]={_words(250)}"])


def _measure(lectures: Lectures, act: Callable[[Lectures, int], object]) -> tuple[float, float]:
    """Bytes of one act, and the median milliseconds of this process's work."""
    before, times = _size(lectures.context.home / "lectures.db"), list[float]()
    for number in range(_ROUNDS):
        start = time.process_time()
        act(lectures, number)
        times.append((time.process_time() - start) * 1000)
    return (_size(lectures.context.home / "lectures.db") - before) / _ROUNDS, statistics.median(times)


def _size(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sum(path.stat().st_size for path in file.parent.glob(f"{file.name}*"))
