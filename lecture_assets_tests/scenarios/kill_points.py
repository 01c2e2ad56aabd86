"""The killer of `test_kills.py`: `main` writes one JSON line for each run that it let finish or killed.

before-submit, after-submit, before-collect, after-collect, before-commit
           forks a run that kills itself at the nth of them, then one that finishes; n = 1, 2, … until a whole run has no nth;
           `WHERE/3` takes every third n
time:KILLS forks runs and kills each after a random part of the time that a whole one takes, until so many were killed
"""

import json
import os
import random
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from lecture_assets.briefs.reading import read_brief
from lecture_assets.ports import Call, Provider, Reply
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import database, records
from lecture_assets_tests.servers.homes import home_environ

LECTURE = "rain"


class Trap:
    """Kills its own process at the nth time it is stepped on. Workers of the vendor end with it."""

    def __init__(self, where: str, nth: int) -> None:
        self._where, self._left = where, nth

    def step(self, where: str) -> None:
        if where == self._where:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Trapped:
    """The simulated vendor, with traps around what it does."""

    def __init__(self, inner: Provider, trap: Trap) -> None:
        self._inner, self._trap, self.name, self.settle_s = inner, trap, inner.name, inner.settle_s

    async def submit(self, call: Call) -> str:
        self._trap.step("before-submit")
        bought = await self._inner.submit(call)
        self._trap.step("after-submit")
        return bought

    async def collect(self, provider_id: str, call: Call) -> Reply:
        self._trap.step("before-collect")
        reply = await self._inner.collect(provider_id, call)
        self._trap.step("after-collect")
        return reply

    async def find(self, call: Call) -> str | None:
        return await self._inner.find(call)

    async def cancel(self, provider_id: str) -> bool:
        return await self._inner.cancel(provider_id)

    async def close(self) -> None:
        await self._inner.close()


class TrappedDatabase(database.Database):
    """A database with a trap before each of its commits."""

    trap: Trap

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as connection:
            yield connection
            self.trap.step("before-commit")


def run(home: Path, brief: Path, trap: Trap | None) -> dict[str, Any]:
    """Make the lecture; what was recorded before, and what the report says."""
    with Lectures.open(home_environ(home)) as plain:
        plain.create(read_brief(str(brief)), LECTURE)
        with plain.context.database.read() as connection:
            recorded = [row.node for row in records.load_takes(connection, LECTURE) if row.counts]
        lectures = plain if trap is None else _trapped(plain, trap)
        report = lectures.regenerate(LECTURE)
        status: Any = plain.status(LECTURE)
    return {
        "made": report["made"],
        "recorded": recorded,
        "statuses": sorted({node["status"] for node in status["nodes"]}),
        "published": status["published"],
    }


def _trapped(plain: Lectures, trap: Trap) -> Lectures:
    trapped = TrappedDatabase(str(plain.context.database.url))
    trapped.trap = trap

    def open_providers() -> dict[str, Provider]:
        return {name: Trapped(provider, trap) for name, provider in plain.context.open_providers().items()}

    return Lectures(replace(plain.context, database=trapped, open_providers=open_providers))


def fork(work: Callable[[], object]) -> int:
    """Start work in a process of its own."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - told to whoever reads the test, for the process ends without unwinding
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return child


def was_killed(child: int) -> bool:
    """Wait for its end."""
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("the run failed")
    return False


def finish(home: Path, brief: Path) -> dict[str, Any]:
    """A run that nobody kills."""
    answer = home.with_suffix(".json")
    was_killed(fork(lambda: answer.write_text(json.dumps(run(home, brief, None)))))
    document: dict[str, Any] = json.loads(answer.read_text())
    return document


def kill_at_steps(where: str, stride: int, folder: Path, brief: Path) -> Iterator[dict[str, Any]]:
    """Every nth step of a kind is one kill."""
    killed, nth = True, 1 - stride
    while killed:
        nth += stride
        home, trap = folder / str(nth), Trap(where, nth)
        killed = was_killed(fork(partial(run, home, brief, trap)))
        yield {"home": home.name, "killed": killed, **finish(home, brief)}


def kill_by_time(kills: int, folder: Path, brief: Path) -> Iterator[dict[str, Any]]:
    """Up to four kills a home; the moments are drawn between the start and the end of a whole run."""
    dice = random.Random(kills)  # noqa: S311 - a test's dice
    began = time.monotonic()
    finish(folder / "whole", brief)
    whole_s = time.monotonic() - began
    done = 0
    while done < kills:
        home = folder / f"timed-{done}"
        for _ in range(4):
            child = fork(partial(run, home, brief, None))
            exited = _wait(child, dice.uniform(0.05, 0.7) * whole_s)
            if not exited:
                os.kill(child, signal.SIGKILL)
            done += was_killed(child)
        yield {"home": home.name, "kills": done, **finish(home, brief)}


def _wait(child: int, seconds: float) -> bool:
    """Whether a child ends within this time; it is not reaped."""
    with selectors.DefaultSelector() as selector:
        descriptor = os.pidfd_open(child)
        selector.register(descriptor, selectors.EVENT_READ)
        ended = bool(selector.select(seconds))
        os.close(descriptor)
    return ended


def main(where: str, folder: Path, said: Path) -> None:
    """Kill after kill, of runs of the brief in this folder. said: the file of outcomes."""
    brief = folder / "rain.yaml"
    if where.startswith("time:"):
        outcomes = kill_by_time(int(where.removeprefix("time:")), folder, brief)
    else:
        step, _, stride = where.partition("/")
        outcomes = kill_at_steps(step, int(stride or 1), folder, brief)
    said.write_text("".join(json.dumps(outcome) + "\n" for outcome in outcomes))
