"""Jobs that the tests of the run launcher launch; their runs' tags say which files they write and wait for. Checks nothing."""

import os
import subprocess
import sys
import time
from pathlib import Path

from dagster import Definitions, OpExecutionContext, in_process_executor, job, op

_PATIENCE_S = 60


def wait_for(path: Path) -> None:
    """Until the file is there, a minute at most."""
    deadline = time.monotonic() + _PATIENCE_S
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


@op
def write_down(context: OpExecutionContext) -> None:
    """Who ran it, whose child that was, and a variable of the environment, in the file of the tag `seen`."""
    seen = Path(context.run.tags["seen"])
    seen.with_suffix(".new").write_text(f"{os.getpid()} {os.getppid()} {os.environ.get('LECTURES_TESTED')}")
    seen.with_suffix(".new").rename(seen)


@op
def wait(context: OpExecutionContext) -> None:
    """Runs until the file of the tag `until` is there; the file of the tag `seen` says that it began."""
    Path(context.run.tags["seen"]).touch()
    wait_for(Path(context.run.tags["until"]))


@op
def have_children(context: OpExecutionContext) -> None:
    """Waits like `wait`, with a child that was forked and one that was executed, which both wait for the same file."""
    until = context.run.tags["until"]
    if os.fork() == 0:
        wait_for(Path(until))
        os._exit(0)
    subprocess.Popen([sys.executable, "-c", f"from {__name__} import *; wait_for(Path({until!r}))"])
    Path(context.run.tags["seen"]).touch()
    wait_for(Path(until))


@op
def speak_and_fail() -> None:
    """Leaves a line for the worker's log."""
    print("the op was here", flush=True)  # noqa: T201 - it is what the log is for
    message = "the op failed"
    raise RuntimeError(message)


@job(executor_def=in_process_executor)
def short_job() -> None:
    """Writes down who ran it."""
    write_down()


@job(executor_def=in_process_executor)
def waiting_job() -> None:
    """Runs until it is let go."""
    wait()


@job(executor_def=in_process_executor)
def parent_job() -> None:
    """Runs until it is let go, and has children that do."""
    have_children()


@job(executor_def=in_process_executor)
def failing_job() -> None:
    """Fails."""
    speak_and_fail()


defs = Definitions(jobs=[short_job, waiting_job, parent_job, failing_job])
