"""A program for `test_interrupts.py`: reads a JSON line for each run to interrupt, and prints one of how that run ended.

    {"home", "how": "INT" | "TERM" | "cancel" | "KILL", "after": seconds, "environ", "again": seconds or null}

Each run is a process of its own, forked from this one, which has everything imported: `lectures regenerate` in a terminal, or a
run of Dagster's that a person cancels. `again`: when a second interrupt comes, after the first.
"""

import json
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dagster import DagsterRunStatus
from dagster._utils.interrupts import capture_interrupts

from lecture_assets.cli import entry
from lecture_assets.definitions import defs
from lecture_assets.defs.host.instance import open_instance
from lecture_assets.providers.openai import adapter as openai
from lecture_assets.providers.replicate import adapter as replicate
from lecture_assets_tests.defs.dagster_home import open_dagster_home
from lecture_assets_tests.scenarios.kill_points import fork

LECTURE = "rain"
SIGNALS = {"INT": signal.SIGINT, "TERM": signal.SIGTERM, "cancel": signal.SIGTERM, "KILL": signal.SIGKILL}
WARM = (defs, openai, replicate)


def at_the_command_line(words: Path) -> None:
    """As `lectures regenerate rain`, with its exit code."""
    with words.open("w") as file:
        os.dup2(file.fileno(), 2)
        os.dup2(file.fileno(), 1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    entry.prepare_process()
    code = entry.run(["regenerate", LECTURE])
    sys.stderr.flush()
    os._exit(code)


def in_dagster(home: Path, words: Path) -> None:
    """As a run worker executes a run."""
    with words.open("w") as file:
        os.dup2(file.fileno(), 2)
        os.dup2(file.fileno(), 1)
    with capture_interrupts(), open_dagster_home(home, None) as dagster_home:
        dagster_home.run()
    os._exit(0)


def cancel() -> None:
    """What Dagster's UI does before it signals the worker."""
    with open_instance(os.environ) as instance:
        for run in instance.get_runs():
            if run.status in {DagsterRunStatus.STARTED, DagsterRunStatus.STARTING}:
                instance.report_run_canceling(run)


def ends(child: int, seconds: float) -> bool:
    """Whether a child ends within this time; it is not reaped."""
    with selectors.DefaultSelector() as selector:
        descriptor = os.pidfd_open(child)
        selector.register(descriptor, selectors.EVENT_READ)
        ended = bool(selector.select(seconds))
        os.close(descriptor)
    return ended


def done(work: Callable[[], object]) -> None:
    """Work in a process of its own, to its end."""
    os.waitpid(fork(work), 0)


def interrupted(asked: dict[str, Any]) -> dict[str, Any]:
    """One run, one interrupt or two."""
    home, how = Path(asked["home"]), asked["how"]
    os.environ.clear()
    os.environ.update(asked["environ"])
    words = home.with_suffix(".words")
    began = time.monotonic()
    child = fork(lambda: in_dagster(home, words) if how == "cancel" else at_the_command_line(words))
    for seconds in (asked["after"], asked["again"]):
        if seconds is None or ends(child, seconds):
            break
        if how == "cancel":
            done(cancel)
        os.kill(child, SIGNALS[how])
    _, status = os.waitpid(child, 0)
    took = time.monotonic() - began
    return {"code": os.waitstatus_to_exitcode(status), "words": words.read_text(errors="replace"), "took": took}


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(interrupted(json.loads(line))) + "\n")
        sys.stdout.flush()
