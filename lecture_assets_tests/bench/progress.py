"""What the log of progress costs a run, and how late a thousand watchers of a run see its events.

The watchers follow the log within this process, or read server-sent events of `lectures serve`, which has a process of its own.
A run has its own process, too. All are on one machine, so that a run also pays for what its watchers receive. The same acts with
and without the log, and the runs with and without watchers, take turns.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager

from rich.table import Table

from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets.store import progress
from lecture_assets_tests.bench import event_readers
from lecture_assets_tests.bench.event_readers import lateness
from lecture_assets_tests.bench.lectures import brief, open_lectures
from lecture_assets_tests.bench.serving import serving_copies

_LECTURE = "city-water"
_EDITS, _FIRSTS, _RUNS = 25, 5, 3
_WATCHERS = 1000
_RUN = (
    "import os; from lecture_assets.runner.lectures import Lectures\n"
    f"with Lectures.open(os.environ) as lectures: print(lectures.regenerate({_LECTURE!r})['seconds'])"
)


def table() -> Table:
    """Milliseconds of this process's work, and the ratio; then seconds of runs that are watched."""
    report = Table("act", "with the log", "without", "ratio", title="The log of progress, 30 × 2")
    for name, measure in {"a sentence edited and made": _edits(), "a first generation": _firsts()}.items():
        with_ms, without_ms = measure
        report.add_row(name, f"{with_ms:.1f} ms", f"{without_ms:.1f} ms", f"{with_ms / without_ms:.3f}")
    turns = [(asyncio.run(_watched(0))[0], asyncio.run(_watched(_WATCHERS)), _read(_WATCHERS)) for _ in range(_RUNS)]
    alone_s = statistics.median(seconds for seconds, _, _ in turns)
    for place, how in enumerate(("within the process", "server-sent events"), 1):
        found: list[tuple[float, Mapping[str, float]]] = [turn[place] for turn in turns]  # type: ignore[misc]
        watched_s = statistics.median(seconds for seconds, _ in found)
        named = f"a run, {_WATCHERS:,} watchers, {how}"
        report.add_row(named, f"{watched_s:.2f} s", f"{alone_s:.2f} s", f"{watched_s / alone_s:.3f}")
        for name in found[0][1]:
            report.add_row(f"an event is late: {name}", f"{statistics.median(late[name] for _, late in found):.3f} s", "", "")
    return report


def _edits() -> tuple[float, float]:
    with open_lectures() as lectures:
        lectures.create(brief(30, 2), _LECTURE)
        lectures.regenerate(_LECTURE)

        def act(number: int) -> None:
            lectures.edit(_LECTURE, [f"text content:narration-text:segment[2]=Water comes from the hills, edition {number}."])
            lectures.regenerate(_LECTURE)

        return _in_turns(act, _EDITS)


def _firsts() -> tuple[float, float]:
    def act(_number: int) -> None:
        with open_lectures() as lectures:
            lectures.create(brief(30, 2), _LECTURE)
            lectures.regenerate(_LECTURE)

    return _in_turns(act, _FIRSTS)


def _in_turns(act: Callable[[int], None], rounds: int) -> tuple[float, float]:
    """The median milliseconds of an act with and without the log."""
    times: tuple[list[float], list[float]] = ([], [])
    act(-1)
    for number in range(rounds):
        times[0].append(_ms(act, 2 * number))
        with _no_log():
            times[1].append(_ms(act, 2 * number + 1))
    return statistics.median(times[0]), statistics.median(times[1])


def _ms(act: Callable[[int], None], number: int) -> float:
    start = time.process_time()
    act(number)
    return (time.process_time() - start) * 1000


@contextmanager
def _no_log() -> Iterator[None]:
    append = progress.append
    progress.append = lambda *_facts: None
    try:
        yield
    finally:
        progress.append = append


async def _watched(watchers: int) -> tuple[float, Mapping[str, float]]:
    """The seconds of a run in another process, and by how many seconds events were late at watchers in this one."""
    with open_lectures(latency=1.0) as lectures, ProgressHub(lectures.context.database) as hub:
        lectures.create(brief(30, 2), _LECTURE)
        ahead = lectures.context.store_time_now() - time.monotonic()
        late: list[float] = []

        async def watch() -> None:
            async with aclosing(hub.follow(_LECTURE, 1)) as events:
                async for event in events:
                    late.append(time.monotonic() + ahead - event["at"])
                    if event["kind"] == "run-ended":
                        return

        watching = [asyncio.create_task(watch()) for _ in range(watchers)]
        seconds = await asyncio.to_thread(_run, lectures)
        async with asyncio.timeout(60):
            await asyncio.gather(*watching)
        return seconds, lateness(late) if late else {}


def _read(watchers: int) -> tuple[float, Mapping[str, float]]:
    """The same, of readers of server-sent events."""
    with open_lectures(latency=1.0) as lectures:
        lectures.create(brief(30, 2), _LECTURE)
        ahead_s = lectures.context.store_time_now() - time.monotonic()
        with serving_copies(lectures.context.home, 1) as (port,):
            asked = [str(port), f"/lectures/{_LECTURE}/events?after=1", str(watchers), str(ahead_s)]
            command = [sys.executable, "-m", event_readers.__name__, *asked]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as readers:
                assert readers.stdout is not None
                assert readers.stdout.readline() == f"{watchers}\n"
                seconds = _run(lectures)
                late: Mapping[str, float] = json.loads(readers.communicate(timeout=60)[0])
    return seconds, late


def _run(lectures: Lectures) -> float:
    environ = {"LECTURES_HOME": str(lectures.context.home), "LECTURES_SIM_LATENCY": "1.0"}
    done = subprocess.run([sys.executable, "-c", _RUN], env=os.environ | environ, check=True, capture_output=True, text=True)
    return float(done.stdout)
